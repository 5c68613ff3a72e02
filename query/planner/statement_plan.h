// How a statement is run: constant rows, one table's rows as they stream, or the local engine.
#pragma once

#include <cstdint>
#include <memory>

#include "query/planner/local_plan.h"
#include "query/planner/table_query.h"
#include "query/session.h"

namespace graphodbc::query {

// What one table's query gives without the local engine.
enum class TableResult : std::uint8_t {
  kRows,     // its rows are the result's
  kCount,    // COUNT(*): the number of its rows, by the service; it has no outputs
  kExtreme,  // MIN or MAX: its first row is the result, or NULL without one
};

// Made once, at prepare; each execution decides with the markers' values what is pushed. Shared
// with the runs, which may outlive the statement.
struct StatementPlan {
  std::shared_ptr<const BoundQuery> constant;  // rows that need no request
  std::shared_ptr<const TableQuery> table;
  TableResult result = TableResult::kRows;
  // Alone, or for when the service cannot sort or count what `table` asks for.
  std::shared_ptr<const LocalPlan> local;
};

// Proves that a plan can be made for any values: 42000 where a parent key or a mailbox is missing.
StatementPlan plan_statement(std::shared_ptr<const BoundQuery> query,
                             const SessionOptions& options);

}  // namespace graphodbc::query
