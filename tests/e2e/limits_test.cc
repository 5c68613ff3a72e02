// docs/limits.md says what happens: each of its rows is run here, and the page is what these rows
// make of it.
#include "tests/e2e/limits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace graphodbc::test {
namespace {

TEST(Limits, EachHasItsSqlstateAndSaysWhatToDo) {
  const Tenant tenant({"--messages", "3000"});
  for (const Limit& limit : limits()) {
    const LimitOutcome outcome = limit.probe(tenant);
    EXPECT_EQ(outcome.state, limit.state) << limit.what << "\n" << outcome.message;
    if (limit.state.empty()) {
      EXPECT_EQ(outcome.message, limit.says) << limit.what;
      continue;
    }
    EXPECT_NE(outcome.message.find(limit.says), std::string::npos)
        << limit.what << ": \"" << outcome.message << "\" lacks \"" << limit.says << '"';
  }
}

// The page with its tables made anew.
std::string rebuilt(std::string page) {
  for (const std::string& section : limit_sections()) {
    const std::string begin = "<!-- limits: " + section + " -->\n";
    const std::string end = "\n<!-- end of limits -->";
    const std::size_t at = page.find(begin);
    const std::size_t stop = at == std::string::npos ? at : page.find(end, at);
    if (stop == std::string::npos) {
      ADD_FAILURE() << "docs/limits.md has no place for the table " << section;
      continue;
    }
    const std::size_t start = at + begin.size();
    page.replace(start, stop - start, limits_as_markdown(section));
  }
  return page;
}

TEST(Limits, ThePageInTheDocumentsIsMadeOfThem) {
  const std::string path = GRAPHODBC_SOURCE_DIR "/docs/limits.md";
  std::ifstream file(path);
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::string wanted = rebuilt(page);
  if (std::getenv("GRAPHODBC_WRITE_LIMITS") != nullptr) {
    std::ofstream(path) << wanted;
    return;
  }
  EXPECT_EQ(page, wanted) << "GRAPHODBC_WRITE_LIMITS=1 writes docs/limits.md anew";
}

TEST(Limits, AreAllOnThePage) {
  const std::vector<std::string> sections = limit_sections();
  for (const Limit& limit : limits()) {
    EXPECT_NE(std::find(sections.begin(), sections.end(), limit.section), sections.end())
        << limit.section;
  }
}

}  // namespace
}  // namespace graphodbc::test
