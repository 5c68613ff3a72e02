// Requests: paths, $select, $orderby, $top, headers.
#include <gtest/gtest.h>

#include "schema/registry.h"
#include "tests/query/fake_graph.h"

namespace graphodbc::query {
namespace {

struct Case {
  const char* sql;
  std::vector<std::string> urls;
};

void expect_urls(const std::vector<Case>& cases, const SessionOptions& options = {}) {
  for (const Case& c : cases) {
    std::vector<std::string> urls;
    for (const Explained& row : explain(c.sql, options)) urls.push_back(row.url);
    EXPECT_EQ(urls, c.urls) << c.sql;
  }
}

TEST(Plan, TheFirstQueryOfTheReadme) {
  expect_urls(
      {{"SELECT TOP 5 Subject, From_EmailAddress_Address, ReceivedDateTime FROM Messages "
        "WHERE IsRead = 0 ORDER BY ReceivedDateTime DESC",
        {"/me/messages?$select=id,subject,from,receivedDateTime,isRead&$filter="
         "receivedDateTime ge 1900-01-01T00:00:00Z and isRead eq false&"
         "$orderby=receivedDateTime desc&$top=5"}}});
}

TEST(Plan, Select) {
  expect_urls(
      {{"SELECT Subject FROM Messages", {"/me/messages?$select=id,subject&$top=1000"}},
       {"SELECT From_EmailAddress_Name, From_EmailAddress_Address FROM Messages",
        {"/me/messages?$select=id,from&$top=1000"}},
       {"SELECT Body_Content FROM Messages", {"/me/messages?$select=id,body&$top=100"}},
       {"SELECT Subject FROM Messages WHERE LENGTH(BodyPreview) > 3",
        {"/me/messages?$select=id,subject,bodyPreview&$top=1000"}},
       {"SELECT Name, ContentId FROM Attachments WHERE MessageId = 'm'",
        {"/me/messages/m/attachments?$select=id,name,microsoft.graph.fileAttachment/contentId"}},
       {"SELECT DisplayName FROM Users", {"/users?$select=id,displayName&$top=999"}},
       {"SELECT DisplayName FROM Me", {"/me?$select=id,displayName"}},
       {"SELECT Name FROM Drives", {"/me/drives?$select=id,name"}}});
}

TEST(Plan, Contexts) {
  expect_urls(
      {{"SELECT Id FROM Messages WHERE UserId = 'ann@contoso.com'",
        {"/users/ann@contoso.com/messages?$select=id&$top=1000"}},
       {"SELECT Id FROM Messages WHERE UserId IN ('a', 'b', 'A')",
        {"/users/a/messages?$select=id&$top=50", "/users/b/messages?$select=id&$top=50",
         "/users/{UserId}/messages?$select=id&$top=1000"}},
       {"SELECT Id FROM Messages WHERE UserId <> 'a'",
        {"/me?$select=id", "/me/messages?$select=id&$top=1000"}},
       {"SELECT UserId FROM Messages", {"/me?$select=id", "/me/messages?$select=id&$top=1000"}},
       {"SELECT Name FROM DriveItems WHERE DriveId = 'b!x' AND Id = 'y'",
        {"/drives/b!x/items/y?$select=id,name"}}});
  SessionOptions account;
  account.account = "bob@contoso.com";
  expect_urls(
      {{"SELECT Id FROM Messages", {"/users/bob@contoso.com/messages?$select=id&$top=1000"}},
       {"SELECT Id FROM Me", {"/users/bob@contoso.com?$select=id"}},
       {"SELECT Id FROM DriveItems WHERE Id = 'y'",
        {"/users/bob@contoso.com/drive/items/y?$select=id"}}},
      account);
}

TEST(Plan, Keys) {
  expect_urls(
      {{"SELECT Subject FROM Messages WHERE Id = 'a b/c' AND IsRead = 1",
        {"/me/messages/a b/c?$select=id,subject,isRead"}},
       {"SELECT Subject FROM Messages WHERE Id = 'a' OR Id = 'b'",
        {"/me/messages/a?$select=id,subject", "/me/messages/b?$select=id,subject"}},
       {"SELECT Subject FROM Messages WHERE Id = 'a' ORDER BY Subject",
        {"/me/messages/a?$select=id,subject"}},
       {"SELECT DisplayName FROM Users WHERE Id = {guid '6F9619FF-8B86-D011-B42D-00CF4FC964FF'}",
        {"/users/6f9619ff-8b86-d011-b42d-00cf4fc964ff?$select=id,displayName"}},
       {"SELECT Name FROM Attachments WHERE MessageId = 'm' AND Id = 'a'",
        {"/me/messages/m/attachments/a?$select=id,name"}},
       // Occurrences have keys and are no rows.
       {"SELECT Subject FROM Events WHERE Id = 'e'", {"/me/events/e?$select=id,subject,type"}},
       {"SELECT DisplayName FROM MailFolders WHERE Id = 'inbox'",
        {"/me/mailFolders/inbox?$select=id,displayName",
         "/me/mailFolders/msgfolderroot?$select=id"}},
       {"SELECT DisplayName FROM MailFolders WHERE Id IN ('a', 'b') AND UserId IN ('u', 'v')",
        {"/users/u/mailFolders/a?$select=id,displayName",
         "/users/u/mailFolders/b?$select=id,displayName",
         "/users/v/mailFolders/a?$select=id,displayName",
         "/users/v/mailFolders/b?$select=id,displayName",
         "/users/u/mailFolders/msgfolderroot?$select=id",
         "/users/v/mailFolders/msgfolderroot?$select=id"}}});
  // Dot segments would change the path.
  EXPECT_EQ(explain("SELECT Id FROM Messages WHERE Id = '..'")[0].url, "");
}

TEST(Plan, Listings) {
  expect_urls(
      {{"SELECT Name FROM DriveItems WHERE ParentReference_Id = 'f'",
        {"/me/drive/items/f/children?$select=id,name,parentReference&$top=999"}},
       {"SELECT Name FROM DriveItems WHERE ParentReference_Path = '/drive/root:/A/B c'",
        {"/me/drive/root:/A/B c:/children?$select=id,name,parentReference&$top=999"}},
       {"SELECT Name FROM DriveItems WHERE ParentReference_Path = '/drives/x/root:'",
        {"/me/drive/root/children?$select=id,name,parentReference&$top=999"}},
       {"SELECT Subject FROM Messages WHERE ParentFolderId = 'f' AND IsRead = 1",
        {"/me/mailFolders/f/messages?$select=id,subject,parentFolderId,isRead&$filter=isRead eq "
         "true&$top=1000"}},
       {"SELECT Subject FROM Events WHERE CalendarId = 'c'",
        {"/me/calendars/c/events?$select=id,subject&$top=1000"}}});
  // Percent signs may be encoding or text: then all folders are walked.
  EXPECT_EQ(explain("SELECT Name FROM DriveItems WHERE ParentReference_Path = "
                    "'/drive/root:/100%25'")[0]
                .url.rfind("/me/drive/root?", 0),
            0u);
}

// Its bounds are given by = and reach the URL; everything else is said of its rows.
TEST(Plan, InputColumnsBecomeQueryOptions) {
  const std::string june =
      "StartDateTime = {ts '2026-06-01 00:00:00'} AND EndDateTime = {ts '2026-06-08 00:00:00'}";
  const std::string options =
      "?startDateTime=2026-06-01T00:00:00Z&endDateTime=2026-06-08T00:00:00Z";
  const struct {
    std::string sql;
    std::vector<std::string> urls;
  } kCases[] = {
      {"SELECT Subject FROM CalendarView WHERE " + june,
       {"/me/calendarView" + options + "&$select=id,subject&$top=1000"}},
      {"SELECT StartDateTime, EndDateTime FROM CalendarView WHERE '2026-06-01' = StartDateTime AND "
       "EndDateTime = {d '2026-06-08'}",
       {"/me/calendarView" + options + "&$select=id&$top=1000"}},
      {"SELECT Subject FROM CalendarView WHERE StartDateTime = TIMESTAMP '2026-05-31 00:00:00' + "
       "INTERVAL '1' DAY AND EndDateTime = {fn TIMESTAMPADD(SQL_TSI_DAY, 7, {d '2026-06-01'})}",
       {"/me/calendarView" + options + "&$select=id,subject&$top=1000"}},
      {"SELECT Subject FROM CalendarView WHERE StartDateTime = '2026-06-01 00:00:00.25' AND "
       "EndDateTime = '2026-06-08'",
       {"/me/calendarView?startDateTime=2026-06-01T00:00:00.2500000Z&endDateTime="
        "2026-06-08T00:00:00Z&$select=id,subject&$top=1000"}},
      {"SELECT Subject FROM CalendarView WHERE CalendarId = 'c' AND IsAllDay = 1 AND " + june,
       {"/me/calendars/c/calendarView" + options +
        "&$select=id,subject,isAllDay&$filter=isAllDay eq true&$top=1000"}},
      {"SELECT Subject FROM CalendarView WHERE Id = 'x' AND " + june,
       {"/me/calendarView" + options + "&$select=id,subject&$top=1000"}},
      {"SELECT Subject FROM CalendarView WHERE StartDateTime < {d '2026-07-01'} AND " + june,
       {"/me/calendarView" + options + "&$select=id,subject&$top=1000"}},
      // $select would lose the column.
      {"SELECT CreatedDateTime FROM CalendarView WHERE " + june,
       {"/me/calendarView" + options + "&$top=100"}},
      {"SELECT Subject FROM CalendarView WHERE UserId IN ('a', 'b') AND " + june,
       {"/users/a/calendarView" + options + "&$select=id,subject&$top=50",
        "/users/b/calendarView" + options + "&$select=id,subject&$top=50",
        "/users/{UserId}/calendarView?startDateTime={StartDateTime}&endDateTime={EndDateTime}&"
        "$select=id,subject&$top=1000"}},
      {"SELECT Subject FROM CalendarView WHERE 1 = 0", {"NULL"}},
      {"SELECT Subject FROM CalendarView WHERE StartDateTime = NULL AND EndDateTime = NULL",
       {"NULL"}},
      {"SELECT Subject FROM CalendarView WHERE StartDateTime = {d '2026-06-02'} AND " + june,
       {"NULL"}},
      {"SELECT Id FROM CalendarView WHERE StartDateTime IN ('2026-06-01', '2026-07-01') AND "
       "EndDateTime <> '2026-06-07' AND " +
           june,
       {"/me/calendarView" + options + "&$select=id&$top=1000"}},
      {"SELECT Id FROM (SELECT * FROM CalendarView) v WHERE " + june,
       {"/me/calendarView" + options + "&$select=id&$top=1000"}},
  };
  for (const bool pushdown : {true, false}) {
    SessionOptions session;
    session.pushdown = pushdown;
    for (const auto& c : kCases) {
      std::vector<std::string> urls;
      for (const Explained& row : explain(c.sql, session)) {
        std::string url = row.url.empty() ? "NULL" : row.url;
        urls.push_back(url);
      }
      if (!pushdown && c.sql.find("IsAllDay") != std::string::npos) continue;
      EXPECT_EQ(urls, c.urls) << c.sql;
    }
  }
}

TEST(Plan, MissingInputsAreNamedWithTheirPlace) {
  const struct {
    const char* where;
    const char* message;
  } kCases[] = {
      {"",
       "CalendarView at 1:15 can only be read for given values of StartDateTime and "
       "EndDateTime: add WHERE StartDateTime = {ts '"},
      {" WHERE StartDateTime = {d '2026-06-01'}",
       "given values of EndDateTime: add WHERE EndDateTime = {ts '"},
      {" WHERE StartDateTime >= {d '2026-06-01'} AND EndDateTime BETWEEN {d '2026-06-01'} AND "
       "{d '2026-06-08'}",
       "StartDateTime and EndDateTime"},
      {" WHERE (StartDateTime = {d '2026-06-01'} OR IsAllDay = 1) AND EndDateTime = ?",
       "given values of StartDateTime:"},
      {" c JOIN Users u ON u.CreatedDateTime = c.StartDateTime AND u.CreatedDateTime = "
       "c.EndDateTime",
       "CalendarView at 1:15"},
  };
  for (const auto& c : kCases) {
    const Failure failure = prepare_failure("SELECT 1 FROM CalendarView" + std::string(c.where));
    EXPECT_EQ(failure.state, "42000") << c.where;
    EXPECT_NE(failure.message.find(c.message), std::string::npos) << failure.message;
  }
}

std::string id_list(std::size_t count) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i)
    list += (i == 0 ? "'k" : ", 'k") + std::to_string(i) + "'";
  return list;
}

