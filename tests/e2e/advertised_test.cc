// What SQLGetInfo advertises of SQL runs: every bit of the masks has a statement here, and a bit
// without one fails (decisions.md 3). Generic tools send what is advertised.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

// The statement gives one row with one value: what it must be.
struct Proof {
  SQLUINTEGER bit;
  const char* sql;
  const char* value;
};
struct Mask {
  SQLUSMALLINT type;
  const char* name;
  std::vector<Proof> proofs;
};

const char* const kTwo = "(VALUES (1, 'a'), (2, 'b'))";

std::string with_tables(std::string sql) {
  for (std::size_t at = sql.find("$t"); at != std::string::npos; at = sql.find("$t", at)) {
    sql.replace(at, 2, kTwo);
  }
  return sql;
}

const std::vector<Mask>& masks() {
  static const std::vector<Mask> kMasks = {
      {SQL_SQL92_PREDICATES,
       "SQL_SQL92_PREDICATES",
       {{SQL_SP_EXISTS,
         "SELECT COUNT(*) FROM $t t WHERE EXISTS (SELECT 1 FROM $t u WHERE "
         "u.column1 > t.column1)",
         "1"},
        {SQL_SP_ISNOTNULL, "SELECT COUNT(*) FROM $t t WHERE column1 IS NOT NULL", "2"},
        {SQL_SP_ISNULL, "SELECT COUNT(*) FROM $t t WHERE column1 IS NULL", "0"},
        {SQL_SP_LIKE, "SELECT COUNT(*) FROM $t t WHERE column2 LIKE 'a%'", "1"},
        {SQL_SP_IN, "SELECT COUNT(*) FROM $t t WHERE column1 IN (2, 3)", "1"},
        {SQL_SP_BETWEEN, "SELECT COUNT(*) FROM $t t WHERE column1 BETWEEN 0 AND 1", "1"},
        {SQL_SP_COMPARISON, "SELECT COUNT(*) FROM $t t WHERE column1 >= 2", "1"},
        {SQL_SP_QUANTIFIED_COMPARISON,
         "SELECT COUNT(*) FROM $t t WHERE column1 >= ALL (SELECT column1 FROM $t u)", "1"}}},
      {SQL_SQL92_RELATIONAL_JOIN_OPERATORS,
       "SQL_SQL92_RELATIONAL_JOIN_OPERATORS",
       {{SQL_SRJO_CROSS_JOIN, "SELECT COUNT(*) FROM $t a CROSS JOIN $t b", "4"},
        {SQL_SRJO_FULL_OUTER_JOIN,
         "SELECT COUNT(*) FROM $t a FULL OUTER JOIN $t b ON a.column1 = b.column1 + 1", "3"},
        {SQL_SRJO_INNER_JOIN, "SELECT COUNT(*) FROM $t a INNER JOIN $t b ON a.column1 < b.column1",
         "1"},
        {SQL_SRJO_LEFT_OUTER_JOIN,
         "SELECT COUNT(*) FROM $t a LEFT OUTER JOIN $t b ON a.column1 < b.column1", "2"},
        {SQL_SRJO_NATURAL_JOIN, "SELECT COUNT(*) FROM $t a NATURAL JOIN $t b", "2"},
        {SQL_SRJO_RIGHT_OUTER_JOIN,
         "SELECT COUNT(*) FROM $t a RIGHT OUTER JOIN $t b ON a.column1 < b.column1", "2"}}},
      {SQL_OJ_CAPABILITIES,
       "SQL_OJ_CAPABILITIES",
       {{SQL_OJ_LEFT,
         "SELECT COUNT(*) FROM {oj $t a LEFT OUTER JOIN $t b ON a.column1 = "
         "b.column1 + 1}",
         "2"},
        {SQL_OJ_RIGHT,
         "SELECT COUNT(*) FROM {oj $t a RIGHT OUTER JOIN $t b ON a.column1 = "
         "b.column1 + 1}",
         "2"},
        {SQL_OJ_FULL,
         "SELECT COUNT(*) FROM {oj $t a FULL OUTER JOIN $t b ON a.column1 = "
         "b.column1 + 1}",
         "3"},
        {SQL_OJ_NESTED,
         "SELECT COUNT(*) FROM {oj $t a LEFT OUTER JOIN ($t b LEFT OUTER JOIN $t c "
         "ON b.column1 = c.column1) ON a.column1 = b.column1}",
         "2"},
        {SQL_OJ_NOT_ORDERED,
         "SELECT COUNT(*) FROM {oj $t a LEFT OUTER JOIN $t b ON b.column1 = a.column1}", "2"},
        {SQL_OJ_INNER,
         "SELECT COUNT(*) FROM $t c INNER JOIN {oj $t a LEFT OUTER JOIN $t b ON "
         "a.column1 = b.column1} ON c.column1 = b.column1",
         "2"},
        {SQL_OJ_ALL_COMPARISON_OPS,
         "SELECT COUNT(*) FROM {oj $t a LEFT OUTER JOIN $t b ON a.column1 <> b.column1}", "2"}}},
      {SQL_SUBQUERIES,
       "SQL_SUBQUERIES",
       {{SQL_SQ_COMPARISON,
         "SELECT COUNT(*) FROM $t t WHERE column1 = (SELECT MAX(column1) FROM "
         "$t u)",
         "1"},
        {SQL_SQ_EXISTS,
         "SELECT COUNT(*) FROM $t t WHERE NOT EXISTS (SELECT 1 FROM $t u WHERE "
         "column1 = 3)",
         "2"},
        {SQL_SQ_IN,
         "SELECT COUNT(*) FROM $t t WHERE column2 IN (SELECT column2 FROM $t u WHERE "
         "column1 = 2)",
         "1"},
        {SQL_SQ_QUANTIFIED,
         "SELECT COUNT(*) FROM $t t WHERE column1 < ANY (SELECT column1 FROM "
         "$t u)",
         "1"},
        {SQL_SQ_CORRELATED_SUBQUERIES,
         "SELECT SUM((SELECT COUNT(*) FROM $t u WHERE u.column1 <= t.column1)) FROM $t t", "3"}}},
      {SQL_UNION,
       "SQL_UNION",
       {{SQL_U_UNION, "SELECT COUNT(*) FROM (SELECT 1 AS n UNION SELECT 1) t", "1"},
        {SQL_U_UNION_ALL, "SELECT COUNT(*) FROM (SELECT 1 AS n UNION ALL SELECT 1) t", "2"}}},
      {SQL_AGGREGATE_FUNCTIONS,
       "SQL_AGGREGATE_FUNCTIONS",
       {{SQL_AF_AVG, "SELECT AVG(column1) FROM $t t", "1.5"},
        {SQL_AF_COUNT, "SELECT COUNT(column2) FROM $t t", "2"},
        {SQL_AF_MAX, "SELECT MAX(column2) FROM $t t", "b"},
        {SQL_AF_MIN, "SELECT MIN(column2) FROM $t t", "a"},
        {SQL_AF_SUM, "SELECT SUM(column1) FROM $t t", "3"},
        {SQL_AF_DISTINCT, "SELECT COUNT(DISTINCT LENGTH(column2)) FROM $t t", "1"},
        {SQL_AF_ALL, "SELECT COUNT(ALL column1) FROM $t t", "2"}}},
      {SQL_SQL92_VALUE_EXPRESSIONS,
       "SQL_SQL92_VALUE_EXPRESSIONS",
       {{SQL_SVE_CASE, "SELECT CASE WHEN 1 = 1 THEN 'yes' ELSE 'no' END", "yes"},
        {SQL_SVE_CAST, "SELECT CAST('12' AS INTEGER)", "12"},
        {SQL_SVE_COALESCE, "SELECT COALESCE(NULL, 'x')", "x"},
        {SQL_SVE_NULLIF, "SELECT COALESCE(NULLIF('a', 'a'), 'null')", "null"}}},
      {SQL_SQL92_ROW_VALUE_CONSTRUCTOR,
       "SQL_SQL92_ROW_VALUE_CONSTRUCTOR",
       {{SQL_SRVC_VALUE_EXPRESSION, "SELECT COUNT(*) FROM $t t WHERE (column1, column2) = (2, 'b')",
         "1"},
        {SQL_SRVC_NULL, "SELECT COUNT(*) FROM $t t WHERE (column1, column2) = (2, NULL)", "0"}}},
      {SQL_SQL92_STRING_FUNCTIONS,
       "SQL_SQL92_STRING_FUNCTIONS",
       {{SQL_SSF_LOWER, "SELECT LOWER('AbC')", "abc"},
        {SQL_SSF_UPPER, "SELECT UPPER('AbC')", "ABC"},
        {SQL_SSF_SUBSTRING, "SELECT SUBSTRING('abcd' FROM 2 FOR 2)", "bc"},
        {SQL_SSF_TRIM_BOTH, "SELECT TRIM(BOTH 'x' FROM 'xax')", "a"},
        {SQL_SSF_TRIM_LEADING, "SELECT TRIM(LEADING 'x' FROM 'xax')", "ax"},
        {SQL_SSF_TRIM_TRAILING, "SELECT TRIM(TRAILING 'x' FROM 'xax')", "xa"}}},
      {SQL_SQL92_NUMERIC_VALUE_FUNCTIONS,
       "SQL_SQL92_NUMERIC_VALUE_FUNCTIONS",
       {{SQL_SNVF_BIT_LENGTH, "SELECT BIT_LENGTH('ab')", "16"},
        {SQL_SNVF_CHAR_LENGTH, "SELECT CHAR_LENGTH('ab')", "2"},
        {SQL_SNVF_CHARACTER_LENGTH, "SELECT CHARACTER_LENGTH('ab')", "2"},
        {SQL_SNVF_EXTRACT, "SELECT EXTRACT(YEAR FROM DATE '2026-01-02')", "2026"},
        {SQL_SNVF_OCTET_LENGTH, "SELECT OCTET_LENGTH('ab')", "2"},
        {SQL_SNVF_POSITION, "SELECT POSITION('b' IN 'ab')", "2"}}},
      {SQL_SQL92_DATETIME_FUNCTIONS,
       "SQL_SQL92_DATETIME_FUNCTIONS",
       {{SQL_SDF_CURRENT_DATE, "SELECT CASE WHEN CURRENT_DATE > DATE '2020-01-01' THEN 1 END", "1"},
        {SQL_SDF_CURRENT_TIME, "SELECT CASE WHEN CURRENT_TIME >= TIME '00:00:00' THEN 1 END", "1"},
        {SQL_SDF_CURRENT_TIMESTAMP,
         "SELECT CASE WHEN CURRENT_TIMESTAMP(0) > TIMESTAMP '2020-01-01 00:00:00' THEN 1 END",
         "1"}}},
      {SQL_DATETIME_LITERALS,
       "SQL_DATETIME_LITERALS",
       {{SQL_DL_SQL92_DATE, "SELECT DATE '2026-02-03'", "2026-02-03"},
        {SQL_DL_SQL92_TIME, "SELECT TIME '10:11:12'", "10:11:12"},
        {SQL_DL_SQL92_TIMESTAMP, "SELECT CAST(TIMESTAMP '2026-02-03 10:11:12' AS DATE)",
         "2026-02-03"}}},
  };
  return kMasks;
}

