// How many requests a statement costs, from the emulator's log.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/corpus.h"
#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

constexpr const char* kRoot = "/v1.0";
constexpr std::size_t kBatchSize = 20;

class RequestCount : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    tenant_ = std::make_unique<Tenant>(
        std::vector<std::string>{"--messages", "500", "--users", "600", "--drive-items", "50"});
    connection_ = std::make_unique<Connection>(tenant_->connection_string());
    connection_->query("SELECT Id FROM Users LIMIT 1");  // signs in
  }
  static void TearDownTestSuite() {
    connection_.reset();
    tenant_.reset();
  }
  void SetUp() override { tenant_->forget(); }
  void TearDown() override { tenant_->clear_faults(); }

  struct Requests {
    std::vector<nlohmann::json> single;  // of their own, batches among them
    std::vector<nlohmann::json> items;   // of batches
    std::string text;
  };
  static Requests requests() {
    Requests out;
    for (const auto& entry : tenant_->log()) {
      const std::string path = entry["path"];
      const bool item = entry["batch_item"];
      if (!item && path.rfind(kRoot, 0) != 0) continue;
      (item ? out.items : out.single).push_back(entry);
      out.text += (item ? "  item " : "\n") + entry["method"].get<std::string>() + " " + path +
                  "?" + entry["query"].get<std::string>() + "\n";
    }
    return out;
  }
  static std::vector<nlohmann::json> with_path(const std::vector<nlohmann::json>& all,
                                               const std::string& start) {
    std::vector<nlohmann::json> out;
    for (const auto& entry : all) {
      const std::string path = entry["path"];
      if (path.find(start) != std::string::npos) out.push_back(entry);
    }
    return out;
  }
  static std::vector<TextRow> run(const std::string& sql,
                                  const std::vector<CorpusMarker>& values = {}) {
    Statement statement(*connection_);
    statement.prepare(sql);
    const BoundMarkers markers(statement, values);
    statement.execute();
    return statement.fetch_all();
  }
  static std::string list_of(const std::vector<TextRow>& rows, std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "'" : ", '") + *rows[i][0] + "'";
    return list;
  }

  static std::unique_ptr<Tenant> tenant_;
  static std::unique_ptr<Connection> connection_;
};
std::unique_ptr<Tenant> RequestCount::tenant_;
std::unique_ptr<Connection> RequestCount::connection_;

TEST_F(RequestCount, CountingUsersIsOneRequest) {
  const auto rows = run("SELECT COUNT(*) FROM Users");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0][0], "600");
  EXPECT_EQ(requests().single.size(), 1u) << requests().text;
}

TEST_F(RequestCount, AFalseConditionIsNoRequest) {
  for (const char* sql : {"SELECT * FROM Messages WHERE 1=0", "SELECT Id FROM Users WHERE 1=0",
                          "SELECT Id FROM Messages WHERE IsRead = 1 AND IsRead = 0",
                          "SELECT m.Subject, f.DisplayName FROM Messages m JOIN MailFolders f ON "
                          "f.Id = m.ParentFolderId WHERE 1=0",
                          "SELECT * FROM (SELECT Id, Size FROM DriveItems) s WHERE 1=0",
                          "SELECT Id FROM Users LIMIT 0"}) {
    EXPECT_EQ(run(sql).size(), 0u) << sql;
    EXPECT_EQ(requests().single.size(), 0u) << sql << requests().text;
    tenant_->forget();
  }
}

TEST_F(RequestCount, OneKeyIsOneItemRead) {
  for (const std::string table : {"Users", "Messages", "Events", "Contacts"}) {
    const std::string id = *run("SELECT Id FROM " + table + " LIMIT 1")[0][0];
    const std::string sql = "SELECT Id FROM " + table + " WHERE Id = ?";
    // The first key read of a connection asks for the contacts' folder (contact_keys_test.cc).
    if (table == "Contacts") run(sql, {{CorpusMarker::Type::kText, id}});
    tenant_->forget();
    const auto rows = run(sql, {{CorpusMarker::Type::kText, id}});
    ASSERT_EQ(rows.size(), 1u) << table;
    EXPECT_EQ(rows[0][0], id);
    const Requests seen = requests();
    ASSERT_EQ(seen.single.size(), 1u) << seen.text;
    EXPECT_NE(percent_decoded(seen.single[0]["path"]).find(id), std::string::npos) << seen.text;
  }
}

