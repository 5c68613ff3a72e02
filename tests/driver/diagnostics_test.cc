#include "driver/diagnostics/diagnostics.h"

#include <gtest/gtest.h>

#include <string>

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