// What the rows of EXPLAIN say about how they are read, each once and in order.
std::vector<std::string> strategies(const std::string& sql) {
  std::vector<std::string> found;
  for (const Explained& row : explain(sql)) {
    if (found.empty() || found.back() != row.strategy) found.push_back(row.strategy);
  }
  return found;
}

TEST(Plan, Batches) {
  const std::string keys = "SELECT Id FROM Messages WHERE Id IN (";
  const std::string bodies = "SELECT Body_Content FROM Messages WHERE ";
  const std::string bytes =
      "SELECT ContentBytes FROM Attachments WHERE MessageId = 'm' AND Id IN (";
  const struct {
    std::string sql;
    std::vector<std::string> strategies;
  } cases[] = {
      {keys + id_list(1) + ")", {"item"}},
      {keys + id_list(20) + ")", {"batch 1 of 1"}},
      {keys + id_list(21) + ")", {"batch 1 of 2", "item"}},
      {keys + id_list(45) + ")", {"batch 1 of 3", "batch 2 of 3", "batch 3 of 3"}},
      {keys + id_list(3) + ") LIMIT 2", {"batch 1 of 1, stop after 2 rows"}},
      // Beyond 500 keys the list is read and checked.
      {keys + id_list(501) + ")", {"stream"}},
      // Large values: fewer lists in a batch, and binary content by itself.
      {bodies + "Id IN (" + id_list(20) + ")", {"batch 1 of 1"}},
      {bodies + "ParentFolderId IN (" + id_list(6) + ")",
       {"batch 1 of 2", "batch 2 of 2", "stream: a list that is alone or long"}},
      {bytes + id_list(3) + ")", {"item"}},
      // No $top, so there are no larger pages to read on by.
      {"SELECT Name FROM Attachments WHERE MessageId IN (" + id_list(3) + ")", {"batch 1 of 1"}},
      {"SELECT DisplayName FROM MailFolders",
       {"stream", "batches of 20, one for each row where ChildFolderCount is set",
        "stream: a list that is alone or long, one for each row where ChildFolderCount is set"}},
  };
  for (const auto& c : cases) EXPECT_EQ(strategies(c.sql), c.strategies) << c.sql.substr(0, 90);
  EXPECT_EQ(explain(keys + id_list(500) + ")").size(), 500u);
}

