#include "query/engine/sqlite_host.h"

#include <cstring>
#include <utility>

#include "base/utf.h"
#include "query/engine/memory.h"
#include "query/engine/scan_table.h"

namespace graphodbc::query {
namespace {

// Virtual machine steps between two looks at cancel and deadline: some ten microseconds.
constexpr int kStepsBetweenLooks = 2000;

// SQLite's limits that a statement within ours can still meet.
struct Limit {
  const char* words;  // in SQLite's message
  const char* message;
};
constexpr Limit kLimits[] = {
    {"parser stack overflow",
     "the statement nests its subqueries too deeply: put some of them into a WITH clause"},
    {"Expression tree is too large",
     "an expression of the statement nests too deeply: compute parts of it in a derived table"},
    {"64 tables in a join", "a query joins more than 64 tables, those of its WITH names included"},
    {"too many FROM clause terms",
     "a query joins more than 64 tables, those of its WITH names included"},
    {"too many terms in compound SELECT", "a set operation has more than 500 parts"},
};

int compare_nocase(void*, int left_size, const void* left, int right_size, const void* right) {
  return base::compare_text({static_cast<const char*>(left), static_cast<std::size_t>(left_size)},
                            {static_cast<const char*>(right), static_cast<std::size_t>(right_size)},
                            true);
}

int bind_stored(sqlite3_stmt* statement, int at, const StoredValue& value) {
  switch (value.kind) {
    case StoredKind::kNull:
      return sqlite3_bind_null(statement, at);
    case StoredKind::kInteger:
      return sqlite3_bind_int64(statement, at, value.integer);
    case StoredKind::kReal:
      return sqlite3_bind_double(statement, at, value.real);
    case StoredKind::kText:
      return sqlite3_bind_text64(statement, at, value.bytes, value.length, SQLITE_TRANSIENT,
                                 SQLITE_UTF8);
    case StoredKind::kBlob:
      return sqlite3_bind_blob64(statement, at, value.length == 0 ? "" : value.bytes, value.length,
                                 SQLITE_TRANSIENT);
  }
  return SQLITE_INTERNAL;
}

}  // namespace

void give_result(sqlite3_context* context, const StoredValue& value, bool lasting) {
  switch (value.kind) {
    case StoredKind::kNull:
      sqlite3_result_null(context);
      break;
    case StoredKind::kInteger:
      sqlite3_result_int64(context, value.integer);
      break;
    case StoredKind::kReal:
      sqlite3_result_double(context, value.real);
      break;
    case StoredKind::kText:
      sqlite3_result_text64(context, value.length == 0 ? "" : value.bytes, value.length,
                            lasting ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8);
      break;
    case StoredKind::kBlob:
      sqlite3_result_blob64(context, value.length == 0 ? "" : value.bytes, value.length,
                            lasting ? SQLITE_STATIC : SQLITE_TRANSIENT);
      break;
  }
}

SqliteHost::SqliteHost(EvalContext& context, const std::atomic<bool>& cancelled, Deadline deadline)
    : context_(context), cancelled_(cancelled), deadline_(deadline) {
  initialize_sqlite();
  // One thread at a time uses the connection, so it needs no mutex.
  const int code = sqlite3_open_v2(
      ":memory:", &database_,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
      nullptr);
  try {
    check(code);
    // Debian's default is files, and mail must not be spilled to disk (decisions.md 12).
    check(sqlite3_exec(database_, "PRAGMA temp_store=MEMORY", nullptr, nullptr, nullptr));
    check(sqlite3_db_config(database_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr));
    check(sqlite3_create_collation_v2(database_, kNocaseCollation, SQLITE_UTF8, nullptr,
                                      compare_nocase, nullptr));
  } catch (...) {
    sqlite3_close(database_);
    throw;
  }
  sqlite3_progress_handler(
      database_, kStepsBetweenLooks,
      [](void* host) { return static_cast<SqliteHost*>(host)->must_stop() ? 1 : 0; }, this);
}

SqliteHost::~SqliteHost() {
  sqlite3_finalize(statement_);
  sqlite3_close(database_);
}

bool SqliteHost::must_stop() const {
  return cancelled_.load(std::memory_order_relaxed) ||
         (deadline_ && std::chrono::steady_clock::now() >= *deadline_);
}

void SqliteHost::keep_failure(std::exception_ptr failure) {
  if (!failure_) failure_ = std::move(failure);
}

void SqliteHost::fail(int code) {
  if (failure_) {
    try {
      std::rethrow_exception(std::exchange(failure_, nullptr));
    } catch (const std::bad_alloc&) {
      throw out_of_local_memory();
    }
  }
  switch (code & 0xFF) {
    case SQLITE_NOMEM:
      throw out_of_local_memory();
    case SQLITE_INTERRUPT:
      if (cancelled_) throw base::Error("HY008", "the statement was cancelled");
      throw base::Error("HYT00", "the query timeout expired");
    case SQLITE_TOOBIG:
      throw base::Error("22001", "a value is longer than the 1,000,000,000 bytes that fit here");
    default:
      break;
  }
  const std::string message = database_ == nullptr ? "no memory" : sqlite3_errmsg(database_);
  for (const Limit& limit : kLimits) {
    if (message.find(limit.words) != std::string::npos) {
      throw base::Error("42000", limit.message);
    }
  }
  throw base::Error("HY000", "internal error of the local engine: " + message);
}

void SqliteHost::add_scan(ScanTableSpec spec) {
  scans_.push_back(register_scan(*this, std::move(spec)));
}

void SqliteHost::add_aggregate(AggregateSpec spec) {
  check(register_aggregate(*this, std::move(spec)));
}

void SqliteHost::prepare(const std::string& sql, const std::vector<Constant>& constants) {
  check(sqlite3_prepare_v3(database_, sql.c_str(), static_cast<int>(sql.size()) + 1, 0, &statement_,
                           nullptr));
  std::string scratch;
  int at = 0;
  for (const Constant& constant : constants) {
    const base::Cell cell = constant.value.cell();
    const Storage storage(constant.type);
    scratch.resize(storage.scratch_size(cell) + 1);
    check(bind_stored(statement_, ++at, storage.store(cell, scratch.data())));
  }
}

bool SqliteHost::step() {
  switch (const int code = sqlite3_step(statement_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      fail(code);
  }
}

int SqliteHost::column_count() const {
  return sqlite3_column_count(statement_);
}

StoredValue SqliteHost::value(int column) const {
  return view_of(sqlite3_column_value(statement_, column));
}

}  // namespace graphodbc::query
