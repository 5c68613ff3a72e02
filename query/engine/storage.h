// The canonical form in which SQLite keeps a value of each SQL type (decisions.md 11), so that its
// own operators compare values as the expression library does.
//
//   BIT, SMALLINT, INTEGER, BIGINT   INTEGER
//   REAL, DOUBLE                     REAL; NaN is NULL
//   DECIMAL up to 18 digits          INTEGER, scaled to the type's scale
//   DECIMAL of more                  BLOB of 16 bytes in the order of the numbers, scaled likewise
//   DATE; TIME, TIMESTAMP            INTEGER: days; ticks
//   text                             TEXT, UTF-8 without JSON's escapes
//   GUID, binary                     BLOB
//   what does not fit its type       BLOB of text types, TEXT of all others: the raw JSON
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/arena.h"
#include "base/cell.h"
#include "base/sql_type.h"

struct sqlite3_value;

namespace graphodbc::query {

enum class StoredKind : std::uint8_t { kNull, kInteger, kReal, kText, kBlob };

// Does not own its bytes.
struct StoredValue {
  StoredKind kind = StoredKind::kNull;
  std::uint32_t length = 0;
  union {
    std::int64_t integer = 0;
    double real;
    const char* bytes;
  };

  bool has_bytes() const { return kind >= StoredKind::kText; }
  std::string_view view() const { return {bytes, length}; }
};
static_assert(sizeof(StoredValue) == 16);

// A view of SQLite's value, valid as long as that is.
StoredValue view_of(sqlite3_value* value);

// The conversions of one type, chosen once for a column.
class Storage {
 public:
  explicit Storage(const base::TypeInfo& type);

  // The result may point to what the cell points to, or to `scratch`, which has scratch_size(cell)
  // bytes. A number whose kind is not the type's keeps its value where its form cannot be the
  // type's (a marker declared INTEGER that came as 1.5). Throws Error: 22018 for a value that does
  // not fit the type, 22003 for a number out of its range.
  StoredValue store(const base::Cell& cell, char* scratch) const {
    return cell.is_null() ? StoredValue{} : store_(cell, type_, scratch);
  }
  // What does not fit the type, for columns that are only handed on; load() gives it back.
  StoredValue store_invalid(const base::Cell& cell) const {
    StoredValue value;
    value.kind = foreign_;
    value.length = cell.length;
    value.bytes = cell.text;
    return value;
  }
  std::size_t scratch_size(const base::Cell& cell) const {
    if (cell.kind >= base::CellKind::kText) return cell.length;
    return is_wide_ && !cell.is_null() ? kWideBytes : 0;
  }
  // Text and bytes are not copied; wide decimals are put into the arena.
  base::Cell load(const StoredValue& value, base::Arena& arena) const {
    if (value.kind == foreign_) {
      return base::Cell::of_bytes(base::CellKind::kInvalid, value.view());
    }
    return value.kind == StoredKind::kNull ? base::Cell() : load_(value, type_, arena);
  }
  // All of it put into the arena.
  base::Cell load_copy(const StoredValue& value, base::Arena& arena) const;

  const base::TypeInfo& type() const { return type_; }

  static constexpr std::size_t kWideBytes = 16;

 private:
  using Store = StoredValue (*)(const base::Cell&, const base::TypeInfo&, char* scratch);
  using Load = base::Cell (*)(const StoredValue&, const base::TypeInfo&, base::Arena&);

  base::TypeInfo type_;
  StoredKind foreign_;  // that no value of the type has
  bool is_wide_;
  Store store_;
  Load load_;
};

// SQLite's operators compare values of the two types as the expression library does.
bool same_storage(const base::TypeInfo& left, const base::TypeInfo& right);
// A value of the one type stays as it is where the other is asked for.
bool passes_as(const base::TypeInfo& from, const base::TypeInfo& to);
// The constant as a cell that compares as `type` without change of its value; nullopt when there is
// none (1.55 beside DECIMAL(9,1)).
std::optional<base::Cell> exact_cell(const base::Cell& constant, const base::TypeInfo& type,
                                     base::Arena& arena);

}  // namespace graphodbc::query
