#include <optional>

#include "base/error.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

// nullopt for ||, which is no arithmetic.
std::optional<ArithmeticOp> arithmetic_of(sqlparser::ArithmeticOp op) {
  switch (op) {
    case sqlparser::ArithmeticOp::kAdd:
      return ArithmeticOp::kAdd;
    case sqlparser::ArithmeticOp::kSubtract:
      return ArithmeticOp::kSubtract;
    case sqlparser::ArithmeticOp::kMultiply:
      return ArithmeticOp::kMultiply;
    case sqlparser::ArithmeticOp::kDivide:
      return ArithmeticOp::kDivide;
    case sqlparser::ArithmeticOp::kModulo:
      return ArithmeticOp::kModulo;
    case sqlparser::ArithmeticOp::kConcat:
      break;
  }
  return std::nullopt;
}

Truth truth_of(sqlparser::TruthValue value) {
  switch (value) {
    case sqlparser::TruthValue::kTrue:
      return Truth::kTrue;
    case sqlparser::TruthValue::kFalse:
      return Truth::kFalse;
    case sqlparser::TruthValue::kUnknown:
      break;
  }
  return Truth::kUnknown;
}

}  // namespace

std::vector<ExpressionPtr> StatementBinder::bind_list(const sqlparser::ExprList& list,
                                                      const Scope& scope, Clause clause) {
  std::vector<ExpressionPtr> bound;
  bound.reserve(list.size());
  for (const sqlparser::ExprPtr& expr : list) bound.push_back(bind_expr(*expr, scope, clause));
  return bound;
}

// Null only for GRAPH_SEARCH, which stands where select_.search_allowed says so.
ExpressionPtr StatementBinder::bind_condition(const sqlparser::Expr& expr, const Scope& scope,
                                              Clause clause) {
  ExpressionPtr bound = bind_expr(expr, scope, clause);
  if (!bound) return nullptr;
  return make_condition(context_, std::move(bound), expr.position);
}

