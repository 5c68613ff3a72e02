#include "driver/catalog/memory_rows.h"

#include <string>
#include <utility>

namespace graphodbc::driver::catalog {

base::Value text(std::string_view utf8) {
  return base::Value::text(std::string(utf8));
}
base::Value text_or_null(std::string_view utf8) {
  return utf8.empty() ? base::Value() : text(utf8);
}
base::Value number(std::int64_t value) {
  return base::Value(base::Cell::of_int64(value));
}
base::Value null() {
  return {};
}

MemoryRows::MemoryRows(std::size_t column_count, std::vector<Row> rows)
    : column_count_(column_count), rows_(std::move(rows)) {}

bool MemoryRows::next_batch(base::RowBatch& batch) {
  batch.clear();
  if (done_ || rows_.empty()) return false;
  done_ = true;
  batch.column_count = column_count_;
  batch.row_count = rows_.size();
  batch.cells.reserve(rows_.size() * column_count_);
  for (const Row& row : rows_) {
    for (const base::Value& value : row) batch.cells.push_back(value.cell());
  }
  return true;
}

}  // namespace graphodbc::driver::catalog
