// The shape of bound queries: column numbers, joins, merged columns, WITH, set operations, windows.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/query/tree_text.h"

namespace graphodbc::query {
namespace {

struct Case {
  const char* sql;
  const char* tree;
};

// Every tree prints the same once it is copied and the original is gone.
void expect_trees(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    BoundStatement statement = bind_sql(c.sql);
    EXPECT_EQ(tree_text(*statement.query), c.tree) << c.sql;
    const std::shared_ptr<BoundQuery> copy = clone(*statement.query);
    statement.query.reset();
    EXPECT_EQ(tree_text(*copy), c.tree) << c.sql;
  }
}

// Small derived tables keep the numbers readable.
#define P "(SELECT 1 AS x, 2 AS a) p"
#define Q "(SELECT 1 AS x, 3 AS b) q"
#define R "(SELECT 5 AS c, 1 AS x) r"

TEST(BinderTree, OneTableKeepsItsOwnNumbers) {
  expect_trees(
      {{"SELECT Subject, Id FROM Messages WHERE IsRead = 0 ORDER BY ReceivedDateTime LIMIT 5",
        "SELECT c10, c0 FROM c0:Messages Messages WHERE c16 = 0 ORDER BY c5 LIMIT 5"}});
  const BoundStatement statement = bind_sql("EXPLAIN ANALYZE SELECT Id FROM MailFolders");
  EXPECT_TRUE(statement.explain);
  EXPECT_TRUE(statement.analyze);
  const Relation* relation = sole_relation(*statement.query);
  ASSERT_NE(relation, nullptr);
  EXPECT_EQ(relation->table->name, "MailFolders");
  EXPECT_EQ(statement.column_count, relation->table->columns.size());
}

TEST(BinderTree, Joins) {
  expect_trees({
      {"SELECT a, b FROM " P ", " Q " WHERE p.x = q.x",
       "SELECT c1, c3 FROM (c0:(SELECT 1, 2) p JOIN c2:(SELECT 1, 3) q) WHERE c0 = c2"},
      {"SELECT 1 FROM " P " LEFT JOIN (" Q " RIGHT JOIN " R " ON q.x = r.x) ON a = b",
       "SELECT 1 FROM (c0:(SELECT 1, 2) p LEFT JOIN (c2:(SELECT 1, 3) q RIGHT JOIN "
       "c4:(SELECT 5, 1) r ON c2 = c5) ON c1 = c3)"},
      {"SELECT 1 FROM " P " CROSS JOIN " Q ", " R,
       "SELECT 1 FROM ((c0:(SELECT 1, 2) p JOIN c2:(SELECT 1, 3) q) JOIN c4:(SELECT 5, 1) r)"},
  });
}

TEST(BinderTree, SharedColumnsOfAJoinAreOne) {
  expect_trees({
      {"SELECT *, q.x FROM " P " JOIN " Q " USING (x)",
       "SELECT c0, c1, c3, c2 FROM (c0:(SELECT 1, 2) p JOIN c2:(SELECT 1, 3) q ON c0 = c2)"},
      {"SELECT * FROM " P " NATURAL RIGHT JOIN " Q,
       "SELECT c2, c1, c3 FROM (c0:(SELECT 1, 2) p RIGHT JOIN c2:(SELECT 1, 3) q ON c0 = c2)"},
      {"SELECT x, p.x, q.x FROM " P " FULL JOIN " Q " USING (x) WHERE x = 1",
       "SELECT CASE WHEN c0 IS NOT NULL THEN c0 ELSE c2 END, c0, c2 FROM (c0:(SELECT 1, 2) p FULL "
       "JOIN c2:(SELECT 1, 3) q ON c0 = c2) WHERE CASE WHEN c0 IS NOT NULL THEN c0 ELSE c2 END = "
       "1"},
      {"SELECT * FROM " P " LEFT JOIN " Q " USING (x) JOIN " R " USING (x)",
       "SELECT c0, c1, c3, c4 FROM ((c0:(SELECT 1, 2) p LEFT JOIN c2:(SELECT 1, 3) q ON c0 = c2) "
       "JOIN c4:(SELECT 5, 1) r ON c0 = c5)"},
      {"SELECT * FROM " P " NATURAL JOIN (SELECT 1 AS z) q",
       "SELECT c0, c1, c2 FROM (c0:(SELECT 1, 2) p JOIN c2:(SELECT 1) q)"},
      {"SELECT x FROM " P " FULL JOIN " Q " USING (x) FULL JOIN " R " USING (x)",
       "SELECT CASE WHEN c0 IS NOT NULL THEN c0 WHEN c2 IS NOT NULL THEN c2 ELSE c5 END FROM "
       "((c0:(SELECT 1, 2) p FULL JOIN c2:(SELECT 1, 3) q ON c0 = c2) FULL JOIN c4:(SELECT 5, 1) r "
       "ON CASE WHEN c0 IS NOT NULL THEN c0 ELSE c2 END = c5)"},
      {"SELECT x, COUNT(*) FROM " P " FULL JOIN " Q " USING (x) GROUP BY x",
       "SELECT CASE WHEN c0 IS NOT NULL THEN c0 ELSE c2 END, COUNT(*) FROM (c0:(SELECT 1, 2) p "
       "FULL JOIN c2:(SELECT 1, 3) q ON c0 = c2) GROUP BY (CASE WHEN c0 IS NOT NULL THEN c0 ELSE "
       "c2 END)"},
  });
}

TEST(BinderTree, With) {
  expect_trees({
      {"WITH a AS (SELECT 1 AS x), b (k) AS (SELECT x FROM a) SELECT l.k FROM b l, b m, a",
       "WITH a AS (SELECT 1) WITH b AS (SELECT c0 FROM c0:[a] a) SELECT c1 FROM ((c1:[b] l JOIN "
       "c2:[b] m) JOIN c3:[a] a)"},
      {"WITH a AS (SELECT 1 AS x), b AS (WITH a AS (SELECT 'i' AS y) SELECT * FROM a) SELECT y "
       "FROM "
       "a, b",
       "WITH a AS (SELECT 1) WITH b AS (WITH a AS (SELECT 'i') SELECT c0 FROM c0:[a] a) SELECT c2 "
       "FROM (c1:[a] a JOIN c2:[b] b)"},
      {"WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM "
       "t ORDER BY n",
       "WITH RECURSIVE t AS ((SELECT 1) UNION ALL (SELECT c0 + 1 FROM c0:[t] t WHERE c0 < 5)) "
       "SELECT c1 FROM c1:[t] t ORDER BY [1] c1"},
      {"WITH RECURSIVE t AS (SELECT 1 AS n) SELECT n FROM t",
       "WITH t AS (SELECT 1) SELECT c0 FROM c0:[t] t"},
      // A WITH name hides a table of the same name, but not inside of itself.
      {"WITH MailFolders AS (SELECT Id AS k FROM MailFolders) SELECT k FROM MailFolders",
       "WITH MailFolders AS (SELECT c0 FROM c0:MailFolders MailFolders) SELECT c8 FROM "
       "c8:[MailFolders] MailFolders"},
  });
}

TEST(BinderTree, SetOperations) {
  expect_trees({
      {"SELECT 1 AS n, NULL UNION SELECT 2.55, ? UNION ALL SELECT a, 'xyz' FROM " P
       " ORDER BY n DESC LIMIT 3",
       "(SELECT 1.00, NULL) UNION (SELECT 2.55, ?) UNION ALL (SELECT CAST(c1 AS DECIMAL(12,2)), "
       "'xyz' FROM c0:(SELECT 1, 2) p) ORDER BY [1] DESC LIMIT 3"},
      {"SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT VALUES (4), (5)",
       "(SELECT 1) UNION ((SELECT 2) INTERSECT (SELECT 3)) EXCEPT (VALUES (4), (5))"},
      {"SELECT TOP 3 a FROM " P " UNION ALL SELECT x FROM " Q,
       "(SELECT c1 FROM c0:(SELECT 1, 2) p LIMIT 3) UNION ALL (SELECT c2 FROM c2:(SELECT 1, 3) q)"},
      {"VALUES (1, NULL), (NULL, 'x') ORDER BY 2", "VALUES (1, NULL), (NULL, 'x') ORDER BY [2]"},
  });
}

TEST(BinderTree, BracketsKeepBothOrdersAndLimits) {
  expect_trees({
      {"(SELECT x FROM " P ") ORDER BY x LIMIT 3",
       "SELECT c0 FROM c0:(SELECT 1, 2) p ORDER BY [1] c0 LIMIT 3"},
      {"(SELECT x FROM " P " ORDER BY a) LIMIT 3",
       "SELECT c0 FROM c0:(SELECT 1, 2) p ORDER BY c1 LIMIT 3"},
      {"(SELECT x FROM " P " LIMIT 9) LIMIT 3",
       "SELECT c2 FROM c2:(SELECT c0 FROM c0:(SELECT 1, 2) p LIMIT 9) LIMIT 3"},
      {"(SELECT x FROM " P " ORDER BY a) ORDER BY x DESC",
       "SELECT c2 FROM c2:(SELECT c0 FROM c0:(SELECT 1, 2) p ORDER BY c1) ORDER BY [1] c2 DESC"},
      {"SELECT TOP 10 PERCENT WITH TIES a FROM " P " ORDER BY x",
       "SELECT c1 FROM c0:(SELECT 1, 2) p ORDER BY c0 LIMIT 10 PERCENT WITH TIES"},
  });
}

TEST(BinderTree, GroupsAndOrder) {
  expect_trees({
      {"SELECT a AS k, COUNT(*) FROM " P " GROUP BY k HAVING MAX(x) > 2 ORDER BY 2 DESC, MIN(x), "
       "p.a",
       "SELECT c1, COUNT(*) FROM c0:(SELECT 1, 2) p GROUP BY (c1) HAVING MAX(c0) > 2 ORDER BY [2] "
       "COUNT(*) DESC, MIN(c0), [1] c1"},
      {"SELECT COUNT(*) FROM " P " HAVING 1 = 1",
       "SELECT COUNT(*) FROM c0:(SELECT 1, 2) p GROUP BY () HAVING 1 = 1"},
      {"SELECT DISTINCT a + 1 FROM " P " ORDER BY a + 1",
       "SELECT DISTINCT c1 + 1 FROM c0:(SELECT 1, 2) p ORDER BY [1] c1 + 1"},
      {"SELECT STRING_AGG(a), GROUP_CONCAT(DISTINCT 'x', ';') FILTER (WHERE x > 0) FROM " P,
       "SELECT STRING_AGG(CAST(c1 AS WVARCHAR(12)), ','), STRING_AGG(DISTINCT 'x', ';') FILTER "
       "(WHERE c0 > 0) FROM c0:(SELECT 1, 2) p GROUP BY ()"},
  });
}

TEST(BinderTree, Windows) {
  expect_trees({
      {"SELECT SUM(a) OVER (w ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), RANK() OVER v, COUNT(*) "
       "OVER () FROM " P " WINDOW w AS (PARTITION BY x), v AS (w ORDER BY a DESC NULLS LAST)",
       "SELECT SUM(c1) OVER (PARTITION BY c0 ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), RANK() "
       "OVER (PARTITION BY c0 ORDER BY c1 DESC NULLS LAST), COUNT(*) OVER () FROM c0:(SELECT 1, 2) "
       "p"},
      {"SELECT SUM(COUNT(*)) OVER (ORDER BY x) FROM " P " GROUP BY x",
       "SELECT SUM(COUNT(*)) OVER (ORDER BY c0) FROM c0:(SELECT 1, 2) p GROUP BY (c0)"},
      {"SELECT LAG(a, 1, 0.5) OVER (ORDER BY x) FROM " P,
       "SELECT LAG(CAST(c1 AS DECIMAL(11,1)), 1, 0.5) OVER (ORDER BY c0) FROM c0:(SELECT 1, 2) p"},
  });
}

TEST(BinderTree, Subqueries) {
  expect_trees({
      {"SELECT a, (SELECT MAX(b) FROM " Q " WHERE q.x = p.x) FROM " P,
       "SELECT c1, (query 3) FROM c0:(SELECT 1, 2) p | query 3: SELECT MAX(c3) FROM c2:(SELECT 1, "
       "3) q WHERE c2 = c0 GROUP BY ()"},
      {"SELECT 1 FROM " P " WHERE NOT EXISTS (SELECT 1) AND NOT (a IN (SELECT 2)) AND NOT x > ANY "
       "(SELECT 3)",
       "SELECT 1 FROM c0:(SELECT 1, 2) p WHERE NOT EXISTS (query 3) AND c1 NOT IN (query 4) AND c0 "
       "<= ALL (query 5) | query 3: SELECT 1 | query 4: SELECT 2 | query 5: SELECT 3"},
      // Both sides of one type; rows are chosen before they are converted.
      {"SELECT 1 FROM " P " WHERE a IN (SELECT 2.5) AND '1' IN (SELECT b FROM " Q " LIMIT 1)",
       "SELECT 1 FROM c0:(SELECT 1, 2) p WHERE CAST(c1 AS DECIMAL(11,1)) IN (query 3) AND 1 IN "
       "(query 6) | query 3: SELECT 2.5 | query 6: SELECT c4 FROM c4:(SELECT c3 FROM c2:(SELECT 1, "
       "3) q LIMIT 1)"},
  });
}

TEST(BinderTree, MarkersOfAGroupAreTheGroups) {
  const BoundStatement statement =
      bind_sql("SELECT Size + ? FROM DriveItems GROUP BY Size + ? HAVING Size + ? > 5");
  std::vector<std::uint32_t> markers;
  for_each_expression(*statement.query, [&](const Expression& expression) {
    const Expression* node = &expression;
    while (!node->children.empty() && node->kind != NodeKind::kArithmetic) node = &node->child(0);
    if (node->kind == NodeKind::kArithmetic) markers.push_back(node->child(1).index);
  });
  EXPECT_EQ(markers, (std::vector<std::uint32_t>{1, 1, 1}));
}

TEST(BinderTree, WalksVisitEachQueryOnce) {
  const BoundStatement statement =
      bind_sql("WITH c AS (SELECT 1 AS n) SELECT (SELECT MAX(n) FROM c) AS m FROM " P
               " WHERE (SELECT 7) BETWEEN 1 AND (SELECT 8 UNION SELECT 9) ORDER BY m");
  std::vector<std::uint32_t> numbers;
  for_each_query(*statement.query,
                 [&](const BoundQuery& query) { numbers.push_back(query.number); });
  EXPECT_EQ(numbers[0], statement.query->number);
  std::sort(numbers.begin(), numbers.end());
  EXPECT_EQ(numbers, (std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(BinderTree, ExpressionsKnowTheQueriesInside) {
  const BoundStatement statement =
      bind_sql("SELECT p.a IN (SELECT q.b FROM " Q
               " WHERE q.x = p.x), (SELECT RAND()), SUM(a) OVER () FROM " P);
  const auto& outputs = statement.query->outputs;
  std::vector<std::uint32_t> columns;
  collect_columns(*outputs[0], columns);
  EXPECT_EQ(columns, (std::vector<std::uint32_t>{0, 1, 2, 3}));
  EXPECT_FALSE(is_volatile(*outputs[0]));
  EXPECT_TRUE(is_volatile(*outputs[1]));
  for (const ExpressionPtr& output : outputs) {
    EXPECT_TRUE(needs_engine(*output));
    EXPECT_FALSE(is_constant(*output));
    EXPECT_TRUE(needs_engine(*fold(clone(*output))));
    base::Arena arena;
    EvalContext context(arena);
    const base::Cell row[4] = {};
    try {
      evaluate(*output, row, context);
      ADD_FAILURE();
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state(), base::SqlState("HY000"));
    }
  }
  // Renumbering copies the query, which others may share.
  const ExpressionPtr moved = clone(*outputs[0]);
  const std::uint32_t mapping[] = {10, 11};
  remap_columns(*moved, mapping);
  columns.clear();
  collect_columns(*moved, columns);
  EXPECT_EQ(columns, (std::vector<std::uint32_t>{2, 3, 10, 11}));
  columns.clear();
  collect_columns(*outputs[0], columns);
  EXPECT_EQ(columns, (std::vector<std::uint32_t>{0, 1, 2, 3}));
}

}  // namespace
}  // namespace graphodbc::query
