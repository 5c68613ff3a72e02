// One value of one row. A cell does not own what it points to: text and raw JSON lie in a page or
// an arena that the RowBatch keeps alive (decisions.md 20).
#pragma once

#include <cstdint>
#include <string_view>

namespace graphodbc::base {

__extension__ typedef __int128 Int128;  // ISO C++ has no 128-bit integer; both compilers do

enum class CellKind : std::uint8_t {
  kNull,
  kBool,         // integer is 0 or 1
  kInt64,        // integer
  kDouble,       // real
  kDecimal,      // integer scaled by 10^scale
  kDecimalWide,  // *wide scaled by 10^scale
  kDate,         // integer: days since 1970-01-01, proleptic Gregorian
  kTime,         // integer: 100 ns ticks since midnight
  kTimestamp,    // integer: 100 ns ticks since 1970-01-01T00:00:00Z
  kText,         // text: UTF-8, ready to use
  kJsonText,     // text: inside of a JSON string, escapes still in it
  kJson,         // text: a JSON object or array as received, delivered as text
  kBinary,       // text: bytes
  kBase64,       // text: inside of a JSON string holding base64 (standard or URL alphabet)
  kGuid,         // text: 16 bytes in the order they are written (big-endian fields)
  kInvalid,      // text: raw JSON that does not fit the column's type; delivery reports 22018
};

struct Cell {
  CellKind kind = CellKind::kNull;
  std::uint8_t scale = 0;    // kDecimal, kDecimalWide
  std::uint32_t length = 0;  // bytes of text
  union {
    std::int64_t integer = 0;
    double real;
    const char* text;
    const Int128* wide;
  };

  bool is_null() const { return kind == CellKind::kNull; }
  std::string_view view() const { return {text, length}; }

  static Cell null() { return {}; }
  static Cell of_integer(CellKind kind, std::int64_t value) {
    Cell cell;
    cell.kind = kind;
    cell.integer = value;
    return cell;
  }
  static Cell of_bool(bool value) { return of_integer(CellKind::kBool, value ? 1 : 0); }
  static Cell of_int64(std::int64_t value) { return of_integer(CellKind::kInt64, value); }
  static Cell of_double(double value) {
    Cell cell;
    cell.kind = CellKind::kDouble;
    cell.real = value;
    return cell;
  }
  static Cell of_decimal(std::int64_t scaled, std::uint8_t scale) {
    Cell cell = of_integer(CellKind::kDecimal, scaled);
    cell.scale = scale;
    return cell;
  }
  static Cell of_wide(const Int128* scaled, std::uint8_t scale) {
    Cell cell;
    cell.kind = CellKind::kDecimalWide;
    cell.scale = scale;
    cell.wide = scaled;
    return cell;
  }
  // `bytes` must outlive the cell and be shorter than 4 GiB.
  static Cell of_bytes(CellKind kind, std::string_view bytes) {
    Cell cell;
    cell.kind = kind;
    cell.length = static_cast<std::uint32_t>(bytes.size());
    cell.text = bytes.data();
    return cell;
  }
  static Cell of_text(std::string_view utf8) { return of_bytes(CellKind::kText, utf8); }
};
static_assert(sizeof(Cell) == 16);

}  // namespace graphodbc::base
