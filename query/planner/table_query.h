// What one table is asked for: the unit of the streaming path and of every scan of the local
// engine.
#pragma once

#include <cstdint>
#include <vector>

#include "query/binder/bound_query.h"
#include "query/expression/expression.h"
#include "schema/table.h"

namespace graphodbc::query {

// Column numbers of its expressions are the table's own. It owns copies, so that a scan may carry
// conditions that the statement never spelled out.
struct TableQuery {
  const schema::Table* table = nullptr;
  std::vector<ExpressionPtr> outputs;
  ExpressionPtr where;   // null without a condition
  ExpressionPtr search;  // GRAPH_SEARCH's text; null without it
  std::vector<BoundOrderKey> order;
  ExpressionPtr limit;   // BIGINT literal or marker; null without one
  ExpressionPtr offset;  // same
  // The local engine sorts, skips and counts the rows itself, so `order`, `limit` and `offset` only
  // say which are enough for it: the offset's rows are given too, and where Graph does not sort all
  // rows are, in any order.
  bool for_engine = false;
  // Another table's rows chose the mailbox or parent: one that has no such rows is no mistake.
  bool keyed = false;
  // Keys of another table's rows stand in `where`, to be sent as a filter.
  bool filtered_by_keys = false;
  Position position;  // of the table in the statement
};

TableQuery copy_of(const TableQuery& query);
// From the statement's numbers, where the table's columns begin at `first`, to the table's own.
void number_from_zero(Expression& expression, std::uint32_t first, std::uint32_t width);
// ANDs the condition to the query's.
void add_condition(TableQuery& query, ExpressionPtr condition);

}  // namespace graphodbc::query
