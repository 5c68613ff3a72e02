#include "driver/descriptors/type_facts.h"

#include <algorithm>
#include <iterator>

namespace graphodbc::driver {

namespace {

using base::SqlType;

constexpr TypeFacts kFacts[] = {
    // type, name, prefix, suffix, create params, verbose, code, odbc2, default C, radix, unsigned,
    // case sensitive, searchable. In the order of their numbers, as SQLGetTypeInfo sorts.
    {SqlType::kGuid, "GUID", "'", "'", "", SQL_GUID, 0, SQL_GUID, SQL_C_GUID, 0, true, false,
     SQL_PRED_BASIC},
    {SqlType::kWLongVarChar, "WLONGVARCHAR", "'", "'", "", SQL_WLONGVARCHAR, 0, SQL_WLONGVARCHAR,
     SQL_C_WCHAR, 0, true, true, SQL_PRED_SEARCHABLE},
    {SqlType::kWVarChar, "WVARCHAR", "'", "'", "max length", SQL_WVARCHAR, 0, SQL_WVARCHAR,
     SQL_C_WCHAR, 0, true, true, SQL_PRED_SEARCHABLE},
    {SqlType::kWChar, "WCHAR", "'", "'", "length", SQL_WCHAR, 0, SQL_WCHAR, SQL_C_WCHAR, 0, true,
     true, SQL_PRED_SEARCHABLE},
    {SqlType::kBit, "BIT", "", "", "", SQL_BIT, 0, SQL_BIT, SQL_C_BIT, 0, true, false,
     SQL_PRED_BASIC},
    {SqlType::kBigInt, "BIGINT", "", "", "", SQL_BIGINT, 0, SQL_BIGINT, SQL_C_SBIGINT, 10, false,
     false, SQL_PRED_BASIC},
    {SqlType::kLongVarBinary, "LONGVARBINARY", "X'", "'", "", SQL_LONGVARBINARY, 0,
     SQL_LONGVARBINARY, SQL_C_BINARY, 0, true, false, SQL_PRED_NONE},
    {SqlType::kVarBinary, "VARBINARY", "X'", "'", "max length", SQL_VARBINARY, 0, SQL_VARBINARY,
     SQL_C_BINARY, 0, true, false, SQL_PRED_BASIC},
    {SqlType::kDecimal, "DECIMAL", "", "", "precision,scale", SQL_DECIMAL, 0, SQL_DECIMAL,
     SQL_C_CHAR, 10, false, false, SQL_PRED_BASIC},
    {SqlType::kInteger, "INTEGER", "", "", "", SQL_INTEGER, 0, SQL_INTEGER, SQL_C_SLONG, 10, false,
     false, SQL_PRED_BASIC},
    {SqlType::kSmallInt, "SMALLINT", "", "", "", SQL_SMALLINT, 0, SQL_SMALLINT, SQL_C_SSHORT, 10,
     false, false, SQL_PRED_BASIC},
    {SqlType::kReal, "REAL", "", "", "", SQL_REAL, 0, SQL_REAL, SQL_C_FLOAT, 10, false, false,
     SQL_PRED_BASIC},
    {SqlType::kDouble, "DOUBLE", "", "", "", SQL_DOUBLE, 0, SQL_DOUBLE, SQL_C_DOUBLE, 10, false,
     false, SQL_PRED_BASIC},
    {SqlType::kDate, "DATE", "DATE '", "'", "", SQL_DATETIME, SQL_CODE_DATE, SQL_DATE,
     SQL_C_TYPE_DATE, 0, true, false, SQL_PRED_BASIC},
    {SqlType::kTime, "TIME", "TIME '", "'", "", SQL_DATETIME, SQL_CODE_TIME, SQL_TIME,
     SQL_C_TYPE_TIME, 0, true, false, SQL_PRED_BASIC},
    {SqlType::kTimestamp, "TIMESTAMP", "TIMESTAMP '", "'", "", SQL_DATETIME, SQL_CODE_TIMESTAMP,
     SQL_TIMESTAMP, SQL_C_TYPE_TIMESTAMP, 0, true, false, SQL_PRED_BASIC},
};

// Bytes of UTF-8 that a character may take.
constexpr SQLULEN kUtf8Worst = 4;

struct CType {
  SQLSMALLINT number;
  SQLLEN size;
};
constexpr CType kCTypes[] = {
    {SQL_C_CHAR, 0},
    {SQL_C_WCHAR, 0},
    {SQL_C_BINARY, 0},
    {SQL_C_SHORT, 2},
    {SQL_C_SSHORT, 2},
    {SQL_C_USHORT, 2},
    {SQL_C_LONG, 4},
    {SQL_C_SLONG, 4},
    {SQL_C_ULONG, 4},
    {SQL_C_TINYINT, 1},
    {SQL_C_STINYINT, 1},
    {SQL_C_UTINYINT, 1},
    {SQL_C_SBIGINT, 8},
    {SQL_C_UBIGINT, 8},
    {SQL_C_BIT, 1},
    {SQL_C_FLOAT, 4},
    {SQL_C_DOUBLE, 8},
    {SQL_C_NUMERIC, sizeof(SQL_NUMERIC_STRUCT)},
    {SQL_C_GUID, sizeof(SQLGUID)},
    {SQL_C_TYPE_DATE, sizeof(SQL_DATE_STRUCT)},
    {SQL_C_TYPE_TIME, sizeof(SQL_TIME_STRUCT)},
    {SQL_C_TYPE_TIMESTAMP, sizeof(SQL_TIMESTAMP_STRUCT)},
    {SQL_C_DATE, sizeof(SQL_DATE_STRUCT)},
    {SQL_C_TIME, sizeof(SQL_TIME_STRUCT)},
    {SQL_C_TIMESTAMP, sizeof(SQL_TIMESTAMP_STRUCT)},
    {SQL_C_INTERVAL_YEAR, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_MONTH, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_DAY, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_HOUR, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_MINUTE, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_SECOND, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_YEAR_TO_MONTH, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_DAY_TO_HOUR, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_DAY_TO_MINUTE, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_DAY_TO_SECOND, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_HOUR_TO_MINUTE, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_HOUR_TO_SECOND, sizeof(SQL_INTERVAL_STRUCT)},
    {SQL_C_INTERVAL_MINUTE_TO_SECOND, sizeof(SQL_INTERVAL_STRUCT)},
};

}  // namespace

const TypeFacts& type_facts(SqlType type) {
  if (type == SqlType::kUnknown) type = SqlType::kWVarChar;
  const auto* found = std::find_if(std::begin(kFacts), std::end(kFacts),
                                   [&](const TypeFacts& facts) { return facts.type == type; });
  return *found;
}

SQLULEN column_size(const base::TypeInfo& type, bool ansi) {
  const bool widen = ansi && base::is_text(type.type) && type.size < base::kLongSize;
  return widen ? type.size * kUtf8Worst : type.size;
}

SQLLEN display_size(const base::TypeInfo& type, bool ansi) {
  switch (type.type) {
    case SqlType::kBit:
      return 1;
    case SqlType::kSmallInt:
      return 6;
    case SqlType::kInteger:
      return 11;
    case SqlType::kBigInt:
      return 20;
    case SqlType::kReal:
      return 14;
    case SqlType::kDouble:
      return 24;
    case SqlType::kDecimal:
      return static_cast<SQLLEN>(type.size) + 2;  // sign and point
    case SqlType::kGuid:
      return 36;
    case SqlType::kVarBinary:
    case SqlType::kLongVarBinary:
      return std::min<SQLLEN>(static_cast<SQLLEN>(type.size) * 2, SQLLEN{0x7FFFFFFE});
    default:
      return static_cast<SQLLEN>(column_size(type, ansi));
  }
}

SQLLEN octet_length(const base::TypeInfo& type, bool ansi) {
  switch (type.type) {
    case SqlType::kBit:
      return 1;
    case SqlType::kSmallInt:
      return 2;
    case SqlType::kInteger:
    case SqlType::kReal:
      return 4;
    case SqlType::kBigInt:
    case SqlType::kDouble:
      return 8;
    case SqlType::kDecimal:
      return static_cast<SQLLEN>(type.size) + 2;
    case SqlType::kGuid:
      return sizeof(SQLGUID);
    case SqlType::kDate:
      return sizeof(SQL_DATE_STRUCT);
    case SqlType::kTime:
      return sizeof(SQL_TIME_STRUCT);
    case SqlType::kTimestamp:
      return sizeof(SQL_TIMESTAMP_STRUCT);
    case SqlType::kVarBinary:
    case SqlType::kLongVarBinary:
      return static_cast<SQLLEN>(type.size);
    default:
      break;
  }
  const auto size = static_cast<SQLLEN>(column_size(type, ansi));
  return ansi ? size : size * static_cast<SQLLEN>(sizeof(SQLWCHAR));
}

SQLSMALLINT decimal_digits(const base::TypeInfo& type) {
  switch (type.type) {
    case SqlType::kBit:
    case SqlType::kSmallInt:
    case SqlType::kInteger:
    case SqlType::kBigInt:
      return 0;
    case SqlType::kDecimal:
    case SqlType::kTime:
    case SqlType::kTimestamp:
      return type.scale;
    default:
      return -1;
  }
}

SQLSMALLINT type_number(SqlType type, bool odbc2) {
  const TypeFacts& facts = type_facts(type);
  return odbc2 ? facts.odbc2 : static_cast<SQLSMALLINT>(facts.type);
}

SQLSMALLINT modern_type(SQLSMALLINT type) {
  switch (type) {
    case SQL_DATE:
      return SQL_TYPE_DATE;
    case SQL_TIME:
      return SQL_TYPE_TIME;
    case SQL_TIMESTAMP:
      return SQL_TYPE_TIMESTAMP;
    default:
      return type;
  }
}

SQLSMALLINT default_c_type(SQLSMALLINT sql_type) {
  switch (modern_type(sql_type)) {
    case SQL_TINYINT:
      return SQL_C_STINYINT;
    case SQL_FLOAT:
      return SQL_C_DOUBLE;
    case SQL_NUMERIC:
      return SQL_C_CHAR;
    case SQL_BINARY:
      return SQL_C_BINARY;
    default:
      break;
  }
  const auto wanted = static_cast<SqlType>(modern_type(sql_type));
  const auto* found = std::find_if(std::begin(kFacts), std::end(kFacts),
                                   [&](const TypeFacts& facts) { return facts.type == wanted; });
  return found == std::end(kFacts) ? static_cast<SQLSMALLINT>(SQL_C_CHAR) : found->default_c_type;
}

SQLLEN fixed_c_size(SQLSMALLINT c_type) {
  const auto* found = std::find_if(std::begin(kCTypes), std::end(kCTypes),
                                   [&](const CType& known) { return known.number == c_type; });
  return found == std::end(kCTypes) ? -1 : found->size;
}

}  // namespace graphodbc::driver
