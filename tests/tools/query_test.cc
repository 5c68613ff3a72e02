// `graphodbc query` and `graphodbc explain` against the emulator: formats to the byte, failures by
// exit status and message.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/e2e/tenant.h"
#include "tests/tools/program.h"

namespace graphodbc::test {
namespace {

class QueryCommand : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    tenant_ = std::make_unique<Tenant>(std::vector<std::string>{"--messages", "3000"});
  }
  static void TearDownTestSuite() { tenant_.reset(); }
  void SetUp() override {
    tenant_->clear_faults();
    connection_ = "@" + home_.write("connection", tenant_->connection_string());
  }

  Ran query(const std::string& sql, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"query", "--connection", connection_, sql});
    return home_.run(more);
  }

  static inline std::unique_ptr<Tenant> tenant_;
  Home home_;
  std::string connection_;
};

constexpr const char* kMixed =
    "SELECT 1 AS n, CAST(NULL AS VARCHAR(5)) AS nothing, 'NULL' AS word, '' AS empty, "
    "'a,\"b\"' AS quoted, CAST(1.50 AS DECIMAL(5,2)) AS d, CAST(1 AS BIT) AS yes, "
    "{ts '2026-01-02 03:04:05'} AS moment, {d '2026-01-02'} AS day, 'Grüße 日本' AS wide";

