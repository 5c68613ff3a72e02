// Statements of several tables, and what wraps one: which requests are made, and what is left.
#include <gtest/gtest.h>

#include "tests/query/fake_graph.h"

namespace graphodbc::query {
namespace {

struct Case {
  const char* sql;
  std::vector<std::string> urls;  // and, last, the local engine's part; "" for none
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.sql;
}

std::vector<std::string> steps(const std::string& sql, const SessionOptions& options = {}) {
  std::vector<std::string> found;
  for (const Explained& row : explain(sql, options)) {
    found.push_back(row.url.empty() || row.url == "NULL" ? row.strategy : row.url);
  }
  return found;
}

class LocalPlan : public testing::TestWithParam<Case> {};

TEST_P(LocalPlan, Requests) {
  EXPECT_EQ(steps(GetParam().sql), GetParam().urls);
}

// What a tool wraps around one table is merged into it and streams.
INSTANTIATE_TEST_SUITE_P(
    Wrapped, LocalPlan,
    testing::Values(
        Case{"SELECT t.Subject FROM (SELECT * FROM Messages) t WHERE t.IsRead = 1",
             {"/me/messages?$select=id,subject,isRead&$filter=isRead eq true&$top=1000"}},
        Case{"WITH t AS (SELECT Id AS k FROM Users) SELECT k FROM t WHERE k = 'a'",
             {"/users/a?$select=id"}},
        Case{
            "SELECT * FROM (SELECT Subject FROM Messages ORDER BY ReceivedDateTime DESC) t LIMIT 3",
            {"/me/messages?$select=id,subject&$orderby=receivedDateTime desc&$top=3"}},
        Case{"SELECT * FROM (SELECT Subject FROM Messages LIMIT 9) t LIMIT 3",
             {"/me/messages?$select=id,subject&$top=3"}},
        Case{
            "SELECT Subject FROM (SELECT Subject, IsRead FROM Messages LIMIT 9) t WHERE IsRead = 1",
            {"/me/messages?$select=id,subject,isRead&$top=9", "local engine: limit"}},
        Case{"SELECT Id FROM Users UNION ALL SELECT Id FROM Messages LIMIT 5",
             {"/users?$select=id&$top=5", "/me/messages?$select=id&$top=5",
              "local engine: set operation, limit"}},
        Case{"SELECT Id FROM Users UNION SELECT Id FROM Messages LIMIT 5",
             {"/users?$select=id&$top=999", "/me/messages?$select=id&$top=1000",
              "local engine: set operation, limit"}},
        Case{"SELECT a.k FROM (SELECT b.k FROM (SELECT Id AS k FROM Messages) b) a",
             {"/me/messages?$select=id&$top=1000"}}));

// The first rows of an order are enough of a side whose rows all stay, if Graph has that order.
INSTANTIATE_TEST_SUITE_P(
    FirstOfAnOrder, LocalPlan,
    testing::Values(
        Case{
            "SELECT m.Subject, u.City FROM Messages m LEFT JOIN Users u ON u.Mail = "
            "m.From_EmailAddress_Address ORDER BY m.ReceivedDateTime DESC LIMIT 4 OFFSET 3",
            {"/me/messages?$select=id,receivedDateTime,subject,from&$orderby=receivedDateTime "
             "desc&$top=7",
             "/users?$select=id,mail,city&$filter=mail eq '{m.From_EmailAddress_Address}'&$top=999",
             "/users?$select=id,mail,city&$filter=mail in "
             "('{m.From_EmailAddress_Address}','{...}')&$top=999",
             "/users?$select=id,mail,city&$top=999", "local engine: join, sort, limit"}},
        Case{"SELECT m.Subject FROM Users u RIGHT JOIN Messages m ON u.Id = m.ConversationId WHERE "
             "m.IsRead = 1 ORDER BY 1 LIMIT 4",
             {"/users?$select=id&$top=999",
              "/me/messages?$select=id,conversationId,subject,isRead&$filter=isRead eq "
              "true&$top=1000",
              "local engine: join, sort, limit"}},
        Case{"SELECT m.Subject FROM Messages m JOIN Users u ON u.City = m.Subject ORDER BY "
             "m.ReceivedDateTime LIMIT 4",
             {"/me/messages?$select=id,receivedDateTime,subject&$top=1000",
              "/users?$select=id,city&$top=999", "local engine: join, sort, limit"}},
        Case{"SELECT t.Id, u.City FROM (SELECT Id, Subject FROM Messages ORDER BY ReceivedDateTime "
             "LIMIT 2) t JOIN Users u ON u.City = t.Subject",
             {"/users?$select=id,city&$filter=city eq '{Messages.Subject}'&$top=999",
              "/users?$select=id,city&$filter=city in ('{Messages.Subject}','{...}')&$top=999",
              "/users?$select=id,city&$top=999",
              "/me/messages?$select=id,receivedDateTime,subject&$orderby=receivedDateTime&$top=2",
              "local engine: join, sort, limit"}},
        Case{"SELECT Id FROM Users UNION ALL SELECT Id FROM Messages LIMIT 5 OFFSET 2",
             {"/users?$select=id&$top=7", "/me/messages?$select=id&$top=7",
              "local engine: set operation, limit"}}));

// A condition goes to the scan whose rows it decides, and not below an outer join's optional side.
INSTANTIATE_TEST_SUITE_P(
    Joined, LocalPlan,
    testing::Values(
        Case{"SELECT m.Subject, f.DisplayName FROM Messages m JOIN MailFolders f "
             "ON f.Id = m.ParentFolderId WHERE m.IsRead = 0",
             {"/me/messages?$select=id,parentFolderId,subject,isRead&$filter=isRead eq false&"
              "$top=1000",
              "/me/mailFolders?$select=id,displayName,childFolderCount&$top=1000&"
              "includeHiddenFolders=true",
              "/me/mailFolders/{Id}/childFolders?$select=id,displayName,childFolderCount&"
              "$top=50&includeHiddenFolders=true",
              "/me/mailFolders/{Id}/childFolders?$select=id,displayName,childFolderCount&"
              "$top=1000&includeHiddenFolders=true",
              "local engine: join"}},
        Case{"SELECT a.Id FROM Messages a LEFT JOIN Messages b ON a.Id = b.ConversationId AND "
             "b.IsRead = 1 WHERE b.IsDraft = 0 AND a.IsDraft = 1",
             {"/me/messages?$select=id,isDraft&$filter=isDraft eq true&$top=1000",
              "/me/messages?$select=id,conversationId,isDraft,isRead&$filter=isRead eq true&"
              "$top=1000",
              "local engine: join"}},
        Case{"SELECT a.Id FROM Users a JOIN Users b ON a.City = b.City WHERE a.City = 'Bonn'",
             {"/users?$select=id,city&$filter=city eq 'Bonn'&$top=999",
              "/users?$select=id,city&$filter=city eq 'Bonn'&$top=999", "local engine: join"}},
        Case{"SELECT a.Id FROM Users a FULL JOIN Users b ON a.Id = b.Id AND a.City = 'Bonn' WHERE "
             "b.City = 'Ulm'",
             {"/users?$select=id,city&$top=999", "/users?$select=id,city&$top=999",
              "local engine: join"}}));

// A mailbox, or a parent, that another table's rows choose.
INSTANTIATE_TEST_SUITE_P(
    Keyed, LocalPlan,
    testing::Values(
        Case{"SELECT u.Id, m.Id FROM Users u JOIN Messages m ON m.UserId = u.Id",
             {"/users?$select=id&$top=999", "/users/{u.Id}/messages?$select=id&$top=50",
              "/users/{u.Id}/messages?$select=id&$top=1000", "local engine: join"}},
        Case{"SELECT m.Id, a.Name FROM Messages m LEFT JOIN Attachments a ON a.MessageId = m.Id "
             "WHERE m.HasAttachments = 1",
             {"/me/messages?$select=id,hasAttachments&$filter=hasAttachments eq true&$top=1000",
              "/me/messages/{m.Id}/attachments?$select=id,name", "local engine: join"}},
        Case{
            "SELECT u.Id FROM Users u WHERE EXISTS (SELECT 1 FROM Messages m WHERE m.UserId = u.Id "
            "AND m.IsRead = 0)",
            {"/users?$select=id&$top=999",
             "/users/{u.Id}/messages?$select=id,isRead&$filter=isRead eq false&$top=50",
             "/users/{u.Id}/messages?$select=id,isRead&$filter=isRead eq false&$top=1000",
             "local engine: subqueries"}},
        // Contexts that only name each other are the signed-in user's.
        Case{"SELECT COUNT(*) FROM Messages m JOIN Contacts c ON c.UserId = m.UserId",
             {"/me?$select=id", "/me/messages?$select=id&$top=1000", "/me?$select=id",
              "/me/contacts?$select=id&$top=1000", "local engine: join, group"}}));

// Rows that another, bounded scan's values choose, if they are few.
INSTANTIATE_TEST_SUITE_P(
    FewKeys, LocalPlan,
    testing::Values(
        Case{"SELECT a.Name, m.Subject FROM Attachments a JOIN Messages m ON m.Id = a.MessageId "
             "WHERE a.MessageId = 'x'",
             {"/me/messages/x/attachments?$select=id,name", "/me/messages/x?$select=id,subject",
              "local engine: join"}},
        Case{"SELECT m.Subject, f.DisplayName FROM Messages m LEFT JOIN MailFolders f "
             "ON f.Id = m.ParentFolderId WHERE m.ReceivedDateTime >= {d '2026-01-01'}",
             {"/me/messages?$select=id,parentFolderId,subject,receivedDateTime&$filter="
              "receivedDateTime ge 2026-01-01T00:00:00Z&$top=1000",
              "/me/mailFolders/{m.ParentFolderId}?$select=id,displayName",
              "/me/mailFolders/msgfolderroot?$select=id",
              "/me/mailFolders?$select=id,displayName,childFolderCount&$top=1000&"
              "includeHiddenFolders=true",
              "/me/mailFolders/{Id}/childFolders?$select=id,displayName,childFolderCount&"
              "$top=50&includeHiddenFolders=true",
              "/me/mailFolders/{Id}/childFolders?$select=id,displayName,childFolderCount&"
              "$top=1000&includeHiddenFolders=true",
              "local engine: join"}},
        // The optional side cannot choose the rows of the other.
        Case{"SELECT u.Id FROM Messages m LEFT JOIN Users u ON m.Id = u.Id AND u.City = 'Bonn'",
             {"/me/messages?$select=id&$top=1000",
              "/users?$select=id,city&$filter=city eq 'Bonn'&$top=999", "local engine: join"}},
        Case{"SELECT Subject FROM Messages WHERE Id IN (SELECT ConversationId FROM Messages WHERE "
             "Subject LIKE 'a%')",
             {"/me/messages/{Messages.ConversationId}?$select=id,subject",
              "/me/messages?$select=id,subject&$top=1000",
              "/me/messages?$select=id,conversationId,subject&$filter=startswith(subject,'a')&"
              "$top=1000",
              "local engine: subqueries"}},
        Case{"SELECT Subject FROM Messages WHERE Id = ANY (SELECT ConversationId FROM Messages "
             "LIMIT 5)",
             {"/me/messages/{Messages.ConversationId}?$select=id,subject",
              "/me/messages?$select=id,subject&$top=1000",
              "/me/messages?$select=id,conversationId&$top=5", "local engine: subqueries, limit"}},
        Case{"SELECT Subject FROM Messages WHERE Id NOT IN (SELECT ConversationId FROM Messages "
             "LIMIT 5)",
             {"/me/messages?$select=id,subject&$top=1000",
              "/me/messages?$select=id,conversationId&$top=5", "local engine: subqueries, limit"}},
        // Through a derived table, and by a filter.
        Case{"SELECT u.Id FROM (SELECT DISTINCT City FROM Users WHERE State = 'NW') c JOIN Users u "
             "ON u.City = c.City",
             {"/users?$select=id,city&$filter=city eq '{Users.City}'&$top=999",
              "/users?$select=id,city&$filter=city in ('{Users.City}','{...}')&$top=999",
              "/users?$select=id,city&$top=999",
              "/users?$select=id,city,state&$filter=state eq 'NW'&$top=999",
              "local engine: join, distinct"}},
        // Flags keep most rows, and whole collections download together.
        Case{"SELECT m.Id FROM Messages m JOIN Events e ON e.Id = m.Id WHERE m.IsRead = 1",
             {"/me/messages?$select=id,isRead&$filter=isRead eq true&$top=1000",
              "/me/events?$select=id&$top=1000", "local engine: join"}}));

// The first rows of a side are enough where each of them gives a row.
INSTANTIATE_TEST_SUITE_P(
    Limited, LocalPlan,
    testing::Values(
        Case{"SELECT m.Id, u.Mail FROM Messages m LEFT JOIN Users u ON u.Id = m.ConversationId "
             "LIMIT 5",
             {"/me/messages?$select=id,conversationId&$top=5",
              "/users/{m.ConversationId}?$select=id,mail", "/users?$select=id,mail&$top=999",
              "local engine: join, limit"}},
        Case{"SELECT m.Id FROM Users u RIGHT JOIN Messages m ON u.Id = m.Subject WHERE m.IsRead = "
             "1 LIMIT 5",
             {"/users?$select=id&$top=999",
              "/me/messages?$select=id,subject,isRead&$filter=isRead eq true&$top=5",
              "local engine: join, limit"}},
        Case{"SELECT m.Id FROM Messages m CROSS JOIN Users u LIMIT 5",
             {"/me/messages?$select=id&$top=5", "/users?$select=id&$top=5",
              "local engine: join, limit"}},
        Case{"SELECT m.Id FROM Messages m LEFT JOIN Users u ON u.Id = m.Subject WHERE u.Id IS NULL "
             "LIMIT 5",
             {"/me/messages?$select=id,subject&$top=1000", "/users?$select=id&$top=999",
              "local engine: join, limit"}},
        Case{"SELECT m.Id FROM Messages m FULL JOIN Users u ON u.Id = m.Subject LIMIT 5",
             {"/me/messages?$select=id,subject&$top=1000", "/users?$select=id&$top=999",
              "local engine: join, limit"}},
        Case{"SELECT m.Id FROM Messages m JOIN Users u ON u.Id = m.Subject LIMIT 5",
             {"/me/messages?$select=id,subject&$top=1000", "/users?$select=id&$top=999",
              "local engine: join, limit"}}));

// Conditions reach the arms of a set operation and the groups of a derived table.
INSTANTIATE_TEST_SUITE_P(
    Derived, LocalPlan,
    testing::Values(
        Case{"SELECT * FROM (SELECT Id, City FROM Users UNION ALL SELECT Id, Country FROM Users) t "
             "WHERE City = 'Bonn'",
             {"/users?$select=id,city&$filter=city eq 'Bonn'&$top=999",
              "/users?$select=id,country&$filter=country eq 'Bonn'&$top=999",
              "local engine: set operation"}},
        Case{"SELECT * FROM (SELECT City, COUNT(*) AS n FROM Users GROUP BY City) t WHERE City = "
             "'Bonn' AND n > 1",
             {"/users?$select=id,city&$filter=city eq 'Bonn'&$top=999", "local engine: group"}},
        Case{"SELECT * FROM (SELECT City, ROW_NUMBER() OVER (ORDER BY City) AS n FROM Users) t "
             "WHERE City = 'Bonn'",
             {"/users?$select=id,city&$top=999", "local engine: window functions"}}));

// One request where the service knows the answer, and no request where nobody needs to be asked.
INSTANTIATE_TEST_SUITE_P(
    Shortcut, LocalPlan,
    testing::Values(
        Case{"SELECT COUNT(*) FROM Users", {"/users?$select=id&$top=1&$count=true"}},
        Case{"SELECT COUNT(Id) FROM Users WHERE AccountEnabled = 1",
             {"/users?$select=id&$top=1&$count=true&$filter=accountEnabled eq true"}},
        // Equality of text ignores case there, so the rows are needed.
        Case{"SELECT COUNT(*) FROM Users WHERE City = 'Bonn'",
             {"/users?$select=id,city&$filter=city eq 'Bonn'&$top=999", "local engine: group"}},
        Case{"SELECT COUNT(*) FROM Messages",
             {"/me/messages?$select=id&$top=1000", "local engine: group"}},
        Case{"SELECT MAX(ReceivedDateTime) FROM Messages",
             {"/me/messages?$select=id,receivedDateTime&$orderby=receivedDateTime desc&$top=1"}},
        Case{"SELECT m.Id FROM Messages m JOIN Users u ON u.Id = m.Id WHERE 1 = 0",
             {"no request: the condition is never true", "no request: the condition is never true",
              "local engine: join"}}));

TEST(LocalPlanOptions, WithoutPushdownEverythingIsReadAndDoneHere) {
  SessionOptions off;
  off.pushdown = false;
  EXPECT_EQ(steps("SELECT Subject FROM Messages WHERE Id IN (SELECT ConversationId FROM Messages "
                  "LIMIT 5)",
                  off),
            (std::vector<std::string>{"/me/messages?$select=id,subject&$top=1000",
                                      "/me/messages?$select=id,conversationId&$top=5",
                                      "local engine: subqueries, limit"}));
  EXPECT_EQ(steps("SELECT COUNT(*) FROM Users WHERE AccountEnabled = 1", off),
            (std::vector<std::string>{"/users?$select=id,accountEnabled&$top=999",
                                      "local engine: group"}));
  EXPECT_EQ(steps("SELECT Id FROM Messages ORDER BY ReceivedDateTime", off),
            (std::vector<std::string>{"/me/messages?$select=id,receivedDateTime&$top=1000",
                                      "local engine: sort"}));
}

}  // namespace
}  // namespace graphodbc::query
