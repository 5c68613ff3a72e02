#include "driver/diagnostics/diagnostics.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/utf.h"

namespace graphodbc::driver {
namespace {

std::string order(const Diagnostics& diagnostics) {
  std::string out;
  for (const DiagRecord& record : diagnostics.records()) {
    out += std::string(record.state.code()) + "@" + std::to_string(record.row) + " ";
  }
  return out;
}

TEST(Diagnostics, RanksRowsThenErrorsThenOrderOfPosting) {
  Diagnostics diagnostics;
  diagnostics.post("01004", "cut", 2, 1);
  diagnostics.post("22003", "range", 2, 3);
  diagnostics.post("01S07", "fraction", 1, 1);
  diagnostics.post("01000", "note");
  diagnostics.post("HY000", "failure");
  diagnostics.post("22018", "text", 2, 4);
  EXPECT_EQ(order(diagnostics), "HY000@-1 01000@-1 01S07@1 22003@2 22018@2 01004@2 ");
  EXPECT_TRUE(diagnostics.has_error());
}

TEST(Diagnostics, SaysWhoSpeaks) {
  Diagnostics diagnostics;
  diagnostics.post(base::Error("42S02", "there is no table Foo"));
  diagnostics.post(base::Error("42000", "Graph answered 400", 400));
  EXPECT_EQ(diagnostics.records()[0].message, "[graphodbc][Driver] there is no table Foo");
  EXPECT_EQ(diagnostics.records()[1].message, "[graphodbc][Graph] Graph answered 400");
  EXPECT_EQ(diagnostics.records()[1].native, 400);
  diagnostics.clear();
  EXPECT_TRUE(diagnostics.empty());
}

// A longer record is cut by the driver manager, and not shown at all by isql.
TEST(Diagnostics, LongTextsBecomeSeveralRecords) {
  std::string words;
  while (words.size() < 1500) words += "wörd" + std::to_string(words.size()) + " ";
  words.pop_back();
  const std::string letters = "x" + [] {
    std::string text;
    for (int at = 0; at < 600; ++at) text += "ö";
    return text;
  }();
  for (const auto& [text, glue] : {std::pair{words, " "}, std::pair{letters, ""}}) {
    Diagnostics diagnostics;
    diagnostics.post(base::Error("42000", text), 3);
    diagnostics.post(base::Error("HY000", "after"), 3);
    std::string joined;
    ASSERT_GT(diagnostics.records().size(), 3u);
    for (const DiagRecord& record : diagnostics.records()) {
      EXPECT_LE(record.message.size(), kLongestMessage);
      EXPECT_TRUE(base::is_valid_utf8(record.message)) << record.message;
      EXPECT_EQ(record.row, 3);
      if (record.state.code() != "42000") continue;
      const std::string begin = "[graphodbc][Driver] ";
      const bool more = !joined.empty();
      const std::string whole = begin + (more ? std::string(kContinued) : "");
      ASSERT_TRUE(record.message.starts_with(whole)) << record.message;
      joined += (more ? glue : "") + record.message.substr(whole.size());
    }
    EXPECT_EQ(joined, text);
    EXPECT_EQ(diagnostics.records().back().message, "[graphodbc][Driver] after");
  }
  Diagnostics empty;
  empty.post(base::SqlState("01000"), "");
  ASSERT_EQ(empty.records().size(), 1u);
}

TEST(Diagnostics, OutOfMemoryNeedsNoMemory) {
  Diagnostics diagnostics;
  diagnostics.post_out_of_memory();
  ASSERT_EQ(diagnostics.records().size(), 1u);
  EXPECT_EQ(diagnostics.records()[0].state.code(), "HY001");
}

TEST(Diagnostics, OriginsOfStates) {
  struct Case {
    base::SqlState state;
    std::string class_of, subclass_of;
  };
  const Case cases[] = {{"42000", "ISO 9075", "ISO 9075"}, {"42S02", "ISO 9075", "ODBC 3.0"},
                        {"HYT00", "ISO 9075", "ODBC 3.0"}, {"HY010", "ISO 9075", "ISO 9075"},
                        {"IM001", "ODBC 3.0", "ODBC 3.0"}, {"01S02", "ISO 9075", "ODBC 3.0"}};
  for (const Case& c : cases) {
    EXPECT_EQ(class_origin(c.state), c.class_of) << c.state.code();
    EXPECT_EQ(subclass_origin(c.state), c.subclass_of) << c.state.code();
  }
}

}  // namespace
}  // namespace graphodbc::driver
