// SQLGetData in pieces (odbc-pitfalls.md 8.1 to 8.4).
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/datetime.h"
#include "tests/driver/conversion_fixture.h"

namespace graphodbc::driver {
namespace {

using base::Cell;
using base::CellKind;
using R = ConvertResult;

// "aä€😀" in UTF-8 and as JSON.
constexpr std::string_view kMixed = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
constexpr std::string_view kMixedJson = "a\\u00e4\xE2\x82\xAC\\uD83D\\uDE00";
const std::u16string kMixedWide = u"a\u00E4\u20AC\U0001F600";

std::string raw_bytes(std::u16string_view text) {
  return {reinterpret_cast<const char*>(text.data()), text.size() * 2};
}

std::size_t terminator_of(SQLSMALLINT c_type) {
  return c_type == SQL_C_WCHAR ? 2 : c_type == SQL_C_CHAR ? 1 : 0;
}

// Reads as pyodbc and nanodbc do: after 01004 the buffer is taken to be full bar one terminator.
std::string join_pieces(Delivery& delivery, SQLSMALLINT c_type, std::size_t size) {
  std::string joined;
  SQLLEN left = -1;
  for (int piece = 0; piece < 100; ++piece) {
    const R result = delivery.piece(c_type, size);
    EXPECT_TRUE(delivery.guards_hold());
    const std::size_t terminator = terminator_of(c_type);
    if (left >= 0) {
      EXPECT_EQ(delivery.length(), left) << "the length is what was left before the call";
    }
    const auto available = static_cast<std::size_t>(delivery.length());
    if (result == R::kOk) {
      joined += delivery.bytes(available);
      EXPECT_EQ(delivery.piece(c_type, size), R::kNoData);
      EXPECT_EQ(delivery.piece(c_type, size), R::kNoData);
      return joined;
    }
    EXPECT_EQ(result, R::kTruncated);
    joined += delivery.bytes(size - terminator);
    EXPECT_EQ(delivery.bytes(size).substr(size - terminator), std::string(terminator, '\0'));
    left = static_cast<SQLLEN>(available - (size - terminator));
  }
  ADD_FAILURE() << "no end";
  return joined;
}

TEST(GetDataPieces, JoinToTheWholeWhateverTheBuffer) {
  const std::string hex = "00FF107A";
  const std::string bytes("\0\xFF\x10z", 4);
  struct Case {
    const char* what;
    Cell cell;
    SQLSMALLINT c_type;
    std::string whole;
  };
  const Cell mixed = Cell::of_text(kMixed);
  const Cell json = Cell::of_bytes(CellKind::kJsonText, kMixedJson);
  const Cell binary = Cell::of_bytes(CellKind::kBinary, bytes);
  const Cell base64 = Cell::of_bytes(CellKind::kBase64, "AP8Qeg==");
  const Cell object = Cell::of_bytes(CellKind::kJson, "{\"a\":\"\\n\"}");
  const std::u16string wide_hex(hex.begin(), hex.end());
  const Case cases[] = {
      {"text", mixed, SQL_C_CHAR, std::string(kMixed)},
      {"wide text", mixed, SQL_C_WCHAR, raw_bytes(kMixedWide)},
      {"text as binary", mixed, SQL_C_BINARY, raw_bytes(kMixedWide)},
      {"JSON text", json, SQL_C_CHAR, std::string(kMixed)},
      {"wide JSON text", json, SQL_C_WCHAR, raw_bytes(kMixedWide)},
      {"JSON text as binary", json, SQL_C_BINARY, raw_bytes(kMixedWide)},
      {"JSON", object, SQL_C_CHAR, "{\"a\":\"\\n\"}"},
      {"wide JSON", object, SQL_C_WCHAR, raw_bytes(u"{\"a\":\"\\n\"}")},
      {"binary", binary, SQL_C_BINARY, bytes},
      {"binary as text", binary, SQL_C_CHAR, hex},
      {"binary as wide text", binary, SQL_C_WCHAR, raw_bytes(wide_hex)},
      {"base64", base64, SQL_C_BINARY, bytes},
      {"base64 as text", base64, SQL_C_CHAR, hex},
      {"base64 as wide text", base64, SQL_C_WCHAR, raw_bytes(wide_hex)},
  };
  for (const Case& test : cases) {
    const std::size_t unit = test.c_type == SQL_C_WCHAR ? 2 : 1;
    const std::size_t least = terminator_of(test.c_type) + unit;
    for (std::size_t size = least; size <= test.whole.size() + 2 * unit; size += unit) {
      Delivery delivery(test.cell, base::long_text_type());
      EXPECT_EQ(join_pieces(delivery, test.c_type, size), test.whole)
          << test.what << " with a buffer of " << size;
    }
  }
}

TEST(GetDataPieces, ProbesConsumeNothing) {
  struct Case {
    SQLSMALLINT c_type;
    std::size_t probe;
    SQLLEN length;
  };
  for (const Case& test :
       {Case{SQL_C_CHAR, 0, 10}, Case{SQL_C_CHAR, 1, 10}, Case{SQL_C_WCHAR, 0, 10},
        Case{SQL_C_WCHAR, 1, 10}, Case{SQL_C_WCHAR, 2, 10}, Case{SQL_C_BINARY, 0, 10}}) {
    Delivery delivery(Cell::of_text(kMixed), base::text_type(20));
    for (int again = 0; again < 3; ++again) {
      EXPECT_EQ(delivery.piece(test.c_type, test.probe), R::kTruncated);
      EXPECT_EQ(delivery.length(), test.length);
      EXPECT_TRUE(delivery.guards_hold());
    }
    EXPECT_EQ(delivery.piece(test.c_type, 100), R::kOk);
    EXPECT_EQ(delivery.length(), test.length);
    EXPECT_EQ(delivery.piece(test.c_type, 100), R::kNoData);
  }
}

TEST(GetDataPieces, AProbeBetweenPiecesGivesWhatIsLeft) {
  Delivery delivery(Cell::of_text("abcdef"), base::text_type(20));
  EXPECT_EQ(delivery.piece(SQL_C_CHAR, 4), R::kTruncated);
  EXPECT_EQ(delivery.text(), "abc");
  EXPECT_EQ(delivery.piece(SQL_C_CHAR, 0), R::kTruncated);
  EXPECT_EQ(delivery.length(), 3);
  EXPECT_EQ(delivery.piece(SQL_C_CHAR, 4), R::kOk);
  EXPECT_EQ(delivery.text(), "def");
}

TEST(GetDataPieces, NumbersAndDatesCanBeProbedAndAreThenWhole) {
  const Cell cells[] = {Cell::of_int64(-12345), Cell::of_double(-1.25),
                        Cell::of_integer(CellKind::kTime, base::kTicksPerSecond)};
  for (const Cell& cell : cells) {
    Delivery delivery(cell, base::bigint_type());
    EXPECT_EQ(delivery.piece(SQL_C_CHAR, 0), R::kTruncated);
    const SQLLEN length = delivery.length();
    EXPECT_GT(length, 0);
    EXPECT_EQ(delivery.piece(SQL_C_CHAR, 1), R::kTruncated);
    EXPECT_EQ(delivery.text(), "");
    EXPECT_EQ(delivery.piece(SQL_C_CHAR, 2), R::kOutOfRange);
    EXPECT_EQ(delivery.piece(SQL_C_CHAR, static_cast<std::size_t>(length) + 1), R::kOk);
    EXPECT_EQ(delivery.length(), length);
    EXPECT_EQ(delivery.piece(SQL_C_CHAR, 40), R::kNoData);
    EXPECT_EQ(delivery.piece(SQL_C_WCHAR, 0), R::kTruncated);
    EXPECT_EQ(delivery.length(), length * 2);
    EXPECT_EQ(delivery.piece(SQL_C_WCHAR, 100), R::kOk);
  }
}

TEST(GetDataPieces, AnEmptyTextIsOneSuccess) {
  for (const Cell& cell : {Cell::of_text(""), Cell::of_bytes(CellKind::kJsonText, "")}) {
    for (const SQLSMALLINT c_type :
         std::initializer_list<SQLSMALLINT>{SQL_C_CHAR, SQL_C_WCHAR, SQL_C_BINARY}) {
      Delivery delivery(cell, base::text_type(20));
      EXPECT_EQ(delivery.piece(c_type, terminator_of(c_type)), R::kOk);
      EXPECT_EQ(delivery.length(), 0);
      EXPECT_EQ(delivery.bytes(terminator_of(c_type)), std::string(terminator_of(c_type), '\0'));
      EXPECT_TRUE(delivery.guards_hold());
      EXPECT_EQ(delivery.piece(c_type, 10), R::kNoData);
    }
    Delivery probed(cell, base::text_type(20));
    EXPECT_EQ(probed.piece(SQL_C_CHAR, 0), R::kTruncated) << "there is no room for the terminator";
    EXPECT_EQ(probed.length(), 0);
    EXPECT_EQ(probed.piece(SQL_C_CHAR, 10), R::kOk);
    EXPECT_EQ(probed.text(), "");
  }
}

TEST(GetDataPieces, NullsAndFixedTypesAreReadOnce) {
  Delivery null(Cell::null(), base::text_type(20));
  EXPECT_EQ(null.piece(SQL_C_CHAR, 10), R::kOk);
  EXPECT_EQ(null.length(), SQL_NULL_DATA);
  EXPECT_EQ(null.piece(SQL_C_CHAR, 10), R::kNoData);

  Delivery number(Cell::of_int64(5), base::integer_type());
  EXPECT_EQ(number.piece(SQL_C_SLONG, 4), R::kOk);
  EXPECT_EQ(number.length(), 4);
  EXPECT_EQ(number.piece(SQL_C_SLONG, 4), R::kNoData);
  EXPECT_EQ(number.piece(SQL_C_SLONG, 4), R::kNoData);
}

TEST(GetDataPieces, AnotherCTypeStartsOver) {
  Delivery delivery(Cell::of_text("abcdef"), base::text_type(20));
  EXPECT_EQ(delivery.piece(SQL_C_CHAR, 4), R::kTruncated);
  EXPECT_EQ(delivery.piece(SQL_C_WCHAR, 6), R::kTruncated);
  EXPECT_EQ(delivery.length(), 12);
  EXPECT_EQ(delivery.wide(), u"ab");
  EXPECT_EQ(delivery.piece(SQL_C_CHAR, 10), R::kOk);
  EXPECT_EQ(delivery.text(), "abcdef");
  EXPECT_EQ(delivery.piece(SQL_C_CHAR, 10), R::kNoData);
  EXPECT_EQ(delivery.piece(SQL_C_BINARY, 12), R::kOk);
}

TEST(GetDataPieces, AFailureCanBeRetriedWithAnotherType) {
  Delivery delivery(Cell::of_text("12x"), base::text_type(20));
  EXPECT_EQ(delivery.piece(SQL_C_SLONG, 4), R::kInvalidCharacter);
  EXPECT_EQ(delivery.piece(SQL_C_SLONG, 4), R::kInvalidCharacter);
  EXPECT_EQ(delivery.piece(SQL_C_CHAR, 4), R::kOk);
}

TEST(GetDataPieces, NullWithoutIndicatorStaysReadable) {
  char buffer[4];
  SQLLEN indicator = 0;
  TargetBuffer target;
  target.pointer = buffer;
  target.buffer_length = sizeof(buffer);
  GetDataState state;
  EXPECT_EQ(deliver(Cell::null(), base::text_type(9), target, &state), R::kNullNoIndicator);
  target.octet_length_ptr = target.indicator_ptr = &indicator;
  EXPECT_EQ(deliver(Cell::null(), base::text_type(9), target, &state), R::kOk);
  EXPECT_EQ(indicator, SQL_NULL_DATA);
}

}  // namespace
}  // namespace graphodbc::driver
