#include "base/utf.h"

#include <gtest/gtest.h>

namespace graphodbc::base {
namespace {

using namespace std::string_literals;

TEST(Utf, RoundTripsTextBeyondTheBasicPlane) {
  const std::string text = "Grüße, 日本 \U0001F600 \U0010FFFF and plenty of plain ASCII";
  EXPECT_EQ(utf16_to_utf8(utf8_to_utf16(text)), text);
  EXPECT_EQ(utf16_length("\U0001F600"), 2u);
  EXPECT_EQ(count_code_points("a\U0001F600b"), 3u);
}

TEST(Utf, MalformedInputBecomesReplacementCharacters) {
  EXPECT_EQ(utf16_to_utf8(std::u16string{0xD83D, u'x'}), "\uFFFDx");
  EXPECT_EQ(utf16_to_utf8(std::u16string{u'x', 0xDE00}), "x\uFFFD");
  EXPECT_EQ(utf8_to_utf16("\xC3"s), u"\uFFFD");
  EXPECT_EQ(utf8_to_utf16("\xC0\xAF"s), u"\uFFFD\uFFFD");
  EXPECT_EQ(utf8_to_utf16("\xED\xA0\x80"s), u"\uFFFD\uFFFD\uFFFD");  // an encoded surrogate
  EXPECT_EQ(utf8_to_utf16("\xF5\x80\x80\x80"s), u"\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_FALSE(is_valid_utf8("ok \xFF"));
  EXPECT_TRUE(is_valid_utf8("ok \uFFFD"));
}

TEST(Utf, NeverSplitsACharacter) {
  EXPECT_EQ(utf8_prefix("a\U0001F600", 4), 1u);
  EXPECT_EQ(utf8_prefix("a\U0001F600", 5), 5u);
  EXPECT_EQ(utf8_prefix("\u00e9\u00e9", 3), 2u);
  EXPECT_EQ(utf16_prefix(u"a\U0001F600", 2), 1u);
  EXPECT_EQ(utf16_prefix(u"a\U0001F600", 3), 3u);
  char16_t out[8];
  std::size_t consumed = 0;
  EXPECT_EQ(utf8_to_utf16("abc\U0001F600d", out, 4, consumed), 3u);
  EXPECT_EQ(consumed, 3u);
}

TEST(Utf, FoldsCaseSimply) {
  EXPECT_TRUE(equal_nocase("AdeleV@Contoso.COM", "adelev@contoso.com"));
  EXPECT_TRUE(equal_nocase("ÄÖÜ", "äöü"));
  EXPECT_TRUE(equal_nocase("ΣΑΣ", "σας"));          // final sigma
  EXPECT_TRUE(equal_nocase("\u212A", "k"));         // Kelvin sign
  EXPECT_FALSE(equal_nocase("straße", "STRASSE"));  // full folding, which SQL does not use
  EXPECT_LT(compare_text("a", "B", true), 0);
  EXPECT_GT(compare_text("a", "B", false), 0);
  EXPECT_LT(compare_text("\uFFFD", "\U0001F600", false), 0);  // by code point, not UTF-16 unit
  EXPECT_LT(compare_text("ab", "abc", true), 0);
}

}  // namespace
}  // namespace graphodbc::base
