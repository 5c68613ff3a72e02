// Comparison, logic, IN, LIKE, BETWEEN, markers, folding, printing.
#include <gtest/gtest.h>

#include "base/datetime.h"
#include "query/expression/constant_set.h"
#include "query/expression/like.h"
#include "tests/query/expression_helper.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::CellKind;
using base::TypeInfo;
using testing::Build;
using testing::column;
using testing::literal;
using testing::result;

struct Row {
  std::string left;
  std::string op;
  std::string right;
  std::string expected;
};

CompareOp op_of(const std::string& text) {
  const std::vector<std::string> names = {"=", "<>", "<", "<=", ">", ">="};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<CompareOp>(i);
  }
  ADD_FAILURE() << text;
  return CompareOp::kEqual;
}

std::string compared(const Row& row) {
  return result(
      [&](BindContext& context, std::vector<ExpressionPtr> nodes) {
        return make_comparison(context, op_of(row.op), std::move(nodes[0]), std::move(nodes[1]),
                               {});
      },
      {row.left, row.right});
}

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(compared(row), row.expected) << row.left << row.op << row.right;
  }
}

TEST(Comparison, SameFamily) {
  const std::string guid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
  check({{"1", "=", "1.0", "1"},
         {"1", "<", "1.5", "1"},
         {"9007199254740993", "=", "9007199254740992e0", "0"},
         {"9223372036854775807", "<", "1e19", "1"},
         {"0.1", "=", "0.1e0", "1"},
         {"TRUE", "=", "1", "1"},
         {"FALSE", "<", "TRUE", "1"},
         {"'a'", "=", "'a'", "1"},
         {"'a'", "=", "'A'", "0"},
         {"'a'", "=", "'a '", "0"},
         {"'Z'", "<", "'a'", "1"},
         {"'\uffff'", "<", "'\U0001F600'", "1"},
         {"''", "<", "'a'", "1"},
         {"d:2026-01-01", "=", "ts:2026-01-01 00:00:00", "1"},
         {"d:2026-01-01", "<", "ts:2026-01-01 00:00:00.0000001", "1"},
         {"t:10:00:00", "<", "t:10:00:00.5", "1"},
         {"g:" + guid, "=", "g:" + guid, "1"},
         {"x:00", "<", "x:0000", "1"},
         {"x:FF", ">", "x:00FF", "1"},
         {"NULL", "=", "NULL", "NULL"},
         {"1", "<>", "NULL", "NULL"}});
}

// sql-dialect.md 4.3: the text side is converted to the other side's type.
TEST(Comparison, AcrossFamilies) {
  const std::string guid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
  check({{"10", "=", "'10'", "1"},
         {"1", "=", "'1.5'", "0"},
         {"2", ">", "'1.5'", "1"},
         {"10", "=", "'ten'", "!22018"},
         {"TRUE", "=", "'true'", "1"},
         {"TRUE", "=", "'0'", "0"},
         {"TRUE", "=", "'maybe'", "!22018"},
         {"ts:2026-01-01 10:00:00", "=", "'2026-01-01T10:00:00Z'", "1"},
         {"ts:2026-01-01 10:00:00", ">", "'2026-01-01'", "1"},
         {"ts:2026-01-01 10:00:00", ">", "'yesterday'", "!22007"},
         {"d:2026-01-01", "=", "'2026-01-01'", "1"},
         {"t:10:00:00", "=", "'10:00'", "1"},
         {"g:" + guid, "=", "'0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0'", "1"},
         {"g:" + guid, "=", "'none'", "!22018"},
         {"x:0AFF", "=", "'0aff'", "1"},
         {"1", "<", "ts:2026-01-01", "!42000"},
         {"t:10:00:00", "<", "ts:2026-01-01", "!42000"},
         {"g:" + guid, "=", "1", "!42000"}});
  // A day beside a moment of the day is compared as that moment.
  EXPECT_EQ(compared({"d:2026-01-01", "<", "'2026-01-01 10:00'", "1"}),
            "literals: 1 folded: 1 columns: 0");
}

