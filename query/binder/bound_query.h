// What the binder makes of a statement: no name is unresolved, every expression has its type.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "query/expression/expression.h"
#include "query/session.h"
#include "schema/table.h"
#include "sqlparser/ast.h"

namespace graphodbc::query {

struct BoundOrderKey {
  ExpressionPtr expression;
  bool descending = false;
  sqlparser::NullsOrder nulls = sqlparser::NullsOrder::kDefault;
  Position position;
};

// A part of a statement that needs more than one pass over one table's rows.
struct EngineNeed {
  std::string what;  // "GROUP BY"
  Position position;
};

// One query of one table, of no table, or VALUES. Column indexes of its expressions are those of
// the schema table. Where `need` is set the expressions hold placeholders and cannot be evaluated.
struct BoundQuery {
  const schema::Table* table = nullptr;
  std::string correlation;
  std::vector<ResultColumn> columns;
  std::vector<ExpressionPtr> outputs;  // one a column; empty for VALUES
  ExpressionPtr where;                 // null without a condition
  ExpressionPtr search;                // GRAPH_SEARCH's text; null without it
  std::vector<BoundOrderKey> order;
  ExpressionPtr limit;                             // BIGINT literal or marker; null without one
  ExpressionPtr offset;                            // same
  std::vector<std::vector<ExpressionPtr>> values;  // rows of VALUES
  std::optional<EngineNeed> need;
};

struct BoundStatement {
  bool explain = false;
  BoundQuery query;
  std::vector<ParameterInfo> parameters;
};

}  // namespace graphodbc::query
