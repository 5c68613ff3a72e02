// What `a = b` between columns lets one side's conditions say about the other (sql-dialect.md 9.1).
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "query/expression/expression.h"

namespace graphodbc::query {

// The two columns of `a = b`; nullopt for other conditions, and for columns that are not compared
// as they are.
std::optional<std::pair<std::uint32_t, std::uint32_t>> column_equality(const Expression& condition);

// Copies of `known` conditions of the form `a = constant` or `a IN (constants)`, said of b wherever
// `equalities` has a = b.
std::vector<ExpressionPtr> carried_equalities(const std::vector<ExpressionPtr>& equalities,
                                              const std::vector<const Expression*>& known);

// Adds to the conjuncts what they imply so, until nothing new comes.
void transfer_equalities(std::vector<ExpressionPtr>& conjuncts);

}  // namespace graphodbc::query
