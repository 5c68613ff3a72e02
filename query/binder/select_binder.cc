// SELECT: items, WHERE, GROUP BY, HAVING, ORDER BY.
#include "base/error.h"
#include "base/utf.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

std::string index_name(std::uint32_t index) {
  return "c" + std::to_string(index);
}

// The 1-based position that an ORDER BY or GROUP BY literal means; nullopt for other expressions.
std::optional<std::size_t> literal_position(const sqlparser::Expr& expr, std::size_t columns) {
  const auto* literal = sqlparser::as<sqlparser::LiteralExpr>(expr);
  if (literal == nullptr || literal->literal != sqlparser::LiteralKind::kInteger) {
    return std::nullopt;
  }
  std::size_t position = 0;
  for (char digit : literal->text) {
    if (digit < '0' || digit > '9' || position > columns) {
      position = 0;
      break;
    }
    position = position * 10 + static_cast<std::size_t>(digit - '0');
  }
  if (position == 0 || position > columns) {
    throw base::Error("42000", "position " + literal->text + at_position(expr.position) +
                                   " is not one of the " + std::to_string(columns) +
                                   " result columns");
  }
  return position - 1;
}

}  // namespace

BoundQuery StatementBinder::bind_select(const sqlparser::SelectBody& body,
                                        const sqlparser::Query& query, const Scope* outer) {
  const auto* outer_windows = std::exchange(windows_, &body.windows);
  const bool outer_saw = std::exchange(saw_aggregate_, false);
  ExpressionPtr outer_search = std::exchange(search_, nullptr);

  BoundQuery bound;
  Scope scope(outer);
  bind_from(body, scope, outer);
  if (scope.sources().size() == 1 && scope.sources()[0].table != nullptr) {
    bound.table = scope.sources()[0].table;
    bound.correlation = scope.sources()[0].correlation;
  }
  if (body.distinct) need_engine("DISTINCT", body.position);
  if (body.where) bind_where(*body.where, scope, bound);
  bind_items(body, scope, bound);
  for (const sqlparser::NamedWindow& window : body.windows) {
    bind_window_spec(window.spec, scope, Clause::kOrderBy);
  }
  bind_order(query, scope, bound);
  bind_groups(body, scope, bound);
  bound.search = std::move(search_);

  search_ = std::move(outer_search);
  saw_aggregate_ = outer_saw;
  windows_ = outer_windows;
  return bound;
}

void StatementBinder::add_column(const ScopeColumn& column, std::uint32_t index, Position position,
                                 BoundQuery& bound) {
  ResultColumn result;
  result.name = column.name;
  result.label = column.name;
  result.type = column.type;
  result.nullability = column.nullability;
  result.case_sensitive = base::is_text(column.type.type) && !column.type.nocase;
  result.base_table = column.base_table;
  result.base_column = column.base_column;
  bound.columns.push_back(std::move(result));
  bound.outputs.push_back(make_column(index, column.type, column.nullability, position));
}

