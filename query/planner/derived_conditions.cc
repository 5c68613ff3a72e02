#include "query/planner/derived_conditions.h"

#include <algorithm>

#include "query/rewrite/rewrite.h"

namespace graphodbc::query {
namespace {

bool has_window(const Expression& expression) {
  if (expression.kind == NodeKind::kWindow) return true;
  return std::any_of(expression.children.begin(), expression.children.end(),
                     [](const ExpressionPtr& child) { return has_window(*child); });
}

std::string text_of(const Expression& expression) {
  return to_sql(expression, [](std::uint32_t column) { return "c" + std::to_string(column); });
}

// Rows of one group have one value of it, so a group is kept or dropped whole.
bool is_group(const BoundQuery& query, const Expression& output) {
  const std::string text = text_of(output);
  return std::any_of(query.groups.begin(), query.groups.end(),
                     [&](const ExpressionPtr& group) { return text_of(*group) == text; });
}

bool takes(const BoundQuery& query, std::uint32_t first,
           const std::vector<std::uint32_t>& columns) {
  if (query.limit || query.offset) return false;
  if (query.kind == QueryKind::kSetOperation) {
    return std::all_of(query.arms.begin(), query.arms.end(),
                       [&](const SetArm& arm) { return takes(*arm.query, first, columns); });
  }
  if (query.kind != QueryKind::kSelect || !query.from) return false;
  for (const ExpressionPtr& output : query.outputs) {
    if (has_window(*output)) return false;
  }
  return std::all_of(columns.begin(), columns.end(), [&](std::uint32_t column) {
    const Expression& output = *query.outputs[column - first];
    return !needs_engine(output) && !is_volatile(output) &&
           (!query.grouped || is_group(query, output));
  });
}

void add(BoundQuery& query, std::uint32_t first, const Expression& condition) {
  if (query.kind == QueryKind::kSetOperation) {
    for (SetArm& arm : query.arms) add(*arm.query, first, condition);
    return;
  }
  ExpressionPtr inside = clone(condition);
  substitute(inside, first, query.outputs);
  query.where = both(std::move(query.where), std::move(inside));
}

}  // namespace

bool push_into_derived(BoundQuery& query, std::uint32_t first, const Expression& condition) {
  std::vector<std::uint32_t> columns;
  collect_columns(condition, columns);
  if (!takes(query, first, columns)) return false;
  add(query, first, condition);
  return true;
}

}  // namespace graphodbc::query
