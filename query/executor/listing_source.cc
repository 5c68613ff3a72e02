#include "query/executor/listing_source.h"

#include "graph/service_error.h"
#include "query/executor/scan_request.h"

namespace graphodbc::query {
namespace {

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
      waiting_(execution_->plan->listings.begin(), execution_->plan->listings.end()),
      withheld_(*execution_) {}

std::size_t ListingSource::column_count() const {
  return execution_->plan->columns.size();
}

void ListingSource::start(std::unique_ptr<base::RowSource> scan) {
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
  reading_ = nullptr;
  std::unique_ptr<base::RowSource> ended;
  const std::lock_guard lock(mutex_);
  ended = std::move(current_);
}

void ListingSource::look_up_identity() {
  if (!execution_->plan->lookup_column) return;
  signed_in_id_ = execution_->session->signed_in_id();
  if (!signed_in_id_.empty()) return;
  signed_in_id_ = ask(make_identity_request(*execution_)).value_or("");
  if (!signed_in_id_.empty()) execution_->session->remember_signed_in_id(signed_in_id_);
}

std::optional<std::string> ListingSource::ask(graph::ScanRequest request) {
  auto scan = execution_->session->scans(std::move(request));
  {
    const std::lock_guard lock(mutex_);
    aside_ = std::move(scan);
    if (cancelled_) aside_->cancel();
  }
  aside_->open();
  base::RowBatch batch;
  std::optional<std::string> text;
  if (aside_->next_batch(batch) && batch.row_count > 0) {
    const base::Cell& cell = batch.row(0)[0];
    text = cell.is_null() ? std::string() : std::string(text_of(cell, batch.arena));
  }
  for (base::Warning& warning : aside_->take_warnings()) warnings_.push_back(std::move(warning));
  std::unique_ptr<base::RowSource> ended;
  const std::lock_guard lock(mutex_);
  ended = std::move(aside_);
  return text;
}

std::optional<std::string> ListingSource::ask_for_listed(const Listing& listing) {
  try {
    return ask(make_unlisted_request(*execution_, listing));
  } catch (const graph::ServiceError& error) {
    // What was read by its key is not what may not be read at all.
    if (error.http_status() != 403) throw;
    return std::string();
  }
}

bool ListingSource::is_unlisted(const base::Cell* row) {
  const Listing& listing = wave_[part_];
  if (listing.unlisted.empty()) return false;
  const bool alike = execution_->plan->table->listed.alike;
  SessionState& session = *execution_->session;
  std::optional<std::string> told = session.unlisted_id(listing.unlisted);
  if (!told) {
    if (!empty_lists_.contains(listing.unlisted)) told = ask_for_listed(listing);
    if (!told && alike) {
      // Nothing is listed now; that may change.
      empty_lists_.insert(listing.unlisted);
      return true;
    }
    if (!told) told.emplace();
    session.remember_unlisted_id(listing.unlisted, *told);
  }
  const base::Cell& cell = row[*execution_->plan->unlisted_column];
  if (told->empty() || cell.is_null()) return false;
  base::Arena arena;
  return (text_of(cell, arena) == *told) != alike;
}

void ListingSource::open() {
  look_up_identity();
  next_wave();
}

bool ListingSource::next_wave() {
  if (waiting_.empty()) return false;
  const ScanPlan& plan = *execution_->plan;
  const bool single = waiting_.front().single;
  graph::BatchLimits limits;
  limits.parts = single ? plan.items_in_batch : plan.lists_in_batch;
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(wave_size(plan, waiting_));
  wave_.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  std::vector<graph::ScanRequest> requests;
  for (const Listing& listing : wave_) {
    requests.push_back(make_scan_request(*execution_, listing, signed_in_id_));
  }
  const std::uint64_t wanted =
      plan.limit > UINT64_MAX - plan.offset ? UINT64_MAX : plan.limit + plan.offset;
  const std::uint64_t left = wanted > delivered_ ? wanted - delivered_ : 1;
  // Rows that are still checked may fall: the limit is then only where reading ahead ends.
  (plan.check ? limits.enough_rows : limits.row_limit) = wanted == UINT64_MAX ? wanted : left;
  auto scan = execution_->session->batches(std::move(requests), limits);
  graph::BatchScan* const reading = scan.get();
  start(std::move(scan));
  reading_ = reading;
  const Listing& first = wave_.front();
  note(withheld_.judge_token(first.path, listing_query(plan, single, first.filter)));
  return true;
}

bool ListingSource::next_batch(base::RowBatch& batch) {
  while (reading_ != nullptr || next_wave()) {
    if (reading_->next_batch(batch)) {
      part_ = reading_->part();
      delivered_ += batch.row_count;
      if (execution_->plan->walk) note_children(batch);
      note_withheld(&batch);
      return true;
    }
    stop();
  }
  if (delivered_ == 0) note_withheld(nullptr);
  return false;
}

void ListingSource::note(std::optional<base::Warning> warning) {
  if (warning) warnings_.push_back(std::move(*warning));
}

void ListingSource::note_withheld(const base::RowBatch* batch) {
  if (wave_.empty() || !withheld_.is_watching()) return;
  const Listing& listing = wave_[batch == nullptr ? 0 : part_];
  const Options options = listing_query(*execution_->plan, listing.single, listing.filter);
  note(withheld_.judge_rows(listing.path, options, batch));
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
    waiting_.push_back(child_listing(plan, wave_[part_], text));
  }
}

void ListingSource::cancel() noexcept {
  cancelled_ = true;
  const std::lock_guard lock(mutex_);
  if (current_) current_->cancel();
  if (aside_) aside_->cancel();
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
