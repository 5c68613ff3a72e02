// Arithmetic, exact decimals, concatenation, CASE, intervals.
#include <gtest/gtest.h>

#include "tests/query/expression_helper.h"

namespace graphodbc::query {
namespace {

using testing::Build;
using testing::result;

struct Row {
  std::string left;
  char op;
  std::string right;
  std::string expected;
  std::string type;
};

Build arithmetic(char op) {
  return [op](BindContext& context, std::vector<ExpressionPtr> nodes) {
    constexpr std::string_view kOps = "+-*/%";
    return make_arithmetic(context, static_cast<ArithmeticOp>(kOps.find(op)), std::move(nodes[0]),
                           std::move(nodes[1]), {});
  };
}

TEST(Arithmetic, WholeNumbers) {
  const std::vector<Row> rows = {
      {"2", '+', "3", "5", "INTEGER"},
      {"2147483647", '+', "1", "!22003", "INTEGER"},
      {"2147483648", '+', "1", "2147483649", "BIGINT"},
      {"9223372036854775807", '+', "1", "!22003", "BIGINT"},
      {"-9223372036854775808", '-', "1", "!22003", "BIGINT"},
      {"-2147483648", '*', "-1", "!22003", "INTEGER"},
      {"-9223372036854775808", '/', "-1", "!22003", "BIGINT"},
      {"7", '/', "2", "3", "INTEGER"},
      {"-7", '/', "2", "-3", "INTEGER"},
      {"7", '/', "0", "!22012", "INTEGER"},
      {"-7", '%', "3", "-1", "INTEGER"},
      {"-9223372036854775808", '%', "-1", "0", "BIGINT"},
      {"7", '%', "0", "!22012", "INTEGER"},
      {"TRUE", '+', "1", "2", "INTEGER"},
      {"NULL", '+', "1", "NULL", "INTEGER"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(result(arithmetic(row.op), {row.left, row.right}), row.expected)
        << row.left << row.op << row.right;
    EXPECT_EQ(testing::type_of(arithmetic(row.op), {row.left, row.right}), row.type)
        << row.left << row.op << row.right;
  }
}

TEST(Arithmetic, Decimals) {
  const std::string nines(38, '9');
  const std::vector<Row> rows = {
      {"0.1", '+', "0.2", "0.3", "DECIMAL(2,1)"},
      {"1.25", '+', "1", "2.25", "DECIMAL(13,2)"},
      {"1.005", '-', "2.1", "-1.095", "DECIMAL(5,3)"},
      {"1.5", '*', "1.5", "2.25", "DECIMAL(5,2)"},
      {"1.0", '/', "3", "0.333333333333", "DECIMAL(13,12)"},
      {"2", '/', "3.0", "0.666667", "DECIMAL(17,6)"},
      {"-1.0", '/', "3.0", "-0.333333", "DECIMAL(8,6)"},
      {"5.5", '%', "2", "1.5", "DECIMAL(2,1)"},
      {"-5.5", '%', "2.0", "-1.5", "DECIMAL(2,1)"},
      {"1.0", '/', "0.0", "!22012", "DECIMAL(8,6)"},
      {nines, '+', "1.0", "!22003", "DECIMAL(38,1)"},
      {nines, '-', "1", nines.substr(1) + "8", "DECIMAL(38,0)"},
      {nines, '*', "10.0", "!22003", "DECIMAL(38,1)"},
      {"12345678901234567890.123456", '*', "10.0", "123456789012345678901.2345600",
       "DECIMAL(30,7)"},
      // 38 digits times 38 digits: the scale gives way, and the last digit is rounded.
      {"1.2345678901234567890123456789012345678", '*', "1.5000000000000000000000000000000000000",
       "1.85185183518518518351851851835185185", "DECIMAL(38,35)"},
      {"0.1", '+', "1e0", "1.1", "DOUBLE"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(testing::type_of(arithmetic(row.op), {row.left, row.right}), row.type)
        << row.left << row.op << row.right;
    EXPECT_EQ(result(arithmetic(row.op), {row.left, row.right}), row.expected)
        << row.left << row.op << row.right;
  }
}

TEST(Arithmetic, RealsAndWrongTypes) {
  EXPECT_EQ(result(arithmetic('+'), {"0.1e0", "0.2e0"}), "0.30000000000000004");
  EXPECT_EQ(result(arithmetic('*'), {"1e308", "10"}), "!22003");
  EXPECT_EQ(result(arithmetic('/'), {"1e0", "0"}), "!22012");
  EXPECT_EQ(result(arithmetic('%'), {"7.5e0", "2"}), "1.5");
  EXPECT_EQ(result(arithmetic('+'), {"'5'", "1"}), "literals: 6 folded: 6 columns: !42000");
  EXPECT_EQ(result(arithmetic('+'), {"'x'", "1"}),
            "literals: !22018 folded: !22018 columns: !42000");
  EXPECT_EQ(result(arithmetic('-'), {"ts:2026-01-02", "ts:2026-01-01"}), "!42000");
  EXPECT_EQ(result(arithmetic('+'), {"g:00000000-0000-0000-0000-000000000001", "1"}), "!42000");
}

TEST(Arithmetic, Negation) {
  const Build negate = [](BindContext& context, std::vector<ExpressionPtr> nodes) {
    return make_negate(context, std::move(nodes[0]), {});
  };
  EXPECT_EQ(result(negate, {"5"}), "-5");
  EXPECT_EQ(result(negate, {"-1.50"}), "1.50");
  EXPECT_EQ(result(negate, {"1e1"}), "-10");
  EXPECT_EQ(result(negate, {"-2147483648"}), "!22003");
  EXPECT_EQ(result(negate, {"-9223372036854775808"}), "!22003");
  EXPECT_EQ(result(negate, {"NULL"}), "NULL");
  EXPECT_EQ(result(negate, {"d:2026-01-01"}), "!42000");
}

TEST(Numbers, LiteralsKeepTheirExactType) {
  const auto type = [](const std::string& text) {
    return testing::type_of(
        [](BindContext&, std::vector<ExpressionPtr> nodes) { return std::move(nodes[0]); }, {text});
  };
  EXPECT_EQ(type("2147483647"), "INTEGER");
  EXPECT_EQ(type("2147483648"), "BIGINT");
  EXPECT_EQ(type("9223372036854775808"), "DECIMAL(19,0)");
  EXPECT_EQ(type("0.05"), "DECIMAL(2,2)");
  EXPECT_EQ(type("1.50"), "DECIMAL(3,2)");
  EXPECT_EQ(type("1e3"), "DOUBLE");
  EXPECT_EQ(type("1e400"), "!22003");
  EXPECT_EQ(type(std::string(39, '9')), "!22003");
  EXPECT_EQ(testing::state_of([] { make_number("12x", {}); }), "!42000");
}

Build concat() {
  return [](BindContext& context, std::vector<ExpressionPtr> nodes) {
    return make_concat(context, std::move(nodes[0]), std::move(nodes[1]), {});
  };
}

TEST(Concat, NullsTypesAndNesting) {
  EXPECT_EQ(result(concat(), {"'a'", "'b\"'"}), "ab\"");
  EXPECT_EQ(result(concat(), {"'a'", "NULL"}), "NULL");
  EXPECT_EQ(result(concat(), {"'a'", "1"}), "literals: a1 folded: a1 columns: !42000");
  BindContext context;
  const ExpressionPtr node = make_concat(
      context, make_concat(context, testing::literal("'a'"), testing::literal("'b'"), {}),
      testing::literal("'c'"), {});
  EXPECT_EQ(node->children.size(), 3U);
}

ExpressionPtr build_case(BindContext& context, std::vector<ExpressionPtr> nodes, bool simple) {
  // simple: value, when, then, else; searched: left, right, then, else
  std::vector<CaseArm> arms(1);
  ExpressionPtr operand;
  if (simple) {
    operand = std::move(nodes[0]);
    arms[0].when = std::move(nodes[1]);
  } else {
    arms[0].when =
        make_comparison(context, CompareOp::kLess, std::move(nodes[0]), std::move(nodes[1]), {});
  }
  arms[0].then = std::move(nodes[2]);
  return make_case(context, std::move(operand), std::move(arms), std::move(nodes[3]), {});
}

TEST(Case, ChoosesAndUnifies) {
  const Build searched = [](BindContext& context, std::vector<ExpressionPtr> nodes) {
    return build_case(context, std::move(nodes), false);
  };
  const Build simple = [](BindContext& context, std::vector<ExpressionPtr> nodes) {
    return build_case(context, std::move(nodes), true);
  };
  EXPECT_EQ(result(searched, {"1", "2", "'a'", "'b'"}), "a");
  EXPECT_EQ(result(searched, {"NULL", "2", "'a'", "'b'"}), "b");
  EXPECT_EQ(result(searched, {"1", "2", "1", "2.50"}), "1.00");
  EXPECT_EQ(result(searched, {"1", "2", "1", "2e0"}), "1");
  EXPECT_EQ(result(searched, {"1", "2", "d:2026-01-01", "ts:2026-01-01 01:00:00"}),
            "2026-01-01 00:00:00.0000000");
  EXPECT_EQ(result(searched, {"1", "2", "1", "'x'"}),
            "literals: !22018 folded: !22018 columns: !42000");
  EXPECT_EQ(result(searched, {"1", "2", "d:2026-01-01", "t:10:00:00"}), "!42000");
  EXPECT_EQ(result(simple, {"2", "2.0", "'same'", "'other'"}), "same");
  EXPECT_EQ(result(simple, {"NULL", "NULL", "'same'", "'other'"}), "other");
  EXPECT_EQ(testing::type_of(searched, {"1", "2", "'ab'", "'abcd'"}), "WVARCHAR(4)");
}

TEST(Case, UnreachedErrorsStayAsleep) {
  BindContext context;
  std::vector<CaseArm> arms(1);
  arms[0].when = make_comparison(context, CompareOp::kEqual,
                                 testing::column(0, base::integer_type()), make_integer(0, {}), {});
  arms[0].then = make_integer(0, {});
  ExpressionPtr node = fold(make_case(
      context, nullptr, std::move(arms),
      make_arithmetic(context, ArithmeticOp::kDivide, make_integer(1, {}), make_integer(0, {}), {}),
      {}));
  base::Arena arena;
  EvalContext running(arena);
  const base::Cell zero = base::Cell::of_int64(0);
  EXPECT_EQ(evaluate(*node, &zero, running).integer, 0);
  const base::Cell one = base::Cell::of_int64(1);
  EXPECT_EQ(testing::state_of([&] { evaluate(*node, &one, running); }), "!22012");
}

TEST(Interval, AddsAndSubtracts) {
  using sqlparser::DateUnit;
  struct IntervalRow {
    std::string from;
    bool subtract;
    std::string text;
    sqlparser::IntervalQualifier fields;
    std::string expected;
  };
  const std::vector<IntervalRow> rows = {
      {"d:2026-01-31", false, "1", {DateUnit::kMonth, {}, false}, "2026-02-28"},
      {"d:2026-01-31", false, "1", {DateUnit::kDay, {}, false}, "2026-02-01"},
      {"d:2026-01-31", true, "1", {DateUnit::kDay, {}, false}, "2026-01-30"},
      {"d:2026-01-31", false, "1", {DateUnit::kDay, {}, true}, "2026-01-30"},
      {"d:2026-01-31", false, "1", {DateUnit::kHour, {}, false}, "2026-01-31 01:00:00.0000000"},
      {"ts:2026-01-31 10:00:00",
       true,
       "-2",
       {DateUnit::kYear, {}, false},
       "2028-01-31 10:00:00.0000000"},
      {"ts:2026-01-31 10:00:00",
       false,
       "1-2",
       {DateUnit::kYear, DateUnit::kMonth, false},
       "2027-03-31 10:00:00.0000000"},
      {"ts:2026-01-31 10:00:00",
       false,
       "1 02:03:04.5",
       {DateUnit::kDay, DateUnit::kSecond, false},
       "2026-02-01 12:03:04.5000000"},
      {"t:23:30:00", false, "45", {DateUnit::kMinute, {}, false}, "00:15:00.0000000"},
      {"t:23:30:00", false, "1", {DateUnit::kMonth, {}, false}, "!42000"},
      {"d:9999-12-31", false, "1", {DateUnit::kDay, {}, false}, "!22008"},
      {"d:2026-01-31", false, "99999999999999", {DateUnit::kDay, {}, false}, "!22008"},
      {"d:2026-01-31", false, "x", {DateUnit::kDay, {}, false}, "!22007"},
      {"d:2026-01-31", false, "1 24:00:00", {DateUnit::kDay, DateUnit::kSecond, false}, "!22007"},
      {"d:2026-01-31", false, "1", {DateUnit::kWeek, {}, false}, "!42000"},
      {"d:2026-01-31", false, "1", {DateUnit::kMonth, DateUnit::kDay, false}, "!42000"},
      {"5", false, "1", {DateUnit::kDay, {}, false}, "!42000"},
      {"NULL", false, "1", {DateUnit::kDay, {}, false}, "NULL"},
  };
  for (const IntervalRow& row : rows) {
    const Build build = [&](BindContext& context, std::vector<ExpressionPtr> nodes) {
      return make_interval_add(context, std::move(nodes[0]), row.subtract, row.text, row.fields,
                               {});
    };
    EXPECT_EQ(result(build, {row.from}), row.expected) << row.from << " " << row.text;
  }
}

}  // namespace
}  // namespace graphodbc::query
