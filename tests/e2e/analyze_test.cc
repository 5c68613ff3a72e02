// EXPLAIN ANALYZE says what the statement really cost: held against the emulator's log.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kMessages = 2500;
constexpr std::int64_t kUsers = 60;

// A row of EXPLAIN ANALYZE; -1 where it says nothing.
struct Step {
  std::string table, url, strategy, requests;
  std::int64_t sent, retries, bytes, rows_in, rows_out;
  double waited, work, elapsed;
};

Step step_of(const TextRow& row) {
  const auto text = [&](std::size_t at) { return row.at(at).value_or(""); };
  const auto count = [&](std::size_t at) { return row.at(at) ? std::stoll(*row[at]) : -1; };
  const auto time = [&](std::size_t at) { return row.at(at) ? std::stod(*row[at]) : -1.0; };
  return {text(1),   text(2),   text(6),   text(7),  count(8), count(9),
          count(10), count(11), count(12), time(13), time(14), time(15)};
}

struct Analyzed {
  std::vector<Step> steps;  // without the last row
  Step total;
  std::string text;

  // The step that has the numbers of the scan of a table.
  const Step& of(const std::string& table) const {
    for (const Step& step : steps) {
      if (step.table == table && step.sent >= 0) return step;
    }
    throw std::runtime_error("no numbers of " + table + " in" + text);
  }
};

class Analyze : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    tenant_ = new Tenant({"--messages", std::to_string(kMessages), "--users",
                          std::to_string(kUsers), "--drive-items", "50"});
  }
  static void TearDownTestSuite() {
    delete tenant_;
    tenant_ = nullptr;
  }
  // A connection each, so that what one test makes it remember is nothing to the next.
  void SetUp() override {
    connection_ = std::make_unique<Connection>(tenant_->connection_string());
    connection_->query("SELECT Id FROM Users LIMIT 1");  // signs in
    tenant_->forget();
  }
  void TearDown() override { tenant_->clear_faults(); }

  static Analyzed read(Statement& statement) {
    Analyzed analyzed;
    for (const TextRow& row : statement.fetch_all()) {
      analyzed.steps.push_back(step_of(row));
      analyzed.text += "\n ";
      for (const Text& cell : row) analyzed.text += " | " + cell.value_or("-");
    }
    analyzed.total = analyzed.steps.back();
    analyzed.steps.pop_back();
    return analyzed;
  }

  // Runs it, and holds what is true of every statement against the emulator's log.
  Analyzed analyze(const std::string& sql) {
    Statement statement(*connection_);
    return checked([&] {
      statement.execute("EXPLAIN ANALYZE " + sql);
      return read(statement);
    });
  }
  static Analyzed checked(const std::function<Analyzed()>& run) {
    tenant_->forget();
    Analyzed analyzed = run();
    const Step& total = analyzed.total;
    std::int64_t sent = 0;
    std::int64_t bytes = 0;
    for (const auto& entry : tenant_->log()) {
      const std::string path = entry["path"];
      if (entry["batch_item"] || path.rfind("/v1.0", 0) != 0) continue;
      ++sent;
      bytes += entry["response_bytes"].get<std::int64_t>();
    }
    EXPECT_EQ(total.sent, sent) << analyzed.text;
    EXPECT_EQ(total.bytes, bytes) << analyzed.text;
    EXPECT_EQ(total.strategy, "the whole statement");
    std::int64_t together = 0;
    for (const Step& step : analyzed.steps) {
      together +=
          step.strategy.rfind("local engine", 0) == 0 ? 0 : std::max<std::int64_t>(step.sent, 0);
      EXPECT_LE(step.elapsed, total.elapsed) << analyzed.text;
      EXPECT_LE(step.waited, total.elapsed) << analyzed.text;
    }
    EXPECT_EQ(together, sent) << analyzed.text;
    EXPECT_EQ(total.waited > 0, sent > 0) << analyzed.text;
    EXPECT_GT(total.work, 0) << analyzed.text;
    EXPECT_GT(total.elapsed, 0) << analyzed.text;
    return analyzed;
  }
  std::int64_t count(const std::string& sql) const {
    return static_cast<std::int64_t>(connection_->query(sql).size());
  }
  std::string keys(const std::string& table, std::size_t wanted) const {
    std::string list;
    const auto rows =
        connection_->query("SELECT Id FROM " + table + " LIMIT " + std::to_string(wanted));
    for (const TextRow& row : rows) list += (list.empty() ? "'" : ", '") + *row[0] + "'";
    return list;
  }
  static std::string state_of(const std::function<void()>& call) {
    try {
      call();
    } catch (const OdbcError& error) {
      return error.state();
    }
    return "none";
  }
  static void stall_messages() {
    tenant_->add_faults({{"match", {{"path", "/me/messages"}, {"times", -1}}},
                         {"action", {{"stall", {{"seconds", 20}}}}}});
  }

  static Tenant* tenant_;
  std::unique_ptr<Connection> connection_;
};
Tenant* Analyze::tenant_ = nullptr;

