// Column names and types of each catalog result, as its ODBC function page lists them.
#pragma once

#include <span>
#include <vector>

#include "driver/catalog/catalog.h"
#include "driver/catalog/memory_rows.h"

namespace graphodbc::driver::catalog {

enum class ColumnForm : std::uint8_t { kName, kText, kFlag, kSmallInt, kInteger };

struct ShapeColumn {
  const char* name;
  const char* odbc2_name;  // null: the same
  ColumnForm form;
  bool nullable;
};
using Shape = std::span<const ShapeColumn>;

extern const Shape kTablesShape;
extern const Shape kColumnsShape;
extern const Shape kPrimaryKeysShape;
extern const Shape kForeignKeysShape;
extern const Shape kStatisticsShape;
extern const Shape kSpecialColumnsShape;
extern const Shape kTypeInfoShape;
extern const Shape kProceduresShape;
extern const Shape kProcedureColumnsShape;
extern const Shape kTablePrivilegesShape;
extern const Shape kColumnPrivilegesShape;

Result make_result(Shape shape, const Context& context, std::vector<Row> rows);

}  // namespace graphodbc::driver::catalog
