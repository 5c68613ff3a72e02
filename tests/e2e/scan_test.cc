// Large scans: every row exactly once, whatever the pages do.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <unordered_set>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

constexpr std::size_t kArray = 1000;
constexpr const char* kQuery = "SELECT Id, Subject, ReceivedDateTime FROM Messages";

struct ScanResult {
  std::size_t rows = 0;
  std::unordered_set<std::string> ids;
  std::string failure;  // SQLSTATE, or empty after a clean end
  std::string message;
  bool failure_repeats = false;
};

// Reads with bound arrays until the end or the first error, as an ETL job does.
ScanResult scan(const Connection& connection, const char* query = kQuery) {
  ScanResult result;
  Statement statement(connection);
  std::vector<char> ids(kArray * 512);
  std::vector<SQLLEN> lengths(kArray);
  SQLULEN fetched = 0;
  statement.set(SQL_ATTR_ROW_ARRAY_SIZE, kArray);
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
  SQLBindCol(statement.handle(), 1, SQL_C_CHAR, ids.data(), 512, lengths.data());
  try {
    statement.execute(query);
    for (;;) {
      const SQLRETURN code = SQLFetch(statement.handle());
      if (code == SQL_NO_DATA) return result;
      statement.check(code);
      for (SQLULEN row = 0; row < fetched; ++row) {
        result.ids.emplace(ids.data() + row * 512, static_cast<std::size_t>(lengths[row]));
      }
      result.rows += fetched;
    }
  } catch (const OdbcError& error) {
    result.failure = error.state();
    result.message = error.what();
    // A broken result must never turn into a clean end.
    result.failure_repeats = SQLFetch(statement.handle()) == SQL_ERROR;
  }
  return result;
}

class Scan : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    tenant_ = new Tenant({"--messages", std::to_string(large_mailbox())});
  }
  static void TearDownTestSuite() {
    delete tenant_;
    tenant_ = nullptr;
  }
  void TearDown() override {
    tenant_->clear_faults();
    tenant_->control("POST", "/token-lifetime", R"({"seconds":3600})");
  }
  static void expect_complete(const ScanResult& result) {
    EXPECT_EQ(result.failure, "") << result.message;
    EXPECT_EQ(result.rows, large_mailbox());
    EXPECT_EQ(result.ids.size(), large_mailbox());
  }
  static Tenant* tenant_;
};
Tenant* Scan::tenant_ = nullptr;

TEST_F(Scan, ReadsEveryMessageOnceInFullPages) {
  const Connection connection(tenant_->connection_string());
  tenant_->forget();
  expect_complete(scan(connection));
  EXPECT_LE(tenant_->requests().size(), large_mailbox() / 1000 + 1);
}

TEST_F(Scan, SurvivesAStormOfThrottling) {
  tenant_->add_faults({{"match", {{"path", "/me/messages"}, {"every", 15}, {"times", -1}}},
                       {"action", {{"status", 429}, {"retry_after", 0.02}}}});
  const Connection connection(tenant_->connection_string());
  expect_complete(scan(connection));
  EXPECT_EQ(tenant_->stats()["retry_after_undercut"], 0);
}

TEST_F(Scan, SurvivesTokensThatLiveTwoSeconds) {
  tenant_->control("POST", "/token-lifetime", R"({"seconds":2})");
  tenant_->control("POST", "/latency", R"({"ms":60})");
  const Connection connection(tenant_->connection_string());
  tenant_->forget();
  expect_complete(scan(connection));
  tenant_->control("POST", "/latency", R"({"ms":0})");
  if (large_mailbox() >= 100000) {
    EXPECT_GE(tenant_->token_requests(), 2u);
  }
  for (const auto& request : tenant_->requests()) EXPECT_NE(request.status, 401) << request.path;
}

struct FaultCase {
  const char* name;
  const char* rules;
  const char* state;  // empty: recovered; else the SQLSTATE that is reported
};
void PrintTo(const FaultCase& fault, std::ostream* out) {
  *out << fault.name;
}

class ScanFault : public Scan, public testing::WithParamInterface<FaultCase> {};

