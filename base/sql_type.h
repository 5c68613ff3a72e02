// SQL types of columns, expressions and parameters. The numbers are ODBC's concise type codes
// (sql.h, sqlext.h), so that the driver needs no table to translate them; Appendix D "Data Types".
#pragma once

#include <cstdint>

namespace graphodbc::base {

enum class SqlType : std::int16_t {
  kUnknown = 0,  // a marker or NULL whose type nothing has fixed yet
  kBit = -7,
  kSmallInt = 5,
  kInteger = 4,
  kBigInt = -5,
  kDecimal = 3,
  kReal = 7,
  kDouble = 8,
  kWChar = -8,
  kWVarChar = -9,
  kWLongVarChar = -10,
  kVarBinary = -3,
  kLongVarBinary = -4,
  kDate = 91,
  kTime = 92,
  kTimestamp = 93,
  kGuid = -11,
};

// Longest WVARCHAR; longer text is WLONGVARCHAR (sql-dialect.md section 3).
inline constexpr std::uint32_t kMaxVarChar = 4000;
// COLUMN_SIZE reported for WLONGVARCHAR and LONGVARBINARY.
inline constexpr std::uint32_t kLongSize = 1073741823;

// `size` is ODBC's column size: characters of text, bytes of binary, digits of a number, characters
// of a date's or time's text. `scale` is the decimal digits of DECIMAL, TIME and TIMESTAMP.
struct TypeInfo {
  SqlType type = SqlType::kUnknown;
  std::uint32_t size = 0;
  std::int16_t scale = 0;
  bool nocase = false;  // text that compares with simple case folding (decisions.md 13)

  bool operator==(const TypeInfo&) const = default;
};

constexpr bool is_text(SqlType type) {
  return type == SqlType::kWChar || type == SqlType::kWVarChar || type == SqlType::kWLongVarChar;
}
constexpr bool is_binary(SqlType type) {
  return type == SqlType::kVarBinary || type == SqlType::kLongVarBinary;
}
constexpr bool is_integer(SqlType type) {
  return type == SqlType::kSmallInt || type == SqlType::kInteger || type == SqlType::kBigInt;
}
constexpr bool is_approximate(SqlType type) {
  return type == SqlType::kReal || type == SqlType::kDouble;
}
constexpr bool is_numeric(SqlType type) {
  return is_integer(type) || type == SqlType::kDecimal || is_approximate(type);
}
constexpr bool is_datetime(SqlType type) {
  return type == SqlType::kDate || type == SqlType::kTime || type == SqlType::kTimestamp;
}

// The usual TypeInfo of a type whose size is fixed; text and binary take their length.
constexpr TypeInfo bit_type() {
  return {SqlType::kBit, 1, 0};
}
constexpr TypeInfo smallint_type() {
  return {SqlType::kSmallInt, 5, 0};
}
constexpr TypeInfo integer_type() {
  return {SqlType::kInteger, 10, 0};
}
constexpr TypeInfo bigint_type() {
  return {SqlType::kBigInt, 19, 0};
}
constexpr TypeInfo real_type() {
  return {SqlType::kReal, 7, 0};
}
constexpr TypeInfo double_type() {
  return {SqlType::kDouble, 15, 0};
}
constexpr TypeInfo date_type() {
  return {SqlType::kDate, 10, 0};
}
constexpr TypeInfo time_type() {
  return {SqlType::kTime, 8, 0};
}
constexpr TypeInfo timestamp_type() {
  return {SqlType::kTimestamp, 27, 7};
}
constexpr TypeInfo guid_type() {
  return {SqlType::kGuid, 36, 0};
}
constexpr TypeInfo decimal_type(std::uint32_t precision, std::int16_t scale) {
  return {SqlType::kDecimal, precision, scale};
}
constexpr TypeInfo text_type(std::uint32_t length, bool nocase = false) {
  return length > kMaxVarChar ? TypeInfo{SqlType::kWLongVarChar, kLongSize, 0, nocase}
                              : TypeInfo{SqlType::kWVarChar, length, 0, nocase};
}
constexpr TypeInfo long_text_type() {
  return {SqlType::kWLongVarChar, kLongSize, 0};
}
constexpr TypeInfo long_binary_type() {
  return {SqlType::kLongVarBinary, kLongSize, 0};
}

}  // namespace graphodbc::base