TEST_F(Analyze, CountsPagesRowsAndRepetitionsOfAStream) {
  tenant_->add_faults({{"match", {{"path", "/me/messages"}}},
                       {"action", {{"status", 429}, {"retry_after", "0.1"}}}});
  const Analyzed all = analyze("SELECT Id, Subject FROM Messages");
  ASSERT_EQ(all.steps.size(), 1u) << all.text;
  EXPECT_EQ(all.total.retries, 1) << all.text;
  EXPECT_GE(all.total.sent, 4) << all.text;  // three pages and the refused request
  EXPECT_EQ(all.total.rows_in, kMessages);
  EXPECT_EQ(all.total.rows_out, kMessages);
  EXPECT_GE(all.total.waited, 100) << all.text;
  EXPECT_EQ(all.steps[0].rows_out, kMessages);
  EXPECT_EQ(all.steps[0].requests, "1 or more");

  const std::string check = "SELECT Id FROM Messages WHERE LENGTH(Subject) > 30";
  const Analyzed checked_here = analyze(check);
  EXPECT_EQ(checked_here.total.retries, 0) << checked_here.text;
  EXPECT_EQ(checked_here.total.rows_in, kMessages) << checked_here.text;
  EXPECT_EQ(checked_here.total.rows_out, count(check)) << checked_here.text;
  EXPECT_LT(checked_here.total.rows_out, kMessages);

  const Analyzed few = analyze("SELECT Id FROM Messages LIMIT 5");
  EXPECT_EQ(few.total.sent, 1) << few.text;
  EXPECT_EQ(few.total.rows_out, 5);
}

TEST_F(Analyze, TellsTheScansOfAJoinApart) {
  const std::string join =
      "SELECT m.Subject, f.DisplayName FROM Messages m JOIN MailFolders f ON f.Id = "
      "m.ParentFolderId WHERE m.IsRead = 0";
  const Analyzed joined = analyze(join);
  const Step& messages = joined.of("Messages m");
  const Step& folders = joined.of("MailFolders f");
  EXPECT_EQ(messages.rows_out, count("SELECT Id FROM Messages WHERE IsRead = 0")) << joined.text;
  EXPECT_EQ(folders.rows_out, count("SELECT Id FROM MailFolders")) << joined.text;
  EXPECT_EQ(folders.rows_in, folders.rows_out);
  EXPECT_GT(messages.bytes, 0);
  EXPECT_GT(folders.bytes, 0);
  const Step& engine = joined.steps.back();
  EXPECT_EQ(engine.strategy, "local engine: join") << joined.text;
  EXPECT_EQ(engine.rows_in, messages.rows_out + folders.rows_out) << joined.text;
  EXPECT_EQ(engine.rows_out, count(join)) << joined.text;
  EXPECT_EQ(joined.total.rows_out, engine.rows_out);
  EXPECT_GT(engine.work, 0);
}

