#include "graph/oauth/token_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

namespace graphodbc::graph {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

class TokenFileTest : public testing::Test {
 protected:
  TokenFileTest() {
    std::string name = fs::temp_directory_path() / "graphodbc-token-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ / "token.json";
  }
  ~TokenFileTest() override { fs::remove_all(folder_); }

  void put(std::string_view text) const { std::ofstream(path_, std::ios::binary) << text; }
  std::string get() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  TokenFile file() const { return TokenFile(path_); }
  std::string failure() const {
    try {
      (void)file().read();
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state().code(), "08001");
      return error.message();
    }
    return "";
  }

  fs::path folder_;
  fs::path path_;
};

TEST_F(TokenFileTest, FourFailuresReadDifferently) {
  std::set<std::string> messages = {failure()};  // missing
  for (std::string_view text :
       {" \n", "{\"access_token\": \"s3cret", "{\"id_token\":\"s3cret\"}"}) {
    put(text);
    messages.insert(failure());
  }
  EXPECT_EQ(messages.size(), 4u);
  EXPECT_EQ(messages.count(""), 0u);
  for (const std::string& message : messages) {
    EXPECT_NE(message.find("RefreshTokenFilePath"), std::string::npos) << message;
    EXPECT_EQ(message.find("s3cret"), std::string::npos) << message;
  }
}

TEST_F(TokenFileTest, NoTokensAreNoFailureWhereThereMayBeNone) {
  EXPECT_TRUE(file().read_if_any().refresh_token.empty()) << "missing";
  EXPECT_TRUE(TokenFile(folder_ / "a" / "b.json").read_if_any().refresh_token.empty());
  for (std::string_view text : {"", " \n", "{}", R"({"note":"mine"})"}) {
    put(text);
    const StoredTokens stored = file().read_if_any();
    EXPECT_TRUE(stored.refresh_token.empty() && stored.access.text.empty()) << text;
  }
  put(R"({"refresh_token":"r"})");
  EXPECT_EQ(file().read_if_any().refresh_token.reveal(), "r");
  put("{\"refresh_token\":");
  EXPECT_THROW((void)file().read_if_any(), base::Error);
}

TEST_F(TokenFileTest, WhatCannotBeWrittenIsKnownBefore) {
  TokenFile(folder_ / "new" / "one" / "token.json").prepare_replace();
  EXPECT_TRUE(fs::is_empty(folder_ / "new" / "one"));
  put("garbled");
  EXPECT_NO_THROW(file().prepare_replace());
  EXPECT_EQ(get(), "garbled");
  fs::create_directory(folder_ / "dir");
  for (const char* name : {"dir", "token.json/below.json", "token.json/below/it.json"}) {
    EXPECT_THROW(TokenFile(folder_ / name).prepare_replace(), base::Error) << name;
  }
  if (::geteuid() == 0) return;  // nothing is forbidden then
  ASSERT_EQ(::chmod(path_.c_str(), 0), 0);
  EXPECT_THROW(file().prepare_replace(), base::Error);
  EXPECT_THROW((void)file().read_if_any(), base::Error);
  ASSERT_EQ(::chmod((folder_ / "dir").c_str(), 0500), 0);
  EXPECT_THROW(TokenFile(folder_ / "dir" / "token.json").prepare_replace(), base::Error);
}

TEST_F(TokenFileTest, RefusesWhatIsNoTokenFile) {
  for (std::string_view text : {"[]", "\"text\"", "{} {}", "\xff\xfe{"}) {
    put(text);
    EXPECT_NE(failure(), "") << text;
  }
  fs::create_directory(folder_ / "dir");
  EXPECT_THROW((void)TokenFile(folder_ / "dir").read(), base::Error);
}

TEST_F(TokenFileTest, ExpiryIsChangeTimePlusExpiresIn) {
  for (std::string_view text : {R"({"access_token":"a","refresh_token":"r","expires_in":3600})",
                                R"({"access_token":"a","refresh_token":"r","expires_in":"3600"})",
                                "\xEF\xBB\xBF{\"access_token\":\"a\",\"refresh_token\":\"r\","
                                "\"expires_in\":3600.0}"}) {
    put(text);
    const utimbuf times{1'000'000, 1'000'000};
    ASSERT_EQ(::utime(path_.c_str(), &times), 0);
    const StoredTokens tokens = file().read();
    EXPECT_EQ(tokens.access.text.reveal(), "a");
    EXPECT_EQ(tokens.refresh_token.reveal(), "r");
    EXPECT_EQ(tokens.access.lifetime, seconds(3600));
    EXPECT_EQ(tokens.access.expires_at, WallTime(seconds(1'003'600)));
  }
}

