// A description file as a Table.
#pragma once

#include <string_view>

#include "schema/json_object.h"
#include "schema/registry.h"
#include "schema/table.h"

namespace graphodbc::schema {

// Throws Error HY000 for text that is no JSON, unknown members and wrong kinds of values.
Table read_table(const TableSource& source);

// One element of "columns". `where` is the file's name.
Column read_column(simdjson::dom::element element, const std::string& where);

}  // namespace graphodbc::schema