// More values than Graph takes comparisons: a request for each fifteen, in one batch.
TEST(Plan, LongListsAreAskedForInBatches) {
  const auto filters = [](const std::string& sql, const SessionOptions& options = {}) {
    std::vector<std::string> found;
    for (const Explained& row : explain(sql, options)) {
      if (row.strategy.rfind("batch", 0) == 0) found.push_back(option(row.url, "$filter"));
    }
    return found;
  };
  const auto cities = [](int count, const std::string& more = "") {
    std::string list;
    for (int i = 0; i < count; ++i) list += (i == 0 ? "'c" : ", 'c") + std::to_string(i) + "'";
    return "SELECT Id FROM Users WHERE City IN (" + list + more + ")";
  };
  const std::vector<std::string> three = filters(cities(31));
  ASSERT_EQ(three.size(), 3u);
  EXPECT_EQ(three[0].substr(0, 20), "city in ('c0','c1','");
  EXPECT_EQ(three[1].substr(0, 15), "city in ('c15',");
  EXPECT_EQ(three[2], "city eq 'c30'");
  EXPECT_EQ(filters(cities(16, ", 'c0', NULL, 'c3'")).size(), 2u);
  EXPECT_EQ(filters(cities(500)).size(), 34u);
  // One request is enough, or too many would be needed.
  EXPECT_EQ(filters(cities(15)).size(), 0u);
  EXPECT_EQ(filters(cities(14, ", 'c0', 'c1', NULL")).size(), 0u);
  EXPECT_EQ(filters(cities(501)).size(), 0u);
  // Beside other conditions fewer values fit; those stand in each request.
  const auto beside = filters(cities(20) + " AND AccountEnabled = 1");
  ASSERT_EQ(beside.size(), 2u);
  EXPECT_EQ(beside[1], "city in ('c14','c15','c16','c17','c18','c19') and accountEnabled eq true");
  // Long values make short lists.
  std::string names;
  for (int i = 0; i < 16; ++i) {
    names += (i == 0 ? "'" : ", '") + std::string(200, static_cast<char>('a' + i)) + "'";
  }
  EXPECT_EQ(filters("SELECT Id FROM Users WHERE DisplayName IN (" + names + ")").size(), 4u);
  // Not where rows are sorted by Graph, negated, by a column that Graph does not take, or off.
  EXPECT_EQ(filters(cities(31) + " OR Id = 'x'").size(), 0u);
  EXPECT_EQ(filters("SELECT Id FROM Messages WHERE Subject IN (" + cities(31).substr(36)).size(),
            0u);
  SessionOptions off;
  off.pushdown = false;
  EXPECT_EQ(filters(cities(31), off).size(), 0u);
  const Explained first = explain(cities(31))[0];
  EXPECT_EQ(first.push_class, "SUPERSET");
  EXPECT_NE(first.residual, "");
}

