#include "query/engine/local_source.h"

#include <algorithm>
#include <new>
#include <set>
#include <string>
#include <utility>

#include "query/engine/columns_in_use.h"
#include "query/engine/memory.h"

namespace graphodbc::query {
namespace {

constexpr std::size_t kRowsABatch = 1000;

std::vector<FeedColumn> feed_columns(const ScanSpec& scan, const std::set<std::uint32_t>& used) {
  std::vector<FeedColumn> columns;
  for (std::size_t at = 0; at < scan.query.outputs.size(); ++at) {
    std::string name = scan.correlation;
    if (scan.query.table != nullptr && at < scan.columns.size()) {
      name = scan.query.table->name + "." + scan.query.table->columns.at(scan.columns[at]).name;
    }
    const bool carried =
        at < scan.columns.size() && !used.contains(scan.first_column + scan.columns[at]);
    columns.push_back({scan.query.outputs[at]->type, std::move(name), carried});
  }
  return columns;
}

}  // namespace

// The feeds are made here, so that cancel() finds them at any time.
LocalSource::LocalSource(LocalRun run)
    : run_(std::move(run)),
      board_(std::make_shared<FeedBoard>()),
      rows_(std::make_shared<std::vector<GivenRows>>()),
      to_give_(run_.max_rows == 0 ? UINT64_MAX : run_.max_rows) {
  for (const base::TypeInfo& type : run_.query.types) loaders_.emplace_back(type);
  initialize_sqlite();
  const std::set<std::uint32_t> used = columns_in_use(*run_.plan->query);
  for (std::size_t at = 0; at < run_.plan->scans.size(); ++at) {
    feeds_.push_back(std::make_unique<ScanFeed>(board_, feed_columns(run_.plan->scans[at], used),
                                                !run_.query.materialized[at]));
    rows_->emplace_back(run_.query.kept[at]);
  }
}

LocalSource::~LocalSource() {
  cancel();
  host_.reset();
}

void LocalSource::open() {
  try {
    std::vector<std::size_t> numbers(feeds_.size());
    add_driver_keys(numbers);
    start_feeds(numbers);
    if (run_.query.sort.empty()) {
      build_host();
    } else {
      sort_rows();
    }
    has_row_ = step();
    if (!has_row_) close();
  } catch (...) {
    keep_failure();
  }
  if (failure_) std::rethrow_exception(failure_);
}

// In a catch block. Nothing more will be read.
void LocalSource::keep_failure() {
  failure_ = std::current_exception();
  try {
    throw;
  } catch (const std::bad_alloc&) {
    failure_ = std::make_exception_ptr(out_of_local_memory());
  } catch (...) {
  }
  for (const auto& feed : feeds_) feed->cancel();
}

void LocalSource::add_driver_keys(std::vector<std::size_t>& numbers) {
  for (std::size_t at = 0; at < feeds_.size(); ++at) {
    const std::optional<KeySource>& keys = run_.plan->scans[at].keys;
    if (keys) numbers[at] = feeds_[keys->scan]->gather_keys(keys->output, keys->at_most);
  }
}

// All at once: what does not depend on another downloads at the same time.
void LocalSource::start_feeds(const std::vector<std::size_t>& numbers) {
  for (std::size_t at = 0; at < feeds_.size(); ++at) {
    const ScanSpec& scan = run_.plan->scans[at];
    if (!scan.keys) {
      feeds_[at]->start(run_.make_scan(scan, at));
      continue;
    }
    feeds_[at]->start_after(*feeds_[scan.keys->scan], numbers[at], scan.keys->at_most,
                            [this, at](ScanFeed::KeyList keys) {
                              const ScanSpec& spec = run_.plan->scans[at];
                              return keys ? run_.make_keyed_scan(spec, at, std::move(*keys))
                                          : run_.make_scan(spec, at);
                            });
  }
}

void LocalSource::build_host() {
  host_ = std::make_unique<SqliteHost>(run_.context, cancelled_, run_.deadline);
  for (std::size_t at = 0; at < feeds_.size(); ++at) {
    host_->add_scan({scan_table_name(at), run_.plan->scans[at].columns,
                     [this, at] { return next_of(at); },
                     run_.query.materialized[at] || run_.query.kept[at]});
  }
  for (FunctionSpec& function : run_.query.functions) host_->add_function(std::move(function));
  for (AggregateSpec& aggregate : run_.query.aggregates) {
    host_->add_aggregate(std::move(aggregate));
  }
  host_->prepare(run_.query.sql, run_.query.constants);
}

const StoredBatch* LocalSource::next_of(std::size_t scan) {
  const base::WallStopwatch waiting(run_.waited);
  std::optional<StoredBatch> batch = feeds_[scan]->next(run_.deadline);
  return batch ? (*rows_)[scan].add(std::move(*batch)) : nullptr;
}

void LocalSource::sort_rows() {
  const std::size_t scan = run_.query.outputs.front().kept->scan;
  sorter_ = std::make_unique<RowSorter>((*rows_)[scan], run_.query.sort);
  while (const StoredBatch* batch = next_of(scan)) sorter_->add(*batch);
  sorter_->sort([this] { look(); });
}

void LocalSource::look() const {
  if (cancelled_) throw cancelled_error();
  if (run_.deadline && std::chrono::steady_clock::now() >= *run_.deadline) {
    throw base::Error("HYT00", "the query timeout expired");
  }
}

bool LocalSource::step() {
  if (cancelled_) throw cancelled_error();
  return sorter_ ? sorter_->step() : host_->step();
}

// What is not needed any more goes at the end of the rows, not at the end of the statement.
void LocalSource::close() {
  ended_ = true;
  for (const auto& feed : feeds_) {
    feed->cancel();
    for (base::Warning& warning : feed->take_warnings()) warnings_.push_back(std::move(warning));
  }
  host_.reset();
  sorter_.reset();
  rows_.reset();
}

const StoredValue* LocalSource::kept_row(const EmittedQuery::Output& output) const {
  const GivenRows& rows = (*rows_)[output.kept->scan];
  if (sorter_) return rows.row(sorter_->number());
  const StoredValue number = host_->value(static_cast<int>(output.column));
  return number.kind == StoredKind::kNull ? nullptr : rows.row(number.integer);
}

void LocalSource::add_row(base::RowBatch& batch) {
  for (std::size_t at = 0; at < loaders_.size(); ++at) {
    const EmittedQuery::Output& output = run_.query.outputs[at];
    if (!output.kept) {
      const StoredValue value = host_->value(static_cast<int>(output.column));
      batch.cells.push_back(loaders_[at].load_copy(value, batch.arena));
    } else if (const StoredValue* row = kept_row(output)) {
      batch.cells.push_back(loaders_[at].load(row[output.kept->column], batch.arena));
    } else {
      batch.cells.emplace_back();
    }
  }
  ++batch.row_count;
}

bool LocalSource::next_batch(base::RowBatch& batch) {
  batch.clear();
  batch.column_count = loaders_.size();
  if (failure_) std::rethrow_exception(failure_);
  if (!ended_) batch.pins.push_back(rows_);
  try {
    if (cancelled_ && !ended_) throw cancelled_error();
    while (!ended_ && has_row_ && batch.row_count < kRowsABatch && to_give_ > 0) {
      add_row(batch);
      --to_give_;
      has_row_ = to_give_ > 0 && step();
    }
  } catch (...) {
    keep_failure();
  }
  // The rows before a failing one are given out first.
  if (batch.row_count == 0 && failure_) std::rethrow_exception(failure_);
  if (!failure_ && !has_row_ && !ended_) close();
  return batch.row_count > 0;
}

void LocalSource::cancel() noexcept {
  cancelled_ = true;
  for (const auto& feed : feeds_) feed->cancel();
}

std::vector<base::Warning> LocalSource::take_warnings() {
  std::vector<base::Warning> taken = std::exchange(warnings_, {});
  for (const auto& feed : feeds_) {
    for (base::Warning& warning : feed->take_warnings()) taken.push_back(std::move(warning));
  }
  if (run_.context.warnings != nullptr) {
    for (base::Warning& warning : *run_.context.warnings) taken.push_back(std::move(warning));
    run_.context.warnings->clear();
  }
  return taken;
}

}  // namespace graphodbc::query
