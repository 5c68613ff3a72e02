// Mail and users under ReadBasic permissions (requirements A-Z20, A-Z21).
#include <gtest/gtest.h>

#include <string>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

class BasicPermission : public testing::Test {
 protected:
  static void SetUpTestSuite() { tenant_ = new Tenant({"--messages", "20", "--drive-items", "5"}); }
  static void TearDownTestSuite() { delete tenant_; }
  void SetUp() override { tenant_->forget(); }
  void TearDown() override { tenant_->clear_faults(); }

  static std::string with(const std::string& scopes) {
    const auto fact = [](const char* name) { return tenant_->fact(name); };
    return "Driver=graphodbc;GraphUrl=" + fact("graph_url") + ";TokenUrl=" + fact("token_url") +
           ";AuthUrl=" + fact("auth_url") + ";ClientId=" + fact("client_id") + ";ClientSecret={" +
           fact("client_secret") + "};RefreshToken=" + fact("refresh_token") + ";Scope={" + scopes +
           "}";
  }

  // Rows, and the notes and failure that came with them.
  struct Told {
    std::vector<TextRow> rows;
    std::string notes;
    std::string failure;
  };
  static Told ask(const std::string& scopes, const std::string& sql) {
    const Connection connection(with(scopes));
    Statement statement(connection);
    Told told;
    const auto gather = [&] {
      for (const Diagnostic& each : statement.diagnostics()) {
        told.notes += each.state + " " + each.message + "\n";
      }
    };
    try {
      statement.execute(sql);
      gather();
      while (auto row = statement.fetch()) {
        told.rows.push_back(*row);
        gather();
      }
      gather();
    } catch (const OdbcError& error) {
      told.failure = error.records.front().state + " " + error.records.front().message;
    }
    return told;
  }

  static Tenant* tenant_;
};

Tenant* BasicPermission::tenant_ = nullptr;

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(BasicPermission, MailIsReadWithoutBodies) {
  const Told told = ask("Mail.ReadBasic", "SELECT Id, Subject FROM Messages ORDER BY Id");
  EXPECT_EQ(told.failure, "");
  EXPECT_EQ(told.rows.size(), 20u);
  EXPECT_EQ(told.notes, "");
  for (const auto& request : tenant_->requests()) {
    EXPECT_FALSE(holds(request.query, "body")) << request.query;
  }
}

TEST_F(BasicPermission, WithheldBodiesAreTold) {
  for (const char* sql : {"SELECT Subject, Body_Content FROM Messages", "SELECT * FROM Messages",
                          "SELECT BodyPreview FROM Messages",
                          "SELECT Subject FROM Messages WHERE Body_Content LIKE '%a%'"}) {
    const Told told = ask("Mail.ReadBasic User.Read", sql);
    EXPECT_EQ(told.failure, "");
    EXPECT_TRUE(holds(told.notes, "01000 ")) << sql;
    EXPECT_TRUE(holds(told.notes, "needs Mail.Read:")) << sql << told.notes;
  }
  EXPECT_EQ(ask("Mail.Read User.Read", "SELECT * FROM Messages").notes, "");
}

TEST_F(BasicPermission, ARefusalOfBodiesNamesWhatShowsThem) {
  tenant_->add_faults({{"match", {{"path", "*/messages*"}, {"times", -1}}},
                       {"action", {{"status", 403}, {"code", "ErrorAccessDenied"}}}});
  const Told told = ask("Mail.ReadBasic", "SELECT Body_Content FROM Messages");
  EXPECT_TRUE(holds(told.failure, "42000 ")) << told.failure;
  EXPECT_TRUE(holds(told.failure, "least permission: Mail.Read;")) << told.failure;
}

TEST_F(BasicPermission, SearchingMailNeedsMore) {
  const Told told =
      ask("Mail.ReadBasic", "SELECT Subject FROM Messages WHERE GRAPH_SEARCH('report')");
  EXPECT_TRUE(holds(told.failure, "42000 ")) << told.failure;
  EXPECT_TRUE(holds(told.failure, "least permission: Mail.Read;")) << told.failure;
}

TEST_F(BasicPermission, UsersShowTheirBasicColumns) {
  const Told basic = ask("User.ReadBasic.All", "SELECT Id, DisplayName, Mail FROM Users");
  EXPECT_EQ(basic.failure, "");
  EXPECT_EQ(basic.notes, "");
  EXPECT_FALSE(basic.rows.empty());
  EXPECT_EQ(ask("User.Read.All", "SELECT * FROM Users").notes, "");
}

// One's own profile is shown with User.Read, also among the users.
TEST_F(BasicPermission, OnesOwnRowIsWhole) {
  const std::string scopes = "User.Read User.ReadBasic.All";
  const Told me = ask(scopes, "SELECT Id, Department FROM Me");
  ASSERT_EQ(me.rows.size(), 1u) << me.failure;
  const Told own =
      ask(scopes, "SELECT Id, Department FROM Users WHERE Id = '" + *me.rows[0][0] + "'");
  EXPECT_EQ(own.rows, me.rows);
  EXPECT_TRUE(own.rows.size() == 1 && own.rows[0][1]) << "a department is needed here";
  EXPECT_EQ(own.notes, "");
}

TEST_F(BasicPermission, WithheldColumnsOfUsersAreTold) {
  const Told all = ask("User.ReadBasic.All", "SELECT DisplayName, Department FROM Users");
  EXPECT_FALSE(all.rows.empty());
  for (const TextRow& row : all.rows) {
    EXPECT_TRUE(row[0]);
    EXPECT_FALSE(row[1]);
  }
  for (const char* sql :
       {"SELECT DisplayName, Department FROM Users", "SELECT * FROM Users",
        "SELECT Id FROM Users WHERE Department = 'Sales'",
        "SELECT Id FROM Users WHERE Department IS NULL",
        "SELECT COUNT(*) FROM Users WHERE AccountEnabled = 1",
        "SELECT u.Department FROM Users u JOIN Users m ON m.Id = u.Id ORDER BY u.Department"}) {
    const Told told = ask("User.ReadBasic.All", sql);
    EXPECT_EQ(told.failure, "") << sql;
    EXPECT_TRUE(holds(told.notes, "01000 ")) << sql;
    EXPECT_TRUE(holds(told.notes, "needs User.Read.All:")) << sql << told.notes;
  }
}

}  // namespace
}  // namespace graphodbc::test