TEST(Plan, FansOutOverAllParents) {
  expect_urls(
      {{"SELECT MessageId, Name FROM Attachments",
        {"/me/messages?$select=id&$expand=attachments($select=id,name)&$top=1000"}},
       {"SELECT Name FROM Attachments WHERE Id = 'a' AND MessageId <> 'm'",
        {"/me/messages?$select=id&$expand=attachments($select=id,name)&$top=1000"}},
       // Only what is certainly no inline attachment's message is left out.
       {"SELECT Name FROM Attachments WHERE IsInline = 0 AND Name LIKE '%x'",
        {"/me/messages?$select=id&$filter=hasAttachments eq true&"
         "$expand=attachments($select=id,name,isInline)&$top=1000"}},
       {"SELECT Name FROM Attachments WHERE IsInline = 1",
        {"/me/messages?$select=id&$expand=attachments($select=id,name,isInline)&$top=1000"}},
       {"SELECT Name FROM Attachments WHERE IsInline = 0 OR Size > 5",
        {"/me/messages?$select=id&$expand=attachments($select=id,name,size,isInline)&$top=1000"}},
       // A few rows do not need a full page, nor are they in as few messages.
       {"SELECT Name FROM Attachments LIMIT 5",
        {"/me/messages?$select=id&$expand=attachments($select=id,name)&$top=100"}},
       {"SELECT ContentBytes FROM Attachments",
        {"/me/messages?$select=id&$expand=attachments($select=id,"
         "microsoft.graph.fileAttachment/contentBytes)&$top=1"}},
       {"SELECT Name FROM Attachments WHERE UserId IN ('a', 'b')",
        {"/users/a/messages?$select=id&$expand=attachments($select=id,name)&$top=50",
         "/users/b/messages?$select=id&$expand=attachments($select=id,name)&$top=50",
         "/users/{UserId}/messages?$select=id&$expand=attachments($select=id,name)&$top=1000"}}});
  SessionOptions unpushed;
  unpushed.pushdown = false;
  expect_urls({{"SELECT Name FROM Attachments WHERE IsInline = 0",
                {"/me/messages?$select=id&$expand=attachments($select=id,name,isInline)&"
                 "$top=1000"}}},
              unpushed);
  const Explained row = explain("SELECT Name FROM Attachments WHERE IsInline = 0")[0];
  EXPECT_EQ(row.strategy,
            "stream, fan-out: attachments of all parents, 1 request for 1000 of them");
  EXPECT_EQ(row.push_class, "SUPERSET");
  EXPECT_EQ(row.residual, "IsInline = 0");
}

