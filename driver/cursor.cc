#include "driver/cursor.h"

#include <algorithm>
#include <utility>

namespace graphodbc::driver {

Cursor::Cursor(std::unique_ptr<base::RowSource> source, std::uint64_t max_rows)
    : source_(std::move(source)), rows_left_(max_rows == 0 ? UINT64_MAX : max_rows) {}

void Cursor::release_rowset() {
  for (auto& batch : pinned_) {
    batch->clear();
    // One spare is enough to swap between; more would hold memory of wide rowsets.
    if (spare_.empty()) spare_.push_back(std::move(batch));
  }
  pinned_.clear();
  spans_.clear();
  rowset_rows_ = 0;
}

// Makes current_ hold an unread row. False at the clean end.
bool Cursor::advance() {
  if (current_ && next_in_batch_ < current_->row_count) return true;
  if (at_end_) return false;
  if (current_) pinned_.push_back(std::move(current_));
  if (spare_.empty()) {
    current_ = std::make_unique<base::RowBatch>();
  } else {
    current_ = std::move(spare_.back());
    spare_.pop_back();
  }
  next_in_batch_ = 0;
  if (!source_->next_batch(*current_)) {
    at_end_ = true;
    current_.reset();
    return false;
  }
  return true;
}

std::span<const RowSpan> Cursor::next_rowset(std::size_t want) {
  rows_delivered_ += rowset_rows_;
  release_rowset();
  if (failure_) std::rethrow_exception(failure_);
  first_row_number_ = rows_delivered_ + 1;
  want = static_cast<std::size_t>(std::min<std::uint64_t>(want, rows_left_));
  try {
    while (rowset_rows_ < want && advance()) {
      const std::size_t count = std::min(want - rowset_rows_, current_->row_count - next_in_batch_);
      spans_.push_back({current_->row(next_in_batch_), current_->column_count, count});
      next_in_batch_ += count;
      rowset_rows_ += count;
    }
  } catch (...) {
    // Also kept when nothing was read: a broken result must never end in SQL_NO_DATA.
    failure_ = std::current_exception();
    current_.reset();
    if (rowset_rows_ == 0) throw;
  }
  rows_left_ -= rowset_rows_;
  return spans_;
}

const base::Cell* Cursor::row(std::size_t index) const {
  for (const RowSpan& span : spans_) {
    if (index < span.count) return span.first + index * span.stride;
    index -= span.count;
  }
  return nullptr;
}

}  // namespace graphodbc::driver
