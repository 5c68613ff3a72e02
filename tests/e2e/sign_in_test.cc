// Signing in with a person present while an application connects (requirements A-T14, A-N12).
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"
#include "tests/support/browser.h"

namespace graphodbc::test {
namespace {

namespace fs = std::filesystem;

// $BROWSER is a script that notes the address; a thread of ours loads it.
class SignIn : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    tenant_ = new Tenant({"--messages", "10", "--seed", "3", "--token-lifetime", "2"});
  }
  static void TearDownTestSuite() { delete tenant_; }

  SignIn() {
    std::string name = fs::temp_directory_path() / "graphodbc-sign-in-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    const fs::path script = folder_ / "browser";
    std::ofstream(script) << "#!/bin/sh\necho \"unheard\"\necho unheard >&2\n"
                          << "printf %s \"$2\" > '" << note().string() << ".new'\n"
                          << "mv '" << note().string() << ".new' '" << note().string() << "'\n";
    ::chmod(script.c_str(), 0700);
    ::setenv("BROWSER", (script.string() + " --new-window %s").c_str(), 1);
    ::setenv("XDG_STATE_HOME", (folder_ / "state").c_str(), 1);
    ::unsetenv("DISPLAY");
    ::unsetenv("WAYLAND_DISPLAY");
    person_ = std::thread([this] {
      while (!done_) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        std::ifstream in(note());
        if (!in) continue;
        const std::string address((std::istreambuf_iterator<char>(in)), {});
        fs::remove(note());
        ++opened_;
        std::this_thread::sleep_for(hesitates_.load());
        if (signs_in_) page_ = browse(address);
      }
    });
  }
  ~SignIn() override {
    done_ = true;
    person_.join();
    fs::remove_all(folder_);
  }

  fs::path note() const { return folder_ / "address"; }
  std::string keys(const std::string& more = "") const {
    return "Driver=graphodbc;GraphUrl=" + tenant_->fact("graph_url") +
           ";AuthUrl=" + tenant_->fact("auth_url") + ";TokenUrl=" + tenant_->fact("token_url") +
           ";ClientId=" + tenant_->fact("public_client_id") + ";" + more;
  }
  // The SQLSTATE of a connect that failed, empty after one that did not, and rows were read.
  std::string connect(const std::string& text, SQLUSMALLINT completion, SQLULEN timeout = 0) {
    return connect_saying(message_, text, completion, timeout);
  }
  // The same on any thread.
  static std::string connect_saying(std::string& message, const std::string& text,
                                    SQLUSMALLINT completion, SQLULEN timeout = 0) {
    const Connection connection;
    SQLHDBC handle = connection.handle();
    if (timeout != 0) {
      SQLSetConnectAttr(handle, SQL_ATTR_LOGIN_TIMEOUT, reinterpret_cast<SQLPOINTER>(timeout), 0);
    }
    auto* input = reinterpret_cast<SQLCHAR*>(const_cast<char*>(text.c_str()));
    const SQLRETURN result =
        SQLDriverConnect(handle, nullptr, input, SQL_NTS, nullptr, 0, nullptr, completion);
    if (!SQL_SUCCEEDED(result)) {
      const auto found = diagnostics(SQL_HANDLE_DBC, handle);
      message = found.empty() ? "" : found.front().message;
      return found.empty() ? "?????" : found.front().state;
    }
    EXPECT_FALSE(connection.query("SELECT Id FROM Messages").empty());
    SQLDisconnect(handle);
    return "";
  }

  static Tenant* tenant_;
  fs::path folder_;
  std::thread person_;
  std::atomic<bool> done_{false};
  std::atomic<bool> signs_in_{true};
  std::atomic<std::chrono::milliseconds> hesitates_{std::chrono::milliseconds(0)};
  std::atomic<int> opened_{0};
  BrowserPage page_;
  std::string message_;
};

Tenant* SignIn::tenant_ = nullptr;

TEST_F(SignIn, UnattendedItSaysWhatToRun) {
  for (const char* mode : {"", "AuthMode=DeviceCode;", "AuthMode=AuthorizationCode;"}) {
    EXPECT_EQ(connect(keys(mode), SQL_DRIVER_NOPROMPT), "28000") << mode;
    EXPECT_NE(message_.find("graphodbc login"), std::string::npos) << message_;
  }
  EXPECT_EQ(opened_, 0);
}

