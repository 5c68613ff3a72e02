// Statements through binder, emitter and SQLite, over rows in memory and WITH tables.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "query/engine/memory.h"
#include "tests/query/engine_helper.h"
#include "tests/query/expression_helper.h"

namespace graphodbc::query {
namespace {

using testing::EngineRun;

// Rows for statements that need no table of Graph.
const std::string kTables =
    "WITH t(a,b,c) AS (VALUES (1,'x',1.5),(2,'X',NULL),(3,NULL,2.5),(4,'y',-1.5)), "
    "u(k,v) AS (VALUES (1,'one'),(2,'two'),(2,'zwei'),(5,'five'),(NULL,'none')) ";

struct Case {
  std::string sql;
  std::string rows;
};

void expect_rows(const std::vector<Case>& cases, const std::string& tables = kTables) {
  for (const Case& item : cases) {
    EngineRun run;
    EXPECT_EQ(run.rows(tables + item.sql), item.rows) << item.sql << "\n"
                                                      << run.sql << "\n"
                                                      << run.message(tables + item.sql);
  }
}

TEST(EngineSql, Selects) {
  expect_rows({
      {"SELECT a FROM t ORDER BY a DESC", "4 3 2 1"},
      {"SELECT a, b, c FROM t WHERE c > 1 ORDER BY 1", "1|x|1.5 3|NULL|2.5"},
      {"SELECT a FROM t WHERE b = 'x'", "1"},
      {"SELECT a FROM t WHERE b IN ('x','y') ORDER BY a", "1 4"},
      {"SELECT a FROM t WHERE b NOT IN ('x','y')", "2"},
      {"SELECT a FROM t WHERE b LIKE 'X%'", "2"},
      {"SELECT a FROM t WHERE UCASE(b) = 'X' AND a + 1 > 2", "2"},
      {"SELECT a FROM t WHERE NOT (a = 1 OR b IS NULL) ORDER BY a", "2 4"},
      {"SELECT a FROM t WHERE b IS DISTINCT FROM 'x' ORDER BY a", "2 3 4"},
      {"SELECT a FROM t WHERE b IS NOT DISTINCT FROM NULL", "3"},
      {"SELECT a FROM t WHERE (c > 0) IS UNKNOWN", "2"},
      {"SELECT a FROM t WHERE (c > 0) IS NOT TRUE ORDER BY a", "2 4"},
      {"SELECT a * 10 + 1, LEFT(b, 1) || '!' FROM t ORDER BY a", "11|x! 21|X! 31|NULL 41|y!"},
      {"SELECT CASE WHEN a < 2 THEN 'low' WHEN c IS NULL THEN NULL ELSE b END FROM t ORDER BY a",
       "low NULL NULL y"},
      {"SELECT CASE a WHEN 1 THEN 1 WHEN 2 THEN 2.5 ELSE c END FROM t ORDER BY a",
       "1.0 2.5 2.5 -1.5"},
      {"SELECT 10 / a FROM t WHERE a < 3 ORDER BY a", "10 5"},
      {"SELECT 1 / (a - 1) FROM t", "!22012"},
      {"SELECT CASE WHEN a = 1 THEN 0 ELSE 1 / (a - 1) END FROM t ORDER BY a", "0 1 0 0"},
      {"SELECT CAST(c AS INTEGER) FROM t ORDER BY a", "1 NULL 2 -1"},
      {"SELECT a FROM t ORDER BY b DESC NULLS FIRST, a", "3 4 1 2"},
      {"SELECT a FROM t ORDER BY b, a DESC", "3 2 1 4"},
      {"SELECT a FROM t ORDER BY b NULLS LAST", "2 1 4 3"},
      {"SELECT a FROM t ORDER BY -a", "4 3 2 1"},
      {"SELECT a x FROM t WHERE 1 = 0", ""},
      {"SELECT 1", "1"},
      {"SELECT 'a' WHERE 1 = 0", ""},
      {"SELECT a FROM t WHERE c BETWEEN -2 AND 1.5 ORDER BY 1", "1 4"},
      {"SELECT DISTINCT LCASE(b) FROM t ORDER BY 1", "NULL x y"},
  });
}

TEST(EngineSql, Limits) {
  expect_rows({
      {"SELECT a FROM t ORDER BY a LIMIT 2", "1 2"},
      {"SELECT a FROM t ORDER BY a LIMIT 2 OFFSET 1", "2 3"},
      {"SELECT a FROM t ORDER BY a OFFSET 3 ROWS", "4"},
      {"SELECT a FROM t ORDER BY a LIMIT 0", ""},
      {"SELECT TOP 3 a FROM t ORDER BY a DESC", "4 3 2"},
      {"SELECT TOP 50 PERCENT a FROM t ORDER BY a", "1 2"},
      {"SELECT TOP 26 PERCENT a FROM t ORDER BY a", "1 2"},
      {"SELECT TOP 0 PERCENT a FROM t ORDER BY a", ""},
      {"SELECT TOP 100 PERCENT a FROM t ORDER BY a", "1 2 3 4"},
      {"SELECT TOP 1 WITH TIES k FROM u WHERE k > 1 ORDER BY k", "2 2"},
      {"SELECT TOP 1 WITH TIES v FROM u WHERE k > 1 ORDER BY k * 2", "two zwei"},
      {"SELECT k FROM u ORDER BY k OFFSET 1 ROW FETCH NEXT 2 ROWS WITH TIES", "1 2 2"},
      {"SELECT DISTINCT TOP 2 k FROM u ORDER BY k DESC", "5 2"},
      {"SELECT DISTINCT TOP 50 PERCENT k * 2 FROM u WHERE k > 0 ORDER BY k * 2 DESC", "10 4"},
      {"SELECT DISTINCT TOP 2 WITH TIES MOD(k, 4) AS m, k FROM u WHERE k > 0 ORDER BY m",
       "1|1 1|5"},
      {"SELECT DISTINCT TOP 2 WITH TIES k FROM u ORDER BY MOD(k, 4)", "!42000"},
      {"SELECT a FROM t UNION ALL SELECT k FROM u ORDER BY 1 DESC LIMIT 3", "5 4 3"},
      {"SELECT * FROM (SELECT a FROM t ORDER BY a DESC LIMIT 2) d ORDER BY a", "3 4"},
      {"SELECT TOP 101 PERCENT a FROM t", "!HY024"},
  });
}

TEST(EngineSql, LimitsGivenByMarkers) {
  EngineRun run;
  run.parameters = {base::Value(base::Cell::of_int64(1)), base::Value(base::Cell::of_int64(2))};
  EXPECT_EQ(run.rows("SELECT column1 FROM (VALUES (1),(2),(3),(4)) x ORDER BY 1 LIMIT ? OFFSET ?"),
            "3");
  run.parameters[0] = base::Value(base::Cell::of_int64(-1));
  EXPECT_EQ(run.rows("SELECT column1 FROM (VALUES (1),(2)) x LIMIT ? OFFSET ?"), "!HY024");
  run.parameters[0] = base::Value();
  EXPECT_EQ(run.rows("SELECT column1 FROM (VALUES (1),(2)) x LIMIT ? OFFSET ?"), "!HY024");
}

TEST(EngineSql, MaxRowsLimitsTheResult) {
  EngineRun run;
  run.max_rows = 2;
  EXPECT_EQ(run.rows("SELECT column1 FROM (VALUES (1),(2),(3)) x ORDER BY 1 DESC"), "3 2");
  EXPECT_EQ(run.rows("SELECT column1 FROM (VALUES (1),(2),(3)) x ORDER BY 1 LIMIT 1"), "1");
  EXPECT_EQ(run.rows("SELECT TOP 1 WITH TIES 1 FROM (VALUES (1),(2),(3)) x ORDER BY 1"), "1 1");
}

TEST(EngineSql, Joins) {
  expect_rows({
      {"SELECT a, v FROM t JOIN u ON a = k ORDER BY a, v", "1|one 2|two 2|zwei"},
      {"SELECT a, v FROM t, u WHERE a = k AND v <> 'two' ORDER BY a, v", "1|one 2|zwei"},
      {"SELECT a, v FROM t LEFT JOIN u ON a = k ORDER BY a, v", "1|one 2|two 2|zwei 3|NULL 4|NULL"},
      {"SELECT a, v FROM t LEFT JOIN u ON a = k AND v LIKE 't%' ORDER BY a",
       "1|NULL 2|two 3|NULL 4|NULL"},
      {"SELECT a, v FROM t LEFT JOIN u ON a = k WHERE v IS NULL ORDER BY a", "3|NULL 4|NULL"},
      {"SELECT a, v FROM t RIGHT JOIN u ON a = k ORDER BY v",
       "NULL|five NULL|none 1|one 2|two 2|zwei"},
      {"SELECT a, v FROM t FULL JOIN u ON a = k ORDER BY v, a",
       "3|NULL 4|NULL NULL|five NULL|none 1|one 2|two 2|zwei"},
      {"SELECT COUNT(*) FROM t CROSS JOIN u", "20"},
      {"SELECT t.a, u.v, w.v FROM t LEFT JOIN (u JOIN u w ON u.k = w.k AND u.v < w.v) ON t.a = u.k "
       "ORDER BY t.a",
       "1|NULL|NULL 2|two|zwei 3|NULL|NULL 4|NULL|NULL"},
      {"SELECT t.a, d.n FROM t JOIN (SELECT k, COUNT(*) n FROM u GROUP BY k) d ON t.a = d.k ORDER "
       "BY 1",
       "1|1 2|2"},
      {"SELECT x.a, y.a FROM t x JOIN t y ON x.a + 1 = y.a ORDER BY 1", "1|2 2|3 3|4"},
      {"SELECT x.a, y.a FROM t x JOIN t y ON LCASE(x.b) = LCASE(y.b) AND x.a < y.a", "1|2"},
      {"SELECT t.a, COALESCE(u.v, '-' || t.b) FROM t LEFT JOIN u ON a = k WHERE a <> 2 ORDER BY 1",
       "1|one 3|NULL 4|-y"},
      {"SELECT a FROM t JOIN (VALUES (1.0),(2.5)) w(d) ON t.a = w.d", "1"},
      {"SELECT a, v FROM t FULL JOIN (SELECT * FROM u WHERE 1 = 0) e ON a = k ORDER BY a",
       "1|NULL 2|NULL 3|NULL 4|NULL"},
      {"SELECT k, p.a FROM u LEFT JOIN t p ON p.a = k LEFT JOIN t q ON q.a = p.a + 2 WHERE q.b = "
       "'y' ORDER BY v",
       "2|2 2|2"},
  });
}

TEST(EngineSql, Groups) {
  expect_rows({
      {"SELECT COUNT(*), COUNT(b), COUNT(DISTINCT LCASE(b)), SUM(a), AVG(a), MIN(b), MAX(c) FROM t",
       "4|3|2|10|2.5|X|2.5"},
      {"SELECT SUM(c), AVG(c) FROM t", "2.5|0.833333"},
      {"SELECT COUNT(*), SUM(a), MIN(a), STRING_AGG(b, ',') FROM t WHERE a > 9",
       "0|NULL|NULL|NULL"},
      {"SELECT LCASE(b), COUNT(*) FROM t GROUP BY LCASE(b) ORDER BY 1", "NULL|1 x|2 y|1"},
      {"SELECT LCASE(b) || '?', SUM(a) FROM t GROUP BY LCASE(b) HAVING COUNT(*) > 1", "x?|3"},
      {"SELECT k, COUNT(*) FROM u GROUP BY k HAVING MIN(v) <> 'one' ORDER BY COUNT(*) DESC, k",
       "2|2 NULL|1 5|1"},
      {"SELECT 1 FROM t HAVING COUNT(*) > 3", "1"},
      {"SELECT 1 FROM t HAVING COUNT(*) > 4", ""},
      {"SELECT 7 FROM t WHERE a > 9 HAVING 1 = 1", "7"},
      {"SELECT COUNT(*) FILTER (WHERE a > 2), SUM(a) FILTER (WHERE b IS NULL) FROM t", "2|3"},
      {"SELECT SUM(DISTINCT k), COUNT(DISTINCT k) FROM u", "8|3"},
      {"SELECT COUNT(*) FROM (SELECT DISTINCT k FROM u) d", "4"},
      {"SELECT MAX(a) - MIN(a) FROM t", "3"},
      {"SELECT k + 1, COUNT(*) FROM u GROUP BY k + 1 ORDER BY k + 1", "NULL|1 2|1 3|2 6|1"},
      {"SELECT CASE WHEN COUNT(*) > 1 THEN 'many' ELSE 'one' END FROM u GROUP BY k ORDER BY k",
       "one one many one"},
      {"SELECT VAR_POP(a), STDDEV_POP(a) FROM t", "1.25|1.118033988749895"},
      {"SELECT STRING_AGG(v, '-') FROM (SELECT v FROM u WHERE k = 2 ORDER BY v) d", "two-zwei"},
      {"SELECT STRING_AGG(DISTINCT w, LEFT(v, 1)) FROM (SELECT CASE WHEN k = 2 THEN '0' ELSE '1' "
       "END AS w, v FROM u "
       "WHERE k IS NOT NULL ORDER BY k, v) d",
       "1t0"},
      {"SELECT k, STRING_AGG(DISTINCT 'x', v) FROM u GROUP BY k ORDER BY k", "NULL|x 1|x 2|x 5|x"},
      {"SELECT 'x', COUNT(*) FROM t GROUP BY 1", "x|4"},
      {"SELECT COUNT(*) FROM t GROUP BY a HAVING a > 2", "1 1"},
      {"SELECT SUM(a * 1000000000) * 1000000000 FROM t", "!22003"},
  });
}

TEST(EngineSql, Subqueries) {
  expect_rows({
      {"SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE k = a) ORDER BY a", "1 2"},
      {"SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE k = a) ORDER BY a", "3 4"},
      {"SELECT a FROM t WHERE a IN (SELECT k FROM u) ORDER BY a", "1 2"},
      {"SELECT a FROM t WHERE a NOT IN (SELECT k FROM u)", ""},
      {"SELECT a FROM t WHERE a NOT IN (SELECT k FROM u WHERE k IS NOT NULL) ORDER BY a", "3 4"},
      {"SELECT a, (SELECT COUNT(*) FROM u WHERE k = a) FROM t ORDER BY a", "1|1 2|2 3|0 4|0"},
      {"SELECT a, (SELECT v FROM u WHERE k = a) FROM t WHERE a <> 2 ORDER BY a",
       "1|one 3|NULL 4|NULL"},
      {"SELECT a, (SELECT v FROM u WHERE k = a) FROM t", "!21000"},
      {"SELECT a, CASE WHEN a = 2 THEN 'two rows' ELSE (SELECT v FROM u WHERE k = a) END FROM t "
       "ORDER BY a",
       "1|one 2|two rows 3|NULL 4|NULL"},
      {"SELECT a, 'is ' || CASE WHEN a = 2 THEN '2' ELSE (SELECT v FROM u WHERE k = a) END FROM t "
       "ORDER BY a",
       "1|is one 2|is 2 3|NULL 4|NULL"},
      {"SELECT a + (SELECT MAX(k) FROM u) FROM t ORDER BY 1", "6 7 8 9"},
      {"SELECT a FROM t WHERE a > ANY (SELECT k FROM u) ORDER BY a", "2 3 4"},
      {"SELECT a FROM t WHERE a > ALL (SELECT k FROM u WHERE k < 3) ORDER BY a", "3 4"},
      {"SELECT a FROM t WHERE a > ALL (SELECT k FROM u)", ""},
      {"SELECT a FROM t WHERE a > ALL (SELECT k FROM u WHERE 1 = 0) ORDER BY a", "1 2 3 4"},
      {"SELECT a FROM t WHERE a = ANY (SELECT k FROM u) ORDER BY a", "1 2"},
      {"SELECT a FROM t WHERE a <> ALL (SELECT k FROM u WHERE k > 0) ORDER BY a", "3 4"},
      {"SELECT a FROM t WHERE a <> ANY (SELECT k FROM u WHERE k = 2) ORDER BY a", "1 3 4"},
      {"SELECT a FROM t WHERE a = ALL (SELECT k FROM u WHERE k = 2)", "2"},
      {"SELECT a FROM t WHERE NOT (a < SOME (SELECT k FROM u WHERE k < a)) ORDER BY a", "1 2 3 4"},
      {"SELECT b, COUNT(*) FROM t GROUP BY b HAVING COUNT(*) >= ALL (SELECT COUNT(*) FROM u GROUP "
       "BY v) ORDER BY b",
       "NULL|1 X|1 x|1 y|1"},
      {"SELECT COUNT(*) FROM t HAVING COUNT(*) > ALL (SELECT k FROM u WHERE k < 4)", "4"},
      {"SELECT COUNT(*) FROM t HAVING COUNT(*) < ALL (SELECT k FROM u WHERE k < 4)", ""},
      {"SELECT COUNT(*) FROM t HAVING COUNT(*) <> ANY (SELECT 4 FROM u)", ""},
      {"SELECT a FROM t GROUP BY a HAVING COUNT(*) >= ALL (SELECT k FROM u WHERE k <= t.a) ORDER "
       "BY "
       "a",
       "1"},
      {"SELECT a, ROW_NUMBER() OVER (ORDER BY a) > ALL (SELECT k FROM u WHERE k < 3) FROM t ORDER "
       "BY a",
       "1|0 2|0 3|1 4|1"},
      {"SELECT a FROM t WHERE (SELECT MIN(k) FROM u WHERE k > a) BETWEEN 2 AND 4 ORDER BY 1", "1"},
      {"SELECT a FROM t WHERE EXISTS (SELECT 1 FROM (SELECT k FROM u WHERE k = t.a) d) ORDER BY a",
       "1 2"},
      {"SELECT a FROM t WHERE EXISTS (WITH w AS (SELECT k FROM u WHERE k = t.a) SELECT 1 FROM w x, "
       "(SELECT * FROM w) y) ORDER BY a",
       "1 2"},
      {"SELECT a FROM t x WHERE a = (SELECT MAX(y.a) FROM t y WHERE LCASE(y.b) = LCASE(x.b)) ORDER "
       "BY a",
       "2 4"},
      {"SELECT (SELECT a FROM t WHERE a = 1), (SELECT a FROM t WHERE a = 99)", "1|NULL"},
      {"SELECT a FROM t WHERE (a, b) = (1, 'x')", "1"},
      {"SELECT a IN (SELECT k FROM u WHERE k < 2), a FROM t ORDER BY a", "1|1 0|2 0|3 0|4"},
  });
}

TEST(EngineSql, SetOperations) {
  expect_rows({
      {"SELECT a FROM t UNION SELECT k FROM u ORDER BY 1", "NULL 1 2 3 4 5"},
      {"SELECT a FROM t UNION ALL SELECT k FROM u WHERE k = 2 ORDER BY 1", "1 2 2 2 3 4"},
      {"SELECT a FROM t INTERSECT SELECT k FROM u ORDER BY 1", "1 2"},
      {"SELECT k FROM u EXCEPT SELECT a FROM t ORDER BY 1", "NULL 5"},
      {"SELECT 1 UNION SELECT 2 INTERSECT SELECT 3", "1"},
      {"(SELECT 1 UNION SELECT 2) INTERSECT SELECT 2", "2"},
      {"SELECT 1 UNION ALL (SELECT 1 UNION SELECT 1)", "1 1"},
      {"(SELECT a FROM t ORDER BY a DESC LIMIT 1) UNION ALL (SELECT a FROM t ORDER BY a LIMIT 1)",
       "4 1"},
      {"SELECT 1 UNION ALL SELECT 2.5 ORDER BY 1", "1.0 2.5"},
      {"VALUES (1,'a'),(2,'b') ORDER BY 1 DESC LIMIT 1", "2|b"},
      {"SELECT * FROM (VALUES (1),(2) UNION SELECT 2) d(x) ORDER BY x", "1 2"},
      {"SELECT c FROM t UNION SELECT a FROM t ORDER BY 1", "NULL -1.5 1.0 1.5 2.0 2.5 3.0 4.0"},
  });
}

TEST(EngineSql, Windows) {
  expect_rows({
      {"SELECT a, ROW_NUMBER() OVER (ORDER BY a DESC) FROM t ORDER BY a", "1|4 2|3 3|2 4|1"},
      {"SELECT v, RANK() OVER (ORDER BY k), DENSE_RANK() OVER (ORDER BY k) FROM u ORDER BY k, v",
       "none|1|1 one|2|2 two|3|3 zwei|3|3 five|5|4"},
      {"SELECT a, SUM(a) OVER (ORDER BY a) FROM t ORDER BY a", "1|1 2|3 3|6 4|10"},
      {"SELECT a, SUM(a) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM t ORDER "
       "BY a",
       "1|3 2|6 3|9 4|7"},
      {"SELECT a, LAG(b, 1, 'none') OVER (ORDER BY a), LEAD(a) OVER (ORDER BY a) FROM t ORDER BY a",
       "1|none|2 2|x|3 3|X|4 4|NULL|NULL"},
      {"SELECT a, COUNT(*) OVER (PARTITION BY LCASE(b)) FROM t ORDER BY a", "1|2 2|2 3|1 4|1"},
      {"SELECT a, FIRST_VALUE(c) OVER (ORDER BY a), NTILE(2) OVER (ORDER BY a) FROM t ORDER BY a",
       "1|1.5|1 2|1.5|1 3|1.5|2 4|1.5|2"},
      {"SELECT k, SUM(COUNT(*)) OVER (ORDER BY k) FROM u GROUP BY k ORDER BY k",
       "NULL|1 1|2 2|4 5|5"},
      {"SELECT a, AVG(c) OVER (ORDER BY a ROWS 1 PRECEDING) FROM t ORDER BY a",
       "1|1.500000 2|1.500000 3|2.500000 4|0.500000"},
      {"SELECT a, SUM(a) OVER (ORDER BY c RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t WHERE "
       "c "
       "IS NOT NULL ORDER BY a",
       "1|1 3|4 4|4"},
      {"SELECT a, COUNT(*) OVER (ORDER BY s RANGE 1 PRECEDING) FROM (SELECT a, SUM(c) AS s FROM t "
       "WHERE c IS NOT NULL GROUP BY a) d ORDER BY a",
       "1|1 3|2 4|1"},
      {"SELECT a, COUNT(*) OVER (ORDER BY CAST(c AS DOUBLE) RANGE 1.5 PRECEDING) FROM t WHERE c IS "
       "NOT NULL ORDER BY a",
       "1|1 3|2 4|1"},
      {"SELECT COUNT(*) OVER (ORDER BY CAST(1E20 AS DECIMAL(30,2)) RANGE 1 PRECEDING) FROM t",
       "!22003"},
      {"SELECT COUNT(*) OVER (ORDER BY CAST(c AS DECIMAL(30,20)) RANGE 1 PRECEDING) FROM t",
       "!HYC00"},
      {"SELECT a FROM (SELECT a, ROW_NUMBER() OVER (ORDER BY c) n FROM t) d WHERE n = 1", "2"},
      {"SELECT a, PERCENT_RANK() OVER (ORDER BY a) FROM t WHERE a < 4 ORDER BY a", "1|0 2|0.5 3|1"},
      {"SELECT a, NTH_VALUE(a, 2) OVER w FROM t WINDOW w AS (ORDER BY a) ORDER BY a",
       "1|NULL 2|2 3|2 4|2"},
      {"SELECT NTILE(0) OVER (ORDER BY a) FROM t", "!22003"},
  });
}

TEST(EngineSql, WithTables) {
  expect_rows(
      {
          {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT "
           "SUM(i) FROM n",
           "15"},
          {"WITH RECURSIVE n(i, s) AS (VALUES (1, 'a') UNION ALL SELECT i + 1, s || 'b' FROM n "
           "WHERE i < 3) SELECT s FROM n ORDER BY i",
           "a ab abb"},
          {"WITH x AS (SELECT 1 i), y AS (SELECT i + 1 j FROM x) SELECT * FROM x, y", "1|2"},
          {"WITH x AS MATERIALIZED (SELECT 1 i) SELECT * FROM x a, x b", "1|1"},
          {"WITH x AS NOT MATERIALIZED (SELECT 1 i) SELECT * FROM x a, x b", "1|1"},
          {"SELECT * FROM (WITH x AS (SELECT 1 i) SELECT i + 1 FROM x) d", "2"},
          {"WITH x AS (SELECT RAND() r) SELECT COUNT(*) FROM x a JOIN x b ON a.r = b.r", "1"},
          {"SELECT COUNT(*) FROM (SELECT RAND() r) d WHERE r = r", "1"},
      },
      "");
}

TEST(EngineSql, NestsDeeply) {
  std::string sql = "SELECT a FROM t";
  for (int i = 0; i < 60; ++i) {
    std::string outer = "SELECT a FROM (";
    outer += sql;
    outer += ") d";
    sql = std::move(outer);
  }
  std::string sum = "a";
  for (int i = 0; i < 60; ++i) sum = "(" + sum + " + 1)";
  std::string logic = "a = 1";
  for (int i = 0; i < 60; ++i) logic = "(b = 'q' OR (a > 0 AND " + logic + "))";
  std::string chain = "a = 1";
  for (int i = 0; i < 3000; ++i) chain += " OR a = " + std::to_string(i + 10);
  // Each refers to the one around it, so none can be a WITH name.
  std::string exists = "a > 0 AND ";
  for (int i = 0; i < 30; ++i) {
    const std::string outer = i == 0 ? "t" : "t" + std::to_string(i - 1);
    const std::string inner = "t" + std::to_string(i);
    exists += "EXISTS (SELECT 1 FROM t " + inner + " WHERE " + inner + ".a = " + outer + ".a AND ";
  }
  std::string list = "1";
  for (int i = 0; i < 5000; ++i) list += "," + std::to_string(i + 10);
  expect_rows({
      {sql + " ORDER BY a", "1 2 3 4"},
      {"SELECT " + sum + " FROM t WHERE a = 1", "61"},
      {"SELECT a FROM t WHERE " + logic, "1"},
      {"SELECT a FROM t WHERE " + chain, "1"},
      {"SELECT a FROM t WHERE a IN (" + list + ")", "1"},
      {"SELECT a FROM t WHERE " + exists + "1 = 1" + std::string(30, ')') + " ORDER BY a",
       "!42000"},
  });
}

std::map<std::string, std::vector<testing::TableRow>> users() {
  return {
      {"Users",
       {{{"Id", "'1'"},
         {"DisplayName", "'Ada'"},
         {"Mail", "'Ada@Contoso.com'"},
         {"Department", "'A'"}},
        {{"Id", "'2'"},
         {"DisplayName", "'ada'"},
         {"Mail", "'ada@contoso.com'"},
         {"Department", "'B'"}},
        {{"Id", "'3'"}, {"DisplayName", "'Zoë'"}, {"Mail", "'zoe@contoso.com'"}},
        {{"Id", "'4'"}, {"DisplayName", "'Bob'"}, {"Department", "'A'"}}}},
      {"Messages",
       {{{"Id", "'m1'"},
         {"Subject", "'Hi'"},
         {"From_EmailAddress_Address", "'ADA@contoso.com'"},
         {"ReceivedDateTime", "ts:2026-01-01 10:00:00.5"},
         {"IsRead", "TRUE"}},
        {{"Id", "'m2'"},
         {"Subject", "'Re: Hi'"},
         {"From_EmailAddress_Address", "'zoe@contoso.com'"},
         {"ReceivedDateTime", "ts:2026-01-02 10:00:00"},
         {"IsRead", "FALSE"}},
        {{"Id", "'m3'"},
         {"Subject", "'hi'"},
         {"ReceivedDateTime", "ts:2026-01-02 23:59:59.9999999"},
         {"IsRead", "TRUE"}}}},
  };
}

void expect_table_rows(const std::vector<Case>& cases, bool streams = false) {
  for (const Case& item : cases) {
    EngineRun run;
    run.tables = users();
    run.streams = streams;
    EXPECT_EQ(run.rows(item.sql), item.rows) << item.sql << "\n"
                                             << run.sql << "\n"
                                             << run.message(item.sql);
    for (const auto& [table, times] : run.opened) EXPECT_LE(times, 4) << table;
  }
}

TEST(EngineSql, TablesAndCollations) {
  expect_table_rows({
      {"SELECT COUNT(*) FROM Users u JOIN Messages m ON m.From_EmailAddress_Address = u.Mail", "3"},
      {"SELECT u.Id, m.Id FROM Users u LEFT JOIN Messages m ON m.From_EmailAddress_Address = "
       "u.Mail "
       "ORDER BY u.Id",
       "1|m1 2|m1 3|m2 4|NULL"},
      {"SELECT COUNT(*) FROM Users GROUP BY Mail ORDER BY Mail", "1 2 1"},
      {"SELECT COUNT(DISTINCT Mail), COUNT(DISTINCT DisplayName) FROM Users", "2|4"},
      {"SELECT Id FROM Users ORDER BY DisplayName", "1 4 3 2"},
      {"SELECT Id FROM Users WHERE Mail = 'ADA@CONTOSO.COM' ORDER BY Id", "1 2"},
      {"SELECT Id FROM Users WHERE Mail IN ('ADA@CONTOSO.COM') ORDER BY Id", "1 2"},
      {"SELECT Id FROM Users WHERE Mail IN (SELECT From_EmailAddress_Address FROM Messages) ORDER "
       "BY Id",
       "1 2 3"},
      {"SELECT COUNT(*) FROM (SELECT Mail FROM Users UNION SELECT From_EmailAddress_Address FROM "
       "Messages) d",
       "3"},
      {"SELECT COUNT(*) FROM (SELECT DISTINCT Mail FROM Users) d", "3"},
      {"SELECT Mail FROM Users EXCEPT SELECT From_EmailAddress_Address FROM Messages", ""},
      {"SELECT COUNT(*) OVER (PARTITION BY Mail) FROM Users WHERE Id = '2'", "1"},
      {"SELECT YEAR(ReceivedDateTime), COUNT(*) FROM Messages GROUP BY YEAR(ReceivedDateTime)",
       "2026|3"},
      {"SELECT CAST(ReceivedDateTime AS DATE), COUNT(*) FROM Messages GROUP BY "
       "CAST(ReceivedDateTime "
       "AS DATE) ORDER BY 1",
       "2026-01-01|1 2026-01-02|2"},
      {"SELECT MAX(ReceivedDateTime) FROM Messages", "2026-01-02 23:59:59.9999999"},
      {"SELECT Id FROM Messages WHERE ReceivedDateTime > {ts '2026-01-02 10:00:00'}", "m3"},
      {"SELECT Id FROM Messages WHERE IsRead ORDER BY Id", "m1 m3"},
      {"SELECT Id FROM Messages WHERE NOT IsRead", "m2"},
      {"SELECT SUM(CASE WHEN IsRead = 1 THEN 1 ELSE 0 END) FROM Messages", "2"},
      {"SELECT COUNT(*) FROM Messages a JOIN Messages b ON a.ReceivedDateTime < b.ReceivedDateTime",
       "3"},
  });
}

TEST(EngineSql, StreamsOneTable) {
  expect_table_rows(
      {
          {"SELECT Department, COUNT(*), MIN(DisplayName) FROM Users GROUP BY Department ORDER BY "
           "1",
           "NULL|1|Zoë A|2|Ada B|1|ada"},
          {"SELECT MAX(DisplayName), MIN(Mail) FROM Users", "ada|Ada@Contoso.com"},
          {"SELECT Id, RANK() OVER (ORDER BY Department) FROM Users ORDER BY DisplayName",
           "1|2 4|2 3|1 2|4"},
          {"SELECT COUNT(*) FROM Users", "4"},
          {"SELECT DISTINCT Department FROM Users ORDER BY 1 DESC", "B A NULL"},
          {"SELECT a.Id FROM (SELECT Id FROM Users WHERE Department = 'A') a ORDER BY 1", "1 4"},
          // Named twice: it is materialized after all.
          {"SELECT COUNT(*) FROM Users a WHERE (SELECT MAX(b.Id) FROM Users b) BETWEEN '2' AND '5'",
           "4"},
      },
      true);
}

TEST(EngineSql, StreamsTheFirstTableOfAJoin) {
  for (const auto& [sql, rows] : std::vector<std::pair<std::string, std::string>>{
           {"SELECT u.Id, m.Id FROM Users u JOIN Messages m ON m.From_EmailAddress_Address = "
            "u.Mail "
            "JOIN Messages n ON n.Id = m.Id",
            "1|m1 2|m1 3|m2"},
           {"SELECT u.Id FROM Users u LEFT JOIN Messages m ON m.From_EmailAddress_Address = u.Mail "
            "WHERE m.Subject = 'Hi'",
            "1 2"},
           {"SELECT u.Id FROM Users u JOIN Messages m ON 1 = 1 WHERE m.Id = 'm1'", "1 2 3 4"}}) {
    EngineRun run;
    run.tables = users();
    run.replan = [](LocalPlan& plan) { plan.scans[0].materialized = false; };
    EXPECT_EQ(run.rows(sql), rows) << run.sql << run.message(sql);
  }
}

TEST(EngineSql, KeysComeFromAnotherScan) {
  EngineRun run;
  run.tables = users();
  std::vector<std::string> order;
  std::mutex mutex;
  run.before_batch = [&](const std::string& table) {
    const std::lock_guard lock(mutex);
    order.push_back(table);
  };
  run.replan = [](LocalPlan& plan) {
    const auto output = [&](const char* name) {
      const ScanSpec& scan = plan.scans[0];
      const auto column = static_cast<std::uint32_t>(*scan.query.table->find(name));
      const auto at = std::find(scan.columns.begin(), scan.columns.end(), column);
      return static_cast<std::uint32_t>(at - scan.columns.begin());
    };
    const auto column =
        static_cast<std::uint32_t>(*plan.scans[1].query.table->find("From_EmailAddress_Address"));
    plan.scans[1].keys = KeySource{0, output("Mail"), column};
  };
  const char* sql =
      "SELECT u.Id, m.Id FROM Users u JOIN Messages m ON m.From_EmailAddress_Address = u.Mail";
  EXPECT_EQ(run.rows(sql), "3|m2");  // the fake compares keys by case
  EXPECT_EQ(order, (std::vector<std::string>{"u", "u", "u", "m", "m"}));
  run.tables["Users"][0]["Mail"] = "invalid";
  EXPECT_EQ(run.rows(sql), "!22018");
}

TEST(EngineSql, ErrorsOfScans) {
  EngineRun run;
  run.tables = users();
  run.tables["Messages"][1]["Subject"] = "invalid";
  const char* sql = "SELECT COUNT(*), MAX(Subject) FROM Messages";
  EXPECT_EQ(run.rows(sql), "!22018");
  EXPECT_NE(run.message(sql).find("Messages.Subject"), std::string::npos) << run.message(sql);
  EXPECT_EQ(run.rows("SELECT COUNT(*) FROM Messages m, Users u"), "12");
  run.before_batch = [](const std::string& table) {
    if (table == "m") throw base::Error("08S01", "the network is gone");
  };
  EXPECT_EQ(run.rows("SELECT COUNT(*) FROM Messages m, Users u"), "!08S01");
}

// As the streaming path has it: an error of the cell at delivery, or of what computes with it.
TEST(EngineSql, ValuesThatDoNotFitReachTheReaderWhereTheyAreOnlyHandedOn) {
  EngineRun run;
  run.tables = users();
  run.tables["Messages"][1]["Subject"] = "invalid";
  run.tables["Messages"][1]["ReceivedDateTime"] = "invalid";
  const struct {
    const char* sql;
    bool handed_on;
  } kCases[] = {
      {"SELECT Subject FROM Messages ORDER BY Id", true},
      {"SELECT ReceivedDateTime, Subject FROM Messages ORDER BY Id", true},
      {"SELECT m.ReceivedDateTime FROM Messages m CROSS JOIN Users u", true},
      {"SELECT m.Subject FROM Messages m WHERE EXISTS (SELECT 1 FROM Users u)", true},
      {"SELECT Subject FROM Messages ORDER BY Subject", false},
      {"SELECT Subject AS s FROM Messages ORDER BY s, Id", false},
      {"SELECT Subject FROM Messages ORDER BY 1", false},
      {"SELECT DISTINCT Subject FROM Messages", false},
      {"SELECT Subject FROM Messages GROUP BY Subject", false},
      {"SELECT UPPER(Subject) FROM Messages ORDER BY Id", false},
      {"SELECT m.Subject FROM Messages m JOIN Users u ON m.Subject > u.Id", false},
      // Whatever keeps all rows hands its values on.
      {"SELECT ReceivedDateTime FROM Messages UNION ALL SELECT NULL", true},
      {"SELECT Id FROM Messages UNION ALL SELECT Subject FROM Messages", true},
      {"SELECT Subject FROM Messages UNION ALL (SELECT Mail FROM Users UNION ALL SELECT Id FROM "
       "Users)",
       true},
      {"SELECT Subject, Id FROM Messages UNION ALL SELECT Mail, Id FROM Users ORDER BY 2", true},
      {"(SELECT Subject FROM Messages ORDER BY Id LIMIT 5) UNION ALL SELECT Mail FROM Users", true},
      {"SELECT t.s FROM (SELECT Subject AS s FROM Messages UNION ALL SELECT Mail FROM Users) t",
       true},
      {"SELECT t.s FROM (SELECT Subject AS s, Id FROM Messages ORDER BY Id LIMIT 9) t CROSS JOIN "
       "Users u",
       true},
      {"WITH t (s) AS (SELECT Subject FROM Messages UNION ALL SELECT Mail FROM Users) SELECT s "
       "FROM t UNION ALL SELECT s FROM t",
       true},
      // What compares, sorts or converts them cannot.
      {"SELECT Subject FROM Messages UNION SELECT Mail FROM Users", false},
      {"SELECT Subject FROM Messages EXCEPT SELECT Mail FROM Users", false},
      {"SELECT Subject FROM Messages INTERSECT SELECT Subject FROM Messages", false},
      {"SELECT Subject FROM Messages UNION ALL SELECT Mail FROM Users EXCEPT SELECT Id FROM Users",
       false},
      {"SELECT Subject FROM Messages UNION ALL SELECT Mail FROM Users ORDER BY 1", false},
      {"(SELECT Subject FROM Messages ORDER BY Subject LIMIT 5) UNION ALL SELECT Mail FROM Users",
       false},
      {"SELECT DISTINCT t.s FROM (SELECT Subject AS s FROM Messages UNION ALL SELECT Mail FROM "
       "Users) t",
       false},
      {"SELECT t.s FROM (SELECT Subject AS s FROM Messages UNION ALL SELECT Mail FROM Users) t "
       "WHERE t.s <> 'x'",
       false},
      {"WITH RECURSIVE t (s, n) AS (SELECT Subject, 1 FROM Messages UNION ALL SELECT s, n + 1 FROM "
       "t WHERE n < 2) SELECT s FROM t",
       false},
      {"SELECT Id FROM Users WHERE Mail IN (SELECT Subject FROM Messages UNION ALL SELECT Id FROM "
       "Messages)",
       false},
  };
  for (const auto& c : kCases) {
    bool found = false;
    const std::string state = testing::state_of([&] {
      const auto source = run.source(c.sql);
      source->open();
      base::RowBatch batch;
      while (source->next_batch(batch)) {
        for (std::size_t row = 0; row < batch.row_count; ++row) {
          const base::Cell& cell = batch.row(row)[0];
          if (cell.kind != base::CellKind::kInvalid) continue;
          found = true;
          EXPECT_EQ(cell.view(), "{}") << c.sql;
        }
      }
    });
    EXPECT_EQ(found, c.handed_on) << c.sql;
    EXPECT_EQ(state, c.handed_on ? "" : "!22018") << c.sql;
  }
}

// A UNION ALL that SQLite merged into the query around it lost the WHERE of an arm beside one with
// a RIGHT JOIN.
TEST(EngineSql, ArmsBesideARightJoinKeepTheirConditions) {
  EngineRun run;
  run.tables = users();
  const std::string with_right =
      "SELECT b.Id AS c FROM Messages a LEFT JOIN Users b ON b.Id <> a.Id WHERE EXISTS (SELECT 1 "
      "FROM Messages x WHERE x.Subject = a.Id) UNION ALL SELECT m.Id FROM Messages m RIGHT JOIN "
      "Users u ON u.Id = m.Id WHERE m.Id > 'zzz'";
  const std::string with_full =
      "SELECT b.Id AS c FROM Messages a LEFT JOIN Users b ON b.Id <> a.Id WHERE EXISTS (SELECT 1 "
      "FROM Messages x WHERE x.Subject = a.Id) UNION ALL SELECT m.Id FROM Messages m FULL JOIN "
      "Users u ON u.Id = m.Id WHERE m.Id > 'zzz'";
  for (const std::string& both : {with_right, with_full}) {
    for (const std::string& sql :
         {"SELECT c FROM (" + both + ") t ORDER BY c FETCH FIRST 3 ROWS WITH TIES",
          both + " ORDER BY 1 FETCH FIRST 3 ROWS WITH TIES",
          "SELECT TOP 50 PERCENT c FROM (" + both + ") t ORDER BY c",
          "SELECT c, ROW_NUMBER() OVER (ORDER BY c) FROM (" + both + ") t",
          "SELECT DISTINCT c FROM (" + both + ") t", "SELECT c FROM (" + both + ") t ORDER BY c",
          "SELECT t.c FROM (" + both + ") t WHERE t.c IS NOT NULL",
          "WITH t AS (" + both +
              ") SELECT c FROM t WHERE c <> '' ORDER BY c FETCH FIRST 3 ROWS "
              "WITH TIES",
          "(" + both + " LIMIT 9) UNION ALL SELECT Id FROM Users WHERE Id = 'none'",
          "SELECT Id FROM Users o WHERE EXISTS (SELECT 1 FROM (" + both +
              ") t WHERE t.c = o.Id)"}) {
      EXPECT_EQ(run.rows(sql), "") << sql << "\n" << run.sql;
    }
  }
}

TEST(EngineSql, WarningsOfScansComeThrough) {
  EngineRun run;
  run.tables = users();
  const auto source = run.source("SELECT COUNT(*) FROM Messages m, Users u");
  source->open();
  base::RowBatch batch;
  while (source->next_batch(batch)) {
  }
  EXPECT_EQ(source->take_warnings().size(), 2U);
  EXPECT_TRUE(source->take_warnings().empty());
}

TEST(EngineSql, BatchesHoldAThousandRows) {
  EngineRun run;
  const auto source = run.source(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) SELECT i, "
      "'row ' || CAST(i AS VARCHAR(10)) FROM n ORDER BY i");
  source->open();
  base::RowBatch batch;
  std::vector<std::size_t> sizes;
  std::string last;
  while (source->next_batch(batch)) {
    sizes.push_back(batch.row_count);
    last = std::string(batch.row(batch.row_count - 1)[1].view());
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1000, 1000, 500}));
  EXPECT_EQ(last, "row 2500");
}

