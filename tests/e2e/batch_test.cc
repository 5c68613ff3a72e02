// Keys and the children of many parents through `$batch`: the same rows as by reads of their own,
// in as many requests as they need.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

class Batch : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    tenant_ = new Tenant({"--messages", "300", "--drive-items", "400"});
    pushed_ = new Connection(tenant_->connection_string());
    unpushed_ = new Connection(tenant_->connection_string("Pushdown=off"));
  }
  static void TearDownTestSuite() {
    delete unpushed_;
    delete pushed_;
    delete tenant_;
  }

  static std::vector<TextRow> sorted(std::vector<TextRow> rows) {
    std::sort(rows.begin(), rows.end());
    return rows;
  }
  // "'a', 'b'": the values of the query's one column.
  static std::string list_of(const std::string& sql) {
    std::string list;
    for (const TextRow& row : pushed_->query(sql))
      list += (list.empty() ? "'" : ", '") + *row[0] + "'";
    return list;
  }
  // Requests that a query sends: "POST /$batch" and so on, and what became of the parts is checked.
  static std::vector<std::string> sent(const std::string& sql,
                                       std::vector<TextRow>* rows = nullptr) {
    tenant_->forget();
    std::vector<TextRow> found = pushed_->query(sql);
    std::vector<std::string> out;
    for (const Tenant::Served& served : tenant_->requests()) {
      out.push_back(served.method + " " + served.path);
    }
    if (rows != nullptr) *rows = std::move(found);
    return out;
  }
  static void expect_same_rows(const std::string& sql) {
    EXPECT_EQ(sorted(pushed_->query(sql)), sorted(unpushed_->query(sql))) << sql.substr(0, 100);
  }

  static Tenant* tenant_;
  static Connection* pushed_;
  static Connection* unpushed_;
};

Tenant* Batch::tenant_ = nullptr;
Connection* Batch::pushed_ = nullptr;
Connection* Batch::unpushed_ = nullptr;

TEST_F(Batch, TwentyKeysAreOneRequest) {
  const std::string keys = list_of("SELECT Id FROM Messages LIMIT 20");
  const std::string sql = "SELECT Id, Subject FROM Messages WHERE Id IN (" + keys + ")";
  std::vector<TextRow> rows;
  EXPECT_EQ(sent(sql, &rows), std::vector<std::string>{"POST /$batch"});
  EXPECT_EQ(rows.size(), 20u);
  expect_same_rows(sql);
}

TEST_F(Batch, ManyKeysAreAsManyRequestsAsTheyFill) {
  const std::string keys = list_of("SELECT Id FROM Messages LIMIT 130");
  const std::string sql = "SELECT Subject FROM Messages WHERE Id IN ('none', " + keys + ")";
  std::vector<TextRow> rows;
  EXPECT_EQ(sent(sql, &rows), std::vector<std::string>(7, "POST /$batch"));
  EXPECT_EQ(rows.size(), 130u);
  expect_same_rows(sql);
}

TEST_F(Batch, ChildrenOfManyParentsShareRequests) {
  const std::string parents = list_of("SELECT Id FROM Messages WHERE HasAttachments = 1 LIMIT 30");
  std::vector<TextRow> rows;
  EXPECT_EQ(
      sent("SELECT MessageId, Name FROM Attachments WHERE MessageId IN (" + parents + ")", &rows),
      std::vector<std::string>(2, "POST /$batch"));
  EXPECT_GE(rows.size(), 30u);
  EXPECT_TRUE(std::all_of(rows.begin(), rows.end(), [&](const TextRow& row) {
    return parents.find("'" + *row[0] + "'") != std::string::npos;
  }));
}

TEST_F(Batch, FoldersAreWalkedLevelByLevel) {
  std::vector<TextRow> rows;
  const std::vector<std::string> folders = sent("SELECT DisplayName FROM MailFolders", &rows);
  EXPECT_GE(rows.size(), 20u);
  EXPECT_LE(folders.size(), 7u) << "six levels";
  const std::vector<std::string> items = sent("SELECT Name FROM DriveItems", &rows);
  EXPECT_GE(rows.size(), 400u);
  EXPECT_LE(items.size(), 30u);
}

