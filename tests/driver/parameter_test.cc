// Bound parameters as values (Appendix D, "Converting Data from C to SQL Data Types").
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>

#include "base/datetime.h"
#include "base/error.h"
#include "driver/conversion/convert.h"

namespace graphodbc::driver {
namespace {

using base::Cell;
using base::CellKind;
using base::Value;

template <typename T>
ParameterBuffer buffer_of(SQLSMALLINT c_type, SQLSMALLINT sql_type, const T& value) {
  ParameterBuffer buffer;
  buffer.c_type = c_type;
  buffer.sql_type = sql_type;
  buffer.pointer = &value;
  buffer.buffer_length = sizeof(value);
  return buffer;
}
ParameterBuffer text_buffer(std::string_view text, SQLSMALLINT sql_type) {
  ParameterBuffer buffer;
  buffer.sql_type = sql_type;
  buffer.pointer = text.data();
  buffer.length = static_cast<SQLLEN>(text.size());
  return buffer;
}

// "kind:value", or the SQLSTATE.
std::string shown(const Value& value) {
  const Cell cell = value.cell();
  switch (cell.kind) {
    case CellKind::kNull:
      return "null";
    case CellKind::kBool:
      return "bool:" + std::to_string(cell.integer);
    case CellKind::kInt64:
      return "int:" + std::to_string(cell.integer);
    case CellKind::kDouble:
      return "double:" + std::to_string(cell.real);
    case CellKind::kDecimal:
      return "decimal:" + std::to_string(cell.integer) + "/" + std::to_string(cell.scale);
    case CellKind::kDecimalWide:
      return "wide:" + std::to_string(static_cast<double>(*cell.wide)) + "/" +
             std::to_string(cell.scale);
    case CellKind::kDate:
      return "date:" + std::to_string(cell.integer);
    case CellKind::kTime:
      return "time:" + std::to_string(cell.integer);
    case CellKind::kTimestamp:
      return "timestamp:" + std::to_string(cell.integer);
    case CellKind::kText:
      return "text:" + std::string(cell.view());
    case CellKind::kBinary:
      return "binary:" + std::string(cell.view());
    case CellKind::kGuid:
      return "guid:" + std::string(cell.view());
    default:
      return "other";
  }
}
std::string read(const ParameterBuffer& buffer) {
  try {
    return shown(read_parameter(buffer, 3));
  } catch (const base::Error& error) {
    EXPECT_NE(error.message().find("parameter 3"), std::string::npos) << error.message();
    return std::string(error.state().code());
  }
}
template <typename T>
std::string read(SQLSMALLINT c_type, SQLSMALLINT sql_type, const T& value) {
  return read(buffer_of(c_type, sql_type, value));
}

std::int64_t ticks_of(std::string_view text) {
  return base::parse_timestamp(text).value();
}

TEST(Parameter, EachCTypeHasItsOwnKind) {
  EXPECT_EQ(read(SQL_C_STINYINT, SQL_SMALLINT, std::int8_t{-5}), "int:-5");
  EXPECT_EQ(read(SQL_C_TINYINT, SQL_TINYINT, std::int8_t{-5}), "int:-5");
  EXPECT_EQ(read(SQL_C_UTINYINT, SQL_TINYINT, std::uint8_t{200}), "int:200");
  EXPECT_EQ(read(SQL_C_SSHORT, SQL_SMALLINT, std::int16_t{-300}), "int:-300");
  EXPECT_EQ(read(SQL_C_SHORT, SQL_SMALLINT, std::int16_t{-300}), "int:-300");
  EXPECT_EQ(read(SQL_C_USHORT, SQL_INTEGER, std::uint16_t{65535}), "int:65535");
  EXPECT_EQ(read(SQL_C_SLONG, SQL_INTEGER, std::int32_t{-70000}), "int:-70000");
  EXPECT_EQ(read(SQL_C_LONG, SQL_INTEGER, std::int32_t{-70000}), "int:-70000");
  EXPECT_EQ(read(SQL_C_ULONG, SQL_BIGINT, std::uint32_t{4000000000}), "int:4000000000");
  EXPECT_EQ(read(SQL_C_SBIGINT, SQL_BIGINT, std::numeric_limits<std::int64_t>::min()),
            "int:-9223372036854775808");
  EXPECT_EQ(read(SQL_C_UBIGINT, SQL_BIGINT, std::uint64_t{9223372036854775807}),
            "int:9223372036854775807");
  EXPECT_EQ(read(SQL_C_DOUBLE, SQL_DOUBLE, 1.5), "double:1.500000");
  EXPECT_EQ(read(SQL_C_FLOAT, SQL_REAL, 1.5F), "double:1.500000");
  EXPECT_EQ(read(SQL_C_FLOAT, SQL_FLOAT, 1.5F), "double:1.500000");
  EXPECT_EQ(read(SQL_C_BIT, SQL_BIT, std::uint8_t{1}), "bool:1");
  EXPECT_EQ(read(SQL_C_TYPE_DATE, SQL_TYPE_DATE, SQL_DATE_STRUCT{1970, 1, 3}), "date:2");
  EXPECT_EQ(read(SQL_C_TYPE_TIME, SQL_TYPE_TIME, SQL_TIME_STRUCT{0, 0, 2}), "time:20000000");
  EXPECT_EQ(read(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP,
                 SQL_TIMESTAMP_STRUCT{1970, 1, 1, 0, 0, 1, 300}),
            "timestamp:10000003");
  EXPECT_EQ(read(text_buffer("\xF0\x9F\x98\x80", SQL_WVARCHAR)), "text:\xF0\x9F\x98\x80");
}

TEST(Parameter, NumbersThatFitNoTypeAreRefused) {
  const auto huge = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(read(SQL_C_UBIGINT, SQL_BIGINT, huge), "22003");
  EXPECT_EQ(read(SQL_C_UBIGINT, SQL_DECIMAL, huge), "wide:18446744073709551616.000000/0");
  EXPECT_EQ(read(SQL_C_SLONG, SQL_SMALLINT, std::int32_t{40000}), "22003");
  EXPECT_EQ(read(SQL_C_SBIGINT, SQL_INTEGER, std::int64_t{1} << 40), "22003");
  EXPECT_EQ(read(SQL_C_SLONG, SQL_BIT, std::int32_t{2}), "22003");
  EXPECT_EQ(read(SQL_C_BIT, SQL_BIT, std::uint8_t{2}), "22003");
  EXPECT_EQ(read(SQL_C_DOUBLE, SQL_DOUBLE, std::numeric_limits<double>::infinity()), "22003");
  EXPECT_EQ(read(SQL_C_DOUBLE, SQL_DOUBLE, std::numeric_limits<double>::quiet_NaN()), "22003");
  EXPECT_EQ(read(SQL_C_DOUBLE, SQL_REAL, 1e300), "22003");
  EXPECT_EQ(read(SQL_C_DOUBLE, SQL_INTEGER, 1e10), "22003");
}

TEST(Parameter, TheSqlTypeDecidesTheFamily) {
  struct Case {
    std::string_view text;
    SQLSMALLINT sql_type;
    std::string wanted;
  };
  const std::string day = "date:" + std::to_string(base::parse_date("2024-02-29").value());
  const std::string at = "timestamp:" + std::to_string(ticks_of("2024-02-29 10:11:12.5"));
  const std::string midnight = "timestamp:" + std::to_string(ticks_of("2024-02-29"));
  const Case cases[] = {
      {"42", SQL_INTEGER, "int:42"},
      {" 42 ", SQL_BIGINT, "int:42"},
      {"42.0", SQL_INTEGER, "int:42"},
      {"42.5", SQL_INTEGER, "22001"},  // the predicate would select other rows
      {"70000", SQL_SMALLINT, "22003"},
      {"x", SQL_INTEGER, "22018"},
      {"", SQL_INTEGER, "22018"},
      {"1.25", SQL_DOUBLE, "double:1.250000"},
      {"1.25", SQL_FLOAT, "double:1.250000"},
      {"1", SQL_BIT, "bool:1"},
      {"2024-02-29", SQL_TYPE_DATE, day},
      {"2024-02-29", SQL_DATE, day},
      {"2024-02-29 00:00:00", SQL_TYPE_DATE, day},
      {"2024-02-29 00:00:01", SQL_TYPE_DATE, "22008"},
      {"2023-02-29", SQL_TYPE_DATE, "22007"},
      {"2024-02-29 10:11:12.5", SQL_TYPE_TIMESTAMP, at},
      {"2024-02-29T10:11:12.5Z", SQL_TIMESTAMP, at},
      {"2024-02-29", SQL_TYPE_TIMESTAMP, midnight},
      {"soon", SQL_TYPE_TIMESTAMP, "22007"},
      {"00:00:01", SQL_TYPE_TIME, "time:10000000"},
      {"00:00:01.5", SQL_TIME, "time:15000000"},
      {"61726d", SQL_VARBINARY, "binary:arm"},
      {"6172z", SQL_LONGVARBINARY, "22018"},
      {"41424344-4546-4748-494a-4b4c4d4e4f50", SQL_GUID, "guid:ABCDEFGHIJKLMNOP"},
      {"41424344", SQL_GUID, "22018"},
      {"any", SQL_CHAR, "text:any"},
      {"any", SQL_VARCHAR, "text:any"},
      {"any", SQL_LONGVARCHAR, "text:any"},
      {"any", SQL_WCHAR, "text:any"},
      {"any", SQL_WLONGVARCHAR, "text:any"},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(read(text_buffer(test.text, test.sql_type)), test.wanted)
        << "'" << test.text << "' as " << test.sql_type;
  }
  EXPECT_EQ(read(SQL_C_SLONG, SQL_VARCHAR, std::int32_t{-7}), "text:-7");
  EXPECT_EQ(read(SQL_C_SLONG, SQL_DOUBLE, std::int32_t{-7}), "double:-7.000000");
  EXPECT_EQ(read(SQL_C_BIT, SQL_INTEGER, std::uint8_t{1}), "int:1");
  EXPECT_EQ(read(SQL_C_DOUBLE, SQL_BIGINT, 2.5), "int:2");
  const SQL_TIMESTAMP_STRUCT noon{2024, 2, 29, 12, 0, 0, 0};
  const SQL_TIMESTAMP_STRUCT start{2024, 2, 29, 0, 0, 0, 0};
  EXPECT_EQ(read(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_DATE, noon), "22008");
  EXPECT_EQ(read(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_DATE, start), day);
  EXPECT_EQ(read(SQL_C_TYPE_TIMESTAMP, SQL_WVARCHAR, noon), "text:2024-02-29 12:00:00.0000000");
  EXPECT_EQ(read(SQL_C_TYPE_DATE, SQL_TYPE_TIMESTAMP, SQL_DATE_STRUCT{2024, 2, 29}), midnight);
}

TEST(Parameter, DecimalsTakeTheSizeOfTheBinding) {
  ParameterBuffer buffer = text_buffer("-12.50", SQL_NUMERIC);
  buffer.column_size = 6;
  buffer.decimal_digits = 2;
  EXPECT_EQ(read(buffer), "decimal:-1250/2");
  buffer.decimal_digits = 1;
  EXPECT_EQ(read(buffer), "decimal:-125/1");
  buffer.decimal_digits = 0;
  EXPECT_EQ(read(buffer), "22001");
  buffer = text_buffer("123456", SQL_DECIMAL);
  buffer.column_size = 5;
  EXPECT_EQ(read(buffer), "22003");
  buffer.column_size = 0;
  EXPECT_EQ(read(buffer), "text:123456") << "without a size the marker's own type reads it";
}

TEST(Parameter, NumericStruct) {
  SQL_NUMERIC_STRUCT numeric{};
  numeric.precision = 5;
  numeric.scale = 2;
  numeric.sign = 0;
  numeric.val[0] = 0x39;
  numeric.val[1] = 0x30;  // 12345
  EXPECT_EQ(read(SQL_C_NUMERIC, SQL_DECIMAL, numeric), "decimal:-12345/2");
  EXPECT_EQ(read(SQL_C_NUMERIC, SQL_INTEGER, numeric), "int:-123");
  numeric.scale = -2;
  numeric.sign = 1;
  EXPECT_EQ(read(SQL_C_NUMERIC, SQL_DECIMAL, numeric), "decimal:1234500/0");
  numeric.scale = 0;
  std::memset(numeric.val, 0xFF, sizeof(numeric.val));
  EXPECT_EQ(read(SQL_C_NUMERIC, SQL_DECIMAL, numeric), "22003");
  numeric.val[15] = 0x4B;
  EXPECT_EQ(read(SQL_C_NUMERIC, SQL_DECIMAL, numeric), "22003") << "39 digits";
  numeric.val[15] = 0x4A;
  EXPECT_EQ(read(SQL_C_NUMERIC, SQL_DECIMAL, numeric).substr(0, 5), "wide:");
  numeric = {};
  numeric.val[0] = 1;
  numeric.sign = 1;
  numeric.scale = 39;
  EXPECT_EQ(read(SQL_C_NUMERIC, SQL_DECIMAL, numeric), "22003");
}

TEST(Parameter, BadDatesAndTimesAreRefused) {
  for (const SQL_DATE_STRUCT& date :
       {SQL_DATE_STRUCT{2023, 2, 29}, SQL_DATE_STRUCT{2024, 0, 1}, SQL_DATE_STRUCT{2024, 13, 1},
        SQL_DATE_STRUCT{0, 1, 1}, SQL_DATE_STRUCT{10000, 1, 1}, SQL_DATE_STRUCT{-5, 1, 1}}) {
    EXPECT_EQ(read(SQL_C_TYPE_DATE, SQL_TYPE_DATE, date), "22007");
  }
  for (const SQL_TIME_STRUCT& time :
       {SQL_TIME_STRUCT{24, 0, 0}, SQL_TIME_STRUCT{0, 60, 0}, SQL_TIME_STRUCT{0, 0, 60}}) {
    EXPECT_EQ(read(SQL_C_TYPE_TIME, SQL_TYPE_TIME, time), "22007");
  }
  EXPECT_EQ(read(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP,
                 SQL_TIMESTAMP_STRUCT{2024, 1, 1, 0, 0, 0, 1'000'000'000}),
            "22007");
}

TEST(Parameter, Guid) {
  const SQLGUID guid{0x41424344, 0x4546, 0x4748, {'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P'}};
  EXPECT_EQ(read(SQL_C_GUID, SQL_GUID, guid), "guid:ABCDEFGHIJKLMNOP");
  EXPECT_EQ(read(SQL_C_GUID, SQL_WVARCHAR, guid), "text:41424344-4546-4748-494a-4b4c4d4e4f50");
  EXPECT_EQ(read(SQL_C_GUID, SQL_INTEGER, guid), "07006");
}

TEST(Parameter, TextLengths) {
  const char narrow[] = "ab\0cd";
  ParameterBuffer buffer = buffer_of(SQL_C_CHAR, SQL_WVARCHAR, narrow);
  buffer.length = SQL_NTS;
  EXPECT_EQ(read(buffer), "text:ab");
  buffer.length = 4;
  EXPECT_EQ(read(buffer), std::string("text:ab\0c", 9));
  buffer.length = 0;
  EXPECT_EQ(read(buffer), "text:");
  buffer.length = -77;
  EXPECT_EQ(read(buffer), "HY090");
  buffer.length = SQL_DEFAULT_PARAM;
  EXPECT_EQ(read(buffer), "07S01");

  const char16_t wide[] = u"a\u20AC\U0001F600";
  buffer = buffer_of(SQL_C_WCHAR, SQL_WVARCHAR, wide);
  EXPECT_EQ(read(buffer), "text:a\xE2\x82\xAC\xF0\x9F\x98\x80");
  buffer.length = 4;
  EXPECT_EQ(read(buffer), "text:a\xE2\x82\xAC");
  buffer.length = 6;
  EXPECT_EQ(read(buffer), "text:a\xE2\x82\xAC\xEF\xBF\xBD") << "a lone surrogate is U+FFFD";
}

TEST(Parameter, NarrowTextMustBeUtf8) {
  EXPECT_EQ(read(text_buffer("caf\xE9", SQL_WVARCHAR)), "22018");
}

TEST(Parameter, BinaryBoundAsCharactersIsItsCharacters) {
  const char bytes[] = "a\0z";
  ParameterBuffer buffer = buffer_of(SQL_C_BINARY, SQL_VARBINARY, bytes);
  buffer.length = 3;
  EXPECT_EQ(read(buffer), std::string("binary:a\0z", 10));
  buffer.length = SQL_NTS;
  EXPECT_EQ(read(buffer), "binary:a") << "SQLBindParameter: null-terminated without a length";
  buffer.length = 1;
  buffer.sql_type = SQL_VARCHAR;
  EXPECT_EQ(read(buffer), "text:a");
  buffer.length = 2;
  buffer.sql_type = SQL_WVARCHAR;
  EXPECT_EQ(read(buffer), "text:a");
  buffer.sql_type = SQL_INTEGER;
  EXPECT_EQ(read(buffer), "07006");
}

TEST(Parameter, Nulls) {
  for (const SQLSMALLINT c_type :
       std::initializer_list<SQLSMALLINT>{SQL_C_CHAR, SQL_C_SLONG, SQL_C_TYPE_DATE}) {
    ParameterBuffer buffer;
    buffer.c_type = c_type;
    buffer.length = SQL_NULL_DATA;
    EXPECT_EQ(read(buffer), "null");
    buffer.length = SQL_NTS;
    EXPECT_EQ(read(buffer), "HY009");
  }
  ParameterBuffer empty;
  empty.length = 0;
  EXPECT_EQ(read(empty), "text:");
  empty.c_type = SQL_C_BINARY;
  empty.sql_type = SQL_VARBINARY;
  EXPECT_EQ(read(empty), "binary:");
  empty.c_type = SQL_C_SLONG;
  EXPECT_EQ(read(empty), "HY009");
}

TEST(Parameter, IntervalsAreNotRead) {
  EXPECT_EQ(read(SQL_C_INTERVAL_DAY, SQL_INTERVAL_DAY, SQL_INTERVAL_STRUCT{}), "07006");
}

TEST(Parameter, ValuesMayBeUnaligned) {
  alignas(16) std::array<char, 40> memory{};
  const auto at_odd = [&](const auto& value) {
    std::memcpy(memory.data() + 1, &value, sizeof(value));
    ParameterBuffer buffer;
    buffer.pointer = memory.data() + 1;
    return buffer;
  };
  ParameterBuffer buffer = at_odd(std::int64_t{-9});
  buffer.c_type = SQL_C_SBIGINT;
  buffer.sql_type = SQL_BIGINT;
  EXPECT_EQ(read(buffer), "int:-9");
  buffer = at_odd(SQL_TIMESTAMP_STRUCT{1970, 1, 1, 0, 0, 1, 0});
  buffer.c_type = SQL_C_TYPE_TIMESTAMP;
  buffer.sql_type = SQL_TYPE_TIMESTAMP;
  EXPECT_EQ(read(buffer), "timestamp:10000000");
  const char16_t text[] = u"ab";
  buffer = at_odd(text);
  buffer.c_type = SQL_C_WCHAR;
  EXPECT_EQ(read(buffer), "text:ab");
}

// What clients send (clients.md, "C types for binding").
TEST(Parameter, BindingsOfClients) {
  // pyodbc: Decimal as text with SQL_NUMERIC, datetime as SQL_TIMESTAMP with microseconds.
  ParameterBuffer decimal = text_buffer("19.99", SQL_NUMERIC);
  decimal.column_size = 4;
  decimal.decimal_digits = 2;
  EXPECT_EQ(read(decimal), "decimal:1999/2");
  ParameterBuffer datetime = buffer_of(SQL_C_TYPE_TIMESTAMP, SQL_TIMESTAMP,
                                       SQL_TIMESTAMP_STRUCT{1970, 1, 1, 0, 0, 0, 123456000});
  const SQL_TIMESTAMP_STRUCT at{1970, 1, 1, 0, 0, 0, 123456000};
  datetime.pointer = &at;
  datetime.column_size = 26;
  datetime.decimal_digits = 6;
  EXPECT_EQ(read(datetime), "timestamp:1234560");
  // DBD::ODBC: everything SQL_C_CHAR with the described type.
  EXPECT_EQ(read(text_buffer("2500000", SQL_BIGINT)), "int:2500000");
  // Text longer than the bound size stays whole: DBD::ODBC and PHP bind sizes that mean nothing.
  ParameterBuffer longer = text_buffer("abcdef", SQL_VARCHAR);
  longer.column_size = 2;
  EXPECT_EQ(read(longer), "text:abcdef");
}

}  // namespace
}  // namespace graphodbc::driver
