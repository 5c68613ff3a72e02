// Constant folding: what literals decide is computed once, not row by row.
#include "query/expression/constant_set.h"
#include "query/expression/function.h"
#include "query/expression/internal.h"

namespace graphodbc::query {
namespace {

using base::Cell;

bool foldable_leaf(const Expression& node, bool at_execute) {
  if (node.kind == NodeKind::kParameter) return at_execute;
  if (node.kind != NodeKind::kFunction) return false;
  if (!node.children.empty()) return false;
  const Volatility volatility = node.function->volatility;
  return volatility == Volatility::kImmutable || (volatility == Volatility::kStable && at_execute);
}

bool all_literals(const Expression& node) {
  for (const ExpressionPtr& child : node.children) {
    if (!child->is_literal()) return false;
  }
  return !node.children.empty();
}

// A TIME that becomes a TIMESTAMP takes the date of the execution.
bool needs_today(const Expression& node) {
  const bool becomes_timestamp =
      (node.kind == NodeKind::kCast && node.type.type == base::SqlType::kTimestamp) ||
      (node.kind == NodeKind::kFunction && (node.function->id == FunctionId::kTimestampAdd ||
                                            node.function->id == FunctionId::kTimestampDiff));
  if (!becomes_timestamp) return false;
  for (const ExpressionPtr& child : node.children) {
    if (child->type.type == base::SqlType::kTime) return true;
  }
  return false;
}

bool may_compute(const Expression& node, bool at_execute) {
  if (node.is_literal() || node.kind == NodeKind::kColumn) return false;
  if (node.kind >= NodeKind::kAggregate) return false;
  if (node.children.empty()) return foldable_leaf(node, at_execute);
  if (!all_literals(node)) return false;
  if (!at_execute && needs_today(node)) return false;
  if (node.function == nullptr) return true;
  return node.function->volatility == Volatility::kImmutable ||
         (node.function->volatility == Volatility::kStable && at_execute);
}

// The node as a literal, or as it is when its evaluation fails or warns: then the row that reaches
// it has to report that.
ExpressionPtr compute(ExpressionPtr node, EvalContext& context) {
  std::vector<base::Warning> warnings;
  std::vector<base::Warning>* const outer = context.warnings;
  context.warnings = &warnings;
  ExpressionPtr result;
  try {
    const Cell cell = evaluate(*node, nullptr, context);
    const bool inexact_marker =
        node->kind == NodeKind::kParameter && !cell.is_null() && base::is_numeric(node->type.type);
    const base::TypeInfo own = inexact_marker ? type_of_cell(cell) : node->type;
    // An INTEGER marker that got 1.5 is DECIMAL from here on; one that got 7 stays INTEGER.
    const bool keeps_type = !inexact_marker || base::is_integer(own.type) ||
                            base::is_integer(node->type.type) == base::is_integer(own.type);
    result = make_literal(base::Value(cell), keeps_type ? node->type : own, node->position);
  } catch (const base::Error& error) {
    // An unbound marker is no property of a row.
    if (error.state() == base::SqlState("07002")) {
      context.warnings = outer;
      throw;
    }
  }
  context.warnings = outer;
  return result && warnings.empty() ? std::move(result) : std::move(node);
}

bool decides(NodeKind kind, const Expression& operand) {
  if (!operand.is_literal() || operand.cell.is_null()) return false;
  return (operand.cell.integer != 0) == (kind == NodeKind::kOr);
}

// TRUE AND x is x, FALSE AND x is FALSE; OR the other way round.
ExpressionPtr simplify_logic(ExpressionPtr node) {
  std::vector<ExpressionPtr> kept;
  for (ExpressionPtr& child : node->children) {
    if (decides(node->kind, *child)) return std::move(child);
    const bool neutral = child->is_literal() && !child->cell.is_null();
    if (!neutral) kept.push_back(std::move(child));
  }
  if (kept.empty()) return make_bool(node->kind == NodeKind::kAnd, node->position);
  if (kept.size() == 1) return std::move(kept.front());
  // Folding can bring AND below AND: keep it flat.
  node->children.clear();
  for (ExpressionPtr& child : kept) {
    if (child->kind == node->kind) {
      for (ExpressionPtr& inner : child->children) node->children.push_back(std::move(inner));
    } else {
      node->children.push_back(std::move(child));
    }
  }
  return node;
}

// Arms that cannot be taken go; an arm that always is ends the list.
ExpressionPtr simplify_case(ExpressionPtr node) {
  std::vector<ExpressionPtr> kept;
  std::size_t at = 0;
  bool ended = false;
  for (; at + 1 < node->children.size() && !ended; at += 2) {
    const Expression& when = *node->children[at];
    if (when.is_literal()) {
      if (when.cell.is_null() || when.cell.integer == 0) continue;
      kept.push_back(std::move(node->children[at + 1]));
      ended = true;
    } else {
      kept.push_back(std::move(node->children[at]));
      kept.push_back(std::move(node->children[at + 1]));
    }
  }
  if (!ended) kept.push_back(std::move(node->children.back()));
  if (kept.size() == 1 && kept.front()->type.type == node->type.type) {
    kept.front()->type = node->type;
    return std::move(kept.front());
  }
  node->children = std::move(kept);
  return node;
}

// Kinds where one null operand makes the result null, whatever the others are.
bool is_strict(NodeKind kind) {
  switch (kind) {
    case NodeKind::kNegate:
    case NodeKind::kArithmetic:
    case NodeKind::kConcat:
    case NodeKind::kComparison:
    case NodeKind::kLike:
    case NodeKind::kCast:
    case NodeKind::kFunction:
      return true;
    default:
      return false;
  }
}

bool has_null_operand(const Expression& node) {
  for (const ExpressionPtr& child : node.children) {
    if (child->is_null_literal()) return true;
  }
  return false;
}

ExpressionPtr fold_node(ExpressionPtr node, EvalContext& context, bool at_execute) {
  for (ExpressionPtr& child : node->children) {
    child = fold_node(std::move(child), context, at_execute);
  }
  if (node->kind == NodeKind::kLike && !node->pattern) compile_like(*node);
  if (node->kind == NodeKind::kInList && !node->set) node->set = ConstantSet::make(*node);
  if (node->kind == NodeKind::kAnd || node->kind == NodeKind::kOr) {
    return simplify_logic(std::move(node));
  }
  if (node->kind == NodeKind::kCase) return simplify_case(std::move(node));
  if (is_strict(node->kind) && has_null_operand(*node)) {
    return make_literal(base::Value(), node->type, node->position);
  }
  if (may_compute(*node, at_execute)) return compute(std::move(node), context);
  return node;
}

}  // namespace

ExpressionPtr fold(ExpressionPtr expression) {
  base::Arena arena;
  EvalContext context(arena);
  return fold_node(std::move(expression), context, false);
}

ExpressionPtr fold(ExpressionPtr expression, EvalContext& context) {
  return fold_node(std::move(expression), context, true);
}

}  // namespace graphodbc::query
