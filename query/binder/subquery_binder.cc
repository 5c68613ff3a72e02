// Subqueries as values and in conditions.
#include "base/error.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

void check_one_column(const BoundQuery& query, const char* what, Position position) {
  if (query.columns.size() == 1) return;
  throw base::Error("42000", std::string(what) + at_position(position) + " gives " +
                                 std::to_string(query.columns.size()) +
                                 " columns where one is needed");
}

}  // namespace

ExpressionPtr StatementBinder::bind_scalar_subquery(const sqlparser::ScalarSubqueryExpr& expr,
                                                    const Scope& scope) {
  BoundQueryPtr query = bind_query(*expr.query, &scope);
  check_one_column(*query, "a subquery", expr.position);
  return make_subquery(std::move(query), expr.position);
}

ExpressionPtr StatementBinder::bind_exists(const sqlparser::ExistsExpr& expr, const Scope& scope) {
  return make_exists(bind_query(*expr.query, &scope), expr.position);
}

// The query, its one column and `value` brought to one type.
BoundQueryPtr StatementBinder::bind_compared_query(const sqlparser::Query& ast, const char* what,
                                                   const Scope& scope, ExpressionPtr& value,
                                                   Position position) {
  BoundQueryPtr query = bind_query(ast, &scope, Typing::kOpen);
  check_one_column(*query, what, position);
  std::vector<ExpressionPtr*> operands{&value};
  // Converted rows may sort otherwise and be distinct where the originals were not, so what
  // chooses rows by that has to come first.
  const bool in_place = query->kind != QueryKind::kSetOperation && !query->limit && !query->offset;
  if (!in_place) {
    finish(*query);
    query = wrap(std::move(query));
  }
  for (auto& row : query->values) operands.push_back(&row[0]);
  for (ExpressionPtr& output : query->outputs) operands.push_back(&output);
  make_one_type(context_, operands, position);
  finish(*query);
  return query;
}

ExpressionPtr StatementBinder::bind_in_query(const sqlparser::InQueryExpr& expr, const Scope& scope,
                                             Clause clause) {
  ExpressionPtr value = bind_expr(*expr.operand, scope, clause);
  BoundQueryPtr query = bind_compared_query(*expr.query, "IN (query)", scope, value, expr.position);
  return make_in_query(context_, std::move(value), std::move(query), expr.negated, expr.position);
}

ExpressionPtr StatementBinder::bind_quantified(const sqlparser::QuantifiedExpr& expr,
                                               const Scope& scope, Clause clause) {
  ExpressionPtr value = bind_expr(*expr.left, scope, clause);
  BoundQueryPtr query =
      bind_compared_query(*expr.query, "a quantified comparison", scope, value, expr.position);
  const Quantifier quantifier =
      expr.quantifier == sqlparser::Quantifier::kAll ? Quantifier::kAll : Quantifier::kAny;
  return make_quantified(context_, expr.op, quantifier, std::move(value), std::move(query),
                         expr.position);
}

}  // namespace graphodbc::query
