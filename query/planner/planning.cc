#include "query/planner/planning.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace graphodbc::query {

ExpressionPtr folded(const Expression& expression, EvalContext* values) {
  ExpressionPtr copy = clone(expression);
  return values != nullptr ? fold(std::move(copy), *values) : fold(std::move(copy));
}

bool Planning::is_sorted() const {
  return !query.order.empty() && input.level.order;
}

bool Planning::is_exact(std::size_t conjunct) const {
  return std::any_of(
      pushed_conjuncts.begin(), pushed_conjuncts.end(), [&](const PushedConjunct& pushed) {
        return pushed.conjunct == conjunct && pushed.push_class == schema::PushClass::kExact;
      });
}

bool Planning::is_settled(std::size_t conjunct) const {
  return std::find(settled.begin(), settled.end(), conjunct) != settled.end();
}

std::uint32_t Planning::scan_column(std::uint32_t table_column) {
  for (std::uint32_t i = 0; i < plan.columns.size(); ++i) {
    if (plan.columns[i] == table_column) return i;
  }
  plan.columns.push_back(table_column);
  return static_cast<std::uint32_t>(plan.columns.size() - 1);
}

void Planning::remap(Expression& expression) {
  std::vector<std::uint32_t> used;
  collect_columns(expression, used);
  std::vector<std::uint32_t> mapping(table.columns.size(), 0);
  for (std::uint32_t column : used) mapping[column] = scan_column(column);
  remap_columns(expression, mapping);
}

bool Planning::only_items() const {
  return !plan.walk && std::all_of(plan.listings.begin(), plan.listings.end(),
                                   [](const Listing& listing) { return listing.single; });
}

std::string Planning::text_of_conjunct(std::size_t conjunct) const {
  return to_sql(*conjuncts[conjunct],
                [&](std::uint32_t column) { return table.columns[column].name; });
}

std::string Planning::select_text() const {
  const bool loses =
      std::any_of(plan.columns.begin(), plan.columns.end(),
                  [&](std::uint32_t column) { return table.columns[column].lost_by_select; });
  if (!table.select_supported || loses) return {};
  std::string text;
  std::vector<std::string_view> names;
  const auto add = [&](const std::string& name) {
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
    names.push_back(name);
    text += (text.empty() ? "" : ",") + name;
  };
  add(table.columns[*table.find(table.key[0])].select_name);
  for (std::uint32_t column : plan.columns) add(table.columns[column].select_name);
  return text;
}

}  // namespace graphodbc::query
