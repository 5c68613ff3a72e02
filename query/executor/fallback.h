// What the service refuses of what was pushed, and with how much less it is asked again
// (sql-dialect.md 9.5).
#pragma once

#include <string>

#include "graph/service_error.h"
#include "query/executor/execution.h"

namespace graphodbc::query {

// Whether the service did not take what was pushed.
bool is_refusal(const graph::ServiceError& error);

// 01000: what was refused ("to sort", "the filter of"), and what is done instead.
base::Warning refusal_warning(const graph::ServiceError& refusal, const schema::Table& table,
                              const std::string& what, const std::string& instead);

// What the connection remembers when the service refuses to sort or to count what the plan asks
// for; ScanPlan::refusal_key when it refuses the filter.
std::string order_refusal(const ScanPlan& plan);
std::string count_refusal(const ScanPlan& plan);

// Whether the execution's plan has an order that was refused before.
bool is_order_refused(const Execution& execution);
// Whether its query can be asked for without the order that its plan has.
bool can_do_without_order(const Execution& execution);

// The steps down: first without the filter, because rows can be checked here but the first rows of
// an order cannot be told before all have come; then with it again and without the order, where the
// query can do without; then with neither. Each is less than the one before, so they end.
void lower_filter(PushLevel& level);
void lower_order(PushLevel& level);

// Whether what the execution's plan asks for was refused before; lowers `level` by a step then. The
// plan is to be made again and asked about again.
bool lower_if_refused(const Execution& execution, PushLevel& level);

// Makes the plan, without all that was refused before; returns its level.
PushLevel plan_unrefused(Execution& execution);

}  // namespace graphodbc::query