TEST(Comparison, NocaseWhereEitherSideIs) {
  BindContext context;
  const TypeInfo mail = base::text_type(255, true);
  const ExpressionPtr node = make_comparison(context, CompareOp::kEqual,
                                             literal("'ADA@contoso.com'"), column(0, mail), {});
  EXPECT_TRUE(node->nocase);
  base::Arena arena;
  EvalContext running(arena);
  const Cell same = Cell::of_bytes(CellKind::kJsonText, "ada@Contoso.com");
  const Cell longer = Cell::of_bytes(CellKind::kJsonText, "ada@Contoso.com.");
  EXPECT_EQ(test(*node, &same, running), Truth::kTrue);
  EXPECT_EQ(test(*node, &longer, running), Truth::kFalse);
  context.nocase = true;
  const ExpressionPtr greek =
      make_comparison(context, CompareOp::kEqual, literal("'\u03a3aS'"), literal("'\u03c2As'"), {});
  EXPECT_EQ(test(*greek, nullptr, running), Truth::kTrue);
  const ExpressionPtr order =
      make_comparison(context, CompareOp::kLess, literal("'a\u00e9'"), literal("'Ab'"), {});
  EXPECT_EQ(test(*order, nullptr, running), Truth::kFalse);
}

TEST(Logic, ThreeValues) {
  const std::vector<std::string> values = {"FALSE", "TRUE", "NULL"};
  const std::vector<std::vector<std::string>> conjunction = {
      {"0", "0", "0"}, {"0", "1", "NULL"}, {"0", "NULL", "NULL"}};
  const std::vector<std::vector<std::string>> disjunction = {
      {"0", "1", "NULL"}, {"1", "1", "1"}, {"NULL", "1", "NULL"}};
  for (std::size_t l = 0; l < 3; ++l) {
    for (std::size_t r = 0; r < 3; ++r) {
      const auto join = [&](auto make) {
        return result(
            [&](BindContext& context, std::vector<ExpressionPtr> nodes) {
              return make(context, std::move(nodes), Position{});
            },
            {values[l], values[r]});
      };
      EXPECT_EQ(join(make_and), conjunction[l][r]) << values[l] << " AND " << values[r];
      EXPECT_EQ(join(make_or), disjunction[l][r]) << values[l] << " OR " << values[r];
    }
  }
  const Build negate = [](BindContext& context, std::vector<ExpressionPtr> nodes) {
    return make_not(context, std::move(nodes[0]), {});
  };
  EXPECT_EQ(result(negate, {"TRUE"}), "0");
  EXPECT_EQ(result(negate, {"NULL"}), "NULL");
  EXPECT_EQ(result(negate, {"5"}), "0");
  EXPECT_EQ(result(negate, {"'a'"}), "!42000");
}

TEST(Logic, IsTests) {
  const auto is = [](Truth truth, bool negated) {
    return [=](BindContext& context, std::vector<ExpressionPtr> nodes) {
      return make_is_truth(context, std::move(nodes[0]), truth, negated, {});
    };
  };
  EXPECT_EQ(result(is(Truth::kTrue, false), {"NULL"}), "0");
  EXPECT_EQ(result(is(Truth::kTrue, true), {"NULL"}), "1");
  EXPECT_EQ(result(is(Truth::kFalse, false), {"FALSE"}), "1");
  EXPECT_EQ(result(is(Truth::kUnknown, false), {"NULL"}), "1");
  EXPECT_EQ(result(is(Truth::kUnknown, true), {"TRUE"}), "1");
  const auto distinct = [](bool negated) {
    return [=](BindContext& context, std::vector<ExpressionPtr> nodes) {
      return make_is_distinct(context, std::move(nodes[0]), std::move(nodes[1]), negated, {});
    };
  };
  EXPECT_EQ(result(distinct(false), {"NULL", "NULL"}), "0");
  EXPECT_EQ(result(distinct(false), {"1", "NULL"}), "1");
  EXPECT_EQ(result(distinct(true), {"1", "1.0"}), "1");
  const Build is_null = [](BindContext& context, std::vector<ExpressionPtr> nodes) {
    return make_is_null(context, std::move(nodes[0]), false, {});
  };
  EXPECT_EQ(result(is_null, {"NULL"}), "1");
  EXPECT_EQ(result(is_null, {"''"}), "0");
}

