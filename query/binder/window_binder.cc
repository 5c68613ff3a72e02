// Window functions. Named windows are put in where they are used (SQL:2003 7.11).
#include "base/error.h"
#include "base/utf.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

// Of windows that extend one another.
constexpr std::size_t kMaxWindows = 200;

bool has_offset(sqlparser::FrameBoundKind kind) {
  return kind == sqlparser::FrameBoundKind::kPreceding ||
         kind == sqlparser::FrameBoundKind::kFollowing;
}

}  // namespace

ExpressionPtr StatementBinder::bind_window(const sqlparser::FunctionExpr& call, const Scope& scope,
                                           Clause clause) {
  const auto refuse = [&](const char* rule) {
    throw base::Error("42000",
                      "the window function " + call.name + at_position(call.position) + " " + rule);
  };
  if (clause != Clause::kSelectItem && clause != Clause::kOrderBy) {
    refuse("can only be a select item or an ORDER BY key");
  }
  if (select_.inside_aggregate) refuse("stands inside an aggregate");
  if (select_.inside_window) refuse("stands inside another");
  const Aggregate* aggregate = find_aggregate(call.name);
  if (aggregate == nullptr) {
    throw base::Error("42000", call.name + at_position(call.position) +
                                   " is neither an aggregate nor a window function");
  }
  if (call.distinct) refuse("takes no DISTINCT");
  if (call.filter && aggregate->window_only) refuse("takes no FILTER, as it is no aggregate");
  select_.inside_window = true;
  AggregateParts parts = bind_aggregate_parts(call, *aggregate, scope, clause);
  const std::size_t all = select_.windows == nullptr ? 0 : select_.windows->size();
  WindowParts window = call.over->name ? bind_named_window(*call.over->name, all, scope, clause)
                                       : bind_window_spec(call.over->spec, all, scope, clause);
  select_.inside_window = false;
  return make_window(context_, *aggregate, std::move(parts), std::move(window), call.position);
}

WindowParts StatementBinder::bind_named_window(const sqlparser::Identifier& name,
                                               std::size_t visible, const Scope& scope,
                                               Clause clause) {
  for (std::size_t i = 0; i < visible; ++i) {
    const sqlparser::NamedWindow& window = (*select_.windows)[i];
    if (base::equal_nocase(window.name.text, name.text)) {
      return bind_window_spec(window.spec, i, scope, clause);
    }
  }
  throw base::Error("42000", "unknown window" + at_name(name));
}

// `visible`: how many of the SELECT's windows a base can be: those before this one.
WindowParts StatementBinder::bind_window_spec(const sqlparser::WindowSpec& spec,
                                              std::size_t visible, const Scope& scope,
                                              Clause clause) {
  WindowParts parts;
  if (spec.base) {
    const sqlparser::Identifier& name = *spec.base;
    parts = bind_named_window(name, visible, scope, clause);
    const char* rule = nullptr;
    if (!spec.partition_by.empty()) rule = "cannot be given another PARTITION BY";
    if (!spec.order_by.empty() && !parts.orders.empty()) rule = "has an ORDER BY already";
    if (parts.frame) rule = "has a frame, so it can only be used as it is";
    if (rule != nullptr) throw base::Error("42000", "the window" + at_name(name) + " " + rule);
  }
  for (const sqlparser::ExprPtr& expr : spec.partition_by) {
    parts.partitions.push_back(bind_expr(*expr, scope, clause));
  }
  for (const sqlparser::OrderKey& key : spec.order_by) {
    parts.orders.push_back(bind_expr(*key.expr, scope, clause));
    parts.directions.push_back({key.descending, key.nulls});
  }
  if (!spec.frame) return parts;
  AggregateCall::Frame frame;
  frame.unit = spec.frame->unit;
  frame.start = spec.frame->start.kind;
  if (has_offset(frame.start)) {
    parts.start_offset = bind_expr(*spec.frame->start.offset, scope, Clause::kValue);
  }
  if (spec.frame->end) {
    frame.end = spec.frame->end->kind;
    if (has_offset(frame.end)) {
      parts.end_offset = bind_expr(*spec.frame->end->offset, scope, Clause::kValue);
    }
  }
  parts.frame = frame;
  return parts;
}

// Those that nothing uses must be right, too.
void StatementBinder::check_windows(const Scope& scope) {
  const std::vector<sqlparser::NamedWindow>& windows = *select_.windows;
  if (windows.size() > kMaxWindows) {
    throw base::Error("42000", "more than " + std::to_string(kMaxWindows) +
                                   " windows in one SELECT" + at_name(windows[kMaxWindows].name));
  }
  select_.inside_window = true;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    for (std::size_t other = 0; other < i; ++other) {
      if (base::equal_nocase(windows[other].name.text, windows[i].name.text)) {
        throw base::Error("42000", "two windows have the name" + at_name(windows[i].name));
      }
    }
    bind_window_spec(windows[i].spec, i, scope, Clause::kOrderBy);
  }
  select_.inside_window = false;
}

}  // namespace graphodbc::query
