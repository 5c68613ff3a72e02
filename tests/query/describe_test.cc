// Results and markers as prepare describes them, without a request.
#include <gtest/gtest.h>

#include "schema/registry.h"
#include "tests/query/fake_graph.h"
#include "tests/query/tree_text.h"

namespace graphodbc::query {
namespace {

using base::SqlType;

std::shared_ptr<Query> prepare(const std::string& sql) {
  static Session session(std::shared_ptr<graph::Client>(), schema::Registry::builtin(), {});
  return session.prepare(sql);
}

TEST(Describe, PlainColumns) {
  const auto query = prepare(
      "SELECT id, \"FROM_EMAILADDRESS_ADDRESS\" AS Sender, [ReceivedDateTime], isread FROM "
      "Graph.graph.\"messages\"");
  const auto& columns = query->columns();
  ASSERT_EQ(columns.size(), 4u);
  EXPECT_EQ(columns[0].name, "Id");  // the schema's spelling
  EXPECT_EQ(columns[0].nullability, Nullability::kNoNulls);
  EXPECT_TRUE(columns[0].case_sensitive);
  EXPECT_EQ(columns[1].name, "Sender");
  EXPECT_EQ(columns[1].base_column, "From_EmailAddress_Address");
  EXPECT_EQ(columns[1].base_table, "Messages");
  EXPECT_FALSE(columns[1].case_sensitive);
  EXPECT_EQ(columns[2].type, base::timestamp_type());
  EXPECT_EQ(columns[3].type.type, SqlType::kBit);
  EXPECT_EQ(columns[3].nullability, Nullability::kNullable);
}

TEST(Describe, StarLeavesCostlyColumnsOut) {
  const auto query = prepare("SELECT * FROM Attachments WHERE MessageId = 'm'");
  for (const ResultColumn& column : query->columns()) EXPECT_NE(column.name, "ContentBytes");
  EXPECT_EQ(query->columns().size(), 10u);
  EXPECT_EQ(prepare("SELECT a.*, a.Id FROM Attachments a WHERE MessageId = 'm'")->columns().size(),
            11u);
}

TEST(Describe, Expressions) {
  const auto query = prepare(
      "SELECT Size / 2, {fn UCASE(Name)} AS 'upper name', 1 = 1, Name || 'x' FROM DriveItems");
  const auto& columns = query->columns();
  EXPECT_EQ(columns[0].name, "");
  EXPECT_EQ(columns[0].label, "column1");
  EXPECT_EQ(columns[0].type.type, SqlType::kBigInt);
  EXPECT_EQ(columns[0].base_table, "");
  EXPECT_EQ(columns[1].name, "upper name");
  EXPECT_EQ(columns[2].type.type, SqlType::kBit);
  EXPECT_EQ(columns[3].type.type, SqlType::kWVarChar);
}

TEST(Describe, Markers) {
  const auto query = prepare(
      "SELECT ? FROM Messages WHERE IsRead = ? AND ReceivedDateTime BETWEEN ? AND ? AND "
      "Subject LIKE ? AND Id IN (?, ?) LIMIT ? OFFSET ?");
  const auto& parameters = query->parameters();
  const SqlType types[] = {SqlType::kWVarChar,  SqlType::kBit,      SqlType::kTimestamp,
                           SqlType::kTimestamp, SqlType::kWVarChar, SqlType::kWVarChar,
                           SqlType::kWVarChar,  SqlType::kBigInt,   SqlType::kBigInt};
  ASSERT_EQ(parameters.size(), std::size(types));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    EXPECT_EQ(parameters[i].type.type, types[i]) << i + 1;
  }
  EXPECT_FALSE(parameters[0].inferred);
  EXPECT_EQ(parameters[0].type.size, 4000u);
  EXPECT_TRUE(parameters[1].inferred);
  EXPECT_THROW(query->execute({}, {}), base::Error);
}

TEST(Describe, ValuesAndExplain) {
  const auto values = prepare("VALUES (1, 'a'), (2.5, 'bcd')");
  ASSERT_EQ(values->columns().size(), 2u);
  EXPECT_EQ(values->columns()[0].name, "column1");
  EXPECT_EQ(values->columns()[0].type.type, SqlType::kDecimal);
  EXPECT_EQ(values->columns()[1].type.size, 3u);
  EXPECT_EQ(prepare("EXPLAIN SELECT Id FROM Users")->columns().size(), 8u);
  const auto analyze = prepare("EXPLAIN ANALYZE SELECT Id FROM Users WHERE Id = ?");
  ASSERT_EQ(analyze->columns().size(), 16u);
  EXPECT_EQ(analyze->columns()[8].name, "sent");
  EXPECT_EQ(analyze->columns()[8].type.type, SqlType::kBigInt);
  EXPECT_EQ(analyze->columns()[15].name, "elapsed_ms");
  EXPECT_EQ(analyze->columns()[15].type.type, SqlType::kDouble);
  EXPECT_EQ(analyze->parameters().size(), 1u);
}

struct Described {
  const char* sql;
  // "label TYPE [NOT NULL] [NOCASE] [base]" of every column, then "? TYPE" of every marker; a star
  // after what nothing determined.
  std::vector<std::string> expected;
};

std::vector<std::string> describe(const std::string& sql) {
  const BoundStatement statement = bind_sql(sql);
  std::vector<std::string> lines;
  for (const ResultColumn& column : statement.query->columns) {
    std::string line = column.label + " " + type_name(column.type);
    if (column.nullability == Nullability::kNoNulls) line += " NOT NULL";
    if (column.type.nocase) line += " NOCASE";
    if (!column.base_table.empty()) line += " " + column.base_table + "." + column.base_column;
    EXPECT_EQ(column.case_sensitive, base::is_text(column.type.type) && !column.type.nocase) << sql;
    lines.push_back(line);
  }
  for (const ParameterInfo& parameter : statement.parameters) {
    lines.push_back("? " + type_name(parameter.type) + (parameter.inferred ? "" : "*"));
  }
  return lines;
}

void expect_described(const std::vector<Described>& cases) {
  for (const Described& c : cases) EXPECT_EQ(describe(c.sql), c.expected) << c.sql;
}

TEST(Describe, OuterJoinsMakeTheirOtherSideNullable) {
  expect_described({
      {"SELECT m.Id, f.Id FROM Messages m LEFT JOIN MailFolders f ON f.Id = m.ParentFolderId",
       {"Id WVARCHAR(255) NOT NULL Messages.Id", "Id WVARCHAR(255) MailFolders.Id"}},
      {"SELECT m.Id, f.Id FROM Messages m RIGHT JOIN MailFolders f ON f.Id = m.ParentFolderId",
       {"Id WVARCHAR(255) Messages.Id", "Id WVARCHAR(255) NOT NULL MailFolders.Id"}},
      {"SELECT m.Id, Id FROM Messages m FULL JOIN MailFolders f USING (Id)",
       {"Id WVARCHAR(255) Messages.Id", "Id WVARCHAR(255) NOT NULL"}},
      {"SELECT x.Id FROM Users u LEFT JOIN (Messages m JOIN Events x ON m.Id = x.Id) ON u.Id = "
       "x.Id",
       {"Id WVARCHAR(255) Events.Id"}},
      {"SELECT u.Id || 'x' FROM Messages m LEFT JOIN Users u ON m.UserId = u.Id",
       {"column1 WVARCHAR(37) NOCASE"}},
  });
}

TEST(Describe, DerivedTablesKeepBaseColumns) {
  expect_described({
      {"SELECT t.*, k + 1 FROM (SELECT Id, Subject AS s, 7 FROM Messages) t (a, b, k)",
       {"a WVARCHAR(255) NOT NULL Messages.Id", "b WVARCHAR(255) Messages.Subject",
        "k INTEGER NOT NULL", "column4 INTEGER NOT NULL"}},
      {"WITH w AS (SELECT Mail FROM Users) SELECT Mail, 1 FROM w",
       {"Mail WVARCHAR(320) NOCASE Users.Mail", "column2 INTEGER NOT NULL"}},
      {"SELECT * FROM (SELECT COUNT(*) FROM Users) t", {"column1 BIGINT NOT NULL"}},
      {"WITH RECURSIVE t (n, path) AS (SELECT 1, DisplayName FROM MailFolders UNION ALL SELECT n + "
       "1, path || '/' FROM t) SELECT * FROM t",
       {"n INTEGER", "path WLONGVARCHAR"}},
  });
}

TEST(Describe, Aggregates) {
  expect_described({
      {"SELECT COUNT(*), COUNT(Size), SUM(Size), AVG(Size), MIN(Name), MAX(CreatedDateTime) FROM "
       "DriveItems",
       {"column1 BIGINT NOT NULL", "column2 BIGINT NOT NULL", "column3 BIGINT", "column4 DOUBLE",
        "column5 WVARCHAR(400)", "column6 TIMESTAMP"}},
      {"SELECT SUM(1.25), AVG(1.25), AVG(CAST(1 AS DECIMAL(10,8))), SUM(1e0), STDDEV(Size), "
       "VAR_POP(Size), SUM(CAST(1 AS BIT)) FROM DriveItems",
       {"column1 DECIMAL(38,2)", "column2 DECIMAL(38,6)", "column3 DECIMAL(38,8)", "column4 DOUBLE",
        "column5 DOUBLE", "column6 DOUBLE", "column7 BIGINT"}},
      {"SELECT STRING_AGG(Mail), MIN(Mail), SUM(?), MAX(?) + Id FROM (SELECT Mail, 1 AS Id FROM "
       "Users) u GROUP BY Id",
       {"column1 WLONGVARCHAR NOCASE", "column2 WVARCHAR(320) NOCASE", "column3 DOUBLE",
        "column4 INTEGER", "? DOUBLE", "? INTEGER"}},
      {"SELECT IsRead, COUNT(*) AS n FROM Messages GROUP BY IsRead HAVING COUNT(*) > ?",
       {"IsRead BIT Messages.IsRead", "n BIGINT NOT NULL", "? BIGINT"}},
  });
}

TEST(Describe, Windows) {
  expect_described({
      {"SELECT ROW_NUMBER() OVER (), NTILE(?) OVER (ORDER BY Size), PERCENT_RANK() OVER (ORDER BY "
       "Size), LAG(Size) OVER (ORDER BY Size), LEAD(Size, ?, ?) OVER (ORDER BY Size), COUNT(*) "
       "OVER (ROWS ? PRECEDING), FIRST_VALUE(Name) OVER (ORDER BY Size) FROM DriveItems",
       {"column1 BIGINT NOT NULL", "column2 BIGINT", "column3 DOUBLE NOT NULL", "column4 BIGINT",
        "column5 BIGINT", "column6 BIGINT NOT NULL", "column7 WVARCHAR(400)", "? BIGINT",
        "? BIGINT", "? BIGINT", "? BIGINT"}},
  });
}

TEST(Describe, SetOperations) {
  expect_described({
      {"SELECT Id AS k FROM Users UNION SELECT Subject FROM Messages", {"k WVARCHAR(255) NOCASE"}},
      {"SELECT 1 AS n UNION ALL SELECT Size FROM DriveItems", {"n BIGINT"}},
      {"SELECT 1.5 UNION ALL SELECT 1e0", {"column1 DOUBLE NOT NULL"}},
      {"SELECT CURDATE() UNION SELECT CreatedDateTime FROM Users", {"column1 TIMESTAMP"}},
      {"SELECT NULL UNION SELECT ? UNION SELECT Size FROM DriveItems",
       {"column1 BIGINT", "? BIGINT"}},
      {"SELECT '2026-01-01' UNION SELECT CURDATE()", {"column1 DATE NOT NULL"}},
      {"SELECT NULL UNION SELECT ?", {"column1 WVARCHAR(4000)", "? WVARCHAR(4000)*"}},
      {"SELECT Id FROM Users INTERSECT SELECT Mail FROM Users",
       {"Id WVARCHAR(320) NOT NULL NOCASE"}},
      {"SELECT Mail FROM Users EXCEPT SELECT Id FROM Users", {"Mail WVARCHAR(320) NOCASE"}},
      {"SELECT Id FROM Users EXCEPT SELECT Mail FROM Users", {"Id WVARCHAR(320) NOT NULL NOCASE"}},
      {"VALUES (1, ?), (2.5, NULL), (NULL, 'abc')",
       {"column1 DECIMAL(11,1)", "column2 WVARCHAR(3)", "? WVARCHAR(3)"}},
  });
}

TEST(Describe, Subqueries) {
  expect_described({
      {"SELECT (SELECT COUNT(*) FROM Messages) AS n, EXISTS (SELECT 1), Id IN (SELECT Id FROM "
       "Events) FROM Users",
       {"n BIGINT", "column2 BIT NOT NULL", "column3 BIT NOT NULL"}},
      {"SELECT Mail IN (SELECT Id FROM Users), 1 > ALL (SELECT Size FROM DriveItems) FROM Users",
       {"column1 BIT", "column2 BIT"}},
      {"SELECT 1 WHERE ? IN (SELECT CreatedDateTime FROM Users) AND ? > ANY (SELECT Size FROM "
       "DriveItems) AND ? = (SELECT MAX(Size) FROM DriveItems) AND 5 IN (SELECT ?)",
       {"column1 INTEGER NOT NULL", "? TIMESTAMP", "? BIGINT", "? BIGINT", "? INTEGER"}},
  });
}

// sql-dialect.md 4.7: the application's types for markers that nothing determines.
TEST(Describe, MarkersOfTheApplicationsTypes) {
  const base::TypeInfo none;
  const base::TypeInfo text = base::text_type(base::kMaxVarChar);
  const struct {
    const char* sql;
    std::vector<base::TypeInfo> types;
    base::TypeInfo column;  // the first; unknown: nothing changes
  } kCases[] = {
      {"SELECT ?", {base::integer_type()}, base::integer_type()},
      {"SELECT ?", {base::decimal_type(9, 2)}, base::decimal_type(9, 2)},
      {"SELECT ?", {base::timestamp_type()}, base::timestamp_type()},
      {"SELECT ?", {text}, none},
      {"SELECT ?", {none}, none},
      {"SELECT ?", {}, none},
      {"SELECT CASE WHEN 1 = 1 THEN ? ELSE ? END",
       {base::integer_type(), base::double_type()},
       base::double_type()},
      {"SELECT CASE WHEN 1 = 1 THEN ? END", {base::date_type()}, base::date_type()},
      {"SELECT 1 WHERE ? = ?", {base::integer_type(), base::integer_type()}, base::integer_type()},
      {"SELECT MAX(v) FROM (SELECT ? AS v) t", {base::bigint_type()}, base::bigint_type()},
      {"SELECT NULL UNION SELECT ?", {base::bit_type()}, base::bit_type()},
      // Determined ones keep their types.
      {"SELECT 1 FROM Messages WHERE IsRead = ?", {base::integer_type()}, none},
      {"SELECT ?, Id FROM Messages WHERE IsRead = ?",
       {base::integer_type(), text},
       base::integer_type()},
  };
  for (const auto& c : kCases) {
    const auto query = prepare(c.sql);
    const auto typed = query->with_types(c.types);
    ASSERT_EQ(typed != nullptr, c.column.type != SqlType::kUnknown) << c.sql;
    if (!typed) continue;
    EXPECT_EQ(typed->columns()[0].type, c.column) << c.sql;
    EXPECT_EQ(query->with_types(c.types), typed) << "made once: " << c.sql;
    EXPECT_EQ(query->parameters()[0].type, text) << "described as before: " << c.sql;
  }
  const auto compared = prepare("SELECT 1 WHERE ? < ?");
  const std::vector<base::Value> values = {whole(9), whole(10)};
  EXPECT_TRUE(read_all(*compared->execute(values, {})).empty()) << "'9' comes after '10'";
  const std::vector<base::TypeInfo> integers(2, base::integer_type());
  EXPECT_EQ(read_all(*compared->with_types(integers)->execute(values, {})).size(), 1u);
  const std::vector<base::TypeInfo> apart = {base::integer_type(), base::timestamp_type()};
  EXPECT_THROW(compared->with_types(apart), base::Error);
}

// CURTIME stands on CURDATE's day (sql-dialect.md 6); timestamps are UTC.
TEST(Describe, DateAndTimeOfTheConnectionsZone) {
  SessionOptions options;
  options.time_zone = base::TimeZone::find("+05:30").value();
  Session session(std::shared_ptr<graph::Client>(), schema::Registry::builtin(), options);
  const auto query = session.prepare(
      "SELECT {fn TIMESTAMPDIFF(SQL_TSI_MINUTE, CURRENT_TIMESTAMP(0), CAST(CURRENT_TIME AS "
      "TIMESTAMP))}, CURDATE() = CAST(NOW() + INTERVAL '05:30' HOUR TO MINUTE AS DATE)");
  EXPECT_EQ(read_all(*query->execute({}, {})), std::vector<std::string>{"330|1"});
}

TEST(Describe, NativeSql) {
  Session session(std::shared_ptr<graph::Client>(), schema::Registry::builtin(), {});
  EXPECT_EQ(session.native_sql("select {fn ucase(Subject)} from {oj Messages}").find('{'),
            std::string::npos);
}

TEST(Describe, TableWithoutAConnectionCannotRun) {
  const auto query = prepare("SELECT Id FROM Messages");
  try {
    query->execute({}, {});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state(), base::SqlState("08003"));
  }
  EXPECT_EQ(read_all(*prepare("SELECT 1 + 1, 'a' || 'b'")->execute({}, {})),
            std::vector<std::string>{"2|ab"});
  EXPECT_EQ(read_all(*prepare("VALUES (1), (2), (3) LIMIT 2 OFFSET 1")->execute({}, {})),
            (std::vector<std::string>{"2", "3"}));
  EXPECT_TRUE(read_all(*prepare("SELECT 1 WHERE 1 = 0")->execute({}, {})).empty());
}

}  // namespace
}  // namespace graphodbc::query
