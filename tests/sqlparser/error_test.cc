#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

#include "base/error.h"
#include "sqlparser/parser.h"

namespace graphodbc::sqlparser {
namespace {

using namespace std::string_view_literals;

struct ErrorCase {
  std::string_view sql;
  std::string_view state;
  std::string_view message;  // whole
};

// Names the case in ctest's list, where text must be printable.
void PrintTo(const ErrorCase& error_case, std::ostream* out) {
  if (error_case.sql.empty()) *out << "empty text";
  for (const char c : error_case.sql) *out << (c < ' ' || c > '~' ? '?' : c);
}

class ErrorTest : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(ErrorTest, NamesTextPositionAndCure) {
  try {
    parse_statement(GetParam().sql);
    ADD_FAILURE() << "parsed: " << GetParam().sql;
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state().code(), GetParam().state) << GetParam().sql;
    EXPECT_EQ(error.message(), GetParam().message) << GetParam().sql;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, ErrorTest,
    ::testing::Values(
        ErrorCase{"", "42000",
                  "syntax error near 'end of statement' at 1:1: the statement is empty"},
        ErrorCase{" -- nothing", "42000",
                  "syntax error near 'end of statement' at 1:12: the statement is empty"},
        ErrorCase{";", "42000", "syntax error near ';' at 1:1: the statement is empty"},
        ErrorCase{"SET FMTONLY ON", "42000",
                  "syntax error near 'SET' at 1:1: expected SELECT, VALUES, WITH, INSERT, UPDATE, "
                  "DELETE, CALL or EXPLAIN"},
        ErrorCase{"SELECT Id FROM Messages WHERE (IsRead = 0;", "42000",
                  "syntax error near ';' at 1:42: expected ')' to end the bracket opened at 1:31"},
        ErrorCase{"SELECT\n  Id\r\nFROM Messages\rWHERE )", "42000",
                  "syntax error near ')' at 4:7: expected an expression"},
        ErrorCase{"SELECT 'äöü😀', , 1", "42000",
                  "syntax error near ',' at 1:16: expected an expression"},
        ErrorCase{"SELECT Id FROM", "42000",
                  "syntax error near 'end of statement' at 1:15: expected a table name or a query "
                  "in brackets"},
        ErrorCase{"SELECT Order FROM t", "42000",
                  "syntax error near 'Order' at 1:8: expected an expression; 'Order' is a reserved "
                  "word, as a name it needs double quotes"},
        ErrorCase{"SELECT a b c", "42000",
                  "syntax error near 'c' at 1:12: expected end of statement"},
        ErrorCase{"SELECT 1; SELECT 2", "42000",
                  "syntax error near 'SELECT' at 1:11: expected end of statement after ';': one "
                  "statement at a time"},
        ErrorCase{"SELECT 1;;", "42000",
                  "syntax error near ';' at 1:10: expected end of statement after ';': one "
                  "statement at a time"},
        ErrorCase{"SELECT a = b = c", "42000",
                  "syntax error near '=' at 1:14: comparisons cannot be chained, expected AND, OR "
                  "or brackets"},
        ErrorCase{"SELECT a BETWEEN 1 OR 2", "42000",
                  "syntax error near 'OR' at 1:20: expected AND"},
        ErrorCase{"SELECT a NOT 1", "42000",
                  "syntax error near '1' at 1:14: expected BETWEEN, IN or LIKE after NOT"},
        ErrorCase{"SELECT a IN ()", "42000",
                  "syntax error near ')' at 1:14: expected an expression"},
        ErrorCase{"SELECT (1, 2) < (3, 4)", "42000",
                  "syntax error near '<' at 1:15: expected '=' or '<>' after a row of values"},
        ErrorCase{"SELECT (1, 2) = (3, 4, 5)", "42000",
                  "syntax error near '(' at 1:17: expected a row of 2 values"},
        ErrorCase{"SELECT 1 = (1, 2)", "42000",
                  "syntax error near ',' at 1:14: a row of values stands only on both sides of '=' "
                  "or '<>'"},
        ErrorCase{"SELECT CASE x WHEN 1 THEN 2", "42000",
                  "syntax error near 'end of statement' at 1:28: expected WHEN, ELSE or END of the "
                  "CASE that began at 1:8"},
        ErrorCase{"SELECT CAST(a AS FOO)", "42000",
                  "syntax error near 'FOO' at 1:18: unknown type, expected for example INTEGER, "
                  "BIGINT, DOUBLE, DECIMAL(p,s), VARCHAR(n), DATE, TIMESTAMP or SQL_VARCHAR"},
        ErrorCase{"SELECT CAST(a AS DECIMAL(39))", "42000",
                  "syntax error near '39' at 1:26: expected a number from 1 to 38"},
        ErrorCase{"SELECT MAX(*)", "42000",
                  "syntax error near '*' at 1:12: '*' is an argument of COUNT only"},
        ErrorCase{"SELECT 1 FROM a JOIN b", "42000",
                  "syntax error near 'end of statement' at 1:23: expected ON or USING"},
        ErrorCase{"SELECT a.b.c.d.e", "42000",
                  "syntax error near '.' at 1:15: expected at most 3 qualifiers before a name"},
        ErrorCase{"VALUES (1, 2), (3)", "42000",
                  "syntax error near '(' at 1:16: the row has 1 values, the first row 2"},
        ErrorCase{"SELECT TOP 3 a FROM t LIMIT 4", "42000",
                  "syntax error near 'LIMIT' at 1:23: TOP at 1:8 and this clause exclude each "
                  "other"},
        ErrorCase{"SELECT TOP 3 WITH TIES a FROM t", "42000",
                  "syntax error near 'WITH TIES' at 1:8: WITH TIES needs an ORDER BY"},
        ErrorCase{"SELECT SUM(a) OVER (ROWS BETWEEN CURRENT ROW AND 1 PRECEDING)", "42000",
                  "syntax error near '1' at 1:50: the frame would end before it begins"},
        ErrorCase{"EXPLAIN DELETE FROM t", "42000",
                  "syntax error near 'DELETE' at 1:9: expected a query (SELECT, VALUES or WITH)"},
        ErrorCase{"EXPLAIN ANALYZE DELETE FROM t", "42000",
                  "syntax error near 'DELETE' at 1:17: expected a query (SELECT, VALUES or WITH)"},
        ErrorCase{"SELECT EXTRACT(WEEK FROM d)", "42000",
                  "syntax error near 'WEEK' at 1:16: expected YEAR, MONTH, DAY, HOUR, MINUTE or "
                  "SECOND"}));

INSTANTIATE_TEST_SUITE_P(
    Lexing, ErrorTest,
    ::testing::Values(
        ErrorCase{"SELECT 'abc", "42000",
                  "syntax error near ''abc' at 1:8: unterminated string, expected a closing '"},
        ErrorCase{"SELECT N'abc''", "42000",
                  "syntax error near 'N'abc''' at 1:8: unterminated string, expected a closing '"},
        ErrorCase{"SELECT\n \"abc", "42000",
                  "syntax error near '\"abc' at 2:2: unterminated quoted name, expected a closing "
                  "\""},
        ErrorCase{"SELECT [abc", "42000",
                  "syntax error near '[abc' at 1:8: unterminated quoted name, expected a closing "
                  "]"},
        ErrorCase{"SELECT 1 /* no end", "42000",
                  "syntax error near '/* no end' at 1:10: unterminated comment, expected '*/'"},
        ErrorCase{"SELECT \"\"", "42000", "syntax error near '\"\"' at 1:8: empty quoted name"},
        ErrorCase{"SELECT X'0'", "42000",
                  "syntax error near 'X'0'' at 1:8: malformed binary literal, expected an even "
                  "number of hex digits"},
        ErrorCase{"SELECT 12abc", "42000",
                  "syntax error near '12a' at 1:8: malformed number, expected a blank or an "
                  "operator after '12'"},
        ErrorCase{"SELECT ä §", "42000", "syntax error near '§' at 1:10: unexpected character"},
        ErrorCase{"SELECT a ! b", "42000", "syntax error near '!' at 1:10: unexpected character"},
        ErrorCase{"SELECT \xC3\xA4 \xFF", "42000",
                  "syntax error near '\xEF\xBF\xBD' at 1:10: the statement is not valid UTF-8 "
                  "here"},
        ErrorCase{"SELECT '\xED\xA0\x80'", "42000",
                  "syntax error near '\xEF\xBF\xBD' at 1:9: the statement is not valid UTF-8 "
                  "here"},
        ErrorCase{"SELECT 1\0 "sv, "42000", "syntax error near ' ' at 1:9: unexpected character"},
        ErrorCase{"SELECT 'a very long text that goes on and on past any use", "42000",
                  "syntax error near ''a very long text that goes on and on pa...' at 1:8: "
                  "unterminated string, expected a closing '"}));

INSTANTIATE_TEST_SUITE_P(
    Escapes, ErrorTest,
    ::testing::Values(
        ErrorCase{"SELECT {fn UCASE(Subject) FROM Messages;", "42000",
                  "syntax error near 'FROM' at 1:27: expected '}' to end the escape opened at 1:8"},
        ErrorCase{"SELECT {d '2026-01-01'", "42000",
                  "syntax error near 'end of statement' at 1:23: expected '}' to end the escape "
                  "opened at 1:8"},
        ErrorCase{"SELECT {x 1}", "42000",
                  "syntax error near 'x' at 1:9: expected FN, D, T, TS, GUID or INTERVAL after "
                  "'{'"},
        ErrorCase{"SELECT {fn {fn x()}}", "42000",
                  "syntax error near '{' at 1:12: expected a function call after {fn"},
        ErrorCase{"SELECT 1 FROM {fn x()}", "42000",
                  "syntax error near 'fn' at 1:16: expected OJ: no other escape stands in FROM"},
        ErrorCase{"{fn x()}", "42000",
                  "syntax error near 'fn' at 1:2: expected CALL: no other escape begins a "
                  "statement"},
        ErrorCase{"{call p(1)", "42000",
                  "syntax error near 'end of statement' at 1:11: expected '}' to end the escape "
                  "opened at 1:1"},
        ErrorCase{"SELECT {ts '2026-02-30 00:00:00'}", "22007",
                  "invalid TIMESTAMP literal near ''2026-02-30 00:00:00'' at 1:12: expected "
                  "'yyyy-mm-dd hh:mm:ss[.f]'"},
        ErrorCase{"SELECT DATE '2026-13-01'", "22007",
                  "invalid DATE literal near ''2026-13-01'' at 1:13: expected 'yyyy-mm-dd'"},
        ErrorCase{"SELECT {t '25:00:00'}", "22007",
                  "invalid TIME literal near ''25:00:00'' at 1:11: expected 'hh:mm:ss[.f]'"},
        ErrorCase{"SELECT {guid 'x'}", "22018",
                  "invalid GUID literal near ''x'' at 1:14: expected "
                  "'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'"},
        ErrorCase{"SELECT a LIKE 'b' {escape ''}", "22019",
                  "invalid escape near '''' at 1:27: expected one character"}));

INSTANTIATE_TEST_SUITE_P(
    Counts, ErrorTest,
    ::testing::Values(
        ErrorCase{"SELECT a FROM t LIMIT -1", "HY024",
                  "invalid number of rows near '-' at 1:23: expected an integer of 0 or more, or a "
                  "marker"},
        ErrorCase{"SELECT TOP 1.5 a FROM t", "HY024",
                  "invalid number of rows near '1.5' at 1:12: expected an integer of 0 or more, or "
                  "a marker"},
        ErrorCase{"SELECT a FROM t OFFSET 'x' ROWS", "HY024",
                  "invalid number of rows near ''x'' at 1:24: expected an integer of 0 or more, or "
                  "a marker"},
        ErrorCase{"SELECT a FROM t LIMIT 9223372036854775808", "HY024",
                  "invalid number of rows near '9223372036854775808' at 1:23: expected an integer "
                  "of 0 or more, or a marker"},
        ErrorCase{"SELECT a FROM t LIMIT ALL", "42000",
                  "syntax error near 'ALL' at 1:23: expected a number of rows: an integer or a "
                  "marker"},
        ErrorCase{"INSERT INTO t VALUES (1, 2), (3)", "21S01",
                  "VALUES do not match near '(' at 1:30: the row has 1 values, the first row 2"}));

INSTANTIATE_TEST_SUITE_P(
    Refused, ErrorTest,
    ::testing::Values(
        ErrorCase{"CREATE LOCAL TEMPORARY TABLE \"x\" ('unterminated", "HYC00",
                  "CREATE is not supported near 'CREATE' at 1:1"},
        ErrorCase{"ALTER TABLE t", "HYC00", "ALTER is not supported near 'ALTER' at 1:1"},
        ErrorCase{"GRANT ALL ON t TO u", "HYC00", "GRANT is not supported near 'GRANT' at 1:1"},
        ErrorCase{"MERGE INTO t", "HYC00", "MERGE is not supported near 'MERGE' at 1:1"},
        ErrorCase{"DROP INDEX i", "HYC00",
                  "DROP of anything but a table is not supported near 'DROP' at 1:1"},
        ErrorCase{"SELECT a INTO b FROM c", "HYC00",
                  "SELECT INTO is not supported near 'INTO' at 1:10"},
        ErrorCase{"SELECT a FROM t FOR UPDATE", "HYC00",
                  "FOR UPDATE is not supported near 'FOR' at 1:17"},
        ErrorCase{"SELECT 1 INTERSECT ALL SELECT 2", "HYC00",
                  "INTERSECT ALL is not supported near 'INTERSECT' at 1:10"},
        ErrorCase{"SELECT 1 EXCEPT ALL SELECT 2", "HYC00",
                  "EXCEPT ALL is not supported near 'EXCEPT' at 1:10"},
        ErrorCase{"SELECT a FROM t GROUP BY GROUPING SETS ((a))", "HYC00",
                  "GROUPING SETS is not supported near 'GROUPING' at 1:26"},
        ErrorCase{"SELECT a FROM t GROUP BY ROLLUP(a)", "HYC00",
                  "ROLLUP is not supported near 'ROLLUP' at 1:26"},
        ErrorCase{"DELETE FROM t WHERE CURRENT OF c", "HYC00",
                  "WHERE CURRENT OF (positioned update) is not supported near 'CURRENT' at "
                  "1:21"}));

TEST(Error, OneTrailingNulAndOneSemicolonAreAccepted) {
  EXPECT_NO_THROW(parse_statement("SELECT 1;\0"sv));
  EXPECT_NO_THROW(parse_statement("SELECT 1; -- done\n /* really */ "));
}

TEST(Error, ReservedWordsAreNamesOnlyInQuotes) {
  for (const std::string_view word :
       {"SELECT", "FROM",   "WHERE",  "GROUP",  "ORDER",     "BY",    "HAVING",  "UNION",
        "JOIN",   "ON",     "LEFT",   "RIGHT",  "FULL",      "INNER", "CROSS",   "NATURAL",
        "USING",  "AS",     "AND",    "OR",     "IN",        "LIKE",  "BETWEEN", "IS",
        "WHEN",   "THEN",   "ELSE",   "END",    "DISTINCT",  "ALL",   "INSERT",  "UPDATE",
        "DELETE", "INTO",   "VALUES", "SET",    "WITH",      "LIMIT", "OFFSET",  "FETCH",
        "CASE",   "EXISTS", "CAST",   "EXCEPT", "INTERSECT", "NOT",   "NULL"}) {
    const std::string name(word);
    EXPECT_THROW(parse_statement("SELECT a FROM " + name), base::Error) << name;
    EXPECT_THROW(parse_statement("SELECT a AS " + name), base::Error) << name;
    EXPECT_NO_THROW(parse_statement("SELECT \"" + name + "\" FROM [" + name + "]")) << name;
  }
}

}  // namespace
}  // namespace graphodbc::sqlparser