void StatementBinder::add_star(const sqlparser::StarExpr& star, const Scope& scope,
                               BoundQuery& bound) {
  if (scope.sources().empty()) {
    throw base::Error("42000", "* needs a FROM" + at_position(star.position));
  }
  const ScopeSource* only = star.qualifiers.empty() ? nullptr : &scope.source_of(star.qualifiers);
  std::vector<std::string_view> merged;
  for (const ScopeSource& source : scope.sources()) {
    if (only != nullptr && &source != only) continue;
    for (std::size_t i = 0; i < source.columns.size(); ++i) {
      const ScopeColumn& column = source.columns[i];
      if (!column.in_star) continue;
      if (only == nullptr && scope.is_merged(column.name)) {
        bool seen = false;
        for (std::string_view name : merged) seen = seen || base::equal_nocase(name, column.name);
        if (seen) continue;
        merged.push_back(column.name);
      }
      add_column(column, source.first_index + static_cast<std::uint32_t>(i), star.position, bound);
    }
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
      const ResolvedColumn found = scope.resolve(ref->name);
      add_column(*found.column, found.index, ref->position, bound);
    } else {
      ExpressionPtr output = bind_expr(*item.expr, scope, Clause::kSelectItem);
      settle(context_, *output);
      ResultColumn column;
      column.label = "column" + std::to_string(bound.columns.size() + 1);
      column.type = output->type;
      column.nullability = output->nullability;
      column.case_sensitive = base::is_text(output->type.type) && !output->type.nocase;
      bound.columns.push_back(std::move(column));
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
    search_allowed_ = true;
    ExpressionPtr part = bind_condition(conjunct, scope, Clause::kWhere);
    search_allowed_ = false;
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

// Positions and names of the result that ORDER BY and GROUP BY may use. 42000 for a position that
// does not exist or an alias that two columns have.
std::optional<std::size_t> StatementBinder::output_position(const sqlparser::Expr& expr,
                                                            const BoundQuery& bound,
                                                            bool aliases) const {
  if (const auto position = literal_position(expr, bound.columns.size())) return position;
  const auto* ref = sqlparser::as<sqlparser::ColumnRefExpr>(expr);
  if (!aliases || ref == nullptr || !ref->name.qualifiers.empty()) return std::nullopt;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < bound.columns.size(); ++i) {
    if (!base::equal_nocase(bound.columns[i].name, ref->name.name.text)) continue;
    // Two equal columns under one name are no choice to make.
    if (found && bound.outputs.size() > i &&
        to_sql(*bound.outputs[*found], index_name) != to_sql(*bound.outputs[i], index_name)) {
      throw base::Error("42000", "two result columns have the name" + at_name(ref->name.name));
    }
    if (!found) found = i;
  }
  return found;
}

void StatementBinder::bind_order(const sqlparser::Query& query, const Scope& scope,
                                 BoundQuery& bound) {
  for (const sqlparser::OrderKey& key : query.order_by) {
    BoundOrderKey order;
    order.descending = key.descending;
    order.nulls = key.nulls;
    order.position = key.expr->position;
    if (const auto position = output_position(*key.expr, bound, true)) {
      order.expression = clone(*bound.outputs[*position]);
    } else {
      order.expression = bind_expr(*key.expr, scope, Clause::kOrderBy);
      settle(context_, *order.expression);
    }
    bound.order.push_back(std::move(order));
  }
}

void StatementBinder::bind_groups(const sqlparser::SelectBody& body, const Scope& scope,
                                  BoundQuery& bound) {
  std::vector<std::string> groups;
  for (const sqlparser::ExprPtr& expr : body.group_by) {
    const auto* ref = sqlparser::as<sqlparser::ColumnRefExpr>(*expr);
    const bool aliases = ref != nullptr && !scope.has_column(ref->name.name.text);
    ExpressionPtr group;
    if (const auto position = output_position(*expr, bound, aliases)) {
      group = clone(*bound.outputs[*position]);
    } else {
      group = bind_expr(*expr, scope, Clause::kGroupBy);
    }
    settle(context_, *group);
    groups.push_back(to_sql(*group, index_name));
  }
  ExpressionPtr having;
  if (body.having) {
    having = bind_condition(*body.having, scope, Clause::kHaving);
    settle(context_, *having);
  }
  if (groups.empty() && !having && !saw_aggregate_) return;
  need_engine(!groups.empty() ? "GROUP BY" : having ? "HAVING" : "an aggregate", body.position);
  for (const ExpressionPtr& output : bound.outputs) check_grouped(*output, groups);
  for (const BoundOrderKey& key : bound.order) check_grouped(*key.expression, groups);
  if (having) check_grouped(*having, groups);
}

void StatementBinder::check_grouped(const Expression& expression,
                                    const std::vector<std::string>& groups) const {
  const std::string text = to_sql(expression, index_name);
  for (const std::string& group : groups) {
    if (group == text) return;
  }
  if (expression.kind == NodeKind::kColumn && expression.index != kPlaceholder) {
    throw base::Error("42000", "a column" + at_position(expression.position) +
                                   " is neither grouped nor in an aggregate");
  }
  for (const ExpressionPtr& child : expression.children) {
    if (child) check_grouped(*child, groups);
  }
}

}  // namespace graphodbc::query
