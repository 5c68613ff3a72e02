#include "tools/row_writer.h"

#include <algorithm>

#include "base/error.h"
#include "query/expression/cast.h"
#include "schema/registry.h"

namespace graphodbc::tools {
namespace {

bool holds_json(const query::ResultColumn& column) {
  const schema::Table* table = schema::Registry::builtin().find(column.base_table);
  if (table == nullptr) return false;
  const auto index = table->find(column.base_column);
  return index && table->columns[*index].edm == schema::EdmKind::kJson;
}

}  // namespace

std::vector<OutputColumn> output_columns(const std::vector<query::ResultColumn>& columns) {
  std::vector<OutputColumn> out;
  out.reserve(columns.size());
  for (const query::ResultColumn& column : columns) {
    const std::string& label = column.name.empty() ? column.label : column.name;
    std::string name = label;
    const auto taken = [&] {
      return std::any_of(out.begin(), out.end(),
                         [&](const OutputColumn& other) { return other.name == name; });
    };
    for (int number = 2; taken(); ++number) name = label + "_" + std::to_string(number);
    out.push_back({std::move(name), column.type, holds_json(column)});
  }
  return out;
}

std::unique_ptr<RowWriter> make_row_writer(std::string_view format,
                                           std::vector<OutputColumn> columns, Output& output,
                                           std::size_t widest) {
  if (format == "csv") return make_csv_writer(std::move(columns), output);
  if (format == "json") return make_json_writer(std::move(columns), output, false);
  if (format == "ndjson") return make_json_writer(std::move(columns), output, true);
  if (format == "records") return make_record_writer(std::move(columns), output);
  return make_table_writer(std::move(columns), output, widest);
}

std::string_view cell_text_of(const base::Cell& cell, const OutputColumn& column,
                              base::Arena& arena) {
  if (cell.kind == base::CellKind::kInvalid) {
    throw base::Error("22018", "A value of column " + column.name +
                                   " does not have the type of the column; leave the column out "
                                   "to read the rest");
  }
  return query::cell_text(cell, column.type, arena);
}

}  // namespace graphodbc::tools
