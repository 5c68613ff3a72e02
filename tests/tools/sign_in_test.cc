// `graphodbc test`, `whoami`, `keepalive`, `login` and `logout` against the emulator.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "graph/oauth/token_file.h"
#include "tests/e2e/tenant.h"
#include "tests/tools/program.h"

namespace graphodbc::test {
namespace {

class SignIn : public testing::Test {
 protected:
  SignIn() : tenant_({"--messages", "20"}) {
    token_ =
        home_.write("token.json", nlohmann::json({{"access_token", ""},
                                                  {"expires_in", 0},
                                                  {"refresh_token", tenant_.fact("refresh_token")}})
                                      .dump());
    home_.write("secret", tenant_.fact("client_secret"));
    write_dsn("");
  }

  void write_dsn(const std::string& more) {
    home_.write("odbc.ini",
                "[graph]\nDriver = graphodbc\nTenantId = " + tenant_.fact("tenant_id") +
                    "\nTokenUrl = " + tenant_.fact("token_url") +
                    "\nAuthUrl = " + tenant_.fact("auth_url") + "\nDeviceCodeUrl = " +
                    tenant_.fact("device_code_url") + "\nGraphUrl = " + tenant_.fact("graph_url") +
                    "\nClientId = " + tenant_.fact("client_id") +
                    "\nClientSecretFile = " + (home_.path() / "secret").string() + "\n" + more +
                    (more.find("RefreshTokenFilePath") == std::string::npos
                         ? "RefreshTokenFilePath = " + token_ + "\n"
                         : ""));
  }
  nlohmann::json stored() const { return stored_in(token_); }
  nlohmann::json stored_in(const std::string& file) const {
    return nlohmann::json::parse(home_.read(file));
  }
  // The line of a check.
  static std::string line_of(const Ran& ran, const std::string& check) {
    const std::size_t at = ran.out.find(" " + check + " ");
    if (at == std::string::npos) return {};
    const std::size_t start = ran.out.rfind('\n', at) + 1;
    return ran.out.substr(start, ran.out.find('\n', start) - start);
  }

