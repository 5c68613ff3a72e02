// The options, headers and page sizes of a plan's requests.
#pragma once

#include "query/planner/planning.h"

namespace graphodbc::query {

// From what was chosen to be pushed.
void write_request(Planning& planning);

}  // namespace graphodbc::query
