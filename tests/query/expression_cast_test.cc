// CAST and CONVERT between all types, and values of markers.
#include <gtest/gtest.h>

#include <map>

#include "tests/query/expression_helper.h"

namespace graphodbc::query {
namespace {

using base::SqlType;
using base::TypeInfo;

const std::map<std::string, TypeInfo> kTypes = {
    {"BIT", base::bit_type()},
    {"SMALLINT", base::smallint_type()},
    {"INTEGER", base::integer_type()},
    {"BIGINT", base::bigint_type()},
    {"DECIMAL", base::decimal_type(5, 2)},
    {"REAL", base::real_type()},
    {"DOUBLE", base::double_type()},
    {"CHAR3", {SqlType::kWChar, 3, 0}},
    {"VARCHAR", base::text_type(100)},
    {"VARCHAR19", base::text_type(19)},
    {"VARCHAR22", base::text_type(22)},
    {"LONG", base::long_text_type()},
    {"BINARY", {SqlType::kVarBinary, 100, 0}},
    {"DATE", base::date_type()},
    {"TIME", base::time_type()},
    {"TIME7", {SqlType::kTime, 16, 7}},
    {"TIMESTAMP", base::timestamp_type()},
    {"TIMESTAMP3", {SqlType::kTimestamp, 23, 3}},
    {"GUID", base::guid_type()},
};

std::string cast_to(const std::string& operand, const std::string& type) {
  return testing::result(
      [&](BindContext& context, std::vector<ExpressionPtr> nodes) {
        return make_cast(context, std::move(nodes[0]), kTypes.at(type), {});
      },
      {operand});
}

struct Row {
  std::string operand;
  std::string type;
  std::string expected;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(cast_to(row.operand, row.type), row.expected) << row.operand << " AS " << row.type;
  }
}

TEST(Cast, ToBit) {
  check({{"1", "BIT", "1"},
         {"0.0", "BIT", "0"},
         {"2", "BIT", "!22003"},
         {"0.5", "BIT", "!22003"},
         {"' true '", "BIT", "1"},
         {"'False'", "BIT", "0"},
         {"'yes'", "BIT", "!22018"},
         {"NULL", "BIT", "NULL"},
         {"d:2026-01-01", "BIT", "!42000"}});
}

TEST(Cast, ToNumbers) {
  check({{"'12'", "INTEGER", "12"},
         {"' -12.9 '", "INTEGER", "-12"},
         {"'1e3'", "INTEGER", "1000"},
         {"'12a'", "INTEGER", "!22018"},
         {"''", "INTEGER", "!22018"},
         {"'99999999999'", "INTEGER", "!22003"},
         {"40000", "SMALLINT", "!22003"},
         {"-32768", "SMALLINT", "-32768"},
         {"2147483648", "INTEGER", "!22003"},
         {"1e30", "BIGINT", "!22003"},
         {"-1.99e0", "BIGINT", "-1"},
         {"TRUE", "INTEGER", "1"},
         {"d:2026-01-01", "INTEGER", "!42000"},
         {"g:00000000-0000-0000-0000-000000000001", "INTEGER", "!42000"},
         {"x:01", "INTEGER", "!42000"},
         {"'1.005'", "DECIMAL", "1.01"},
         {"1.005", "DECIMAL", "1.01"},
         {"-1.005", "DECIMAL", "-1.01"},
         {"1.005e0", "DECIMAL", "1.01"},
         {"999.994", "DECIMAL", "999.99"},
         {"999.995", "DECIMAL", "!22003"},
         {"12", "DECIMAL", "12.00"},
         {"1e50", "DECIMAL", "!22003"},
         {"'0.1'", "DOUBLE", "0.1"},
         {"0.1", "DOUBLE", "0.1"},
         {"'abc'", "DOUBLE", "!22018"},
         {"'1e400'", "DOUBLE", "!22003"},
         {"'1e-400'", "DOUBLE", "0"},
         {"0.1", "REAL", "0.1"},
         {"1e300", "REAL", "!22003"}});
}

TEST(Cast, ToText) {
  check({{"12", "VARCHAR", "12"},
         {"-0.50", "VARCHAR", "-0.50"},
         {"1e100", "VARCHAR", "1e+100"},
         {"0.1e0", "VARCHAR", "0.1"},
         {"TRUE", "VARCHAR", "1"},
         {"d:2026-01-02", "VARCHAR", "2026-01-02"},
         {"t:10:20:30", "VARCHAR", "10:20:30"},
         {"ts:2026-01-02 10:20:30.5", "VARCHAR", "2026-01-02 10:20:30.5000000"},
         {"ts:2026-01-02 10:20:30.5", "VARCHAR22", "2026-01-02 10:20:30.50"},
         {"ts:2026-01-02 10:20:30.5", "VARCHAR19", "2026-01-02 10:20:30"},
         {"ts:2026-01-02 10:20:30.5", "CHAR3", "!22001"},
         {"12345", "CHAR3", "!22001"},
         {"1.25", "CHAR3", "1.2"},
         {"'abcdef'", "CHAR3", "abc"},
         {"'\u00e9\u00e9\u00e9\u00e9'", "CHAR3", "\u00e9\u00e9\u00e9"},
         {"'ab'", "CHAR3", "ab"},
         {"x:0AfF", "VARCHAR", "0AFF"},
         {"g:0F1E2D3C-4b5a-6978-8796-A5B4C3D2E1F0", "VARCHAR",
          "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"},
         {"NULL", "VARCHAR", "NULL"}});
}

TEST(Cast, ToDatesAndTimes) {
  check({{"'2026-01-02'", "DATE", "2026-01-02"},
         {"'2026-01-02 23:59:59'", "DATE", "2026-01-02"},
         {"'2026-02-30'", "DATE", "!22007"},
         {"'soon'", "DATE", "!22007"},
         {"ts:1969-12-31 23:00:00", "DATE", "1969-12-31"},
         {"t:10:00:00", "DATE", "!42000"},
         {"5", "DATE", "!42000"},
         {"'10:20:30.25'", "TIME", "10:20:30"},
         {"'10:20:30.25'", "TIME7", "10:20:30.2500000"},
         {"ts:2026-01-02 10:20:30.5", "TIME7", "10:20:30.5000000"},
         {"'25:00:00'", "TIME", "!22007"},
         {"d:2026-01-02", "TIME", "!42000"},
         {"'2026-01-02T10:20:30Z'", "TIMESTAMP", "2026-01-02 10:20:30.0000000"},
         {"'2026-01-02 10:20:30+02:00'", "TIMESTAMP", "2026-01-02 08:20:30.0000000"},
         {"'2026-01-02 10:20:30.1234567'", "TIMESTAMP3", "2026-01-02 10:20:30.123"},
         {"'2026-01-02 10'", "TIMESTAMP", "!22007"},
         {"d:2026-01-02", "TIMESTAMP", "2026-01-02 00:00:00.0000000"},
         {"t:10:20:30", "TIMESTAMP", "2026-03-04 10:20:30.0000000"}});
}

TEST(Cast, ToGuidAndBinary) {
  const std::string guid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
  check({{"'" + guid + "'", "GUID", guid},
         {"'{" + guid + "}'", "GUID", guid},
         {"'" + guid.substr(1) + "'", "GUID", "!22018"},
         {"x:0F1E2D3C4B5A69788796A5B4C3D2E1F0", "GUID", guid},
         {"x:00", "GUID", "!22018"},
         {"'0aff'", "BINARY", "0AFF"},
         {"'0af'", "BINARY", "!22018"},
         {"'zz'", "BINARY", "!22018"},
         {"g:" + guid, "BINARY", "0F1E2D3C4B5A69788796A5B4C3D2E1F0"},
         {"12", "BINARY", "!42000"},
         {"12", "GUID", "!42000"}});
}

// can_convert is what SQLGetInfo's SQL_CONVERT_* answers: it must be what CAST does.
TEST(Cast, ConvertTableIsTheTruth) {
  const std::map<std::string, std::string> samples = {
      {"BIT", "TRUE"},
      {"INTEGER", "1"},
      {"DECIMAL", "1.5"},
      {"DOUBLE", "1e0"},
      {"VARCHAR", "'1'"},
      {"BINARY", "x:00112233445566778899aabbccddeeff"},
      {"DATE", "d:2026-01-01"},
      {"TIME", "t:10:00:00"},
      {"TIMESTAMP", "ts:2026-01-01"},
      {"GUID", "g:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"}};
  for (const auto& [from, sample] : samples) {
    for (const auto& [to, type] : kTypes) {
      const bool refused = cast_to(sample, to) == "!42000";
      EXPECT_EQ(refused, !can_convert(kTypes.at(from).type, type.type)) << from << " to " << to;
    }
  }
}

TEST(Cast, CutTextWarns) {
  BindContext context;
  const ExpressionPtr node =
      fold(make_cast(context, testing::literal("'abcdef'"), kTypes.at("CHAR3"), {}));
  base::Arena arena;
  EvalContext running(arena);
  std::vector<base::Warning> warnings;
  running.warnings = &warnings;
  EXPECT_EQ(testing::text_of_cell(evaluate(*node, nullptr, running), node->type), "abc");
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].state.code(), "01004");
  const ExpressionPtr blanks =
      make_cast(context, testing::literal("'abc   '"), kTypes.at("CHAR3"), {});
  evaluate(*blanks, nullptr, running);
  EXPECT_EQ(warnings.size(), 1U);
}

