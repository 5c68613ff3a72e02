// Subqueries bind fully, so that their mistakes are told, and then need the local engine.
#include "base/error.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {

// `type` null: the value is a BIT and any number of columns will do (EXISTS). Else the one column's
// type is the value's.
ExpressionPtr StatementBinder::bind_subquery(const sqlparser::Query& query, const char* what,
                                             const Scope& scope, const base::TypeInfo* type,
                                             Position position) {
  need_engine(what, position);
  const BoundQuery bound = bind_query(query, &scope);
  if (type == nullptr) return placeholder(base::bit_type(), position);
  if (bound.columns.size() != 1) {
    throw base::Error("42000", std::string(what) + at_position(position) + " gives " +
                                   std::to_string(bound.columns.size()) +
                                   " columns where one is needed");
  }
  return placeholder(bound.columns[0].type, position);
}

ExpressionPtr StatementBinder::bind_in_query(const sqlparser::InQueryExpr& expr, const Scope& scope,
                                             Clause clause) {
  ExpressionPtr operand = bind_expr(*expr.operand, scope, clause);
  const base::TypeInfo any;
  ExpressionPtr value = bind_subquery(*expr.query, "IN (query)", scope, &any, expr.position);
  return make_comparison(context_, CompareOp::kEqual, std::move(operand), std::move(value),
                         expr.position);
}

ExpressionPtr StatementBinder::bind_quantified(const sqlparser::QuantifiedExpr& expr,
                                               const Scope& scope, Clause clause) {
  ExpressionPtr left = bind_expr(*expr.left, scope, clause);
  const base::TypeInfo any;
  ExpressionPtr value =
      bind_subquery(*expr.query, "a quantified comparison", scope, &any, expr.position);
  return make_comparison(context_, expr.op, std::move(left), std::move(value), expr.position);
}

}  // namespace graphodbc::query
