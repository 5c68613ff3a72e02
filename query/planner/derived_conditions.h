// Conditions on a derived table's columns that can be checked inside of it (sql-dialect.md 9.4).
#pragma once

#include <cstdint>

#include "query/binder/bound_query.h"

namespace graphodbc::query {

// Moves the condition into the WHERE of the query, or of every arm of a set operation. The query's
// columns are numbered from `first` in the condition. False, and nothing changes, where that would
// change the rows: limits, window functions, conditions on aggregates.
bool push_into_derived(BoundQuery& query, std::uint32_t first, const Expression& condition);

}  // namespace graphodbc::query