TEST(Cast, InvalidCellsAreReportedWhenUsed) {
  BindContext context;
  const base::Cell broken = base::Cell::of_bytes(base::CellKind::kInvalid, "{}");
  base::Arena arena;
  EvalContext running(arena);
  const ExpressionPtr bare = testing::column(0, base::integer_type());
  EXPECT_EQ(evaluate(*bare, &broken, running).kind, base::CellKind::kInvalid);
  const ExpressionPtr sum =
      make_arithmetic(context, ArithmeticOp::kAdd, testing::column(0, base::integer_type()),
                      make_integer(1, {}), {});
  EXPECT_EQ(testing::state_of([&] { evaluate(*sum, &broken, running); }), "!22018");
}

std::string parameter(const std::string& value, const TypeInfo& to) {
  std::string text;
  const std::string state = testing::state_of([&] {
    const base::Value cast = cast_parameter(base::Value(testing::literal(value)->cell), to, 1);
    text = testing::text_of_cell(cast.cell(), to);
  });
  return state.empty() ? text : state;
}

TEST(Parameters, KeepWhatTheTypeCannotHold) {
  EXPECT_EQ(parameter("12", base::integer_type()), "12");
  EXPECT_EQ(parameter("'12'", base::integer_type()), "12");
  EXPECT_EQ(parameter("1.5", base::integer_type()), "1.5");
  EXPECT_EQ(parameter("99999999999", base::integer_type()), "99999999999");
  EXPECT_EQ(parameter("'abc'", base::integer_type()), "!22018");
  EXPECT_EQ(parameter("'longer than it'", base::text_type(3)), "longer than it");
  EXPECT_EQ(parameter("12", base::text_type(3)), "12");
  EXPECT_EQ(parameter("ts:2026-01-01 00:00:00", base::date_type()), "2026-01-01");
  EXPECT_EQ(parameter("ts:2026-01-01 01:00:00", base::date_type()), "!22008");
  EXPECT_EQ(parameter("d:2026-01-01", base::timestamp_type()), "2026-01-01 00:00:00.0000000");
  EXPECT_EQ(parameter("d:2026-01-01", base::integer_type()), "!07006");
  EXPECT_EQ(parameter("'2026-13-01'", base::timestamp_type()), "!22007");
  EXPECT_EQ(parameter("NULL", base::integer_type()), "NULL");
}

}  // namespace
}  // namespace graphodbc::query
