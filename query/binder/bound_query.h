// What the binder makes of a statement: no name is unresolved, every expression has its type.
//
// Columns have numbers that are unique in the whole statement: a relation's columns are
// `first_column + i`. A column of an enclosing query is therefore just its number, and a rewrite
// can move an expression from one query to another. The relations of a statement of one table
// start at 0, so its expressions are ready for a scan of that table.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "query/expression/expression.h"
#include "query/session.h"
#include "schema/table.h"
#include "sqlparser/ast.h"

namespace graphodbc::query {

struct BoundQuery;

// A WITH name. Shared by every relation that reads it.
struct CommonTable {
  std::string name;
  std::vector<ResultColumn> columns;  // with the names of the column list
  bool recursive = false;             // `query` is a UNION whose later arms read this very name
  sqlparser::Materialized materialized = sqlparser::Materialized::kDefault;
  std::shared_ptr<BoundQuery> query;  // null while a recursive one is being bound
};

struct RelationColumn {
  std::string name;
  base::TypeInfo type;
  Nullability nullability = Nullability::kNullable;
};

// One item of a FROM clause: exactly one of `table`, `query`, `common` is set.
struct Relation {
  std::string correlation;  // for messages and EXPLAIN; may be empty
  std::uint32_t first_column = 0;
  std::vector<RelationColumn> columns;  // of a table: all of the schema's, in its order
  const schema::Table* table = nullptr;
  std::shared_ptr<BoundQuery> query;  // derived table
  // WITH name. Shared by the relations that name it, but unowned by those inside of its own query.
  std::shared_ptr<CommonTable> common;
  Position position;
};

enum class JoinKind : std::uint8_t { kInner, kLeft, kRight, kFull };

// A relation, or a join of two. Commas and CROSS JOIN are kInner without a condition; USING and
// NATURAL have become conditions.
struct FromNode {
  std::unique_ptr<Relation> relation;  // set for a leaf
  JoinKind join = JoinKind::kInner;
  std::unique_ptr<FromNode> left;
  std::unique_ptr<FromNode> right;
  ExpressionPtr on;  // null: TRUE
};

struct BoundOrderKey {
  // Over the FROM clause's columns and groups. Null for VALUES and set operations, where `output`
  // says it all.
  ExpressionPtr expression;
  std::optional<std::uint32_t> output;  // result column that the key is, where it was given as one
  bool descending = false;
  sqlparser::NullsOrder nulls = sqlparser::NullsOrder::kDefault;
  Position position;
};

enum class QueryKind : std::uint8_t { kSelect, kValues, kSetOperation };

// An arm of a set operation; `op` joins it to the arms before it and means nothing on the first.
struct SetArm {
  sqlparser::SetOp op = sqlparser::SetOp::kUnion;
  bool all = false;
  std::shared_ptr<BoundQuery> query;  // its outputs have been brought to the common types
};

// One query, at any depth. Immutable once bound, so that runs may share it.
struct BoundQuery {
  QueryKind kind = QueryKind::kSelect;
  std::vector<std::shared_ptr<CommonTable>> with;  // shared: relations below refer to them
  std::vector<ResultColumn> columns;

  // kSelect
  std::unique_ptr<FromNode> from;      // null without FROM: one row
  std::vector<ExpressionPtr> outputs;  // one a column
  ExpressionPtr where;                 // null without a condition
  ExpressionPtr search;                // GRAPH_SEARCH's text; null without it
  bool distinct = false;
  bool grouped = false;  // GROUP BY, HAVING or an aggregate: one row a group
  std::vector<ExpressionPtr> groups;
  ExpressionPtr having;

  std::vector<std::vector<ExpressionPtr>> values;  // kValues: rows
  std::vector<SetArm> arms;                        // kSetOperation: two or more, left to right

  std::vector<BoundOrderKey> order;
  ExpressionPtr limit;   // BIGINT literal or marker; null without one
  ExpressionPtr offset;  // same
  bool percent = false;  // limit is a percentage
  bool with_ties = false;
  std::uint32_t number = 0;  // of the queries of one statement; names it in to_sql
  Position position;
};

struct BoundStatement {
  bool explain = false;
  bool analyze = false;  // EXPLAIN ANALYZE
  std::shared_ptr<BoundQuery> query;
  std::uint32_t column_count = 0;  // numbers in use by relations
  std::vector<ParameterInfo> parameters;
};

// For a recursive WITH name inside of its own query: the two would keep each other alive.
std::shared_ptr<CommonTable> unowned(CommonTable& common);

// The one relation of a FROM clause without a join; null otherwise.
const Relation* sole_relation(const BoundQuery& query);
void for_each_relation(const FromNode* from, const std::function<void(const Relation&)>& visit);
// Every expression that stands directly in this query: not those of derived tables, WITH, arms, or
// subqueries inside of expressions.
void for_each_expression(const BoundQuery& query,
                         const std::function<void(const Expression&)>& visit);
// Every query below and including this one: derived tables, WITH, arms, and subqueries inside of
// expressions. Outer queries come first. Each is visited once, though expressions may share it; a
// WITH body where it is defined.
void for_each_query(const BoundQuery& query, const std::function<void(const BoundQuery&)>& visit);
// A deep copy with fresh nodes; column numbers stay. What was shared inside of it is shared inside
// of the copy.
std::shared_ptr<BoundQuery> clone(const BoundQuery& query);

}  // namespace graphodbc::query
