// The rows of a planned statement.
#pragma once

#include <cstddef>
#include <memory>

#include "base/row_source.h"
#include "query/executor/execution.h"
#include "query/planner/statement_plan.h"

namespace graphodbc::query {

// `columns`: of the statement's rows. Nothing is sent before open(). Throws Error 08003 when the
// statement reads a table and the session has no connection.
std::unique_ptr<base::RowSource> make_statement_source(
    const std::shared_ptr<const Run>& run, const std::shared_ptr<const StatementPlan>& plan,
    std::size_t columns);

}  // namespace graphodbc::query
