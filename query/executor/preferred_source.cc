#include "query/executor/preferred_source.h"

#include <utility>

#include "graph/service_error.h"
#include "query/executor/analysis.h"
#include "query/executor/count_source.h"
#include "query/executor/fallback.h"
#include "query/executor/local_run.h"
#include "query/executor/query_source.h"

namespace graphodbc::query {

std::shared_ptr<Execution> plan_preferred(const std::shared_ptr<const Run>& run,
                                          const StatementPlan& plan) {
  if (!plan.table) return nullptr;
  const bool rows = plan.result == TableResult::kRows;
  auto execution = std::make_shared<Execution>(run, plan.table, rows ? run->options.max_rows : 0);
  if (run->analysis) execution->measure = &run->analysis->direct;
  if (plan.result == TableResult::kCount) {
    execution->make_plan({});
    const ScanPlan& scan = *execution->plan;
    const bool possible = scan.nothing.empty() && scan.count_query;
    return possible && !run->session->is_refused(count_refusal(scan)) ? execution : nullptr;
  }
  plan_unrefused(*execution);
  const bool possible = execution->plan->unsorted.empty() && !is_order_refused(*execution);
  return possible ? execution : nullptr;
}

PreferredSource::PreferredSource(std::shared_ptr<const Run> run,
                                 std::shared_ptr<const StatementPlan> plan, std::size_t columns)
    : run_(std::move(run)), plan_(std::move(plan)), columns_(columns) {}

void PreferredSource::use(std::unique_ptr<base::RowSource> source) {
  std::unique_ptr<base::RowSource> former;
  const std::lock_guard lock(mutex_);
  former = std::move(source_);
  source_ = std::move(source);
  if (cancelled_) source_->cancel();
}

bool PreferredSource::open_preferred() {
  const std::shared_ptr<Execution> execution = plan_preferred(run_, *plan_);
  if (!execution) return false;
  const bool counts = plan_->result == TableResult::kCount;
  std::unique_ptr<base::RowSource> source;
  if (counts) {
    source = std::make_unique<CountSource>(execution, columns_);
  } else {
    source = std::make_unique<QuerySource>(execution);
  }
  use(measured(std::move(source), execution->measure));
  try {
    source_->open();
    return true;
  } catch (const graph::ServiceError& error) {
    if (!(counts || execution->plan->has_order) || !run_->session->options.pushdown_fallback ||
        !is_refusal(error))
      throw;
    const ScanPlan& refused = *execution->plan;
    run_->session->remember_refusal(counts ? count_refusal(refused) : order_refusal(refused));
    if (run_->analysis) run_->analysis->gone_local = true;
    warnings_.push_back(refusal_warning(
        error, *refused.table, counts ? "to count" : "to sort",
        counts ? "all rows are read and counted here" : "the rows are sorted here"));
    return false;
  }
}

void PreferredSource::open() {
  if (open_preferred()) return;
  local_ = true;
  use(make_local_source(run_, plan_->local));
  source_->open();
}

bool PreferredSource::next_batch(base::RowBatch& batch) {
  const bool more = source_->next_batch(batch);
  const bool first = std::exchange(first_, false);
  if (more || !first || local_ || plan_->result != TableResult::kExtreme) return more;
  // The MAX of no rows is NULL, not nothing.
  batch.clear();
  batch.column_count = columns_;
  batch.cells.assign(columns_, base::Cell::null());
  batch.row_count = 1;
  return true;
}

void PreferredSource::cancel() noexcept {
  cancelled_ = true;
  const std::lock_guard lock(mutex_);
  if (source_) source_->cancel();
}

std::vector<base::Warning> PreferredSource::take_warnings() {
  std::vector<base::Warning> taken = std::move(warnings_);
  warnings_.clear();
  if (source_) {
    for (base::Warning& warning : source_->take_warnings()) taken.push_back(std::move(warning));
  }
  return taken;
}

}  // namespace graphodbc::query
