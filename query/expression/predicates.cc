// Conditions: comparison, logic, BETWEEN, IN, LIKE, IS (sql-dialect.md 4.3 and 5).
#include <algorithm>

#include "query/expression/constant_set.h"
#include "query/expression/internal.h"
#include "query/expression/like.h"

namespace graphodbc::query {

using base::SqlType;
using base::TypeInfo;

namespace {

ExpressionPtr predicate(NodeKind kind, Position position) {
  auto node = std::make_unique<Expression>(kind, position);
  node->type = base::bit_type();
  return node;
}

bool any_nocase(const BindContext& context, const Expression& node) {
  return context.nocase || std::any_of(node.children.begin(), node.children.end(),
                                       [](const ExpressionPtr& c) { return c->type.nocase; });
}

// Children converted to what they are compared as; sets compare and nocase.
void make_comparable(BindContext& context, Expression& node) {
  std::vector<ExpressionPtr*> operands;
  for (ExpressionPtr& child : node.children) operands.push_back(&child);
  TypeInfo type = comparison_type(context, operands, node.position);
  for (ExpressionPtr& child : node.children) {
    if (type.type == SqlType::kUnknown) {
      leave_open(context, *child);
      continue;
    }
    child = coerce_for_comparison(context, std::move(child), type, node.position);
  }
  node.nocase = any_nocase(context, node);
  node.compare = compare_function(type);
}

CompareOp opposite(CompareOp op) {
  static constexpr CompareOp kOpposites[] = {CompareOp::kNotEqual,     CompareOp::kEqual,
                                             CompareOp::kGreaterEqual, CompareOp::kGreater,
                                             CompareOp::kLessEqual,    CompareOp::kLess};
  return kOpposites[static_cast<std::size_t>(op)];
}

ExpressionPtr join(BindContext& context, NodeKind kind, std::vector<ExpressionPtr> operands,
                   Position position) {
  auto node = predicate(kind, position);
  for (ExpressionPtr& operand : operands) {
    ExpressionPtr condition = make_condition(context, std::move(operand), position);
    if (condition->kind == kind) {
      for (ExpressionPtr& child : condition->children) node->children.push_back(std::move(child));
    } else {
      node->children.push_back(std::move(condition));
    }
  }
  if (node->children.empty()) return make_bool(kind == NodeKind::kAnd, position);
  if (node->children.size() == 1) return std::move(node->children.front());
  node->nullability = nullability_of(*node);
  return node;
}

ExpressionPtr negate_if(BindContext& context, bool negated, ExpressionPtr node, Position position) {
  return negated ? make_not(context, std::move(node), position) : std::move(node);
}

}  // namespace

ExpressionPtr make_condition(BindContext& context, ExpressionPtr operand, Position position) {
  infer(context, *operand, base::bit_type());
  if (operand->type.type == SqlType::kBit) return operand;
  if (base::is_numeric(operand->type.type)) {
    return make_comparison(context, CompareOp::kNotEqual, std::move(operand),
                           make_integer(0, position), position);
  }
  fail("42000", "a condition is needed here, not " + type_name(operand->type), operand->position);
}

ExpressionPtr make_comparison(BindContext& context, CompareOp op, ExpressionPtr left,
                              ExpressionPtr right, Position position) {
  auto node = predicate(NodeKind::kComparison, position);
  node->comparison = op;
  node->children.push_back(std::move(left));
  node->children.push_back(std::move(right));
  make_comparable(context, *node);
  node->nullability = nullability_of(*node);
  return node;
}

ExpressionPtr make_and(BindContext& context, std::vector<ExpressionPtr> operands,
                       Position position) {
  return join(context, NodeKind::kAnd, std::move(operands), position);
}

ExpressionPtr make_or(BindContext& context, std::vector<ExpressionPtr> operands,
                      Position position) {
  return join(context, NodeKind::kOr, std::move(operands), position);
}

ExpressionPtr make_not(BindContext& context, ExpressionPtr operand, Position position) {
  operand = make_condition(context, std::move(operand), position);
  switch (operand->kind) {
    case NodeKind::kLiteral:
      if (operand->cell.is_null()) return operand;
      return make_bool(operand->cell.integer == 0, position);
    case NodeKind::kComparison:
      operand->comparison = opposite(operand->comparison);
      return operand;
    case NodeKind::kIsNull:
    case NodeKind::kIsTruth:
    case NodeKind::kIsDistinct:
    case NodeKind::kInQuery:
      operand->negated = !operand->negated;
      return operand;
    case NodeKind::kQuantified:
      // NOT (a = ANY q) is a <> ALL q, also where NULLs make it unknown (SQL-92 8.7).
      operand->comparison = opposite(operand->comparison);
      operand->quantifier =
          operand->quantifier == Quantifier::kAny ? Quantifier::kAll : Quantifier::kAny;
      return operand;
    case NodeKind::kNot:
      return std::move(operand->children.front());
    case NodeKind::kAnd:
    case NodeKind::kOr:
      operand->kind = operand->kind == NodeKind::kAnd ? NodeKind::kOr : NodeKind::kAnd;
      for (ExpressionPtr& child : operand->children) {
        child = make_not(context, std::move(child), position);
      }
      return operand;
    default:
      break;
  }
  auto node = predicate(NodeKind::kNot, position);
  node->nullability = operand->nullability;
  node->children.push_back(std::move(operand));
  return node;
}

ExpressionPtr make_is_null(BindContext& context, ExpressionPtr operand, bool negated,
                           Position position) {
  leave_open(context, *operand);
  auto node = predicate(NodeKind::kIsNull, position);
  node->negated = negated;
  node->nullability = Nullability::kNoNulls;
  node->children.push_back(std::move(operand));
  return node;
}

ExpressionPtr make_is_truth(BindContext& context, ExpressionPtr operand, Truth truth, bool negated,
                            Position position) {
  auto node = predicate(NodeKind::kIsTruth, position);
  node->children.push_back(make_condition(context, std::move(operand), position));
  node->truth = truth;
  node->negated = negated;
  node->nullability = Nullability::kNoNulls;
  return node;
}

ExpressionPtr make_is_distinct(BindContext& context, ExpressionPtr left, ExpressionPtr right,
                               bool negated, Position position) {
  auto node = predicate(NodeKind::kIsDistinct, position);
  node->children.push_back(std::move(left));
  node->children.push_back(std::move(right));
  make_comparable(context, *node);
  node->negated = negated;
  node->nullability = Nullability::kNoNulls;
  return node;
}

ExpressionPtr make_between(BindContext& context, ExpressionPtr value, ExpressionPtr low,
                           ExpressionPtr high, bool negated, Position position) {
  std::vector<ExpressionPtr*> operands{&value, &low, &high};
  const TypeInfo type = comparison_type(context, operands, position);
  if (type.type == SqlType::kUnknown) {
    for (ExpressionPtr* operand : operands) leave_open(context, **operand);
  }
  if (!is_volatile(*value)) {
    // Two comparisons are what the planner can push.
    std::vector<ExpressionPtr> parts;
    parts.push_back(make_comparison(context, CompareOp::kGreaterEqual, copy_operand(*value),
                                    std::move(low), position));
    parts.push_back(make_comparison(context, CompareOp::kLessEqual, std::move(value),
                                    std::move(high), position));
    return negate_if(context, negated, make_and(context, std::move(parts), position), position);
  }
  auto node = predicate(NodeKind::kBetween, position);
  for (ExpressionPtr* operand : operands) node->children.push_back(std::move(*operand));
  make_comparable(context, *node);
  node->nullability = nullability_of(*node);
  return negate_if(context, negated, std::move(node), position);
}

ExpressionPtr make_in_list(BindContext& context, ExpressionPtr value,
                           std::vector<ExpressionPtr> items, bool negated, Position position) {
  if (items.empty()) fail("42000", "IN needs at least one value", position);
  if (items.size() == 1) {
    return make_comparison(context, negated ? CompareOp::kNotEqual : CompareOp::kEqual,
                           std::move(value), std::move(items.front()), position);
  }
  auto node = predicate(NodeKind::kInList, position);
  node->children.reserve(items.size() + 1);
  node->children.push_back(std::move(value));
  for (ExpressionPtr& item : items) node->children.push_back(std::move(item));
  make_comparable(context, *node);
  node->nullability = nullability_of(*node);
  node->set = ConstantSet::make(*node);
  return negate_if(context, negated, std::move(node), position);
}

ExpressionPtr make_like(BindContext& context, ExpressionPtr value, ExpressionPtr pattern,
                        ExpressionPtr escape, bool negated, Position position) {
  infer(context, *value, base::text_type(base::kMaxVarChar));
  value = require_text(context, std::move(value), "LIKE");
  infer(context, *pattern, base::text_type(value->type.size, value->type.nocase));
  auto node = predicate(NodeKind::kLike, position);
  node->children.push_back(std::move(value));
  node->children.push_back(require_text(context, std::move(pattern), "LIKE"));
  if (escape) {
    infer(context, *escape, base::text_type(1));
    node->children.push_back(require_text(context, std::move(escape), "ESCAPE"));
  }
  node->nocase = any_nocase(context, *node);
  node->nullability = nullability_of(*node);
  compile_like(*node);
  return negate_if(context, negated, std::move(node), position);
}

}  // namespace graphodbc::query
