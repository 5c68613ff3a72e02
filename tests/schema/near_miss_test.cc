#include "schema/near_miss.h"

#include <gtest/gtest.h>

namespace graphodbc::schema {
namespace {

TEST(EditDistance, CountsEditsAndSwaps) {
  const struct {
    const char* left;
    const char* right;
    std::size_t edits;
  } kCases[] = {{"", "", 0},
                {"", "abc", 3},
                {"Subject", "SUBJECT", 0},
                {"Subject", "Subjct", 1},
                {"Subject", "Sbuject", 1},
                {"Subject", "Subjekt", 1},
                {"ä", "Ä", 0},
                {"kitten", "sitting", 3}};
  for (const auto& c : kCases) EXPECT_EQ(edit_distance(c.left, c.right), c.edits) << c.left;
}

TEST(NearestName, FindsTheCloseOneOnly) {
  const std::vector<std::string> names = {"Id", "Subject", "From_EmailAddress_Name",
                                          "From_EmailAddress_Address", "Sender_EmailAddress_Name"};
  const struct {
    const char* name;
    const char* nearest;
  } kCases[] = {{"Subjct", "Subject"},
                {"sbuject", "Subject"},
                {"Idd", "Id"},
                {"xyz", ""},
                {"From_EmailAdress_Name", "From_EmailAddress_Name"},
                {"EmailAddress_Address", "From_EmailAddress_Address"},
                {"Address", "From_EmailAddress_Address"},
                {"Name", ""},  // two columns end so
                {"", ""}};
  for (const auto& c : kCases) EXPECT_EQ(nearest_name(c.name, names), c.nearest) << c.name;
  EXPECT_EQ(nearest_name(std::string(100'000, 'a'), names), "");
}

}  // namespace
}  // namespace graphodbc::schema
