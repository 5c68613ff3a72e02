// SELECT: items and WHERE; the other clauses have files of their own.
#include <utility>

#include "base/error.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

// What the local engine's tables may have.
constexpr std::size_t kMaxResultColumns = 2000;

void check_width(std::size_t width, Position position) {
  if (width < kMaxResultColumns) return;
  throw base::Error("42000", "more than " + std::to_string(kMaxResultColumns) + " result columns" +
                                 at_position(position));
}

}  // namespace

BoundQueryPtr StatementBinder::bind_select(const sqlparser::SelectBody& body,
                                           const std::vector<sqlparser::OrderKey>& order,
                                           const Scope* outer, Typing typing) {
  SelectState outer_select = std::exchange(select_, SelectState());
  select_.windows = &body.windows;

  BoundQueryPtr bound = new_query(QueryKind::kSelect, body.position);
  Scope scope(outer);
  bound->distinct = body.distinct;
  bound->from = bind_from(body, scope, outer);
  if (body.where) bind_where(*body.where, scope, *bound);
  bind_items(body, scope, *bound);
  // ORDER BY and GROUP BY copy outputs, so these need their types first.
  const bool open = typing == Typing::kOpen && order.empty() && body.group_by.empty();
  if (!open) finish(*bound);
  check_windows(scope);
  bind_order(order, scope, *bound);
  bind_groups(body, scope, *bound);
  bound->search = std::move(select_.search);

  select_ = std::move(outer_select);
  return bound;
}

void StatementBinder::add_column(const ResolvedColumn& column, Position position,
                                 BoundQuery& bound) {
  check_width(bound.columns.size(), position);
  ExpressionPtr output = column_expression(column, position);
  ResultColumn result = unnamed_column(0, *output);
  result.name = column.column->name;
  result.label = column.column->name;
  result.base_table = column.column->base_table;
  result.base_column = column.column->base_column;
  bound.columns.push_back(std::move(result));
  bound.outputs.push_back(std::move(output));
}

void StatementBinder::add_star(const sqlparser::StarExpr& star, const Scope& scope,
                               BoundQuery& bound) {
  if (scope.sources().empty()) {
    throw base::Error("42000", "* needs a FROM" + at_position(star.position));
  }
  if (star.qualifiers.empty()) {
    for (const VisibleColumn& visible : scope.visible()) {
      const ResolvedColumn column = scope.resolve(visible);
      if (column.column->in_star) add_column(column, star.position, bound);
    }
    return;
  }
  const ScopeSource& source = scope.source_of(star.qualifiers);
  for (std::size_t i = 0; i < source.columns.size(); ++i) {
    if (!source.columns[i].in_star) continue;
    const std::uint32_t number = source.first_column + static_cast<std::uint32_t>(i);
    add_column({&source.columns[i], number, nullptr}, star.position, bound);
  }
}

void StatementBinder::bind_items(const sqlparser::SelectBody& body, const Scope& scope,
                                 BoundQuery& bound) {
  for (const sqlparser::SelectItem& item : body.items) {
    if (const auto* star = sqlparser::as<sqlparser::StarExpr>(*item.expr)) {
      add_star(*star, scope, bound);
      continue;
    }
    const auto* ref = sqlparser::as<sqlparser::ColumnRefExpr>(*item.expr);
    if (ref != nullptr) {
      add_column(scope.resolve(ref->name), ref->position, bound);
    } else {
      check_width(bound.columns.size(), item.expr->position);
      ExpressionPtr output = bind_expr(*item.expr, scope, Clause::kSelectItem);
      bound.columns.push_back(unnamed_column(bound.columns.size() + 1, *output));
      bound.outputs.push_back(std::move(output));
    }
    if (item.alias) {
      bound.columns.back().name = item.alias->text;
      bound.columns.back().label = item.alias->text;
    }
  }
}

void StatementBinder::bind_where(const sqlparser::Expr& where, const Scope& scope,
                                 BoundQuery& bound) {
  const auto* logical = sqlparser::as<sqlparser::LogicalExpr>(where);
  std::vector<ExpressionPtr> conjuncts;
  const auto add = [&](const sqlparser::Expr& conjunct) {
    select_.search_allowed = true;
    ExpressionPtr part = bind_condition(conjunct, scope, Clause::kWhere);
    select_.search_allowed = false;
    if (part) conjuncts.push_back(std::move(part));
  };
  if (logical != nullptr && logical->op == sqlparser::LogicalOp::kAnd) {
    for (const sqlparser::ExprPtr& operand : logical->operands) add(*operand);
  } else {
    add(where);
  }
  if (conjuncts.empty()) return;  // GRAPH_SEARCH alone
  bound.where = make_and(context_, std::move(conjuncts), where.position);
  settle(context_, *bound.where);
}

}  // namespace graphodbc::query
