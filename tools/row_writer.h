// Rows as text for people and programs. Each writer holds at most the rows that it needs to find
// the widths of columns.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/cell.h"
#include "query/session.h"
#include "tools/console.h"

namespace graphodbc::tools {

struct OutputColumn {
  std::string name;  // unique among the columns
  base::TypeInfo type;
  bool is_json = false;  // holds JSON texts: a collection or an open type of Graph
};

std::vector<OutputColumn> output_columns(const std::vector<query::ResultColumn>& columns);

class RowWriter {
 public:
  virtual ~RowWriter() = default;
  // `cells`: one a column, valid during the call. Throws Error 22018 for a value that does not fit
  // its column.
  virtual void write(const base::Cell* cells) = 0;
  // After the last row, when all went well.
  virtual void finish() = 0;
};

// Formats of --format. `output` must outlive the writer. `widest` is the longest text of a table's
// cell, in cells of a terminal; 0: no limit.
std::unique_ptr<RowWriter> make_row_writer(std::string_view format,
                                           std::vector<OutputColumn> columns, Output& output,
                                           std::size_t widest);

// One after the other, in tools/csv_writer.cc and so on.
std::unique_ptr<RowWriter> make_table_writer(std::vector<OutputColumn> columns, Output& output,
                                             std::size_t widest);
std::unique_ptr<RowWriter> make_record_writer(std::vector<OutputColumn> columns, Output& output);
// RFC 4180. NULL is an empty field, an empty text is "".
std::unique_ptr<RowWriter> make_csv_writer(std::vector<OutputColumn> columns, Output& output);
// RFC 8259: an array of objects, or an object a line (`lines`).
std::unique_ptr<RowWriter> make_json_writer(std::vector<OutputColumn> columns, Output& output,
                                            bool lines);

// The text that SQL_C_CHAR gives; empty for NULL. Throws Error 22018.
std::string_view cell_text_of(const base::Cell& cell, const OutputColumn& column,
                              base::Arena& arena);

// Appends `text` without white space between its tokens; false, and nothing appended, when it is
// no JSON text.
bool append_compact_json(std::string& out, std::string_view text);

}  // namespace graphodbc::tools
