// An open result: rows pulled from a RowSource in rowsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/row_source.h"

namespace graphodbc::driver {

// Rows that lie together: `count` rows of `stride` cells from `first` on.
struct RowSpan {
  const base::Cell* first = nullptr;
  std::size_t stride = 0;
  std::size_t count = 0;
};

// The rows of the current rowset stay readable, in any order and again, until the next rowset is
// asked for (decisions.md 20). Guarded by the statement's mutex; cancel() goes to the source.
class Cursor {
 public:
  // `max_rows` 0: no limit.
  Cursor(std::unique_ptr<base::RowSource> source, std::uint64_t max_rows);

  // The next at most `want` rows; empty at the clean end. An error after some rows of the rowset is
  // kept: those rows are returned, failed_after() holds, and the next call throws it, as do all
  // later ones, so that a broken result never looks like a complete one.
  std::span<const RowSpan> next_rowset(std::size_t want);
  bool failed_after() const { return failure_ != nullptr; }

  std::size_t rowset_size() const { return rowset_rows_; }
  // 0-based within the rowset.
  const base::Cell* row(std::size_t index) const;
  // Number of the rowset's first row in the result, from 1; 0 before the first and after the end.
  std::uint64_t first_row_number() const { return rowset_rows_ == 0 ? 0 : first_row_number_; }

  base::RowSource& source() { return *source_; }
  std::vector<base::Warning> take_warnings() { return source_->take_warnings(); }

 private:
  void release_rowset();
  bool advance();

  std::unique_ptr<base::RowSource> source_;
  std::uint64_t rows_left_;
  std::unique_ptr<base::RowBatch> current_;
  std::size_t next_in_batch_ = 0;
  std::vector<std::unique_ptr<base::RowBatch>> pinned_;  // used up, but the rowset points into them
  std::vector<std::unique_ptr<base::RowBatch>> spare_;
  std::vector<RowSpan> spans_;
  std::size_t rowset_rows_ = 0;
  std::uint64_t first_row_number_ = 0;
  std::uint64_t rows_delivered_ = 0;
  std::exception_ptr failure_;
  bool at_end_ = false;
};

}  // namespace graphodbc::driver
