// A table for people: columns as wide as what the first rows hold.
#include <algorithm>
#include <utility>

#include "base/text_width.h"
#include "base/utf.h"
#include "tools/row_writer.h"

namespace graphodbc::tools {
namespace {

// Rows looked at before the widths are settled.
constexpr std::size_t kSample = 100;
constexpr std::string_view kNull = "NULL";

// Control characters as their pictures (Unicode block "Control Pictures"): a subject must not be
// able to steer a terminal.
std::string visible(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = base::next_code_point(text, at);
    const bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    if (c < 0x20) {
      base::append_utf8(out, 0x2400 + c);
    } else if (c == 0x7F) {
      base::append_utf8(out, 0x2421);
    } else if ((c > 0x7F && c < 0xA0) || turns) {
      base::append_utf8(out, base::kReplacement);
    } else {
      base::append_utf8(out, c);
    }
  }
  return out;
}

// At most `widest` cells, the last one an ellipsis where something is left out.
std::string cut(std::string text, std::size_t widest) {
  if (widest == 0 || base::display_width(text) <= widest) return text;
  std::size_t width = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t next = at;
    width += base::display_width(base::next_code_point(text, next));
    if (width > widest - 1) break;
    at = next;
  }
  text.resize(at);
  return text + "\u2026";
}

std::string shown(const base::Cell& cell, const OutputColumn& column, base::Arena& arena) {
  if (cell.is_null()) return std::string(kNull);
  std::string text = visible(cell_text_of(cell, column, arena));
  // The text NULL is not the value NULL.
  return text == kNull ? "'NULL'" : text;
}

class TableWriter final : public RowWriter {
 public:
  TableWriter(std::vector<OutputColumn> columns, Output& output, std::size_t widest)
      : columns_(std::move(columns)), output_(output), widest_(widest) {
    heading_.reserve(columns_.size());
    for (const OutputColumn& column : columns_) heading_.push_back(visible(column.name));
    widths_.assign(columns_.size(), 0);
    widen(heading_);
  }

  void write(const base::Cell* cells) override {
    arena_.clear();
    std::vector<std::string> row;
    row.reserve(columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      row.push_back(cut(shown(cells[i], columns_[i], arena_), widest_));
    }
    if (settled_) {
      put(row);
      return;
    }
    widen(row);
    sample_.push_back(std::move(row));
    if (sample_.size() == kSample) settle();
  }
  void finish() override {
    if (!settled_) settle();
  }

 private:
  void widen(const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths_[i] = std::max(widths_[i], base::display_width(row[i]));
    }
  }
  void settle() {
    settled_ = true;
    put(heading_);
    std::vector<std::string> rule;
    rule.reserve(widths_.size());
    for (const std::size_t width : widths_) rule.emplace_back(width, '-');
    put(rule);
    for (const auto& row : sample_) put(row);
    sample_.clear();
    sample_.shrink_to_fit();
  }
  void put(const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      const std::size_t width = base::display_width(row[i]);
      const std::string fill(widths_[i] > width ? widths_[i] - width : 0, ' ');
      const bool right = base::is_numeric(columns_[i].type.type);
      line += right ? fill + row[i] : row[i] + fill;
    }
    while (line.ends_with(' ')) line.pop_back();
    output_.write(line += '\n');
  }

  std::vector<OutputColumn> columns_;
  Output& output_;
  std::size_t widest_;
  std::vector<std::string> heading_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> sample_;
  bool settled_ = false;
  base::Arena arena_;
};

// A column a line: for rows wider than a screen.
class RecordWriter final : public RowWriter {
 public:
  RecordWriter(std::vector<OutputColumn> columns, Output& output)
      : columns_(std::move(columns)), output_(output) {
    for (const OutputColumn& column : columns_) {
      width_ = std::max(width_, base::display_width(column.name));
    }
  }

  void write(const base::Cell* cells) override {
    arena_.clear();
    std::string text = first_ ? "" : "\n";
    first_ = false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      std::string name = visible(columns_[i].name);
      name.append(width_ - std::min(width_, base::display_width(name)), ' ');
      text += name + "  " + shown(cells[i], columns_[i], arena_);
      while (text.ends_with(' ')) text.pop_back();
      text += '\n';
    }
    output_.write(text);
  }
  void finish() override {}

 private:
  std::vector<OutputColumn> columns_;
  Output& output_;
  std::size_t width_ = 0;
  bool first_ = true;
  base::Arena arena_;
};

}  // namespace

std::unique_ptr<RowWriter> make_table_writer(std::vector<OutputColumn> columns, Output& output,
                                             std::size_t widest) {
  return std::make_unique<TableWriter>(std::move(columns), output, widest);
}

std::unique_ptr<RowWriter> make_record_writer(std::vector<OutputColumn> columns, Output& output) {
  return std::make_unique<RecordWriter>(std::move(columns), output);
}

}  // namespace graphodbc::tools