class Advertised : public testing::Test {
 protected:
  static void SetUpTestSuite() { tenant_ = new Tenant({"--messages", "10"}); }
  static void TearDownTestSuite() {
    delete tenant_;
    tenant_ = nullptr;
  }
  static Tenant* tenant_;
};
Tenant* Advertised::tenant_ = nullptr;

TEST_F(Advertised, EveryBitRuns) {
  const Connection connection(tenant_->connection_string());
  for (const Mask& mask : masks()) {
    SQLUINTEGER advertised = 0;
    SQLGetInfo(connection.handle(), mask.type, &advertised, sizeof advertised, nullptr);
    EXPECT_NE(advertised, 0u) << mask.name;
    for (const Proof& proof : mask.proofs) {
      EXPECT_TRUE(advertised & proof.bit) << mask.name << " lacks " << proof.bit;
      advertised &= ~proof.bit;
      const std::string sql = with_tables(proof.sql);
      try {
        const std::vector<TextRow> rows = connection.query(sql);
        ASSERT_EQ(rows.size(), 1u) << sql;
        EXPECT_EQ(rows[0][0].value_or("NULL"), proof.value) << sql;
      } catch (const OdbcError& error) {
        ADD_FAILURE() << mask.name << " " << proof.bit << ": " << sql << "\n" << error.what();
      }
    }
    EXPECT_EQ(advertised, 0u) << mask.name << " has bits without a proof";
  }
}

