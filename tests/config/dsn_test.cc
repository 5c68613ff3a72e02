#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "config/settings.h"

namespace graphodbc::config {
namespace {

namespace fs = std::filesystem;

// libodbcinst caches what it read from a file, so that every test has names of its own.
class DsnTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string name = fs::temp_directory_path() / "graphodbc-dsn-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    std::ofstream out(folder_ / "odbc.ini");
    out << "[graph]\nDriver = /x/libgraphodbc.so\nDescription = Mail\nAccessToken = from-dsn\n"
        << "RetryCountMax = 7\nDMConnAttr = x\nTrace = no\nOddKey = 1\n"
        << "[long]\nAccessToken = " << std::string(1500, 'a') << "\n";
    out.close();
    ::setenv("ODBCINI", (folder_ / "odbc.ini").c_str(), 1);
    ::setenv("ODBCSYSINI", folder_.c_str(), 1);
  }
  static void TearDownTestSuite() { fs::remove_all(folder_); }

  static inline fs::path folder_;
};

TEST_F(DsnTest, GivesDefaultsUnderTheString) {
  const Resolved resolved =
      resolve_connection_string("DSN=graph;RETRYCOUNTMAX=3;Account=a@b.example");
  EXPECT_EQ(resolved.settings.dsn, "graph");
  EXPECT_EQ(resolved.settings.retry_count, 3);
  EXPECT_EQ(resolved.settings.access_token.reveal(), "from-dsn");
  EXPECT_EQ(resolved.connection_string, "DSN=graph;RETRYCOUNTMAX=3;Account={a@b.example};");
  ASSERT_EQ(resolved.warnings.size(), 1u);
  EXPECT_EQ(resolved.warnings[0].state.code(), "01S00");
  EXPECT_NE(resolved.warnings[0].message.find("OddKey"), std::string::npos);
}

TEST_F(DsnTest, ConnectsByName) {
  const Resolved resolved = resolve_dsn("graph", "", "");
  EXPECT_EQ(resolved.settings.retry_count, 7);
  EXPECT_EQ(resolve_dsn("graph", "me", "secret").warnings.size(), 2u);
}

TEST_F(DsnTest, AnUnknownNameHasNoAttributes) {
  EXPECT_TRUE(read_dsn("nowhere").empty());
}

TEST_F(DsnTest, ValuesThatTheManagerCutAreRefused) {
  try {
    (void)resolve_connection_string("DSN=long");
    ADD_FAILURE();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state().code(), "HY024");
    EXPECT_NE(error.message().find("RefreshTokenFilePath"), std::string::npos);
    EXPECT_EQ(error.message().find("aaaa"), std::string::npos);
  }
}

TEST_F(DsnTest, ThreadsMayConnectAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 50; ++n) EXPECT_EQ(read_dsn("graph").size(), 7u);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace graphodbc::config
