// Bound query to scans and the query over them.
#pragma once

#include <memory>

#include "query/planner/local_plan.h"
#include "query/session.h"

namespace graphodbc::query {

// `query` is a copy that nobody else sees; it is taken apart: conditions that one table's rows
// decide move into its scan, where they can be pushed and are checked on every row
// (sql-dialect.md 9.1, 9.4). The null-supplying side of an outer join takes only conditions of its
// ON. Nothing that depends on the values of markers is decided here.
LocalPlan plan_local(std::shared_ptr<BoundQuery> query, const SessionOptions& options);

}  // namespace graphodbc::query