  Tenant tenant_;
  Home home_;
  std::string token_;
};

TEST_F(SignIn, TestPassesWhereAllIsWell) {
  const Ran ran = home_.run({"test", "--dsn", "graph"});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(line_of(ran, "config").rfind("ok ", 0), 0u) << ran.out;
  EXPECT_EQ(line_of(ran, "names").rfind("ok ", 0), 0u) << ran.out;
  EXPECT_EQ(line_of(ran, "tls").rfind("skipped ", 0), 0u) << ran.out;
  EXPECT_NE(line_of(ran, "token").find(tenant_.fact("account")), std::string::npos) << ran.out;
  EXPECT_NE(line_of(ran, "graph").find("Me answered in"), std::string::npos) << ran.out;
  EXPECT_EQ(line_of(ran, "clock").rfind("ok ", 0), 0u) << ran.out;
}

TEST_F(SignIn, TestNamesDoubtsWithoutFailing) {
  ::chmod(token_.c_str(), 0644);
  write_dsn("Nonsense = 1\n");
  const Ran ran = home_.run({"test", "--dsn", "graph"});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  const std::string config = line_of(ran, "config");
  EXPECT_EQ(config.rfind("warning ", 0), 0u) << ran.out;
  EXPECT_NE(config.find("[01S00]"), std::string::npos) << config;
  EXPECT_NE(config.find("chmod 600"), std::string::npos) << config;
}

TEST_F(SignIn, TestFailsWithSqlstateAndAdvice) {
  home_.write("secret", tenant_.fact("expired_client_secret"));
  const Ran refused = home_.run({"test", "--dsn", "graph"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(line_of(refused, "token").rfind("FAILED ", 0), 0u) << refused.out;
  EXPECT_NE(line_of(refused, "token").find("[28000]"), std::string::npos) << refused.out;
  EXPECT_EQ(line_of(refused, "graph").rfind("skipped ", 0), 0u) << refused.out;
  EXPECT_EQ(refused.out.find(tenant_.fact("expired_client_secret")), std::string::npos);

  write_dsn("RetryMode = Never\n");
  const Ran bad = home_.run({"test", "--dsn", "graph"});
  EXPECT_EQ(bad.status, 1);
  EXPECT_NE(line_of(bad, "config").find("[HY024]"), std::string::npos) << bad.out;
  EXPECT_EQ(line_of(bad, "names").rfind("skipped ", 0), 0u) << bad.out;
}

TEST_F(SignIn, TestTellsRefusedRequests) {
  tenant_.add_faults({{"match", {{"path", "/me*"}, {"times", -1}}},
                      {"action", {{"status", 403}, {"code", "ErrorAccessDenied"}}}});
  const Ran ran = home_.run({"test", "--dsn", "graph"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(line_of(ran, "graph").rfind("FAILED ", 0), 0u) << ran.out;
  EXPECT_NE(line_of(ran, "graph").find("[42000]"), std::string::npos) << ran.out;
}

TEST_F(SignIn, TestNamesServersThatAreNotThere) {
  write_dsn("");
  const Ran ran =
      home_.run({"test", "--dsn", "graph", "--set", "GraphUrl=https://graph.nowhere.invalid",
                 "--set", "TokenUrl=https://login.nowhere.invalid/x/oauth2/v2.0/token"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(line_of(ran, "names").find("[08001]"), std::string::npos) << ran.out;
  EXPECT_NE(line_of(ran, "names").find("graph.nowhere.invalid"), std::string::npos) << ran.out;
}

TEST_F(SignIn, WhoamiNamesTheIdentity) {
  const Ran ran = home_.run({"whoami", "--dsn", "graph"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.out.find(tenant_.fact("account")), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("application   " + tenant_.fact("client_id")), std::string::npos);
  EXPECT_NE(ran.out.find("kept in       " + token_), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("good for 5"), std::string::npos) << ran.out;
}

TEST_F(SignIn, KeepaliveRenewsAndSaysNothing) {
  const Ran ran = home_.run({"keepalive", "--dsn", "graph"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out + ran.err, "");
  const auto first = stored();
  EXPECT_NE(first["refresh_token"], tenant_.fact("refresh_token"));
  EXPECT_EQ(tenant_.token_requests(), 1u);
  // The access token is good; the refresh token is renewed all the same.
  const Ran again = home_.run({"keepalive", "--all", "--verbose"});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_NE(again.err.find("graph: renewed; the refresh token was"), std::string::npos);
  EXPECT_NE(stored()["refresh_token"], first["refresh_token"]);
  EXPECT_EQ(tenant_.token_requests(), 2u);
}

TEST_F(SignIn, KeepaliveTellsAFailureInOneLine) {
  const auto two_months_ago = std::time(nullptr) - 61 * 86'400;
  const utimbuf times{two_months_ago, two_months_ago};
  ::utime(token_.c_str(), &times);
  tenant_.control("POST", "/revoke", R"({"what":"refresh","code":700082})");
  const std::string before = home_.read(token_);
  const Ran ran = home_.run({"keepalive", "--all"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  EXPECT_NE(ran.err.find("keepalive: graph: [28000]"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("61 days old"), std::string::npos) << ran.err;
  EXPECT_EQ(home_.read(token_), before);
}

TEST_F(SignIn, LoginByBrowserLeadsToRows) {
  // What a person does with the page, the emulator's page does by itself.
  home_.environment()["BROWSER"] =
      home_.write("browser", "#!/bin/sh\ncurl -sL \"$1\" >/dev/null\n", 0700) + " %s";
  const std::string file = (home_.path() / "new" / "token.json").string();
  write_dsn("RefreshTokenFilePath = " + file + "\n");
  const Ran ran = home_.run({"login", "--dsn", "graph"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.out.find("Signed in as " + tenant_.fact("account")), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find(file), std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find(stored_in(file)["refresh_token"].get<std::string>()), std::string::npos);
  const Ran rows = home_.run(
      {"query", "--dsn", "graph", "--format", "csv", "SELECT COUNT(*) AS n FROM Messages"});
  EXPECT_EQ(rows.out, "n\r\n20\r\n") << rows.err;
}

// One page at a time, and then one of its own: somebody typed it.
TEST_F(SignIn, LoginByBrowserWaitsForAnothersSignIn) {
  home_.environment()["BROWSER"] =
      home_.write("browser",
                  "#!/bin/sh\ntouch " + (home_.path() / "opened").string() +
                      "\ncurl -sL \"$1\" >/dev/null\n",
                  0700) +
      " %s";
  const std::string before = home_.read(token_);
  auto other = std::make_unique<graph::TokenFileLock>(
      token_, [] { return false; }, graph::TokenFileLock::Purpose::kSignIn);
  const Home::Running running = home_.start({"login", "--dsn", "graph"});
  std::string told(512, '\0');
  const ssize_t count = ::read(running.err, told.data(), told.size());
  told.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  EXPECT_NE(told.find("Another program waits for a sign-in"), std::string::npos) << told;
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_FALSE(std::filesystem::exists(home_.path() / "opened"));
  other.reset();
  EXPECT_EQ(wait_for(running.pid), 0) << read_all(running.err);
  EXPECT_TRUE(std::filesystem::exists(home_.path() / "opened"));
  EXPECT_NE(home_.read(token_), before);
}

TEST_F(SignIn, LoginByDeviceCodeShowsTheCode) {
  tenant_.control("POST", "/devicecode", R"({"interval":0,"approve_after":2})");
  const std::string file = (home_.path() / "device.json").string();
  write_dsn("RefreshTokenFilePath = " + file + "\n");
  const Ran ran = home_.run({"login", "--dsn", "graph", "--device"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.err.find("type the code"), std::string::npos) << ran.err;
  EXPECT_FALSE(stored_in(file)["refresh_token"].get<std::string>().empty());
}

TEST_F(SignIn, LoginTellsARefusalOnce) {
  home_.environment()["BROWSER"] =
      home_.write("browser", "#!/bin/sh\ncurl -sL \"$1\" >/dev/null\n", 0700) + " %s";
  const std::string before = home_.read(token_);
  const Ran ran = home_.run({"login", "-d", "graph", "-s", "LoginHint=deny@contoso.example"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("graphodbc: [28000]"), std::string::npos) << ran.err;
  EXPECT_EQ(home_.read(token_), before);
}

TEST_F(SignIn, TestNamesTheTablesThatTheScopesLeaveOut) {
  tenant_.control("POST", "/devicecode", R"({"interval":0,"approve_after":1})");
  const std::string file = (home_.path() / "device.json").string();
  write_dsn("RefreshTokenFilePath = " + file + "\n");
  const Ran login = home_.run(
      {"login", "--device", "--scope", "User.Read", "--scope", "Mail.Read offline_access"});
  ASSERT_EQ(login.status, 0) << login.err;
  const Ran test = home_.run({"test"});
  EXPECT_EQ(test.status, 0) << test.out;
  const std::string permissions = line_of(test, "permissions");
  EXPECT_EQ(permissions.rfind("warning ", 0), 0u) << test.out;
  EXPECT_NE(permissions.find("Contacts needs Contacts.Read"), std::string::npos) << permissions;
  EXPECT_EQ(permissions.find("Messages needs"), std::string::npos) << permissions;
  EXPECT_NE(permissions.find("other users' rows need Mail.Read.Shared (Attachments), "),
            std::string::npos)
      << permissions;
  EXPECT_NE(permissions.find("Mail.ReadBasic.Shared ("), std::string::npos) << permissions;
  const Ran another = home_.run({"test", "--set", "Account=somebody.else@example.com"});
  EXPECT_EQ(another.status, 1) << "no table of another user's\n" << another.out;
  EXPECT_NE(line_of(another, "permissions").find("Attachments needs Mail.Read.Shared"),
            std::string::npos)
      << another.out;
  const Ran whoami = home_.run({"whoami"});
  EXPECT_NE(whoami.out.find("\nscopes        Mail.Read User.Read"), std::string::npos)
      << whoami.out;
}

TEST_F(SignIn, LogoutForgetsTheTokens) {
  const Ran ran = home_.run({"logout", "--dsn", "graph"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(home_.read(token_).find(tenant_.fact("refresh_token")), std::string::npos);
  EXPECT_EQ(home_.run({"logout", "--dsn", "graph"}).out, "Nobody was signed in.\n");
  const Ran after = home_.run({"query", "--dsn", "graph", "SELECT 1 FROM Me"});
  EXPECT_EQ(after.status, 1);
  EXPECT_NE(after.err.find("sign in"), std::string::npos) << after.err;
}

TEST_F(SignIn, LoginIsForPeople) {
  const Ran ran = home_.run(
      {"login", "--connection", "AuthMode=AzureCli;GraphUrl=" + tenant_.fact("graph_url")});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.err.find("without a person"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace graphodbc::test
