// GROUP BY and HAVING, and the rule that a grouped query shows groups only (SQL-92 7.9).
#include "base/error.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

// Takes an expression apart down to groups, aggregates, constants and columns of enclosing queries;
// any other column is refused.
class GroupCheck {
 public:
  GroupCheck(const Scope& scope, const std::vector<ExpressionPtr>& groups)
      : scope_(scope), groups_(groups) {
    for (const ExpressionPtr& group : groups) texts_.push_back(text_of_expression(*group));
  }

  void check(ExpressionPtr& expression) const {
    if (const Expression* group = group_of(*expression)) {
      // Markers print alike. Those of the group are the ones that the rows were grouped by.
      if (contains(*expression, NodeKind::kParameter)) expression = clone(*group);
      return;
    }
    check_node(*expression);
    if (expression->kind == NodeKind::kAggregate) return;
    for (ExpressionPtr& child : expression->children) check(child);
  }

 private:
  const Expression* group_of(const Expression& expression) const {
    if (texts_.empty() || expression.is_literal()) return nullptr;
    const std::string text = text_of_expression(expression);
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if (texts_[i] == text) return groups_[i].get();
    }
    return nullptr;
  }

  void check_node(const Expression& expression) const {
    if (expression.kind == NodeKind::kColumn && scope_.owns(expression.index)) {
      throw base::Error("42000", "a column" + at_position(expression.position) +
                                     " is neither grouped nor in an aggregate");
    }
    if (!expression.query) return;
    for_each_query(*expression.query, [&](const BoundQuery& query) {
      for_each_expression(query, [&](const Expression& inner) { check_inside(inner); });
    });
  }

  // A subquery is evaluated once a group, so the same holds for what it takes from this query.
  void check_inside(const Expression& expression) const {
    if (group_of(expression) != nullptr) return;
    if (!expression.query) check_node(expression);
    for (const ExpressionPtr& child : expression.children) check_inside(*child);
  }

  const Scope& scope_;
  const std::vector<ExpressionPtr>& groups_;
  std::vector<std::string> texts_;
};

void refuse_many_rows(const Expression& group) {
  for (const NodeKind kind : {NodeKind::kAggregate, NodeKind::kWindow}) {
    if (!contains(group, kind)) continue;
    throw base::Error(
        "42000", std::string(kind == NodeKind::kWindow ? "a window function" : "an aggregate") +
                     at_position(group.position) + " cannot be grouped by");
  }
}

}  // namespace

void StatementBinder::bind_groups(const sqlparser::SelectBody& body, const Scope& scope,
                                  BoundQuery& bound) {
  for (const sqlparser::ExprPtr& expr : body.group_by) {
    const auto* ref = sqlparser::as<sqlparser::ColumnRefExpr>(*expr);
    const bool aliases = ref != nullptr && !scope.has_column(ref->name.name.text);
    ExpressionPtr group;
    if (const auto position = output_position(*expr, bound, aliases)) {
      group = clone(*bound.outputs[*position]);
      group->position = expr->position;
    } else {
      group = bind_expr(*expr, scope, Clause::kGroupBy);
    }
    settle(context_, *group);
    refuse_many_rows(*group);
    bound.groups.push_back(std::move(group));
  }
  if (body.having) {
    bound.having = bind_condition(*body.having, scope, Clause::kHaving);
    settle(context_, *bound.having);
  }
  bound.grouped = !bound.groups.empty() || bound.having || select_.saw_aggregate;
  if (!bound.grouped) return;
  const GroupCheck check(scope, bound.groups);
  for (ExpressionPtr& output : bound.outputs) check.check(output);
  for (BoundOrderKey& key : bound.order) check.check(key.expression);
  if (bound.having) check.check(bound.having);
}

}  // namespace graphodbc::query