TEST_F(QueryCommand, WritesCsvByTheRfc) {
  const Ran ran = query(kMixed, {"--format", "csv"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(
      ran.out,
      "n,nothing,word,empty,quoted,d,yes,moment,day,wide\r\n"
      "1,,NULL,\"\",\"a,\"\"b\"\"\",1.50,1,2026-01-02 03:04:05.0000000,2026-01-02,Grüße 日本\r\n");
}

// As the driver's diagnostic says it to programs.
TEST_F(QueryCommand, TellsWhenScopesCannotBeValidated) {
  const std::string opaque =
      "@" + home_.write("opaque", "AccessToken=opaque-token;GraphUrl=" +
                                      tenant_->fact("graph_url") + ";ValidateScopes=yes");
  const Ran ran = home_.run({"query", "--connection", opaque, "SELECT 1 AS n", "-f", "csv"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, "n\r\n1\r\n");
  EXPECT_NE(ran.err.find("ValidateScopes has no effect"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("01000"), std::string::npos) << ran.err;
  EXPECT_EQ(query("SELECT 1 AS n", {"--set", "ValidateScopes=yes", "-f", "csv"}).err, "");
}

TEST_F(QueryCommand, WritesTypedJson) {
  const Ran lines = query(kMixed, {"--format", "ndjson"});
  EXPECT_EQ(lines.status, 0) << lines.err;
  const std::string object =
      R"({"n":1,"nothing":null,"word":"NULL","empty":"","quoted":"a,\"b\"","d":1.50,"yes":true,)"
      R"("moment":"2026-01-02T03:04:05.0000000Z","day":"2026-01-02","wide":"Grüße 日本"})";
  EXPECT_EQ(lines.out, object + "\n");
  EXPECT_EQ(query(kMixed, {"-f", "json"}).out, "[\n" + object + "\n]\n");
  EXPECT_EQ(query("SELECT Id FROM Users WHERE Id = 'nobody'", {"-f", "json"}).out, "[]\n");
}

TEST_F(QueryCommand, AlignsATableByWhatATerminalShows) {
  const Ran ran = query(
      "SELECT 1 AS n, '日本' AS text, CAST(NULL AS VARCHAR(4)) AS x UNION ALL "
      "SELECT 20, 'abc', 'NULL' UNION ALL SELECT 3, 'a' || CHAR(27) || '[2J', 'y' ORDER BY 1");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out,
            " n  text   x\n"
            "--  -----  ------\n"
            " 1  日本   NULL\n"
            " 3  a␛[2J  y\n"
            "20  abc    'NULL'\n");
  EXPECT_EQ(ran.err, "3 rows\n");
}

TEST_F(QueryCommand, CutsCellsOfATableWhereTold) {
  const Ran ran = query("SELECT 'abcdefgh' AS a", {"--width", "5", "--quiet"});
  EXPECT_EQ(ran.out, "a\n-----\nabcd…\n");
  EXPECT_EQ(ran.err, "");
}

TEST_F(QueryCommand, GivesListsOfGraphAsJson) {
  const Ran ran = query("SELECT TOP 3 ToRecipients, HasAttachments, Subject FROM Messages",
                        {"--format", "ndjson"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  std::istringstream lines(ran.out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto row = nlohmann::json::parse(line);
    EXPECT_TRUE(row["ToRecipients"].is_array()) << line;
    EXPECT_TRUE(row["HasAttachments"].is_boolean()) << line;
  }
  EXPECT_EQ(count, 3);
}

TEST_F(QueryCommand, NamesColumnsApart) {
  EXPECT_EQ(query("SELECT 1 AS a, 2 AS a", {"-f", "ndjson"}).out, "{\"a\":1,\"a_2\":2}\n");
}

TEST_F(QueryCommand, TakesParametersAndStandardInput) {
  const Ran ran = home_.run({"query", "--connection", connection_, "-f", "csv", "--param", "41",
                             "--null", "--param", tenant_->fact("account")},
                            "SELECT 1 + ? AS n, ? AS x, UserPrincipalName AS u FROM Users "
                            "WHERE UserPrincipalName = ?");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, "n,x,u\r\n42,," + tenant_->fact("account") + "\r\n");
  EXPECT_EQ(query("SELECT 1", {"--param", "1"}).status, 2);
}

TEST_F(QueryCommand, WritesAFileWhenItIsComplete) {
  const std::string path = home_.path() / "rows.csv";
  EXPECT_EQ(query("SELECT 1 AS a", {"-f", "csv", "-o", path}).status, 0);
  EXPECT_EQ(home_.read(path), "a\r\n1\r\n");
  tenant_->add_faults({{"match", {{"path", "/me/messages"}, {"nth", 3}, {"times", -1}}},
                       {"action", {{"status", 400}}}});
  const Ran broken = query("SELECT Id FROM Messages", {"-f", "csv", "-o", path});
  EXPECT_EQ(broken.status, 1);
  EXPECT_EQ(home_.read(path), "a\r\n1\r\n");  // the old one
  EXPECT_NE(broken.err.find("graphodbc: [42000]"), std::string::npos) << broken.err;
}

TEST_F(QueryCommand, TellsFailuresBySqlstateAndStatus) {
  const Ran unknown = query("SELECT * FROM Mesages");
  EXPECT_EQ(unknown.status, 1);
  EXPECT_EQ(unknown.out, "");
  EXPECT_EQ(unknown.err.rfind("graphodbc: [42S02]", 0), 0u) << unknown.err;
  EXPECT_EQ(query("SELECT 1", {"--format", "xml"}).status, 2);
  EXPECT_EQ(query("SELECT 1", {"--nonsense"}).status, 2);
  EXPECT_EQ(query("   ").status, 2);
  EXPECT_EQ(query("SELECT 1", {"--set", "Retry=x=", "--set", "RetryMode=x"}).status, 1);
}

TEST_F(QueryCommand, TakesNoSecretFromTheCommandLine) {
  const Ran ran = home_.run({"query", "--connection", tenant_->connection_string(), "SELECT 1"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("ClientSecret is a secret"), std::string::npos);
  EXPECT_EQ(ran.err.find(tenant_->fact("client_secret")), std::string::npos);
  EXPECT_EQ(query("SELECT 1", {"--set", "AccessToken=abc"}).status, 2);
}

TEST_F(QueryCommand, StopsWhenTheReaderGoes) {
  const Home::Running running = home_.start({"query", "--connection", connection_, "-f", "csv",
                                             "SELECT Id, Body_Content "
                                             "FROM Messages"});
  char first = 0;
  ASSERT_EQ(::read(running.out, &first, 1), 1);
  ::close(running.out);
  EXPECT_EQ(wait_for(running.pid), 141);
  EXPECT_EQ(read_all(running.err), "");
}

TEST_F(QueryCommand, IsCancelledByCtrlC) {
  tenant_->add_faults({{"match", {{"path", "/me/messages"}, {"nth", 2}, {"times", -1}}},
                       {"action", {{"stall", 60}}}});
  const Home::Running running =
      home_.start({"query", "--connection", connection_, "-f", "csv", "SELECT Id FROM Messages"});
  char first = 0;
  ASSERT_EQ(::read(running.out, &first, 1), 1);
  const auto started = std::chrono::steady_clock::now();
  ::kill(running.pid, SIGINT);
  // What is written may have to be read before the command sees it.
  (void)read_all(running.out);
  EXPECT_NE(read_all(running.err).find("[HY008]"), std::string::npos);
  EXPECT_EQ(wait_for(running.pid), 130);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(5));
}

TEST_F(QueryCommand, ExplainsWithoutARequest) {
  tenant_->forget();
  const Ran ran = home_.run({"explain", "SELECT Subject FROM Messages WHERE IsRead = 0"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.out.find("/me/messages?"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("isRead eq false"), std::string::npos) << ran.out;
  const Ran plain = home_.run({"explain", "--connection", connection_, "--set", "Pushdown=off",
                               "-f", "csv", "SELECT Subject FROM Messages WHERE IsRead = 0"});
  EXPECT_EQ(plain.out.find("isRead eq"), std::string::npos) << plain.out;
  EXPECT_TRUE(tenant_->log().empty());
}

}  // namespace
}  // namespace graphodbc::test