TEST_P(ScanFault, IsRecoveredOrReported) {
  const FaultCase& fault = GetParam();
  tenant_->add_faults(nlohmann::json::parse(fault.rules));
  const Connection connection(
      tenant_->connection_string("Timeout=1;RetryStatusCodeList=429|503;RetryCountMax=3"));
  const ScanResult result = scan(connection);
  if (std::string(fault.state).empty()) {
    expect_complete(result);
    return;
  }
  EXPECT_EQ(result.failure, fault.state) << result.message;
  EXPECT_TRUE(result.failure_repeats);
  EXPECT_NE(result.message.find("[graphodbc]"), std::string::npos);
  EXPECT_EQ(result.ids.size(), result.rows) << "rows before the failure are valid and distinct";
  EXPECT_GT(result.rows, 0u);
  EXPECT_LE(result.rows, large_mailbox());
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ScanFault,
    testing::Values(
        FaultCase{
            "unavailable_once",
            R"({"match":{"path":"/me/messages","nth":3},"action":{"status":503,"retry_after":0.05}})",
            ""},
        FaultCase{
            "throttled_with_date",
            R"({"match":{"path":"/me/messages","nth":4},"action":{"status":429,"retry_after":"http-date"}})",
            ""},
        FaultCase{"reset_before_the_answer",
                  R"({"match":{"path":"/me/messages","nth":3},"action":"connection_reset"})", ""},
        FaultCase{
            "reset_inside_the_body",
            R"({"match":{"path":"/me/messages","nth":3},"action":{"connection_reset":20000}})", ""},
        FaultCase{"truncated",
                  R"({"match":{"path":"/me/messages","nth":5},"action":{"truncate":0.5}})", ""},
        FaultCase{
            "truncated_chunked",
            R"({"match":{"path":"/me/messages","nth":5},"action":{"truncate":0.5,"chunked":true}})",
            ""},
        FaultCase{
            "gzip_cut_short",
            R"({"match":{"path":"/me/messages","nth":5},"action":{"truncate":0.5,"content_length":"actual"}})",
            ""},
        FaultCase{
            "stalled_inside_the_body",
            R"({"match":{"path":"/me/messages","nth":4},"action":{"stall":20,"fraction":0.3}})",
            ""},
        FaultCase{
            "stalled_before_the_answer",
            R"({"match":{"path":"/me/messages","nth":4},"action":{"stall":20,"before_headers":true}})",
            ""},
        FaultCase{"malformed_once",
                  R"({"match":{"path":"/me/messages","nth":6},"action":"malformed_json"})", ""},
        FaultCase{
            "garbage_once",
            R"({"match":{"path":"/me/messages","nth":6},"action":{"malformed_json":"garbage"}})",
            ""},
        FaultCase{
            "empty_body_once",
            R"({"match":{"path":"/me/messages","nth":6},"action":{"malformed_json":"empty"}})", ""},
        FaultCase{
            "malformed_for_ever",
            R"({"match":{"path":"/me/messages","nth":6,"times":-1},"action":"malformed_json"})",
            "08S01"},
        FaultCase{"empty_pages",
                  R"([{"match":{"path":"/me/messages","nth":2},"action":"empty_page"},
                      {"match":{"path":"/me/messages","nth":5},"action":"empty_page"}])",
                  ""},
        FaultCase{"missing_next_link",
                  R"({"match":{"path":"/me/messages","nth":3},"action":"missing_next_link"})", ""},
        FaultCase{
            "looping_next_link",
            R"({"match":{"path":"/me/messages","nth":3,"times":-1},"action":"looping_next_link"})",
            "08S01"},
        FaultCase{"foreign_next_link",
                  R"({"match":{"path":"/me/messages","nth":3},"action":"foreign_next_link"})",
                  "08S01"},
        FaultCase{
            "foreign_next_link_loopback",
            R"({"match":{"path":"/me/messages","nth":3},"action":{"foreign_next_link":"127.0.0.2"}})",
            "08S01"},
        FaultCase{"html_error_once",
                  R"({"match":{"path":"/me/messages","nth":3},"action":{"html_error":503}})", ""},
        FaultCase{
            "html_error_for_ever",
            R"({"match":{"path":"/me/messages","nth":3,"times":-1},"action":{"html_error":502}})",
            "08S01"},
        FaultCase{
            "unavailable_for_ever",
            R"({"match":{"path":"/me/messages","nth":3,"times":-1},"action":{"status":503,"retry_after":0.01}})",
            "08S01"},
        FaultCase{"expired_token",
                  R"({"match":{"path":"/me/messages","nth":3},"action":"expired_token"})", ""},
        FaultCase{"repeated_rows",
                  R"({"match":{"path":"/me/messages","nth":3},"action":{"duplicate_rows":25}})",
                  ""},
        FaultCase{"error_in_body_once",
                  R"({"match":{"path":"/me/messages","nth":3},"action":"error_in_body"})", ""},
        FaultCase{
            "error_in_body_for_ever",
            R"({"match":{"path":"/me/messages","nth":3,"times":-1},"action":"error_in_body"})",
            "08S01"},
        FaultCase{"gateway_timeout_on_a_later_page",
                  R"({"match":{"path":"/me/messages","nth":3},"action":{"status":504}})", ""},
        FaultCase{"gateway_timeout_on_the_first_page",
                  R"({"match":{"path":"/me/messages"},"action":{"status":504}})", ""}));

