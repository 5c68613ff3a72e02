// ORDER BY by the service (sql-dialect.md 9.4, contract sheet d.1 and d.3).
#pragma once

#include <string>
#include <vector>

#include "query/planner/plan.h"

namespace graphodbc::query {

struct OrderKeyPlan {
  const schema::Column* column = nullptr;
  bool descending = false;
};

// The keys that still decide anything: repeated columns and those that a conjunct fixes are left
// out. Throws HYC00 naming the first key that the service cannot order by.
std::vector<OrderKeyPlan> plan_order(const BoundQuery& query,
                                     const std::vector<ExpressionPtr>& conjuncts);

// "receivedDateTime desc,isRead"
std::string order_text(const std::vector<OrderKeyPlan>& keys);

// Makes `filters` fit the mail rule: every key stands in the filter, first and in the same order,
// by an always-true bound where no condition names it. False when it cannot be done, and then the
// order goes alone.
bool fit_filters_to_order(const std::vector<OrderKeyPlan>& keys, std::vector<Pushed>& filters);

}  // namespace graphodbc::query
