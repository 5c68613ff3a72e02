#include "query/binder/statement_binder.h"

#include "base/error.h"
#include "base/utf.h"
#include "query/binder/binder.h"
#include "schema/near_miss.h"

namespace graphodbc::query {

BoundStatement bind_statement(const sqlparser::Statement& statement,
                              const schema::Registry& registry, const SessionOptions& options,
                              std::span<const base::TypeInfo> types) {
  return StatementBinder(registry, options, statement.parameter_count, types).bind(statement);
}

StatementBinder::StatementBinder(const schema::Registry& registry, const SessionOptions& options,
                                 std::uint32_t parameter_count,
                                 std::span<const base::TypeInfo> types)
    : registry_(registry),
      options_(options),
      parameter_count_(parameter_count),
      parameter_types_(types) {
  context_.nocase = options.nocase;
}

BoundStatement StatementBinder::bind(const sqlparser::Statement& statement) {
  BoundStatement bound;
  switch (statement.kind) {
    case sqlparser::StatementKind::kSelect:
      bound.query =
          bind_query(*static_cast<const sqlparser::SelectStatement&>(statement).query, nullptr);
      break;
    case sqlparser::StatementKind::kExplain: {
      const auto& explain = static_cast<const sqlparser::ExplainStatement&>(statement);
      bound.explain = true;
      bound.analyze = explain.analyze;
      bound.query = bind_query(*explain.query, nullptr);
      break;
    }
    case sqlparser::StatementKind::kInsert:
      bind_insert(static_cast<const sqlparser::InsertStatement&>(statement));
      break;
    case sqlparser::StatementKind::kUpdate:
      bind_update(static_cast<const sqlparser::UpdateStatement&>(statement));
      break;
    case sqlparser::StatementKind::kDelete:
      bind_delete(static_cast<const sqlparser::DeleteStatement&>(statement));
      break;
    case sqlparser::StatementKind::kCall:
      bind_call(static_cast<const sqlparser::CallStatement&>(statement));
      break;
    case sqlparser::StatementKind::kDrop:
      bind_drop(static_cast<const sqlparser::DropStatement&>(statement));
      break;
  }
  bound.column_count = next_column_;
  bound.parameters = context_.parameters.all(parameter_count_);
  return bound;
}

void StatementBinder::refuse_write(const char* what, Position position) const {
  if (options_.read_only) {
    throw base::Error("25006", std::string(what) + at_position(position) +
                                   " is refused: the connection is read-only (ReadOnly=yes)");
  }
  throw base::Error("HYC00", std::string(what) + at_position(position) +
                                 " is not supported: this version only reads");
}

std::size_t StatementBinder::resolve_target(const schema::Table& table,
                                            const sqlparser::Identifier& name) const {
  if (const auto index = table.find(name.text)) return *index;
  std::vector<std::string> names;
  for (const schema::Column& column : table.columns) names.push_back(column.name);
  throw base::Error("42S22", "unknown column of " + table.name + at_name(name) +
                                 did_you_mean(schema::nearest_name(name.text, names)));
}

void StatementBinder::bind_target_value(const sqlparser::Expr& value, const schema::Column& column,
                                        const Scope& scope) {
  if (value.kind == sqlparser::ExprKind::kDefault) return;
  ExpressionPtr bound = bind_expr(value, scope, Clause::kValue);
  infer(context_, *bound, column.type);
  coerce(context_, std::move(bound), column.type, value.position);
}

void StatementBinder::bind_insert(const sqlparser::InsertStatement& insert) {
  const schema::Table& table = resolve_table(registry_, insert.table);
  std::vector<std::size_t> targets;
  for (const sqlparser::Identifier& name : insert.columns) {
    const std::size_t target = resolve_target(table, name);
    for (std::size_t other : targets) {
      if (other == target) {
        throw base::Error("42000", "the column is named twice" + at_name(name));
      }
    }
    targets.push_back(target);
  }
  if (insert.columns.empty()) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) targets.push_back(i);
  }
  const auto check_width = [&](std::size_t width, Position position) {
    if (width == targets.size()) return;
    throw base::Error("21S01", std::to_string(width) + " values for " +
                                   std::to_string(targets.size()) + " columns" +
                                   at_position(position));
  };
  const sqlparser::Query& source = *insert.source;
  if (const auto* values = sqlparser::as<sqlparser::ValuesBody>(*source.body)) {
    const Scope scope;
    for (const sqlparser::ExprList& row : values->rows) {
      check_width(row.size(), row.empty() ? insert.position : row[0]->position);
      for (std::size_t i = 0; i < row.size(); ++i) {
        bind_target_value(*row[i], table.columns[targets[i]], scope);
      }
    }
  } else {
    check_width(bind_query(source, nullptr)->columns.size(), source.position);
  }
  refuse_write("INSERT", insert.position);
}

void StatementBinder::bind_update(const sqlparser::UpdateStatement& update) {
  const schema::Table& table = resolve_table(registry_, update.table);
  Scope scope;
  add_target(table, scope);
  std::vector<std::size_t> targets;
  for (const sqlparser::Assignment& assignment : update.assignments) {
    const std::size_t target = resolve_target(table, assignment.column);
    for (std::size_t other : targets) {
      if (other == target) {
        throw base::Error("42000", "the column is set twice" + at_name(assignment.column));
      }
    }
    targets.push_back(target);
    bind_target_value(*assignment.value, table.columns[target], scope);
  }
  if (!update.where) {
    throw base::Error("42000", "UPDATE" + at_position(update.position) + " needs a WHERE");
  }
  bind_condition(*update.where, scope, Clause::kWhere);
  refuse_write("UPDATE", update.position);
}

void StatementBinder::bind_delete(const sqlparser::DeleteStatement& statement) {
  const schema::Table& table = resolve_table(registry_, statement.table);
  Scope scope;
  add_target(table, scope);
  if (!statement.where) {
    throw base::Error("42000", "DELETE" + at_position(statement.position) + " needs a WHERE");
  }
  bind_condition(*statement.where, scope, Clause::kWhere);
  refuse_write("DELETE", statement.position);
}

void StatementBinder::bind_call(const sqlparser::CallStatement& call) {
  const Scope scope;
  for (const sqlparser::ExprPtr& argument : call.args) {
    if (argument) bind_expr(*argument, scope, Clause::kValue);
  }
  refuse_write("CALL", call.position);
}

void StatementBinder::bind_drop(const sqlparser::DropStatement& drop) {
  const schema::Table& table = resolve_table(registry_, drop.name);
  throw base::Error("HYC00", "DROP of " + table.name + at_position(drop.position) +
                                 " is not supported: the tables are Graph's");
}

}  // namespace graphodbc::query