ExpressionPtr StatementBinder::bind_expr(const sqlparser::Expr& expr, const Scope& scope,
                                         Clause clause) {
  using namespace sqlparser;
  const bool search_allowed = std::exchange(select_.search_allowed, false);
  switch (expr.kind) {
    case ExprKind::kLiteral:
      return bind_literal(static_cast<const LiteralExpr&>(expr));
    case ExprKind::kParameter:
      return bind_parameter(static_cast<const ParameterExpr&>(expr));
    case ExprKind::kColumnRef:
      return bind_column(static_cast<const ColumnRefExpr&>(expr), scope);
    case ExprKind::kStar:
      throw base::Error("42000", "* cannot stand here" + at_position(expr.position));
    case ExprKind::kDefault:
      throw base::Error("42000", "DEFAULT cannot stand here" + at_position(expr.position));
    case ExprKind::kUnary: {
      const auto& unary = static_cast<const UnaryExpr&>(expr);
      ExpressionPtr operand = bind_expr(*unary.operand, scope, clause);
      if (unary.op == UnaryOp::kMinus) {
        return make_negate(context_, std::move(operand), expr.position);
      }
      // +a is a number: adding nothing checks the operand and keeps its type.
      return make_negate(context_, make_negate(context_, std::move(operand), expr.position),
                         expr.position);
    }
    case ExprKind::kNot: {
      const auto& negation = static_cast<const NotExpr&>(expr);
      return make_not(context_, bind_condition(*negation.operand, scope, clause), expr.position);
    }
    case ExprKind::kLogical: {
      const auto& logical = static_cast<const LogicalExpr&>(expr);
      std::vector<ExpressionPtr> operands;
      for (const ExprPtr& operand : logical.operands) {
        operands.push_back(bind_condition(*operand, scope, clause));
      }
      return logical.op == LogicalOp::kAnd ? make_and(context_, std::move(operands), expr.position)
                                           : make_or(context_, std::move(operands), expr.position);
    }
    case ExprKind::kArithmetic:
      return bind_arithmetic(static_cast<const ArithmeticExpr&>(expr), scope, clause);
    case ExprKind::kComparison:
      return bind_comparison(static_cast<const ComparisonExpr&>(expr), scope, clause);
    case ExprKind::kRow:
      throw base::Error(
          "42000", "a row value can only be compared with another" + at_position(expr.position));
    case ExprKind::kBetween: {
      const auto& between = static_cast<const BetweenExpr&>(expr);
      ExpressionPtr operand = bind_expr(*between.operand, scope, clause);
      ExpressionPtr low = bind_expr(*between.low, scope, clause);
      ExpressionPtr high = bind_expr(*between.high, scope, clause);
      return make_between(context_, std::move(operand), std::move(low), std::move(high),
                          between.negated, expr.position);
    }
    case ExprKind::kInList: {
      const auto& in = static_cast<const InListExpr&>(expr);
      ExpressionPtr operand = bind_expr(*in.operand, scope, clause);
      return make_in_list(context_, std::move(operand), bind_list(in.items, scope, clause),
                          in.negated, expr.position);
    }
    case ExprKind::kInQuery:
      return bind_in_query(static_cast<const InQueryExpr&>(expr), scope, clause);
    case ExprKind::kLike: {
      const auto& like = static_cast<const LikeExpr&>(expr);
      ExpressionPtr operand = bind_expr(*like.operand, scope, clause);
      ExpressionPtr pattern = bind_expr(*like.pattern, scope, clause);
      ExpressionPtr escape = like.escape ? bind_expr(*like.escape, scope, clause) : nullptr;
      return make_like(context_, std::move(operand), std::move(pattern), std::move(escape),
                       like.negated, expr.position);
    }
    case ExprKind::kIsNull: {
      const auto& is_null = static_cast<const IsNullExpr&>(expr);
      return make_is_null(context_, bind_expr(*is_null.operand, scope, clause), is_null.negated,
                          expr.position);
    }
    case ExprKind::kIsTruth: {
      const auto& is = static_cast<const IsTruthExpr&>(expr);
      return make_is_truth(context_, bind_condition(*is.operand, scope, clause), truth_of(is.value),
                           is.negated, expr.position);
    }
    case ExprKind::kIsDistinct: {
      const auto& is = static_cast<const IsDistinctExpr&>(expr);
      ExpressionPtr left = bind_expr(*is.left, scope, clause);
      ExpressionPtr right = bind_expr(*is.right, scope, clause);
      return make_is_distinct(context_, std::move(left), std::move(right), is.negated,
                              expr.position);
    }
    case ExprKind::kExists:
      return bind_exists(static_cast<const ExistsExpr&>(expr), scope);
    case ExprKind::kQuantified:
      return bind_quantified(static_cast<const QuantifiedExpr&>(expr), scope, clause);
    case ExprKind::kCase:
      return bind_case(static_cast<const CaseExpr&>(expr), scope, clause);
    case ExprKind::kCast: {
      const auto& cast = static_cast<const CastExpr&>(expr);
      return make_cast(context_, bind_expr(*cast.operand, scope, clause), cast.type, expr.position);
    }
    case ExprKind::kFunction:
      select_.search_allowed = search_allowed;
      return bind_function(static_cast<const FunctionExpr&>(expr), scope, clause);
    case ExprKind::kScalarSubquery:
      return bind_scalar_subquery(static_cast<const ScalarSubqueryExpr&>(expr), scope);
  }
  throw base::Error("HY000", "internal error: an expression of an unknown kind");
}

ExpressionPtr StatementBinder::bind_parameter(const sqlparser::ParameterExpr& marker) {
  const std::uint32_t index = marker.index - 1;
  ExpressionPtr bound = make_parameter(index, marker.position);
  if (index < parameter_types_.size()) infer(context_, *bound, parameter_types_[index]);
  return bound;
}

ExpressionPtr StatementBinder::bind_literal(const sqlparser::LiteralExpr& literal) {
  using sqlparser::LiteralKind;
  switch (literal.literal) {
    case LiteralKind::kNull:
      return make_null(literal.position);
    case LiteralKind::kBoolean:
      return make_bool(literal.text == "TRUE", literal.position);
    case LiteralKind::kInteger:
    case LiteralKind::kDecimal:
    case LiteralKind::kFloat:
      return make_number(literal.text, literal.position);
    case LiteralKind::kString:
      return make_text(literal.text, literal.position);
    case LiteralKind::kBinary:
      return make_hex(literal.text, literal.position);
    case LiteralKind::kDate:
      return make_datetime(base::SqlType::kDate, literal.text, literal.position);
    case LiteralKind::kTime:
      return make_datetime(base::SqlType::kTime, literal.text, literal.position);
    case LiteralKind::kTimestamp:
      return make_datetime(base::SqlType::kTimestamp, literal.text, literal.position);
    case LiteralKind::kGuid:
      return make_guid(literal.text, literal.position);
    case LiteralKind::kInterval:
      break;
  }
  throw base::Error("42000", "an INTERVAL can only be added to or taken from a date or time" +
                                 at_position(literal.position));
}

