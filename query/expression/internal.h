// Helpers shared by the factory functions of this folder; not for others.
#pragma once

#include <string>
#include <vector>

#include "query/expression/cast.h"
#include "query/expression/expression.h"

namespace graphodbc::query {

inline bool is_predicate_kind(NodeKind kind) {
  return (kind >= NodeKind::kComparison && kind <= NodeKind::kLike) ||
         (kind >= NodeKind::kExists && kind <= NodeKind::kQuantified);
}
// A number in arithmetic and comparison: BIT counts as 0 and 1 (sql-dialect.md 4.3).
inline bool is_numberlike(base::SqlType type) {
  return base::is_numeric(type) || type == base::SqlType::kBit;
}

// kNoNulls when no child can be null.
Nullability nullability_of(const Expression& node);

// A copy of an operand that a lowered form uses more than once (COALESCE, simple CASE ...), of
// which there will be `copies`. Nested forms multiply, so 42000 where that gets out of hand.
ExpressionPtr copy_operand(const Expression& operand, std::size_t copies = 1);

// What several compared expressions are all turned into; kUnknown when nothing is typed. Untyped
// markers get their types. 42000 when they do not go together.
base::TypeInfo comparison_type(BindContext& context, const std::vector<ExpressionPtr*>& operands,
                               Position position);
// `operand` made comparable with others of `type` (which comes from comparison_type).
ExpressionPtr coerce_for_comparison(BindContext& context, ExpressionPtr operand,
                                    const base::TypeInfo& type, Position position);
CompareFn compare_function(const base::TypeInfo& type);

// Gives an untyped marker, NULL, or a CASE of such, WVARCHAR(4000) where nothing says what it is;
// the application may know better (sql-dialect.md 4.7).
void leave_open(BindContext& context, Expression& operand);

// Arguments of functions and operators: checked, inferred and converted. `where` names the place in
// messages: "LEFT".
ExpressionPtr require_text(BindContext& context, ExpressionPtr operand, std::string_view where);
ExpressionPtr require_number(BindContext& context, ExpressionPtr operand,
                             const base::TypeInfo& unknown, std::string_view where);

// Sets `pattern` of a kLike node whose pattern and escape are literals and not null; 22019, 22025.
void compile_like(Expression& node);

// A literal's cell converted at once, into a literal of `to`.
ExpressionPtr convert_literal(ExpressionPtr literal, const base::TypeInfo& to);

}  // namespace graphodbc::query
