// WITH, set operations, VALUES, ORDER BY of whole results, TOP and LIMIT.
#include "base/error.h"
#include "base/utf.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

ResultColumn unnamed_column(std::size_t position, const base::TypeInfo& type,
                            Nullability nullability) {
  ResultColumn column;
  column.label = "column" + std::to_string(position);
  column.type = type;
  column.nullability = nullability;
  column.case_sensitive = base::is_text(type.type) && !type.nocase;
  return column;
}

const char* set_word(sqlparser::SetOp op) {
  switch (op) {
    case sqlparser::SetOp::kUnion:
      return "UNION";
    case sqlparser::SetOp::kExcept:
      return "EXCEPT";
    case sqlparser::SetOp::kIntersect:
      return "INTERSECT";
  }
  return "";
}

}  // namespace

BoundQuery StatementBinder::bind_query(const sqlparser::Query& query, const Scope* outer) {
  const std::size_t visible = ctes_.size();
  bind_ctes(query, outer);
  bool ordered = false;
  BoundQuery bound = bind_body(*query.body, query, outer, ordered);
  if (!ordered) bind_result_order(query, bound);
  bind_limit(query, bound);
  ctes_.resize(visible);
  return bound;
}

void StatementBinder::bind_ctes(const sqlparser::Query& query, const Scope* outer) {
  if (query.ctes.empty()) return;
  need_engine("WITH", query.position);
  const std::size_t first = ctes_.size();
  for (const sqlparser::CommonTableExpr& cte : query.ctes) {
    for (std::size_t i = first; i < ctes_.size(); ++i) {
      if (base::equal_nocase(ctes_[i].name, cte.name.text)) {
        throw base::Error("42S01", "the WITH name is used twice" + at_name(cte.name));
      }
    }
    const auto columns_of = [&](const BoundQuery& bound) {
      std::vector<ResultColumn> columns = bound.columns;
      if (cte.columns.empty()) return columns;
      if (cte.columns.size() != columns.size()) {
        throw base::Error("42000", "the column list has " + std::to_string(cte.columns.size()) +
                                       " names for " + std::to_string(columns.size()) + " columns" +
                                       at_name(cte.name));
      }
      for (std::size_t i = 0; i < columns.size(); ++i) columns[i].name = cte.columns[i].text;
      return columns;
    };
    const auto* steps = sqlparser::as<sqlparser::SetOperationBody>(*cte.query->body);
    if (query.recursive && steps != nullptr) {
      // The first arm fixes the columns that the recursive arm then reads.
      bool ordered = false;
      const sqlparser::Query nothing;
      BoundQuery arm = bind_body(*steps->first, nothing, outer, ordered);
      ctes_.push_back({cte.name.text, columns_of(arm)});
      bind_query(*cte.query, outer);
    } else {
      BoundQuery bound = bind_query(*cte.query, outer);
      ctes_.push_back({cte.name.text, columns_of(bound)});
    }
  }
}

// `ordered` is set when the body has bound the query's ORDER BY itself, because its keys may be
// any expression of the SELECT's own scope.
BoundQuery StatementBinder::bind_body(const sqlparser::QueryBody& body,
                                      const sqlparser::Query& query, const Scope* outer,
                                      bool& ordered) {
  switch (body.kind) {
    case sqlparser::QueryBodyKind::kSelect:
      ordered = true;
      return bind_select(static_cast<const sqlparser::SelectBody&>(body), query, outer);
    case sqlparser::QueryBodyKind::kValues:
      return bind_values(static_cast<const sqlparser::ValuesBody&>(body), outer);
    case sqlparser::QueryBodyKind::kSetOperation:
      return bind_set_operation(static_cast<const sqlparser::SetOperationBody&>(body), outer);
    case sqlparser::QueryBodyKind::kNested:
      break;
  }
  const sqlparser::Query& nested = *static_cast<const sqlparser::NestedQueryBody&>(body).query;
  if ((nested.limit || !nested.order_by.empty()) && (query.limit || !query.order_by.empty())) {
    need_engine("ORDER BY or LIMIT over a query that has its own", nested.position);
  }
  return bind_query(nested, outer);
}