TEST(Between, NullsAndNegation) {
  const auto between = [](bool negated) {
    return [=](BindContext& context, std::vector<ExpressionPtr> nodes) {
      return make_between(context, std::move(nodes[0]), std::move(nodes[1]), std::move(nodes[2]),
                          negated, {});
    };
  };
  EXPECT_EQ(result(between(false), {"2", "1", "3"}), "1");
  EXPECT_EQ(result(between(false), {"2", "3", "1"}), "0");
  EXPECT_EQ(result(between(false), {"5", "NULL", "3"}), "0");
  EXPECT_EQ(result(between(false), {"2", "NULL", "3"}), "NULL");
  EXPECT_EQ(result(between(true), {"5", "1", "3"}), "1");
  EXPECT_EQ(result(between(true), {"2", "NULL", "3"}), "NULL");
  EXPECT_EQ(result(between(false), {"d:2026-01-02", "'2026-01-01'", "'2026-01-03'"}), "1");
  BindContext context;
  const ExpressionPtr random = make_between(context, make_function(context, "RAND", {}, {}),
                                            make_integer(0, {}), make_integer(1, {}), false, {});
  EXPECT_EQ(random->kind, NodeKind::kBetween);
  base::Arena arena;
  EvalContext running(arena);
  EXPECT_EQ(test(*random, nullptr, running), Truth::kTrue);
}

std::string in(const std::vector<std::string>& operands, bool negated = false) {
  return result(
      [&](BindContext& context, std::vector<ExpressionPtr> nodes) {
        ExpressionPtr value = std::move(nodes.front());
        nodes.erase(nodes.begin());
        return make_in_list(context, std::move(value), std::move(nodes), negated, {});
      },
      operands);
}

TEST(In, ShortAndLongLists) {
  EXPECT_EQ(in({"2", "1", "2"}), "1");
  EXPECT_EQ(in({"3", "1", "NULL"}), "NULL");
  EXPECT_EQ(in({"3", "1", "NULL"}, true), "NULL");
  EXPECT_EQ(in({"3", "1", "2"}, true), "1");
  EXPECT_EQ(in({"NULL", "1", "2"}), "NULL");
  EXPECT_EQ(in({"3", "3"}), "1");
  EXPECT_EQ(in({"1.5", "1", "1.50"}), "1");
  EXPECT_EQ(in({"1", "'a'", "2"}), "!22018");
  std::vector<std::string> numbers = {"7"};
  std::vector<std::string> texts = {"'t7'"};
  for (int i = 0; i < 20; ++i) {
    numbers.push_back(std::to_string(i));
    texts.push_back("'t" + std::to_string(i) + "'");
  }
  EXPECT_EQ(in(numbers), "1");
  EXPECT_EQ(in(texts), "1");
  numbers[0] = "70";
  texts[0] = "'T7'";
  EXPECT_EQ(in(numbers), "0");
  EXPECT_EQ(in(texts), "0");
  numbers.push_back("NULL");
  EXPECT_EQ(in(numbers), "NULL");
  numbers[0] = "7.0";
  EXPECT_EQ(in(numbers), "1");
}

TEST(In, LongListsAreHashedAndFollowTheCollation) {
  BindContext context;
  std::vector<ExpressionPtr> items;
  for (int i = 0; i < 100; ++i) items.push_back(make_text("user" + std::to_string(i), {}));
  const ExpressionPtr node =
      make_in_list(context, column(0, base::text_type(50, true)), std::move(items), false, {});
  ASSERT_NE(node->set, nullptr);
  base::Arena arena;
  EvalContext running(arena);
  const Cell hit = Cell::of_bytes(CellKind::kJsonText, "\\u0055SER99");
  const Cell miss = Cell::of_bytes(CellKind::kJsonText, "user100");
  EXPECT_EQ(test(*node, &hit, running), Truth::kTrue);
  EXPECT_EQ(test(*node, &miss, running), Truth::kFalse);
}

