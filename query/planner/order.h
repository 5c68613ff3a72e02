// ORDER BY by the service (sql-dialect.md 9.4, contract sheet d.1 and d.3).
#pragma once

#include <string>
#include <vector>

#include "query/planner/plan.h"
#include "query/planner/table_query.h"

namespace graphodbc::query {

struct OrderKeyPlan {
  const schema::Column* column = nullptr;
  bool descending = false;
};

// The keys that still decide anything: repeated columns and those that a conjunct fixes are left
// out. Where the service cannot order by a key, `refused` says why. `texts`: in the service's order
// of texts, where it has one.
std::vector<OrderKeyPlan> plan_order(const TableQuery& query,
                                     const std::vector<ExpressionPtr>& conjuncts, bool texts,
                                     std::string& refused);

// "receivedDateTime desc,isRead"
std::string order_text(const std::vector<OrderKeyPlan>& keys);

// Makes `filters` fit the mail rule: every key stands in the filter, first and in the same order,
// by an always-true bound where no condition names it. False when it cannot be done, and then the
// order goes alone.
bool fit_filters_to_order(const std::vector<OrderKeyPlan>& keys, std::vector<Pushed>& filters);

}  // namespace graphodbc::query
