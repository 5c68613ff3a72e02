#include "base/log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <ostream>
#include <sstream>

#include "base/error.h"

namespace graphodbc::base {
namespace {

struct RedactCase {
  const char* text;
  const char* expected;
};

// Names the case in ctest's list.
void PrintTo(const RedactCase& given, std::ostream* out) {
  *out << given.text;
}
class Redact : public testing::TestWithParam<RedactCase> {};
TEST_P(Redact, HidesSecretsOnly) {
  EXPECT_EQ(redact(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Redact,
    testing::Values(
        RedactCase{"Authorization: Bearer abc.def-1", "Authorization: Bearer ***"},
        RedactCase{"authorization: basic dXNlcg==", "authorization: basic ***"},
        RedactCase{"grant_type=refresh_token&refresh_token=0.AX-y&client_id=1",
                   "grant_type=refresh_token&refresh_token=***&client_id=1"},
        RedactCase{"{\"access_token\":\"a\\\"b\",\"expires_in\":3600}",
                   "{\"access_token\":\"***\",\"expires_in\":3600}"},
        RedactCase{"{\"refresh_token\" : \"x y\"}", "{\"refresh_token\" : \"***\"}"},
        RedactCase{"DSN=g;ClientSecret={a;b}}c};Scope=x", "DSN=g;ClientSecret=***;Scope=x"},
        RedactCase{"ClientSecret=with blank;Scope=x", "ClientSecret=***;Scope=x"},
        RedactCase{"CLIENT_SECRET=v", "CLIENT_SECRET=***"},
        RedactCase{"?code=0.A&state=1", "?code=***&state=1"},
        RedactCase{"{\"code\":\"ErrorItemNotFound\"}", "{\"code\":\"ErrorItemNotFound\"}"},
        RedactCase{"SELECT Subject FROM Messages", "SELECT Subject FROM Messages"}));

TEST(Log, WritesRedactedLinesToAPrivateFile) {
  const std::string path = testing::TempDir() + "graphodbc_log_test.log";
  ::remove(path.c_str());
  {
    const auto log = Log::open(path, LogLevel::kRequests);
    log->write(LogLevel::kRequests, "POST /token client_secret=hush&x=1");
    log->write(LogLevel::kHeaders, "not at this level");
  }
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_NE(text.str().find("POST /token client_secret=***&x=1\n"), std::string::npos);
  EXPECT_EQ(text.str().find("hush"), std::string::npos);
  EXPECT_EQ(text.str().find("not at this level"), std::string::npos);
}

std::string content_of(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Log, HidesKnownSecretsWhereverTheyStand) {
  const std::string path = testing::TempDir() + "graphodbc_log_hide.log";
  ::remove(path.c_str());
  const auto log = Log::open(path, LogLevel::kAll);
  log->hide(Secret("s+cret/1"));
  log->hide(Secret("short"));
  log->write(LogLevel::kStatements, "a s+cret/1 b s%2Bcret%2F1 c short");
  EXPECT_NE(content_of(path).find("a *** b *** c short"), std::string::npos) << content_of(path);
}

TEST(Log, PutsAFullFileAside) {
  const std::string path = testing::TempDir() + "graphodbc_log_size.log";
  ::remove(path.c_str());
  ::remove((path + ".1").c_str());
  const auto log = Log::open(path, LogLevel::kAll, 1000);
  const auto other = Log::open(path, LogLevel::kAll, 1000);  // as another process would
  for (int i = 0; i < 20; ++i) {
    (i % 2 == 0 ? log : other)->write(LogLevel::kStatements, std::string(100, 'x'));
  }
  EXPECT_LE(content_of(path).size(), 1200u);
  EXPECT_LE(content_of(path + ".1").size(), 1400u);
  EXPECT_GE(content_of(path + ".1").size(), 800u);
  log->write(LogLevel::kStatements, "the last line");
  EXPECT_NE((content_of(path) + content_of(path + ".1")).find("the last line"), std::string::npos);
}

TEST(Log, NamesAFileThatCannotBeOpened) {
  try {
    Log::open("/nonexistent-folder/x.log", LogLevel::kStatements);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.state().code(), "HY000");
    EXPECT_NE(error.message().find("/nonexistent-folder/x.log"), std::string::npos);
  }
}

}  // namespace
}  // namespace graphodbc::base
