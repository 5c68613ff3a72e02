// Bound query to requests. Decided at each execution with the parameters' values, because a value
// decides what can be pushed and whether there is anything to ask at all.
#pragma once

#include <set>
#include <span>
#include <string>

#include "query/planner/plan.h"
#include "query/planner/table_query.h"

namespace graphodbc::query {

struct PlanInput {
  const TableQuery& query;
  const SessionOptions& options;
  // Null while preparing: markers are then constants of unknown value, and the plan only proves
  // that one can be made.
  EvalContext* values = nullptr;
  std::uint64_t max_rows = 0;  // SQL_ATTR_MAX_ROWS; 0: none
  PushLevel level;
};

// Throws Error 42000 (a parent key or a mailbox is missing), HY024 (LIMIT), 22xxx of constants.
ScanPlan plan_scan(const PlanInput& input);

// LIMIT, OFFSET and SQL_ATTR_MAX_ROWS together. HY024 for a negative or NULL value.
struct RowRange {
  std::uint64_t limit = UINT64_MAX;
  std::uint64_t offset = 0;
};
// `limit` and `offset` may be null; `values` too, and then markers bound nothing.
RowRange row_range(const Expression* limit, const Expression* offset, EvalContext* values,
                   std::uint64_t max_rows);

}  // namespace graphodbc::query
