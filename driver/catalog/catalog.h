// Catalog functions: rows about tables, columns, keys and types out of the schema registry, without
// a request. Column sets and order as the ODBC page of each function.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/row_source.h"
#include "driver/odbc.h"
#include "query/session.h"

namespace graphodbc::schema {
class Registry;
}

namespace graphodbc::driver::catalog {

// A catalog argument as given: nullopt for a null pointer ("no filter"), which differs from the
// empty string ("objects without one"), pitfalls 10.2.
using Argument = std::optional<std::string>;

struct Context {
  const schema::Registry& registry;
  bool odbc2 = false;        // 2.x column names and type numbers (decisions.md 4)
  bool metadata_id = false;  // SQL_ATTR_METADATA_ID: arguments are identifiers
  bool ansi = false;         // text sizes for narrow applications (clients.md 12)
};

struct Result {
  std::vector<query::ResultColumn> columns;
  std::unique_ptr<base::RowSource> rows;
};

// Each throws base::Error: HY009 (null pointer where a name is needed), HY097..HY101 (options).
Result tables(const Context& context, const Argument& catalog, const Argument& schema,
              const Argument& table, const Argument& types);
Result columns(const Context& context, const Argument& catalog, const Argument& schema,
               const Argument& table, const Argument& column);
Result primary_keys(const Context& context, const Argument& catalog, const Argument& schema,
                    const Argument& table);
struct TableName {
  Argument catalog;
  Argument schema;
  Argument table;
};
Result foreign_keys(const Context& context, const TableName& primary, const TableName& foreign);
Result statistics(const Context& context, const Argument& catalog, const Argument& schema,
                  const Argument& table, SQLUSMALLINT unique, SQLUSMALLINT accuracy);
Result special_columns(const Context& context, SQLUSMALLINT identifier_type,
                       const Argument& catalog, const Argument& schema, const Argument& table,
                       SQLUSMALLINT scope, SQLUSMALLINT nullable);
Result type_info(const Context& context, SQLSMALLINT data_type);
Result procedures(const Context& context, const Argument& catalog, const Argument& schema,
                  const Argument& procedure);
Result procedure_columns(const Context& context, const Argument& catalog, const Argument& schema,
                         const Argument& procedure, const Argument& column);
Result table_privileges(const Context& context, const Argument& catalog, const Argument& schema,
                        const Argument& table);
Result column_privileges(const Context& context, const Argument& catalog, const Argument& schema,
                         const Argument& table, const Argument& column);

}  // namespace graphodbc::driver::catalog