BoundQuery StatementBinder::bind_values(const sqlparser::ValuesBody& body, const Scope* outer) {
  BoundQuery bound;
  const Scope scope(outer);
  for (const sqlparser::ExprList& row : body.rows) {
    bound.values.push_back(bind_list(row, scope, Clause::kValue));
  }
  const std::size_t width = bound.values.empty() ? 0 : bound.values[0].size();
  for (std::size_t i = 0; i < width; ++i) {
    base::TypeInfo type = bound.values[0][i]->type;
    Nullability nullability = Nullability::kNoNulls;
    for (const auto& row : bound.values) {
      type = common_type(type, row[i]->type, row[i]->position);
      if (row[i]->nullability != Nullability::kNoNulls) nullability = Nullability::kNullable;
    }
    for (auto& row : bound.values) {
      if (type.type != base::SqlType::kUnknown) {
        infer(context_, *row[i], type);
        const Position position = row[i]->position;
        row[i] = coerce(context_, std::move(row[i]), type, position);
      }
      settle(context_, *row[i]);
    }
    if (type.type == base::SqlType::kUnknown) type = bound.values[0][i]->type;
    bound.columns.push_back(unnamed_column(i + 1, type, nullability));
    bound.columns.back().name = bound.columns.back().label;
  }
  return bound;
}

BoundQuery StatementBinder::bind_set_operation(const sqlparser::SetOperationBody& body,
                                               const Scope* outer) {
  const sqlparser::Query nothing;
  bool ordered = false;
  BoundQuery bound = bind_body(*body.first, nothing, outer, ordered);
  for (const sqlparser::SetStep& step : body.steps) {
    need_engine(set_word(step.op), step.position);
    const BoundQuery arm = bind_body(*step.body, nothing, outer, ordered);
    if (arm.columns.size() != bound.columns.size()) {
      throw base::Error("42000", "the sides of " + std::string(set_word(step.op)) +
                                     at_position(step.position) + " have " +
                                     std::to_string(bound.columns.size()) + " and " +
                                     std::to_string(arm.columns.size()) + " columns");
    }
    for (std::size_t i = 0; i < arm.columns.size(); ++i) {
      bound.columns[i].type =
          common_type(bound.columns[i].type, arm.columns[i].type, step.position);
    }
  }
  bound.table = nullptr;
  bound.outputs.clear();
  bound.where = nullptr;
  bound.search = nullptr;
  return bound;
}

// ORDER BY of VALUES and set operations: positions and names of the result only (SQL-92 13.1).
void StatementBinder::bind_result_order(const sqlparser::Query& query, BoundQuery& bound) {
  if (query.order_by.empty()) return;
  if (query.body->kind != sqlparser::QueryBodyKind::kNested) {
    need_engine("ORDER BY over VALUES or a set operation", query.order_by[0].expr->position);
  }
  need_engine("ORDER BY over a query in brackets", query.order_by[0].expr->position);
  for (const sqlparser::OrderKey& key : query.order_by) {
    if (output_position(*key.expr, bound, true)) continue;
    throw base::Error("42000", "ORDER BY of this query takes positions and result column names" +
                                   at_position(key.expr->position));
  }
}

ExpressionPtr StatementBinder::bind_row_count(const sqlparser::ExprPtr& count) {
  if (!count) return nullptr;
  const Scope scope;
  ExpressionPtr bound = bind_expr(*count, scope, Clause::kValue);
  infer(context_, *bound, base::bigint_type());
  return coerce(context_, std::move(bound), base::bigint_type(), count->position);
}

void StatementBinder::bind_limit(const sqlparser::Query& query, BoundQuery& bound) {
  if (!query.limit) return;
  const sqlparser::Limit& limit = *query.limit;
  if (limit.percent) need_engine("TOP .. PERCENT", limit.position);
  if (limit.with_ties) need_engine("WITH TIES", limit.position);
  if (bound.limit || bound.offset) need_engine("LIMIT over a limited query", limit.position);
  bound.limit = bind_row_count(limit.count);
  bound.offset = bind_row_count(limit.offset);
}

}  // namespace graphodbc::query
