// ORDER BY, and result columns named by position or alias.
#include <algorithm>

#include "base/error.h"
#include "base/utf.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

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

BoundOrderKey order_key(const sqlparser::OrderKey& key) {
  BoundOrderKey order;
  order.descending = key.descending;
  order.nulls = key.nulls;
  order.position = key.expr->position;
  return order;
}

// Markers print alike but may have different values, and RAND() differs from itself.
bool may_differ_from_itself(const Expression& expression) {
  return contains(expression, NodeKind::kParameter) || is_volatile(expression);
}

}  // namespace

std::string text_of_expression(const Expression& expression) {
  return to_sql(expression, [](std::uint32_t number) { return "c" + std::to_string(number); });
}

bool contains(const Expression& expression, NodeKind kind) {
  if (expression.kind == kind) return true;
  for (const ExpressionPtr& child : expression.children) {
    if (contains(*child, kind)) return true;
  }
  return false;
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
        text_of_expression(*bound.outputs[*found]) != text_of_expression(*bound.outputs[i])) {
      throw base::Error("42000", "two result columns have the name" + at_name(ref->name.name));
    }
    if (!found) found = i;
  }
  return found;
}

void StatementBinder::bind_order(const std::vector<sqlparser::OrderKey>& keys, const Scope& scope,
                                 BoundQuery& bound) {
  if (keys.empty()) return;
  std::vector<std::string> outputs;
  for (const ExpressionPtr& output : bound.outputs) outputs.push_back(text_of_expression(*output));
  for (const sqlparser::OrderKey& key : keys) {
    BoundOrderKey order = order_key(key);
    if (const auto position = output_position(*key.expr, bound, true)) {
      order.output = static_cast<std::uint32_t>(*position);
      order.expression = clone(*bound.outputs[*position]);
    } else {
      order.expression = bind_expr(*key.expr, scope, Clause::kOrderBy);
      settle(context_, *order.expression);
      if (bound.distinct || !may_differ_from_itself(*order.expression)) {
        const auto same =
            std::find(outputs.begin(), outputs.end(), text_of_expression(*order.expression));
        if (same != outputs.end()) {
          order.output = static_cast<std::uint32_t>(same - outputs.begin());
        }
      }
    }
    if (bound.distinct && !order.output) {
      throw base::Error("42000", "under DISTINCT, ORDER BY" + at_position(order.position) +
                                     " can only name result columns");
    }
    bound.order.push_back(std::move(order));
  }
}

// ORDER BY of VALUES, set operations and brackets: positions and names of the result only (SQL-92
// 13.1).
void StatementBinder::bind_result_order(const std::vector<sqlparser::OrderKey>& keys,
                                        BoundQuery& bound) {
  for (const sqlparser::OrderKey& key : keys) {
    const auto position = output_position(*key.expr, bound, true);
    if (!position) {
      throw base::Error("42000", "ORDER BY of this query takes positions and result column names" +
                                     at_position(key.expr->position));
    }
    BoundOrderKey order = order_key(key);
    order.output = static_cast<std::uint32_t>(*position);
    if (bound.kind == QueryKind::kSelect) order.expression = clone(*bound.outputs[*position]);
    bound.order.push_back(std::move(order));
  }
}

}  // namespace graphodbc::query
