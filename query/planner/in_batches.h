// IN in batches (sql-dialect.md 9.2): `column IN (...)` with more values than one request takes, as
// one request for each few of them.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "query/expression/expression.h"
#include "query/pushdown/pushed.h"

namespace graphodbc::query {

struct InBatches {
  std::size_t conjunct = 0;
  // Of each request; `in` of one column. Together they say what the list says. A row can be in the
  // answers to two of them: Graph does not tell cases apart, and 'a' and 'A' may be in both.
  std::vector<Pushed> filters;
};

// The first of `conjuncts` that is such a list and nothing else keeps from being pushed. `terms`:
// comparisons that stand beside it in each request. nullopt when there is none, when so few values
// fit a request that it would not pay, and for more than 500 values.
std::optional<InBatches> split_in_list(const std::vector<ExpressionPtr>& conjuncts,
                                       const PushContext& context, std::size_t terms);

}  // namespace graphodbc::query