TEST_F(Advertised, SingleAnswersRun) {
  const Connection connection(tenant_->connection_string());
  const auto rows = [&](const char* sql) { return connection.query(with_tables(sql)); };
  // SQL_EXPRESSIONS_IN_ORDERBY "Y", SQL_ORDER_BY_COLUMNS_IN_SELECT "N"
  EXPECT_EQ(rows("SELECT column2 FROM $t t ORDER BY -column1").at(0)[0], "b");
  // SQL_GROUP_BY: GROUP BY must contain the select list's columns, and may have more.
  EXPECT_EQ(rows("SELECT column2 FROM $t t GROUP BY column2, column1").size(), 2u);
  try {
    rows("SELECT column2 FROM $t t GROUP BY column1");
    ADD_FAILURE() << "an ungrouped column was taken";
  } catch (const OdbcError& error) {
    EXPECT_EQ(error.state(), "42000");
  }
  // SQL_NULL_COLLATION low, SQL_CONCAT_NULL_BEHAVIOR null
  EXPECT_EQ(rows("SELECT COALESCE(n, 'null') FROM (SELECT 'a' AS n UNION ALL SELECT NULL) t ORDER "
                 "BY n")
                .at(0)[0],
            "null");
  EXPECT_EQ(rows("SELECT 'a' || NULL").at(0)[0], std::nullopt);
  // SQL_MAX_TABLES_IN_SELECT
  std::string joined = "SELECT COUNT(*) FROM (SELECT 1 AS n) t0";
  for (int i = 1; i < 64; ++i) joined += ", (SELECT 1 AS n) t" + std::to_string(i);
  EXPECT_EQ(rows(joined.c_str()).at(0)[0], "1");
}

}  // namespace
}  // namespace graphodbc::test
