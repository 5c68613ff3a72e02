#include "schema/table.h"

#include "base/utf.h"

namespace graphodbc::schema {

std::optional<std::size_t> Table::find(std::string_view column_name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name.size() == column_name.size() &&
        base::equal_nocase(columns[i].name, column_name)) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace graphodbc::schema
