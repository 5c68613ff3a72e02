// Which conditions and which order Graph is asked for, and what is given up for the other.
#pragma once

#include "query/planner/planning.h"

namespace graphodbc::query {

// Sets what is pushed, the notes of it and the plan's refusal key; `plan.unsorted` where the order
// asked for is not to be had, or not worth it.
void choose_pushes(Planning& planning);

}  // namespace graphodbc::query
