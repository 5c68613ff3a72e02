// Catalog functions: arguments in, an open cursor out.
#include <utility>

#include "driver/catalog/catalog.h"
#include "driver/entry_points/entry_point.h"

namespace graphodbc::driver {

namespace {

// `produce` makes the rows after the statement was found free for a new result.
template <typename Produce>
SQLRETURN catalog_call(SQLHSTMT handle, Produce&& produce) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    statement.require(Operation::kExecuteDirect);
    statement.connection().require_connected();
    statement.open_catalog(produce(statement.catalog_context()));
  });
}

template <typename Text>
using In = const typename Text::Char*;

template <typename Text>
SQLRETURN tables(SQLHSTMT handle, In<Text> catalog, SQLSMALLINT catalog_length, In<Text> schema,
                 SQLSMALLINT schema_length, In<Text> table, SQLSMALLINT table_length,
                 In<Text> types, SQLSMALLINT types_length) {
  return catalog_call(handle, [&](const catalog::Context& context) {
    return catalog::tables(context, Text::in(catalog, catalog_length),
                           Text::in(schema, schema_length), Text::in(table, table_length),
                           Text::in(types, types_length));
  });
}

// The functions that take a table (or procedure) and a column.
using FourNames = catalog::Result (*)(const catalog::Context&, const catalog::Argument&,
                                      const catalog::Argument&, const catalog::Argument&,
                                      const catalog::Argument&);
template <typename Text>
SQLRETURN four_names(FourNames produce, SQLHSTMT handle, In<Text> catalog,
                     SQLSMALLINT catalog_length, In<Text> schema, SQLSMALLINT schema_length,
                     In<Text> table, SQLSMALLINT table_length, In<Text> column,
                     SQLSMALLINT column_length) {
  return catalog_call(handle, [&](const catalog::Context& context) {
    return produce(context, Text::in(catalog, catalog_length), Text::in(schema, schema_length),
                   Text::in(table, table_length), Text::in(column, column_length));
  });
}

// The functions that take a table (or procedure).
using ThreeNames = catalog::Result (*)(const catalog::Context&, const catalog::Argument&,
                                       const catalog::Argument&, const catalog::Argument&);
template <typename Text>
SQLRETURN three_names(ThreeNames produce, SQLHSTMT handle, In<Text> catalog,
                      SQLSMALLINT catalog_length, In<Text> schema, SQLSMALLINT schema_length,
                      In<Text> table, SQLSMALLINT table_length) {
  return catalog_call(handle, [&](const catalog::Context& context) {
    return produce(context, Text::in(catalog, catalog_length), Text::in(schema, schema_length),
                   Text::in(table, table_length));
  });
}

template <typename Text>
SQLRETURN foreign_keys(SQLHSTMT handle, In<Text> pk_catalog, SQLSMALLINT pk_catalog_length,
                       In<Text> pk_schema, SQLSMALLINT pk_schema_length, In<Text> pk_table,
                       SQLSMALLINT pk_table_length, In<Text> fk_catalog,
                       SQLSMALLINT fk_catalog_length, In<Text> fk_schema,
                       SQLSMALLINT fk_schema_length, In<Text> fk_table,
                       SQLSMALLINT fk_table_length) {
  return catalog_call(handle, [&](const catalog::Context& context) {
    const catalog::TableName primary{Text::in(pk_catalog, pk_catalog_length),
                                     Text::in(pk_schema, pk_schema_length),
                                     Text::in(pk_table, pk_table_length)};
    const catalog::TableName foreign{Text::in(fk_catalog, fk_catalog_length),
                                     Text::in(fk_schema, fk_schema_length),
                                     Text::in(fk_table, fk_table_length)};
    return catalog::foreign_keys(context, primary, foreign);
  });
}