TEST(EngineSql, RowsBeforeAnErrorComeFirst) {
  EngineRun run;
  const auto source = run.source("SELECT 10 / column1 FROM (VALUES (1),(2),(0),(4)) x");
  source->open();
  base::RowBatch batch;
  ASSERT_TRUE(source->next_batch(batch));
  EXPECT_EQ(batch.row_count, 2U);
  EXPECT_THROW(source->next_batch(batch), base::Error);
  EXPECT_THROW(source->next_batch(batch), base::Error);
}

constexpr const char* kEndless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT COUNT(*) FROM n";

TEST(EngineSql, StopsWhenCancelled) {
  EngineRun run;
  const auto source = run.source(kEndless);
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    source->cancel();
  });
  EXPECT_THROW(source->open(), base::Error);
  canceller.join();
  const auto before = run.source("SELECT 1");
  before->cancel();
  EXPECT_THROW(before->open(), base::Error);
}

TEST(EngineSql, StopsAtTheDeadline) {
  EngineRun run;
  run.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  EXPECT_EQ(run.rows(kEndless), "!HYT00");
  run.tables = users();
  run.before_batch = [](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  run.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  EXPECT_EQ(run.rows("SELECT COUNT(*) FROM Users u, Messages m"), "!HYT00");
}

TEST(EngineSql, MemoryLimit) {
  EngineRun run;
  initialize_sqlite();
  set_local_memory_limit(local_memory_in_use() + (8 << 20));
  const std::string sql =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i "
      "FROM n ORDER BY -i";
  EXPECT_EQ(run.rows(sql), "!HY001");
  set_local_memory_limit(kDefaultLocalMemory);
}

}  // namespace
}  // namespace graphodbc::query
