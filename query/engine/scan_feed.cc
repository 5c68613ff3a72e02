#include "query/engine/scan_feed.h"

#include <string>
#include <system_error>
#include <utility>

#include "graph/quiet_thread.h"

namespace graphodbc::query {
namespace {

constexpr std::size_t kStreamingBatches = 4;

// What a step throws, given out after the catch has let go of it: the reader must be the only one
// that holds the exception.
template <typename Step>
std::exception_ptr failure_of(Step step) {
  try {
    step();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

}  // namespace

base::Error cancelled_error() {
  return {"HY008", "the statement was cancelled"};
}

ScanFeed::ScanFeed(std::shared_ptr<FeedBoard> board, std::vector<FeedColumn> columns,
                   bool streaming)
    : board_(std::move(board)), converter_(std::move(columns)), streaming_(streaming) {}

ScanFeed::~ScanFeed() {
  cancel();
  if (worker_.joinable()) worker_.join();
}

std::size_t ScanFeed::gather_keys(std::uint32_t column, std::size_t at_most) {
  for (std::size_t at = 0; at < keys_.size(); ++at) {
    if (keys_[at].column == column && keys_[at].at_most == at_most) return at;
  }
  keys_.push_back({column, at_most, {}, {}});
  return keys_.size() - 1;
}

void ScanFeed::launch(std::function<void()> body) {
  try {
    worker_ = graph::start_quiet_thread(
        [this, body = std::move(body)] { finish(failure_of([&] { body(); })); });
  } catch (const std::system_error& error) {
    throw base::Error("HY001",
                      std::string("no thread could be started to read a table: ") + error.what());
  }
}

void ScanFeed::set_source(std::unique_ptr<base::RowSource> source) {
  const std::lock_guard lock(board_->mutex);
  source_ = std::move(source);
  if (cancelled_) source_->cancel();
}

void ScanFeed::start(std::unique_ptr<base::RowSource> source) {
  set_source(std::move(source));
  launch([this] { pump(); });
}

void ScanFeed::start_after(ScanFeed& driver, std::size_t keys, std::size_t at_most,
                           MakeSource make) {
  driver_ = &driver;
  launch([this, keys, at_most, make = std::move(make)] {
    KeyList values;
    if (!keys_of_driver(keys, at_most, values)) return;
    set_source(make(std::move(values)));
    pump();
  });
}

bool ScanFeed::keys_of_driver(std::size_t keys, std::size_t at_most, KeyList& values) {
  std::unique_lock lock(board_->mutex);
  const auto too_many = [&] { return at_most != 0 && driver_->keys_[keys].count > at_most; };
  board_->changed.wait(lock, [&] { return cancelled_ || driver_->ended_ || too_many(); });
  // The reader is told of the driver's failure.
  if (cancelled_ || driver_->failure_ || driver_->cancelled_) return false;
  if (!too_many()) values = driver_->keys_[keys].values;
  return true;
}

void ScanFeed::pump() {
  source_->open();
  base::RowBatch batch;
  while (source_->next_batch(batch)) {
    gather(batch);
    std::size_t row = 0;
    while (row < batch.row_count) push(converter_.convert(batch, row));
  }
}

void ScanFeed::gather(const base::RowBatch& batch) {
  for (Keys& keys : keys_) {
    gather(batch, keys);
    const std::lock_guard lock(board_->mutex);
    if (keys.count == keys.values.size()) continue;
    keys.count = keys.values.size();
    board_->changed.notify_all();
  }
}

void ScanFeed::gather(const base::RowBatch& batch, Keys& keys) const {
  base::Arena arena;
  std::string scratch;
  const Storage& storage = converter_.storage(keys.column);
  for (std::size_t row = 0; row < batch.row_count; ++row) {
    if (keys.at_most != 0 && keys.values.size() > keys.at_most) return;
    const base::Cell& cell = batch.row(row)[keys.column];
    if (cell.is_null() || cell.kind == base::CellKind::kInvalid) continue;
    scratch.resize(storage.scratch_size(cell) + 1);
    const StoredValue value = storage.store(cell, scratch.data());
    const std::string key =
        value.has_bytes()
            ? std::string(value.view())
            : std::string(reinterpret_cast<const char*>(&value.integer), sizeof(value.integer));
    if (!keys.seen.insert(key).second) continue;
    arena.clear();
    keys.values.emplace_back(storage.load(value, arena));
  }
}

void ScanFeed::push(StoredBatch batch) {
  std::unique_lock lock(board_->mutex);
  if (streaming_ && keys_.empty()) {
    board_->changed.wait(lock, [&] { return cancelled_ || queue_.size() < kStreamingBatches; });
  }
  if (cancelled_) throw cancelled_error();
  queue_.push_back(std::move(batch));
  board_->changed.notify_all();
}

void ScanFeed::finish(std::exception_ptr failure) {
  std::vector<base::Warning> warnings;
  // A warning that cannot be had must not end the process.
  static_cast<void>(failure_of([&] {
    if (source_) warnings = source_->take_warnings();
  }));
  std::unique_ptr<base::RowSource> done;
  {
    const std::lock_guard lock(board_->mutex);
    done = std::move(source_);
    warnings_.insert(warnings_.end(), warnings.begin(), warnings.end());
    failure_ = std::move(failure);
    ended_ = true;
    board_->changed.notify_all();
  }
}

std::exception_ptr ScanFeed::failure() const {
  if (cancelled_) return std::make_exception_ptr(cancelled_error());
  if (driver_ != nullptr && driver_->failure_) return driver_->failure_;
  if (driver_ != nullptr && driver_->cancelled_) {
    return std::make_exception_ptr(cancelled_error());
  }
  return failure_;
}

std::optional<StoredBatch> ScanFeed::next(const Deadline& deadline) {
  std::unique_lock lock(board_->mutex);
  const auto ready = [&] { return cancelled_ || ended_ || !queue_.empty(); };
  if (!deadline) {
    board_->changed.wait(lock, ready);
  } else if (!board_->changed.wait_until(lock, *deadline, ready)) {
    throw base::Error("HYT00", "the query timeout expired");
  }
  if (cancelled_ || queue_.empty()) {
    if (const std::exception_ptr failed = failure()) std::rethrow_exception(failed);
    return std::nullopt;
  }
  std::optional<StoredBatch> batch = std::move(queue_.front());
  queue_.pop_front();
  board_->changed.notify_all();
  return batch;
}

void ScanFeed::cancel() noexcept {
  const std::lock_guard lock(board_->mutex);
  if (cancelled_) return;
  cancelled_ = true;
  if (source_) source_->cancel();
  board_->changed.notify_all();
}

std::vector<base::Warning> ScanFeed::take_warnings() {
  const std::lock_guard lock(board_->mutex);
  return std::exchange(warnings_, {});
}

}  // namespace graphodbc::query
