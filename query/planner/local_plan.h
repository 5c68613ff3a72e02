// What the local engine runs: the scans that feed it, and the query over them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "query/binder/bound_query.h"
#include "query/planner/table_query.h"

namespace graphodbc::query {

// The values of one column of another scan choose the rows of this one (sql-dialect.md 10.3).
struct KeySource {
  std::size_t scan = 0;      // of LocalPlan::scans; read to its end first
  std::uint32_t output = 0;  // of that scan's outputs
  std::uint32_t column = 0;  // table column of this scan that must be one of the values
  // 0: the values say where the rows are, however many they are. Else with more of them this scan
  // reads its collection as if it had no source, from when that shows.
  std::size_t at_most = 0;
  bool filters = false;  // the values go into $filter, not into paths
};

// One table read by one place of the statement. Conditions that the scan settles are in its query
// and no longer in the statement's.
struct ScanSpec {
  std::uint32_t first_column = 0;      // of its relation in LocalPlan::query
  std::string correlation;             // for EXPLAIN
  TableQuery query;                    // outputs: the table columns in `columns`, in that order
  std::vector<std::uint32_t> columns;  // table columns that the statement reads above the scan
  // Read into memory before it is used, because it is joined, correlated or read twice. Otherwise
  // its rows stream through, once.
  bool materialized = true;
  std::optional<KeySource> keys;
};

// The scan's query for these values of its key column, which its source gave: nulls left out, each
// once. No value at all means no row. Values that no request can be made of are of no use to a scan
// that can do without: its query is then the one without keys.
TableQuery with_keys(const ScanSpec& scan, const std::vector<base::Value>& keys);

struct LocalPlan {
  std::shared_ptr<const BoundQuery> query;  // shared with the runs
  std::vector<ScanSpec> scans;              // one for each relation that is a table
};

}  // namespace graphodbc::query
