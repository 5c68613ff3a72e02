// The bound tree made simpler without changing what it means, so that more of a statement reaches
// one table's scan. BI tools wrap every query in another (clients sheet); what is left after these
// rules is what the person asked for.
#pragma once

#include <functional>
#include <memory>

#include "query/binder/bound_query.h"

namespace graphodbc::query {

// A rewritten copy. One rule a file; each runs until it changes nothing.
std::shared_ptr<BoundQuery> rewrite(const BoundQuery& query);

// --- The rules. `root` is a copy that nobody else sees. True when something changed. ---

// A WITH name that is read once becomes a derived table where it is read.
bool inline_common_tables(BoundQuery& root);
// A derived table that only selects and projects becomes part of the query around it.
bool merge_derived_tables(BoundQuery& root);

// --- Helpers ---

// Every query of the tree, changeable, outermost first.
void for_each_query(BoundQuery& root, const std::function<void(BoundQuery&)>& visit);
// Every place directly in the query that holds an expression; empty ones too.
void for_each_slot(BoundQuery& query, const std::function<void(ExpressionPtr&)>& visit);
// Every leaf of a FROM clause.
void for_each_leaf(FromNode* from, const std::function<void(FromNode&)>& visit);
// Replaces columns `first`.. of a relation by copies of these expressions, in the query and
// everything below it, also in correlated subqueries.
void substitute(BoundQuery& query, std::uint32_t first, const std::vector<ExpressionPtr>& by);
// The same in one expression.
void substitute(ExpressionPtr& expression, std::uint32_t first,
                const std::vector<ExpressionPtr>& by);
ExpressionPtr both(ExpressionPtr left, ExpressionPtr right);  // either may be null

}  // namespace graphodbc::query
