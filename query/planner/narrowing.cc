#include "query/planner/narrowing.h"

#include <algorithm>

#include "query/pushdown/pushed.h"

namespace graphodbc::query {
namespace {

using schema::PushClass;
using schema::Table;

// `column op ?`: what the marker will hold is not known yet, but that it is pushed is.
bool compares_with_marker(const Expression& condition, const Table& table) {
  if (condition.kind != NodeKind::kComparison) return false;
  const bool left = condition.child(0).kind == NodeKind::kColumn;
  const Expression& column = condition.child(left ? 0 : 1);
  const Expression& value = condition.child(left ? 1 : 0);
  if (column.kind != NodeKind::kColumn || !is_constant(value) || value.is_literal()) return false;
  const schema::Pushable& push = table.columns[column.index].push;
  return is_pushable(condition.comparison == CompareOp::kEqual ? push.equal : push.range);
}

// Flags and what is left out keep most rows.
bool keeps_most(const Expression& condition, const Table& table) {
  if (condition.kind == NodeKind::kComparison) {
    if (condition.comparison == CompareOp::kNotEqual) return true;
  } else if (condition.kind != NodeKind::kInList && condition.kind != NodeKind::kLike) {
    return true;
  }
  std::vector<std::uint32_t> used;
  collect_columns(condition, used);
  return condition.negated || std::any_of(used.begin(), used.end(), [&](std::uint32_t column) {
           return table.columns[column].edm == schema::EdmKind::kBoolean;
         });
}

}  // namespace

bool is_pushable(PushClass push_class) {
  return push_class == PushClass::kExact || push_class == PushClass::kSuperset;
}

bool narrows(const Expression& condition, const Table& table) {
  if (condition.kind == NodeKind::kOr) {
    return std::all_of(condition.children.begin(), condition.children.end(),
                       [&](const ExpressionPtr& child) { return narrows(*child, table); });
  }
  if (condition.kind == NodeKind::kAnd) {
    return std::any_of(condition.children.begin(), condition.children.end(),
                       [&](const ExpressionPtr& child) { return narrows(*child, table); });
  }
  if (keeps_most(condition, table)) return false;
  return compares_with_marker(condition, table) ||
         push_condition(condition, PushContext{table}).has_value();
}

}  // namespace graphodbc::query
