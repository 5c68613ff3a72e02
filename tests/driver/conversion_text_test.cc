#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/datetime.h"
#include "tests/driver/conversion_fixture.h"

namespace graphodbc::driver {
namespace {

using base::Cell;
using base::CellKind;
using base::SqlType;
using base::TypeInfo;

using R = ConvertResult;

constexpr std::int64_t kSecond = base::kTicksPerSecond;
const char kGuidBytes[] = "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff";
constexpr std::string_view kGuidText = "00112233-4455-6677-8899-aabbccddeeff";

Cell guid_cell() {
  return Cell::of_bytes(CellKind::kGuid, {kGuidBytes, 16});
}
Cell timestamp_cell(int year, unsigned month, unsigned day, std::int64_t day_ticks = 0) {
  const base::CivilDate date{year, month, day};
  return Cell::of_integer(CellKind::kTimestamp,
                          base::days_from_civil(date) * base::kTicksPerDay + day_ticks);
}

struct TextCase {
  const char* what;
  Cell cell;
  TypeInfo type;
  std::size_t size;  // bytes of the buffer for SQL_C_CHAR, units for SQL_C_WCHAR
  R result;
  std::string_view text;
  SQLLEN length;  // characters of the whole text
};

TEST(ConversionText, NumbersAndDatesCutOnlyTheirFraction) {
  const TypeInfo ts3{SqlType::kTimestamp, 23, 3};
  const Cell at = timestamp_cell(2024, 2, 29, 10 * 3600 * kSecond + 1'230'000);
  const TextCase cases[] = {
      {"integer fits", Cell::of_int64(-123), base::integer_type(), 5, R::kOk, "-123", 4},
      {"integer does not", Cell::of_int64(-123), base::integer_type(), 4, R::kOutOfRange, "", 0},
      {"decimal", Cell::of_decimal(-1205, 2), base::decimal_type(9, 2), 7, R::kOk, "-12.05", 6},
      {"decimal cut", Cell::of_decimal(-1205, 2), base::decimal_type(9, 2), 6, R::kTruncated,
       "-12.0", 6},
      {"decimal cut before the point", Cell::of_decimal(-1205, 2), base::decimal_type(9, 2), 4,
       R::kTruncated, "-12", 6},
      {"decimal whole digits", Cell::of_decimal(-1205, 2), base::decimal_type(9, 2), 3,
       R::kOutOfRange, "", 0},
      {"double", Cell::of_double(0.1), base::double_type(), 4, R::kOk, "0.1", 3},
      {"real shows its own digits", Cell::of_double(static_cast<double>(0.1F)), base::real_type(),
       10, R::kOk, "0.1", 3},
      {"exponent must fit", Cell::of_double(1.5e300), base::double_type(), 7, R::kOutOfRange, "",
       0},
      {"bit", Cell::of_bool(true), base::bit_type(), 2, R::kOk, "1", 1},
      {"bit without room", Cell::of_bool(true), base::bit_type(), 1, R::kOutOfRange, "", 0},
      {"date", Cell::of_integer(CellKind::kDate, 0), base::date_type(), 11, R::kOk, "1970-01-01",
       10},
      {"date cut", Cell::of_integer(CellKind::kDate, 0), base::date_type(), 10, R::kOutOfRange, "",
       0},
      {"time", Cell::of_integer(CellKind::kTime, 61 * kSecond), base::time_type(), 9, R::kOk,
       "00:01:01", 8},
      {"time cut", Cell::of_integer(CellKind::kTime, 61 * kSecond), base::time_type(), 8,
       R::kOutOfRange, "", 0},
      {"timestamp has a blank, not T", at, ts3, 24, R::kOk, "2024-02-29 10:00:00.123", 23},
      {"timestamp fraction cut", at, ts3, 22, R::kTruncated, "2024-02-29 10:00:00.1", 23},
      {"timestamp seconds", at, ts3, 20, R::kTruncated, "2024-02-29 10:00:00", 23},
      {"timestamp without seconds", at, ts3, 19, R::kOutOfRange, "", 0},
      {"guid", guid_cell(), base::guid_type(), 37, R::kOk, kGuidText, 36},
      {"guid cut", guid_cell(), base::guid_type(), 36, R::kOutOfRange, "", 0},
  };
  for (const TextCase& test : cases) {
    Delivery narrow(test.cell, test.type);
    EXPECT_EQ(narrow.bound(SQL_C_CHAR, test.size), test.result) << test.what;
    Delivery wide(test.cell, test.type);
    EXPECT_EQ(wide.bound(SQL_C_WCHAR, test.size * 2), test.result) << test.what;
    EXPECT_TRUE(narrow.guards_hold() && wide.guards_hold()) << test.what;
    if (is_error(test.result)) {
      EXPECT_TRUE(narrow.buffer_untouched() && wide.buffer_untouched()) << test.what;
      continue;
    }
    EXPECT_EQ(narrow.text(), test.text) << test.what;
    EXPECT_EQ(wide.wide(), std::u16string(test.text.begin(), test.text.end())) << test.what;
    EXPECT_EQ(narrow.length(), test.length) << test.what;
    EXPECT_EQ(wide.length(), test.length * 2) << test.what;
  }
}

// "aä€😀" in UTF-8 and as JSON.
constexpr std::string_view kMixed = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
constexpr std::string_view kMixedJson = "a\\u00e4\xE2\x82\xAC\\uD83D\\uDE00";
const std::u16string kMixedWide = u"a\u00E4\u20AC\U0001F600";

TEST(ConversionText, BoundColumnsNeverSplitACharacter) {
  for (const Cell& cell :
       {Cell::of_text(kMixed), Cell::of_bytes(CellKind::kJsonText, kMixedJson)}) {
    // Bytes of the longest prefix of whole characters for each room.
    const std::size_t narrow_kept[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (std::size_t room = 0; room < std::size(narrow_kept); ++room) {
      Delivery delivery(cell, base::text_type(100));
      const R result = delivery.bound(SQL_C_CHAR, room + 1);
      EXPECT_EQ(result, narrow_kept[room] == 10 ? R::kOk : R::kTruncated) << room;
      EXPECT_EQ(delivery.text(), kMixed.substr(0, narrow_kept[room])) << room;
      EXPECT_EQ(delivery.length(), 10) << room;
      EXPECT_TRUE(delivery.guards_hold()) << room;
    }
    const std::size_t wide_kept[] = {0, 1, 2, 3, 3, 5, 5};
    for (std::size_t room = 0; room < std::size(wide_kept); ++room) {
      Delivery delivery(cell, base::text_type(100));
      const R result = delivery.bound(SQL_C_WCHAR, (room + 1) * 2);
      EXPECT_EQ(result, wide_kept[room] == 5 ? R::kOk : R::kTruncated) << room;
      EXPECT_EQ(delivery.wide(), kMixedWide.substr(0, wide_kept[room])) << room;
      EXPECT_EQ(delivery.length(), 10) << room;
      EXPECT_TRUE(delivery.guards_hold()) << room;
    }
  }
}

TEST(ConversionText, ABufferOfNoBytesGivesTheLength) {
  Delivery narrow(Cell::of_text(kMixed), base::text_type(100));
  EXPECT_EQ(narrow.bound(SQL_C_CHAR, 0), R::kTruncated);
  EXPECT_EQ(narrow.length(), 10);
  EXPECT_TRUE(narrow.buffer_untouched());
  Delivery wide(Cell::of_text(kMixed), base::text_type(100));
  EXPECT_EQ(wide.bound(SQL_C_WCHAR, 1), R::kTruncated);
  EXPECT_EQ(wide.length(), 10);
  EXPECT_TRUE(wide.buffer_untouched());
}

TEST(ConversionText, AnOddWideBufferKeepsItsLastByte) {
  Delivery wide(Cell::of_text("abc"), base::text_type(100));
  EXPECT_EQ(wide.bound(SQL_C_WCHAR, 7), R::kTruncated);
  EXPECT_EQ(wide.bytes(7).substr(0, 6), std::string_view("a\0b\0\0\0", 6));
  EXPECT_EQ(wide.bytes(7)[6], '\x5A');
}

TEST(ConversionText, JsonEscapes) {
  struct Case {
    std::string_view raw;
    std::string_view narrow;
    std::u16string wide;
  };
  const Case cases[] = {
      {"", "", u""},
      {"plain", "plain", u"plain"},
      {R"(a\"b\\c\/d\b\f\n\r\t)", "a\"b\\c/d\b\f\n\r\t", u"a\"b\\c/d\b\f\n\r\t"},
      {R"(\u20ac)", "\xE2\x82\xAC", u"\u20AC"},
      {R"(\ud83d\ude00!)", "\xF0\x9F\x98\x80!", u"\U0001F600!"},
      // Lone surrogates become U+FFFD and cost nothing around them (decisions.md 20).
      {R"(x\ud83dy)", "x\xEF\xBF\xBDy", u"x\uFFFDy"},
      {R"(\ude00z)", "\xEF\xBF\xBDz", u"\uFFFDz"},
      {R"(\ud83d\ud83d\ude00)", "\xEF\xBF\xBD\xF0\x9F\x98\x80", u"\uFFFD\U0001F600"},
      {R"(\ud83d\n)", "\xEF\xBF\xBD\n", u"\uFFFD\n"},
      {R"(\ud83d)", "\xEF\xBF\xBD", u"\uFFFD"},
  };
  for (const Case& test : cases) {
    const Cell cell = Cell::of_bytes(CellKind::kJsonText, test.raw);
    // A generous buffer, one that just fits, and both ways of reading.
    for (const std::size_t size : {std::size_t{200}, test.narrow.size() + 1}) {
      Delivery narrow(cell, base::text_type(100));
      EXPECT_EQ(narrow.bound(SQL_C_CHAR, size), R::kOk) << test.raw;
      EXPECT_EQ(narrow.text(), test.narrow) << test.raw;
      EXPECT_EQ(narrow.length(), static_cast<SQLLEN>(test.narrow.size())) << test.raw;
      EXPECT_TRUE(narrow.guards_hold());
      EXPECT_EQ(narrow.piece(SQL_C_CHAR, size), R::kOk) << test.raw;
      EXPECT_EQ(narrow.text(), test.narrow) << test.raw;
    }
    for (const std::size_t size : {std::size_t{400}, (test.wide.size() + 1) * 2}) {
      Delivery wide(cell, base::text_type(100));
      EXPECT_EQ(wide.bound(SQL_C_WCHAR, size), R::kOk) << test.raw;
      EXPECT_EQ(wide.wide(), test.wide) << test.raw;
      EXPECT_EQ(wide.length(), static_cast<SQLLEN>(test.wide.size() * 2)) << test.raw;
      EXPECT_TRUE(wide.guards_hold());
      EXPECT_EQ(wide.piece(SQL_C_WCHAR, size), R::kOk) << test.raw;
      EXPECT_EQ(wide.wide(), test.wide) << test.raw;
    }
  }
}

TEST(ConversionText, MaxLengthCutsSilentlyAndTheLengthIsTheCutOne) {
  struct Case {
    Cell cell;
    SQLSMALLINT c_type;
    SQLULEN max;
    std::string_view bytes;
  };
  const Case cases[] = {
      {Cell::of_text("abcdef"), SQL_C_CHAR, 4, "abcd"},
      {Cell::of_text(kMixed), SQL_C_CHAR, 2, "a"},
      {Cell::of_bytes(CellKind::kJsonText, "ab\\ncd"), SQL_C_CHAR, 4, "ab\nc"},
      {Cell::of_text("abcdef"), SQL_C_WCHAR, 2, std::string_view("a\0b\0", 4)},
      {Cell::of_bytes(CellKind::kJsonText, "\\t\\uD83D\\uDE00"), SQL_C_WCHAR, 2,
       std::string_view("\t\0", 2)},
      {Cell::of_bytes(CellKind::kBinary, "abcdef"), SQL_C_BINARY, 3, "abc"},
      {Cell::of_bytes(CellKind::kBinary, "abcdef"), SQL_C_CHAR, 3, "616"},
      {Cell::of_bytes(CellKind::kBinary, "abcdef"), SQL_C_WCHAR, 2,
       std::string_view("6\0001\0", 4)},
      {Cell::of_bytes(CellKind::kBase64, "YWJj"), SQL_C_BINARY, 2, "ab"},
      {Cell::of_text("abcdef"), SQL_C_BINARY, 4, std::string_view("a\0b\0", 4)},
      {Cell::of_int64(123456), SQL_C_CHAR, 2, "123456"},  // text and binary columns only
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    const Case& test = cases[i];
    Delivery delivery(test.cell, base::text_type(100));
    delivery.set_max_length(test.max);
    EXPECT_EQ(delivery.bound(test.c_type, 40), R::kOk) << i;
    EXPECT_EQ(delivery.length(), static_cast<SQLLEN>(test.bytes.size())) << i;
    EXPECT_EQ(delivery.bytes(test.bytes.size()), test.bytes) << i;
    EXPECT_EQ(delivery.piece(test.c_type, 40), R::kOk) << i;
    EXPECT_EQ(delivery.length(), static_cast<SQLLEN>(test.bytes.size())) << i;
    EXPECT_EQ(delivery.bytes(test.bytes.size()), test.bytes) << i;
    EXPECT_EQ(delivery.piece(test.c_type, 40), R::kNoData) << i;
  }
}

TEST(ConversionBinary, Forms) {
  const SQL_DATE_STRUCT date{1970, 1, 2};
  const auto bytes_of = [](const auto& value) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
  };
  struct Case {
    Cell cell;
    TypeInfo type;
    std::string wanted;
    bool may_be_cut;
  };
  const Case cases[] = {
      {Cell::of_bytes(CellKind::kBinary, {"\0\xFF\x10", 3}), base::long_binary_type(),
       std::string("\0\xFF\x10", 3), true},
      {Cell::of_bytes(CellKind::kBase64, "AP8Q"), base::long_binary_type(),
       std::string("\0\xFF\x10", 3), true},
      {Cell::of_bytes(CellKind::kBase64, "YQ=="), base::long_binary_type(), "a", true},
      {Cell::of_bytes(CellKind::kBase64, "-_-_"), base::long_binary_type(), "\xFB\xFF\xBF", true},
      {Cell::of_bytes(CellKind::kBase64, "\\/\\/\\/\\/"), base::long_binary_type(), "\xFF\xFF\xFF",
       true},
      // Wide text is UTF-16 in binary (odbc-pitfalls.md 7.7).
      {Cell::of_text("a\xC3\xA4"), base::text_type(9), std::string("a\0\xE4\0", 4), true},
      {Cell::of_bytes(CellKind::kJsonText, "\\n"), base::text_type(9), std::string("\n\0", 2),
       true},
      {Cell::of_bool(true), base::bit_type(), "\x01", false},
      {Cell::of_int64(258), base::smallint_type(), bytes_of(std::int16_t{258}), false},
      {Cell::of_int64(258), base::integer_type(), bytes_of(std::int32_t{258}), false},
      {Cell::of_int64(258), base::bigint_type(), bytes_of(std::int64_t{258}), false},
      {Cell::of_double(1.5), base::real_type(), bytes_of(1.5F), false},
      {Cell::of_double(1.5), base::double_type(), bytes_of(1.5), false},
      {Cell::of_integer(CellKind::kDate, 1), base::date_type(), bytes_of(date), false},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    const Case& test = cases[i];
    Delivery whole(test.cell, test.type);
    EXPECT_EQ(whole.bound(SQL_C_BINARY, test.wanted.size()), R::kOk) << i;
    EXPECT_EQ(whole.bytes(test.wanted.size()), test.wanted) << i;
    EXPECT_EQ(whole.length(), static_cast<SQLLEN>(test.wanted.size())) << i;
    EXPECT_TRUE(whole.guards_hold()) << i;
    if (test.wanted.size() < 2) continue;
    Delivery cut(test.cell, test.type);
    EXPECT_EQ(cut.bound(SQL_C_BINARY, test.wanted.size() - 1),
              test.may_be_cut ? R::kTruncated : R::kOutOfRange)
        << i;
    EXPECT_TRUE(cut.guards_hold()) << i;
    if (test.may_be_cut) {
      EXPECT_EQ(cut.length(), static_cast<SQLLEN>(test.wanted.size())) << i;
    }
  }
}

TEST(ConversionBinary, AsTextItIsHexadecimal) {
  for (const Cell& cell : {Cell::of_bytes(CellKind::kBinary, {"\0\xFFz", 3}),
                           Cell::of_bytes(CellKind::kBase64, "AP96")}) {
    Delivery narrow(cell, base::long_binary_type());
    EXPECT_EQ(narrow.bound(SQL_C_CHAR, 7), R::kOk);
    EXPECT_EQ(narrow.text(), "00FF7A");
    EXPECT_EQ(narrow.bound(SQL_C_CHAR, 6), R::kTruncated);
    EXPECT_EQ(narrow.length(), 6);
    Delivery wide(cell, base::long_binary_type());
    EXPECT_EQ(wide.bound(SQL_C_WCHAR, 14), R::kOk);
    EXPECT_EQ(wide.wide(), u"00FF7A");
  }
}

TEST(ConversionBinary, BadBase64IsRefusedForEveryForm) {
  for (const SQLSMALLINT c_type :
       std::initializer_list<SQLSMALLINT>{SQL_C_BINARY, SQL_C_CHAR, SQL_C_WCHAR}) {
    Delivery delivery(Cell::of_bytes(CellKind::kBase64, "no base64!"), base::long_binary_type());
    EXPECT_EQ(delivery.bound(c_type, 100), R::kInvalidCharacter) << c_type;
    EXPECT_EQ(delivery.piece(c_type, 100), R::kInvalidCharacter) << c_type;
    EXPECT_EQ(delivery.piece(c_type, 2), R::kInvalidCharacter) << c_type;
  }
}

}  // namespace
}  // namespace graphodbc::driver
