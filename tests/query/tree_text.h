// Bound trees as text, for tests of their shape.
#pragma once

#include <string>

#include "query/binder/bound_query.h"

namespace graphodbc::query {

// The statement bound against the built-in tables. Throws what the binder throws.
BoundStatement bind_sql(const std::string& sql, const SessionOptions& options = {});

// "SELECT c0 FROM (c0:Users u JOIN c27:Messages m ON c27 = c0) WHERE (query 2) = 1 | query 2: ...".
// Columns are `c` and their number, relations the number of their first column. The queries inside
// of expressions follow in the order of their numbers.
std::string tree_text(const BoundQuery& query);

}  // namespace graphodbc::query