TEST(Plan, Walks) {
  expect_urls(
      {{"SELECT Name FROM DriveItems",
        {"/me/drive/root?$select=id,name,folder",
         "/me/drive/items/{Id}/children?$select=id,name,folder&$top=50",
         "/me/drive/items/{Id}/children?$select=id,name,folder&$top=999"}},
       {"SELECT DisplayName FROM MailFolders",
        {"/me/mailFolders?$select=id,displayName,childFolderCount&$top=1000&"
         "includeHiddenFolders=true",
         "/me/mailFolders/{Id}/childFolders?$select=id,displayName,childFolderCount&$top=50&"
         "includeHiddenFolders=true",
         "/me/mailFolders/{Id}/childFolders?$select=id,displayName,childFolderCount&$top=1000&"
         "includeHiddenFolders=true"}}});
}

TEST(Plan, OrderOnMail) {
  const auto url = [](const char* sql) { return explain(sql)[0].url; };
  EXPECT_EQ(option(url("SELECT Id FROM Messages ORDER BY ReceivedDateTime"), "$filter"), "");
  EXPECT_EQ(option(url("SELECT Id FROM Messages ORDER BY ReceivedDateTime"), "$orderby"),
            "receivedDateTime");
  EXPECT_EQ(option(url("SELECT Id FROM Messages WHERE IsRead = 0 AND ReceivedDateTime >= DATE "
                       "'2026-01-01' ORDER BY ReceivedDateTime DESC"),
                   "$filter"),
            "receivedDateTime ge 2026-01-01T00:00:00Z and isRead eq false");
  EXPECT_EQ(option(url("SELECT Id FROM Messages WHERE HasAttachments = 1 ORDER BY SentDateTime, "
                       "ReceivedDateTime DESC"),
                   "$filter"),
            "sentDateTime ge 1900-01-01T00:00:00Z and receivedDateTime ge 1900-01-01T00:00:00Z "
            "and hasAttachments eq true");
  // No always-true bound exists for a Boolean: the order goes alone.
  EXPECT_EQ(
      option(url("SELECT Id FROM Messages WHERE HasAttachments = 1 ORDER BY IsRead"), "$filter"),
      "");
  // A key that a condition fixes decides nothing.
  EXPECT_EQ(option(url("SELECT Id FROM Messages WHERE IsRead = 0 ORDER BY IsRead, "
                       "ReceivedDateTime DESC"),
                   "$orderby"),
            "receivedDateTime desc");
  EXPECT_EQ(option(url("SELECT ReceivedDateTime AS d FROM Messages ORDER BY 1 DESC"), "$orderby"),
            "receivedDateTime desc");
}