TEST_F(Scan, ForeignNextLinkGetsNoToken) {
  Tenant other({"--seed", "2"});
  const std::string host = other.fact("graph_url");
  tenant_->add_faults({{"match", {{"path", "/me/messages"}, {"nth", 2}}},
                       {"action", {{"foreign_next_link", host}}}});
  const Connection connection(tenant_->connection_string());
  EXPECT_EQ(scan(connection).failure, "08S01");
  EXPECT_TRUE(other.requests().empty()) << "a request reached the other host";
}

TEST_F(Scan, DeliversTheFirstPageBeforeTheSecondHasArrived) {
  tenant_->add_faults({{"match", {{"path", "/me/messages"}, {"nth", 2}}},
                       {"action", {{"stall", 600}, {"before_headers", true}}}});
  const Connection connection(tenant_->connection_string());
  Statement statement(connection);
  statement.execute(kQuery);
  for (int row = 0; row < 1000; ++row) ASSERT_TRUE(statement.fetch().has_value()) << row;
}

// SQL_ATTR_CONNECTION_TIMEOUT bounds a request that the service leaves without an answer: set
// before connecting, on an idle connection, and while the request is under way.
TEST_F(Scan, ConnectionTimeoutEndsAStall) {
  enum class When : std::uint8_t { kBeforeConnecting, kWhenIdle, kUnderWay };
  tenant_->add_faults({{"match", {{"path", "/me/messages"}, {"times", -1}}},
                       {"action", {{"stall", 600}, {"before_headers", true}}}});
  for (const When when : {When::kBeforeConnecting, When::kWhenIdle, When::kUnderWay}) {
    Connection connection;
    const auto set = [&](SQLULEN seconds) {
      ASSERT_EQ(SQLSetConnectAttr(connection.handle(), SQL_ATTR_CONNECTION_TIMEOUT,
                                  reinterpret_cast<SQLPOINTER>(seconds), 0),
                SQL_SUCCESS);
    };
    if (when == When::kBeforeConnecting) set(1);
    connection.connect(tenant_->connection_string("Timeout=600;RetryMode=None"));
    if (when == When::kWhenIdle) set(1);
    std::thread later([&] {
      if (when != When::kUnderWay) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      set(1);
    });
    Statement statement(connection);
    std::string state = "none";
    try {
      statement.execute(kQuery);
      statement.fetch();
    } catch (const OdbcError& error) {
      state = error.state();
    }
    later.join();
    EXPECT_EQ(state, "HYT00") << static_cast<int>(when);
    SQLUINTEGER told = 0;
    SQLGetConnectAttr(connection.handle(), SQL_ATTR_CONNECTION_TIMEOUT, &told, 0, nullptr);
    EXPECT_EQ(told, 1u);
  }
}

TEST_F(Scan, LimitStopsThePaging) {
  const Connection connection(tenant_->connection_string());
  tenant_->forget();
  EXPECT_EQ(connection.query("SELECT Id FROM Messages LIMIT 7").size(), 7u);
  EXPECT_EQ(tenant_->requests().size(), 1u);
  EXPECT_NE(tenant_->requests()[0].query.find("$top=7"), std::string::npos);
}

}  // namespace
}  // namespace graphodbc::test