TEST_F(RequestCount, TwentyKeysAreOneBatch) {
  for (const std::string table : {"Users", "Messages"}) {
    const auto ids = run("SELECT Id FROM " + table + " LIMIT 20");
    ASSERT_EQ(ids.size(), kBatchSize);
    tenant_->forget();
    const auto rows =
        run("SELECT Id FROM " + table + " WHERE Id IN (" + list_of(ids, kBatchSize) + ")");
    EXPECT_EQ(rows.size(), kBatchSize) << table;
    const Requests seen = requests();
    ASSERT_EQ(seen.single.size(), 1u) << seen.text;
    EXPECT_EQ(seen.single[0]["path"], "/v1.0/$batch") << seen.text;
    EXPECT_EQ(seen.items.size(), kBatchSize) << seen.text;
  }
}

// Sixty users' mail: the users, and one list an item in batches of twenty.
TEST_F(RequestCount, AJoinReadsEachKeyOnceInBatches) {
  std::string department;
  std::size_t users = 0;
  std::map<std::string, std::size_t> sizes;
  for (const auto& row : run("SELECT Department FROM Users WHERE Department IS NOT NULL")) {
    ++sizes[*row[0]];
  }
  for (const auto& [name, size] : sizes) {
    if (size >= 60 && (users == 0 || size < users)) {
      department = name;
      users = size;
    }
  }
  ASSERT_GE(users, 60u);
  std::size_t messages = 0;
  for (const auto& row : run("SELECT Id FROM Users WHERE Department = '" + department + "'")) {
    try {
      messages += run("SELECT Id FROM Messages WHERE UserId = '" + *row[0] + "'").size();
    } catch (const OdbcError&) {
      continue;  // no mailbox
    }
  }
  tenant_->forget();
  const auto rows =
      run("SELECT u.DisplayName, m.Subject FROM Users u JOIN Messages m ON "
          "m.UserId = u.Id WHERE u.Department = '" +
          department + "'");
  EXPECT_EQ(rows.size(), messages);
  const Requests seen = requests();
  const std::size_t batches = (users + kBatchSize - 1) / kBatchSize;
  EXPECT_EQ(with_path(seen.single, "/users").size(), 1u) << seen.text;
  EXPECT_EQ(with_path(seen.single, "/$batch").size(), batches) << seen.text;
  EXPECT_EQ(seen.single.size(), 1 + batches) << seen.text;
  EXPECT_EQ(seen.items.size(), users) << seen.text;
}

TEST_F(RequestCount, ScansOfOneStatementRunTogether) {
  tenant_->add_faults(nlohmann::json::parse(R"([
    {"match":{"path":"/me/messages","times":1},"action":{"delay_ms":400}},
    {"match":{"path":"/me/mailFolders","times":1},"action":{"delay_ms":400}}])"));
  const auto rows =
      run("SELECT m.Subject, f.DisplayName FROM Messages m JOIN MailFolders f ON "
          "f.Id = m.ParentFolderId");
  EXPECT_GT(rows.size(), 300u);
  const Requests seen = requests();
  const auto messages = with_path(seen.single, "/me/messages");
  const auto folders = with_path(seen.single, "/me/mailFolders");
  ASSERT_EQ(messages.size(), 1u) << seen.text;
  ASSERT_GE(folders.size(), 1u) << seen.text;
  const auto time = [](const nlohmann::json& entry, const char* member) {
    return entry[member].get<double>();
  };
  EXPECT_LT(time(messages[0], "start_ms"), time(folders[0], "end_ms")) << seen.text;
  EXPECT_LT(time(folders[0], "start_ms"), time(messages[0], "end_ms")) << seen.text;
  // Each address once: no scan is read twice.
  std::vector<std::string> addresses;
  for (const auto* list : {&seen.single, &seen.items}) {
    for (const auto& entry : *list) {
      if (entry["method"] == "POST") continue;
      addresses.push_back(entry["path"].get<std::string>() + "?" +
                          entry["query"].get<std::string>());
    }
  }
  std::sort(addresses.begin(), addresses.end());
  EXPECT_EQ(std::adjacent_find(addresses.begin(), addresses.end()), addresses.end()) << seen.text;
}

