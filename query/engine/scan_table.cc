#include "query/engine/scan_table.h"

#include <cstdint>
#include <new>
#include <string>

namespace graphodbc::query {
namespace {

// Reading a scan is dear and possible once: no order of loops that reads it twice may look cheap.
// Its rows are unknown; the guess makes SQLite index what it joins.
constexpr double kScanCost = 1e12;
constexpr sqlite3_int64 kScanRows = 10'000;

struct Table : sqlite3_vtab {
  ScanTable* scan;
};
struct Cursor : sqlite3_vtab_cursor {
  ScanTable* scan;
};

ScanTable& scan_of(sqlite3_vtab_cursor* cursor) {
  return *static_cast<Cursor*>(cursor)->scan;
}

// Runs what may throw; the exception waits in the host for the end of the step.
template <typename Work>
int guarded(ScanTable& scan, Work work) {
  try {
    work();
    return SQLITE_OK;
  } catch (...) {
    scan.host().keep_failure(std::current_exception());
    return SQLITE_ERROR;
  }
}

int connect(sqlite3* database, void* scan, int, const char* const*, sqlite3_vtab** table, char**) {
  auto& self = *static_cast<ScanTable*>(scan);
  return guarded(self, [&] {
    std::string declaration = "CREATE TABLE x(";
    for (const std::uint32_t column : self.spec().columns) {
      declaration += "o" + std::to_string(column) + ",";
    }
    declaration += "row_number)";
    if (sqlite3_declare_vtab(database, declaration.c_str()) != SQLITE_OK) throw std::bad_alloc();
    *table = new Table{{}, &self};
  });
}

int disconnect(sqlite3_vtab* table) {
  delete static_cast<Table*>(table);
  return SQLITE_OK;
}

int best_index(sqlite3_vtab*, sqlite3_index_info* info) {
  info->estimatedCost = kScanCost;
  info->estimatedRows = kScanRows;
  return SQLITE_OK;
}

int open(sqlite3_vtab* table, sqlite3_vtab_cursor** cursor) {
  ScanTable* scan = static_cast<Table*>(table)->scan;
  return guarded(*scan, [&] { *cursor = new Cursor{{}, scan}; });
}

int close(sqlite3_vtab_cursor* cursor) {
  delete static_cast<Cursor*>(cursor);
  return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
  ScanTable& scan = scan_of(cursor);
  return guarded(scan, [&] { scan.rewind(); });
}

int next(sqlite3_vtab_cursor* cursor) {
  ScanTable& scan = scan_of(cursor);
  return guarded(scan, [&] { scan.next(); });
}

int at_end(sqlite3_vtab_cursor* cursor) {
  return scan_of(cursor).at_end() ? 1 : 0;
}

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int at) {
  const ScanTable& scan = scan_of(cursor);
  if (static_cast<std::size_t>(at) < scan.spec().columns.size()) {
    give_result(context, scan.value(at), scan.spec().bytes_last);
  } else {
    sqlite3_result_int64(context, scan.number());
  }
  return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor*, sqlite3_int64* id) {
  *id = 0;
  return SQLITE_OK;
}

// Without xCreate the module is a table itself: no CREATE VIRTUAL TABLE is needed.
sqlite3_module make_module() {
  sqlite3_module module{};
  module.xConnect = connect;
  module.xBestIndex = best_index;
  module.xDisconnect = disconnect;
  module.xOpen = open;
  module.xClose = close;
  module.xFilter = filter;
  module.xNext = next;
  module.xEof = at_end;
  module.xColumn = column;
  module.xRowid = row_id;
  return module;
}

}  // namespace

void ScanTable::rewind() {
  if (begun_) {
    throw base::Error("HY000",
                      "internal error of the local engine: " + spec_.name + " was read twice");
  }
  begun_ = true;
  next_batch();
}

void ScanTable::next() {
  if (++at_ < batch_->row_count()) {
    row_ += spec_.columns.size();
    return;
  }
  next_batch();
}

void ScanTable::next_batch() {
  do {
    batch_ = spec_.next();
    batch_number_ = batches_++;
  } while (batch_ != nullptr && batch_->row_count() == 0);
  at_ = 0;
  row_ = batch_ == nullptr ? nullptr : batch_->row(0);
}

std::unique_ptr<ScanTable> register_scan(SqliteHost& host, ScanTableSpec spec) {
  static const sqlite3_module module = make_module();
  auto scan = std::make_unique<ScanTable>(host, std::move(spec));
  if (sqlite3_create_module_v2(host.handle(), scan->spec().name.c_str(), &module, scan.get(),
                               nullptr) != SQLITE_OK) {
    throw out_of_local_memory();
  }
  return scan;
}

}  // namespace graphodbc::query
