// ValidateScopes: whether what the token grants does for a statement (requirements A-U10).
#pragma once

#include "query/planner/statement_plan.h"
#include "query/session.h"

namespace graphodbc::query {

// Throws Error 42000 that lists what is missing, table by table. Nothing where options.granted is
// not set.
void check_granted(const StatementPlan& plan, const SessionOptions& options);

}  // namespace graphodbc::query