std::string like(const std::vector<std::string>& operands) {
  return result(
      [&](BindContext& context, std::vector<ExpressionPtr> nodes) {
        return make_like(context, std::move(nodes[0]), std::move(nodes[1]),
                         nodes.size() > 2 ? std::move(nodes[2]) : nullptr, false, {});
      },
      operands);
}

TEST(Like, Table) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows = {
      {{"'abc'", "'abc'"}, "1"},
      {{"'abc'", "'ABC'"}, "0"},
      {{"'abc'", "'a%'"}, "1"},
      {{"'abc'", "'%c'"}, "1"},
      {{"'abc'", "'%b%'"}, "1"},
      {{"'abc'", "'%x%'"}, "0"},
      {{"'abc'", "'a_c'"}, "1"},
      {{"'a\u00e9c'", "'a_c'"}, "1"},
      {{"'a\U0001F600c'", "'a_c'"}, "1"},
      {{"'abc'", "'____'"}, "0"},
      {{"''", "'%'"}, "1"},
      {{"''", "''"}, "1"},
      {{"'a'", "''"}, "0"},
      {{"'aXbXc'", "'a%b%c'"}, "1"},
      {{"'aaab'", "'%aab'"}, "1"},
      {{"'abab'", "'%ab_'"}, "0"},
      {{"'mississippi'", "'m%iss%ip_i'"}, "1"},
      {{"'50%'", "'50\\%'"}, "0"},
      {{"'50%'", "'50!%'", "'!'"}, "1"},
      {{"'505'", "'50!%'", "'!'"}, "0"},
      {{"'a!b'", "'a!!b'", "'!'"}, "1"},
      {{"'a_b'", "'a!_b'", "'!'"}, "1"},
      {{"'a'", "'a!b'", "'!'"}, "!22025"},
      {{"'a'", "'a!'", "'!'"}, "!22025"},
      {{"'a'", "'a'", "'!!'"}, "!22019"},
      {{"'a'", "'a'", "''"}, "!22019"},
      {{"'a'", "NULL"}, "NULL"},
      {{"NULL", "'a'"}, "NULL"},
      {{"'a'", "'a'", "NULL"}, "NULL"},
      {{"'a\u00e9b'", "'a\u00e9!%'", "'\u00e9'"}, "!22025"},
      {{"'a%b'", "'a\u00e9%b'", "'\u00e9'"}, "1"},
  };
  for (const auto& [operands, expected] : rows) {
    EXPECT_EQ(like(operands), expected) << operands[0] << " LIKE " << operands[1];
  }
  EXPECT_EQ(like({"12", "'1%'"}), "literals: 1 folded: 1 columns: !42000");
}

TEST(Like, NocaseAndParts) {
  const LikePattern pattern("\u00c4b%_X!%", "!", true, {});
  EXPECT_TRUE(pattern.matches("\u00e4B..x%"));
  EXPECT_FALSE(pattern.matches("\u00e4Bx%"));
  const auto& parts = pattern.parts();
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0].text, "\u00c4b");
  EXPECT_EQ(parts[1].kind, LikePattern::PartKind::kAnyRun);
  EXPECT_EQ(parts[2].kind, LikePattern::PartKind::kAnyOne);
  EXPECT_EQ(parts[3].text, "X%");
}

// ---- Markers ----

