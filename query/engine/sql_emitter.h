// A bound query as SQLite text over the scans of its plan.
//
// What SQLite's operators mean as we do is written natively; every other expression becomes one
// function over its columns, so that the expression library stays the one definition of meaning
// (decisions.md 11). Constants are host parameters, never literals: a bare integer in GROUP BY or
// ORDER BY would be a position.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "query/engine/row_sorter.h"
#include "query/engine/sqlite_host.h"
#include "query/expression/expression.h"
#include "query/planner/local_plan.h"

namespace graphodbc::query {

// The name under which a scan of the plan is registered: "scan_0".
std::string scan_table_name(std::size_t scan);

// Everything a SqliteHost needs to run the query. Valid for one execution: markers and NOW() are
// constants in it.
struct EmittedQuery {
  // One scan, whose only business here is to be sorted: then there is no SQL, and each output is a
  // column of a row (row_sorter.h).
  std::vector<SortKey> sort;
  std::string sql;
  std::vector<SqliteHost::Constant> constants;
  std::vector<FunctionSpec> functions;
  std::vector<AggregateSpec> aggregates;
  std::vector<base::TypeInfo> types;  // of the result's columns
  // Where the value of each result column is: in a column of SQLite's row, or in the row of a kept
  // scan whose number (null where an outer join has none) that column has.
  struct Output {
    std::size_t column = 0;
    struct Kept {
      std::size_t scan = 0;
      std::size_t column = 0;  // of the scan's outputs
    };
    std::optional<Kept> kept;
  };
  std::vector<Output> outputs;     // one a result column
  std::vector<bool> materialized;  // by scan: whether its rows are read into a table first
  std::vector<bool> kept;          // by scan: whether all its rows stay until the end
};

// `max_rows` (SQL_ATTR_MAX_ROWS; 0: none) limits the result. Throws Error: HY024 for a LIMIT, HYC00
// for what SQLite cannot compute, 42000 for an expression of too many columns, 07002.
EmittedQuery emit_sql(const LocalPlan& plan, EvalContext& context, std::uint64_t max_rows);

}  // namespace graphodbc::query
