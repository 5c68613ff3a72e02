// Rows that are already there: what catalog functions answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/row_source.h"
#include "base/value.h"

namespace graphodbc::driver::catalog {

// Shorthands for one value of a catalog row.
base::Value text(std::string_view utf8);
base::Value text_or_null(std::string_view utf8);  // null when empty
base::Value number(std::int64_t value);
base::Value null();

using Row = std::vector<base::Value>;

class MemoryRows : public base::RowSource {
 public:
  // Every row has `column_count` values.
  MemoryRows(std::size_t column_count, std::vector<Row> rows);

  std::size_t column_count() const override { return column_count_; }
  void open() override {}
  // Cells point into this object, which the cursor keeps as long as its rowsets.
  bool next_batch(base::RowBatch& batch) override;
  void cancel() noexcept override {}

 private:
  std::size_t column_count_;
  std::vector<Row> rows_;
  bool done_ = false;
};

}  // namespace graphodbc::driver::catalog
