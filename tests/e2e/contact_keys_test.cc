// Reading contacts by key gives the rows that reading the table gives: Graph finds by their ids
// contacts of all folders, and lists those of the default folder.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

constexpr const char* kAsksForFolder = "/me/contacts?$select=parentFolderId&$top=1";

class ContactKeys : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() { tenant_ = std::make_unique<Tenant>(); }
  static void TearDownTestSuite() { tenant_.reset(); }

  // A connection each: what it remembers is counted.
  void SetUp() override {
    connection_ = std::make_unique<Connection>(
        tenant_->connection_string("Pushdown=" + std::string(GetParam())));
    for (const TextRow& row : query("SELECT Id FROM Contacts")) ids_.push_back(*row[0]);
    ASSERT_GE(ids_.size(), 3u);
  }
  void TearDown() override { tenant_->clear_faults(); }

  std::vector<TextRow> query(const std::string& sql) const {
    tenant_->forget();
    return connection_->query(sql);
  }
  static std::size_t asked_for_folder() {
    const auto requests = tenant_->requests();
    return static_cast<std::size_t>(std::count_if(
        requests.begin(), requests.end(),
        [](const auto& request) { return request.path + "?" + request.query == kAsksForFolder; }));
  }
  // The contact as it would be if somebody moved it.
  static void move(const std::string& id) {
    tenant_->add_faults(
        {{"match", {{"path", "*/contacts/" + id}, {"times", -1}}},
         {"action",
          {{"status", 200},
           {"body", nlohmann::json{{"id", id}, {"parentFolderId", "another"}}.dump()}}}});
  }
  std::string where(std::size_t first, std::size_t second) const {
    return " FROM Contacts WHERE Id IN ('" + ids_[first] + "', '" + ids_[second] + "')";
  }

  static std::unique_ptr<Tenant> tenant_;
  std::unique_ptr<Connection> connection_;
  std::vector<std::string> ids_;
};
std::unique_ptr<Tenant> ContactKeys::tenant_;

TEST_P(ContactKeys, WhatIsListedIsFoundByItsKey) {
  std::string keys;
  for (const std::string& id : ids_) keys += (keys.empty() ? "'" : ", '") + id + "'";
  EXPECT_EQ(query("SELECT Id FROM Contacts WHERE Id IN (" + keys + ")").size(), ids_.size());
  EXPECT_EQ(asked_for_folder(), 1u);
  EXPECT_EQ(query("SELECT DisplayName" + where(0, 1)).size(), 2u);
  EXPECT_EQ(asked_for_folder(), 0u) << "asked for once a connection";
}

TEST_P(ContactKeys, AContactOfAnotherFolderIsNoRow) {
  move(ids_[1]);
  const std::string where_moved = " FROM Contacts WHERE Id = '" + ids_[1] + "'";
  EXPECT_TRUE(query("SELECT Id" + where_moved).empty());
  EXPECT_EQ(tenant_->requests().size(), 2u);
  EXPECT_TRUE(query("SELECT Id" + where_moved).empty());
  EXPECT_EQ(tenant_->requests().size(), 1u);
  EXPECT_EQ(query("SELECT COUNT(*)" + where_moved)[0][0], "0");
  const auto rows = query("SELECT Id" + where(0, 1));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0][0], ids_[0]);
}

// Where the default folder has no contact, whatever is found is of another one. It may get one.
TEST_P(ContactKeys, AnEmptyFolderHasNoRows) {
  tenant_->add_faults({{"match", {{"path", "/me/contacts"}}},
                       {"action", {{"status", 200}, {"body", R"({"value":[]})"}}}});
  EXPECT_TRUE(query("SELECT Id" + where(0, 1)).empty());
  EXPECT_EQ(asked_for_folder(), 1u);
  EXPECT_EQ(query("SELECT Id" + where(0, 1)).size(), 2u);
  EXPECT_EQ(asked_for_folder(), 1u);
}

TEST_P(ContactKeys, ExplainAnnouncesTheRequestUntilItWasSent) {
  const std::string sql = "SELECT Id" + where(0, 1);
  const auto announced = [&] {
    const auto rows = query("EXPLAIN " + sql);
    return std::count_if(rows.begin(), rows.end(),
                         [](const TextRow& row) { return row[2] == kAsksForFolder; });
  };
  EXPECT_EQ(announced(), 1);
  EXPECT_EQ(query("EXPLAIN ANALYZE " + sql).back()[8], "2");
  EXPECT_EQ(announced(), 0);
  EXPECT_EQ(query("EXPLAIN ANALYZE " + sql).back()[8], "1");
}

INSTANTIATE_TEST_SUITE_P(Pushdown, ContactKeys, testing::Values("on", "off"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace graphodbc::test