TEST_F(Analyze, CountsABatchOnce) {
  const std::string sql = "SELECT Id FROM Users WHERE Id IN (" + keys("Users", 20) + ")";
  const Analyzed whole = analyze(sql);
  EXPECT_EQ(whole.total.sent, 1) << whole.text;
  EXPECT_EQ(whole.total.retries, 0) << whole.text;
  EXPECT_EQ(whole.total.rows_in, 20) << whole.text;
  EXPECT_EQ(whole.total.rows_out, 20) << whole.text;
  EXPECT_EQ(whole.total.requests, "1");
  EXPECT_EQ(whole.of("Users").strategy, "these 20 steps together");

  // Two parts are throttled: they come again, together.
  tenant_->add_faults({{"match", {{"path", "/users/*"}, {"batch_item", true}, {"times", 2}}},
                       {"action", {{"status", 429}, {"retry_after", "0.1"}}}});
  const Analyzed again = analyze(sql);
  EXPECT_EQ(again.total.sent, 2) << again.text;
  EXPECT_EQ(again.total.retries, 2) << again.text;
  EXPECT_EQ(again.total.rows_out, 20) << again.text;
}

TEST_F(Analyze, CountsWhatOtherRowsLeadTo) {
  const std::string department =
      "Department = '" + *connection_->query("SELECT MAX(Department) FROM Users")[0][0] + "'";
  const std::string sql =
      "SELECT u.Id, m.Id FROM Users u JOIN Messages m ON m.UserId = u.Id WHERE u." + department;
  const Analyzed joined = analyze(sql);
  EXPECT_EQ(joined.of("Users u").rows_out, count("SELECT Id FROM Users WHERE " + department))
      << joined.text;
  EXPECT_GT(joined.of("Users u").rows_out, 1) << joined.text;
  EXPECT_GE(joined.of("Messages m").sent, 1) << joined.text;
  EXPECT_EQ(joined.total.rows_out, count(sql)) << joined.text;
}

TEST_F(Analyze, SaysZeroWhereNothingIsAsked) {
  for (const char* sql : {"SELECT 1", "SELECT * FROM Messages WHERE 1 = 0", "VALUES (1), (2)",
                          "SELECT Id FROM Users LIMIT 0",
                          "SELECT COUNT(*) FROM (VALUES (1), (2)) t (n) GROUP BY n"}) {
    const Analyzed nothing = analyze(sql);
    EXPECT_EQ(nothing.total.sent, 0) << sql;
    EXPECT_EQ(nothing.total.rows_in, 0) << sql;
    EXPECT_EQ(nothing.total.requests, "0") << sql;
    EXPECT_EQ(nothing.total.rows_out, count(sql)) << sql;
  }
}

TEST_F(Analyze, KnowsTheShortcuts) {
  const Analyzed counted = analyze("SELECT COUNT(*) FROM Users");
  EXPECT_EQ(counted.total.sent, 1) << counted.text;
  EXPECT_EQ(counted.total.rows_out, 1) << counted.text;
  EXPECT_EQ(counted.steps[0].strategy, "count");
  const Analyzed latest = analyze("SELECT MAX(ReceivedDateTime) FROM Messages");
  EXPECT_EQ(latest.total.sent, 1) << latest.text;
  EXPECT_EQ(latest.total.rows_out, 1) << latest.text;
}

