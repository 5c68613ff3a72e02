// Queries of any form, brackets, TOP and LIMIT.
#include <limits>

#include "base/error.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

// Far above what 64 tables have; derived tables that double each other's columns end here.
constexpr std::uint32_t kMaxColumnNumbers = 1'000'000;

}  // namespace

BoundQueryPtr StatementBinder::new_query(QueryKind kind, Position position) {
  auto query = std::make_shared<BoundQuery>();
  query->kind = kind;
  query->number = ++query_count_;
  query->position = position;
  return query;
}

std::uint32_t StatementBinder::take_columns(std::size_t count) {
  const std::uint32_t first = next_column_;
  if (count > kMaxColumnNumbers - first) {
    throw base::Error("42000", "the tables of the statement have more than " +
                                   std::to_string(kMaxColumnNumbers) + " columns together");
  }
  next_column_ += static_cast<std::uint32_t>(count);
  return first;
}

BoundQueryPtr StatementBinder::bind_query(const sqlparser::Query& query, const Scope* outer,
                                          Typing typing, const Anchor* anchor) {
  const std::size_t visible = common_tables_.size();
  std::vector<std::shared_ptr<CommonTable>> with = bind_with(query, outer);
  BoundQueryPtr bound = bind_body(*query.body, &query, outer, typing, anchor);
  bind_limit(query, *bound);
  // A query in brackets may have brought a WITH of its own.
  with.insert(with.end(), bound->with.begin(), bound->with.end());
  bound->with = std::move(with);
  common_tables_.resize(visible);
  return bound;
}

BoundQueryPtr StatementBinder::bind_body(const sqlparser::QueryBody& body,
                                         const sqlparser::Query* query, const Scope* outer,
                                         Typing typing, const Anchor* anchor) {
  static const std::vector<sqlparser::OrderKey> kNoOrder;
  const std::vector<sqlparser::OrderKey>& order = query != nullptr ? query->order_by : kNoOrder;
  BoundQueryPtr bound;
  switch (body.kind) {
    case sqlparser::QueryBodyKind::kSelect:
      return bind_select(static_cast<const sqlparser::SelectBody&>(body), order, outer, typing);
    case sqlparser::QueryBodyKind::kNested:
      return bind_nested(static_cast<const sqlparser::NestedQueryBody&>(body), query, outer,
                         typing);
    case sqlparser::QueryBodyKind::kValues:
      bound = bind_values(static_cast<const sqlparser::ValuesBody&>(body), outer, typing);
      break;
    case sqlparser::QueryBodyKind::kSetOperation:
      bound = bind_set_operation(static_cast<const sqlparser::SetOperationBody&>(body), outer,
                                 typing, anchor);
      break;
  }
  bind_result_order(order, *bound);
  return bound;
}

BoundQueryPtr StatementBinder::bind_nested(const sqlparser::NestedQueryBody& body,
                                           const sqlparser::Query* query, const Scope* outer,
                                           Typing typing) {
  const bool limits = query != nullptr && query->limit.has_value();
  const bool orders = query != nullptr && !query->order_by.empty();
  BoundQueryPtr inner = bind_query(*body.query, outer, limits || orders ? Typing::kFinal : typing);
  if (!limits && !orders) return inner;
  // One query has one ORDER BY and one LIMIT, which come last.
  const bool limited = inner->limit || inner->offset;
  if (limited || (orders && !inner->order.empty())) inner = wrap(std::move(inner));
  bind_result_order(query->order_by, *inner);
  return inner;
}

BoundQueryPtr StatementBinder::wrap(BoundQueryPtr inner) {
  BoundQueryPtr outer = new_query(QueryKind::kSelect, inner->position);
  auto relation = std::make_unique<Relation>();
  relation->first_column = take_columns(inner->columns.size());
  relation->position = inner->position;
  outer->columns = inner->columns;
  for (std::uint32_t i = 0; i < inner->columns.size(); ++i) {
    const ResultColumn& column = inner->columns[i];
    const std::string& name = column.name.empty() ? column.label : column.name;
    relation->columns.push_back({name, column.type, column.nullability});
    outer->outputs.push_back(
        make_column(relation->first_column + i, column.type, column.nullability, inner->position));
  }
  relation->query = std::move(inner);
  outer->from = std::make_unique<FromNode>();
  outer->from->relation = std::move(relation);
  return outer;
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
  bound.limit = bind_row_count(query.limit->count);
  bound.offset = bind_row_count(query.limit->offset);
  bound.percent = query.limit->percent;
  bound.with_ties = query.limit->with_ties;
}

}  // namespace graphodbc::query
