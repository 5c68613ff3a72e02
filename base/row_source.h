// The one way rows move: from a Graph scan, an expression pipeline, or memory, up to SQLFetch.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/arena.h"
#include "base/cell.h"
#include "base/error.h"

namespace graphodbc::base {

// Rows and what keeps their cells alive. Movable; the holder of the batch may read its cells from
// any one thread at a time until it drops or clears the batch.
struct RowBatch {
  std::size_t row_count = 0;
  std::size_t column_count = 0;
  std::vector<Cell> cells;  // row after row
  // Pages the cells point into. Shared because a page's rows can be spread over several batches
  // (a rowset, a residual filter), and the page goes when the last of them does.
  std::vector<std::shared_ptr<const void>> pins;
  Arena arena;  // text and wide decimals computed for this batch

  const Cell* row(std::size_t index) const { return cells.data() + index * column_count; }
  Cell* row(std::size_t index) { return cells.data() + index * column_count; }

  void clear() {
    row_count = 0;
    cells.clear();
    pins.clear();
    arena.clear();
  }
};

// Contract of a cursor. One thread at a time calls open() and next_batch(); cancel() may come from
// any thread at any time while the object lives. Destruction releases everything, also requests in
// flight, and does not wait for the network.
class RowSource {
 public:
  virtual ~RowSource() = default;

  virtual std::size_t column_count() const = 0;

  // Starts the work and waits for the first answer (a page, or that there are no rows), so that
  // SQLExecute can report refusals. Throws Error. Called once, before next_batch().
  virtual void open() = 0;

  // Replaces `batch` by the next rows (at least one). False is the clean end: every row was handed
  // out. Throws Error when the rest cannot be had; after an error the source is finished and
  // throws the same error again, never a clean end.
  virtual bool next_batch(RowBatch& batch) = 0;

  // Makes a running or later open()/next_batch() throw HY008 soon. Never blocks, never throws.
  virtual void cancel() noexcept = 0;

  // Notes (class 01) gathered since the last call.
  virtual std::vector<Warning> take_warnings() { return {}; }
};

}  // namespace graphodbc::base
