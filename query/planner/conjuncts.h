// The parts of a WHERE that ANDs join, and the values that equalities give a column.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "query/expression/expression.h"
#include "schema/table.h"

namespace graphodbc::query {

// Takes the condition apart; null gives none.
std::vector<ExpressionPtr> split_conjuncts(ExpressionPtr condition);

// True when the conjunct is FALSE or UNKNOWN whatever the row.
bool is_never_true(const Expression& conjunct);

// The texts that the conjunct allows the column to have: `c = 'a'`, `c IN ('a','b')`, an OR of
// such, each text once; times are texts as OData has them. While preparing, a marker counts as the
// text "?". nullopt when the conjunct does not bound the column so; empty when no value is left
// (all were null).
std::optional<std::vector<std::string>> allowed_texts(const Expression& conjunct,
                                                      std::uint32_t column,
                                                      const schema::Column& description);

// Such values of the first conjunct that has them; `used` is set to its index.
std::optional<std::vector<std::string>> allowed_texts(const std::vector<ExpressionPtr>& conjuncts,
                                                      std::uint32_t column,
                                                      const schema::Column& description,
                                                      std::size_t& used);

// Whether two conjuncts say that one column equals different constants.
bool contradict(const std::vector<ExpressionPtr>& conjuncts);

// Whether some conjunct is `column = constant`.
bool is_fixed(const std::vector<ExpressionPtr>& conjuncts, std::uint32_t column);

}  // namespace graphodbc::query
