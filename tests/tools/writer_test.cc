// Parts of the command that can be looked at without running it.
#include <gtest/gtest.h>

#include "base/text_width.h"
#include "tools/row_writer.h"
#include "tools/time_text.h"

namespace graphodbc::tools {
namespace {

TEST(CompactJson, TakesWhiteSpaceBetweenTokensOnly) {
  std::string out = "x";
  EXPECT_TRUE(
      append_compact_json(out, " { \"a b\" : [ 1 , -0.5e+3, \"\\\"\\u00e4\" ,\n{} , [] ] } "));
  EXPECT_EQ(out, "x{\"a b\":[1,-0.5e+3,\"\\\"\\u00e4\",{},[]]}");
}

TEST(CompactJson, RefusesWhatIsNoJson) {
  for (const std::string text : {"", "{", "[1,]", "{\"a\"}", "01", "1.", "-", "tru", "\"a",
                                 "\"\\x\"", "\"\\u12g4\"", "\"\n\"", "[1] 2", "{a:1}", "[1 2]"}) {
    std::string out = "x";
    EXPECT_FALSE(append_compact_json(out, text)) << text;
    EXPECT_EQ(out, "x") << text;
  }
  std::string out;
  EXPECT_FALSE(append_compact_json(out, std::string(5000, '[')));
}

TEST(TimeText, IsForPeople) {
  EXPECT_EQ(duration_text(std::chrono::seconds(1)), "1 second");
  EXPECT_EQ(duration_text(std::chrono::seconds(119)), "119 seconds");
  EXPECT_EQ(duration_text(std::chrono::minutes(61)), "61 minutes");
  EXPECT_EQ(duration_text(std::chrono::hours(24 * 61)), "61 days");
  EXPECT_EQ(duration_text(std::chrono::seconds(-5)), "0 seconds");
  const auto date = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
  ASSERT_TRUE(date);
  EXPECT_EQ(utc_text(*date), "1994-11-06 08:49:37 UTC");
  EXPECT_FALSE(parse_http_date("yesterday"));
}

TEST(TextWidth, IsWhatTerminalsShow) {
  EXPECT_EQ(base::display_width("abc"), 3u);
  EXPECT_EQ(base::display_width("日本"), 4u);
  EXPECT_EQ(base::display_width("a\u0301"), 1u);
  EXPECT_EQ(base::display_width("\U0001F600"), 2u);
}

}  // namespace
}  // namespace graphodbc::tools
