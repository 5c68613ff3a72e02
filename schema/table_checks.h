// Rules between the parts of one table description.
#pragma once

#include <string_view>

#include "schema/table.h"

namespace graphodbc::schema {

// The name that a property path gets: PascalCase, one `_` per step (decisions.md 2).
std::string column_name_of(const std::vector<std::string>& json_path);

// Names in `{}` of a path template, in order.
std::vector<std::string> holes_of(const PathTemplate& path);

// Throws Error HY000 naming the file, the column and the rule.
void check_table(std::string_view file, const Table& table);

}  // namespace graphodbc::schema
