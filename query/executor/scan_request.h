// A plan's listings as requests of the graph layer.
#pragma once

#include <string>

#include "graph/collection_scan.h"
#include "query/executor/execution.h"

namespace graphodbc::query {

// `signed_in_id` fills the context column where the rows are the signed-in user's.
graph::ScanRequest make_scan_request(const Execution& execution, const Listing& listing,
                                     const std::string& signed_in_id);
// GET /me?$select=id, one column.
graph::ScanRequest make_identity_request(const Execution& execution);
// The number of rows of the plan's only listing, one column.
graph::ScanRequest make_count_request(const Execution& execution);
// The children of one row of a walk.
Listing child_listing(const ScanPlan& plan, const Listing& parent, const std::string& id);

}  // namespace graphodbc::query
