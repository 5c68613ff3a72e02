#include "query/executor/listing_source.h"

#include "graph/service_error.h"
#include "query/executor/scan_request.h"

namespace graphodbc::query {
namespace {

// A key that a condition named does not exist (decisions.md 8). A mailbox that is not there at all
// is an error all the same.
bool is_missing(const graph::ServiceError& error) {
  return (error.http_status() == 404 && error.code() != "MailboxNotEnabledForRESTAPI" &&
          error.code() != "ErrorNonExistentMailbox") ||
         (error.http_status() == 400 &&
          (error.code() == "ErrorInvalidIdMalformed" || error.code() == "ErrorInvalidId"));
}

// Present, not false and not zero.
bool is_set(const base::Cell& cell) {
  switch (cell.kind) {
    case base::CellKind::kNull:
    case base::CellKind::kInvalid:
      return false;
    case base::CellKind::kBool:
    case base::CellKind::kInt64:
      return cell.integer != 0;
    default:
      return true;
  }
}

}  // namespace

ListingSource::ListingSource(std::shared_ptr<Execution> execution)
    : execution_(std::move(execution)),
      waiting_(execution_->plan->listings.begin(), execution_->plan->listings.end()) {}

std::size_t ListingSource::column_count() const {
  return execution_->plan->columns.size();
}

void ListingSource::start(const graph::ScanRequest& request) {
  std::unique_ptr<base::RowSource> scan = execution_->session->scans(request);
  {
    const std::lock_guard lock(mutex_);
    current_ = std::move(scan);
    if (cancelled_) current_->cancel();
  }
  current_->open();
}

void ListingSource::stop() {
  if (current_) {
    for (base::Warning& warning : current_->take_warnings()) {
      warnings_.push_back(std::move(warning));
    }
  }
  std::unique_ptr<base::RowSource> ended;
  const std::lock_guard lock(mutex_);
  ended = std::move(current_);
}

void ListingSource::look_up_identity() {
  if (!execution_->plan->lookup_column) return;
  signed_in_id_ = execution_->session->signed_in_id();
  if (!signed_in_id_.empty()) return;
  start(make_identity_request(*execution_));
  base::RowBatch batch;
  if (current_->next_batch(batch) && batch.row_count > 0 && !batch.row(0)[0].is_null()) {
    signed_in_id_ = text_of(batch.row(0)[0], batch.arena);
    execution_->session->remember_signed_in_id(signed_in_id_);
  }
  stop();
}

void ListingSource::open() {
  look_up_identity();
  next_listing();
}

bool ListingSource::next_listing() {
  while (!waiting_.empty()) {
    current_listing_ = std::move(waiting_.front());
    waiting_.pop_front();
    const ScanPlan& plan = *execution_->plan;
    graph::ScanRequest request = make_scan_request(*execution_, current_listing_, signed_in_id_);
    const std::uint64_t wanted =
        plan.limit > UINT64_MAX - plan.offset ? UINT64_MAX : plan.limit + plan.offset;
    const std::uint64_t left = wanted > delivered_ ? wanted - delivered_ : 1;
    // Rows that are still checked may fall: the limit is then only where reading ahead ends.
    (plan.check ? request.enough_rows : request.row_limit) = wanted == UINT64_MAX ? wanted : left;
    try {
      start(request);
      return true;
    } catch (const graph::ServiceError& error) {
      if (!current_listing_.may_be_missing || !is_missing(error)) throw;
      stop();
    }
  }
  return false;
}

bool ListingSource::next_batch(base::RowBatch& batch) {
  while (current_ || next_listing()) {
    if (current_->next_batch(batch)) {
      delivered_ += batch.row_count;
      if (execution_->plan->walk) note_children(batch);
      return true;
    }
    stop();
  }
  return false;
}

void ListingSource::note_children(const base::RowBatch& batch) {
  const ScanPlan& plan = *execution_->plan;
  base::Arena arena;
  for (std::size_t i = 0; i < batch.row_count; ++i) {
    const base::Cell* row = batch.row(i);
    const base::Cell& id = row[*plan.walk_id];
    if (id.is_null() || !is_set(row[*plan.walk_condition])) continue;
    std::string text(text_of(id, arena));
    if (!descended_.insert(text).second) continue;
    waiting_.push_back(child_listing(plan, current_listing_, text));
  }
}

void ListingSource::cancel() noexcept {
  cancelled_ = true;
  const std::lock_guard lock(mutex_);
  if (current_) current_->cancel();
}

std::vector<base::Warning> ListingSource::take_warnings() {
  std::vector<base::Warning> taken = std::move(warnings_);
  warnings_.clear();
  if (current_) {
    for (base::Warning& warning : current_->take_warnings()) taken.push_back(std::move(warning));
  }
  return taken;
}

}  // namespace graphodbc::query
