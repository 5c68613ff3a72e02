#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/datetime.h"
#include "tests/driver/conversion_fixture.h"

namespace graphodbc::driver {
namespace {

using base::Cell;
using base::CellKind;
using base::SqlType;

using R = ConvertResult;

const char kGuidBytes[] = "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff";

Cell guid_cell() {
  return Cell::of_bytes(CellKind::kGuid, {kGuidBytes, 16});
}
Cell timestamp_cell(int year, unsigned month, unsigned day, std::int64_t day_ticks = 0) {
  const base::CivilDate date{year, month, day};
  return Cell::of_integer(CellKind::kTimestamp,
                          base::days_from_civil(date) * base::kTicksPerDay + day_ticks);
}

std::string state(R result) {
  const auto note = note_of(result);
  return note ? std::string(note->state.code()) : result == R::kOk ? "ok" : "no data";
}

struct CTypeColumn {
  char family;
  std::vector<SQLSMALLINT> types;
};
// Families of C types as Appendix D, "Converting Data from SQL to C Data Types" groups them:
// character, integer, numeric, bit, floating, binary, date, time, timestamp, GUID.
const std::vector<CTypeColumn>& c_types() {
  static const std::vector<CTypeColumn> columns = {
      {'c', {SQL_C_CHAR, SQL_C_WCHAR}},
      {'i',
       {SQL_C_STINYINT, SQL_C_TINYINT, SQL_C_UTINYINT, SQL_C_SSHORT, SQL_C_SHORT, SQL_C_USHORT,
        SQL_C_SLONG, SQL_C_LONG, SQL_C_ULONG, SQL_C_SBIGINT, SQL_C_UBIGINT}},
      {'n', {SQL_C_NUMERIC}},
      {'b', {SQL_C_BIT}},
      {'f', {SQL_C_FLOAT, SQL_C_DOUBLE}},
      {'x', {SQL_C_BINARY}},
      {'d', {SQL_C_TYPE_DATE}},
      {'t', {SQL_C_TYPE_TIME}},
      {'s', {SQL_C_TYPE_TIMESTAMP}},
      {'g', {SQL_C_GUID}},
  };
  return columns;
}

struct MatrixRow {
  SqlType type;
  const char* allowed;  // families
};
// The rows of the same table. Interval C types, which it allows for character and exact numeric
// data, are not offered: 07006.
const MatrixRow kMatrix[] = {
    {SqlType::kWChar, "cinbfxdtsg"},
    {SqlType::kWVarChar, "cinbfxdtsg"},
    {SqlType::kWLongVarChar, "cinbfxdtsg"},
    {SqlType::kDecimal, "cinbfx"},
    {SqlType::kBit, "cinbfx"},
    {SqlType::kSmallInt, "cinbfx"},
    {SqlType::kInteger, "cinbfx"},
    {SqlType::kBigInt, "cinbfx"},
    {SqlType::kReal, "cinbfx"},
    {SqlType::kDouble, "cinbfx"},
    {SqlType::kVarBinary, "cx"},
    {SqlType::kLongVarBinary, "cx"},
    {SqlType::kDate, "cxds"},
    {SqlType::kTime, "cxts"},
    {SqlType::kTimestamp, "cxdts"},
    {SqlType::kGuid, "cxg"},
};

TEST(ConversionMatrix, SqlTypesAgreeWithAppendixD) {
  for (const MatrixRow& row : kMatrix) {
    for (const CTypeColumn& column : c_types()) {
      const bool allowed = std::string_view(row.allowed).find(column.family) != std::string::npos;
      for (const SQLSMALLINT c_type : column.types) {
        EXPECT_EQ(is_convertible(row.type, c_type), allowed)
            << "SQL type " << static_cast<int>(row.type) << " to C type " << c_type;
      }
    }
  }
}

// Every kind of cell has the row of the SQL types whose columns hold it.
struct KindRow {
  CellKind kind;
  const char* allowed;
};
const KindRow kKinds[] = {
    {CellKind::kNull, ""},
    {CellKind::kBool, "cinbfx"},
    {CellKind::kInt64, "cinbfx"},
    {CellKind::kDouble, "cinbfx"},
    {CellKind::kDecimal, "cinbfx"},
    {CellKind::kDecimalWide, "cinbfx"},
    {CellKind::kDate, "cxds"},
    {CellKind::kTime, "cxts"},
    {CellKind::kTimestamp, "cxdts"},
    {CellKind::kText, "cinbfxdtsg"},
    {CellKind::kJsonText, "cinbfxdtsg"},
    {CellKind::kJson, "cinbfxdtsg"},
    {CellKind::kBinary, "cx"},
    {CellKind::kBase64, "cx"},
    {CellKind::kGuid, "cxg"},
    {CellKind::kInvalid, "cinbfxdtsg"},
};

TEST(ConversionMatrix, KindsOfCellsAgreeWithAppendixD) {
  ASSERT_EQ(std::size(kKinds), static_cast<std::size_t>(CellKind::kInvalid) + 1);
  for (const CTypeColumn& column : c_types()) {
    for (const SQLSMALLINT c_type : column.types) {
      const Converter* converters = converters_for(c_type);
      ASSERT_NE(converters, nullptr) << c_type;
      for (const KindRow& row : kKinds) {
        const bool allowed = std::string_view(row.allowed).find(column.family) != std::string::npos;
        EXPECT_EQ(converters[static_cast<std::size_t>(row.kind)] != nullptr, allowed)
            << "kind " << static_cast<int>(row.kind) << " to C type " << c_type;
      }
    }
  }
}

TEST(ConversionMatrix, UnofferedCTypesHaveNoConverters) {
  for (const SQLSMALLINT c_type : std::initializer_list<SQLSMALLINT>{
           SQL_C_INTERVAL_YEAR, SQL_C_INTERVAL_DAY_TO_SECOND, SQLSMALLINT{1234}}) {
    EXPECT_EQ(converters_for(c_type), nullptr) << c_type;
    EXPECT_FALSE(is_convertible(SqlType::kInteger, c_type)) << c_type;
    Delivery one(Cell::of_int64(1), base::integer_type());
    EXPECT_EQ(one.bound(c_type, 64), R::kNotConvertible);
  }
}

TEST(ConversionMatrix, ANullOfAPairThatNeverConvertsIsRefusedToo) {
  Delivery null(Cell::null(), base::date_type());
  EXPECT_EQ(null.bound(SQL_C_SLONG, 4), R::kNotConvertible);
  EXPECT_EQ(null.bound(SQL_C_TYPE_DATE, sizeof(SQL_DATE_STRUCT)), R::kOk);
  EXPECT_EQ(null.length(), SQL_NULL_DATA);
}

TEST(ConversionMatrix, OutcomesHaveTheirStates) {
  const std::map<R, std::string> states = {
      {R::kTruncated, "01004"},       {R::kFractionLost, "01S07"}, {R::kNotConvertible, "07006"},
      {R::kNullNoIndicator, "22002"}, {R::kOutOfRange, "22003"},   {R::kBadDatetime, "22007"},
      {R::kInvalidCharacter, "22018"}};
  for (const auto& [result, wanted] : states) {
    EXPECT_EQ(state(result), wanted);
    EXPECT_EQ(is_error(result), wanted.substr(0, 2) != "01") << wanted;
  }
  EXPECT_FALSE(note_of(R::kOk));
  EXPECT_FALSE(note_of(R::kNoData));
}

// "aä€😀" in UTF-8 and as JSON.
constexpr std::string_view kMixed = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
constexpr std::string_view kMixedJson = "a\\u00e4\xE2\x82\xAC\\uD83D\\uDE00";

TEST(ConversionPointers, SeparateIndicatorAndLength) {
  char buffer[10];
  SQLLEN length = kUntouched;
  SQLLEN indicator = kUntouched;
  TargetBuffer target;
  target.pointer = buffer;
  target.buffer_length = sizeof(buffer);
  target.octet_length_ptr = &length;
  target.indicator_ptr = &indicator;
  EXPECT_EQ(deliver(Cell::of_text("abc"), base::text_type(9), target, nullptr), R::kOk);
  EXPECT_EQ(length, 3);
  EXPECT_EQ(indicator, 0);
  length = kUntouched;
  EXPECT_EQ(deliver(Cell::null(), base::text_type(9), target, nullptr), R::kOk);
  EXPECT_EQ(indicator, SQL_NULL_DATA);
  EXPECT_EQ(length, kUntouched);
}

TEST(ConversionPointers, NullWithoutIndicator) {
  char buffer[10];
  SQLLEN length = kUntouched;
  TargetBuffer target;
  target.pointer = buffer;
  target.buffer_length = sizeof(buffer);
  EXPECT_EQ(deliver(Cell::null(), base::text_type(9), target, nullptr), R::kNullNoIndicator);
  target.octet_length_ptr = &length;
  EXPECT_EQ(deliver(Cell::null(), base::text_type(9), target, nullptr), R::kNullNoIndicator);
  EXPECT_EQ(deliver(Cell::of_text("x"), base::text_type(9), target, nullptr), R::kOk);
  EXPECT_STREQ(buffer, "x");
}

TEST(ConversionPointers, WithoutABufferOnlyLengthsAreWritten) {
  struct Case {
    Cell cell;
    SQLSMALLINT c_type;
    SQLLEN length;
  };
  const Case cases[] = {
      {Cell::of_text(kMixed), SQL_C_CHAR, 10},
      {Cell::of_text(kMixed), SQL_C_WCHAR, 10},
      {Cell::of_bytes(CellKind::kJsonText, kMixedJson), SQL_C_CHAR, 10},
      {Cell::of_bytes(CellKind::kJsonText, kMixedJson), SQL_C_WCHAR, 10},
      {Cell::of_bytes(CellKind::kBase64, "YWJj"), SQL_C_BINARY, 3},
      {Cell::of_int64(-5), SQL_C_CHAR, 2},
      {Cell::of_int64(-5), SQL_C_SLONG, 4},
      {timestamp_cell(2024, 1, 1), SQL_C_TYPE_TIMESTAMP, 16},
      {guid_cell(), SQL_C_GUID, 16},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    SQLLEN length = kUntouched;
    TargetBuffer target;
    target.c_type = cases[i].c_type;
    target.octet_length_ptr = target.indicator_ptr = &length;
    EXPECT_EQ(deliver(cases[i].cell, base::text_type(9), target, nullptr), R::kOk) << i;
    EXPECT_EQ(length, cases[i].length) << i;
  }
}

TEST(ConversionPointers, BuffersMayBeUnaligned) {
  struct Case {
    Cell cell;
    SQLSMALLINT c_type;
    std::size_t size;
  };
  const Case cases[] = {
      {Cell::of_int64(7), SQL_C_SBIGINT, 8},
      {Cell::of_double(7), SQL_C_DOUBLE, 8},
      {Cell::of_decimal(7, 0), SQL_C_NUMERIC, sizeof(SQL_NUMERIC_STRUCT)},
      {timestamp_cell(2024, 1, 1), SQL_C_TYPE_TIMESTAMP, 16},
      {guid_cell(), SQL_C_GUID, 16},
      {Cell::of_text(kMixed), SQL_C_WCHAR, 12},
      {Cell::of_bytes(CellKind::kJsonText, kMixedJson), SQL_C_WCHAR, 12},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    alignas(16) std::array<char, 64> even{};
    alignas(16) std::array<char, 64> odd{};
    const auto put = [&](char* memory) {
      TargetBuffer target;
      target.c_type = cases[i].c_type;
      target.pointer = memory + sizeof(SQLLEN);
      target.buffer_length = static_cast<SQLLEN>(cases[i].size);
      target.octet_length_ptr = target.indicator_ptr = reinterpret_cast<SQLLEN*>(memory);
      EXPECT_EQ(deliver(cases[i].cell, base::text_type(9), target, nullptr), R::kOk) << i;
    };
    put(even.data());
    put(odd.data() + 1);
    EXPECT_EQ(std::memcmp(even.data(), odd.data() + 1, cases[i].size + sizeof(SQLLEN)), 0) << i;
  }
}

}  // namespace
}  // namespace graphodbc::driver
