// SQLite's allocator as the one account of what local results may hold (decisions.md 12).
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>

#include "base/error.h"

namespace graphodbc::query {

inline constexpr std::uint64_t kDefaultLocalMemory = std::uint64_t{1} << 30;

// MaxLocalMemory: bytes that all statements of the process may hold together. Thread-safe.
void set_local_memory_limit(std::uint64_t bytes);
// Bytes held now, for EXPLAIN ANALYZE and tests.
std::uint64_t local_memory_in_use();
// Before any other call into SQLite; repeated calls do nothing. HY001 when it cannot start.
void initialize_sqlite();
// HY001 that says what to narrow.
base::Error out_of_local_memory();

// Counted memory for containers; throws std::bad_alloc.
template <typename T>
struct CountedAllocator {
  using value_type = T;
  CountedAllocator() = default;
  template <typename U>  // containers convert it: [allocator.requirements]
  CountedAllocator(const CountedAllocator<U>&) {}  // NOLINT(google-explicit-constructor)
  T* allocate(std::size_t count) {
    static_assert(alignof(T) <= 8);
    constexpr std::size_t kSize = sizeof(T);  // NOLINT(bugprone-sizeof-expression): T may point
    if (count > std::numeric_limits<std::size_t>::max() / kSize) throw std::bad_alloc();
    void* memory = sqlite3_malloc64(count * kSize);
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t) { sqlite3_free(memory); }
  template <typename U>
  bool operator==(const CountedAllocator<U>&) const {
    return true;
  }
};

struct SqliteFree {
  void operator()(void* memory) const { sqlite3_free(memory); }
};
using CountedBlock = std::unique_ptr<char[], SqliteFree>;

}  // namespace graphodbc::query
