#include "sqlparser/printer.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "sqlparser/parser.h"

namespace graphodbc::sqlparser {
namespace {

struct PrintCase {
  const char* sql;
  const char* printed;
};

// Names the case in ctest's list.
void PrintTo(const PrintCase& print_case, std::ostream* out) {
  *out << print_case.sql;
}

void check(const PrintCase& c) {
  const std::string printed = print(*parse_statement(c.sql));
  EXPECT_EQ(printed, c.printed) << c.sql;
  EXPECT_EQ(print(*parse_statement(printed)), printed) << c.sql;
}

class PrintTest : public ::testing::TestWithParam<PrintCase> {};

TEST_P(PrintTest, PrintsOurDialectAndReadsItBack) {
  check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Expressions, PrintTest,
    ::testing::Values(
        PrintCase{"select a or b and not c = d+e*-f", "SELECT a OR b AND NOT c = d + e * - f"},
        PrintCase{"select (a or b) and (not c) = (d+e)*f",
                  "SELECT (a OR b) AND (NOT c) = (d + e) * f"},
        PrintCase{"select a-(b-c), (a-b)-c, a-b-c, a*(b/c)",
                  "SELECT a - (b - c), (a - b) - c, a - b - c, a * (b / c)"},
        PrintCase{"select a||b||c+1", "SELECT a || b || c + 1"},
        PrintCase{"select -5, - -5, 3 - -2, +5, -x, -9223372036854775808",
                  "SELECT -5, - -5, 3 - -2, + 5, - x, -9223372036854775808"},
        PrintCase{"select 1e3, 1., .5, 1.5E-3", "SELECT 1e3, 1., .5, 1.5E-3"},
        PrintCase{"select a is null is true, a = 1 is not unknown, not a is false",
                  "SELECT (a IS NULL) IS TRUE, (a = 1) IS NOT UNKNOWN, NOT a IS FALSE"},
        PrintCase{"select a is distinct from b, a is not distinct from 1",
                  "SELECT a IS DISTINCT FROM b, a IS NOT DISTINCT FROM 1"},
        PrintCase{"select a not between 1 and 2 or b not in (1,2) and c not like 'x' escape '!'",
                  "SELECT a NOT BETWEEN 1 AND 2 OR b NOT IN (1, 2) AND c NOT LIKE 'x' ESCAPE '!'"},
        PrintCase{"select (a,b) = (1,2), (a,b) != (?,?)",
                  "SELECT (a, b) = (1, 2), (a, b) <> (?, ?)"},
        PrintCase{"select a = some (select 1), a < all (values (1),(2))",
                  "SELECT a = ANY (SELECT 1), a < ALL (VALUES (1), (2))"},
        PrintCase{"select x in ((select 1) union select 2), x in ((select 1), 2)",
                  "SELECT x IN ((SELECT 1) UNION SELECT 2), x IN ((SELECT 1), 2)"},
        PrintCase{"select case when a then b end, case x when 1 then 2 else 3 end",
                  "SELECT CASE WHEN a THEN b END, CASE x WHEN 1 THEN 2 ELSE 3 END"},
        PrintCase{"select count(*), count(distinct a), count(all a), sum(a) filter (where b > 1)",
                  "SELECT COUNT(*), COUNT(DISTINCT a), COUNT(a), SUM(a) FILTER (WHERE b > 1)"},
        PrintCase{"select lag(a,1) over w, row_number() over (partition by b order by c desc "
                  "nulls last rows between 1 preceding and unbounded following) from t window w "
                  "as (order by d)",
                  "SELECT LAG(a, 1) OVER w, ROW_NUMBER() OVER (PARTITION BY b ORDER BY c DESC "
                  "NULLS LAST ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING) FROM t WINDOW w "
                  "AS (ORDER BY d)"}));

INSTANTIATE_TEST_SUITE_P(
    Literals, PrintTest,
    ::testing::Values(
        PrintCase{"select 'it''s', N'x', n'ü', X'00fF', null, TRUE, false",
                  "SELECT 'it''s', 'x', 'ü', X'00FF', NULL, TRUE, FALSE"},
        PrintCase{"select date '2026-01-31', time '10:11:12', timestamp '2026-01-31 10:11:12.5'",
                  "SELECT DATE '2026-01-31', TIME '10:11:12', TIMESTAMP '2026-01-31 10:11:12.5'"},
        PrintCase{"select d + interval '1' day, d - interval -'1-2' year to month",
                  "SELECT d + INTERVAL '1' DAY, d - INTERVAL -'1-2' YEAR TO MONTH"},
        PrintCase{"select Date, Time, Timestamp, Interval, User, Type, Size, Start from t",
                  "SELECT Date, Time, Timestamp, Interval, User, Type, Size, Start FROM t"}));

INSTANTIATE_TEST_SUITE_P(
    Escapes, PrintTest,
    ::testing::Values(
        PrintCase{"select {d '2026-01-31'}, {t'10:11:12'}, { TS '2026-01-31 10:11:12' }",
                  "SELECT DATE '2026-01-31', TIME '10:11:12', TIMESTAMP '2026-01-31 10:11:12'"},
        PrintCase{"select {guid '6F9619FF-8B86-D011-B42D-00CF4FC964FF'}",
                  "SELECT GUID '6F9619FF-8B86-D011-B42D-00CF4FC964FF'"},
        PrintCase{"select a + {interval '2' hour}", "SELECT a + INTERVAL '2' HOUR"},
        PrintCase{"select { fn lcase( {FN Ucase({fn LEFT(x, 1)}) } ) }, {fn concat(lcase(a), b)}",
                  "SELECT LCASE(UCASE(LEFT(x, 1))), CONCAT(LCASE(a), b)"},
        PrintCase{"select {fn CURRENT_TIMESTAMP(0)}, {fn CURRENT_DATE}, current_time, {fn now()}",
                  "SELECT CURRENT_TIMESTAMP(0), CURRENT_DATE, CURRENT_TIME, NOW()"},
        PrintCase{"select {fn timestampadd(sql_tsi_day, -1, d)}, timestampdiff(SQL_TSI_FRAC_SECOND"
                  ", a, b)",
                  "SELECT TIMESTAMPADD(SQL_TSI_DAY, -1, d), TIMESTAMPDIFF(SQL_TSI_FRAC_SECOND, a, "
                  "b)"},
        PrintCase{
            "select {fn convert(a, SQL_BIGINT)}, {fn CAST(a AS DATE)}, convert(b, varchar(3))",
            "SELECT CAST(a AS BIGINT), CAST(a AS DATE), CAST(b AS VARCHAR(3))"},
        PrintCase{"select a like 'x' {escape '!'}, a like ? { ESCAPE ? }",
                  "SELECT a LIKE 'x' ESCAPE '!', a LIKE ? ESCAPE ?"},
        PrintCase{"select 1 from {oj a left join {oj b right outer join c on 1=1} on 2=2}",
                  "SELECT 1 FROM a LEFT JOIN (b RIGHT JOIN c ON 1 = 1) ON 2 = 2"},
        PrintCase{"{call p}", "CALL p()"}, PrintCase{"{ CALL s.p(?, 'x') }", "CALL s.p(?, 'x')"},
        PrintCase{"call p(1)", "CALL p(1)"}, PrintCase{"{?=call p(?)}", "{? = CALL p(?)}"},
        PrintCase{"select '{fn x}', \"{d}\", /* {? */ ? -- {?\n", "SELECT '{fn x}', \"{d}\", ?"}));

INSTANTIATE_TEST_SUITE_P(
    Functions, PrintTest,
    ::testing::Values(
        PrintCase{"select extract(year from d), position('a' in s), position('a', s)",
                  "SELECT EXTRACT(YEAR FROM d), POSITION('a' IN s), POSITION('a' IN s)"},
        PrintCase{"select trim(s), trim('x' from s), trim(leading from s), trim(trailing ? from s)",
                  "SELECT TRIM(s), TRIM(BOTH 'x' FROM s), TRIM(LEADING FROM s), TRIM(TRAILING ? "
                  "FROM s)"},
        PrintCase{"select substring(s from 2), substring(s from 2 for 3), substring(s, 2, 3)",
                  "SELECT SUBSTRING(s, 2), SUBSTRING(s, 2, 3), SUBSTRING(s, 2, 3)"},
        PrintCase{"select left(a,1), right(a,1), insert(a,1,2,'x'), replace(a,'b','c')",
                  "SELECT LEFT(a, 1), RIGHT(a, 1), INSERT(a, 1, 2, 'x'), REPLACE(a, 'b', 'c')"}));

INSTANTIATE_TEST_SUITE_P(
    Types, PrintTest,
    ::testing::Values(
        PrintCase{"select cast(a as int), cast(a as double precision), cast(a as float), cast(a as "
                  "float(24)), cast(a as bool), cast(a as tinyint)",
                  "SELECT CAST(a AS INTEGER), CAST(a AS DOUBLE), CAST(a AS DOUBLE), CAST(a AS "
                  "REAL), CAST(a AS BIT), CAST(a AS SMALLINT)"},
        PrintCase{"select cast(a as character varying(10)), cast(a as nvarchar(max)), cast(a as "
                  "varchar), cast(a as varchar(4001)), cast(a as char(3)), cast(a as char)",
                  "SELECT CAST(a AS VARCHAR(10)), CAST(a AS LONGVARCHAR), CAST(a AS "
                  "VARCHAR(4000)), CAST(a AS LONGVARCHAR), CAST(a AS CHAR(3)), CAST(a AS "
                  "VARCHAR(4000))"},
        PrintCase{"select cast(a as decimal), cast(a as decimal(10)), cast(a as numeric(10,2))",
                  "SELECT CAST(a AS DECIMAL(28,8)), CAST(a AS DECIMAL(10,0)), CAST(a AS "
                  "DECIMAL(10,2))"},
        PrintCase{"select cast(a as timestamp), cast(a as timestamp(3) without time zone), cast(a "
                  "as time), cast(a as sql_type_time), cast(a as sql_guid)",
                  "SELECT CAST(a AS TIMESTAMP(7)), CAST(a AS TIMESTAMP(3)), CAST(a AS TIME), "
                  "CAST(a AS TIME), CAST(a AS GUID)"},
        PrintCase{"select cast(a as binary(5)), convert(a, sql_longvarbinary)",
                  "SELECT CAST(a AS VARBINARY(5)), CAST(a AS LONGVARBINARY)"}));

INSTANTIATE_TEST_SUITE_P(
    Names, PrintTest,
    ::testing::Values(PrintCase{"select [a]]b], `a``b`, \"a\"\"b\", \"Order\", größe, _x$#@1",
                                "SELECT \"a]b\", \"a`b\", \"a\"\"b\", \"Order\", größe, _x$#@1"},
                      PrintCase{"select a as 'Count of Id', b 名前 from t",
                                "SELECT a AS \"Count of Id\", b AS 名前 FROM t"},
                      PrintCase{"select *, t.*, s.t.*, c.s.t.*, c.s.t.a from c.s.t",
                                "SELECT *, t.*, s.t.*, c.s.t.*, c.s.t.a FROM c.s.t"},
                      PrintCase{"select top from t", "SELECT top FROM t"},
                      PrintCase{"select a from t for, u window",
                                "SELECT a FROM t AS for, u AS window"}));

INSTANTIATE_TEST_SUITE_P(
    Queries, PrintTest,
    ::testing::Values(
        PrintCase{"select distinct top 5 percent with ties a from t order by a",
                  "SELECT DISTINCT TOP (5) PERCENT WITH TIES a FROM t ORDER BY a"},
        PrintCase{"select top (?) ? from t", "SELECT TOP (?) ? FROM t"},
        PrintCase{"select top 5 Percent from t", "SELECT TOP (5) Percent FROM t"},
        PrintCase{"select a from t limit ? offset ?", "SELECT a FROM t LIMIT ? OFFSET ?"},
        PrintCase{"select a from t limit ?, ?",
                  "SELECT a FROM t OFFSET ? ROWS FETCH NEXT ? ROWS ONLY"},
        PrintCase{"select a from t offset 2 rows", "SELECT a FROM t OFFSET 2 ROWS"},
        PrintCase{"select a from t order by 1 fetch first row with ties",
                  "SELECT a FROM t ORDER BY 1 FETCH NEXT 1 ROWS WITH TIES"},
        PrintCase{"select a from t for read only", "SELECT a FROM t"},
        PrintCase{"select top 3 a from t union all select top 2 b from u order by 1",
                  "(SELECT TOP (3) a FROM t) UNION ALL (SELECT TOP (2) b FROM u) ORDER BY 1"},
        PrintCase{"select 1 union select 2 intersect values (3),(4) except (select 5 limit 1)",
                  "SELECT 1 UNION SELECT 2 INTERSECT VALUES (3), (4) EXCEPT (SELECT 5 LIMIT 1)"},
        PrintCase{"select * from ((select 1) union select 2) x, ((select 1) a join b on 1=1), "
                  "(((select 1))) c, ((t))",
                  "SELECT * FROM ((SELECT 1) UNION SELECT 2) AS x, (SELECT 1) AS a INNER JOIN b "
                  "ON 1 = 1, (((SELECT 1))) AS c, t"},
        PrintCase{"select 1 from a natural left outer join b cross join (c full join d using (x, "
                  "y))",
                  "SELECT 1 FROM a NATURAL LEFT JOIN b CROSS JOIN (c FULL JOIN d USING (x, y))"},
        PrintCase{"with recursive a (x) as not materialized (select 1), b as materialized (select "
                  "2) select * from a, b as c (d)",
                  "WITH RECURSIVE a (x) AS NOT MATERIALIZED (SELECT 1), b AS MATERIALIZED (SELECT "
                  "2) SELECT * FROM a, b AS c (d)"},
        PrintCase{"with recursive as (select 1) select 2", "WITH recursive AS (SELECT 1) SELECT 2"},
        PrintCase{"explain select 1", "EXPLAIN SELECT 1"},
        PrintCase{"explain analyze (select 1)", "EXPLAIN ANALYZE (SELECT 1)"},
        PrintCase{"explain select analyze from analyze", "EXPLAIN SELECT analyze FROM analyze"}));

INSTANTIATE_TEST_SUITE_P(
    Writes, PrintTest,
    ::testing::Values(PrintCase{"insert into t values (1, default), (?, null)",
                                "INSERT INTO t VALUES (1, DEFAULT), (?, NULL)"},
                      PrintCase{"insert into s.t (a, \"b\") select 1, 2 from u",
                                "INSERT INTO s.t (a, \"b\") SELECT 1, 2 FROM u"},
                      PrintCase{"insert into t (select 1)", "INSERT INTO t (SELECT 1)"},
                      PrintCase{"update t set a = default, b = ? where c",
                                "UPDATE t SET a = DEFAULT, b = ? WHERE c"},
                      PrintCase{"delete from t where a = 1", "DELETE FROM t WHERE a = 1"},
                      PrintCase{"drop table if exists a.b cascade", "DROP TABLE IF EXISTS a.b"},
                      PrintCase{"drop view v", "DROP VIEW v"}));

TEST(Print, DropsCommentsAndBlanks) {
  check({"/* a */ select -- b\r\n 1 /* * / */ , 2 ; -- end", "SELECT 1, 2"});
}

TEST(Print, AcceptsNoBreakSpacesAndAByteOrderMark) {
  check(
      {"\xEF\xBB\xBFselect\xC2\xA0"
       "1",
       "SELECT 1"});
}

}  // namespace
}  // namespace graphodbc::sqlparser