TEST_F(SignIn, TheBrowserOpensOnceForAll) {
  EXPECT_EQ(connect(keys(), SQL_DRIVER_COMPLETE), "") << message_;
  EXPECT_EQ(opened_, 1);
  EXPECT_EQ(connect(keys(), SQL_DRIVER_COMPLETE), "") << message_;
  EXPECT_EQ(connect(keys("InitiateOAuth=yes;"), SQL_DRIVER_NOPROMPT), "") << message_;
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  EXPECT_EQ(connect(keys(), SQL_DRIVER_NOPROMPT), "") << message_;
  EXPECT_EQ(opened_, 1);
}

TEST_F(SignIn, TheKeyAsksForTheBrowserToo) {
  const std::string file = folder_ / "own" / "token.json";
  EXPECT_EQ(
      connect(
          keys("AuthMode=AuthorizationCode;InitiateOAuth=yes;RefreshTokenFilePath=" + file + ";"),
          SQL_DRIVER_NOPROMPT),
      "")
      << message_;
  EXPECT_EQ(opened_, 1);
  EXPECT_TRUE(fs::exists(file));
}

// As for a first sign-in: in the browser where that is allowed, else 28000 with what to run. What
// is stored stays in either case until a new sign-in has succeeded.
TEST_F(SignIn, ARefreshTokenThatIsOverLeadsToTheBrowser) {
  const std::string file = folder_ / "over.json";
  const std::string text = keys("RefreshTokenFilePath=" + file + ";AuthMode=AuthorizationCode;");
  const auto stored = [&] {
    std::ifstream in(file);
    return std::string((std::istreambuf_iterator<char>(in)), {});
  };
  EXPECT_EQ(connect(text, SQL_DRIVER_COMPLETE), "") << message_;
  EXPECT_EQ(opened_, 1);
  const std::string before = stored();
  tenant_->control("POST", "/revoke", R"({"what":"refresh","code":700082})");
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));

  EXPECT_EQ(connect(text, SQL_DRIVER_NOPROMPT), "28000");
  EXPECT_NE(message_.find("graphodbc login"), std::string::npos) << message_;
  EXPECT_NE(message_.find("700082"), std::string::npos) << message_;
  signs_in_ = false;
  EXPECT_EQ(connect(text, SQL_DRIVER_COMPLETE, 1), "HYT00");
  EXPECT_EQ(opened_, 2);
  EXPECT_EQ(stored(), before);

  signs_in_ = true;
  EXPECT_EQ(connect(text, SQL_DRIVER_COMPLETE), "") << message_;
  EXPECT_EQ(opened_, 3);
  EXPECT_NE(stored(), before);
  EXPECT_EQ(connect(text, SQL_DRIVER_NOPROMPT), "") << message_;
  EXPECT_EQ(opened_, 3);
}

// One page for all that need it at once, whether nobody was signed in or no longer.
TEST_F(SignIn, ConnectionsThatNeedASignInAtOnceShareIt) {
  constexpr int kConnections = 4;
  const std::string text = keys("AuthMode=AuthorizationCode;");
  hesitates_ = std::chrono::milliseconds(500);
  const auto connect_all = [&] {
    std::vector<std::future<std::string>> all;
    all.reserve(kConnections);
    for (int i = 0; i < kConnections; ++i) {
      all.push_back(std::async(std::launch::async, [&text] {
        std::string message;
        const std::string state = connect_saying(message, text, SQL_DRIVER_COMPLETE);
        return state + message;
      }));
    }
    for (auto& one : all) EXPECT_EQ(one.get(), "");
  };
  connect_all();
  EXPECT_EQ(opened_, 1);
  tenant_->control("POST", "/revoke", R"({"what":"refresh","code":700082})");
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  connect_all();
  EXPECT_EQ(opened_, 2);
}

