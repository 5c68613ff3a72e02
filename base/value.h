// A value that owns its text: parameters and constants.
#pragma once

#include <string>
#include <utility>

#include "base/cell.h"

namespace graphodbc::base {

// Copying and moving keep cell() valid, because it is made on demand from what is owned.
class Value {
 public:
  Value() = default;
  // Copies what the cell points to.
  explicit Value(const Cell& cell) : cell_(cell) {
    if (has_bytes()) bytes_.assign(cell.text, cell.length);
    if (cell.kind == CellKind::kDecimalWide) wide_ = *cell.wide;
  }
  static Value text(std::string utf8) {
    Value value;
    value.cell_.kind = CellKind::kText;
    value.bytes_ = std::move(utf8);
    return value;
  }

  // Points into this object: valid until it is assigned, moved from or destroyed.
  Cell cell() const {
    Cell cell = cell_;
    if (has_bytes()) {
      cell.text = bytes_.data();
      cell.length = static_cast<std::uint32_t>(bytes_.size());
    }
    if (cell.kind == CellKind::kDecimalWide) cell.wide = &wide_;
    return cell;
  }
  bool is_null() const { return cell_.is_null(); }

 private:
  bool has_bytes() const {
    switch (cell_.kind) {
      case CellKind::kText:
      case CellKind::kJsonText:
      case CellKind::kJson:
      case CellKind::kBinary:
      case CellKind::kBase64:
      case CellKind::kGuid:
      case CellKind::kInvalid:
        return true;
      default:
        return false;
    }
  }

  Cell cell_;
  std::string bytes_;
  Int128 wide_ = 0;
};

}  // namespace graphodbc::base
