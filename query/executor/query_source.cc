#include "query/executor/query_source.h"

#include <algorithm>

#include "query/executor/analysis.h"
#include "query/executor/fallback.h"
#include "query/executor/scan_request.h"

namespace graphodbc::query {

QuerySource::QuerySource(std::shared_ptr<Execution> execution) : execution_(std::move(execution)) {}

std::size_t QuerySource::column_count() const {
  return execution_->query->outputs.size();
}

void QuerySource::open() {
  for (;;) {
    execution_->make_plan(level_);
    if (lower_if_refused(*execution_, level_)) continue;
    const ScanPlan& plan = *execution_->plan;
    to_skip_ = plan.offset;
    to_give_ = plan.limit;
    ended_ = !plan.nothing.empty();
    if (ended_) return;
    try {
      open_scan();
      tell_refusals();
      return;
    } catch (const graph::ServiceError&) {
      if (!lower(std::current_exception())) throw;
    }
  }
}

void QuerySource::open_scan() {
  const auto& log = execution_->session->options.log;
  if (log && log->enabled(base::LogLevel::kRequests)) {
    for (const Listing& listing : execution_->plan->listings) {
      log->write(base::LogLevel::kRequests,
                 "plan: " + listing_url(*execution_->plan, listing.path, listing.filter,
                                        listing.single, false));
    }
  }
  auto scan = std::make_unique<ListingSource>(execution_);
  {
    const std::lock_guard lock(mutex_);
    scan_ = std::move(scan);
    if (cancelled_) scan_->cancel();
  }
  scan_->open();
}

void QuerySource::close_scan() {
  if (scan_) {
    for (base::Warning& warning : scan_->take_warnings()) warnings_.push_back(std::move(warning));
  }
  std::unique_ptr<ListingSource> ended;
  const std::lock_guard lock(mutex_);
  ended = std::move(scan_);
}

bool QuerySource::lower(const std::exception_ptr& refusal) {
  try {
    std::rethrow_exception(refusal);
  } catch (const graph::ServiceError& error) {
    if (!execution_->session->options.pushdown_fallback || !is_refusal(error)) return false;
    if (!lower_after(error)) return false;
  }
  close_scan();
  return true;
}

bool QuerySource::lower_after(const graph::ServiceError& refusal) {
  SessionState& session = *execution_->session;
  const ScanPlan& plan = *execution_->plan;
  if (plan.has_filter) {
    session.remember_refusal(plan.refusal_key);
    filter_refusal_ = refusal_warning(refusal, *plan.table, "the filter of",
                                      "all rows are read and the condition is checked here");
    lower_filter(level_);
    // What is left may be known to be refused, and then the local engine does it all.
    execution_->make_plan(level_);
    return execution_->query->for_engine || !is_order_refused(*execution_);
  }
  if (!can_do_without_order(*execution_)) return false;
  session.remember_refusal(order_refusal(plan));
  order_refusal_ = refusal_warning(refusal, *plan.table, "to sort", "the rows are sorted here");
  lower_order(level_);
  return true;
}

void QuerySource::tell_refusals() {
  // Beside an order that was refused too the filter may have been taken at last.
  if (level_.filter) filter_refusal_.reset();
  if (execution_->measure != nullptr) {
    if (filter_refusal_) execution_->measure->filter_refused = true;
    if (order_refusal_) execution_->measure->order_refused = true;
  }
  for (std::optional<base::Warning>* refusal : {&filter_refusal_, &order_refusal_}) {
    if (*refusal) warnings_.push_back(std::move(**refusal));
    refusal->reset();
  }
}

bool QuerySource::next_batch(base::RowBatch& batch) {
  if (failure_) std::rethrow_exception(failure_);
  batch.clear();
  batch.column_count = column_count();
  if (cancelled_ && !ended_) throw base::Error("HY008", "the statement was cancelled");
  try {
    while (!ended_) {
      if (!scan_->next_batch(batch)) {
        ended_ = true;
        close_scan();
        break;
      }
      if (!refine(batch)) {
        begin_anew();
        continue;
      }
      apply_range(batch);
      if (batch.row_count > 0) return true;
      if (failure_) std::rethrow_exception(failure_);
    }
  } catch (...) {
    failure_ = std::current_exception();
    batch.clear();
    throw;
  }
  batch.clear();
  return false;
}

void QuerySource::begin_anew() {
  warnings_.push_back({base::SqlState("01000"),
                       "Graph returned rows of " + execution_->plan->table->name +
                           " that the filter of the request excludes; all rows are read and the "
                           "condition is checked here, which takes longer",
                       0});
  if (execution_->measure != nullptr) execution_->measure->filter_ignored = true;
  close_scan();
  began_anew_ = true;
  level_.filter = false;
  // What has come so far came in no order, so none can say which rows are enough.
  if (execution_->query->for_engine && !execution_->plan->has_order) level_.order = false;
  execution_->make_plan(level_);
  open_scan();
}

// Ids are unique in one mailbox or drive, so the path is part of the key.
void QuerySource::count_key(const base::Cell* row) {
  const ScanPlan& plan = *execution_->plan;
  if (!plan.claim) return;
  std::string key = scan_->path();
  key += '\n';
  key += text_of(row[*plan.id_column], *execution_->context.arena);
  batch_keys_.push_back(graph::hash_text(key));
}

bool QuerySource::was_counted(const base::Cell* row) {
  if (!began_anew_ || counted_.size() == 0) return false;
  std::string key = scan_->path();
  key += '\n';
  key += text_of(row[*execution_->plan->id_column], *execution_->context.arena);
  return counted_.contains(graph::hash_text(key));
}

// From another batch of an IN.
bool QuerySource::came_before(const base::Cell* row) {
  const ScanPlan& plan = *execution_->plan;
  if (!plan.repeated_id) return false;
  return !came_.insert(
      graph::hash_text(text_of(row[*plan.repeated_id], *execution_->context.arena)));
}

bool QuerySource::passes(const base::Cell* row) {
  const ScanPlan& plan = *execution_->plan;
  if (plan.check && test(*plan.check, row, execution_->context) != Truth::kTrue) {
    filter_ignored_ = plan.claim && test(*plan.claim, row, execution_->context) != Truth::kTrue;
    return false;
  }
  return !scan_->is_unlisted(row) && !was_counted(row) && !came_before(row);
}

// Moves what the result keeps of a row to the place of its `kept`-th row.
void QuerySource::keep(base::RowBatch& batch, std::size_t row, std::size_t kept) {
  const ScanPlan& plan = *execution_->plan;
  const std::size_t width = plan.outputs.size();
  const base::Cell* from = batch.row(row);
  if (plan.plain) {
    // Results are never wider than the scan's rows here, so nothing unread is overwritten.
    base::Cell* to = batch.cells.data() + kept * width;
    if (to != from) std::copy(from, from + width, to);
    return;
  }
  for (const ExpressionPtr& output : plan.outputs) {
    computed_.push_back(evaluate(*output, from, execution_->context));
  }
}

bool QuerySource::refine(base::RowBatch& batch) {
  const ScanPlan& plan = *execution_->plan;
  const std::size_t width = plan.outputs.size();
  if (!plan.check && plan.plain && width == plan.columns.size() && !plan.unlisted_column)
    return true;
  computed_.clear();
  batch_keys_.clear();
  filter_ignored_ = false;
  execution_->context.arena = &batch.arena;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < batch.row_count && !filter_ignored_; ++i) {
    try {
      if (!passes(batch.row(i))) continue;
      count_key(batch.row(i));
      keep(batch, i, kept);
      ++kept;
    } catch (...) {
      // The rows before the failing one are handed out first.
      failure_ = std::current_exception();
      computed_.resize(plan.plain ? 0 : kept * width);
      break;
    }
    if (kept >= to_give_ && kept - to_give_ >= to_skip_) break;
  }
  execution_->context.arena = &execution_->arena;
  if (filter_ignored_) return false;
  for (const graph::Hash128& key : batch_keys_) counted_.insert(key);
  if (plan.plain) {
    batch.cells.resize(kept * width);
  } else {
    batch.cells.swap(computed_);
    batch.pins.push_back(execution_);        // parameters
    batch.pins.push_back(execution_->plan);  // literals
  }
  batch.row_count = kept;
  batch.column_count = width;
  return true;
}

