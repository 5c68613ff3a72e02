// Statement: rows out, one rowset or one cell at a time.
#include <algorithm>
#include <utility>

#include "driver/descriptors/type_facts.h"
#include "driver/handles/connection.h"
#include "driver/handles/running_source.h"
#include "driver/handles/statement.h"

namespace graphodbc::driver {

SQLRETURN Statement::fetch() {
  require(Operation::kFetch);
  RunningSource::forget_requests(*this);
  position_ = 0;
  data_column_ = 0;
  std::span<const RowSpan> rows;
  const SQLULEN array_size = [&] {
    std::lock_guard<std::mutex> lock(ard_->mutex);
    return ard_->header.array_size;
  }();
  try {
    RunningSource running(*this, cursor_->source());
    rows = cursor_->next_rowset(static_cast<std::size_t>(array_size));
  } catch (const base::Error& error) {
    log_failure(error);
    state_ = StatementState::kOpen;
    if (ird_.header.rows_processed_ptr != nullptr) *ird_.header.rows_processed_ptr = 0;
    throw;
  }
  SQLRETURN result = SQL_SUCCESS;
  {
    std::lock_guard<std::mutex> ard_lock(ard_->mutex);
    std::lock_guard<std::mutex> ird_lock(ird_.mutex);
    result = writer_.write(rows, *ard_, ird_, attributes.max_length, diagnostics);
  }
  if (rows.empty()) {
    // After the end the cursor is on no row, and further fetches say SQL_NO_DATA again.
    state_ = StatementState::kOpen;
    return SQL_NO_DATA;
  }
  state_ = StatementState::kPositioned;
  if (cursor_->failed_after()) {
    diagnostics.post("01000", "the result breaks off after these rows; the next fetch reports why");
  }
  post_warnings();
  return result;
}

SQLRETURN Statement::get_data(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER target,
                              SQLLEN buffer_length, SQLLEN* length_or_indicator) {
  require(Operation::kGetData);
  // Column 0 is the bookmark, which is never on (pitfalls 8.6).
  const DescriptorRecord* record =
      column == 0 ? nullptr : ird_.find(static_cast<SQLSMALLINT>(std::min<int>(column, 32767)));
  if (record == nullptr) {
    throw base::Error("07009", "column " + std::to_string(column) +
                                   " is not in the result, which "
                                   "has columns 1 to " +
                                   std::to_string(ird_.count()));
  }
  TargetBuffer buffer;
  buffer.c_type = modern_type(c_type);
  {
    std::lock_guard<std::mutex> lock(ard_->mutex);
    const DescriptorRecord* bound = ard_->find(static_cast<SQLSMALLINT>(column));
    if (buffer.c_type == SQL_ARD_TYPE) {
      if (bound == nullptr) {
        throw base::Error("07009", "SQL_ARD_TYPE asked for column " + std::to_string(column) +
                                       ", which has no record in the row descriptor");
      }
      buffer.c_type = bound->concise_type;
    }
    if (bound != nullptr && bound->concise_type == buffer.c_type) {
      buffer.precision = bound->precision;
      buffer.scale = bound->scale;
    }
  }
  if (buffer.c_type == SQL_C_DEFAULT) buffer.c_type = default_c_type(record->concise_type);
  const SQLLEN fixed_size = fixed_c_size(buffer.c_type);
  if (fixed_size < 0) {
    throw base::Error("HY003", std::to_string(c_type) + " is no C data type");
  }
  if (target == nullptr) throw base::Error("HY009", "the target pointer of SQLGetData is null");
  if (fixed_size == 0 && buffer_length < 0) {
    throw base::Error("HY090", "the buffer length of SQLGetData is negative");
  }
  buffer.pointer = target;
  buffer.buffer_length = buffer_length;
  buffer.octet_length_ptr = length_or_indicator;
  buffer.indicator_ptr = length_or_indicator;
  buffer.max_length = attributes.max_length;

  // Offsets belong to one column of the current row and one C type (pitfalls 8.3).
  if (column != data_column_ || data_state_.c_type != buffer.c_type) {
    data_state_ = GetDataState{};
    data_state_.c_type = buffer.c_type;
    data_column_ = column;
  }
  const base::Cell& cell = cursor_->row(position_)[column - 1];
  const ConvertResult outcome = deliver(cell, record->info, buffer, &data_state_);
  if (outcome == ConvertResult::kOk) return SQL_SUCCESS;
  if (outcome == ConvertResult::kNoData) return SQL_NO_DATA;
  if (const auto note = note_of(outcome)) {
    diagnostics.post(note->state,
                     std::string("column ").append(std::to_string(column)) + " (" +
                         (record->label) + "): " + std::string(note->text),
                     static_cast<SQLLEN>(position_) + 1, column);
  }
  return is_error(outcome) ? SQL_ERROR : SQL_SUCCESS_WITH_INFO;
}

void Statement::set_position(SQLSETPOSIROW row) {
  require(Operation::kSetPosition);
  if (row == 0 || row > cursor_->rowset_size()) {
    throw base::Error("HY107", "row " + std::to_string(row) + " is not in the rowset, which has " +
                                   std::to_string(cursor_->rowset_size()) + " rows");
  }
  position_ = static_cast<std::size_t>(row) - 1;
  data_column_ = 0;
}

void Statement::drop_cursor() {
  cursor_.reset();
  data_column_ = 0;
  data_state_ = GetDataState{};
}

void Statement::after_close() {
  state_ = prepared_ ? StatementState::kPrepared : StatementState::kAllocated;
}

void Statement::close_cursor() {
  require(Operation::kCloseCursor);
  drop_cursor();
  after_close();
}

void Statement::close_if_open() {
  if (state_ == StatementState::kNeedParam || state_ == StatementState::kMustPut ||
      state_ == StatementState::kCanPut) {
    require(Operation::kCloseCursor);
  }
  drop_cursor();
  after_close();
}

SQLRETURN Statement::more_results() {
  require(Operation::kMoreResults);
  // There is never a second result; asking for it closes the first (pitfalls 9.9).
  if (cursor_open()) close_cursor();
  return SQL_NO_DATA;
}

SQLLEN Statement::row_count() const {
  require(Operation::kRowCount);
  // Unknown while streaming, and never 0: some clients would show an empty table (clients.md 4).
  return -1;
}

SQLULEN Statement::row_number() const {
  if (state_ != StatementState::kPositioned || !cursor_) return 0;
  const std::uint64_t first = cursor_->first_row_number();
  return first == 0 ? 0 : static_cast<SQLULEN>(first + position_);
}

}  // namespace graphodbc::driver
