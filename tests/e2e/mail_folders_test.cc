// Reading folders by key gives the rows that reading the table gives: the root of the mailbox,
// which every top folder names as its parent, is in no list and so no row.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

constexpr const char* kAsksForRoot = "/me/mailFolders/msgfolderroot";

class MailFolderKeys : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
    tenant_ = std::make_unique<Tenant>(std::vector<std::string>{"--messages", "300"});
  }
  static void TearDownTestSuite() { tenant_.reset(); }

  // A connection each: what it remembers is counted.
  void SetUp() override {
    connection_ = std::make_unique<Connection>(
        tenant_->connection_string("Pushdown=" + std::string(GetParam())));
    for (const TextRow& row : query("SELECT Id, ParentFolderId FROM MailFolders")) {
      ids_.push_back(*row[0]);
      parents_.push_back(*row[1]);
    }
    for (const std::string& parent : parents_) {
      if (std::find(ids_.begin(), ids_.end(), parent) == ids_.end()) root_ = parent;
    }
    ASSERT_FALSE(root_.empty());
  }

  std::vector<TextRow> query(const std::string& sql) const {
    tenant_->forget();
    return connection_->query(sql);
  }
  static std::size_t asked_for_root() {
    const auto requests = tenant_->requests();
    return static_cast<std::size_t>(
        std::count_if(requests.begin(), requests.end(),
                      [](const auto& request) { return request.path == kAsksForRoot; }));
  }

  static std::unique_ptr<Tenant> tenant_;
  std::unique_ptr<Connection> connection_;
  std::vector<std::string> ids_, parents_;
  std::string root_;
};
std::unique_ptr<Tenant> MailFolderKeys::tenant_;

TEST_P(MailFolderKeys, TheRootIsNoRow) {
  const std::string where_root = " FROM MailFolders WHERE Id = '" + root_ + "'";
  EXPECT_TRUE(query("SELECT Id" + where_root).empty());
  EXPECT_EQ(tenant_->requests().size(), 2u);
  EXPECT_EQ(asked_for_root(), 1u);
  EXPECT_TRUE(query("SELECT DisplayName" + where_root).empty());
  EXPECT_EQ(tenant_->requests().size(), 1u) << "asked for once a connection";
  EXPECT_EQ(query("SELECT COUNT(*)" + where_root)[0][0], "0");
  EXPECT_TRUE(query("SELECT Id FROM MailFolders WHERE Id = 'inbox'").empty());
  EXPECT_TRUE(query("SELECT Id FROM MailFolders WHERE Id = 'msgfolderroot'").empty());
  std::string keys = "'" + root_ + "'";
  for (const std::string& id : ids_) keys += ", '" + id + "'";
  EXPECT_EQ(query("SELECT DisplayName FROM MailFolders WHERE Id IN (" + keys + ")").size(),
            ids_.size());
}

TEST_P(MailFolderKeys, OfAnotherNameOfTheMailboxToo) {
  const std::string user = *query("SELECT UserPrincipalName FROM Me")[0][0];
  EXPECT_EQ(query("SELECT Id FROM MailFolders WHERE UserId = '" + user + "' AND Id IN ('" + root_ +
                  "', '" + ids_[0] + "')")
                .size(),
            1u);
}

TEST_P(MailFolderKeys, JoinsByKeyGiveTheRowsOfTheWholeTable) {
  const std::string of_all =
      "SELECT COUNT(*) FROM MailFolders c JOIN MailFolders p ON p.Id = c.ParentFolderId";
  const auto below = static_cast<std::size_t>(
      std::count_if(parents_.begin(), parents_.end(),
                    [&](const std::string& parent) { return parent != root_; }));
  EXPECT_EQ(query(of_all)[0][0], std::to_string(below));
  // The keys of one folder are few, so that its parent is read by them.
  for (std::size_t at = 0; at < ids_.size(); ++at) {
    const std::string parent_of =
        "SELECT p.Id FROM MailFolders c JOIN MailFolders p ON p.Id = c.ParentFolderId WHERE c.Id = "
        "'" +
        ids_[at] + "'";
    const auto rows = query(parent_of);
    ASSERT_EQ(rows.size(), parents_[at] == root_ ? 0u : 1u) << at;
    if (rows.empty()) continue;
    EXPECT_EQ(rows[0][0], parents_[at]);
  }
}

TEST_P(MailFolderKeys, ExplainAnnouncesTheRequestUntilItWasSent) {
  const std::string sql =
      "SELECT Id FROM MailFolders WHERE Id IN ('" + ids_[0] + "', '" + ids_[1] + "')";
  const auto announced = [&] {
    const auto rows = query("EXPLAIN " + sql);
    return std::count_if(rows.begin(), rows.end(), [](const TextRow& row) {
      return row[2] && *row[2] == std::string(kAsksForRoot) + "?$select=id";
    });
  };
  EXPECT_EQ(announced(), 1);
  EXPECT_EQ(query("EXPLAIN ANALYZE " + sql).back()[8], "2");
  EXPECT_EQ(announced(), 0);
  EXPECT_EQ(query("EXPLAIN ANALYZE " + sql).back()[8], "1");
}

TEST_P(MailFolderKeys, AMailboxWithoutTheNameLeavesNothingOut) {
  tenant_->add_faults({{"match", {{"path", kAsksForRoot}, {"times", -1}}},
                       {"action", {{"status", 404}, {"code", "ErrorItemNotFound"}}}});
  EXPECT_EQ(query("SELECT Id FROM MailFolders WHERE Id = '" + ids_[0] + "'").size(), 1u);
  EXPECT_EQ(query("SELECT Id FROM MailFolders WHERE Id = '" + ids_[0] + "'").size(), 1u);
  EXPECT_EQ(tenant_->requests().size(), 1u);
  tenant_->clear_faults();
}

// Somebody else's folder that is shared, and nothing above it.
TEST_P(MailFolderKeys, ARootThatMayNotBeReadIsNoneOfTheRows) {
  tenant_->add_faults({{"match", {{"path", kAsksForRoot}}},
                       {"action", {{"status", 403}, {"code", "ErrorAccessDenied"}}}});
  EXPECT_EQ(query("SELECT Id FROM MailFolders WHERE Id = '" + ids_[0] + "'").size(), 1u);
}

TEST_P(MailFolderKeys, AFailureOfTheRequestIsTheStatements) {
  tenant_->add_faults({{"match", {{"path", kAsksForRoot}}},
                       {"action", {{"status", 400}, {"code", "ErrorInvalidRequest"}}}});
  try {
    query("SELECT Id FROM MailFolders WHERE Id = '" + ids_[0] + "'");
    ADD_FAILURE() << "no error";
  } catch (const OdbcError& error) {
    EXPECT_EQ(error.state(), "42000");
  }
  tenant_->clear_faults();
  EXPECT_EQ(query("SELECT Id FROM MailFolders WHERE Id = '" + ids_[0] + "'").size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Pushdown, MailFolderKeys, testing::Values("on", "off"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace graphodbc::test
