#include "driver/text/text.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "base/error.h"

namespace graphodbc::driver {
namespace {

const SQLCHAR* bytes(const char* text) {
  return reinterpret_cast<const SQLCHAR*>(text);
}

std::vector<SQLWCHAR> units(std::u16string_view text) {
  std::vector<SQLWCHAR> out(text.begin(), text.end());
  out.push_back(0);
  return out;
}

TEST(TextIn, TakesTerminatedCountedEmptyAndNullText) {
  EXPECT_EQ(Narrow::in(bytes("caf\xC3\xA9"), SQL_NTS), "caf\xC3\xA9");
  EXPECT_EQ(Narrow::in(bytes("SELECT 1 garbage"), 8), "SELECT 1");
  EXPECT_EQ(Narrow::in(bytes("anything"), 0), "");
  EXPECT_EQ(Narrow::in(nullptr, SQL_NTS), std::nullopt);
  const auto wide = units(u"caf\u00E9 \U0001F600!");
  EXPECT_EQ(Wide::in(wide.data(), SQL_NTS), "caf\xC3\xA9 \xF0\x9F\x98\x80!");
  EXPECT_EQ(Wide::in(wide.data(), 4), "caf\xC3\xA9");
  EXPECT_EQ(Wide::in(nullptr, 3), std::nullopt);
}

TEST(TextIn, MakesReplacementsOfMalformedText) {
  EXPECT_EQ(Narrow::in(bytes("a\xFFz"), SQL_NTS), "a\xEF\xBF\xBDz");
  const SQLWCHAR lone[] = {'a', 0xD83D, 'z', 0};
  EXPECT_EQ(Wide::in(lone, SQL_NTS), "a\xEF\xBF\xBDz");
}

TEST(TextIn, RefusesNegativeLengths) {
  EXPECT_THROW(Narrow::in(bytes("x"), -7), base::Error);
  EXPECT_THROW(Wide::in(units(u"x").data(), -2), base::Error);
}

// "é😀" is 6 bytes, 3 UTF-16 units. A cut never splits a character.
struct CutCase {
  SQLLEN capacity;  // in units of the family
  std::string kept;
  bool truncated;
};

TEST(TextOut, CutsNarrowTextBetweenCharacters) {
  const std::string text = "\xC3\xA9\xF0\x9F\x98\x80";
  const CutCase cases[] = {
      {7, text, false}, {6, "\xC3\xA9", true}, {3, "\xC3\xA9", true}, {2, "", true}, {1, "", true}};
  for (const CutCase& c : cases) {
    std::array<SQLCHAR, 16> buffer;
    buffer.fill('#');
    SQLSMALLINT length = 0;
    EXPECT_EQ((put_text<Narrow, Count::kCharacters>(text, buffer.data(), c.capacity, &length)),
              c.truncated);
    EXPECT_EQ(length, 6);
    EXPECT_EQ(reinterpret_cast<char*>(buffer.data()), c.kept) << c.capacity;
    EXPECT_EQ(buffer[static_cast<std::size_t>(c.capacity)], '#') << "wrote past the buffer";
  }
}

TEST(TextOut, CutsWideTextBetweenCharacters) {
  const std::string text = "\xC3\xA9\xF0\x9F\x98\x80";
  const CutCase cases[] = {
      {4, text, false}, {3, "\xC3\xA9", true}, {2, "\xC3\xA9", true}, {1, "", true}};
  for (const CutCase& c : cases) {
    std::array<SQLWCHAR, 8> buffer;
    buffer.fill(0x23);
    SQLSMALLINT length = 0;
    EXPECT_EQ((put_text<Wide, Count::kCharacters>(text, buffer.data(), c.capacity, &length)),
              c.truncated);
    EXPECT_EQ(length, 3);
    EXPECT_EQ(Wide::in(buffer.data(), SQL_NTS), c.kept) << c.capacity;
    EXPECT_EQ(buffer[static_cast<std::size_t>(c.capacity)], 0x23) << "wrote past the buffer";
  }
}

TEST(TextOut, CountsBytesOrCharactersAsTheFunctionSays) {
  SQLWCHAR buffer[8];
  SQLINTEGER length = 0;
  EXPECT_FALSE((put_text<Wide, Count::kBytes>("abc", buffer, sizeof buffer, &length)));
  EXPECT_EQ(length, 6);
  EXPECT_TRUE((put_text<Wide, Count::kBytes>("abc", buffer, 6, &length)));
  EXPECT_EQ(Wide::in(buffer, SQL_NTS), "ab");
  EXPECT_FALSE((put_text<Wide, Count::kCharacters>("abc", buffer, 4, &length)));
  EXPECT_EQ(length, 3);
}

TEST(TextOut, ANullBufferAsksForTheLength) {
  SQLSMALLINT length = 0;
  EXPECT_FALSE((put_text<Wide, Count::kBytes>("abcd", nullptr, 0, &length)));
  EXPECT_EQ(length, 8);
  EXPECT_FALSE((put_text<Narrow, Count::kBytes>("abcd", nullptr, -1, &length)));
  SQLCHAR buffer[1] = {'#'};
  EXPECT_TRUE((put_text<Narrow, Count::kBytes>("abcd", buffer, 0, &length)));
  EXPECT_EQ(buffer[0], '#') << "a buffer of no bytes is not written";
  EXPECT_THROW((put_text<Narrow, Count::kBytes>("abcd", buffer, -1, &length)), base::Error);
}

TEST(TextOut, LengthsThatDoNotFitTheVariableAreItsLargest) {
  const std::string text(40000, 'x');
  SQLSMALLINT length = 0;
  put_text<Narrow, Count::kCharacters>(text, nullptr, 0, &length);
  EXPECT_EQ(length, 32767);
}

}  // namespace
}  // namespace graphodbc::driver