TEST_F(TokenFileTest, ExpiresAtWinsAndNothingMeansExpired) {
  put(R"({"access_token":"a","refresh_token":"r","expires_in":3600,"expires_at":2000000000})");
  EXPECT_EQ(file().read().access.expires_at, WallTime(seconds(2'000'000'000)));
  put(R"({"access_token":"a","refresh_token":"r"})");
  EXPECT_TRUE(is_expired(file().read().access, std::chrono::system_clock::now()));
  put(R"({"access_token":"a","refresh_token":"r","expires_at":9e18,"expires_in":-5})");
  EXPECT_NO_THROW((void)file().read());
}

TEST_F(TokenFileTest, ATokenThatForgesHeadersIsNone) {
  put("{\"access_token\":\"a\\r\\nX: y\",\"refresh_token\":\"r\",\"expires_in\":3600}");
  EXPECT_TRUE(file().read().access.text.empty());
}

TEST_F(TokenFileTest, WritingKeepsOtherMembers) {
  put(R"({"scope":"Mail.Read","access_token":"old","n":{"a":[1,2.5,null]},"refresh_token":"old"})");
  StoredTokens tokens;
  tokens.access = {base::Secret("new\"1"), WallTime(seconds(2'000'000'000)), seconds(3600)};
  tokens.refresh_token = base::Secret("rotated");
  file().write(tokens);
  const StoredTokens back = file().read();
  EXPECT_EQ(back.access.text.reveal(), "new\"1");
  EXPECT_EQ(back.refresh_token.reveal(), "rotated");
  EXPECT_EQ(back.access.expires_at, tokens.access.expires_at);
  EXPECT_NE(get().find(R"("scope": "Mail.Read")"), std::string::npos) << get();
  EXPECT_NE(get().find(R"("n": {"a":[1,2.5,null]})"), std::string::npos) << get();
  EXPECT_EQ(get().find("old"), std::string::npos);
  struct stat status = {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "no temporary file stays";
}

TEST_F(TokenFileTest, ASymbolicLinkStaysOne) {
  put(R"({"refresh_token":"r"})");
  const fs::path link = folder_ / "link.json";
  fs::create_symlink(path_, link);
  TokenFile(link).write({{base::Secret("a"), std::nullopt, seconds(1)}, base::Secret("r2")});
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(file().read().refresh_token.reveal(), "r2");
}

// A file as a writer that was killed leaves it, a while ago.
fs::path leave(const fs::path& path, long age = 3600, mode_t mode = 0600) {
  std::ofstream(path) << "{\"refresh_token\":\"s3cret\"}";
  ::chmod(path.c_str(), mode);
  const auto then = ::time(nullptr) - age;
  const utimbuf times{then, then};
  ::utime(path.c_str(), &times);
  return path;
}

TEST_F(TokenFileTest, WhatKilledWritersLeftGoes) {
  put(R"({"refresh_token":"r"})");
  const fs::path one = leave(folder_ / "token.json.graphodbc-aB3xY9");
  const fs::path two = leave(folder_ / "token.json.graphodbc-000000");
  const StoredTokens tokens = {{base::Secret("a"), std::nullopt, seconds(1)}, base::Secret("r2")};
  file().write(tokens);
  EXPECT_FALSE(fs::exists(one));
  EXPECT_FALSE(fs::exists(two));
  EXPECT_EQ(file().read().refresh_token.reveal(), "r2");
  (void)leave(one);
  file().change({{"scope", "s"}});
  EXPECT_FALSE(fs::exists(one));
  (void)leave(one);
  file().replace(tokens, {});
  EXPECT_FALSE(fs::exists(one));
}

TEST_F(TokenFileTest, NothingElseGoes) {
  put(R"({"refresh_token":"r"})");
  std::vector<fs::path> kept;
  for (const char* name :
       {"token.json.backup", "token.json.graphodbc-aB3xY", "token.json.graphodbc-aB3xY99",
        "token.json.graphodbc-aB3x.9", "token.json.graphodbc", "other.json.graphodbc-aB3xY9",
        "a-token.json.graphodbc-aB3xY9", "token.json.XXXXXX", "token.json.lock"}) {
    kept.push_back(leave(folder_ / name));
  }
  kept.push_back(leave(folder_ / "token.json.graphodbc-young1", 10));
  kept.push_back(leave(folder_ / "token.json.graphodbc-shared", 3600, 0644));
  kept.push_back(folder_ / "token.json.graphodbc-link01");
  fs::create_symlink(leave(folder_ / "elsewhere"), kept.back());
  kept.push_back(folder_ / "token.json.graphodbc-folder");
  fs::create_directory(kept.back());
  kept.push_back(folder_ / "token.json.graphodbc-pipe01");
  ASSERT_EQ(::mkfifo(kept.back().c_str(), 0600), 0);
  // A writer that lives, however slow it is.
  kept.push_back(leave(folder_ / "token.json.graphodbc-writer"));
  const int writer = ::open(kept.back().c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(writer, LOCK_EX | LOCK_NB), 0);

  const StoredTokens tokens = {{base::Secret("a"), std::nullopt, seconds(1)}, base::Secret("r2")};
  file().write(tokens);
  for (const fs::path& path : kept) {
    EXPECT_TRUE(fs::exists(fs::symlink_status(path))) << path;
  }
  EXPECT_TRUE(fs::exists(folder_ / "elsewhere"));
  ::close(writer);
  file().write(tokens);
  EXPECT_FALSE(fs::exists(kept.back())) << "it has died since";
}

TEST_F(TokenFileTest, LockIsExclusive) {
  put("{}");
  std::atomic<bool> second{false};
  std::thread other;
  {
    const TokenFileLock lock(path_, [] { return true; });
    EXPECT_TRUE(lock.held());
    EXPECT_THROW(TokenFileLock(path_, [] { return false; }), base::Error);
    other = std::thread([&] {
      const TokenFileLock waiting(path_, [] { return true; });
      second = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
    EXPECT_FALSE(second);
  }
  other.join();
  EXPECT_TRUE(second);
}

TEST_F(TokenFileTest, AForkedChildDoesNotKeepTheLock) {
  put("{}");
  pid_t child = 0;
  {
    const TokenFileLock lock(path_, [] { return true; });
    child = ::fork();
    if (child == 0) {
      for (;;) ::pause();
    }
  }
  ASSERT_GT(child, 0);
  EXPECT_NO_THROW(TokenFileLock(path_, [] { return false; }));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

// Of another process too; and what renews the tokens does not wait for a person.
TEST_F(TokenFileTest, ASignInLocksOutOtherSignInsOnly) {
  constexpr auto kSignIn = TokenFileLock::Purpose::kSignIn;
  int ready[2] = {};
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const TokenFileLock lock(
        path_, [] { return true; }, kSignIn);
    (void)!::write(ready[1], "x", 1);
    for (;;) ::pause();
  }
  ASSERT_GT(child, 0);
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_THROW(TokenFileLock(
                   path_, [] { return false; }, kSignIn),
               base::Error);
  EXPECT_TRUE(TokenFileLock(path_, [] { return false; }).held());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(TokenFileLock(
                  path_, [] { return false; }, kSignIn)
                  .held());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(TokenFileTest, WhatRootRenewsStaysItsOwners) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root writes files of others";
  constexpr uid_t kOwner = 12345;
  put(R"({"refresh_token":"r1"})");
  ASSERT_EQ(::chown(path_.c_str(), kOwner, kOwner), 0);
  {
    const TokenFileLock lock(path_, [] { return true; });
  }
  StoredTokens tokens;
  tokens.refresh_token = base::Secret("r2");
  file().write(tokens);
  for (const std::string& name : {path_.string(), path_.string() + ".lock"}) {
    struct stat status = {};
    ASSERT_EQ(::stat(name.c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_uid, kOwner) << name;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << name;
  }
}

// The owner of the folder could have root give away a file that is not theirs.
TEST_F(TokenFileTest, ALockIsNoLinkAndKeepsWhoeverOwnsIt) {
  const fs::path other = folder_ / "other";
  std::ofstream(other) << "not a lock";
  ASSERT_EQ(::chmod(other.c_str(), 0600), 0);
  put(R"({"refresh_token":"r1"})");
  fs::create_symlink(other, path_.string() + ".lock");
  fs::create_hard_link(other, path_.string() + ".sign-in.lock");
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(path_.c_str(), 12345, 12345), 0);
  }
  EXPECT_FALSE(TokenFileLock(path_, [] { return true; }).held());
  EXPECT_TRUE(TokenFileLock(
                  path_, [] { return true; }, TokenFileLock::Purpose::kSignIn)
                  .held());
  struct stat status = {};
  ASSERT_EQ(::stat(other.c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, ::geteuid());
}

TEST_F(TokenFileTest, APipeIsRefusedAndNotWaitedFor) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_NE(failure().find("is not a regular file"), std::string::npos) << failure();
  EXPECT_THROW((void)file().read_if_any(), base::Error);
  EXPECT_THROW(file().prepare_replace(), base::Error);
}

}  // namespace
}  // namespace graphodbc::graph
