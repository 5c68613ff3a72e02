// Each pushdown rule: SQL in, the request's filter, its class and what stays local out.
#include <gtest/gtest.h>

#include "tests/query/fake_graph.h"

namespace graphodbc::query {
namespace {

struct Case {
  const char* where;
  const char* filter;      // empty: nothing is pushed
  const char* push_class;  // of the pushed conjuncts, joined by "; "
  bool residual;           // something is left to check
};

void expect_pushed(const char* table, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const auto rows =
        explain("SELECT Id FROM " + std::string(table) + " WHERE " + std::string(c.where));
    ASSERT_FALSE(rows.empty()) << c.where;
    EXPECT_EQ(option(rows[0].url, "$filter"), c.filter) << c.where;
    EXPECT_EQ(rows[0].push_class, c.push_class) << c.where;
    EXPECT_EQ(!rows[0].residual.empty(), c.residual) << c.where << ": " << rows[0].residual;
  }
}

TEST(Pushdown, Comparison) {
  expect_pushed(
      "Messages",
      {{"ReceivedDateTime >= {ts '2026-01-01 00:00:00'}",
        "receivedDateTime ge 2026-01-01T00:00:00Z", "EXACT", false},
       {"{ts '2026-01-01 00:00:00'} > ReceivedDateTime", "receivedDateTime lt 2026-01-01T00:00:00Z",
        "EXACT", false},
       {"ReceivedDateTime = '2026-01-01T10:00:00+02:00'",
        "receivedDateTime eq 2026-01-01T08:00:00Z", "EXACT", false},
       {"ReceivedDateTime <> DATE '2026-01-01'", "receivedDateTime ne 2026-01-01T00:00:00Z",
        "SUPERSET", true},
       // Fractions: the bounds widen to whole seconds.
       {"ReceivedDateTime > {ts '2026-01-01 00:00:00.25'}",
        "receivedDateTime ge 2026-01-01T00:00:00Z", "SUPERSET", true},
       {"ReceivedDateTime <= {ts '2026-01-01 00:00:00.25'}",
        "receivedDateTime le 2026-01-01T00:00:01Z", "SUPERSET", true},
       {"ReceivedDateTime = {ts '2026-01-01 00:00:00.25'}",
        "receivedDateTime ge 2026-01-01T00:00:00Z and receivedDateTime le 2026-01-01T00:00:01Z",
        "SUPERSET", true},
       {"IsRead = 0", "isRead eq false", "EXACT", false},
       {"IsRead = 'true'", "isRead eq true", "EXACT", false},
       {"IsRead <> 1", "isRead eq false", "EXACT", false},
       {"IsRead > 0", "", "", true},
       {"Importance = 'HIGH'", "importance eq 'high'", "EXACT", false},
       {"Importance = 'urgent'", "", "", true},  // no member: Graph would refuse it
       {"Subject = 'x'", "", "", true},          // LOSSY
       {"Subject < 'x'", "", "", true},
       {"From_EmailAddress_Address = 'a@b.c'", "", "", true},
       {"ConversationId = 'x'", "", "", true}});
  expect_pushed("Users", {{"Department = 'O''Brien'", "department eq 'O''Brien'", "SUPERSET", true},
                          {"Mail = 'a@b.c'", "mail eq 'a@b.c'", "EXACT", false},
                          {"Department <> 'x'", "department ne 'x'", "SUPERSET", true},
                          {"CreatedDateTime > DATE '2026-01-01'",
                           "createdDateTime ge 2026-01-01T00:00:00Z", "SUPERSET", true},
                          {"CreatedDateTime >= DATE '2026-01-01'",
                           "createdDateTime ge 2026-01-01T00:00:00Z", "EXACT", false},
                          {"Department = 'a\tb'", "", "", true}});
  expect_pushed("Events", {{"Start_DateTime >= DATE '2026-01-01'", "", "", true}});
  expect_pushed("Contacts", {{"Surname = 'x'", "", "", true}});
}

TEST(Pushdown, Between) {
  expect_pushed("Messages", {{"ReceivedDateTime BETWEEN DATE '2026-01-01' AND DATE '2026-02-01'",
                              "receivedDateTime ge 2026-01-01T00:00:00Z and receivedDateTime le "
                              "2026-02-01T00:00:00Z",
                              "EXACT; EXACT", false}});
}

TEST(Pushdown, Boolean) {
  expect_pushed("Messages", {{"IsRead", "isRead eq true", "EXACT", false},
                             {"NOT IsRead", "isRead eq false", "EXACT", false},
                             {"IsRead IS TRUE", "isRead eq true", "EXACT", false},
                             {"IsRead IS FALSE", "isRead eq false", "EXACT", false},
                             {"IsRead IS NOT TRUE", "", "", true},
                             {"(IsRead = 0) IS TRUE", "isRead eq false", "EXACT", false}});
}

TEST(Pushdown, InList) {
  std::string many = "Department IN ('d0'";
  for (int i = 1; i < 16; ++i) many += ", 'd" + std::to_string(i) + "'";
  many += ") OR City = 'Bonn'";  // by itself it is asked for in batches (plan_test.cc)
  expect_pushed("Messages", {{"Importance IN ('high', 'low', 'HIGH', NULL)",
                              "(importance eq 'high' or importance eq 'low')", "EXACT", false},
                             {"Importance NOT IN ('high', 'low')", "", "", true},
                             {"Subject IN ('a', 'b')", "", "", true}});
  expect_pushed("Users", {{"Department IN ('a', 'b')", "department in ('a','b')", "SUPERSET", true},
                          {many.c_str(), "", "", true}});
}

TEST(Pushdown, Like) {
  expect_pushed(
      "Messages",
      {{"Subject LIKE 'abc%'", "startswith(subject,'abc')", "SUPERSET", true},
       {"Subject LIKE '%abc%'", "contains(subject,'abc')", "SUPERSET", true},
       {"Subject LIKE '%ab%'", "contains(subject,'ab')", "SUPERSET", true},
       {"Subject LIKE 'Re: %budget%'", "startswith(subject,'Re: ') and contains(subject,'budget')",
        "SUPERSET", true},
       {"Subject LIKE '%abc'", "contains(subject,'abc')", "SUPERSET", true},
       {"Subject LIKE '%'", "", "", true},
       {"Subject LIKE 'abc'", "", "", true},
       {"Subject NOT LIKE 'abc%'", "", "", true},
       {"Subject LIKE '100!%%' ESCAPE '!'", "startswith(subject,'100%')", "SUPERSET", true},
       {"Subject LIKE '%it''s%'", "contains(subject,'it''s')", "SUPERSET", true},
       {"From_EmailAddress_Address LIKE 'ann%'", "startswith(from/emailAddress/address,'ann')",
        "SUPERSET", true},
       {"Categories LIKE '%Red%'", "", "", true}});
  expect_pushed("Users",
                {{"DisplayName LIKE '%abc%'", "", "", true},
                 {"Mail LIKE '%@contoso.com'", "endswith(mail,'@contoso.com')", "SUPERSET", true},
                 {"JobTitle LIKE 'a%'", "", "", true}});
}

TEST(Pushdown, NullTest) {
  expect_pushed("Users", {{"Department IS NULL", "department eq null", "SUPERSET", true},
                          {"Department IS NOT NULL", "department ne null", "SUPERSET", true},
                          {"Mail IS NULL", "", "", true}});
  expect_pushed("Messages", {{"Subject IS NULL", "", "", true}});
}

TEST(Pushdown, TextFunctions) {
  expect_pushed(
      "Messages",
      {{"{fn LOCATE('abc', Subject)} > 0", "contains(subject,'abc')", "SUPERSET", true},
       {"POSITION('abc' IN Subject) = 1", "startswith(subject,'abc')", "SUPERSET", true},
       {"LOCATE('abc', Subject) = 0", "", "", true},
       {"LEFT(Subject, 3) = 'abc'", "startswith(subject,'abc')", "SUPERSET", true},
       {"LEFT(Subject, 2) = 'abc'", "", "", true},
       {"SUBSTRING(Subject, 1, 3) = 'abc'", "startswith(subject,'abc')", "SUPERSET", true},
       {"UCASE(Subject) = 'ABC'", "", "", true}});
  expect_pushed("Users", {{"RIGHT(Mail, 4) = '.com'", "endswith(mail,'.com')", "SUPERSET", true},
                          {"{fn UCASE(Mail)} = 'A@B.C'", "mail eq 'A@B.C'", "SUPERSET", true}});
}

TEST(Pushdown, DateFunctions) {
  expect_pushed(
      "Messages",
      {{"YEAR(ReceivedDateTime) = 2026",
        "receivedDateTime ge 2026-01-01T00:00:00Z and receivedDateTime lt 2027-01-01T00:00:00Z",
        "EXACT", false},
       {"{fn YEAR(ReceivedDateTime)} > 2025", "receivedDateTime ge 2026-01-01T00:00:00Z", "EXACT",
        false},
       {"CAST(ReceivedDateTime AS DATE) = DATE '2026-02-28'",
        "receivedDateTime ge 2026-02-28T00:00:00Z and receivedDateTime lt 2026-03-01T00:00:00Z",
        "EXACT", false},
       {"CAST(ReceivedDateTime AS DATE) <= DATE '2026-02-28'",
        "receivedDateTime lt 2026-03-01T00:00:00Z", "EXACT", false},
       {"MONTH(ReceivedDateTime) = 2", "", "", true}});
}

TEST(Pushdown, Logic) {
  expect_pushed("Messages", {{"IsRead = 0 AND Subject = 'x' AND HasAttachments = 1",
                              "isRead eq false and hasAttachments eq true", "EXACT; EXACT", true},
                             {"IsRead = 0 OR HasAttachments = 1",
                              "(isRead eq false or hasAttachments eq true)", "EXACT", false},
                             {"IsRead = 0 OR Subject = 'x'", "", "", true},
                             {"IsRead = 0 OR (HasAttachments = 1 AND Subject = 'x')",
                              "(isRead eq false or hasAttachments eq true)", "SUPERSET", true},
                             {"IsRead = 0 OR (HasAttachments = 1 AND IsDraft = 1)",
                              "(isRead eq false or (hasAttachments eq true and isDraft eq true))",
                              "EXACT", false},
                             {"NOT (IsRead = 1 OR HasAttachments = 1)",
                              "isRead eq false and hasAttachments eq false", "EXACT; EXACT", false},
                             {"NOT (ReceivedDateTime < DATE '2026-01-01')",
                              "receivedDateTime ge 2026-01-01T00:00:00Z", "EXACT", false}});
}

TEST(Pushdown, NeverTrueAsksNothing) {
  for (const char* where :
       {"1 = 0", "0 = 1 AND IsRead = 1", "IsRead = NULL", "Id = ''", "NULL", "Id IN (NULL, '')"}) {
    const auto rows = explain("SELECT Id FROM Messages WHERE " + std::string(where));
    ASSERT_EQ(rows.size(), 1u) << where;
    EXPECT_EQ(rows[0].url, "") << where;
    EXPECT_EQ(rows[0].strategy.rfind("no request", 0), 0u) << where;
  }
  EXPECT_EQ(explain("SELECT Id FROM Messages LIMIT 0")[0].url, "");
  EXPECT_EQ(explain("SELECT Id FROM Messages WHERE IsRead = ?", {}, {base::Value()})[0].url, "");
}

TEST(Pushdown, OffKeepsKeysAndPathsOnly) {
  SessionOptions off;
  off.pushdown = false;
  EXPECT_EQ(explain("SELECT Id FROM Messages WHERE IsRead = 0", off)[0].url,
            "/me/messages?$select=id,isRead&$top=1000");
  EXPECT_EQ(explain("SELECT Subject FROM Messages WHERE Id = 'a'", off)[0].url,
            "/me/messages/a?$select=id,subject");
  EXPECT_EQ(explain("SELECT Name FROM DriveItems WHERE ParentReference_Id = 'f'", off)[0].url,
            "/me/drive/root?$select=id,name,parentReference,folder");
}

TEST(Pushdown, LongFiltersAreShed) {
  std::string sql = "SELECT Id FROM Users WHERE Department = 'd'";
  for (int i = 0; i < 12; ++i) {
    sql += " AND Department <> '" + std::string(250, static_cast<char>('a' + i)) + "'";
  }
  const auto rows = explain(sql);
  EXPECT_LT(rows[0].url.size(), 2000u);
  EXPECT_NE(rows[0].url.find("department eq 'd'"), std::string::npos);
}

}  // namespace
}  // namespace graphodbc::query