template <typename Text>
SQLRETURN statistics(SQLHSTMT handle, In<Text> catalog, SQLSMALLINT catalog_length, In<Text> schema,
                     SQLSMALLINT schema_length, In<Text> table, SQLSMALLINT table_length,
                     SQLUSMALLINT unique, SQLUSMALLINT accuracy) {
  return catalog_call(handle, [&](const catalog::Context& context) {
    return catalog::statistics(context, Text::in(catalog, catalog_length),
                               Text::in(schema, schema_length), Text::in(table, table_length),
                               unique, accuracy);
  });
}

template <typename Text>
SQLRETURN special_columns(SQLHSTMT handle, SQLUSMALLINT identifier_type, In<Text> catalog,
                          SQLSMALLINT catalog_length, In<Text> schema, SQLSMALLINT schema_length,
                          In<Text> table, SQLSMALLINT table_length, SQLUSMALLINT scope,
                          SQLUSMALLINT nullable) {
  return catalog_call(handle, [&](const catalog::Context& context) {
    return catalog::special_columns(context, identifier_type, Text::in(catalog, catalog_length),
                                    Text::in(schema, schema_length), Text::in(table, table_length),
                                    scope, nullable);
  });
}

SQLRETURN type_info(SQLHSTMT handle, SQLSMALLINT type) {
  return catalog_call(
      handle, [&](const catalog::Context& context) { return catalog::type_info(context, type); });
}

}  // namespace

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetTypeInfo(SQLHSTMT handle, SQLSMALLINT type) {
  return type_info(handle, type);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetTypeInfoW(SQLHSTMT handle, SQLSMALLINT type) {
  return type_info(handle, type);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLTables(SQLHSTMT handle, SQLCHAR* catalog,
                                             SQLSMALLINT catalog_length, SQLCHAR* schema,
                                             SQLSMALLINT schema_length, SQLCHAR* table,
                                             SQLSMALLINT table_length, SQLCHAR* types,
                                             SQLSMALLINT types_length) {
  return tables<Narrow>(handle, catalog, catalog_length, schema, schema_length, table, table_length,
                        types, types_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLTablesW(SQLHSTMT handle, SQLWCHAR* catalog,
                                              SQLSMALLINT catalog_length, SQLWCHAR* schema,
                                              SQLSMALLINT schema_length, SQLWCHAR* table,
                                              SQLSMALLINT table_length, SQLWCHAR* types,
                                              SQLSMALLINT types_length) {
  return tables<Wide>(handle, catalog, catalog_length, schema, schema_length, table, table_length,
                      types, types_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLColumns(SQLHSTMT handle, SQLCHAR* catalog,
                                              SQLSMALLINT catalog_length, SQLCHAR* schema,
                                              SQLSMALLINT schema_length, SQLCHAR* table,
                                              SQLSMALLINT table_length, SQLCHAR* column,
                                              SQLSMALLINT column_length) {
  return four_names<Narrow>(catalog::columns, handle, catalog, catalog_length, schema,
                            schema_length, table, table_length, column, column_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLColumnsW(SQLHSTMT handle, SQLWCHAR* catalog,
                                               SQLSMALLINT catalog_length, SQLWCHAR* schema,
                                               SQLSMALLINT schema_length, SQLWCHAR* table,
                                               SQLSMALLINT table_length, SQLWCHAR* column,
                                               SQLSMALLINT column_length) {
  return four_names<Wide>(catalog::columns, handle, catalog, catalog_length, schema, schema_length,
                          table, table_length, column, column_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLProcedureColumns(SQLHSTMT handle, SQLCHAR* catalog,
                                                       SQLSMALLINT catalog_length, SQLCHAR* schema,
                                                       SQLSMALLINT schema_length, SQLCHAR* table,
                                                       SQLSMALLINT table_length, SQLCHAR* column,
                                                       SQLSMALLINT column_length) {
  return four_names<Narrow>(catalog::procedure_columns, handle, catalog, catalog_length, schema,
                            schema_length, table, table_length, column, column_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLProcedureColumnsW(SQLHSTMT handle, SQLWCHAR* catalog,
                                                        SQLSMALLINT catalog_length,
                                                        SQLWCHAR* schema, SQLSMALLINT schema_length,
                                                        SQLWCHAR* table, SQLSMALLINT table_length,
                                                        SQLWCHAR* column,
                                                        SQLSMALLINT column_length) {
  return four_names<Wide>(catalog::procedure_columns, handle, catalog, catalog_length, schema,
                          schema_length, table, table_length, column, column_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLColumnPrivileges(SQLHSTMT handle, SQLCHAR* catalog,
                                                       SQLSMALLINT catalog_length, SQLCHAR* schema,
                                                       SQLSMALLINT schema_length, SQLCHAR* table,
                                                       SQLSMALLINT table_length, SQLCHAR* column,
                                                       SQLSMALLINT column_length) {
  return four_names<Narrow>(catalog::column_privileges, handle, catalog, catalog_length, schema,
                            schema_length, table, table_length, column, column_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLColumnPrivilegesW(SQLHSTMT handle, SQLWCHAR* catalog,
                                                        SQLSMALLINT catalog_length,
                                                        SQLWCHAR* schema, SQLSMALLINT schema_length,
                                                        SQLWCHAR* table, SQLSMALLINT table_length,
                                                        SQLWCHAR* column,
                                                        SQLSMALLINT column_length) {
  return four_names<Wide>(catalog::column_privileges, handle, catalog, catalog_length, schema,
                          schema_length, table, table_length, column, column_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLPrimaryKeys(SQLHSTMT handle, SQLCHAR* catalog,
                                                  SQLSMALLINT catalog_length, SQLCHAR* schema,
                                                  SQLSMALLINT schema_length, SQLCHAR* table,
                                                  SQLSMALLINT table_length) {
  return three_names<Narrow>(catalog::primary_keys, handle, catalog, catalog_length, schema,
                             schema_length, table, table_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLPrimaryKeysW(SQLHSTMT handle, SQLWCHAR* catalog,
                                                   SQLSMALLINT catalog_length, SQLWCHAR* schema,
                                                   SQLSMALLINT schema_length, SQLWCHAR* table,
                                                   SQLSMALLINT table_length) {
  return three_names<Wide>(catalog::primary_keys, handle, catalog, catalog_length, schema,
                           schema_length, table, table_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLProcedures(SQLHSTMT handle, SQLCHAR* catalog,
                                                 SQLSMALLINT catalog_length, SQLCHAR* schema,
                                                 SQLSMALLINT schema_length, SQLCHAR* table,
                                                 SQLSMALLINT table_length) {
  return three_names<Narrow>(catalog::procedures, handle, catalog, catalog_length, schema,
                             schema_length, table, table_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLProceduresW(SQLHSTMT handle, SQLWCHAR* catalog,
                                                  SQLSMALLINT catalog_length, SQLWCHAR* schema,
                                                  SQLSMALLINT schema_length, SQLWCHAR* table,
                                                  SQLSMALLINT table_length) {
  return three_names<Wide>(catalog::procedures, handle, catalog, catalog_length, schema,
                           schema_length, table, table_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLTablePrivileges(SQLHSTMT handle, SQLCHAR* catalog,
                                                      SQLSMALLINT catalog_length, SQLCHAR* schema,
                                                      SQLSMALLINT schema_length, SQLCHAR* table,
                                                      SQLSMALLINT table_length) {
  return three_names<Narrow>(catalog::table_privileges, handle, catalog, catalog_length, schema,
                             schema_length, table, table_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLTablePrivilegesW(SQLHSTMT handle, SQLWCHAR* catalog,
                                                       SQLSMALLINT catalog_length, SQLWCHAR* schema,
                                                       SQLSMALLINT schema_length, SQLWCHAR* table,
                                                       SQLSMALLINT table_length) {
  return three_names<Wide>(catalog::table_privileges, handle, catalog, catalog_length, schema,
                           schema_length, table, table_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLForeignKeys(SQLHSTMT handle, SQLCHAR* pk_catalog,
                                                  SQLSMALLINT pk_catalog_length, SQLCHAR* pk_schema,
                                                  SQLSMALLINT pk_schema_length, SQLCHAR* pk_table,
                                                  SQLSMALLINT pk_table_length, SQLCHAR* fk_catalog,
                                                  SQLSMALLINT fk_catalog_length, SQLCHAR* fk_schema,
                                                  SQLSMALLINT fk_schema_length, SQLCHAR* fk_table,
                                                  SQLSMALLINT fk_table_length) {
  return foreign_keys<Narrow>(handle, pk_catalog, pk_catalog_length, pk_schema, pk_schema_length,
                              pk_table, pk_table_length, fk_catalog, fk_catalog_length, fk_schema,
                              fk_schema_length, fk_table, fk_table_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLForeignKeysW(
    SQLHSTMT handle, SQLWCHAR* pk_catalog, SQLSMALLINT pk_catalog_length, SQLWCHAR* pk_schema,
    SQLSMALLINT pk_schema_length, SQLWCHAR* pk_table, SQLSMALLINT pk_table_length,
    SQLWCHAR* fk_catalog, SQLSMALLINT fk_catalog_length, SQLWCHAR* fk_schema,
    SQLSMALLINT fk_schema_length, SQLWCHAR* fk_table, SQLSMALLINT fk_table_length) {
  return foreign_keys<Wide>(handle, pk_catalog, pk_catalog_length, pk_schema, pk_schema_length,
                            pk_table, pk_table_length, fk_catalog, fk_catalog_length, fk_schema,
                            fk_schema_length, fk_table, fk_table_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLStatistics(SQLHSTMT handle, SQLCHAR* catalog,
                                                 SQLSMALLINT catalog_length, SQLCHAR* schema,
                                                 SQLSMALLINT schema_length, SQLCHAR* table,
                                                 SQLSMALLINT table_length, SQLUSMALLINT unique,
                                                 SQLUSMALLINT accuracy) {
  return statistics<Narrow>(handle, catalog, catalog_length, schema, schema_length, table,
                            table_length, unique, accuracy);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLStatisticsW(SQLHSTMT handle, SQLWCHAR* catalog,
                                                  SQLSMALLINT catalog_length, SQLWCHAR* schema,
                                                  SQLSMALLINT schema_length, SQLWCHAR* table,
                                                  SQLSMALLINT table_length, SQLUSMALLINT unique,
                                                  SQLUSMALLINT accuracy) {
  return statistics<Wide>(handle, catalog, catalog_length, schema, schema_length, table,
                          table_length, unique, accuracy);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSpecialColumns(SQLHSTMT handle, SQLUSMALLINT identifier_type,
                                                     SQLCHAR* catalog, SQLSMALLINT catalog_length,
                                                     SQLCHAR* schema, SQLSMALLINT schema_length,
                                                     SQLCHAR* table, SQLSMALLINT table_length,
                                                     SQLUSMALLINT scope, SQLUSMALLINT nullable) {
  return special_columns<Narrow>(handle, identifier_type, catalog, catalog_length, schema,
                                 schema_length, table, table_length, scope, nullable);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSpecialColumnsW(SQLHSTMT handle, SQLUSMALLINT identifier_type,
                                                      SQLWCHAR* catalog, SQLSMALLINT catalog_length,
                                                      SQLWCHAR* schema, SQLSMALLINT schema_length,
                                                      SQLWCHAR* table, SQLSMALLINT table_length,
                                                      SQLUSMALLINT scope, SQLUSMALLINT nullable) {
  return special_columns<Wide>(handle, identifier_type, catalog, catalog_length, schema,
                               schema_length, table, table_length, scope, nullable);
}

}  // namespace graphodbc::driver