TEST_F(Analyze, ShowsWhatTheServiceRefused) {
  tenant_->add_faults({{"match", {{"path", "/me/messages"}, {"query", "*$filter=*"}}},
                       {"action", {{"status", 400}, {"code", "ErrorInvalidUrlQueryFilter"}}}});
  const Analyzed read_all = analyze("SELECT Id FROM Messages WHERE IsRead = 0");
  EXPECT_NE(read_all.steps[0].strategy.find("filter refused"), std::string::npos) << read_all.text;
  EXPECT_EQ(read_all.total.rows_in, kMessages) << read_all.text;

  tenant_->add_faults({{"match", {{"path", "/users"}, {"query", "*$count=*"}}},
                       {"action", {{"status", 400}, {"code", "Request_UnsupportedQuery"}}}});
  const Analyzed counted = analyze("SELECT COUNT(*) FROM Users");
  EXPECT_EQ(counted.steps[0].sent, 1) << counted.text;
  EXPECT_NE(counted.steps[0].strategy.find("refused"), std::string::npos) << counted.text;
  EXPECT_EQ(counted.steps[1].rows_out, kUsers) << counted.text;
  EXPECT_EQ(counted.total.rows_out, 1) << counted.text;
}

TEST_F(Analyze, ShowsWhoIsSignedIn) {
  const Analyzed named = analyze("SELECT UserId, Id FROM Contacts");
  EXPECT_EQ(named.steps[0].table, "Me") << named.text;
  EXPECT_EQ(named.steps[0].sent, 1) << named.text;
  EXPECT_EQ(named.of("Contacts").sent, named.total.sent - 1) << named.text;
}

TEST_F(Analyze, TakesParametersAndDescribesItselfWithoutARequest) {
  Statement statement(*connection_);
  statement.prepare("EXPLAIN ANALYZE SELECT Id FROM Users WHERE Id = ?");
  EXPECT_EQ(statement.column_count(), 16);
  EXPECT_EQ(tenant_->log().size(), 0u);
  std::string id = *connection_->query("SELECT Id FROM Users LIMIT 1")[0][0];
  SQLLEN length = SQL_NTS;
  statement.check(SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_WVARCHAR,
                                   id.size(), 0, id.data(), 0, &length));
  const auto run = [&] {
    return checked([&] {
      statement.execute();
      Analyzed analyzed = read(statement);
      statement.check(SQLFreeStmt(statement.handle(), SQL_CLOSE));
      return analyzed;
    });
  };
  const Analyzed found = run();
  EXPECT_EQ(found.total.sent, 1) << found.text;
  EXPECT_EQ(found.total.rows_out, 1) << found.text;
  id.back() = id.back() == '0' ? '1' : '0';
  EXPECT_EQ(run().total.rows_out, 0);
}

TEST_F(Analyze, FailsAsTheStatementDoes) {
  tenant_->add_faults({{"match", {{"path", "/me/messages"}, {"nth", 2}, {"times", -1}}},
                       {"action", {{"status", 403}, {"code", "ErrorAccessDenied"}}}});
  for (const char* sql :
       {"SELECT Subject FROM Messages", "SELECT DISTINCT Subject FROM Messages"}) {
    EXPECT_EQ(state_of([&] { connection_->query("EXPLAIN ANALYZE " + std::string(sql)); }),
              "42000");
  }
  EXPECT_EQ(state_of([&] { connection_->query("EXPLAIN ANALYZE SELECT 1 / 0"); }), "22012");
}

TEST_F(Analyze, CanBeCancelled) {
  stall_messages();
  for (const char* sql :
       {"SELECT Subject FROM Messages", "SELECT DISTINCT Subject FROM Messages"}) {
    Statement statement(*connection_);
    std::thread cancel([&] {
      std::this_thread::sleep_for(300ms);
      SQLCancel(statement.handle());
    });
    const auto start = std::chrono::steady_clock::now();
    const std::string query = "EXPLAIN ANALYZE " + std::string(sql);
    EXPECT_EQ(state_of([&] { statement.execute(query); }), "HY008") << sql;
    cancel.join();
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s) << sql;
  }
}

TEST_F(Analyze, ObeysTheQueryTimeout) {
  stall_messages();
  Statement statement(*connection_);
  statement.set(SQL_ATTR_QUERY_TIMEOUT, 1);
  EXPECT_EQ(state_of([&] { statement.execute("EXPLAIN ANALYZE SELECT Subject FROM Messages"); }),
            "HYT00");
}

}  // namespace
}  // namespace graphodbc::test