void QuerySource::apply_range(base::RowBatch& batch) {
  if (to_skip_ > 0) {
    const std::size_t skipped =
        static_cast<std::size_t>(std::min<std::uint64_t>(to_skip_, batch.row_count));
    batch.cells.erase(batch.cells.begin(), batch.cells.begin() + static_cast<std::ptrdiff_t>(
                                                                     skipped * batch.column_count));
    batch.row_count -= skipped;
    to_skip_ -= skipped;
  }
  if (to_give_ == UINT64_MAX) return;
  if (batch.row_count >= to_give_) {
    batch.row_count = static_cast<std::size_t>(to_give_);
    batch.cells.resize(batch.row_count * batch.column_count);
    failure_ = nullptr;  // of a row past the limit, which nobody asked for
    ended_ = true;
    close_scan();
  }
  to_give_ -= batch.row_count;
}

void QuerySource::cancel() noexcept {
  cancelled_ = true;
  const std::lock_guard lock(mutex_);
  if (scan_) scan_->cancel();
}

std::vector<base::Warning> QuerySource::take_warnings() {
  std::vector<base::Warning> taken = std::move(warnings_);
  warnings_.clear();
  if (scan_) {
    for (base::Warning& warning : scan_->take_warnings()) taken.push_back(std::move(warning));
  }
  for (base::Warning& warning : execution_->warnings) taken.push_back(std::move(warning));
  execution_->warnings.clear();
  return taken;
}

}  // namespace graphodbc::query
