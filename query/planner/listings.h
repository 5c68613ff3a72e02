// Which collections and items hold the rows: contexts, parents, keys, narrower listings
// (decisions.md 5 to 8, sql-dialect.md 9.2).
#pragma once

#include <vector>

#include "query/planner/plan.h"
#include "query/planner/table_query.h"

namespace graphodbc::query {

struct ListingChoice {
  std::vector<Listing> listings;
  bool by_key = false;  // the listings are items
  bool walk = false;
  bool fan_out = false;  // the listings are of the rows' parents
  std::string nothing;   // why there can be no row
  // Conjuncts that the paths settle for good: every row has the value that the scan puts into it.
  std::vector<std::size_t> settled;
  std::vector<PushNote> notes;
};

// `conjuncts` are those of the query's condition. Throws 42000 when a parent key, an input column
// or a mailbox is missing.
ListingChoice choose_listings(const TableQuery& query, const SessionOptions& options,
                              const std::vector<ExpressionPtr>& conjuncts);

}  // namespace graphodbc::query
