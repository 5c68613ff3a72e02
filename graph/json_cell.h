// One JSON scalar to one cell. No allocation but in the arena, no exceptions.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "base/cell.h"
#include "schema/table.h"

namespace graphodbc::graph {

// `token`: a JSON string with its quotes. "INF", "-INF" and "NaN" of a floating type set
// `not_finite` and give kNull.
base::Cell cell_of_string(schema::EdmKind edm, std::string_view token, base::Arena& arena,
                          bool& not_finite);

// `token`: a JSON number.
base::Cell cell_of_number(schema::EdmKind edm, std::string_view token, base::Arena& arena);

// `token`: true or false.
base::Cell cell_of_bool(schema::EdmKind edm, std::string_view token);

}  // namespace graphodbc::graph
