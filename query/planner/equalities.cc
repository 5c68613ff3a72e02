#include "query/planner/equalities.h"

#include <algorithm>

namespace graphodbc::query {
namespace {

// `a = constant` or `a IN (constants)` of a bare column; nullopt otherwise.
std::optional<std::uint32_t> bounded_column(const Expression& condition) {
  const auto column = [](const Expression& expression) -> std::optional<std::uint32_t> {
    if (expression.kind != NodeKind::kColumn) return std::nullopt;
    return expression.index;
  };
  if (condition.kind == NodeKind::kComparison && condition.comparison == CompareOp::kEqual) {
    if (is_constant(condition.child(1))) return column(condition.child(0));
    if (is_constant(condition.child(0))) return column(condition.child(1));
    return std::nullopt;
  }
  if (condition.kind != NodeKind::kInList || condition.negated) return std::nullopt;
  for (std::size_t i = 1; i < condition.children.size(); ++i) {
    if (!is_constant(condition.child(i))) return std::nullopt;
  }
  return column(condition.child(0));
}

void replace_column(Expression& expression, std::uint32_t from, const Expression& to) {
  if (expression.kind == NodeKind::kColumn && expression.index == from) {
    expression.index = to.index;
    expression.type = to.type;
    expression.nullability = to.nullability;
    return;
  }
  for (const ExpressionPtr& child : expression.children) replace_column(*child, from, to);
}

bool says_the_same(const Expression& left, const Expression& right) {
  const auto name = [](std::uint32_t column) { return "c" + std::to_string(column); };
  return to_sql(left, name) == to_sql(right, name);
}

}  // namespace

std::optional<std::pair<std::uint32_t, std::uint32_t>> column_equality(
    const Expression& condition) {
  if (condition.kind != NodeKind::kComparison || condition.comparison != CompareOp::kEqual) {
    return std::nullopt;
  }
  const Expression& left = condition.child(0);
  const Expression& right = condition.child(1);
  if (left.kind != NodeKind::kColumn || right.kind != NodeKind::kColumn ||
      left.index == right.index) {
    return std::nullopt;
  }
  return std::pair(left.index, right.index);
}

std::vector<ExpressionPtr> carried_equalities(const std::vector<ExpressionPtr>& equalities,
                                              const std::vector<const Expression*>& known) {
  std::vector<ExpressionPtr> carried;
  for (const Expression* condition : known) {
    const auto column = bounded_column(*condition);
    if (!column) continue;
    for (const ExpressionPtr& equality : equalities) {
      const auto pair = column_equality(*equality);
      if (!pair || (pair->first != *column && pair->second != *column)) continue;
      const Expression& same = equality->child(pair->first == *column ? 0 : 1);
      const Expression& other = equality->child(pair->first == *column ? 1 : 0);
      // Text that is equal without case is not the text itself; and a constant of another type was
      // converted for this column.
      if (equality->nocase != condition->nocase || same.type.type != other.type.type ||
          same.type.scale != other.type.scale) {
        continue;
      }
      ExpressionPtr copy = clone(*condition);
      replace_column(*copy, *column, other);
      carried.push_back(std::move(copy));
    }
  }
  return carried;
}

void transfer_equalities(std::vector<ExpressionPtr>& conjuncts) {
  for (;;) {
    std::vector<const Expression*> known;
    known.reserve(conjuncts.size());
    for (const ExpressionPtr& conjunct : conjuncts) known.push_back(conjunct.get());
    bool added = false;
    for (ExpressionPtr& carried : carried_equalities(conjuncts, known)) {
      const bool there = std::any_of(
          conjuncts.begin(), conjuncts.end(),
          [&](const ExpressionPtr& conjunct) { return says_the_same(*conjunct, *carried); });
      if (there) continue;
      conjuncts.push_back(std::move(carried));
      added = true;
    }
    if (!added) return;
  }
}

}  // namespace graphodbc::query
