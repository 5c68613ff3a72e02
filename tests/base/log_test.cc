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