// contains() beside $orderby is what mail refuses: few rows are sorted here, most by Graph.
TEST(Plan, AnOrderThatCostsTheFilter) {
  constexpr const char* kAll = "$top=1000";
  const std::string contains = "$filter=contains(subject,'x')";
  const std::string tautology = "$filter=receivedDateTime ge 1900-01-01T00:00:00Z and ";
  const struct {
    std::string where_and_order;
    std::string options;
    const char* residual;
  } kCases[] = {
      {"Subject LIKE '%x%' ORDER BY ReceivedDateTime DESC", contains, "Subject LIKE '%x%'"},
      {"Subject LIKE '%x%' ORDER BY ReceivedDateTime DESC LIMIT 5", contains, "Subject LIKE '%x%'"},
      {"Subject LIKE '%x%' AND IsRead = 0 ORDER BY ReceivedDateTime LIMIT 5",
       contains + " and isRead eq false", "Subject LIKE '%x%'"},
      // What is left beside the order was sent in both cases.
      {"Subject LIKE 'x%' AND IsRead = 0 ORDER BY ReceivedDateTime LIMIT 5",
       tautology + "startswith(subject,'x') and isRead eq false&$orderby=receivedDateTime",
       "Subject LIKE 'x%'"},
      // Most rows pass a flag, or what leaves values out.
      {"HasAttachments = 1 ORDER BY IsRead LIMIT 5", "$orderby=isRead", "HasAttachments = 1"},
      {"HasAttachments = 1 ORDER BY IsRead", "$orderby=isRead", "HasAttachments = 1"},
      {"ReceivedDateTime >= {d '2026-06-01'} ORDER BY IsRead LIMIT 5",
       "$filter=receivedDateTime ge 2026-06-01T00:00:00Z", ""},
      // Nothing is given up.
      {"LENGTH(Subject) > 3 ORDER BY ReceivedDateTime LIMIT 5", "$orderby=receivedDateTime",
       "LENGTH(Subject) > 3"},
  };
  for (const auto& c : kCases) {
    const auto rows = explain("SELECT Subject FROM Messages WHERE " + c.where_and_order);
    EXPECT_NE(rows[0].url.find("&" + c.options + "&" + kAll), std::string::npos)
        << c.where_and_order << ": " << rows[0].url;
    EXPECT_EQ(rows[0].residual, c.residual) << c.where_and_order;
  }
}

