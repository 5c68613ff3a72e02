// Where the secrets of data sources are kept: a file for each, whatever the data source's name.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "config/dsn_file.h"

namespace graphodbc::config {
namespace {

namespace fs = std::filesystem;

class SecretFile : public testing::Test {
 protected:
  SecretFile() {
    std::string name = fs::temp_directory_path() / "graphodbc-secret-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    const char* before = std::getenv("XDG_CONFIG_HOME");
    before_ = before == nullptr ? "" : before;
    ::setenv("XDG_CONFIG_HOME", folder_.c_str(), 1);
  }
  ~SecretFile() override {
    before_.empty() ? ::unsetenv("XDG_CONFIG_HOME")
                    : ::setenv("XDG_CONFIG_HOME", before_.c_str(), 1);
    fs::remove_all(folder_);
  }
  static std::string keep(const std::string& dsn, std::string_view key, const std::string& secret) {
    return store_secret(DsnScope::kUser, dsn, key, secret);
  }
  static std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  fs::path folder_;
  std::string before_;
};

TEST_F(SecretFile, IsNamedAfterDataSourceAndKey) {
  const fs::path place = folder_ / "graphodbc";
  EXPECT_EQ(keep("jobs", "ClientSecret", "s"), place / "jobs.ClientSecret");
  EXPECT_EQ(keep("jobs", "clientsecret", "s"), place / "jobs.ClientSecret");
  EXPECT_EQ(keep("JOBS", "ClientSecret", "s"), place / "jobs.ClientSecret");
  EXPECT_EQ(keep("night-jobs_2", "ClientSecret", "s"), place / "night-jobs_2.ClientSecret");
  EXPECT_EQ(keep("a b", "ClientSecret", "s"), place / "a%20b.ClientSecret");
}

TEST_F(SecretFile, IsSharedByNoTwoDataSources) {
  const std::string longest(32, '/');
  const std::vector<std::string> names = {"a b", "a_b", "a/b", "a.b",   "a:b",  "a%20b", "..",
                                          ".",   "a+b", "a-b", longest, "../x", "..%2Fx"};
  std::set<fs::path> paths;
  for (const std::string& name : names) {
    const fs::path path = keep(name, "ClientSecret", "secret of " + name);
    EXPECT_TRUE(paths.insert(path).second) << path;
    EXPECT_EQ(path.parent_path(), folder_ / "graphodbc");
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
  }
  for (const std::string& name : names) {
    const std::string other_key = keep(name, "RefreshToken", "t");
    EXPECT_EQ(read(keep(name, "ClientSecret", "again " + name)), "again " + name + "\n");
    EXPECT_EQ(read(other_key), "t\n");
  }
  EXPECT_EQ(std::distance(fs::recursive_directory_iterator(folder_), {}),
            static_cast<std::ptrdiff_t>(1 + 2 * names.size()));
}

TEST_F(SecretFile, IsNotMadeForWhatIsNoName) {
  for (const std::string& name :
       {std::string(), std::string(33, 'x'), std::string("a]b"), std::string("a\nb")}) {
    try {
      (void)keep(name, "ClientSecret", "s");
      ADD_FAILURE() << name;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state().code(), "HY024");
    }
  }
  EXPECT_FALSE(fs::exists(folder_ / "graphodbc"));
}

}  // namespace
}  // namespace graphodbc::config