TEST_F(Batch, TheAccountUnderTwoNamesIsTwoLists) {
  const std::string upn = *pushed_->query("SELECT UserPrincipalName FROM Me")[0][0];
  const std::string id = *pushed_->query("SELECT Id FROM Me")[0][0];
  const std::string sql =
      "SELECT UserId, Id FROM Messages WHERE UserId IN ('" + upn + "', '" + id + "')";
  std::vector<TextRow> rows;
  const std::vector<std::string> requests = sent(sql, &rows);
  EXPECT_EQ(rows.size(), 2 * pushed_->query("SELECT Id FROM Messages").size());
  EXPECT_EQ(requests[0], "POST /$batch");
  // Two long lists by pages of 50 would be 6 batches and more.
  EXPECT_LE(requests.size(), 4u);
  expect_same_rows(sql);
}

// Attachments without MessageId: the same rows as by reads of each message's.
TEST_F(Batch, AttachmentsOfAllMessages) {
  const std::string columns =
      "SELECT MessageId, Id, Name, Size, IsInline, ContentId, UserId FROM Attachments";
  std::vector<TextRow> all;
  EXPECT_EQ(sent(columns, &all), (std::vector<std::string>{"GET /me", "GET /me/messages"}));
  std::vector<TextRow> singly;
  for (const TextRow& message : pushed_->query("SELECT Id FROM Messages")) {
    const auto rows = pushed_->query(columns + " WHERE MessageId = '" + *message[0] + "'");
    singly.insert(singly.end(), rows.begin(), rows.end());
  }
  EXPECT_GE(singly.size(), 50u);
  EXPECT_EQ(sorted(all), sorted(singly));

  // Messages whose only attachments are inline have none by their own word, so that word counts
  // only where inline ones are not wanted.
  std::vector<TextRow> inline_rows;
  std::vector<TextRow> others;
  for (const TextRow& row : singly) (*row[4] == "1" ? inline_rows : others).push_back(row);
  EXPECT_FALSE(inline_rows.empty());
  EXPECT_FALSE(others.empty());
  EXPECT_EQ(sorted(pushed_->query(columns + " WHERE IsInline = 1")), sorted(inline_rows));
  std::vector<TextRow> narrowed;
  tenant_->forget();
  narrowed = pushed_->query(columns + " WHERE IsInline = 0");
  EXPECT_EQ(sorted(narrowed), sorted(others));
  EXPECT_NE(tenant_->requests()[0].query.find("$filter=hasAttachments eq true"), std::string::npos);
  expect_same_rows(columns + " WHERE IsInline = 0");
  expect_same_rows("SELECT COUNT(*), SUM(Size) FROM Attachments WHERE Size > 1000");
}

// Pages of messages that shift, break or time out lose and repeat nothing.
TEST_F(Batch, AttachmentsSurviveFaultsOfTheirMessagesPages) {
  const Tenant tenant({"--messages", "2500"});
  const Connection connection(tenant.connection_string());
  const std::string sql = "SELECT MessageId, Id FROM Attachments";
  const std::vector<TextRow> expected = sorted(connection.query(sql));
  for (const char* action :
       {R"({"status":429,"retry_after":0.05})", R"({"status":504})", R"({"duplicate_rows":3})",
        R"("malformed_json")", R"("empty_page")", R"("missing_next_link")"}) {
    tenant.add_faults({{"match", {{"path", "*/me/messages"}, {"nth", 2}}},
                       {"action", nlohmann::json::parse(action)}});
    EXPECT_EQ(sorted(connection.query(sql)), expected) << action;
    tenant.clear_faults();
  }
}

// Parts of a batch that fail for a while change nothing about the rows.
TEST_F(Batch, FaultyPartsAreAskedForAgain) {
  const std::string keys = list_of("SELECT Id FROM Messages LIMIT 50");
  const std::string sql = "SELECT Subject FROM Messages WHERE Id IN (" + keys + ")";
  const std::vector<TextRow> expected = sorted(pushed_->query(sql));
  for (const char* action : {R"({"status":429,"retry_after":0.05})", R"({"status":503})",
                             R"({"status":504})", R"("expired_token")", R"("malformed_json")"}) {
    tenant_->add_faults({{"match", {{"batch_item", true}, {"nth", 5}, {"every", 10}, {"times", 4}}},
                         {"action", nlohmann::json::parse(action)}});
    EXPECT_EQ(sorted(pushed_->query(sql)), expected) << action;
    tenant_->clear_faults();
  }
  EXPECT_EQ(tenant_->stats()["retry_after_undercut"], 0);
}

}  // namespace
}  // namespace graphodbc::test
