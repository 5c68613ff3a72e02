// Results and markers as prepare describes them, without a request.
#include <gtest/gtest.h>

#include "schema/registry.h"
#include "tests/query/fake_graph.h"

namespace graphodbc::query {
namespace {

using base::SqlType;

std::unique_ptr<Query> prepare(const std::string& sql) {
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
  EXPECT_EQ(prepare("EXPLAIN SELECT Id FROM Users")->columns().size(), 7u);
}

TEST(Describe, NativeSql) {
  Session session(std::shared_ptr<graph::Client>(), schema::Registry::builtin(), {});
  EXPECT_EQ(session.native_sql("select {fn ucase(Subject)} from {oj Messages}").find("{"),
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
