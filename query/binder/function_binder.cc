// Calls: scalar functions of the expression library, aggregates, GRAPH_SEARCH.
#include <utility>

#include "base/error.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

std::string count_text(const Aggregate& aggregate) {
  static constexpr const char* kNumbers[] = {"no", "one", "two", "three"};
  std::string text = kNumbers[aggregate.min_args];
  if (aggregate.max_args > aggregate.min_args) {
    text += aggregate.max_args == aggregate.min_args + 1 ? " or " : " to ";
    text += kNumbers[aggregate.max_args];
  }
  return text + (aggregate.max_args == 1 ? " argument" : " arguments");
}

void check_count(const sqlparser::FunctionExpr& call, const Aggregate& aggregate) {
  const bool fits =
      call.star ? aggregate.id == AggregateId::kCount
                : call.args.size() >= aggregate.min_args && call.args.size() <= aggregate.max_args;
  if (fits) return;
  throw base::Error("42000",
                    call.name + at_position(call.position) + " takes " + count_text(aggregate));
}

// SQL-92 6.5: an aggregate of nothing but outer columns belongs to the outer query, which is never
// what is meant.
void refuse_outer_aggregate(const Scope& scope, const AggregateParts& parts,
                            const sqlparser::FunctionExpr& call) {
  std::vector<std::uint32_t> columns;
  for (const ExpressionPtr& argument : parts.arguments) collect_columns(*argument, columns);
  if (parts.filter) collect_columns(*parts.filter, columns);
  bool outer = false;
  for (std::uint32_t column : columns) {
    if (scope.owns(column)) return;
    outer = outer || scope.encloses(column);
  }
  if (!outer) return;
  throw base::Error("42000", "the aggregate " + call.name + at_position(call.position) +
                                 " has only columns of an enclosing query");
}

}  // namespace

ExpressionPtr StatementBinder::bind_function(const sqlparser::FunctionExpr& call,
                                             const Scope& scope, Clause clause) {
  const bool search_allowed = std::exchange(select_.search_allowed, false);
  if (call.over) return bind_window(call, scope, clause);
  if (const Aggregate* aggregate = find_aggregate(call.name)) {
    if (!aggregate->window_only) return bind_aggregate(call, *aggregate, scope, clause);
    throw base::Error("42000", call.name + at_position(call.position) + " needs an OVER clause");
  }
  if (call.star || call.distinct || call.filter) {
    throw base::Error("42000", call.name + at_position(call.position) +
                                   " is no aggregate: *, DISTINCT and FILTER do not apply");
  }
  if (call.name == "GRAPH_SEARCH") return bind_search(call, scope, search_allowed);
  std::vector<ExpressionPtr> arguments = bind_list(call.args, scope, clause);
  if (call.unit) {
    return make_unit_function(context_, call.name, *call.unit, std::move(arguments), call.position);
  }
  std::string name = call.name;
  if (call.trim == sqlparser::TrimSide::kLeading) name = "LTRIM";
  if (call.trim == sqlparser::TrimSide::kTrailing) name = "RTRIM";
  return make_function(context_, name, std::move(arguments), call.position);
}

// The condition that it stands for is the scan's: null, and select_.search holds the text.
ExpressionPtr StatementBinder::bind_search(const sqlparser::FunctionExpr& call, const Scope& scope,
                                           bool allowed) {
  const bool searchable = scope.sources().size() == 1 && scope.sources()[0].table != nullptr &&
                          scope.sources()[0].table->search_supported;
  const auto refuse = [&] {
    throw base::Error("42000", "GRAPH_SEARCH" + at_position(call.position) +
                                   " must stand once, with one text, among the ANDs of a WHERE "
                                   "over Messages alone");
  };
  if (!allowed || !searchable || select_.search || call.args.size() != 1) refuse();
  ExpressionPtr text = bind_expr(*call.args[0], scope, Clause::kValue);
  if (!is_constant(*text)) refuse();
  infer(context_, *text, base::text_type(base::kMaxVarChar));
  select_.search =
      coerce(context_, std::move(text), base::text_type(base::kMaxVarChar), call.position);
  return nullptr;
}

AggregateParts StatementBinder::bind_aggregate_parts(const sqlparser::FunctionExpr& call,
                                                     const Aggregate& aggregate, const Scope& scope,
                                                     Clause clause) {
  check_count(call, aggregate);
  AggregateParts parts;
  parts.distinct = call.distinct;
  parts.arguments = bind_list(call.args, scope, clause);
  if (call.filter) parts.filter = bind_condition(*call.filter, scope, clause);
  return parts;
}

ExpressionPtr StatementBinder::bind_aggregate(const sqlparser::FunctionExpr& call,
                                              const Aggregate& aggregate, const Scope& scope,
                                              Clause clause) {
  if (clause != Clause::kSelectItem && clause != Clause::kHaving && clause != Clause::kOrderBy) {
    throw base::Error("42000", "the aggregate " + call.name + at_position(call.position) +
                                   " cannot stand here; HAVING filters groups");
  }
  if (select_.inside_aggregate) {
    throw base::Error("42000", "the aggregate " + call.name + at_position(call.position) +
                                   " stands inside another");
  }
  select_.saw_aggregate = true;
  select_.inside_aggregate = true;
  AggregateParts parts = bind_aggregate_parts(call, aggregate, scope, clause);
  select_.inside_aggregate = false;
  refuse_outer_aggregate(scope, parts, call);
  return make_aggregate(context_, aggregate, std::move(parts), call.position);
}

}  // namespace graphodbc::query
