#include "query/engine/memory.h"

#include <algorithm>
#include <atomic>
#include <string>

namespace graphodbc::query {
namespace {

std::atomic<std::uint64_t> current_limit = kDefaultLocalMemory;

}  // namespace

void initialize_sqlite() {
  static const bool started = [] {
    if (sqlite3_initialize() != SQLITE_OK) {
      throw base::Error("HY001", "the local engine could not start: memory is short");
    }
    sqlite3_hard_heap_limit64(static_cast<sqlite3_int64>(current_limit.load()));
    return true;
  }();
  static_cast<void>(started);
}

void set_local_memory_limit(std::uint64_t bytes) {
  initialize_sqlite();
  // 0 would mean no limit to SQLite.
  const std::uint64_t limit =
      std::clamp<std::uint64_t>(bytes, 1, static_cast<std::uint64_t>(INT64_MAX));
  current_limit = limit;
  sqlite3_hard_heap_limit64(static_cast<sqlite3_int64>(limit));
}

std::uint64_t local_memory_in_use() {
  return static_cast<std::uint64_t>(sqlite3_memory_used());
}

base::Error out_of_local_memory() {
  return {"HY001",
          "joining, sorting or grouping here needs more than MaxLocalMemory (" +
              std::to_string(current_limit.load() >> 20) +
              " MiB for this process): narrow the WHERE clause, select fewer or shorter columns, "
              "or raise MaxLocalMemory"};
}

}  // namespace graphodbc::query