// A bounded side's keys: each once, in batches, never by a read of the collection.
TEST_F(RequestCount, FewKeysAreReadByThemselves) {
  const std::string sql =
      "SELECT m.Subject, u.DisplayName FROM (SELECT ParentFolderId, Subject, Id FROM Messages "
      "LIMIT 60) m LEFT JOIN Messages again ON again.Id = m.Id LEFT "
      "JOIN Users u ON u.Id = again.ConversationId";
  EXPECT_EQ(run(sql).size(), 60u);
  const Requests seen = requests();
  EXPECT_EQ(with_path(seen.items, "/me/messages/").size(), 60u) << seen.text;
  EXPECT_EQ(with_path(seen.single, "/me/messages").size(), 1u) << seen.text;
  for (const auto& user : with_path(seen.single, "/users")) {
    EXPECT_NE(user["path"], "/v1.0/users") << seen.text;
  }
}

TEST_F(RequestCount, ManyKeysMakeOneScanOfIt) {
  const Connection few(tenant_->connection_string("MaxDependentKeys=30"));
  const auto rows_of = [&](std::size_t limit) {
    tenant_->forget();
    return few
        .query(
            "SELECT again.Subject FROM Messages again WHERE again.Id IN (SELECT Id FROM "
            "Messages LIMIT " +
            std::to_string(limit) + ")")
        .size();
  };
  EXPECT_EQ(rows_of(30), 30u);
  EXPECT_EQ(requests().items.size(), 30u) << requests().text;
  EXPECT_EQ(rows_of(31), 31u);
  EXPECT_EQ(requests().items.size(), 0u) << requests().text;
  EXPECT_EQ(with_path(requests().single, "/me/messages").size(), 2u) << requests().text;
}

TEST_F(RequestCount, ALimitReachesTheSideWhoseRowsAllStay) {
  EXPECT_EQ(run("SELECT m.Id, f.DisplayName FROM Messages m LEFT JOIN MailFolders f ON f.Id = "
                "m.ParentFolderId LIMIT 7")
                .size(),
            7u);
  const auto messages = with_path(requests().single, "/me/messages");
  ASSERT_EQ(messages.size(), 1u) << requests().text;
  EXPECT_NE(percent_decoded(messages[0]["query"]).find("$top=7"), std::string::npos)
      << requests().text;
  EXPECT_EQ(with_path(requests().single, "/childFolders").size(), 0u) << requests().text;
}

// The latest messages with their folders: only they are read, and the folders that they name.
TEST_F(RequestCount, TheFirstOfAnOrderReachTheSideWhoseRowsAllStay) {
  const std::string sql =
      "SELECT m.ReceivedDateTime, f.DisplayName FROM Messages m LEFT JOIN MailFolders f ON f.Id = "
      "m.ParentFolderId ORDER BY m.ReceivedDateTime DESC LIMIT 5 OFFSET 2";
  const auto rows = run(sql);
  const auto messages = with_path(requests().single, "/me/messages");
  ASSERT_EQ(messages.size(), 1u) << requests().text;
  const std::string query = percent_decoded(messages[0]["query"]);
  EXPECT_NE(query.find("$orderby=receivedDateTime desc&$top=7"), std::string::npos) << query;
  EXPECT_EQ(with_path(requests().single, "/childFolders").size(), 0u) << requests().text;
  const Connection off(tenant_->connection_string("Pushdown=off"));
  EXPECT_EQ(rows, off.query(sql));
  EXPECT_EQ(rows.size(), 5u);
}

