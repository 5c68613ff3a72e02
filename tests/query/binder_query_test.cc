// Mistakes in joins, groups, windows, subqueries, set operations and WITH: state and position.
#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/query/tree_text.h"

namespace graphodbc::query {
namespace {

struct Case {
  const char* sql;
  const char* state;    // empty: it binds
  const char* message;  // a part of it
};

void expect_failures(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    std::string state;
    std::string message;
    try {
      bind_sql(c.sql);
    } catch (const base::Error& error) {
      state = error.state().code();
      message = error.message();
    }
    EXPECT_EQ(state, c.state) << c.sql << "\n" << message;
    EXPECT_NE(message.find(c.message), std::string::npos) << c.sql << "\n" << message;
  }
}

TEST(QueryErrors, Joins) {
  expect_failures({
      {"SELECT 1 FROM Users u, Messages m JOIN Events e ON e.UserId = u.Id", "42S22",
       "ON can only name the tables of its own join near 'u' at 1:63"},
      {"SELECT 1 FROM Users u, Messages m JOIN Events e ON Department = 'x'", "42S22",
       "its own join near 'Department' at 1:52"},
      {"SELECT 1 FROM Messages m JOIN Events e USING (Nope)", "42S22",
       "not on both sides near 'Nope' at 1:47"},
      {"SELECT 1 FROM Messages m JOIN Events e USING (Id, id)", "42000", "twice near 'id' at 1:51"},
      {"SELECT 1 FROM (Messages m JOIN Events e ON m.Id = e.Id) JOIN Users USING (Id)", "42000",
       "ambiguous near 'Id'"},
      {"SELECT Subject FROM Messages m JOIN Events e USING (Id)", "42000",
       "ambiguous near 'Subject' at 1:8"},
      {"SELECT m.Id FROM Messages m JOIN Events e USING (Id) WHERE Id = e.Id", "", ""},
      {"SELECT 1 FROM Messages m JOIN Events e ON COUNT(*) > 1", "42000", "COUNT at 1:43"},
      {"SELECT 1 FROM DriveItems d JOIN (SELECT CURDATE() AS Size) x USING (Size)", "42000",
       "at 1:69"},
      {"SELECT m.Id FROM Messages m, Users u WHERE GRAPH_SEARCH('a')", "42000", "at 1:44"},
      {"SELECT 1 FROM Messages m JOIN Users u ON GRAPH_SEARCH('a')", "42000", "at 1:42"},
      {"SELECT Id FROM Messages WHERE GRAPH_SEARCH(Subject)", "42000", "GRAPH_SEARCH at 1:31"},
      {"SELECT x.Id FROM (SELECT * FROM Users u JOIN Messages m ON m.UserId = u.Id) x", "42000",
       "two columns of x have the name near 'Id' at 1:10"},
      {"SELECT * FROM (SELECT 1, 2) AS t (a)", "42000", "1 column names for 2 columns"},
  });
}

TEST(QueryErrors, Groups) {
  expect_failures({
      {"SELECT Subject FROM Messages GROUP BY Importance ORDER BY Id", "42000", "at 1:8"},
      {"SELECT COUNT(*) FROM Messages ORDER BY Id", "42000", "a column at 1:40 is neither"},
      {"SELECT COUNT(*) FROM Messages HAVING Id = 'a'", "42000", "a column at 1:38"},
      {"SELECT UPPER(Subject) || 'x', 5, ? FROM Messages GROUP BY UPPER(Subject)", "", ""},
      {"SELECT LOWER(Subject) FROM Messages GROUP BY UPPER(Subject)", "42000", "at 1:14"},
      {"SELECT COUNT(*) AS n FROM Users GROUP BY n", "42000", "an aggregate at 1:42 cannot"},
      {"SELECT COUNT(*) FROM Users GROUP BY COUNT(*)", "42000", "COUNT at 1:37"},
      {"SELECT Department FROM Users GROUP BY 2", "42000", "position 2 at 1:39"},
      {"SELECT City, (SELECT MAX(Id) FROM Messages WHERE UserId = u.Id) FROM Users u GROUP BY City",
       "42000", "a column at 1:59 is neither grouped"},
      {"SELECT Id, (SELECT MAX(Id) FROM Messages WHERE UserId = u.Id) FROM Users u GROUP BY Id", "",
       ""},
      // Columns of enclosing queries are constants of a group.
      {"SELECT (SELECT MAX(m.Id) || u.City FROM Messages m) FROM Users u", "", ""},
      {"SELECT (SELECT COUNT(u.Id) FROM Messages) FROM Users u", "42000",
       "COUNT at 1:16 has only columns of an enclosing query"},
      {"SELECT DISTINCT Department FROM Users ORDER BY City", "42000",
       "under DISTINCT, ORDER BY at 1:48"},
      {"SELECT SUM(Id) FROM Users", "42000", "SUM of WVARCHAR(36)"},
      {"SELECT AVG(CreatedDateTime) FROM Users", "42000", "it takes numbers at 1:8"},
      {"SELECT SUM(*) FROM Users", "42000", "'*' is an argument of COUNT only"},
      {"SELECT SUM(Id, Id) FROM Users", "42000", "SUM at 1:8 takes one argument"},
      {"SELECT STRING_AGG(Id, ',', 1) FROM Users", "42000", "takes one or two arguments"},
      {"SELECT UPPER(DISTINCT Id) FROM Users", "42000", "is no aggregate"},
  });
}

TEST(QueryErrors, Windows) {
  expect_failures({
      {"SELECT 1 FROM Users WHERE ROW_NUMBER() OVER () = 1", "42000",
       "ROW_NUMBER at 1:27 can only"},
      {"SELECT City FROM Users GROUP BY City HAVING RANK() OVER () = 1", "42000", "RANK at 1:45"},
      {"SELECT City FROM Users GROUP BY RANK() OVER ()", "42000", "RANK at 1:33"},
      {"SELECT 1 FROM Users ORDER BY RANK() OVER (ORDER BY City)", "", ""},
      {"SELECT MAX(RANK() OVER ()) FROM Users", "42000", "stands inside an aggregate"},
      {"SELECT LAG(RANK() OVER ()) OVER () FROM Users", "42000", "at 1:12 stands inside another"},
      {"SELECT UPPER(City) OVER () FROM Users", "42000", "UPPER at 1:8 is neither an aggregate"},
      {"SELECT RANK() OVER nope FROM Users", "42000", "unknown window near 'nope' at 1:20"},
      {"SELECT 1 FROM Users WINDOW w AS (v), v AS ()", "42000", "unknown window near 'v' at 1:34"},
      {"SELECT 1 FROM Users WINDOW w AS (), w AS ()", "42000", "two windows have the name"},
      {"SELECT 1 FROM Users WINDOW w AS (ORDER BY Nope)", "42S22", "'Nope' at 1:43"},
      {"SELECT RANK() OVER (w PARTITION BY Id) FROM Users WINDOW w AS ()", "42000",
       "near 'w' at 1:21 cannot be given another PARTITION BY"},
      {"SELECT RANK() OVER (w ORDER BY Id) FROM Users WINDOW w AS (ORDER BY Id)", "42000",
       "has an ORDER BY already"},
      {"SELECT COUNT(*) OVER (w) FROM Users WINDOW w AS (ROWS CURRENT ROW)", "42000",
       "has a frame"},
      {"SELECT COUNT(*) OVER w FROM Users WINDOW w AS (ROWS CURRENT ROW)", "", ""},
      {"SELECT COUNT(DISTINCT Id) OVER () FROM Users", "42000", "takes no DISTINCT"},
      {"SELECT RANK() FILTER (WHERE 1 = 1) OVER () FROM Users", "42000", "takes no FILTER"},
      {"SELECT RANK(1) OVER () FROM Users", "42000", "RANK at 1:8 takes no arguments"},
      {"SELECT LAG() OVER () FROM Users", "42000", "takes one to three arguments"},
      {"SELECT NTILE('x') OVER () FROM Users", "42000", "needs a whole number"},
      {"SELECT COUNT(*) OVER (ROWS Id PRECEDING) FROM Users", "42000", "must be constant at 1:28"},
      {"SELECT COUNT(*) OVER (ORDER BY Id RANGE 1 PRECEDING) FROM Users", "42000",
       "one ORDER BY key, a number"},
      {"SELECT COUNT(*) OVER (GROUPS 1 PRECEDING) FROM Users", "42000", "GROUPS needs an ORDER BY"},
      {"SELECT COUNT(*) OVER (ROWS 1.5 PRECEDING) FROM Users", "42000",
       "whole number, not DECIMAL"},
  });
}

TEST(QueryErrors, Subqueries) {
  expect_failures({
      {"SELECT (SELECT 1, 2)", "42000", "a subquery at 1:8 gives 2 columns"},
      {"SELECT 1 WHERE 1 IN (SELECT 1, 2)", "42000", "IN (query) at 1:16 gives 2 columns"},
      {"SELECT 1 WHERE 1 > ALL (SELECT 1, 2)", "42000", "a quantified comparison"},
      {"SELECT Id FROM Users WHERE CreatedDateTime IN (SELECT Size FROM DriveItems)", "42000",
       "at 1:"},
      {"SELECT Id FROM Users u WHERE EXISTS (SELECT 1 FROM Messages WHERE UserId = u.Idd)", "42S22",
       "unknown column of u near 'Idd' at 1:78; did you mean Id?"},
      {"SELECT (SELECT Departmnt) FROM Users", "42S22", "at 1:16; did you mean Department?"},
      {"SELECT Id FROM Users WHERE EXISTS (SELECT MAX(Id) FROM Messages GROUP BY Id)", "", ""},
      {"SELECT Id FROM (SELECT Id FROM Users WHERE m.Id = Id) x, Messages m", "42S22",
       "'m' at 1:44"},
  });
}

TEST(QueryErrors, SetOperations) {
  expect_failures({
      {"SELECT Id FROM Users UNION SELECT Size FROM DriveItems", "42000",
       "WVARCHAR(36) and BIGINT have no common type: CAST one of them at 1:22"},
      {"SELECT Size FROM DriveItems UNION SELECT 1 EXCEPT SELECT Id FROM Users", "42000",
       "at 1:44"},
      {"SELECT 1 UNION SELECT 'a'", "22018", "at 1:23"},
      {"SELECT 1 UNION SELECT 1, 2", "42000", "UNION at 1:10 have 1 and 2 columns"},
      {"SELECT Id FROM Users UNION SELECT Id FROM Users ORDER BY City", "42000",
       "positions and result column names at 1:58"},
      {"SELECT Id FROM Users UNION SELECT Id FROM Users ORDER BY UPPER(Id)", "42000", "at 1:58"},
      {"VALUES (1), ('a')", "22018", "at 1:14"},
      {"VALUES (1), (CURDATE())", "42000", "no common type"},
  });
}

TEST(QueryErrors, With) {
  expect_failures({
      {"WITH a (x, y) AS (SELECT 1) SELECT 1", "42000", "2 names for 1 columns near 'a' at 1:6"},
      {"WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT 1", "42S02", "'b' at 1:26"},
      {"WITH t AS (SELECT 1 AS n UNION ALL SELECT n FROM t) SELECT 1", "42S02", "'t' at 1:50"},
      {"SELECT * FROM (WITH t AS (SELECT 1) SELECT 1) x, t", "42S02", "'t' at 1:50"},
      {"WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT MAX(n) FROM t) SELECT 1", "42000",
       "the recursive query of t at 1:46 cannot group"},
      {"WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT SUM(n) OVER () FROM t) SELECT 1",
       "42000", "window"},
      {"WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT a.n FROM t a, t b) SELECT 1", "42000",
       "read it once"},
      {"WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT 1 WHERE 1 IN (SELECT n FROM t)) SELECT "
       "1",
       "42000", "in its own FROM"},
      {"WITH RECURSIVE t AS (SELECT 1 AS n EXCEPT SELECT n FROM t) SELECT 1", "42000",
       "joined by UNION"},
      {"WITH RECURSIVE t AS (SELECT 1 AS n UNION SELECT n FROM t UNION SELECT 2) SELECT 1", "42000",
       "must come after"},
      {"WITH RECURSIVE t AS (SELECT 1.5 AS n UNION SELECT n * 1.25 FROM t) SELECT 1", "42000",
       "column 1 at 1:53 is DECIMAL(6,3), but DECIMAL(2,1)"},
  });
}

TEST(QueryErrors, Limits) {
  std::string stars = "SELECT * FROM Users u0";
  for (int i = 1; i < 40; ++i) stars += ", Users u" + std::to_string(i);
  std::string nested = "1";
  for (int i = 0; i < 60; ++i) nested = "COALESCE(" + nested + ", Size)";
  nested = "SELECT " + nested + " FROM DriveItems";
  std::string joins = "SELECT Id FROM Users u0";
  for (int i = 1; i < 40; ++i) joins += " FULL JOIN Users u" + std::to_string(i) + " USING (Id)";
  expect_failures({{stars.c_str(), "42000", "more than 2000 result columns at 1:8"},
                   {nested.c_str(), "42000", "too many nested"},
                   {joins.c_str(), "", ""}});
}

}  // namespace
}  // namespace graphodbc::query
