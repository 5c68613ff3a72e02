// What a wrong statement gets: state, position, and the name that was probably meant.
#include <gtest/gtest.h>

#include "tests/query/fake_graph.h"

namespace graphodbc::query {
namespace {

struct Case {
  const char* sql;
  const char* state;
  const char* message;  // a part of it
};

void expect_failures(const std::vector<Case>& cases, const SessionOptions& options = {}) {
  for (const Case& c : cases) {
    const Failure failure = prepare_failure(c.sql, options);
    EXPECT_EQ(failure.state, c.state) << c.sql << "\n" << failure.message;
    EXPECT_NE(failure.message.find(c.message), std::string::npos) << c.sql << "\n"
                                                                  << failure.message;
  }
}

TEST(BinderErrors, Names) {
  expect_failures({
      {"SELECT * FROM Mesages", "42S02", "'Mesages' at 1:15; did you mean Messages?"},
      {"SELECT * FROM MSysConf", "42S02", "'MSysConf' at 1:15"},
      {"SELECT * FROM other.Messages", "42S02", "unknown schema near 'other' at 1:15"},
      {"SELECT * FROM x.graph.Messages", "42S02", "unknown catalog near 'x'"},
      {"SELECT Subjct FROM Messages", "42S22", "'Subjct' at 1:8; did you mean Subject?"},
      {"SELECT \"nosuch\" FROM Messages", "42S22", "'nosuch' at 1:8"},
      {"SELECT Id FROM Messages WHERE\n  Address = 'x'", "42S22", "at 2:3"},
      {"SELECT Messages.Id FROM Messages m", "42S22", "hidden by its alias m"},
      {"SELECT n.Id FROM Messages m", "42S22", "'n' at 1:8"},
      {"SELECT graph.m.Id FROM Messages m", "42S22", "an alias takes no schema"},
      {"SELECT m.Subjct FROM Messages m", "42S22", "did you mean Subject?"},
      {"SELECT Id FROM Messages ORDER BY Recieved", "42S22", "at 1:34"},
      {"SELECT Id FROM Messages m, MailFolders f", "42000", "ambiguous near 'Id' at 1:8"},
      {"SELECT 1 FROM Messages m, MailFolders m", "42000", "stands for two tables"},
      {"WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a", "42S01", "used twice"},
      {"SELECT Id FROM Messages WHERE Id IN (SELECT Idd FROM Users)", "42S22", "Idd"},
      {"DROP TABLE Nope", "42S02", "Nope"},
      {"DROP TABLE Messages", "HYC00", "DROP of Messages"},
      {"SELECT *", "42000", "needs a FROM"},
  });
}

TEST(BinderErrors, Types) {
  expect_failures({
      {"SELECT Id FROM Messages WHERE ReceivedDateTime > 5", "42000", "at 1:"},
      {"SELECT Id FROM Messages WHERE Subject", "42000", "condition"},
      {"SELECT Subject + 1 FROM Messages WHERE Subject LIKE 'a' ESCAPE 'ab'", "22019", ""},
      {"SELECT NOSUCHFUNCTION(1)", "42000", "NOSUCHFUNCTION"},
      {"SELECT LEFT('a')", "42000", "LEFT"},
      {"SELECT COUNT(DISTINCT *) FROM Messages", "42000", ""},
      {"SELECT Id FROM Messages WHERE ReceivedDateTime > 'yesterday'", "22007", ""},
      {"SELECT SUM(Subject) FROM Messages", "42000", "it takes numbers"},
  });
}

TEST(BinderErrors, Places) {
  expect_failures({
      {"SELECT Importance FROM Messages WHERE COUNT(*) > 1", "42000", "aggregate COUNT at 1:39"},
      {"SELECT Subject, COUNT(*) FROM Messages GROUP BY Importance", "42000",
       "a column at 1:8 is neither grouped"},
      {"SELECT MAX(MIN(Size)) FROM DriveItems", "42000", "stands inside another"},
      {"SELECT ROW_NUMBER() FROM Messages", "42000", "needs an OVER"},
      {"SELECT Id FROM Messages ORDER BY 3", "42000", "position 3 at 1:34"},
      {"SELECT Id FROM Messages ORDER BY 0", "42000", "position 0"},
      {"SELECT Id FROM Messages WHERE GRAPH_SEARCH('a') OR IsRead = 1", "42000", "GRAPH_SEARCH"},
      {"SELECT Id FROM Users WHERE GRAPH_SEARCH('a')", "42000", "GRAPH_SEARCH"},
      {"SELECT Id FROM Messages WHERE (SELECT Id, Subject FROM Messages) = 'a'", "42000",
       "2 columns"},
      {"SELECT Id FROM Messages UNION SELECT Id, Name FROM Drives", "42000", "1 and 2 columns"},
      {"SELECT INTERVAL '1' DAY", "42000", "INTERVAL"},
  });
}

TEST(BinderErrors, KeysThatMustBeGiven) {
  // Attachments are found by their messages, all of them where none is named.
  EXPECT_EQ(prepare_failure("SELECT Id FROM Attachments").state, "");
  EXPECT_EQ(prepare_failure("SELECT Id FROM Attachments WHERE MessageId > 'a'").state, "");
  EXPECT_EQ(prepare_failure("SELECT Id FROM Attachments WHERE MessageId = ?").state, "");
  EXPECT_EQ(prepare_failure("SELECT Id FROM Attachments WHERE 1 = 0").state, "");
  SessionOptions app_only;
  app_only.app_only = true;
  expect_failures({{"SELECT Id FROM Messages", "42000", "Account"},
                   {"SELECT Id FROM Messages", "42000", "UserId = '...'"},
                   {"SELECT Id FROM Me", "42000", "Account"}},
                  app_only);
  EXPECT_EQ(prepare_failure("SELECT Id FROM Users", app_only).state, "");
  EXPECT_EQ(prepare_failure("SELECT Id FROM Messages WHERE UserId = 'a@b.c'", app_only).state, "");
}

TEST(BinderErrors, WritesBindFirstAndAreThenRefused) {
  expect_failures({
      {"INSERT INTO Contacts (GivenName, Surname) VALUES ('Ann')", "21S01", "1 values for 2"},
      {"INSERT INTO Contacts (GivenNam) VALUES ('Ann')", "42S22", "did you mean GivenName?"},
      {"INSERT INTO Contacts (GivenName, givenname) VALUES ('a', 'b')", "42000", "twice"},
      {"INSERT INTO Contacts (GivenName) VALUES ('Ann')", "25006", "read-only"},
      {"UPDATE Messages SET IsRead = ? WHERE Id = ?", "25006", "UPDATE at 1:1"},
      {"UPDATE Messages SET IsReed = 1 WHERE Id = 'a'", "42S22", "did you mean IsRead?"},
      {"UPDATE Messages SET IsRead = 1", "42000", "needs a WHERE"},
      {"UPDATE Messages SET IsRead = (SELECT IsReed FROM Messages) WHERE Id = 'a'", "42S22",
       "'IsReed' at 1:38"},
      {"INSERT INTO Contacts (GivenName) SELECT Id, Mail FROM Users", "21S01", "2 values for 1"},
      {"DELETE FROM Messages WHERE Id IN (SELECT Idd FROM Events)", "42S22", "'Idd' at 1:42"},
      {"DELETE FROM Messages", "42000", "needs a WHERE"},
      {"DELETE FROM Mesages WHERE Id = 'a'", "42S02", "Messages"},
      {"DELETE FROM Messages WHERE Id = 'a'", "25006", "DELETE"},
      {"{call SendMail(?, ?, ?)}", "25006", "CALL"},
  });
  SessionOptions writing;
  writing.read_only = false;
  expect_failures({{"DELETE FROM Messages WHERE Id = 'a'", "HYC00", "only reads"}}, writing);
}

}  // namespace
}  // namespace graphodbc::query
