// Which scans another scan's values choose the rows of (sql-dialect.md 10.3).
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "query/planner/local_plan.h"
#include "query/session.h"

namespace graphodbc::query {

// Two columns of the statement whose values are equal in every row that counts.
struct KeyEquality {
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  bool both_ways = false;    // inner join: either side may choose the other's rows
  std::uint32_t chosen = 0;  // else the column whose rows may be chosen
  bool nocase = false;       // compared without regard to case
};

// Columns of derived tables and WITH names that hand on another column's values, or some of them.
using HandedOn = std::map<std::uint32_t, std::uint32_t>;

// Sets ScanSpec::keys. A scan whose mailbox or parent is another's value waits for that one in any
// case; for its Id, a narrower listing or a filter it does only where the other scan is bounded
// more narrowly than itself, so that two whole collections still download at the same time.
void choose_key_sources(std::vector<ScanSpec>& scans, const std::vector<KeyEquality>& equalities,
                        const HandedOn& handed_on, const SessionOptions& options);

}  // namespace graphodbc::query