TEST(Plan, AnOrderThatCostsTheFilterOfAScanOfTheEngine) {
  const auto url = [](const std::string& condition) {
    const auto rows = explain(
        "SELECT f.DisplayName, m.Subject FROM MailFolders f LEFT JOIN (SELECT Subject, "
        "ParentFolderId FROM Messages WHERE " +
        condition + " ORDER BY ReceivedDateTime DESC LIMIT 5) m ON m.ParentFolderId = f.Id");
    for (const Explained& row : rows) {
      if (row.table == "Messages") return row.url;
    }
    return std::string();
  };
  const std::string searched = url("Subject LIKE '%x%'");
  EXPECT_EQ(option(searched, "$filter"), "contains(subject,'x')");
  EXPECT_EQ(option(searched, "$orderby"), "");
  EXPECT_EQ(option(searched, "$top"), "1000");
  const std::string exact = url("IsRead = 0");
  EXPECT_EQ(option(exact, "$orderby"), "receivedDateTime desc");
  EXPECT_EQ(option(exact, "$top"), "5");
}

// Graph takes 15 values at a time, which are not in one order: 3 requests, not all users.
TEST(Plan, AnOrderThatCostsALongList) {
  std::string names = "'a0'";
  for (int i = 1; i < 40; ++i) names += ", 'a" + std::to_string(i) + "'";
  const auto rows = explain("SELECT Id FROM Users WHERE UserPrincipalName IN (" + names +
                            ") ORDER BY CreatedDateTime LIMIT 5");
  ASSERT_GE(rows.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NE(option(rows[i].url, "$filter").find("userPrincipalName in ("), std::string::npos);
    EXPECT_EQ(option(rows[i].url, "$orderby"), "");
  }
}

TEST(Plan, Top) {
  const auto top = [](const char* sql) { return option(explain(sql)[0].url, "$top"); };
  EXPECT_EQ(top("SELECT Id FROM Messages LIMIT 7"), "7");
  EXPECT_EQ(top("SELECT Id FROM Messages LIMIT 7 OFFSET 5"), "12");
  EXPECT_EQ(top("SELECT Id FROM Messages LIMIT 5000"), "1000");
  EXPECT_EQ(top("SELECT Id FROM Messages WHERE IsRead = 0 LIMIT 7"), "7");
  EXPECT_EQ(top("SELECT Id FROM Messages WHERE Subject LIKE 'a%' LIMIT 7"), "1000");
  EXPECT_EQ(top("SELECT Id FROM Messages WHERE LENGTH(Subject) = 3 LIMIT 7"), "1000");
  EXPECT_EQ(top("SELECT Id FROM Users OFFSET 3 ROWS FETCH NEXT 4 ROWS ONLY"), "7");
}

// Graph sorts texts by its own culture, which is not the order of code points.
TEST(Plan, TextsAreSortedByTheServiceOnlyWhereThatIsAskedFor) {
  SessionOptions server;
  server.order_by_text = true;
  const struct {
    const char* sql;
    const char* order;
  } kCases[] = {{"SELECT Id FROM Users ORDER BY DisplayName", "displayName"},
                {"SELECT Id FROM Users ORDER BY UserPrincipalName DESC", "userPrincipalName desc"},
                {"SELECT Id FROM Contacts ORDER BY DisplayName", "displayName"},
                {"SELECT Id FROM Users ORDER BY City", ""},
                {"SELECT MIN(DisplayName) FROM Users", ""}};
  for (const auto& c : kCases) {
    EXPECT_EQ(option(explain(c.sql, server)[0].url, "$orderby"), c.order) << c.sql;
    EXPECT_EQ(option(explain(c.sql)[0].url, "$orderby"), "") << c.sql;
  }
}

TEST(Plan, SearchStandsAlone) {
  const auto rows =
      explain("SELECT Id FROM Messages WHERE GRAPH_SEARCH('from:\"ann\"') AND IsRead = 0");
  EXPECT_EQ(rows[0].url, "/me/messages?$select=id,isRead&$search=\"from:\\\"ann\\\"\"&$top=1000");
  EXPECT_EQ(rows[0].residual.empty(), false);
}

