// What ReadBasic permissions withhold is never shown as if there were no value, also where the
// token does not show what it grants (requirements A-Z20, A-Z21; decisions.md 28).
#include <gtest/gtest.h>

#include <string>

#include "query/session.h"
#include "schema/registry.h"
#include "tests/query/fake_graph.h"

namespace graphodbc::query {
namespace {

FakeRow user(bool full) {
  FakeRow row{{"id", text("1")}, {"displayName", text("Ann")}};
  if (full) row["jobTitle"] = text("Pilot");
  return row;
}

std::vector<base::Warning> warnings_of(FakeGraph& graph, const std::string& sql) {
  graph.requests.clear();
  Session session(graph.scans(), schema::Registry::builtin(), {});
  const auto source = session.prepare(sql)->execute({}, {});
  (void)read_all(*source);
  return source->take_warnings();
}

struct Case {
  const char* sql;
  std::vector<FakeRow> rows;
  const char* told;  // empty: nothing
};

TEST(Withheld, RowsWithoutAnyValueAreTold) {
  const FakeRow mail{{"id", text("1")}, {"subject", text("s")}};
  FakeRow body = mail;
  body["body/content"] = text("b");
  for (const Case& given : {
           Case{"SELECT DisplayName FROM Users", {user(false)}, ""},
           Case{"SELECT JobTitle FROM Users", {user(false)}, "JobTitle"},
           Case{"SELECT JobTitle FROM Users", {user(false), user(true)}, ""},
           Case{"SELECT JobTitle, City FROM Users", {user(true)}, ""},
           Case{"SELECT JobTitle FROM Users", {}, ""},
           Case{"SELECT DisplayName FROM Users WHERE JobTitle = 'Pilot'", {}, "JobTitle"},
           Case{"SELECT DisplayName FROM Users WHERE DisplayName = 'JobTitle'", {}, ""},
           Case{"SELECT Subject FROM Messages", {mail}, ""},
           Case{"SELECT Subject, Body_Content FROM Messages", {mail}, "Body_Content"},
           Case{"SELECT Subject, Body_Content FROM Messages", {body}, ""},
           Case{"SELECT COUNT(Body_Content) FROM Messages", {mail}, "Body_Content"},
           Case{"SELECT JobTitle FROM Me", {user(false)}, ""},
       }) {
    FakeGraph graph;
    graph.answer = [&](const graph::ScanRequest&) { return given.rows; };
    const auto warnings = warnings_of(graph, given.sql);
    if (std::string(given.told).empty()) {
      EXPECT_TRUE(warnings.empty()) << given.sql << ": " << warnings.front().message;
      continue;
    }
    ASSERT_EQ(warnings.size(), 1u) << given.sql;
    EXPECT_EQ(warnings[0].state.code(), "01000");
    const bool users = std::string(given.sql).find("Users") != std::string::npos;
    for (const std::string& part :
         {std::string(given.told), std::string(users ? "User.Read.All" : "Mail.Read"),
          std::string("whether it does cannot be told here")}) {
      EXPECT_NE(warnings[0].message.find(part), std::string::npos) << warnings[0].message;
    }
  }
}

// A refusal names what the request needs, not the least that the table can be read with.
TEST(Withheld, RequestsForThemNameThePermissionsThatShowThem) {
  using Names = std::vector<std::string>;
  const Names basic = {"Mail.ReadBasic", "Mail.Read"};
  FakeGraph graph;
  graph.answer = [](const graph::ScanRequest&) { return std::vector<FakeRow>(); };
  for (const auto& [sql, wanted] : {
           std::pair<std::string, Names>{"SELECT Subject FROM Messages", basic},
           {"SELECT Subject FROM Messages WHERE Subject = 'bodyPreview'", basic},
           {"SELECT BodyPreview FROM Messages", {"Mail.Read"}},
           {"SELECT UniqueBody_Content FROM Messages", {"Mail.Read"}},
           {"SELECT Subject FROM Messages WHERE GRAPH_SEARCH('x')", {"Mail.Read"}},
           {"SELECT SecurityIdentifier FROM Users", {"User.ReadBasic.All", "User.Read.All"}},
           {"SELECT Department FROM Users", {"User.Read.All"}},
       }) {
    (void)warnings_of(graph, sql);
    ASSERT_EQ(graph.requests.size(), 1u) << sql;
    EXPECT_EQ(graph.requests[0].least_permissions, wanted) << sql;
  }
}

}  // namespace
}  // namespace graphodbc::query
