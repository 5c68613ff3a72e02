#include "query/planner/order.h"

#include <algorithm>
#include <utility>

#include "query/planner/conjuncts.h"

namespace graphodbc::query {
namespace {

// SQL sorts nulls low; the service does so too, and knows no other way.
bool nulls_fit(const BoundOrderKey& key) {
  switch (key.nulls) {
    case sqlparser::NullsOrder::kFirst:
      return !key.descending;
    case sqlparser::NullsOrder::kLast:
      return key.descending;
    case sqlparser::NullsOrder::kDefault:
      break;
  }
  return true;
}

// An always-true condition on the column; empty when there is none.
std::string tautology(const schema::Column& column) {
  switch (column.edm) {
    case schema::EdmKind::kDateTimeOffset:
      return column.filter_path + " ge 1900-01-01T00:00:00Z";
    case schema::EdmKind::kDateTimeText:
      return column.filter_path + " ge '1900-01-01T00:00:00'";
    default:
      return {};
  }
}

}  // namespace

std::vector<OrderKeyPlan> plan_order(const TableQuery& query,
                                     const std::vector<ExpressionPtr>& conjuncts, bool texts,
                                     std::string& refused) {
  std::vector<OrderKeyPlan> keys;
  for (const BoundOrderKey& key : query.order) {
    if (is_constant(*key.expression)) continue;
    if (key.expression->kind != NodeKind::kColumn ||
        key.expression->index >= query.table->columns.size()) {
      refused = "the sort key is an expression";
      return {};
    }
    const schema::Column& column = query.table->columns[key.expression->index];
    if (is_fixed(conjuncts, key.expression->index)) continue;
    if (std::any_of(keys.begin(), keys.end(),
                    [&](const OrderKeyPlan& known) { return known.column == &column; })) {
      continue;
    }
    if (!column.sortable && !(texts && column.sortable_text)) {
      refused = "Graph does not sort by " + column.name;
      return {};
    }
    if (!nulls_fit(key)) {
      refused = "Graph has no such order of NULLs";
      return {};
    }
    keys.push_back({&column, key.descending});
  }
  return keys;
}

std::string order_text(const std::vector<OrderKeyPlan>& keys) {
  std::string text;
  for (const OrderKeyPlan& key : keys) {
    if (!text.empty()) text += ",";
    text += key.column->filter_path + (key.descending ? " desc" : "");
  }
  return text;
}

bool fit_filters_to_order(const std::vector<OrderKeyPlan>& keys, std::vector<Pushed>& filters) {
  if (filters.empty()) return true;
  std::vector<Pushed> fitted;
  for (const OrderKeyPlan& key : keys) {
    const std::string& path = key.column->filter_path;
    bool found = false;
    for (Pushed& filter : filters) {
      if (filter.filter.empty() || filter.properties != std::vector<std::string>{path}) continue;
      fitted.push_back(std::exchange(filter, {}));
      found = true;
    }
    if (found) continue;
    Pushed bound;
    bound.filter = tautology(*key.column);
    if (bound.filter.empty()) return false;
    bound.push_class = schema::PushClass::kExact;
    bound.properties = {path};
    fitted.push_back(std::move(bound));
  }
  for (Pushed& filter : filters) {
    if (!filter.filter.empty()) fitted.push_back(std::move(filter));
  }
  filters = std::move(fitted);
  return true;
}

}  // namespace graphodbc::query