TEST(Plan, Headers) {
  const struct {
    const char* sql;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string count;
  } kCases[] = {
      {"SELECT Id FROM Messages", {{"Prefer", "IdType=\"ImmutableId\""}}, ""},
      {"SELECT Id FROM Events",
       {{"Prefer", "outlook.timezone=\"UTC\", IdType=\"ImmutableId\""}},
       ""},
      {"SELECT Id FROM Users WHERE Department = 'a'", {}, ""},
      {"SELECT Id FROM Users WHERE Department <> 'a'", {{"ConsistencyLevel", "eventual"}}, "true"},
      {"SELECT Id FROM Users WHERE CompanyName = 'a'", {{"ConsistencyLevel", "eventual"}}, "true"},
      {"SELECT Id FROM Users ORDER BY CreatedDateTime", {{"ConsistencyLevel", "eventual"}}, "true"},
      {"SELECT Id FROM Users WHERE Department = 'a' ORDER BY CreatedDateTime",
       {{"ConsistencyLevel", "eventual"}},
       "true"}};
  for (const auto& c : kCases) {
    FakeGraph graph;
    graph.answer = [](const graph::ScanRequest&) { return std::vector<FakeRow>(); };
    Session session(graph.scans(), schema::Registry::builtin(), {});
    read_all(*session.prepare(c.sql)->execute({}, {}));
    ASSERT_EQ(graph.requests.size(), 1u) << c.sql;
    EXPECT_EQ(graph.requests[0].headers, c.headers) << c.sql;
    EXPECT_EQ(option(graph.urls()[0], "$count"), c.count) << c.sql;
  }
}

// What each step is expected to ask for, and the whole statement.
TEST(Plan, EstimatesRequests) {
  const std::string keys = "SELECT Id FROM Messages WHERE Id IN (";
  const struct {
    std::string sql;
    std::vector<std::string> requests;
  } cases[] = {
      {"SELECT 1", {"0", "0"}},
      {"SELECT Id FROM Users WHERE 1 = 0", {"0", "0"}},
      {"SELECT COUNT(*) FROM Users", {"1", "1"}},
      {"SELECT Id FROM Users WHERE Id = 'a'", {"1", "1"}},
      {"SELECT Id FROM Users", {"1 or more", "1 or more"}},
      {"SELECT Id FROM Messages LIMIT 10", {"1", "1"}},
      {"SELECT Id FROM Messages LIMIT 2500", {"1 to 3", "1 to 3"}},
      // How many rows fail the condition is not known.
      {"SELECT Id FROM Messages WHERE Subject LIKE '%x%' LIMIT 10", {"1 or more", "1 or more"}},
      {keys + id_list(1) + ")", {"1", "1"}},
      {keys + id_list(3) + ")", {"1", "", "", "1"}},
      {keys + id_list(21) + ") LIMIT 2", {"1", "", "", "", "", "", "", "", "", "",       "",
                                          "",  "", "", "", "", "", "", "", "", "0 to 1", "1 to 2"}},
      {"SELECT Id FROM MailFolders WHERE Id = 'a'", {"1", "0 to 1", "1 to 2"}},
      {"SELECT Id FROM MailFolders",
       {"1 or more", "1 or more for 20 of them", "0 or more", "1 or more"}},
      {"SELECT UserId, Id FROM Contacts", {"1", "1 or more", "2 or more"}},
      {"SELECT u.Id FROM Users u JOIN Messages m ON m.UserId = u.Id WHERE u.Department = 'a'",
       {"1 or more", "1 or more for 20 keys", "0 or more", "0", "1 or more"}},
  };
  for (const auto& c : cases) {
    std::vector<std::string> found;
    for (const Explained& row : explain_all(c.sql)) found.push_back(row.requests);
    EXPECT_EQ(found, c.requests) << c.sql;
  }
  const Explained total = explain_all("SELECT Id FROM Users").back();
  EXPECT_EQ(total.strategy, "the whole statement");
  EXPECT_EQ(total.url, "");
}

}  // namespace
}  // namespace graphodbc::query
