// What the printer cannot show: literals' kinds, marker numbers, positions, shapes.
#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "sqlparser/parser.h"

namespace graphodbc::sqlparser {
namespace {

// Keeps the statement alive for the references taken from it.
struct Parsed {
  explicit Parsed(std::string_view sql) : statement(parse_statement(sql)) {}

  const Query& query() const { return *static_cast<const SelectStatement&>(*statement).query; }
  const SelectBody& select() const { return static_cast<const SelectBody&>(*query().body); }
  const Expr& item(std::size_t index) const { return *select().items.at(index).expr; }

  StatementPtr statement;
};

template <class T>
const T& node(const Expr& expr) {
  EXPECT_EQ(expr.kind, T::kKind);
  return static_cast<const T&>(expr);
}

TEST(Tree, LiteralsKeepTheirKindAndText) {
  const Parsed parsed(
      "SELECT 12, 1.5, 1e3, 'it''s', X'0f', TRUE, NULL, {d '2026-01-31'}, -9223372036854775808, "
      "INTERVAL -'1-2' YEAR(3) TO MONTH");
  const std::vector<std::pair<LiteralKind, std::string_view>> expected = {
      {LiteralKind::kInteger, "12"},
      {LiteralKind::kDecimal, "1.5"},
      {LiteralKind::kFloat, "1e3"},
      {LiteralKind::kString, "it's"},
      {LiteralKind::kBinary, "0F"},
      {LiteralKind::kBoolean, "TRUE"},
      {LiteralKind::kNull, "NULL"},
      {LiteralKind::kDate, "2026-01-31"},
      {LiteralKind::kInteger, "-9223372036854775808"},
      {LiteralKind::kInterval, "1-2"}};
  ASSERT_EQ(parsed.select().items.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto& literal = node<LiteralExpr>(parsed.item(i));
    EXPECT_EQ(literal.literal, expected[i].first) << i;
    EXPECT_EQ(literal.text, expected[i].second) << i;
  }
  const auto& interval = node<LiteralExpr>(parsed.item(9)).interval;
  EXPECT_EQ(interval.first, DateUnit::kYear);
  EXPECT_EQ(interval.last, DateUnit::kMonth);
  EXPECT_TRUE(interval.negative);
}

TEST(Tree, MarkersAreNumberedFromLeftToRight) {
  const Parsed parsed("SELECT TOP (?) ?, '?', \"?\" /* ? */ FROM t WHERE a = ? -- ?");
  EXPECT_EQ(count_parameters(*parsed.statement), 3U);
  EXPECT_EQ(node<ParameterExpr>(*parsed.query().limit->count).index, 1U);
  EXPECT_EQ(node<ParameterExpr>(parsed.item(0)).index, 2U);
  EXPECT_EQ(node<ParameterExpr>(*node<ComparisonExpr>(*parsed.select().where).right).index, 3U);

  const Parsed limit("SELECT a FROM t LIMIT ?, ?");
  EXPECT_EQ(node<ParameterExpr>(*limit.query().limit->offset).index, 1U);
  EXPECT_EQ(node<ParameterExpr>(*limit.query().limit->count).index, 2U);
}

TEST(Tree, TheResultMarkerOfACallIsTheFirst) {
  const StatementPtr statement = parse_statement("{? = call graph.MoveMessage(?, 'archive')}");
  const auto* call = as<CallStatement>(*statement);
  ASSERT_NE(call, nullptr);
  EXPECT_TRUE(call->has_result_marker);
  EXPECT_EQ(call->procedure.qualifiers.at(0).text, "graph");
  EXPECT_EQ(call->procedure.name.text, "MoveMessage");
  EXPECT_EQ(count_parameters(*statement), 2U);
  EXPECT_EQ(node<ParameterExpr>(*call->args.at(0)).index, 2U);
}

TEST(Tree, PositionsCountCharactersFromOne) {
  const Parsed parsed("SELECT 'ä😀',\n\t\"Größe\" + x");
  EXPECT_EQ(parsed.item(0).position.line, 1U);
  EXPECT_EQ(parsed.item(0).position.column, 8U);
  const auto& sum = node<ArithmeticExpr>(parsed.item(1));
  EXPECT_EQ(sum.position.line, 2U);
  EXPECT_EQ(sum.position.column, 2U);
  EXPECT_EQ(sum.steps.at(0).position.column, 10U);
  EXPECT_EQ(sum.steps.at(0).operand->position.column, 12U);
  EXPECT_EQ(sum.steps.at(0).operand->position.offset, 30U);
}

TEST(Tree, NamesKeepSpellingAndQuoting) {
  const Parsed parsed("SELECT Graph.graph.[Messages].id AS 'my id' FROM Graph.graph.Messages m");
  const auto& name = node<ColumnRefExpr>(parsed.item(0)).name;
  ASSERT_EQ(name.qualifiers.size(), 3U);
  EXPECT_EQ(name.qualifiers[0].text, "Graph");
  EXPECT_FALSE(name.qualifiers[1].quoted);
  EXPECT_EQ(name.qualifiers[2].text, "Messages");
  EXPECT_TRUE(name.qualifiers[2].quoted);
  EXPECT_EQ(name.name.text, "id");
  EXPECT_EQ(parsed.select().items[0].alias->text, "my id");
  const auto* table = as<NamedTableRef>(*parsed.select().from.at(0));
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->name.qualifiers.size(), 2U);
  EXPECT_EQ(table->alias->text, "m");
}

TEST(Tree, OperatorsBindByPrecedence) {
  const Parsed parsed("SELECT a OR b AND NOT c = d + e * f || -g");
  const auto& either = node<LogicalExpr>(parsed.item(0));
  EXPECT_EQ(either.op, LogicalOp::kOr);
  const auto& both = node<LogicalExpr>(*either.operands.at(1));
  EXPECT_EQ(both.op, LogicalOp::kAnd);
  const auto& comparison = node<ComparisonExpr>(*node<NotExpr>(*both.operands.at(1)).operand);
  const auto& sum = node<ArithmeticExpr>(*comparison.right);
  ASSERT_EQ(sum.steps.size(), 2U);
  EXPECT_EQ(sum.steps[0].op, ArithmeticOp::kAdd);
  EXPECT_EQ(node<ArithmeticExpr>(*sum.steps[0].operand).steps.at(0).op, ArithmeticOp::kMultiply);
  EXPECT_EQ(sum.steps[1].op, ArithmeticOp::kConcat);
  EXPECT_EQ(node<UnaryExpr>(*sum.steps[1].operand).op, UnaryOp::kMinus);
}

TEST(Tree, IntersectBindsMoreTightlyThanUnion) {
  const Parsed parsed("SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4");
  const auto* chain = as<SetOperationBody>(*parsed.query().body);
  ASSERT_NE(chain, nullptr);
  ASSERT_EQ(chain->steps.size(), 2U);
  EXPECT_EQ(chain->steps[0].op, SetOp::kUnion);
  EXPECT_TRUE(chain->steps[0].all);
  EXPECT_EQ(chain->steps[0].body->kind, QueryBodyKind::kSetOperation);
  EXPECT_EQ(chain->steps[1].op, SetOp::kExcept);
}

TEST(Tree, TopBecomesTheLimitOfItsQuery) {
  const Parsed sole("SELECT TOP 3 a FROM t ORDER BY a");
  ASSERT_TRUE(sole.query().limit.has_value());
  EXPECT_EQ(sole.query().limit->form, LimitForm::kTop);
  EXPECT_EQ(sole.query().body->kind, QueryBodyKind::kSelect);

  const Parsed arm("SELECT TOP 3 a FROM t UNION SELECT b FROM u LIMIT 9");
  EXPECT_EQ(arm.query().limit->form, LimitForm::kLimit);
  const auto* chain = as<SetOperationBody>(*arm.query().body);
  ASSERT_NE(chain, nullptr);
  const auto* nested = as<NestedQueryBody>(*chain->first);
  ASSERT_NE(nested, nullptr);
  EXPECT_EQ(nested->query->limit->form, LimitForm::kTop);
}

TEST(Tree, JoinsAssociateToTheLeft) {
  const Parsed parsed(
      "SELECT 1 FROM a JOIN b ON 1=1 LEFT OUTER JOIN (c CROSS JOIN d) USING (x, y)");
  const auto* outer = as<JoinTableRef>(*parsed.select().from.at(0));
  ASSERT_NE(outer, nullptr);
  EXPECT_EQ(outer->type, JoinType::kLeft);
  EXPECT_EQ(outer->using_columns.size(), 2U);
  EXPECT_EQ(outer->left->kind, TableRefKind::kJoin);
  EXPECT_EQ(outer->right->kind, TableRefKind::kJoin);
}

TEST(Tree, SpecialFormsBecomePlainArguments) {
  const Parsed parsed(
      "SELECT EXTRACT(HOUR FROM d), TRIM(TRAILING 'x' FROM s), SUBSTRING(s FROM 2 FOR 3), "
      "POSITION('a' IN s), {fn TIMESTAMPDIFF(SQL_TSI_WEEK, a, b)}, {fn CONVERT(s, SQL_DATE)}");
  EXPECT_EQ(node<FunctionExpr>(parsed.item(0)).unit, DateUnit::kHour);
  EXPECT_EQ(node<FunctionExpr>(parsed.item(0)).args.size(), 1U);
  const auto& trim = node<FunctionExpr>(parsed.item(1));
  EXPECT_EQ(trim.trim, TrimSide::kTrailing);
  EXPECT_EQ(trim.args.at(0)->kind, ExprKind::kColumnRef);
  EXPECT_EQ(trim.args.at(1)->kind, ExprKind::kLiteral);
  EXPECT_EQ(node<FunctionExpr>(parsed.item(2)).args.size(), 3U);
  EXPECT_EQ(node<FunctionExpr>(parsed.item(3)).args.at(0)->kind, ExprKind::kLiteral);
  EXPECT_EQ(node<FunctionExpr>(parsed.item(4)).unit, DateUnit::kWeek);
  EXPECT_EQ(node<CastExpr>(parsed.item(5)).type, base::date_type());
}

TEST(Tree, DropNamesItsTable) {
  const StatementPtr statement = parse_statement("DROP TABLE IF EXISTS graph.\"XT01\"");
  const auto* drop = as<DropStatement>(*statement);
  ASSERT_NE(drop, nullptr);
  EXPECT_TRUE(drop->if_exists);
  EXPECT_FALSE(drop->view);
  EXPECT_EQ(drop->name.name.text, "XT01");
}

}  // namespace
}  // namespace graphodbc::sqlparser
