// JOIN: conditions, USING and NATURAL, and what an outer join does to the columns below it.
#include <algorithm>

#include "base/error.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

JoinKind kind_of(sqlparser::JoinType type) {
  switch (type) {
    case sqlparser::JoinType::kLeft:
      return JoinKind::kLeft;
    case sqlparser::JoinType::kRight:
      return JoinKind::kRight;
    case sqlparser::JoinType::kFull:
      return JoinKind::kFull;
    case sqlparser::JoinType::kInner:
    case sqlparser::JoinType::kCross:
      break;
  }
  return JoinKind::kInner;
}

struct Sides {
  Scope::Mark left, right, end;
};

// A column that both sides have and the join makes one.
struct Shared {
  VisibleColumn left, right;
  Nullability nullability = Nullability::kNullable;  // of the two before the join
  sqlparser::Identifier name;
};

bool is_same(const VisibleColumn& left, const VisibleColumn& right) {
  return left.source == right.source && left.column == right.column &&
         left.expression == right.expression;
}

std::vector<sqlparser::Identifier> natural_names(const Scope& scope, const Sides& sides,
                                                 Position position) {
  std::vector<sqlparser::Identifier> names;
  for (std::size_t i = sides.right.visible; i < sides.end.visible; ++i) {
    const ScopeColumn& column = *scope.resolve(scope.visible()[i]).column;
    const sqlparser::Identifier name{column.name, true, position};
    const VisibleColumn* left = scope.find_visible(sides.left, sides.right, name);
    if (left == nullptr || !column.in_star || !scope.resolve(*left).column->in_star) continue;
    names.push_back(name);
  }
  return names;
}

// In the order of the left side (SQL-92 7.5).
std::vector<Shared> shared_columns(const Scope& scope, const Sides& sides,
                                   const std::vector<sqlparser::Identifier>& names) {
  std::vector<std::pair<const VisibleColumn*, Shared>> found;
  for (const sqlparser::Identifier& name : names) {
    const VisibleColumn* left = scope.find_visible(sides.left, sides.right, name);
    const VisibleColumn* right = scope.find_visible(sides.right, sides.end, name);
    if (left == nullptr || right == nullptr) {
      throw base::Error("42S22", "the column of USING is not on both sides" + at_name(name));
    }
    const bool certain = scope.resolve(*left).column->nullability == Nullability::kNoNulls &&
                         scope.resolve(*right).column->nullability == Nullability::kNoNulls;
    found.emplace_back(
        left,
        Shared{*left, *right, certain ? Nullability::kNoNulls : Nullability::kNullable, name});
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Shared> shared;
  for (auto& [left, columns] : found) {
    if (!shared.empty() && is_same(shared.back().left, columns.left)) {
      throw base::Error("42000", "USING names a column twice" + at_name(columns.name));
    }
    shared.push_back(std::move(columns));
  }
  return shared;
}

// The columns that a name stands for: COALESCE of COALESCE would double with every join.
std::vector<ExpressionPtr> parts_of(const ResolvedColumn& column, Position position) {
  std::vector<ExpressionPtr> parts;
  if (column.expression == nullptr) {
    parts.push_back(column_expression(column, position));
    return parts;
  }
  // CASE WHEN a IS NOT NULL THEN a WHEN b IS NOT NULL THEN b ELSE c END.
  const std::vector<ExpressionPtr>& children = column.expression->children;
  for (std::size_t i = 1; i < children.size(); i += 2) parts.push_back(clone(*children[i]));
  parts.push_back(clone(*children.back()));
  return parts;
}

// What an unqualified name finds from now on: the column that is there for every row of the join.
VisibleColumn merged(BindContext& context, JoinKind join, const Shared& shared,
                     const Scope& scope) {
  if (join != JoinKind::kFull) return join == JoinKind::kRight ? shared.right : shared.left;
  VisibleColumn column = shared.left;
  const Position position = shared.name.position;
  const ResolvedColumn left = scope.resolve(shared.left);
  std::vector<ExpressionPtr> parts = parts_of(left, position);
  for (ExpressionPtr& part : parts_of(scope.resolve(shared.right), position)) {
    parts.push_back(std::move(part));
  }
  ExpressionPtr expression = make_function(context, "COALESCE", std::move(parts), position);
  expression->nullability = shared.nullability;
  column.description = {left.column->name, expression->type, shared.nullability, "", "", true};
  column.expression = std::move(expression);
  return column;
}

void merge_columns(BindContext& context, JoinKind join, Scope::Mark from,
                   const std::vector<Shared>& shared, Scope& scope) {
  std::vector<VisibleColumn> columns;
  columns.reserve(shared.size());
  for (const Shared& column : shared) columns.push_back(merged(context, join, column, scope));
  for (std::size_t i = from.visible; i < scope.visible().size(); ++i) {
    const VisibleColumn& column = scope.visible()[i];
    const bool gone = std::any_of(shared.begin(), shared.end(), [&](const Shared& both) {
      return is_same(both.left, column) || is_same(both.right, column);
    });
    if (!gone) columns.push_back(column);
  }
  scope.replace_visible(from, std::move(columns));
}

}  // namespace

ExpressionPtr column_expression(const ResolvedColumn& column, Position position) {
  if (column.expression == nullptr) {
    return make_column(column.number, column.column->type, column.column->nullability, position);
  }
  ExpressionPtr copy = clone(*column.expression);
  copy->nullability = column.column->nullability;
  copy->position = position;
  return copy;
}

std::unique_ptr<FromNode> StatementBinder::bind_join(const sqlparser::JoinTableRef& ref,
                                                     Scope& scope, const Scope* outer) {
  auto node = std::make_unique<FromNode>();
  node->join = kind_of(ref.type);
  Sides sides;
  sides.left = scope.mark();
  node->left = bind_table_ref(*ref.left, scope, outer);
  sides.right = scope.mark();
  node->right = bind_table_ref(*ref.right, scope, outer);
  sides.end = scope.mark();

  if (ref.on) {
    scope.narrow(sides.left);
    node->on = bind_condition(*ref.on, scope, Clause::kOn);
    settle(context_, *node->on);
    scope.widen();
  }
  const std::vector<sqlparser::Identifier> names =
      ref.natural ? natural_names(scope, sides, ref.position) : ref.using_columns;
  const std::vector<Shared> shared = shared_columns(scope, sides, names);
  std::vector<ExpressionPtr> equalities;
  for (const Shared& column : shared) {
    const Position position = column.name.position;
    equalities.push_back(make_comparison(
        context_, CompareOp::kEqual, column_expression(scope.resolve(column.left), position),
        column_expression(scope.resolve(column.right), position), position));
  }
  if (!equalities.empty()) node->on = make_and(context_, std::move(equalities), ref.position);

  const bool full = node->join == JoinKind::kFull;
  if (full || node->join == JoinKind::kLeft) scope.make_nullable(sides.right, sides.end);
  if (full || node->join == JoinKind::kRight) scope.make_nullable(sides.left, sides.right);
  if (!shared.empty()) merge_columns(context_, node->join, sides.left, shared, scope);
  return node;
}

}  // namespace graphodbc::query