TEST(Markers, TakeTheirPartnersType) {
  BindContext context;
  const TypeInfo subject = base::text_type(255);
  std::vector<ExpressionPtr> items;
  items.push_back(make_parameter(2, {}));
  items.push_back(make_parameter(3, {}));
  make_comparison(context, CompareOp::kEqual, make_parameter(0, {}), column(0, base::bigint_type()),
                  {});
  make_like(context, column(1, subject), make_parameter(1, {}), nullptr, false, {});
  make_in_list(context, column(2, base::timestamp_type()), std::move(items), false, {});
  make_between(context, make_parameter(4, {}), column(0, base::integer_type()),
               make_parameter(5, {}), false, {});
  make_function(context, "LEFT", testing::list(column(1, subject), make_parameter(6, {})), {});
  make_cast(context, make_parameter(7, {}), base::date_type(), {});
  const ExpressionPtr alone = make_parameter(8, {});
  settle(context, *alone);
  make_comparison(context, CompareOp::kEqual, make_parameter(9, {}), make_parameter(10, {}), {});
  std::vector<CaseArm> arms(1);
  arms[0].when = make_bool(true, {});
  arms[0].then = make_parameter(11, {});
  ExpressionPtr choice = make_case(context, nullptr, std::move(arms), make_parameter(12, {}), {});
  make_comparison(context, CompareOp::kLess, std::move(choice), column(0, base::double_type()), {});

  const std::vector<ParameterInfo> found = context.parameters.all(13);
  const std::vector<std::string> expected = {
      "BIGINT",         "WVARCHAR(255)", "TIMESTAMP", "TIMESTAMP",      "INTEGER",
      "INTEGER",        "INTEGER",       "DATE",      "WVARCHAR(4000)", "WVARCHAR(4000)",
      "WVARCHAR(4000)", "DOUBLE",        "DOUBLE"};
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(type_name(found[i].type), expected[i]) << "marker " << i + 1;
  }
  EXPECT_FALSE(found[8].inferred);
  EXPECT_TRUE(found[0].inferred);
}

TEST(Markers, FoldAtExecute) {
  BindContext context;
  std::vector<ExpressionPtr> parts;
  parts.push_back(make_comparison(context, CompareOp::kGreater, column(0, base::integer_type()),
                                  make_parameter(0, {}), {}));
  parts.push_back(
      make_comparison(context, CompareOp::kEqual, make_parameter(1, {}), make_integer(1, {}), {}));
  const ExpressionPtr prepared = fold(make_and(context, std::move(parts), {}));
  EXPECT_EQ(prepared->kind, NodeKind::kAnd);

  base::Arena arena;
  EvalContext running(arena);
  EXPECT_EQ(testing::state_of([&] { fold(clone(*prepared), running); }), "!07002");
  const std::vector<base::Value> values = {
      cast_parameter(base::Value(Cell::of_double(1.5)), base::integer_type(), 1),
      cast_parameter(base::Value(Cell::of_int64(1)), base::integer_type(), 2)};
  running.parameters = values;
  const ExpressionPtr node = fold(clone(*prepared), running);
  EXPECT_EQ(to_sql(*node, [](std::uint32_t) { return "Size"; }), "Size > 1.5");
  const Cell one = Cell::of_int64(1);
  const Cell two = Cell::of_int64(2);
  EXPECT_EQ(test(*node, &one, running), Truth::kFalse);
  EXPECT_EQ(test(*node, &two, running), Truth::kTrue);
}

// ---- Trees ----

std::string printed(const ExpressionPtr& node) {
  return to_sql(*node, [](std::uint32_t index) { return "c" + std::to_string(index); });
}

