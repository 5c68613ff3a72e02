#include "driver/catalog/shape.h"

#include <memory>
#include <utility>

#include "base/sql_type.h"

namespace graphodbc::driver::catalog {
namespace {

using enum ColumnForm;

// Columns: name, name in ODBC 2 ("SQLColumns", "Backward Compatibility"), form, nullable.
constexpr ShapeColumn kTables[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", kName, true},
    {"TABLE_SCHEM", "TABLE_OWNER", kName, true},
    {"TABLE_NAME", nullptr, kName, true},
    {"TABLE_TYPE", nullptr, kName, true},
    {"REMARKS", nullptr, kText, true},
};
constexpr ShapeColumn kColumns[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", kName, true},  {"TABLE_SCHEM", "TABLE_OWNER", kName, true},
    {"TABLE_NAME", nullptr, kName, false},          {"COLUMN_NAME", nullptr, kName, false},
    {"DATA_TYPE", nullptr, kSmallInt, false},       {"TYPE_NAME", nullptr, kName, false},
    {"COLUMN_SIZE", "PRECISION", kInteger, true},   {"BUFFER_LENGTH", "LENGTH", kInteger, true},
    {"DECIMAL_DIGITS", "SCALE", kSmallInt, true},   {"NUM_PREC_RADIX", "RADIX", kSmallInt, true},
    {"NULLABLE", nullptr, kSmallInt, false},        {"REMARKS", nullptr, kText, true},
    {"COLUMN_DEF", nullptr, kText, true},           {"SQL_DATA_TYPE", nullptr, kSmallInt, false},
    {"SQL_DATETIME_SUB", nullptr, kSmallInt, true}, {"CHAR_OCTET_LENGTH", nullptr, kInteger, true},
    {"ORDINAL_POSITION", nullptr, kInteger, false}, {"IS_NULLABLE", nullptr, kFlag, true},
};
constexpr ShapeColumn kPrimaryKeys[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", kName, true}, {"TABLE_SCHEM", "TABLE_OWNER", kName, true},
    {"TABLE_NAME", nullptr, kName, false},         {"COLUMN_NAME", nullptr, kName, false},
    {"KEY_SEQ", nullptr, kSmallInt, false},        {"PK_NAME", nullptr, kName, true},
};
constexpr ShapeColumn kForeignKeys[] = {
    {"PKTABLE_CAT", "PKTABLE_QUALIFIER", kName, true},
    {"PKTABLE_SCHEM", "PKTABLE_OWNER", kName, true},
    {"PKTABLE_NAME", nullptr, kName, false},
    {"PKCOLUMN_NAME", nullptr, kName, false},
    {"FKTABLE_CAT", "FKTABLE_QUALIFIER", kName, true},
    {"FKTABLE_SCHEM", "FKTABLE_OWNER", kName, true},
    {"FKTABLE_NAME", nullptr, kName, false},
    {"FKCOLUMN_NAME", nullptr, kName, false},
    {"KEY_SEQ", nullptr, kSmallInt, false},
    {"UPDATE_RULE", nullptr, kSmallInt, true},
    {"DELETE_RULE", nullptr, kSmallInt, true},
    {"FK_NAME", nullptr, kName, true},
    {"PK_NAME", nullptr, kName, true},
    {"DEFERRABILITY", nullptr, kSmallInt, true},
};
constexpr ShapeColumn kStatistics[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", kName, true},
    {"TABLE_SCHEM", "TABLE_OWNER", kName, true},
    {"TABLE_NAME", nullptr, kName, false},
    {"NON_UNIQUE", nullptr, kSmallInt, true},
    {"INDEX_QUALIFIER", nullptr, kName, true},
    {"INDEX_NAME", nullptr, kName, true},
    {"TYPE", nullptr, kSmallInt, false},
    {"ORDINAL_POSITION", "SEQ_IN_INDEX", kSmallInt, true},
    {"COLUMN_NAME", nullptr, kName, true},
    {"ASC_OR_DESC", "COLLATION", kFlag, true},
    {"CARDINALITY", nullptr, kInteger, true},
    {"PAGES", nullptr, kInteger, true},
    {"FILTER_CONDITION", nullptr, kText, true},
};
constexpr ShapeColumn kSpecialColumns[] = {
    {"SCOPE", nullptr, kSmallInt, true},          {"COLUMN_NAME", nullptr, kName, false},
    {"DATA_TYPE", nullptr, kSmallInt, false},     {"TYPE_NAME", nullptr, kName, false},
    {"COLUMN_SIZE", "PRECISION", kInteger, true}, {"BUFFER_LENGTH", "LENGTH", kInteger, true},
    {"DECIMAL_DIGITS", "SCALE", kSmallInt, true}, {"PSEUDO_COLUMN", nullptr, kSmallInt, true},
};
constexpr ShapeColumn kTypeInfo[] = {
    {"TYPE_NAME", nullptr, kName, false},
    {"DATA_TYPE", nullptr, kSmallInt, false},
    {"COLUMN_SIZE", "PRECISION", kInteger, true},
    {"LITERAL_PREFIX", nullptr, kName, true},
    {"LITERAL_SUFFIX", nullptr, kName, true},
    {"CREATE_PARAMS", nullptr, kName, true},
    {"NULLABLE", nullptr, kSmallInt, false},
    {"CASE_SENSITIVE", nullptr, kSmallInt, false},
    {"SEARCHABLE", nullptr, kSmallInt, false},
    {"UNSIGNED_ATTRIBUTE", nullptr, kSmallInt, true},
    {"FIXED_PREC_SCALE", "MONEY", kSmallInt, false},
    {"AUTO_UNIQUE_VALUE", "AUTO_INCREMENT", kSmallInt, true},
    {"LOCAL_TYPE_NAME", nullptr, kName, true},
    {"MINIMUM_SCALE", nullptr, kSmallInt, true},
    {"MAXIMUM_SCALE", nullptr, kSmallInt, true},
    {"SQL_DATA_TYPE", nullptr, kSmallInt, false},
    {"SQL_DATETIME_SUB", nullptr, kSmallInt, true},
    {"NUM_PREC_RADIX", nullptr, kInteger, true},
    {"INTERVAL_PRECISION", nullptr, kSmallInt, true},
};
constexpr ShapeColumn kProcedures[] = {
    {"PROCEDURE_CAT", "PROCEDURE_QUALIFIER", kName, true},
    {"PROCEDURE_SCHEM", "PROCEDURE_OWNER", kName, true},
    {"PROCEDURE_NAME", nullptr, kName, false},
    {"NUM_INPUT_PARAMS", nullptr, kInteger, true},
    {"NUM_OUTPUT_PARAMS", nullptr, kInteger, true},
    {"NUM_RESULT_SETS", nullptr, kInteger, true},
    {"REMARKS", nullptr, kText, true},
    {"PROCEDURE_TYPE", nullptr, kSmallInt, true},
};
constexpr ShapeColumn kProcedureColumns[] = {
    {"PROCEDURE_CAT", "PROCEDURE_QUALIFIER", kName, true},
    {"PROCEDURE_SCHEM", "PROCEDURE_OWNER", kName, true},
    {"PROCEDURE_NAME", nullptr, kName, false},
    {"COLUMN_NAME", nullptr, kName, false},
    {"COLUMN_TYPE", nullptr, kSmallInt, false},
    {"DATA_TYPE", nullptr, kSmallInt, false},
    {"TYPE_NAME", nullptr, kName, false},
    {"COLUMN_SIZE", "PRECISION", kInteger, true},
    {"BUFFER_LENGTH", "LENGTH", kInteger, true},
    {"DECIMAL_DIGITS", "SCALE", kSmallInt, true},
    {"NUM_PREC_RADIX", "RADIX", kSmallInt, true},
    {"NULLABLE", nullptr, kSmallInt, false},
    {"REMARKS", nullptr, kText, true},
    {"COLUMN_DEF", nullptr, kText, true},
    {"SQL_DATA_TYPE", nullptr, kSmallInt, false},
    {"SQL_DATETIME_SUB", nullptr, kSmallInt, true},
    {"CHAR_OCTET_LENGTH", nullptr, kInteger, true},
    {"ORDINAL_POSITION", nullptr, kInteger, false},
    {"IS_NULLABLE", nullptr, kFlag, true},
};
constexpr ShapeColumn kTablePrivileges[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", kName, true},
    {"TABLE_SCHEM", "TABLE_OWNER", kName, true},
    {"TABLE_NAME", nullptr, kName, false},
    {"GRANTOR", nullptr, kName, true},
    {"GRANTEE", nullptr, kName, false},
    {"PRIVILEGE", nullptr, kName, false},
    {"IS_GRANTABLE", nullptr, kFlag, true},
};
constexpr ShapeColumn kColumnPrivileges[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", kName, true},
    {"TABLE_SCHEM", "TABLE_OWNER", kName, true},
    {"TABLE_NAME", nullptr, kName, false},
    {"COLUMN_NAME", nullptr, kName, false},
    {"GRANTOR", nullptr, kName, true},
    {"GRANTEE", nullptr, kName, false},
    {"PRIVILEGE", nullptr, kName, false},
    {"IS_GRANTABLE", nullptr, kFlag, true},
};

base::TypeInfo type_of(ColumnForm form) {
  switch (form) {
    case kName:
      return base::text_type(128);
    case kText:
      return base::text_type(254);
    case kFlag:
      return base::text_type(3);
    case kSmallInt:
      return base::smallint_type();
    case kInteger:
      break;
  }
  return base::integer_type();
}

}  // namespace

const Shape kTablesShape = kTables;
const Shape kColumnsShape = kColumns;
const Shape kPrimaryKeysShape = kPrimaryKeys;
const Shape kForeignKeysShape = kForeignKeys;
const Shape kStatisticsShape = kStatistics;
const Shape kSpecialColumnsShape = kSpecialColumns;
const Shape kTypeInfoShape = kTypeInfo;
const Shape kProceduresShape = kProcedures;
const Shape kProcedureColumnsShape = kProcedureColumns;
const Shape kTablePrivilegesShape = kTablePrivileges;
const Shape kColumnPrivilegesShape = kColumnPrivileges;

Result make_result(Shape shape, const Context& context, std::vector<Row> rows) {
  Result result;
  for (const ShapeColumn& column : shape) {
    query::ResultColumn described;
    described.name =
        context.odbc2 && column.odbc2_name != nullptr ? column.odbc2_name : column.name;
    described.label = described.name;
    described.type = type_of(column.form);
    described.nullability =
        column.nullable ? query::Nullability::kNullable : query::Nullability::kNoNulls;
    result.columns.push_back(std::move(described));
  }
  result.rows = std::make_unique<MemoryRows>(shape.size(), std::move(rows));
  return result;
}

}  // namespace graphodbc::driver::catalog
