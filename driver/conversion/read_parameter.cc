// Bound parameters as values (Appendix D, "Converting Data from C to SQL Data Types").
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "base/datetime.h"
#include "base/error.h"
#include "base/utf.h"
#include "driver/conversion/target.h"
#include "driver/descriptors/type_facts.h"
#include "query/expression/cast.h"
#include "query/expression/decimal.h"
#include "query/expression/number.h"

namespace graphodbc::driver {
namespace {

using base::Cell;
using base::CellKind;
using base::Error;
using base::SqlType;
using base::Value;

// What a failing parameter is called in messages.
std::string name_of(SQLUSMALLINT number) {
  return "parameter " + std::to_string(number);
}

template <typename T>
T load(const ParameterBuffer& buffer) {
  T value;
  std::memcpy(&value, buffer.pointer, sizeof(value));
  return value;
}

// Bytes of character or binary data; SQL_NTS counts to the terminator.
std::size_t data_length(const ParameterBuffer& buffer, SQLUSMALLINT number) {
  if (buffer.length >= 0) return static_cast<std::size_t>(buffer.length);
  if (buffer.length == SQL_DEFAULT_PARAM) {
    throw Error("07S01", name_of(number) + " has no default value: only procedures have any");
  }
  if (buffer.length != SQL_NTS) {
    throw Error("HY090", name_of(number) + " has the length or indicator " +
                             std::to_string(buffer.length) +
                             ", which is neither a length nor SQL_NTS nor SQL_NULL_DATA");
  }
  // Also binary data ends at a zero byte where no length was bound (SQLBindParameter,
  // "StrLen_or_IndPtr Argument").
  if (buffer.c_type != SQL_C_WCHAR) return std::strlen(static_cast<const char*>(buffer.pointer));
  const auto* bytes = static_cast<const char*>(buffer.pointer);
  std::size_t length = 0;
  while (bytes[length] != 0 || bytes[length + 1] != 0) length += sizeof(SQLWCHAR);
  return length;
}

Value read_char(const ParameterBuffer& buffer, SQLUSMALLINT number) {
  const std::string_view text(static_cast<const char*>(buffer.pointer),
                              data_length(buffer, number));
  if (base::is_valid_utf8(text)) return Value::text(std::string(text));
  // Narrow text is UTF-8 whatever the locale (clients.md, "First decisions" 1).
  throw Error("22018", name_of(number) +
                           " is SQL_C_CHAR text that is not UTF-8; bind UTF-8, or SQL_C_WCHAR");
}

Value read_wchar(const ParameterBuffer& buffer, SQLUSMALLINT number) {
  const std::size_t units = data_length(buffer, number) / sizeof(char16_t);
  std::u16string text(units, u'\0');
  if (units > 0) std::memcpy(text.data(), buffer.pointer, units * sizeof(char16_t));
  return Value::text(base::utf16_to_utf8(text));
}

// Bytes bound as a character type are its characters (Appendix D, "C to SQL: Binary"): UTF-8, or
// UTF-16 for the wide types.
Value read_binary(const ParameterBuffer& buffer, SQLUSMALLINT number) {
  switch (buffer.sql_type) {
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_LONGVARCHAR:
      return read_char(buffer, number);
    case SQL_WCHAR:
    case SQL_WVARCHAR:
    case SQL_WLONGVARCHAR:
      return read_wchar(buffer, number);
    default:
      break;
  }
  return Value(Cell::of_bytes(
      CellKind::kBinary, {static_cast<const char*>(buffer.pointer), data_length(buffer, number)}));
}

template <typename T>
Value read_integer(const ParameterBuffer& buffer, SQLUSMALLINT) {
  const T value = load<T>(buffer);
  if (std::in_range<std::int64_t>(value)) {
    return Value(Cell::of_int64(static_cast<std::int64_t>(value)));
  }
  base::Arena arena;
  return Value(query::decimal_cell({static_cast<base::Int128>(value), 0}, arena));
}

template <typename T>
Value read_floating(const ParameterBuffer& buffer, SQLUSMALLINT number) {
  const auto value = static_cast<double>(load<T>(buffer));
  if (!std::isfinite(value)) throw Error("22003", name_of(number) + " is no finite number");
  return Value(Cell::of_double(value));
}

Value read_bit(const ParameterBuffer& buffer, SQLUSMALLINT number) {
  const auto value = load<unsigned char>(buffer);
  if (value > 1) throw Error("22003", name_of(number) + " is SQL_C_BIT and neither 0 nor 1");
  return Value(Cell::of_bool(value == 1));
}

Value read_numeric(const ParameterBuffer& buffer, SQLUSMALLINT number) {
  const auto numeric = load<SQL_NUMERIC_STRUCT>(buffer);
  const base::Int128 limit = query::power_of_ten(query::kMaxDigits);
  const int scale = numeric.scale;  // NOLINT(bugprone-signed-char-misuse): a number, no character
  base::Int128 magnitude = 0;
  bool fits = scale <= query::kMaxDigits && scale >= -query::kMaxDigits;
  for (std::size_t i = sizeof(numeric.val); fits && i-- > 0;) {
    if (magnitude <= limit / 256) {
      magnitude = magnitude * 256 + numeric.val[i];
    } else {
      fits = false;
    }
  }
  if (!fits || magnitude >= limit) {
    throw Error("22003", name_of(number) + " needs more than 38 digits");
  }
  query::Decimal decimal{magnitude, 0};
  if (numeric.sign == 0) decimal.value = -decimal.value;
  if (scale < 0) {
    const auto scaled = query::multiply(decimal, {query::power_of_ten(-scale), 0}, 0);
    if (!scaled) throw Error("22003", name_of(number) + " needs more than 38 digits");
    decimal = *scaled;
  } else {
    decimal.scale = scale;
  }
  base::Arena arena;
  return Value(query::decimal_cell(decimal, arena));
}

[[noreturn]] void bad_datetime(SQLUSMALLINT number, const char* what) {
  throw Error("22007", name_of(number) + " holds no valid " + what + " (years are 1 to 9999)");
}

base::CivilDate checked_date(const SQL_DATE_STRUCT& date, SQLUSMALLINT number) {
  if (!base::is_valid_date(date.year, date.month, date.day)) bad_datetime(number, "date");
  return {date.year, date.month, date.day};
}

base::CivilTime checked_time(SQLUSMALLINT hour, SQLUSMALLINT minute, SQLUSMALLINT second,
                             SQLUINTEGER nanoseconds, SQLUSMALLINT number) {
  if (hour > 23 || minute > 59 || second > 59 || nanoseconds > 999'999'999) {
    bad_datetime(number, "time");
  }
  return {hour, minute, second, nanoseconds / 100};
}

Value read_date(const ParameterBuffer& buffer, SQLUSMALLINT number) {
  const base::CivilDate date = checked_date(load<SQL_DATE_STRUCT>(buffer), number);
  return Value(Cell::of_integer(CellKind::kDate, base::days_from_civil(date)));
}
Value read_time(const ParameterBuffer& buffer, SQLUSMALLINT number) {
  const auto time = load<SQL_TIME_STRUCT>(buffer);
  return Value(Cell::of_integer(
      CellKind::kTime,
      base::day_ticks(checked_time(time.hour, time.minute, time.second, 0, number))));
}
Value read_timestamp(const ParameterBuffer& buffer, SQLUSMALLINT number) {
  const auto at = load<SQL_TIMESTAMP_STRUCT>(buffer);
  const base::CivilTimestamp timestamp{
      checked_date({at.year, at.month, at.day}, number),
      checked_time(at.hour, at.minute, at.second, at.fraction, number)};
  return Value(Cell::of_integer(CellKind::kTimestamp, base::ticks_from_civil(timestamp)));
}

Value read_guid(const ParameterBuffer& buffer, SQLUSMALLINT) {
  const auto guid = load<SQLGUID>(buffer);
  std::array<char, 16> bytes{};
  const auto put = [&](std::size_t at, std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) {
      bytes[at + i] = static_cast<char>(value >> (8 * (width - 1 - i)));
    }
  };
  put(0, guid.Data1, 4);
  put(4, guid.Data2, 2);
  put(6, guid.Data3, 2);
  for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] = static_cast<char>(guid.Data4[i]);
  return Value(Cell::of_bytes(CellKind::kGuid, {bytes.data(), bytes.size()}));
}

