// One in-memory SQLite database for one execution, with our scans, functions and aggregates in it.
// It keeps no file, and only statements made by the emitter run in it.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/value.h"
#include "query/engine/row_store.h"
#include "query/engine/scan_feed.h"
#include "query/engine/storage.h"
#include "query/expression/expression.h"

namespace graphodbc::query {

inline constexpr const char* kNocaseCollation = "g_nocase";
// SQLite's limit is 127.
inline constexpr std::size_t kMaxFunctionArguments = 127;

// An expression over its arguments: they are its columns 0..n-1. Same arguments, same result,
// unless it is volatile.
struct FunctionSpec {
  std::string name;
  ExpressionPtr expression;
  std::vector<base::TypeInfo> arguments;
  base::TypeInfo result;
};

// An aggregate that SQLite lacks or computes otherwise; also usable with OVER.
struct AggregateSpec {
  // kOne: the value of the only row, null without one; 21000 with a second.
  enum class Kind : std::uint8_t {
    kSum,
    kAvg,
    kStddevSamp,
    kStddevPop,
    kVarSamp,
    kVarPop,
    kText,
    kOne
  };
  std::string name;
  Kind kind = Kind::kSum;
  base::TypeInfo argument;
  base::TypeInfo result;
  // kText: the separator; without one it is the second argument.
  std::optional<std::string> separator;
  bool distinct = false;  // kText: equal arguments count once; for what SQLite's DISTINCT cannot do
  Position position;      // for messages
};

// A table of one pass: columns "o<number>" in this order, without declared types, and
// "row_number" (given_rows.h).
struct ScanTableSpec {
  std::string name;
  std::vector<std::uint32_t> columns;
  std::function<const StoredBatch*()> next;  // null at the end; may throw
  // The bytes of a row are there as long as SQLite may look at them: every row is copied as it is
  // read (into a materialized table), or its batch is kept. Otherwise SQLite is given copies.
  bool bytes_last = true;
};

class ScanTable;

class SqliteHost {
 public:
  // `context` serves the functions and must outlive the host; its arena is not used. `cancelled`
  // likewise. HY001 when memory is short.
  SqliteHost(EvalContext& context, const std::atomic<bool>& cancelled, Deadline deadline);
  ~SqliteHost();
  SqliteHost(const SqliteHost&) = delete;
  SqliteHost& operator=(const SqliteHost&) = delete;

  void add_scan(ScanTableSpec spec);
  void add_function(FunctionSpec spec);
  void add_aggregate(AggregateSpec spec);

  // Statement, once. ?1 is bound to the first constant. Throws Error.
  struct Constant {
    base::Value value;
    base::TypeInfo type;
  };
  void prepare(const std::string& sql, const std::vector<Constant>& constants);
  // False after the last row. Throws what a scan, function or aggregate threw; 22xxx, 21000, HY001
  // beyond the memory limit, HY008, HYT00, HY000 for a fault of the engine.
  bool step();
  int column_count() const;
  // Of the row; valid until the next step.
  StoredValue value(int column) const;

  // For callbacks: no exception crosses SQLite's frames (decisions.md 24), so the first is kept.
  void keep_failure(std::exception_ptr failure);
  sqlite3* handle() const { return database_; }

 private:
  friend class HostedFunction;
  struct Impl;

  [[noreturn]] void fail(int code);
  void check(int code) {
    if (code != SQLITE_OK) fail(code);
  }
  bool must_stop() const;

  EvalContext& context_;
  const std::atomic<bool>& cancelled_;
  const Deadline deadline_;
  base::Arena arena_;  // of the running function call
  std::exception_ptr failure_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
  std::vector<std::unique_ptr<ScanTable>> scans_;
};

// ---- For the files of this folder ----

// Registers a table-valued scan; the result must live as long as the connection.
std::unique_ptr<ScanTable> register_scan(SqliteHost& host, ScanTableSpec spec);
int register_aggregate(SqliteHost& host, AggregateSpec spec);

// Gives a stored value to SQLite; bytes are copied unless `lasting`.
void give_result(sqlite3_context* context, const StoredValue& value, bool lasting);

}  // namespace graphodbc::query
