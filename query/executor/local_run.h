// A local plan put to work: its scans are queries of one table each, its rows come from the engine.
#pragma once

#include <memory>

#include "base/row_source.h"
#include "query/executor/execution.h"
#include "query/planner/local_plan.h"

namespace graphodbc::query {

std::unique_ptr<base::RowSource> make_local_source(const std::shared_ptr<const Run>& run,
                                                   const std::shared_ptr<const LocalPlan>& plan);

}  // namespace graphodbc::query
