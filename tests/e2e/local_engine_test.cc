// The local engine through the driver manager: limits, cancel, errors on the way.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

using namespace std::chrono_literals;

class LocalEngine : public testing::Test {
 protected:
  static void SetUpTestSuite() { tenant_ = new Tenant({"--messages", "3000"}); }
  static void TearDownTestSuite() {
    delete tenant_;
    tenant_ = nullptr;
  }
  void SetUp() override {
    tenant_->clear_faults();
    tenant_->forget();
  }
  static void stall_messages() {
    tenant_->add_faults({{"match", {{"path", "/me/messages"}, {"times", -1}}},
                         {"action", {{"stall", 600}, {"before_headers", true}}}});
  }
  static std::string failure(const Connection& connection, const std::string& sql) {
    try {
      connection.query(sql);
    } catch (const OdbcError& error) {
      return error.state() + " " + error.records.front().message;
    }
    return "";
  }
  static Tenant* tenant_;
};
Tenant* LocalEngine::tenant_ = nullptr;

TEST_F(LocalEngine, MemoryBeyondItsLimitIsAnErrorThatSaysWhatToDo) {
  constexpr const char* kSort =
      "SELECT Id, Subject, BodyPreview FROM Messages ORDER BY BodyPreview";
  {
    const Connection small(tenant_->connection_string("MaxLocalMemory=1"));
    const std::string message = failure(small, kSort);
    EXPECT_EQ(message.substr(0, 5), "HY001") << message;
    EXPECT_NE(message.find("MaxLocalMemory"), std::string::npos) << message;
    // A stream holds no rows, so the limit is not its business.
    EXPECT_EQ(small.query("SELECT Id FROM Messages").size(), 3000u);
  }
  const Connection usual(tenant_->connection_string());
  EXPECT_EQ(usual.query(kSort).size(), 3000u);
}

TEST_F(LocalEngine, CancelEndsAWaitingStatement) {
  stall_messages();
  const Connection connection(tenant_->connection_string());
  Statement statement(connection);
  std::thread cancel([&] {
    std::this_thread::sleep_for(300ms);
    SQLCancel(statement.handle());
  });
  const auto start = std::chrono::steady_clock::now();
  std::string state = "none";
  try {
    statement.execute("SELECT COUNT(DISTINCT Subject) FROM Messages");
  } catch (const OdbcError& error) {
    state = error.state();
  }
  cancel.join();
  EXPECT_EQ(state, "HY008");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
  tenant_->clear_faults();
  EXPECT_EQ(statement.query("SELECT COUNT(*) FROM Messages").at(0)[0], "3000");
}

TEST_F(LocalEngine, QueryTimeoutEndsAWaitingStatement) {
  stall_messages();
  const Connection connection(tenant_->connection_string());
  Statement statement(connection);
  statement.set(SQL_ATTR_QUERY_TIMEOUT, 1);
  std::string state = "none";
  try {
    statement.execute("SELECT Subject FROM Messages GROUP BY Subject");
  } catch (const OdbcError& error) {
    state = error.state();
  }
  EXPECT_EQ(state, "HYT00");
  tenant_->clear_faults();
}

// An error of one scan is the statement's, with its own SQLSTATE, and never a shorter result.
TEST_F(LocalEngine, AFailingScanFailsTheStatement) {
  tenant_->add_faults({{"match", {{"path", "/me/messages"}, {"nth", 2}}},
                       {"action", {{"status", 403}, {"code", "ErrorAccessDenied"}}}});
  const Connection connection(tenant_->connection_string());
  const std::string message = failure(
      connection, "SELECT COUNT(*) FROM Messages m JOIN MailFolders f ON f.Id = m.ParentFolderId");
  EXPECT_EQ(message.substr(0, 5), "42000") << message;
}

TEST_F(LocalEngine, ErrorsOfExpressionsKeepTheirState) {
  const Connection connection(tenant_->connection_string());
  const std::pair<const char*, const char*> cases[] = {
      {"SELECT 1 / COUNT(*) FROM Messages WHERE Subject = 'no such subject'", "22012"},
      {"SELECT SUM(n) FROM (VALUES (9223372036854775807), (1)) t (n)", "22003"},
      {"SELECT (SELECT Id FROM Messages) FROM MailFolders", "21000"},
      {"SELECT CAST(MAX(Subject) AS INTEGER) FROM Messages", "22018"},
  };
  for (const auto& [sql, state] : cases) {
    EXPECT_EQ(failure(connection, sql).substr(0, 5), state) << sql;
  }
}

// Statements of one connection run side by side, each on a database of its own.
TEST_F(LocalEngine, TwoThreadsUseTwoStatementsOfOneConnection) {
  const Connection connection(tenant_->connection_string());
  std::vector<std::string> results(4);
  // Made one after the other: the driver manager (unixODBC 2.3.11) takes away a connection's
  // diagnostics at the start of SQLAllocHandle, before it locks anything.
  std::vector<std::unique_ptr<Statement>> statements;
  for (std::size_t i = 0; i < results.size(); ++i) {
    statements.push_back(std::make_unique<Statement>(connection));
  }
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 3; ++round) {
        results[i] =
            statements[i]
                ->query("SELECT COUNT(*) FROM (SELECT Subject FROM Messages GROUP BY Subject) t")
                .at(0)[0]
                .value_or("NULL");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& result : results) EXPECT_EQ(result, results[0]);
  EXPECT_GT(std::stoi(results[0]), 10);
}

TEST_F(LocalEngine, MaxRowsLimitsTheResult) {
  const Connection connection(tenant_->connection_string());
  Statement statement(connection);
  statement.set(SQL_ATTR_MAX_ROWS, 7);
  EXPECT_EQ(statement.query("SELECT Id, Subject FROM Messages ORDER BY LENGTH(Subject), Id").size(),
            7u);
}

}  // namespace
}  // namespace graphodbc::test
