#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/datetime.h"
#include "tests/driver/conversion_fixture.h"

namespace graphodbc::driver {
namespace {

using base::Cell;
using base::CellKind;

using R = ConvertResult;

const base::Int128 kHuge = base::Int128{1'000'000'000'000} * 1'000'000'000'000;  // 10^24
const base::Int128 kHugeFraction = kHuge * 100 + 25;

struct NumberCase {
  Cell cell;
  SQLSMALLINT c_type;
  R result;
  long double value;  // where the result is no error
};

Cell number_text(std::string_view text) {
  return Cell::of_text(text);
}

template <typename T>
void expect_number(const NumberCase& test, std::size_t index) {
  T value{};
  Delivery delivery(test.cell, base::bigint_type());
  const R result = delivery.fixed(test.c_type, value);
  EXPECT_EQ(result, test.result) << "case " << index;
  EXPECT_TRUE(delivery.guards_hold()) << "case " << index;
  if (is_error(result)) {
    EXPECT_TRUE(delivery.buffer_untouched()) << "case " << index;
    EXPECT_EQ(delivery.length(), kUntouched) << "case " << index;
    return;
  }
  EXPECT_EQ(static_cast<long double>(value), test.value) << "case " << index;
  EXPECT_EQ(delivery.length(), static_cast<SQLLEN>(sizeof(T))) << "case " << index;
}

void expect_number_of(const NumberCase& test, std::size_t index) {
  switch (test.c_type) {
    case SQL_C_STINYINT:
    case SQL_C_TINYINT:
      return expect_number<std::int8_t>(test, index);
    case SQL_C_UTINYINT:
    case SQL_C_BIT:
      return expect_number<std::uint8_t>(test, index);
    case SQL_C_SSHORT:
    case SQL_C_SHORT:
      return expect_number<std::int16_t>(test, index);
    case SQL_C_USHORT:
      return expect_number<std::uint16_t>(test, index);
    case SQL_C_SLONG:
    case SQL_C_LONG:
      return expect_number<std::int32_t>(test, index);
    case SQL_C_ULONG:
      return expect_number<std::uint32_t>(test, index);
    case SQL_C_SBIGINT:
      return expect_number<std::int64_t>(test, index);
    case SQL_C_UBIGINT:
      return expect_number<std::uint64_t>(test, index);
    case SQL_C_FLOAT:
      return expect_number<float>(test, index);
    default:
      return expect_number<double>(test, index);
  }
}

TEST(ConversionNumber, EachIntegerTypeTakesItsWholeRangeAndNoMore) {
  struct Range {
    SQLSMALLINT c_type;
    std::int64_t low;
    std::uint64_t high;
  };
  const Range ranges[] = {
      {SQL_C_STINYINT, -128, 127},
      {SQL_C_TINYINT, -128, 127},
      {SQL_C_UTINYINT, 0, 255},
      {SQL_C_SSHORT, -32768, 32767},
      {SQL_C_SHORT, -32768, 32767},
      {SQL_C_USHORT, 0, 65535},
      {SQL_C_SLONG, std::numeric_limits<std::int32_t>::min(), 2147483647},
      {SQL_C_LONG, std::numeric_limits<std::int32_t>::min(), 2147483647},
      {SQL_C_ULONG, 0, 4294967295},
      {SQL_C_SBIGINT, std::numeric_limits<std::int64_t>::min(), 9223372036854775807U},
      {SQL_C_UBIGINT, 0, 18446744073709551615U},
  };
  for (const Range& range : ranges) {
    const auto at_low = base::Int128{range.low};
    const auto at_high = base::Int128{range.high};
    const auto below = at_low - 1;
    const auto above = at_high + 1;
    const auto index = static_cast<std::size_t>(range.c_type + 1000);
    const auto check = [&](const base::Int128& value, R result) {
      expect_number_of(
          {Cell::of_wide(&value, 0), range.c_type, result, static_cast<long double>(value)}, index);
      if (value < std::numeric_limits<std::int64_t>::min() ||
          value > std::numeric_limits<std::int64_t>::max()) {
        return;
      }
      const auto narrow = static_cast<std::int64_t>(value);
      const auto number = static_cast<long double>(value);
      const std::string text = std::to_string(narrow);
      expect_number_of({Cell::of_int64(narrow), range.c_type, result, number}, index);
      expect_number_of({Cell::of_decimal(narrow, 0), range.c_type, result, number}, index);
      expect_number_of({number_text(text), range.c_type, result, number}, index);
    };
    check(at_low, R::kOk);
    check(at_high, R::kOk);
    check(below, R::kOutOfRange);
    check(above, R::kOutOfRange);
  }
}

TEST(ConversionNumber, Values) {
  const NumberCase cases[] = {
      // Not through double: 2^63 - 1 has 63 significant bits.
      {Cell::of_int64(9223372036854775807), SQL_C_SBIGINT, R::kOk, 9223372036854775807.0L},
      {number_text("9223372036854775807"), SQL_C_SBIGINT, R::kOk, 9223372036854775807.0L},
      {Cell::of_decimal(9223372036854775807, 2), SQL_C_SBIGINT, R::kFractionLost,
       92233720368547758.0L},
      // Fractions go toward zero.
      {Cell::of_double(2.75), SQL_C_SLONG, R::kFractionLost, 2},
      {Cell::of_double(-2.75), SQL_C_SLONG, R::kFractionLost, -2},
      {Cell::of_double(-0.5), SQL_C_ULONG, R::kFractionLost, 0},
      {Cell::of_decimal(-199, 2), SQL_C_SSHORT, R::kFractionLost, -1},
      {Cell::of_decimal(200, 2), SQL_C_SSHORT, R::kOk, 2},
      {Cell::of_decimal(12799, 2), SQL_C_STINYINT, R::kFractionLost, 127},
      {Cell::of_wide(&kHugeFraction, 26), SQL_C_SLONG, R::kFractionLost, 1},
      {number_text("2.5"), SQL_C_SLONG, R::kFractionLost, 2},
      {number_text(" 42 "), SQL_C_SLONG, R::kOk, 42},
      {number_text("+7"), SQL_C_SLONG, R::kOk, 7},
      {number_text("1e3"), SQL_C_SLONG, R::kOk, 1000},
      {number_text("-0"), SQL_C_ULONG, R::kOk, 0},
      {number_text("-1"), SQL_C_ULONG, R::kOutOfRange, 0},
      {Cell::of_double(1e300), SQL_C_SBIGINT, R::kOutOfRange, 0},
      {Cell::of_double(9223372036854775808.0), SQL_C_SBIGINT, R::kOutOfRange, 0},
      {Cell::of_double(std::numeric_limits<double>::quiet_NaN()), SQL_C_SLONG, R::kOutOfRange, 0},
      {Cell::of_wide(&kHuge, 0), SQL_C_SBIGINT, R::kOutOfRange, 0},
      // Text that is no number.
      {number_text(""), SQL_C_SLONG, R::kInvalidCharacter, 0},
      {number_text("12abc"), SQL_C_SLONG, R::kInvalidCharacter, 0},
      {number_text("0x10"), SQL_C_SLONG, R::kInvalidCharacter, 0},
      {number_text("1,5"), SQL_C_DOUBLE, R::kInvalidCharacter, 0},
      {number_text("inf"), SQL_C_DOUBLE, R::kInvalidCharacter, 0},
      {number_text("nan"), SQL_C_FLOAT, R::kInvalidCharacter, 0},
      {number_text("true"), SQL_C_BIT, R::kInvalidCharacter, 0},
      {Cell::of_bytes(CellKind::kJson, "[1]"), SQL_C_SLONG, R::kInvalidCharacter, 0},
      {Cell::of_bytes(CellKind::kInvalid, "\"x\""), SQL_C_SLONG, R::kInvalidCharacter, 0},
      {Cell::of_bytes(CellKind::kJsonText, "\\u0034\\u0032"), SQL_C_SLONG, R::kOk, 42},
      // Floating.
      {Cell::of_int64(5), SQL_C_DOUBLE, R::kOk, 5},
      {Cell::of_double(0.1), SQL_C_DOUBLE, R::kOk, 0.1},
      {Cell::of_double(0.1), SQL_C_FLOAT, R::kOk, 0.1F},
      {Cell::of_decimal(1, 1), SQL_C_DOUBLE, R::kOk, 0.1},
      {Cell::of_wide(&kHuge, 0), SQL_C_DOUBLE, R::kOk, 1e24},
      {number_text("0.1"), SQL_C_DOUBLE, R::kOk, 0.1},
      {number_text("+.5"), SQL_C_DOUBLE, R::kOk, 0.5},
      {number_text("-1.25e2"), SQL_C_FLOAT, R::kOk, -125},
      {Cell::of_double(3.5e38), SQL_C_FLOAT, R::kOutOfRange, 0},
      {Cell::of_double(-3.5e38), SQL_C_FLOAT, R::kOutOfRange, 0},
      {number_text("1e39"), SQL_C_FLOAT, R::kOutOfRange, 0},
      {number_text("1e400"), SQL_C_DOUBLE, R::kOutOfRange, 0},
      {number_text("1000000000000000000000000000000000000000000"), SQL_C_DOUBLE, R::kOk, 1e42},
      {number_text("0.00000000000000000000000000000000000000000001"), SQL_C_DOUBLE, R::kOk, 1e-44},
      // Bits: 0 and 1, between them cut, others out of range ("SQL to C: Numeric", SQL_C_BIT).
      {Cell::of_bool(true), SQL_C_BIT, R::kOk, 1},
      {Cell::of_int64(0), SQL_C_BIT, R::kOk, 0},
      {Cell::of_int64(2), SQL_C_BIT, R::kOutOfRange, 0},
      {Cell::of_int64(-1), SQL_C_BIT, R::kOutOfRange, 0},
      {Cell::of_double(0.5), SQL_C_BIT, R::kFractionLost, 0},
      {Cell::of_double(1.5), SQL_C_BIT, R::kFractionLost, 1},
      {Cell::of_double(-0.5), SQL_C_BIT, R::kOutOfRange, 0},
      {Cell::of_decimal(199, 2), SQL_C_BIT, R::kFractionLost, 1},
      {number_text("1"), SQL_C_BIT, R::kOk, 1},
      {number_text("1.9"), SQL_C_BIT, R::kFractionLost, 1},
      {number_text("2"), SQL_C_BIT, R::kOutOfRange, 0},
      {Cell::of_bool(true), SQL_C_SLONG, R::kOk, 1},
      {Cell::of_bool(true), SQL_C_UTINYINT, R::kOk, 1},
      {Cell::of_bool(true), SQL_C_DOUBLE, R::kOk, 1},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) expect_number_of(cases[i], i);
}

struct NumericCase {
  Cell cell;
  SQLSMALLINT precision;
  SQLSMALLINT scale;
  R result;
  unsigned long long magnitude;
  int sign;
};

TEST(ConversionNumber, NumericStructTakesItsPrecisionAndScaleFromTheDescriptor) {
  const NumericCase cases[] = {
      {Cell::of_int64(123), 38, 0, R::kOk, 123, 1},
      {Cell::of_int64(-123), 38, 2, R::kOk, 12300, 0},
      {Cell::of_decimal(12345, 2), 10, 2, R::kOk, 12345, 1},
      {Cell::of_decimal(12345, 2), 10, 1, R::kFractionLost, 1234, 1},
      {Cell::of_decimal(-12345, 2), 38, 0, R::kFractionLost, 123, 0},
      {Cell::of_decimal(12345, 2), 4, 2, R::kOutOfRange, 0, 0},
      {Cell::of_decimal(12345, 2), 5, 2, R::kOk, 12345, 1},
      {Cell::of_double(0.25), 5, 2, R::kOk, 25, 1},
      {Cell::of_bool(true), 38, 0, R::kOk, 1, 1},
      {Cell::of_text("1.50"), 38, 2, R::kOk, 150, 1},
      {Cell::of_text("x"), 38, 2, R::kInvalidCharacter, 0, 0},
      {Cell::of_int64(1), 38, 38, R::kOutOfRange, 0, 0},
      {Cell::of_int64(1), 38, 39, R::kOutOfRange, 0, 0},
      {Cell::of_int64(0), 38, 38, R::kOk, 0, 1},
      {Cell::of_double(std::numeric_limits<double>::infinity()), 38, 0, R::kOutOfRange, 0, 0},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    const NumericCase& test = cases[i];
    Delivery delivery(test.cell, base::decimal_type(38, 4));
    delivery.set_numeric(test.precision, test.scale);
    SQL_NUMERIC_STRUCT value{};
    ASSERT_EQ(delivery.fixed(SQL_C_NUMERIC, value), test.result) << "case " << i;
    EXPECT_TRUE(delivery.guards_hold());
    if (is_error(test.result)) continue;
    EXPECT_EQ(value.precision, test.precision) << "case " << i;
    EXPECT_EQ(value.scale, test.scale) << "case " << i;
    EXPECT_EQ(value.sign, test.sign) << "case " << i;
    for (std::size_t byte = 0; byte < sizeof(value.val); ++byte) {
      const unsigned wanted =
          byte < 8 ? static_cast<unsigned>(test.magnitude >> (8 * byte)) & 0xFF : 0;
      EXPECT_EQ(value.val[byte], wanted) << "case " << i << " byte " << byte;
    }
  }
}

TEST(ConversionNumber, NumericStructHoldsAllSixteenBytes) {
  const base::Int128 value = (base::Int128{0x4B3B4CA85A86C47A} << 64) | 0x098A223FFFFFFFFF;
  Delivery delivery(Cell::of_wide(&value, 0), base::decimal_type(38, 0));
  delivery.set_numeric(38, 0);
  SQL_NUMERIC_STRUCT out{};
  ASSERT_EQ(delivery.fixed(SQL_C_NUMERIC, out), R::kOk);
  base::Int128 read = 0;
  for (std::size_t i = sizeof(out.val); i-- > 0;) read = (read << 8) | out.val[i];
  EXPECT_TRUE(read == value);
}

}  // namespace
}  // namespace graphodbc::driver