struct Reader {
  SQLSMALLINT c_type;
  Value (*read)(const ParameterBuffer&, SQLUSMALLINT);
};
constexpr Reader kReaders[] = {
    {SQL_C_CHAR, read_char},
    {SQL_C_WCHAR, read_wchar},
    {SQL_C_BINARY, read_binary},
    {SQL_C_BIT, read_bit},
    {SQL_C_STINYINT, read_integer<std::int8_t>},
    {SQL_C_TINYINT, read_integer<std::int8_t>},
    {SQL_C_UTINYINT, read_integer<std::uint8_t>},
    {SQL_C_SSHORT, read_integer<std::int16_t>},
    {SQL_C_SHORT, read_integer<std::int16_t>},
    {SQL_C_USHORT, read_integer<std::uint16_t>},
    {SQL_C_SLONG, read_integer<std::int32_t>},
    {SQL_C_LONG, read_integer<std::int32_t>},
    {SQL_C_ULONG, read_integer<std::uint32_t>},
    {SQL_C_SBIGINT, read_integer<std::int64_t>},
    {SQL_C_UBIGINT, read_integer<std::uint64_t>},
    {SQL_C_FLOAT, read_floating<float>},
    {SQL_C_DOUBLE, read_floating<double>},
    {SQL_C_NUMERIC, read_numeric},
    {SQL_C_TYPE_DATE, read_date},
    {SQL_C_TYPE_TIME, read_time},
    {SQL_C_TYPE_TIMESTAMP, read_timestamp},
    {SQL_C_GUID, read_guid},
};

