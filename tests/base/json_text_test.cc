// The inside of JSON strings: escapes, lone surrogates, base64.
#include "base/json_text.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/utf.h"

namespace graphodbc::base {
namespace {

struct Row {
  std::string raw;
  std::string text;
};

const std::vector<Row> kRows = {
    {"", ""},
    {"plain \u00e9\U0001F600", "plain \u00e9\U0001F600"},
    {R"(a\"b\\c\/d)", "a\"b\\c/d"},
    {R"(\b\f\n\r\t)", "\b\f\n\r\t"},
    {R"(\u0041\u00e9\u20ac)", "A\u00e9\u20ac"},
    {R"(x\uD83D\uDE00y)", "x\U0001F600y"},
    {R"(\uD83D)", "\uFFFD"},
    {R"(\uD83Dx)", "\uFFFDx"},
    {R"(\uDE00\uD83D)", "\uFFFD\uFFFD"},
    {R"(\uD83D\u0041)", "\uFFFDA"},
    {R"(\uD83D\n)", "\uFFFD\n"},
    {R"(\q)", "\\q"},
    {R"(\u12)", "\\u12"},
    {"end\\", "end\\"},
};

TEST(JsonText, UnescapesTheSameEveryWay) {
  for (const Row& row : kRows) {
    Arena arena;
    EXPECT_EQ(unescape_json(row.raw, arena), row.text) << row.raw;
    std::string appended = "<";
    unescape_json(row.raw, appended);
    EXPECT_EQ(appended, "<" + row.text) << row.raw;
    std::string stepped;
    for (std::size_t at = 0; at < row.raw.size();) {
      append_utf8(stepped, next_json_code_point(row.raw, at));
    }
    EXPECT_EQ(stepped, row.text) << row.raw;
    const std::u16string wide = utf8_to_utf16(row.text);
    EXPECT_EQ(json_utf16_length(row.raw), wide.size()) << row.raw;
  }
}

TEST(JsonText, Utf16InPiecesNeverHalvesACharacter) {
  for (const Row& row : kRows) {
    for (std::size_t capacity = 2; capacity < 6; ++capacity) {
      std::u16string whole;
      for (std::size_t at = 0; at < row.raw.size();) {
        std::vector<char16_t> piece(capacity);
        std::size_t consumed = 0;
        const std::size_t units = unescape_json_utf16(std::string_view(row.raw).substr(at),
                                                      piece.data(), capacity, consumed);
        ASSERT_GT(consumed, 0U) << row.raw;
        EXPECT_EQ(units, utf16_prefix({piece.data(), units}, units));
        whole.append(piece.data(), units);
        at += consumed;
      }
      EXPECT_EQ(utf16_to_utf8(whole), row.text) << row.raw;
    }
  }
}

// Copying goes by blocks of several sizes: no escape may be missed at their ends, and nothing may
// be written past the text's own length.
TEST(JsonText, FindsEscapesAtEveryPlace) {
  for (std::size_t size = 2; size < 70; ++size) {
    for (std::size_t place = 0; place <= size; ++place) {
      std::string raw(size, 'x');
      std::string text = raw;
      if (place + 2 <= size) {
        raw.replace(place, 2, "\\n");
        text.replace(place, 2, "\n");
      }
      std::string out(size + 1, '#');
      ASSERT_EQ(unescape_json(raw, out.data()), text.size());
      ASSERT_EQ(out.substr(0, text.size()), text) << size << ' ' << place;
      ASSERT_EQ(out.back(), '#');
    }
  }
}

TEST(JsonText, PlainTextStaysInPlace) {
  Arena arena;
  const std::string raw = "no escapes";
  EXPECT_EQ(unescape_json(raw, arena).data(), raw.data());
  EXPECT_EQ(arena.capacity(), 0U);
}

TEST(JsonText, EscapesForWriting) {
  std::string out;
  append_json_escaped(out, "a\"b\\c\n\x01\u00e9");
  EXPECT_EQ(out, "a\\\"b\\\\c\\n\\u0001\u00e9");
}

TEST(Base64, BothAlphabetsWithAndWithoutPadding) {
  const std::vector<Row> rows = {
      {"", ""},
      {"Zg==", "f"},
      {"Zg", "f"},
      {"Zm8=", "fo"},
      {"Zm9v", "foo"},
      {"Zm9vYmE=", "fooba"},
      {"-_8", "\xfb\xff"},
      {"+/8=", "\xfb\xff"},
      {"+\\/8=", "\xfb\xff"},
  };
  for (const Row& row : rows) {
    std::string out;
    EXPECT_TRUE(decode_base64(row.raw, out)) << row.raw;
    EXPECT_EQ(out, row.text) << row.raw;
    EXPECT_EQ(base64_decoded_size(row.raw), row.text.size()) << row.raw;
  }
  std::string out;
  for (const std::string bad : {"Z", "Zm9v!", "Zm 9v", "Zm=9v"}) {
    EXPECT_FALSE(decode_base64(bad, out)) << bad;
  }
}

}  // namespace
}  // namespace graphodbc::base
