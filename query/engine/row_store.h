// Rows taken out of their pages into compact, counted memory: what a scan hands to SQLite.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/row_source.h"
#include "base/sql_type.h"
#include "query/engine/memory.h"
#include "query/engine/storage.h"

namespace graphodbc::query {

// Stored rows and the bytes they point to, in one block. Movable.
class StoredBatch {
 public:
  StoredBatch() = default;
  std::size_t row_count() const { return rows_; }
  // `columns` values.
  const StoredValue* row(std::size_t index) const {
    return reinterpret_cast<const StoredValue*>(block_.get()) + index * columns_;
  }

 private:
  friend class RowConverter;
  CountedBlock block_;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
};

struct FeedColumn {
  base::TypeInfo type;
  std::string name;  // for messages: "Messages.Subject"
  // Nothing is done with the values but to hand them on: those that do not fit the type may pass.
  bool carried = false;
};

// Conversions of a scan's columns, prepared once.
class RowConverter {
 public:
  explicit RowConverter(std::vector<FeedColumn> columns);

  // Rows of `batch` from `first` on, as many as a block takes; `first` is moved past them. Throws
  // Error: 22018, 22003 naming the column, HY001 when the memory limit is reached.
  StoredBatch convert(const base::RowBatch& batch, std::size_t& first) const;

  std::size_t column_count() const { return columns_.size(); }
  const Storage& storage(std::size_t column) const { return storages_[column]; }

 private:
  void fill(const base::RowBatch& batch, std::size_t first, StoredBatch& out, char* bytes) const;

  std::vector<FeedColumn> columns_;
  std::vector<Storage> storages_;
};

}  // namespace graphodbc::query
