// SQLPrimaryKeys, SQLForeignKeys, SQLStatistics and SQLSpecialColumns.
#include <string>
#include <utility>

#include "base/error.h"
#include "driver/catalog/argument.h"
#include "driver/catalog/shape.h"
#include "driver/descriptors/type_facts.h"
#include "schema/registry.h"

namespace graphodbc::driver::catalog {
namespace {

// The table that ordinary arguments name, or null.
const schema::Table* named_table(const Context& context, const Argument& catalog,
                                 const Argument& schema, const Argument& table) {
  require_name(table, "the table name");
  require_identifiers(context, {&schema, &table});
  if (!selects_core(catalog, ArgumentKind::kOrdinary, context) ||
      !selects_core(schema, ArgumentKind::kOrdinary, context)) {
    return nullptr;
  }
  for (const schema::Table& known : context.registry.tables()) {
    if (selects(table, ArgumentKind::kOrdinary, context, known.name)) return &known;
  }
  return nullptr;
}

std::string key_name(const schema::Table& table) {
  return "PK_" + table.name;
}

}  // namespace

Result primary_keys(const Context& context, const Argument& catalog, const Argument& schema,
                    const Argument& table) {
  std::vector<Row> rows;
  if (const schema::Table* known = named_table(context, catalog, schema, table)) {
    for (std::size_t i = 0; i < known->key.size(); ++i) {
      rows.push_back({null(), null(), text(known->name), text(known->key[i]),
                      number(static_cast<std::int64_t>(i) + 1), text(key_name(*known))});
    }
  }
  return make_result(kPrimaryKeysShape, context, std::move(rows));
}

Result foreign_keys(const Context& context, const TableName& primary, const TableName& foreign) {
  if (!primary.table && !foreign.table) {
    throw base::Error("HY009", "SQLForeignKeys needs a primary key table or a foreign key table");
  }
  // The service enforces no reference between the tables, so none is declared.
  return make_result(kForeignKeysShape, context, {});
}

Result statistics(const Context& context, const Argument& catalog, const Argument& schema,
                  const Argument& table, SQLUSMALLINT unique, SQLUSMALLINT accuracy) {
  if (unique != SQL_INDEX_UNIQUE && unique != SQL_INDEX_ALL) {
    throw base::Error("HY100",
                      "the Unique argument of SQLStatistics must be SQL_INDEX_UNIQUE or "
                      "SQL_INDEX_ALL");
  }
  if (accuracy != SQL_ENSURE && accuracy != SQL_QUICK) {
    throw base::Error("HY101",
                      "the Reserved argument of SQLStatistics must be SQL_ENSURE or "
                      "SQL_QUICK");
  }
  std::vector<Row> rows;
  if (const schema::Table* known = named_table(context, catalog, schema, table)) {
    rows.push_back({null(), null(), text(known->name), null(), null(), null(),
                    number(SQL_TABLE_STAT), null(), null(), null(), null(), null(), null()});
    for (std::size_t i = 0; i < known->key.size(); ++i) {
      rows.push_back({null(), null(), text(known->name), number(SQL_FALSE), null(),
                      text(key_name(*known)), number(SQL_INDEX_OTHER),
                      number(static_cast<std::int64_t>(i) + 1), text(known->key[i]), null(), null(),
                      null(), null()});
    }
  }
  return make_result(kStatisticsShape, context, std::move(rows));
}

Result special_columns(const Context& context, SQLUSMALLINT identifier_type,
                       const Argument& catalog, const Argument& schema, const Argument& table,
                       SQLUSMALLINT scope, SQLUSMALLINT nullable) {
  if (identifier_type != SQL_BEST_ROWID && identifier_type != SQL_ROWVER) {
    throw base::Error("HY097",
                      "the IdentifierType argument of SQLSpecialColumns must be "
                      "SQL_BEST_ROWID or SQL_ROWVER");
  }
  if (scope > SQL_SCOPE_SESSION) {
    throw base::Error("HY098", "the Scope argument of SQLSpecialColumns is out of range");
  }
  if (nullable != SQL_NO_NULLS && nullable != SQL_NULLABLE) {
    throw base::Error("HY099",
                      "the Nullable argument of SQLSpecialColumns must be SQL_NO_NULLS or "
                      "SQL_NULLABLE");
  }
  std::vector<Row> rows;
  const schema::Table* known = named_table(context, catalog, schema, table);
  if (known != nullptr && identifier_type == SQL_BEST_ROWID) {
    for (const std::string& name : known->key) {
      const auto index = known->find(name);
      if (!index) continue;
      const schema::Column& column = known->columns[*index];
      const SQLSMALLINT digits = decimal_digits(column.type);
      rows.push_back({number(SQL_SCOPE_SESSION), text(column.name),
                      number(type_number(column.type.type, context.odbc2)),
                      text(type_facts(column.type.type).name),
                      number(static_cast<std::int64_t>(column_size(column.type, context.ansi))),
                      number(octet_length(column.type, context.ansi)),
                      digits < 0 ? null() : number(digits), number(SQL_PC_NOT_PSEUDO)});
    }
  }
  return make_result(kSpecialColumnsShape, context, std::move(rows));
}

}  // namespace graphodbc::driver::catalog
