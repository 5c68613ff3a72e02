// Which columns of a statement are computed with, and which are only handed to its result.
#pragma once

#include <cstdint>
#include <set>

#include "query/binder/bound_query.h"

namespace graphodbc::query {

// Numbers of the columns that some part of the statement computes with, sorts by, groups or
// compares. Values of all others reach the result as they are, through UNION ALL, derived tables
// and WITH names too; so those that do not fit their type may pass (engine/storage.h) and fail
// where they are read. Set operations that drop repeated rows, and DISTINCT, compare.
std::set<std::uint32_t> columns_in_use(const BoundQuery& statement);

}  // namespace graphodbc::query
