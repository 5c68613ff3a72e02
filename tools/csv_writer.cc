#include <utility>

#include "tools/row_writer.h"

namespace graphodbc::tools {
namespace {

class CsvWriter final : public RowWriter {
 public:
  CsvWriter(std::vector<OutputColumn> columns, Output& output)
      : columns_(std::move(columns)), output_(output) {
    for (const OutputColumn& column : columns_) add(column.name);
    end_row();
  }

  void write(const base::Cell* cells) override {
    arena_.clear();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (cells[i].is_null()) {
        part();
      } else {
        add(cell_text_of(cells[i], columns_[i], arena_));
      }
    }
    end_row();
  }
  void finish() override {}

 private:
  void part() {
    if (begun_) line_ += ',';
    begun_ = true;
  }
  void add(std::string_view text) {
    part();
    const bool plain = !text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos;
    if (plain) {
      line_ += text;
      return;
    }
    line_ += '"';
    for (const char c : text) {
      if (c == '"') line_ += '"';
      line_ += c;
    }
    line_ += '"';
  }
  void end_row() {
    line_ += "\r\n";
    output_.write(line_);
    line_.clear();
    begun_ = false;
  }

  std::vector<OutputColumn> columns_;
  Output& output_;
  base::Arena arena_;
  std::string line_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<RowWriter> make_csv_writer(std::vector<OutputColumn> columns, Output& output) {
  return std::make_unique<CsvWriter>(std::move(columns), output);
}

}  // namespace graphodbc::tools
