// Names of data sources as names of files: different ones stay different, none leads elsewhere.
#include "base/file_name.h"

#include <gtest/gtest.h>

#include <ostream>
#include <set>
#include <vector>

namespace graphodbc::base {
namespace {

struct Named {
  std::string_view name;
  std::string_view file;
};
void PrintTo(const Named& named, std::ostream* out) {
  *out << named.file;
}
class FileName : public testing::TestWithParam<Named> {};
TEST_P(FileName, IsWrittenAs) {
  EXPECT_EQ(file_name_of(GetParam().name), GetParam().file);
}
INSTANTIATE_TEST_SUITE_P(All, FileName,
                         testing::Values(Named{"jobs", "jobs"}, Named{"Work-2_a.b", "work-2_a.b"},
                                         Named{"a b", "a%20b"}, Named{"a_b", "a_b"},
                                         Named{"a/b", "a%2Fb"}, Named{"..", "%2E."},
                                         Named{".", "%2E"}, Named{"../etc/x", "%2E.%2Fetc%2Fx"},
                                         Named{".hidden", "%2Ehidden"}, Named{"a%20b", "a%2520b"},
                                         Named{"B\xC3\xBCro", "b%C3%BCro"}, Named{"a\nb", "a%0Ab"},
                                         Named{std::string_view("a\0b", 3), "a%00b"},
                                         Named{"", "%default"}));

TEST(FileNames, DifferInWhatNamesDifferIn) {
  const std::vector<std::string> names = {"a b",      "a_b",     "a-b",  "a.b", "a/b",  "a\\b",
                                          "a%20b",    "a%2520b", "a  b", "ab",  " a b", "default",
                                          "%default", "",        ".",    ".."};
  std::set<std::string> files;
  for (const std::string& name : names) files.insert(file_name_of(name));
  EXPECT_EQ(files.size(), names.size());
  EXPECT_EQ(file_name_of("Jobs"), file_name_of("JOBS"));
}

TEST(FileNames, HoldNothingThatFileSystemsOrShellsReadOtherwise) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string file = file_name_of(std::string(1, static_cast<char>(byte)) + "x");
    EXPECT_EQ(file.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_%ABCDEF"),
              std::string::npos)
        << file;
  }
}

TEST(FileNames, AreNoLongerThanPromised) {
  const std::string longest(32, '/');  // SQLValidDSN allows no more
  EXPECT_EQ(file_name_of(longest).size(), 96u);
  EXPECT_EQ(file_name_of(std::string(5000, 'x')), std::string(5000, 'x'));
}

}  // namespace
}  // namespace graphodbc::base