TEST_F(RequestCount, WhatGraphDoesNotSortIsReadWhole) {
  const std::string joined =
      "SELECT m.Id, m.Subject FROM Messages m LEFT JOIN MailFolders f ON f.Id = m.ParentFolderId "
      "ORDER BY ";
  const Connection server(tenant_->connection_string("OrderByText=server"));
  const Connection off(tenant_->connection_string("Pushdown=off"));
  for (const char* order :
       {"m.Subject, m.Id", "LENGTH(m.Subject), m.Id", "f.DisplayName, m.Id",
        "m.ReceivedDateTime, f.DisplayName, m.Id", "m.ReceivedDateTime NULLS LAST, m.Id"}) {
    const std::string sql = joined + order + " LIMIT 5";
    const auto rows = run(sql);
    EXPECT_EQ(rows.size(), 5u) << order;
    for (const auto& request : with_path(requests().single, "/me/messages")) {
      EXPECT_EQ(percent_decoded(request["query"]).find("$top=5"), std::string::npos) << order;
    }
    EXPECT_EQ(rows, off.query(sql)) << order;
    EXPECT_EQ(rows, server.query(sql)) << order;
    tenant_->forget();
  }
}

// The latest few of the rows that a search leaves: the search is sent, not the order that mail does
// not take beside it, and nothing but its rows is read.
TEST_F(RequestCount, ASearchedTextGoesBeforeTheOrder) {
  const Connection off(tenant_->connection_string("Pushdown=off"));
  for (const std::string sql :
       {"SELECT ReceivedDateTime FROM Messages WHERE Subject LIKE '%Expense%' "
        "ORDER BY ReceivedDateTime DESC",
        "SELECT ReceivedDateTime FROM Messages WHERE Subject LIKE '%Expense%' "
        "ORDER BY ReceivedDateTime DESC LIMIT 5",
        "SELECT m.ReceivedDateTime, u.Id FROM (SELECT Subject, ReceivedDateTime FROM Messages "
        "WHERE Subject LIKE '%Expense%' ORDER BY ReceivedDateTime DESC LIMIT 5) m "
        "LEFT JOIN Users u ON u.Id = m.Subject ORDER BY m.ReceivedDateTime"}) {
    tenant_->forget();
    const auto rows = run(sql);
    const auto messages = with_path(requests().single, "/me/messages");
    ASSERT_EQ(messages.size(), 1u) << requests().text;
    const std::string query = percent_decoded(messages[0]["query"]);
    EXPECT_NE(query.find("$filter=contains(subject,'Expense')"), std::string::npos) << query;
    EXPECT_EQ(query.find("$orderby"), std::string::npos) << query;
    EXPECT_FALSE(rows.empty()) << sql;
    EXPECT_EQ(rows, off.query(sql)) << sql;
  }
}

// A refused order is not tried again; all rows are read and sorted here.
TEST_F(RequestCount, ARefusedOrderOfAJoinIsDoneHere) {
  const std::string sql =
      "SELECT m.ReceivedDateTime, f.DisplayName FROM Messages m LEFT JOIN MailFolders f ON f.Id = "
      "m.ParentFolderId ORDER BY m.ReceivedDateTime DESC LIMIT 5";
  const auto expected = run(sql);
  tenant_->forget();
  const Connection connection(tenant_->connection_string());
  tenant_->add_faults({{"match", {{"query", "*$orderby=*"}, {"times", -1}}},
                       {"action", {{"status", 400}, {"code", "ErrorInvalidUrlQuery"}}}});
  Statement statement(connection);
  statement.execute(sql);
  EXPECT_EQ(statement.fetch_all(), expected);
  const auto asked = [&] {
    std::size_t count = 0;
    for (const auto& request : with_path(requests().single, "/me/messages")) {
      if (percent_decoded(request["query"]).find("$orderby") != std::string::npos) ++count;
    }
    return count;
  };
  EXPECT_EQ(asked(), 1u) << requests().text;
  EXPECT_EQ(connection.query(sql), expected);
  EXPECT_EQ(asked(), 1u) << requests().text;
  const auto explained = connection.query("EXPLAIN " + sql);
  for (const TextRow& row : explained) {
    EXPECT_EQ(row[2].value_or("").find("orderby"), std::string::npos) << *row[2];
  }
}