TEST_F(SignIn, WhoWaitedForASignInThatFailedSignsIn) {
  const std::string text = keys("AuthMode=AuthorizationCode;");
  signs_in_ = false;
  auto first = std::async(std::launch::async, [&text] {
    std::string message;
    return connect_saying(message, text, SQL_DRIVER_COMPLETE, 3);
  });
  while (opened_ == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(connect(text, SQL_DRIVER_COMPLETE, 1), "HYT00");
  EXPECT_NE(message_.find("Another connection"), std::string::npos) << message_;
  EXPECT_EQ(opened_, 1);
  signs_in_ = true;
  EXPECT_EQ(connect(text, SQL_DRIVER_COMPLETE), "") << message_;
  EXPECT_EQ(first.get(), "HYT00");
  EXPECT_EQ(opened_, 2);
}

TEST_F(SignIn, AnAccessTokenWhoseTimeIsOverIsNoSignIn) {
  const std::string file = folder_ / "short.json";
  const std::string text = keys("RefreshTokenFilePath=" + file + ";AuthMode=AuthorizationCode;");
  const auto store = [&] {
    std::ofstream(file) << R"({"note":"mine","access_token":"old","expires_at":1000000000})";
  };
  store();
  EXPECT_EQ(connect(text, SQL_DRIVER_NOPROMPT), "28000");
  EXPECT_NE(message_.find("graphodbc login"), std::string::npos) << message_;
  EXPECT_NE(message_.find("offline_access"), std::string::npos) << message_;
  EXPECT_EQ(opened_, 0);
  EXPECT_EQ(connect(text, SQL_DRIVER_COMPLETE), "") << message_;
  EXPECT_EQ(opened_, 1);
  store();
  EXPECT_EQ(connect(text + "InitiateOAuth=yes;", SQL_DRIVER_NOPROMPT), "") << message_;
  EXPECT_EQ(opened_, 2);
}

// A page that leads nowhere is not opened: the file's trouble is told at once, as without a
// browser.
TEST_F(SignIn, ATokenFileThatCannotServeOpensNoBrowser) {
  std::ofstream(folder_ / "garbled.json") << "{\"refresh_token\": \"cut";
  fs::create_directory(folder_ / "folder.json");
  struct Case {
    const char* name;
    const char* says;
  };
  for (const Case& entry :
       {Case{"garbled.json", "is not a JSON object"}, Case{"folder.json", "is not a regular file"},
        Case{"garbled.json/token.json", "RefreshTokenFilePath a path"}}) {
    const std::string file = folder_ / entry.name;
    const std::string text = keys("RefreshTokenFilePath=" + file + ";AuthMode=AuthorizationCode;");
    tenant_->forget();
    EXPECT_EQ(connect(text, SQL_DRIVER_COMPLETE), "08001") << entry.name;
    EXPECT_NE(message_.find(entry.says), std::string::npos) << message_;
    EXPECT_EQ(tenant_->log().size(), 0U) << entry.name;
  }
  EXPECT_EQ(opened_, 0);
}

// No sign-in mends what the application's own credentials or settings lack.
TEST_F(SignIn, OtherRefusalsOpenNoBrowser) {
  const std::string file = folder_ / "app.json";
  const std::string more = "RefreshTokenFilePath=" + file + ";AuthMode=AuthorizationCode;";
  EXPECT_EQ(connect(keys(more), SQL_DRIVER_COMPLETE), "") << message_;
  EXPECT_EQ(opened_, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  EXPECT_EQ(connect(keys(more + "ClientSecret=nonsense;"), SQL_DRIVER_COMPLETE), "28000");
  EXPECT_EQ(opened_, 1);
}

TEST_F(SignIn, TheLoginTimeoutEndsTheWait) {
  signs_in_ = false;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(connect(keys(), SQL_DRIVER_COMPLETE, 1), "HYT00");
  EXPECT_NE(message_.find("AADSTS50011"), std::string::npos) << message_;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST_F(SignIn, WithoutABrowserNobodyWaits) {
  ::unsetenv("BROWSER");
  EXPECT_EQ(connect(keys(), SQL_DRIVER_COMPLETE), "28000");
  ::setenv("BROWSER", "/nonexistent/browser", 1);
  EXPECT_EQ(connect(keys(), SQL_DRIVER_COMPLETE), "28000");
  EXPECT_NE(message_.find("BROWSER"), std::string::npos) << message_;
}

}  // namespace
}  // namespace graphodbc::test
