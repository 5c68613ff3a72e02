// What a scan has given to SQLite: its last rows, or all of them where result columns are read from
// here instead of being carried through SQLite's sorts and tables.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "query/engine/row_store.h"

namespace graphodbc::query {

// Names a row of a scan: the number of its batch, counted from 0, and its place in it.
inline std::int64_t row_number(std::uint32_t batch, std::uint32_t row) {
  return static_cast<std::int64_t>((std::uint64_t{batch} << 32) | row);
}

class GivenRows {
 public:
  explicit GivenRows(bool kept) : kept_(kept) {}

  // Every batch of the scan, in its order. Valid until the next one is added.
  const StoredBatch* add(StoredBatch batch) {
    if (!kept_) batches_.clear();
    batches_.push_back(std::move(batch));
    return &batches_.back();
  }
  // A row of one that keeps them, by its number; valid as long as this object.
  const StoredValue* row(std::int64_t number) const {
    const auto name = static_cast<std::uint64_t>(number);
    return batches_[name >> 32].row(name & UINT32_MAX);
  }

 private:
  bool kept_;
  std::vector<StoredBatch> batches_;
};

}  // namespace graphodbc::query
