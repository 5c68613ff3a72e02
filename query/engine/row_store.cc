#include "query/engine/row_store.h"

#include <cstring>
#include <utility>

namespace graphodbc::query {
namespace {

// A block ends here, so that one batch of long bodies is not one allocation.
constexpr std::size_t kBlockBytes = 4 << 20;

}  // namespace

RowConverter::RowConverter(std::vector<FeedColumn> columns) : columns_(std::move(columns)) {
  storages_.reserve(columns_.size());
  for (const FeedColumn& column : columns_) storages_.emplace_back(column.type);
}

StoredBatch RowConverter::convert(const base::RowBatch& batch, std::size_t& first) const {
  StoredBatch stored;
  stored.columns_ = columns_.size();
  const std::size_t row_bytes = stored.columns_ * sizeof(StoredValue);
  std::size_t size = 0;
  std::size_t row = first;
  for (; row < batch.row_count && size < kBlockBytes; ++row) {
    const base::Cell* cells = batch.row(row);
    for (std::size_t at = 0; at < stored.columns_; ++at) {
      size += storages_[at].scratch_size(cells[at]);
    }
    size += row_bytes;
  }
  stored.rows_ = row - first;
  stored.block_.reset(static_cast<char*>(sqlite3_malloc64(size + 1)));
  if (!stored.block_) throw out_of_local_memory();
  fill(batch, first, stored, stored.block_.get() + stored.rows_ * row_bytes);
  first = row;
  return stored;
}

void RowConverter::fill(const base::RowBatch& batch, std::size_t first, StoredBatch& out,
                        char* bytes) const {
  auto* value = reinterpret_cast<StoredValue*>(out.block_.get());
  std::size_t at = 0;
  try {
    for (std::size_t row = 0; row < out.rows_; ++row) {
      const base::Cell* cells = batch.row(first + row);
      for (at = 0; at < out.columns_; ++at, ++value) {
        const bool invalid = cells[at].kind == base::CellKind::kInvalid;
        *value = invalid && columns_[at].carried ? storages_[at].store_invalid(cells[at])
                                                 : storages_[at].store(cells[at], bytes);
        if (!value->has_bytes()) continue;
        if (value->bytes != bytes && value->length > 0) {
          std::memcpy(bytes, value->bytes, value->length);
        }
        value->bytes = bytes;
        bytes += value->length;
      }
    }
  } catch (const base::Error& error) {
    throw base::Error(error.state(), columns_[at].name + ": " + error.message());
  }
}

}  // namespace graphodbc::query
