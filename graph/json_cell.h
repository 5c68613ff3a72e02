// One JSON scalar to one cell. No allocation but in the arena, no exceptions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/cell.h"
#include "schema/table.h"

namespace graphodbc::graph {

// The date of the last timestamp: rows come in the order of a date more often than not.
struct LastDate {
  static constexpr std::size_t kSize = 11;
  char text[kSize] = {};   // `yyyy-mm-ddT`
  std::int64_t ticks = 0;  // its midnight
};

// `token`: a JSON string with its quotes. "INF", "-INF" and "NaN" of a floating type set
// `not_finite` and give kNull.
base::Cell cell_of_string(schema::EdmKind edm, std::string_view token, base::Arena& arena,
                          LastDate& last_date, bool& not_finite);

// `token`: a JSON number.
base::Cell cell_of_number(schema::EdmKind edm, std::string_view token, base::Arena& arena);

// `token`: true or false.
base::Cell cell_of_bool(schema::EdmKind edm, std::string_view token);

}  // namespace graphodbc::graph
