#include <cmath>
#include <utility>

#include "base/base64.h"
#include "base/json_text.h"
#include "tools/row_writer.h"

namespace graphodbc::tools {
namespace {

using base::Cell;
using base::CellKind;
using base::SqlType;

class JsonWriter final : public RowWriter {
 public:
  JsonWriter(std::vector<OutputColumn> columns, Output& output, bool lines)
      : columns_(std::move(columns)), output_(output), lines_(lines) {
    for (const OutputColumn& column : columns_) {
      std::string key;
      base::append_json_quoted(key, column.name);
      keys_.push_back(key + ':');
    }
  }

  void write(const Cell* cells) override {
    arena_.clear();
    line_ = lines_ ? "{" : first_ ? "[\n{" : ",\n{";
    first_ = false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line_ += ',';
      line_ += keys_[i];
      add(cells[i], columns_[i]);
    }
    line_ += lines_ ? "}\n" : "}";
    output_.write(line_);
  }
  void finish() override {
    if (!lines_) output_.write(first_ ? "[]\n" : "\n]\n");
  }

 private:
  void add(const Cell& cell, const OutputColumn& column) {
    switch (cell.kind) {
      case CellKind::kNull:
        line_ += "null";
        return;
      case CellKind::kBool:
        line_ += cell.integer != 0 ? "true" : "false";
        return;
      case CellKind::kInt64:
        if (column.type.type == SqlType::kBit) {
          line_ += cell.integer != 0 ? "true" : "false";
          return;
        }
        [[fallthrough]];
      case CellKind::kDecimal:
      case CellKind::kDecimalWide:
        line_ += cell_text_of(cell, column, arena_);
        return;
      case CellKind::kDouble:
        // RFC 8259 section 6: there is no infinity and no NaN.
        line_ += std::isfinite(cell.real) ? cell_text_of(cell, column, arena_) : "null";
        return;
      case CellKind::kBinary:
        add_binary(cell.view());
        return;
      case CellKind::kBase64:
        add_base64(cell);
        return;
      default:
        add_text(cell, column);
        return;
    }
  }
  void add_binary(std::string_view bytes) {
    line_ += '"';
    line_ += base::encode_base64(bytes);
    line_ += '"';
  }
  void add_base64(const Cell& cell) {
    const auto bytes = base::decode_base64(cell.view(), arena_);
    if (!bytes) throw base::Error("22018", "A value that should be base64 is not");
    add_binary(*bytes);
  }
  void add_text(const Cell& cell, const OutputColumn& column) {
    const std::string_view text = cell_text_of(cell, column, arena_);
    if (cell.kind == CellKind::kTimestamp) {
      // RFC 3339; times of Graph are UTC.
      std::string moment(text);
      moment[10] = 'T';
      base::append_json_quoted(line_, moment + 'Z');
      return;
    }
    const bool may_be_json = cell.kind == CellKind::kJson || column.is_json;
    if (may_be_json && append_compact_json(line_, text)) return;
    base::append_json_quoted(line_, text);
  }

  std::vector<OutputColumn> columns_;
  Output& output_;
  bool lines_;
  bool first_ = true;
  std::vector<std::string> keys_;
  base::Arena arena_;
  std::string line_;
};

}  // namespace

std::unique_ptr<RowWriter> make_json_writer(std::vector<OutputColumn> columns, Output& output,
                                            bool lines) {
  return std::make_unique<JsonWriter>(std::move(columns), output, lines);
}

}  // namespace graphodbc::tools