// What had been left out to keep the order is asked for again once the order is refused.
TEST_F(RequestCount, ARefusedOrderLeavesTheFilter) {
  const std::string sql =
      "SELECT m.ReceivedDateTime, f.DisplayName FROM Messages m LEFT JOIN MailFolders f ON f.Id = "
      "m.ParentFolderId WHERE m.ReceivedDateTime < {ts '2026-06-01 00:00:00'} "
      "ORDER BY m.ReceivedDateTime DESC LIMIT 5";
  const auto expected = run(sql);
  EXPECT_EQ(expected.size(), 5u);
  const Connection connection(tenant_->connection_string());
  tenant_->add_faults({{"match", {{"query", "*$orderby=*"}, {"times", -1}}},
                       {"action", {{"status", 400}, {"code", "ErrorInvalidUrlQuery"}}}});
  const auto asked = [&] {
    std::vector<std::string> options;
    for (const auto& request : with_path(requests().single, "/me/messages")) {
      const std::string query = percent_decoded(request["query"]);
      options.emplace_back();
      if (query.find("$filter=receivedDateTime lt") != std::string::npos) options.back() += "f";
      if (query.find("$orderby") != std::string::npos) options.back() += "o";
    }
    tenant_->forget();
    return options;
  };
  tenant_->forget();
  EXPECT_EQ(connection.query(sql), expected);
  EXPECT_EQ(asked(), (std::vector<std::string>{"fo", "o", "f"}));
  std::vector<std::string> announced;
  for (const TextRow& row : connection.query("EXPLAIN " + sql)) {
    if (row[2].value_or("").find("/me/messages") != std::string::npos) announced.push_back(*row[2]);
  }
  EXPECT_EQ(connection.query(sql), expected);
  ASSERT_EQ(announced.size(), 1u);
  EXPECT_EQ(asked(), std::vector<std::string>{"f"});
  EXPECT_NE(percent_decoded(announced[0]).find("$filter=receivedDateTime lt"), std::string::npos);
  EXPECT_EQ(percent_decoded(announced[0]).find("$orderby"), std::string::npos) << announced[0];
}

TEST_F(RequestCount, AnOffsetReachesTheArmsOfAUnion) {
  EXPECT_EQ(run("SELECT Subject FROM Messages UNION ALL SELECT DisplayName FROM Users LIMIT 4 "
                "OFFSET 3")
                .size(),
            4u);
  for (const auto& request : requests().single) {
    EXPECT_NE(percent_decoded(request["query"]).find("$top=7"), std::string::npos)
        << requests().text;
  }
}

// Forty names are three requests in one batch, and nothing that EXPLAIN did not announce.
TEST_F(RequestCount, ALongListIsOneBatch) {
  std::string names;
  for (const auto& row : run("SELECT UserPrincipalName FROM Users LIMIT 40")) {
    names += (names.empty() ? "'" : ", '") + *row[0] + "'";
  }
  const std::string sql = "SELECT UserPrincipalName FROM Users WHERE UserPrincipalName IN (" +
                          names + ", 'nobody@example.com')";
  tenant_->forget();
  EXPECT_EQ(run(sql).size(), 40u);
  const Requests seen = requests();
  ASSERT_EQ(seen.single.size(), 1u) << seen.text;
  EXPECT_EQ(seen.items.size(), 3u) << seen.text;
  std::vector<std::string> announced;
  for (const TextRow& row : run("EXPLAIN " + sql)) {
    announced.push_back(percent_decoded(row[2].value_or("")));
  }
  for (const auto& item : seen.items) {
    const std::string url =
        item["path"].get<std::string>().substr(5) + "?" + item["query"].get<std::string>();
    EXPECT_NE(std::find(announced.begin(), announced.end(), percent_decoded(url)), announced.end())
        << url;
  }
}

