// What EXPLAIN ANALYZE measures while the statement runs.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

#include "base/row_source.h"
#include "base/stopwatch.h"
#include "graph/scan_statistics.h"

namespace graphodbc::query {

// One step: a scan, the local engine, or constant rows. Written by the threads that read it, whole
// when the statement has ended.
struct StepMeasure {
  // Shared with the requests in flight.
  std::shared_ptr<graph::ScanStatistics> scan = std::make_shared<graph::ScanStatistics>();
  // Of the request that asks who is signed in.
  std::shared_ptr<graph::ScanStatistics> identity = std::make_shared<graph::ScanStatistics>();
  std::atomic<bool> ran = false;
  std::atomic<std::uint64_t> rows_out = 0;  // handed on: checked, within LIMIT
  base::TimeCounter work = 0;               // CPU time of the thread that reads the rows
  base::TimeCounter waited = 0;             // besides what `scan` waited
  base::TimeCounter elapsed = 0;            // from its beginning to its last row
  // What was pushed had to be taken back (sql-dialect.md 9.5).
  std::atomic<bool> filter_refused = false;
  std::atomic<bool> order_refused = false;  // of a scan of the local engine
  std::atomic<bool> filter_ignored = false;
};

struct Analysis {
  explicit Analysis(std::size_t scan_count) : scans(scan_count) {}

  StepMeasure direct;             // the statement without the local engine
  std::deque<StepMeasure> scans;  // of the local plan
  StepMeasure engine;
  std::atomic<bool> gone_local = false;  // the service refused to count or sort
};

// `source`, measured; itself when `measure` is null. `measure` must outlive it. The thread that
// reads it does nothing else: what it does between the calls counts as work on the rows.
std::unique_ptr<base::RowSource> measured(std::unique_ptr<base::RowSource> source,
                                          StepMeasure* measure);

}  // namespace graphodbc::query
