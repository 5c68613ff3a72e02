#include "config/connection_string.h"

#include <gtest/gtest.h>

#include <ostream>

#include "base/error.h"

namespace graphodbc::config {
namespace {

using List = std::vector<Attribute>;

struct Case {
  std::string_view text;
  List attributes;
};

// Names the case in ctest's list.
void PrintTo(const Case& given, std::ostream* out) {
  *out << '"' << given.text << '"';
}

class Parse : public testing::TestWithParam<Case> {};

TEST_P(Parse, Gives) {
  const List parsed = parse_connection_string(GetParam().text);
  EXPECT_EQ(parsed, GetParam().attributes) << GetParam().text;
  EXPECT_EQ(parse_connection_string(write_connection_string(parsed)), parsed) << "round trip";
}

INSTANTIATE_TEST_SUITE_P(
    All, Parse,
    testing::Values(Case{"", {}}, Case{";;  ;", {}}, Case{"DSN=graph", {{"DSN", "graph"}}},
                    Case{" DSN = graph ; A=b ", {{"DSN", "graph"}, {"A", "b"}}},
                    Case{"Driver={graph odbc};PWD=", {{"Driver", "graph odbc"}, {"PWD", ""}}},
                    Case{"A={x;y};B=2", {{"A", "x;y"}, {"B", "2"}}}, Case{"A={}}}", {{"A", "}"}}},
                    Case{"A={a}}b};B={{}", {{"A", "a}b"}, {"B", "{"}}},
                    Case{"A={ x } ;", {{"A", " x "}}}, Case{"A=x=y==", {{"A", "x=y=="}}},
                    Case{"A=1;a=2;A=3", {{"A", "1"}}}, Case{"A=x{y}", {{"A", "x{y}"}}},
                    Case{"A=\xC3\xA4\xF0\x9F\x98\x80", {{"A", "\xC3\xA4\xF0\x9F\x98\x80"}}},
                    Case{std::string_view("A=1;\0", 5), {{"A", "1"}}}));

TEST(Parse, RefusesWithPositionAndWithoutValues) {
  for (std::string_view text : {"secretvalue", "A=1;secretvalue", "=secretvalue", "A={secretvalue",
                                "A={secretvalue}x", "A={secretvalue}}", "A=1;=2"}) {
    try {
      (void)parse_connection_string(text);
      ADD_FAILURE() << text;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state().code(), "HY000");
      EXPECT_NE(error.message().find("character"), std::string::npos);
      EXPECT_EQ(error.message().find("secretvalue"), std::string::npos) << error.message();
    }
  }
}

TEST(Parse, BracesProtectWhatNeedsThem) {
  EXPECT_EQ(write_connection_string({{"A", "plain"}, {"B", "a;b}c"}, {"C", ""}, {"D", " x"}}),
            "A=plain;B={a;b}}c};C=;D={ x};");
}

}  // namespace
}  // namespace graphodbc::config
