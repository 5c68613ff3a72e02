// What reading a scan cost, for those who want to know (EXPLAIN ANALYZE).
#pragma once

#include <atomic>
#include <cstdint>

#include "base/stopwatch.h"

namespace graphodbc::graph {

// Added to by the reading thread and the I/O thread, read at any time. Of a `$batch` the request
// and its bytes count once, its parts' rows all.
struct ScanStatistics {
  std::atomic<std::uint64_t> requests = 0;  // sent, every attempt of each
  // Among what was sent: repeated requests, and parts of batches that were asked for again.
  std::atomic<std::uint64_t> retries = 0;
  std::atomic<std::uint64_t> bytes = 0;  // of response bodies as received, refusals included
  std::atomic<std::uint64_t> rows = 0;   // in the pages, before repeated ones are dropped
  base::TimeCounter waited = 0;          // by the reading thread for responses
  base::TimeCounter io_work = 0;         // CPU time of the I/O thread's inflating and indexing
};

}  // namespace graphodbc::graph