// Type to convert to, where the bound SQL type is of another family than the C data. Lengths do not
// count: many clients bind text with a size that has nothing to do with it.
std::optional<base::TypeInfo> target_type(const ParameterBuffer& buffer) {
  switch (modern_type(buffer.sql_type)) {
    case SQL_BIT:
      return base::bit_type();
    case SQL_TINYINT:
    case SQL_SMALLINT:
      return base::smallint_type();
    case SQL_INTEGER:
      return base::integer_type();
    case SQL_BIGINT:
      return base::bigint_type();
    case SQL_REAL:
      return base::real_type();
    case SQL_FLOAT:
    case SQL_DOUBLE:
      return base::double_type();
    case SQL_DECIMAL:
    case SQL_NUMERIC: {
      // Without a size the value keeps its own precision and scale.
      if (buffer.column_size == 0 || buffer.column_size > query::kMaxDigits) return std::nullopt;
      const auto digits = static_cast<std::int16_t>(
          std::clamp<int>(buffer.decimal_digits, 0, static_cast<int>(buffer.column_size)));
      return base::decimal_type(static_cast<std::uint32_t>(buffer.column_size), digits);
    }
    case SQL_TYPE_DATE:
      return base::date_type();
    case SQL_TYPE_TIME:
      return base::TypeInfo{SqlType::kTime, 16, 7};  // text may bring a fraction
    case SQL_TYPE_TIMESTAMP:
      return base::timestamp_type();
    case SQL_GUID:
      return base::guid_type();
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_WCHAR:
    case SQL_WVARCHAR:
    case SQL_LONGVARCHAR:
    case SQL_WLONGVARCHAR:
      return base::long_text_type();
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
      return base::long_binary_type();
    default:
      return std::nullopt;
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool same_family(SqlType left, SqlType right) {
  return left == right || (base::is_text(left) && base::is_text(right)) ||
         (base::is_binary(left) && base::is_binary(right));
}

// What a conversion must not lose silently: a predicate on the rest would select other rows
// (Appendix D, "C to SQL: Character" 22001, "C to SQL: Timestamp" 22008).
void check_loss(const Cell& from, const Cell& to, const query::CastJob& job) {
  const bool from_text = from.kind == CellKind::kText;
  if (to.kind == CellKind::kDate && (from_text || from.kind == CellKind::kTimestamp)) {
    const auto ticks =
        from_text ? base::parse_timestamp(trimmed(from.view())) : std::optional(from.integer);
    if (ticks && *ticks != to.integer * base::kTicksPerDay) {
      throw Error("22008", std::string(job.what) + " is bound as a date but has a time of day");
    }
  }
  const bool exact = base::is_integer(job.to.type) || job.to.type == SqlType::kDecimal;
  if (exact && from_text && query::compare_numbers(query::text_to_number(from, job), to) != 0) {
    throw Error("22001", std::string(job.what) + " has more decimal places than the SQL type it " +
                             "is bound as");
  }
}

}  // namespace

base::TypeInfo marker_type(const ParameterBuffer& buffer) {
  switch (buffer.sql_type) {
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_WCHAR:
    case SQL_WVARCHAR:
      return base::text_type(base::kMaxVarChar);
    default:
      return target_type(buffer).value_or(base::TypeInfo{});
  }
}

base::Value read_parameter(const ParameterBuffer& buffer, SQLUSMALLINT number) {
  if (buffer.length == SQL_NULL_DATA) return {};
  if (buffer.pointer == nullptr) {
    // A null pointer with length 0 is an empty text (SQLBindParameter, "ParameterValuePtr").
    if (buffer.length == 0 && fixed_c_size(buffer.c_type) == 0) {
      return buffer.c_type == SQL_C_BINARY ? Value(Cell::of_bytes(CellKind::kBinary, {}))
                                           : Value::text({});
    }
    throw Error("HY009", name_of(number) + " has no value pointer and is not SQL_NULL_DATA");
  }
  const auto* reader =
      std::find_if(std::begin(kReaders), std::end(kReaders),
                   [&](const Reader& known) { return known.c_type == buffer.c_type; });
  if (reader == std::end(kReaders)) {
    throw Error("07006", name_of(number) + " is bound with the C type " +
                             std::to_string(buffer.c_type) + ", which cannot be read");
  }
  Value value = reader->read(buffer, number);
  const auto wanted = target_type(buffer);
  if (!wanted) return value;
  const Cell cell = value.cell();
  const base::TypeInfo from = query::type_of_cell(cell);
  if (same_family(from.type, wanted->type)) return value;
  base::Arena arena;
  const std::string name = name_of(number);
  try {
    const query::CastJob job{from, *wanted, arena, {}, name};
    const Cell converted = query::cast(cell, job);
    check_loss(cell, converted, job);
    return Value(converted);
  } catch (const Error& error) {
    // A pair of types that never converts is the binding's fault, not the statement's.
    if (error.state() == base::SqlState("42000")) throw Error("07006", error.message());
    throw;
  }
}

}  // namespace graphodbc::driver
