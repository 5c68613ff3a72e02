// ORDER BY over the columns of one scan, done where the rows lie: they are neither copied into
// SQLite nor out of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "query/engine/given_rows.h"
#include "query/engine/memory.h"

namespace graphodbc::query {

struct SortKey {
  std::size_t column = 0;  // of the scan's outputs; in canonical form (storage.h)
  bool descending = false;
  bool nulls_first = true;
  bool nocase = false;  // compares as kNocaseCollation does
};

class RowSorter {
 public:
  // `rows` keeps them and outlives this object; at least one key.
  RowSorter(const GivenRows& rows, std::vector<SortKey> keys);

  // The rows of the next batch that was added to the GivenRows. Throws std::bad_alloc beyond
  // MaxLocalMemory.
  void add(const StoredBatch& batch);
  // Once, after the last batch. Rows with equal keys stay in their order. `look` is called now and
  // then, and may throw to end it.
  void sort(const std::function<void()>& look);

  // Moves to the next row; false after the last.
  bool step() { return ++at_ < entries_.size(); }
  std::int64_t number() const { return entries_[at_].number; }

 private:
  // The first key's order as a number, as far as that goes: most comparisons need no more.
  struct Entry {
    std::uint64_t prefix;
    std::int64_t number;
  };

  std::uint64_t prefix(const StoredValue& value) const;
  bool precedes(const Entry& left, const Entry& right) const;

  const GivenRows& rows_;
  const std::vector<SortKey> keys_;
  std::vector<Entry, CountedAllocator<Entry>> entries_;
  std::uint32_t batches_ = 0;
  std::size_t at_ = SIZE_MAX;  // before the first
};

}  // namespace graphodbc::query
