// A plan's listings as requests of the graph layer.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "graph/collection_scan.h"
#include "query/executor/execution.h"

namespace graphodbc::query {

// `signed_in_id` fills the context column where the rows are the signed-in user's.
graph::ScanRequest make_scan_request(const Execution& execution, const Listing& listing,
                                     const std::string& signed_in_id);
// How many of the listings are opened together, from the first one on: those of its kind, as many
// as batches are filled with at a time; one where its rows are too large for batches.
std::size_t wave_size(const ScanPlan& plan, std::span<const Listing> listings);
// The query options that a listing is asked for with, if it has this filter of its own.
Options listing_query(const ScanPlan& plan, bool single, const std::string& filter);
// The URL that a listing with this path (or pattern) and filter is asked for by, in a batch or by
// itself.
std::string listing_url(const ScanPlan& plan, const std::string& path, const std::string& filter,
                        bool single, bool batched);
// GET /me?$select=id, one column.
graph::ScanRequest make_identity_request(const Execution& execution);
// What tells which rows a key read of `listing` may find that are none (Listing::unlisted), one
// column.
graph::ScanRequest make_unlisted_request(const Execution& execution, const Listing& listing);
// The number of rows of the plan's only listing, one column.
graph::ScanRequest make_count_request(const Execution& execution);
// The children of one row of a walk.
Listing child_listing(const ScanPlan& plan, const Listing& parent, const std::string& id);

}  // namespace graphodbc::query
