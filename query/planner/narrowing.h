// Which conditions leave few rows, as far as that can be told before anything is read.
#pragma once

#include "query/expression/expression.h"
#include "schema/table.h"

namespace graphodbc::query {

// Whether Graph takes a condition of this class.
bool is_pushable(schema::PushClass push_class);

// Whether Graph takes the condition and it is more than a flag or what leaves values out: those
// keep most rows. A comparison with a marker of unknown value counts as one that is taken.
bool narrows(const Expression& condition, const schema::Table& table);

}  // namespace graphodbc::query
