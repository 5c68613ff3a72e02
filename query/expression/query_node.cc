// Queries as values and conditions. The queries themselves are the binder's work.
#include "query/binder/bound_query.h"
#include "query/expression/internal.h"

namespace graphodbc::query {
namespace {

using base::SqlType;
using base::TypeInfo;

ExpressionPtr query_node(NodeKind kind, std::shared_ptr<const BoundQuery> query,
                         Position position) {
  auto node = std::make_unique<Expression>(kind, position);
  node->type = base::bit_type();
  node->query = std::move(query);
  return node;
}

ExpressionPtr compared_with_query(const BindContext& context, NodeKind kind, ExpressionPtr value,
                                  std::shared_ptr<const BoundQuery> query, Position position) {
  ExpressionPtr node = query_node(kind, std::move(query), position);
  const ResultColumn& column = node->query->columns[0];
  node->nocase = context.nocase || value->type.nocase || column.type.nocase;
  const bool certain =
      value->nullability == Nullability::kNoNulls && column.nullability == Nullability::kNoNulls;
  node->nullability = certain ? Nullability::kNoNulls : Nullability::kNullable;
  node->children.push_back(std::move(value));
  return node;
}

}  // namespace

ExpressionPtr make_subquery(std::shared_ptr<const BoundQuery> query, Position position) {
  ExpressionPtr node = query_node(NodeKind::kSubquery, std::move(query), position);
  node->type = node->query->columns[0].type;
  node->nullability = Nullability::kNullable;  // no row: NULL
  return node;
}

ExpressionPtr make_exists(std::shared_ptr<const BoundQuery> query, Position position) {
  ExpressionPtr node = query_node(NodeKind::kExists, std::move(query), position);
  node->nullability = Nullability::kNoNulls;
  return node;
}

ExpressionPtr make_in_query(const BindContext& context, ExpressionPtr value,
                            std::shared_ptr<const BoundQuery> query, bool negated,
                            Position position) {
  ExpressionPtr node = compared_with_query(context, NodeKind::kInQuery, std::move(value),
                                           std::move(query), position);
  node->negated = negated;
  return node;
}

ExpressionPtr make_quantified(const BindContext& context, CompareOp op, Quantifier quantifier,
                              ExpressionPtr value, std::shared_ptr<const BoundQuery> query,
                              Position position) {
  ExpressionPtr node = compared_with_query(context, NodeKind::kQuantified, std::move(value),
                                           std::move(query), position);
  node->comparison = op;
  node->quantifier = quantifier;
  return node;
}

void make_one_type(BindContext& context, const std::vector<ExpressionPtr*>& operands,
                   Position position) {
  TypeInfo type = comparison_type(context, operands, position);
  if (type.type == SqlType::kUnknown) {
    for (ExpressionPtr* operand : operands) leave_open(context, **operand);
    return;
  }
  for (ExpressionPtr* operand : operands) {
    *operand = coerce_for_comparison(context, std::move(*operand), type, position);
  }
  // Text beside a number has become DOUBLE or a number literal of its own type.
  for (ExpressionPtr* operand : operands) type = common_type(type, (*operand)->type, position);
  for (ExpressionPtr* operand : operands) {
    *operand = coerce(context, std::move(*operand), type, position);
  }
}

}  // namespace graphodbc::query