TEST(Trees, NotMovesInwardAndPrints) {
  BindContext context;
  std::vector<ExpressionPtr> parts;
  parts.push_back(make_comparison(context, CompareOp::kLess, column(0, base::integer_type()),
                                  make_integer(5, {}), {}));
  parts.push_back(make_is_null(context, column(1, base::text_type(9)), false, {}));
  parts.push_back(
      make_like(context, column(1, base::text_type(9)), make_text("a'%", {}), nullptr, true, {}));
  ExpressionPtr node = make_and(context, std::move(parts), {});
  EXPECT_EQ(printed(node), "c0 < 5 AND c1 IS NULL AND NOT c1 LIKE 'a''%'");
  node = make_not(context, std::move(node), {});
  EXPECT_EQ(printed(node), "c0 >= 5 OR c1 IS NOT NULL OR c1 LIKE 'a''%'");
  std::vector<ExpressionPtr> both;
  both.push_back(clone(*node));
  both.push_back(column(2, base::bit_type()));
  EXPECT_EQ(printed(make_and(context, std::move(both), {})),
            "(c0 >= 5 OR c1 IS NOT NULL OR c1 LIKE 'a''%') AND c2");
  std::vector<std::uint32_t> columns;
  collect_columns(*node, columns);
  EXPECT_EQ(columns, (std::vector<std::uint32_t>{0, 1}));
  const std::vector<std::uint32_t> mapping = {4, 7};
  remap_columns(*node, mapping);
  EXPECT_EQ(printed(node), "c4 >= 5 OR c7 IS NOT NULL OR c7 LIKE 'a''%'");
}

TEST(Trees, FoldKeepsOnlyWhatRowsDecide) {
  BindContext context;
  const auto flag = [] { return column(0, base::bit_type()); };
  const auto folded_and = [&](bool value) {
    return printed(fold(make_and(context, testing::list(make_bool(value, {}), flag()), {})));
  };
  EXPECT_EQ(folded_and(true), "c0");
  EXPECT_EQ(folded_and(false), "FALSE");
  EXPECT_EQ(printed(fold(make_or(context, testing::list(make_bool(true, {}), flag()), {}))),
            "TRUE");
  EXPECT_EQ(printed(fold(make_comparison(context, CompareOp::kEqual,
                                         column(0, base::integer_type()), make_null({}), {}))),
            "NULL");
  EXPECT_EQ(
      printed(fold(make_arithmetic(context, ArithmeticOp::kAdd, column(0, base::integer_type()),
                                   make_arithmetic(context, ArithmeticOp::kMultiply,
                                                   make_integer(2, {}), make_integer(-3, {}), {}),
                                   {}))),
      "c0 + -6");
  // A failing constant stays, and is reported with its place when a row reaches it.
  const ExpressionPtr bad = fold(make_arithmetic(
      context, ArithmeticOp::kDivide, make_integer(1, {}), make_integer(0, {}), {0, 3, 9}));
  EXPECT_EQ(printed(bad), "1 / 0");
  base::Arena arena;
  EvalContext running(arena);
  EXPECT_EQ(testing::message_of([&] { evaluate(*bad, nullptr, running); }),
            "division by zero at 3:9");
}

TEST(Trees, ConstantsAndVolatiles) {
  BindContext context;
  const ExpressionPtr now = make_function(context, "NOW", {}, {});
  EXPECT_TRUE(is_constant(*now));
  EXPECT_TRUE(is_constant(*make_parameter(0, {})));
  EXPECT_FALSE(is_constant(*column(0, base::integer_type())));
  EXPECT_TRUE(is_volatile(*make_negate(context, make_function(context, "RAND", {}, {}), {})));
}

TEST(Trees, Nullability) {
  BindContext context;
  const ExpressionPtr id = make_column(0, base::text_type(9), Nullability::kNoNulls, {});
  const ExpressionPtr subject = column(1, base::text_type(9));
  const auto call = [&](const std::string& name, ExpressionPtr a, ExpressionPtr b) {
    return make_function(context, name, testing::list(std::move(a), std::move(b)), {})->nullability;
  };
  EXPECT_EQ(call("UCASE", clone(*id), nullptr), Nullability::kNoNulls);
  EXPECT_EQ(call("UCASE", clone(*subject), nullptr), Nullability::kNullable);
  EXPECT_EQ(call("IFNULL", clone(*subject), clone(*id)), Nullability::kNoNulls);
  EXPECT_EQ(call("IFNULL", clone(*subject), clone(*subject)), Nullability::kNullable);
  EXPECT_EQ(call("NULLIF", clone(*id), clone(*id)), Nullability::kNullable);
}

}  // namespace
}  // namespace graphodbc::query
