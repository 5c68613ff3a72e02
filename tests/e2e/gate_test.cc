// Acceptance of the throttle gate: many threads, connections of their own, one process.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

constexpr int kThreads = 16;
constexpr double kRetryAfterMs = 400;

// The rows of `sql`, read by as many threads at once, each over a connection of its own.
std::vector<std::size_t> read_together(const Tenant& tenant, const std::vector<std::string>& sql) {
  std::vector<std::size_t> rows(sql.size(), 0);
  std::vector<std::string> failures(sql.size());
  std::vector<std::thread> threads;
  threads.reserve(sql.size());
  for (std::size_t i = 0; i < sql.size(); ++i) {
    threads.emplace_back([&, i] {
      try {
        const Connection connection(tenant.connection_string("RetryCountMax=50"));
        rows[i] = Statement(connection).query(sql[i]).size();
      } catch (const OdbcError& error) {
        failures[i] = error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& failure : failures) EXPECT_EQ(failure, "");
  return rows;
}

nlohmann::json mailbox_stats(const Tenant& tenant) {
  nlohmann::json mailboxes = nlohmann::json::array();
  const nlohmann::json stats = tenant.stats();
  for (const auto& bucket : stats["buckets"]) {
    if (bucket["bucket"].get<std::string>().starts_with("mailbox:")) mailboxes.push_back(bucket);
  }
  return mailboxes;
}

// Requests of the mailbox that were sent while it was closed. One that was on its way already when
// the refusal was written is not early, hence the first milliseconds.
std::size_t early_requests(const Tenant& tenant) {
  constexpr double kOnTheWay = 50;
  const nlohmann::json log = tenant.log();
  std::size_t early = 0;
  for (const auto& refusal : log) {
    if (refusal["status"] != 429) continue;
    const double closed = refusal["end_ms"];
    for (const auto& entry : log) {
      if (entry["path"].get<std::string>().find("/messages") == std::string::npos) continue;
      const double start = entry["start_ms"];
      if (start > closed + kOnTheWay && start < closed + kRetryAfterMs) ++early;
    }
  }
  return early;
}

TEST(Gate, OneMailboxNeverSeesMoreThanFourAtOnce) {
  const Tenant tenant({"--messages", "2500", "--latency-ms", "15"});
  // Every seventh request is refused for a fraction of a second, on top of the emulator's own
  // limit.
  tenant.add_faults({{"match", {{"path", "/me/messages"}, {"nth", 7}, {"times", 3}}},
                     {"action", {{"status", 429}, {"retry_after", kRetryAfterMs / 1000}}}});
  const auto rows =
      read_together(tenant, std::vector<std::string>(kThreads, "SELECT Id, Subject FROM Messages"));
  for (const std::size_t count : rows) EXPECT_EQ(count, 2500u);
  const nlohmann::json stats = tenant.stats();
  const auto served = tenant.requests();
  const auto refused = std::count_if(served.begin(), served.end(),
                                     [](const auto& request) { return request.status == 429; });
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(early_requests(tenant), 0u);
  const nlohmann::json mailboxes = mailbox_stats(tenant);
  ASSERT_EQ(mailboxes.size(), 1u) << stats;
  EXPECT_LE(mailboxes[0]["max_concurrent"], 4) << stats;
  EXPECT_EQ(mailboxes[0]["throttled"], 0) << "no 429 of the mailbox's own limit: " << stats;
}

// While one mailbox is closed for three seconds, another is read to its end.
TEST(Gate, MailboxesWaitForThemselvesAlone) {
  const Tenant tenant({"--messages", "60", "--users", "3"});
  const Connection connection(tenant.connection_string());
  const auto users = Statement(connection).query("SELECT Id, UserPrincipalName FROM Users");
  std::string other;
  for (const TextRow& user : users) {
    if (user[1] != tenant.fact("account")) other = *user[0];
  }
  ASSERT_FALSE(other.empty());
  tenant.forget();
  tenant.add_faults({{"match", {{"path", "/me/messages"}, {"times", 1}}},
                     {"action", {{"status", 429}, {"retry_after", 3}}}});
  std::atomic<bool> closed_is_done = false;
  std::thread closed([&] {
    const Connection own(tenant.connection_string());
    EXPECT_EQ(Statement(own).query("SELECT Id FROM Messages").size(), 60u);
    closed_is_done = true;
  });
  while (tenant.requests().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_NO_THROW(
      Statement(connection).query("SELECT Id FROM Messages WHERE UserId = '" + other + "'"));
  EXPECT_FALSE(closed_is_done) << "the open mailbox waited for the closed one";
  closed.join();
  EXPECT_EQ(tenant.stats()["retry_after_undercut_in_bucket"], 0);
}

}  // namespace
}  // namespace graphodbc::test