// Names that many have make long lists, which are read on; every row comes once, also where Graph
// answers it to two spellings.
TEST_F(RequestCount, ALongListGivesTheRowsOfTheCondition) {
  const Connection off(tenant_->connection_string("Pushdown=off"));
  for (const std::string column : {"City", "Department", "DisplayName", "Mail", "CompanyName"}) {
    std::string values;
    std::string upper;
    std::size_t count = 0;
    for (const auto& row : run("SELECT DISTINCT " + column + ", UCASE(" + column +
                               ") FROM Users WHERE " + column + " IS NOT NULL")) {
      if (++count > 30) break;
      std::string name;
      for (const char c : *row[0]) name += c == '\'' ? "''" : std::string(1, c);
      std::string other;
      for (const char c : *row[1]) other += c == '\'' ? "''" : std::string(1, c);
      values += "'" + name + "', ";
      upper += "'" + other + "', ";
    }
    for (int i = 0; i < 10; ++i) upper += "'none " + std::to_string(i) + "', ";
    const std::string condition =
        " FROM Users WHERE " + column + " IN (" + values + upper + "NULL)";
    for (const std::string& sql :
         {"SELECT Id" + condition + " ORDER BY Id",
          "SELECT COUNT(*), COUNT(DISTINCT Id)" + condition,
          "SELECT Id" + condition + " AND AccountEnabled = 1 ORDER BY Id"}) {
      const auto rows = run(sql);
      EXPECT_EQ(rows, off.query(sql)) << sql;
      EXPECT_FALSE(rows.empty()) << sql;
    }
    EXPECT_GE(requests().items.size(), 2u) << column << requests().text;
    for (const char* action : {"ignore_filter", "widen_filter"}) {
      tenant_->add_faults({{"match", {{"query", "*filter=*"}, {"times", -1}}}, {"action", action}});
      const std::string sql = "SELECT Id" + condition + " ORDER BY Id";
      EXPECT_EQ(run(sql), off.query(sql)) << action << sql;
      tenant_->clear_faults();
    }
    tenant_->forget();
  }
}

// A user without a mailbox has no mail where the users' rows say whose mail is read, and is a
// mistake where the statement names nobody else.
TEST_F(RequestCount, AJoinedUserWithoutAMailboxHasNoRows) {
  std::string id;
  for (const auto& row : run("SELECT Id FROM Users")) {
    try {
      run("SELECT Id FROM Contacts WHERE UserId = '" + *row[0] + "'");
    } catch (const OdbcError&) {
      id = *row[0];
      break;
    }
  }
  ASSERT_FALSE(id.empty());
  const std::string is_id = " = '" + id + "'";
  for (const char* pushdown : {"Pushdown=on", "Pushdown=off"}) {
    const Connection connection(tenant_->connection_string(pushdown));
    const auto rows_of = [&](const std::string& sql) { return connection.query(sql).size(); };
    const std::string left =
        "SELECT u.Id, c.Id FROM Users u LEFT JOIN Contacts c ON c.UserId = "
        "u.Id WHERE u.Id";
    EXPECT_EQ(rows_of(left + is_id), 1u) << pushdown;
    EXPECT_EQ(rows_of(left + " IN ('" + id + "', 'nobody')"), 1u) << pushdown;
    EXPECT_EQ(
        rows_of("SELECT c.Id FROM Users u JOIN Contacts c ON c.UserId = u.Id WHERE u.Id" + is_id),
        0u)
        << pushdown;
    for (const std::string& mistake :
         {"SELECT c.Id FROM Contacts c LEFT JOIN Users u ON u.Id = c.UserId WHERE c.UserId" + is_id,
          "SELECT c.Id FROM Contacts c JOIN Messages m ON m.UserId = c.UserId WHERE c.UserId" +
              is_id}) {
      EXPECT_THROW(rows_of(mistake), OdbcError) << pushdown << mistake;
    }
  }
}

}  // namespace
}  // namespace graphodbc::test
