#include "query/planner/statement_plan.h"

#include <algorithm>

#include "query/planner/local_planner.h"
#include "query/planner/planner.h"

namespace graphodbc::query {
namespace {

bool is_streamable(const BoundQuery& query) {
  if (query.kind != QueryKind::kSelect || !query.with.empty() || query.distinct || query.grouped ||
      query.percent || query.with_ties) {
    return false;
  }
  if (query.where && needs_engine(*query.where)) return false;
  return std::none_of(query.outputs.begin(), query.outputs.end(),
                      [](const ExpressionPtr& output) { return needs_engine(*output); }) &&
         std::none_of(query.order.begin(), query.order.end(), [](const BoundOrderKey& key) {
           return !key.expression || needs_engine(*key.expression);
         });
}

bool is_constant_rows(const BoundQuery& query) {
  if (query.kind == QueryKind::kSelect) return !query.from && is_streamable(query);
  if (query.kind != QueryKind::kValues || !query.with.empty() || !query.order.empty() ||
      query.percent || query.with_ties) {
    return false;
  }
  for (const auto& row : query.values) {
    for (const ExpressionPtr& value : row) {
      if (needs_engine(*value)) return false;
    }
  }
  return true;
}

// One group of all of a table's rows, and nothing done with its aggregates.
bool is_one_group(const BoundQuery& query) {
  return query.kind == QueryKind::kSelect && query.with.empty() && !query.distinct &&
         query.grouped && query.groups.empty() && !query.having && !query.search &&
         !query.percent && !query.with_ties && query.order.empty() && !query.limit &&
         !query.offset && !(query.where && needs_engine(*query.where));
}

// The number of the table's rows.
bool is_row_count(const Expression& output) {
  if (output.kind != NodeKind::kAggregate || output.call->id != AggregateId::kCount ||
      output.call->filtered) {
    return false;
  }
  if (output.call->arguments == 0) return true;
  const Expression& counted = output.child(0);
  return !output.call->distinct && counted.kind == NodeKind::kColumn &&
         counted.nullability == Nullability::kNoNulls;
}

// Nulls sort low and are no minimum, so they must not come first.
bool is_extreme(const Expression& output) {
  if (output.kind != NodeKind::kAggregate || output.call->filtered) return false;
  const AggregateId id = output.call->id;
  if (id != AggregateId::kMax && id != AggregateId::kMin) return false;
  const Expression& column = output.child(0);
  // The service's order of texts may be asked for, but is not that of MIN and MAX.
  if (base::is_text(column.type.type)) return false;
  return column.kind == NodeKind::kColumn &&
         (id == AggregateId::kMax || column.nullability == Nullability::kNoNulls);
}

ExpressionPtr clone_of(const ExpressionPtr& expression) {
  return expression ? clone(*expression) : nullptr;
}

// The table and its conditions, without outputs.
TableQuery conditions_of(const BoundQuery& query, const Relation& relation) {
  TableQuery result;
  result.table = relation.table;
  result.position = relation.position;
  result.where = clone_of(query.where);
  if (result.where) {
    number_from_zero(*result.where, relation.first_column,
                     static_cast<std::uint32_t>(relation.columns.size()));
  }
  return result;
}

TableQuery table_query(const BoundQuery& query, const Relation& relation) {
  const auto width = static_cast<std::uint32_t>(relation.columns.size());
  const auto numbered = [&](const Expression& expression) {
    ExpressionPtr copy = clone(expression);
    number_from_zero(*copy, relation.first_column, width);
    return copy;
  };
  TableQuery result = conditions_of(query, relation);
  for (const ExpressionPtr& output : query.outputs) result.outputs.push_back(numbered(*output));
  result.search = clone_of(query.search);
  for (const BoundOrderKey& key : query.order) {
    result.order.push_back(
        {numbered(*key.expression), key.output, key.descending, key.nulls, key.position});
  }
  result.limit = clone_of(query.limit);
  result.offset = clone_of(query.offset);
  return result;
}

// sql-dialect.md 9.4: one request where the service knows the answer.
void choose_shortcut(const BoundQuery& query, const Relation& relation, StatementPlan& plan) {
  const auto all = [&](bool (*is)(const Expression&)) {
    return std::all_of(query.outputs.begin(), query.outputs.end(),
                       [&](const ExpressionPtr& output) { return is(*output); });
  };
  if (all(is_row_count)) {
    plan.table = std::make_shared<const TableQuery>(conditions_of(query, relation));
    plan.result = TableResult::kCount;
  } else if (query.outputs.size() == 1 && all(is_extreme)) {
    const Expression& output = *query.outputs[0];
    TableQuery first = conditions_of(query, relation);
    first.outputs.push_back(clone(output.child(0)));
    number_from_zero(*first.outputs[0], relation.first_column,
                     static_cast<std::uint32_t>(relation.columns.size()));
    BoundOrderKey key;
    key.expression = clone(*first.outputs[0]);
    key.descending = output.call->id == AggregateId::kMax;
    key.position = output.position;
    first.order.push_back(std::move(key));
    first.limit = make_integer(1, output.position);
    plan.table = std::make_shared<const TableQuery>(std::move(first));
    plan.result = TableResult::kExtreme;
  }
}

void prove(const TableQuery& query, const SessionOptions& options) {
  plan_scan({query, options, nullptr, 0, {}});
}

// A scan whose rows another scan's values choose is proved with a value that stands for them.
void prove(const ScanSpec& scan, const SessionOptions& options) {
  if (scan.keys) prove(with_keys(scan, {base::Value::text("?")}), options);
  if (!scan.keys || scan.keys->at_most != 0) prove(scan.query, options);
}

}  // namespace

StatementPlan plan_statement(std::shared_ptr<const BoundQuery> query,
                             const SessionOptions& options) {
  StatementPlan plan;
  row_range(query->limit.get(), query->offset.get(), nullptr, 0);
  if (is_constant_rows(*query)) {
    plan.constant = std::move(query);
    return plan;
  }
  const Relation* relation = sole_relation(*query);
  const bool of_table = relation != nullptr && relation->table != nullptr;
  const bool streams = of_table && is_streamable(*query);
  if (streams) {
    plan.table = std::make_shared<const TableQuery>(table_query(*query, *relation));
    prove(*plan.table, options);
    if (query->order.empty()) return plan;
  } else if (of_table && is_one_group(*query)) {
    choose_shortcut(*query, *relation, plan);
  }
  plan.local = std::make_shared<const LocalPlan>(plan_local(clone(*query), options));
  if (!streams) {
    for (const ScanSpec& scan : plan.local->scans) prove(scan, options);
  }
  return plan;
}

}  // namespace graphodbc::query
