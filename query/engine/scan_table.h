// A scan as SQLite sees it: a virtual table of one pass that takes no constraint, order or limit,
// so that SQLite never plans remote access (decisions.md 12).
#pragma once

#include <cstddef>
#include <cstdint>

#include "query/engine/given_rows.h"
#include "query/engine/sqlite_host.h"

namespace graphodbc::query {

class ScanTable {
 public:
  ScanTable(SqliteHost& host, ScanTableSpec spec) : host_(host), spec_(std::move(spec)) {}

  const ScanTableSpec& spec() const { return spec_; }
  // Moves to the first row; HY000 the second time.
  void rewind();
  void next();
  bool at_end() const { return batch_ == nullptr; }
  const StoredValue& value(int column) const { return row_[column]; }
  std::int64_t number() const { return row_number(batch_number_, static_cast<std::uint32_t>(at_)); }
  SqliteHost& host() const { return host_; }

 private:
  void next_batch();

  SqliteHost& host_;
  const ScanTableSpec spec_;
  bool begun_ = false;
  const StoredBatch* batch_ = nullptr;
  std::uint32_t batch_number_ = 0;  // of batch_
  std::uint32_t batches_ = 0;       // read so far
  std::size_t at_ = 0;
  const StoredValue* row_ = nullptr;
};

}  // namespace graphodbc::query
