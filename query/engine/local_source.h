// Rows of a query that SQLite runs over scans which download at the same time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/row_source.h"
#include "base/stopwatch.h"
#include "query/engine/given_rows.h"
#include "query/engine/row_sorter.h"
#include "query/engine/scan_feed.h"
#include "query/engine/sql_emitter.h"
#include "query/engine/sqlite_host.h"
#include "query/planner/local_plan.h"

namespace graphodbc::query {

// Gives the rows of a scan: the spec's outputs, in their order. Called by open(), on its thread.
// The sources of one statement run on threads of their own, so they share no EvalContext. For a
// scan that has more keys than it is read by, called on the scan's own thread.
using MakeScan =
    std::function<std::unique_ptr<base::RowSource>(const ScanSpec& scan, std::size_t index)>;
// The same for a scan with a KeySource, with the distinct values, none null, that its driver has in
// that column. Called on the scan's own thread, when the driver has been read to its end.
using MakeKeyedScan = std::function<std::unique_ptr<base::RowSource>(
    const ScanSpec& scan, std::size_t index, std::vector<base::Value> keys)>;

struct LocalRun {
  std::shared_ptr<const LocalPlan> plan;  // shared with the statement's other runs
  EmittedQuery query;
  MakeScan make_scan;
  MakeKeyedScan make_keyed_scan;  // may be null when no scan has keys
  // For the functions. What it points to (parameters, warnings) is kept by `owner`; its arena is
  // not used.
  EvalContext context;
  std::shared_ptr<void> owner;  // pinned by no batch
  Deadline deadline;
  std::uint64_t max_rows = 0;           // 0: no limit
  base::TimeCounter* waited = nullptr;  // told how long rows of scans were waited for; may be null
};

class LocalSource final : public base::RowSource {
 public:
  explicit LocalSource(LocalRun run);
  ~LocalSource() override;

  std::size_t column_count() const override { return loaders_.size(); }
  // Starts all scans and waits for the first row.
  void open() override;
  // Up to 1,000 rows whose cells lie in the batch's arena or in what it pins.
  bool next_batch(base::RowBatch& batch) override;
  void cancel() noexcept override;
  std::vector<base::Warning> take_warnings() override;

 private:
  void add_driver_keys(std::vector<std::size_t>& numbers);
  void start_feeds(const std::vector<std::size_t>& numbers);
  void build_host();
  void sort_rows();
  void look() const;
  const StoredBatch* next_of(std::size_t scan);
  bool step();
  void close();
  void keep_failure();
  // Of the row the source stands on; null where an outer join has none.
  const StoredValue* kept_row(const EmittedQuery::Output& output) const;
  void add_row(base::RowBatch& batch);

  LocalRun run_;
  std::vector<Storage> loaders_;  // of the result's columns
  std::atomic<bool> cancelled_ = false;
  std::shared_ptr<FeedBoard> board_;              // shared with the feeds' workers
  std::vector<std::unique_ptr<ScanFeed>> feeds_;  // by scan; made by the constructor
  // By scan. Pinned by the batches whose cells lie in kept rows.
  std::shared_ptr<std::vector<GivenRows>> rows_;
  // One of the two.
  std::unique_ptr<SqliteHost> host_;  // reads the feeds, so it goes first
  std::unique_ptr<RowSorter> sorter_;
  std::vector<base::Warning> warnings_;
  std::uint64_t to_give_;
  bool has_row_ = false;  // SQLite stands on a row that was not given out
  bool ended_ = false;
  std::exception_ptr failure_;
};

}  // namespace graphodbc::query