ExpressionPtr StatementBinder::bind_column(const sqlparser::ColumnRefExpr& ref,
                                           const Scope& scope) {
  return column_expression(scope.resolve(ref.name), ref.position);
}

ExpressionPtr StatementBinder::bind_arithmetic(const sqlparser::ArithmeticExpr& expr,
                                               const Scope& scope, Clause clause) {
  ExpressionPtr left = bind_expr(*expr.first, scope, clause);
  for (const sqlparser::ArithmeticStep& step : expr.steps) {
    const auto* literal = sqlparser::as<sqlparser::LiteralExpr>(*step.operand);
    const bool additive =
        step.op == sqlparser::ArithmeticOp::kAdd || step.op == sqlparser::ArithmeticOp::kSubtract;
    if (additive && literal != nullptr && literal->literal == sqlparser::LiteralKind::kInterval) {
      left = make_interval_add(context_, std::move(left),
                               step.op == sqlparser::ArithmeticOp::kSubtract, literal->text,
                               literal->interval, step.position);
      continue;
    }
    ExpressionPtr right = bind_expr(*step.operand, scope, clause);
    if (const auto op = arithmetic_of(step.op)) {
      left = make_arithmetic(context_, *op, std::move(left), std::move(right), step.position);
    } else {
      left = make_concat(context_, std::move(left), std::move(right), step.position);
    }
  }
  return left;
}

ExpressionPtr StatementBinder::bind_comparison(const sqlparser::ComparisonExpr& expr,
                                               const Scope& scope, Clause clause) {
  const auto* left_row = sqlparser::as<sqlparser::RowExpr>(*expr.left);
  const auto* right_row = sqlparser::as<sqlparser::RowExpr>(*expr.right);
  if (left_row == nullptr || right_row == nullptr) {
    ExpressionPtr left = bind_expr(*expr.left, scope, clause);
    ExpressionPtr right = bind_expr(*expr.right, scope, clause);
    return make_comparison(context_, expr.op, std::move(left), std::move(right), expr.position);
  }
  // (a, b) = (c, d) is a = c AND b = d; <> is its negation (SQL-92 8.2).
  std::vector<ExpressionPtr> parts;
  for (std::size_t i = 0; i < left_row->items.size(); ++i) {
    ExpressionPtr left = bind_expr(*left_row->items[i], scope, clause);
    ExpressionPtr right = bind_expr(*right_row->items[i], scope, clause);
    parts.push_back(make_comparison(context_, expr.op, std::move(left), std::move(right),
                                    left_row->items[i]->position));
  }
  return expr.op == CompareOp::kEqual ? make_and(context_, std::move(parts), expr.position)
                                      : make_or(context_, std::move(parts), expr.position);
}

ExpressionPtr StatementBinder::bind_case(const sqlparser::CaseExpr& expr, const Scope& scope,
                                         Clause clause) {
  ExpressionPtr operand = expr.operand ? bind_expr(*expr.operand, scope, clause) : nullptr;
  std::vector<CaseArm> arms;
  for (const sqlparser::CaseBranch& branch : expr.branches) {
    CaseArm arm;
    arm.when = expr.operand ? bind_expr(*branch.when, scope, clause)
                            : bind_condition(*branch.when, scope, clause);
    arm.then = bind_expr(*branch.then, scope, clause);
    arms.push_back(std::move(arm));
  }
  ExpressionPtr otherwise = expr.otherwise ? bind_expr(*expr.otherwise, scope, clause) : nullptr;
  return make_case(context_, std::move(operand), std::move(arms), std::move(otherwise),
                   expr.position);
}

}  // namespace graphodbc::query
