// Calls: scalar functions of the expression library, aggregates, windows, GRAPH_SEARCH.
#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/utf.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

constexpr std::string_view kAggregates[] = {"COUNT",    "SUM",     "AVG",         "MIN",
                                            "MAX",      "STDDEV",  "STDDEV_SAMP", "STDDEV_POP",
                                            "VAR_SAMP", "VAR_POP", "STRING_AGG",  "GROUP_CONCAT"};
constexpr std::string_view kWindowFunctions[] = {
    "ROW_NUMBER",  "RANK",       "DENSE_RANK",   "NTILE",     "LAG",      "LEAD",
    "FIRST_VALUE", "LAST_VALUE", "PERCENT_RANK", "CUME_DIST", "NTH_VALUE"};

template <std::size_t N>
bool is_one_of(const std::string& name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// sql-dialect.md 4.6.
base::TypeInfo aggregate_type(const std::string& name, const base::TypeInfo& argument,
                              Position position) {
  if (name == "COUNT") return base::bigint_type();
  if (name == "MIN" || name == "MAX") return argument;
  if (name == "STRING_AGG" || name == "GROUP_CONCAT") return base::long_text_type();
  if (argument.type != base::SqlType::kUnknown && !base::is_numeric(argument.type)) {
    throw base::Error("42000", name + " of " + type_name(argument) + at_position(position) +
                                   ": it takes numbers");
  }
  if (name == "SUM") {
    if (base::is_integer(argument.type)) return base::bigint_type();
    if (argument.type == base::SqlType::kDecimal) return base::decimal_type(38, argument.scale);
  }
  if (name == "AVG" && argument.type == base::SqlType::kDecimal) {
    return base::decimal_type(38, std::max<std::int16_t>(argument.scale, 6));
  }
  return base::double_type();
}

base::TypeInfo window_type(const std::string& name, const base::TypeInfo* argument,
                           Position position) {
  if (name == "PERCENT_RANK" || name == "CUME_DIST") return base::double_type();
  if (name == "LAG" || name == "LEAD" || name == "FIRST_VALUE" || name == "LAST_VALUE" ||
      name == "NTH_VALUE") {
    if (argument != nullptr) return *argument;
    throw base::Error("42000", name + at_position(position) + " needs an argument");
  }
  return base::bigint_type();
}

}  // namespace

ExpressionPtr StatementBinder::bind_function(const sqlparser::FunctionExpr& call,
                                             const Scope& scope, Clause clause) {
  const bool search_allowed = std::exchange(search_allowed_, false);
  if (call.over) return bind_window(call, scope, clause);
  if (is_one_of(call.name, kAggregates)) return bind_aggregate(call, scope, clause);
  if (is_one_of(call.name, kWindowFunctions)) {
    throw base::Error("42000", call.name + at_position(call.position) + " needs an OVER clause");
  }
  if (call.star || call.distinct || call.filter) {
    throw base::Error("42000", call.name + at_position(call.position) +
                                   " is no aggregate: *, DISTINCT and FILTER do not apply");
  }
  std::vector<ExpressionPtr> arguments = bind_list(call.args, scope, clause);
  if (call.name == "GRAPH_SEARCH") {
    const bool searchable = scope.sources().size() == 1 && scope.sources()[0].table != nullptr &&
                            scope.sources()[0].table->search_supported;
    if (!search_allowed || !searchable || search_ || arguments.size() != 1) {
      throw base::Error("42000",
                        "GRAPH_SEARCH" + at_position(call.position) +
                            " must stand once, with one text, among the ANDs of a WHERE over "
                            "Messages alone");
    }
    infer(context_, *arguments[0], base::text_type(4000));
    search_ = coerce(context_, std::move(arguments[0]), base::text_type(4000), call.position);
    return nullptr;
  }
  if (call.unit) {
    return make_unit_function(context_, call.name, *call.unit, std::move(arguments), call.position);
  }
  std::string name = call.name;
  if (call.trim == sqlparser::TrimSide::kLeading) name = "LTRIM";
  if (call.trim == sqlparser::TrimSide::kTrailing) name = "RTRIM";
  return make_function(context_, name, std::move(arguments), call.position);
}

ExpressionPtr StatementBinder::bind_aggregate(const sqlparser::FunctionExpr& call,
                                              const Scope& scope, Clause clause) {
  if (clause != Clause::kSelectItem && clause != Clause::kHaving && clause != Clause::kOrderBy) {
    throw base::Error("42000", "the aggregate " + call.name + at_position(call.position) +
                                   " cannot stand here; HAVING filters groups");
  }
  if (inside_aggregate_) {
    throw base::Error("42000", "the aggregate " + call.name + at_position(call.position) +
                                   " stands inside another");
  }
  const bool list = call.name == "STRING_AGG" || call.name == "GROUP_CONCAT";
  const std::size_t most = list ? 2 : 1;
  if (call.star ? call.name != "COUNT" : call.args.empty() || call.args.size() > most) {
    throw base::Error("42000", call.name + at_position(call.position) + " takes " +
                                   (list ? "one or two arguments" : "one argument"));
  }
  saw_aggregate_ = true;
  need_engine("an aggregate", call.position);
  inside_aggregate_ = true;
  std::vector<ExpressionPtr> arguments = bind_list(call.args, scope, clause);
  if (call.filter) bind_condition(*call.filter, scope, clause);
  inside_aggregate_ = false;
  const base::TypeInfo argument = arguments.empty() ? base::TypeInfo() : arguments[0]->type;
  return placeholder(aggregate_type(call.name, argument, call.position), call.position);
}

ExpressionPtr StatementBinder::bind_window(const sqlparser::FunctionExpr& call, const Scope& scope,
                                           Clause clause) {
  if (clause != Clause::kSelectItem && clause != Clause::kOrderBy) {
    throw base::Error("42000", "the window function " + call.name + at_position(call.position) +
                                   " can only be a select item or an ORDER BY key");
  }
  need_engine("a window function", call.position);
  const bool aggregate = is_one_of(call.name, kAggregates);
  if (!aggregate && !is_one_of(call.name, kWindowFunctions)) {
    throw base::Error("42000", call.name + at_position(call.position) +
                                   " is neither an aggregate nor a window function");
  }
  std::vector<ExpressionPtr> arguments = bind_list(call.args, scope, clause);
  if (call.filter) bind_condition(*call.filter, scope, clause);
  if (call.over->name) {
    bool known = false;
    for (const sqlparser::NamedWindow& window : *windows_) {
      known = known || base::equal_nocase(window.name.text, call.over->name->text);
    }
    if (!known) throw base::Error("42000", "unknown window" + at_name(*call.over->name));
  } else {
    bind_window_spec(call.over->spec, scope, clause);
  }
  const base::TypeInfo* argument = arguments.empty() ? nullptr : &arguments[0]->type;
  const base::TypeInfo none;
  return placeholder(aggregate
                         ? aggregate_type(call.name, argument ? *argument : none, call.position)
                         : window_type(call.name, argument, call.position),
                     call.position);
}

void StatementBinder::bind_window_spec(const sqlparser::WindowSpec& spec, const Scope& scope,
                                       Clause clause) {
  bind_list(spec.partition_by, scope, clause);
  for (const sqlparser::OrderKey& key : spec.order_by) bind_expr(*key.expr, scope, clause);
  if (!spec.frame) return;
  if (spec.frame->start.offset) bind_expr(*spec.frame->start.offset, scope, Clause::kValue);
  if (spec.frame->end && spec.frame->end->offset) {
    bind_expr(*spec.frame->end->offset, scope, Clause::kValue);
  }
}

}  // namespace graphodbc::query
