// The columns of EXPLAIN and how its rows are put into them.
#include <cmath>

#include "query/executor/explain_rows.h"

namespace graphodbc::query {
namespace {

constexpr std::string_view kTextColumns[] = {"table",    "url",      "pushed",  "class",
                                             "residual", "strategy", "requests"};
constexpr std::string_view kCountColumns[] = {"sent", "retries", "bytes", "rows_in", "rows_out"};
constexpr std::string_view kTimeColumns[] = {"wait_ms", "cpu_ms", "elapsed_ms"};

ResultColumn make_column(std::string_view name, const base::TypeInfo& type) {
  ResultColumn column;
  column.name = column.label = name;
  column.type = type;
  column.nullability = Nullability::kNullable;
  column.case_sensitive = base::is_text(type.type);
  return column;
}

base::Cell text_cell(const std::string& text, base::Arena& arena) {
  if (text.empty()) return base::Cell::null();
  return base::Cell::of_text(arena.copy(text));
}

base::Cell count_cell(const std::optional<std::uint64_t>& count) {
  return count ? base::Cell::of_int64(static_cast<std::int64_t>(*count)) : base::Cell::null();
}

// Milliseconds with three digits.
base::Cell time_cell(const std::optional<std::int64_t>& nanoseconds) {
  if (!nanoseconds) return base::Cell::null();
  return base::Cell::of_double(std::round(static_cast<double>(*nanoseconds) / 1e3) / 1e3);
}

std::string requests_text(const ExplainRow& row) {
  if (!row.requests) return {};
  return row.each.empty() ? row.requests->text() : row.each;
}

}  // namespace

std::vector<ResultColumn> explain_columns(bool analyze) {
  std::vector<ResultColumn> columns;
  columns.push_back(make_column("step", base::integer_type()));
  columns.back().nullability = Nullability::kNoNulls;
  for (std::string_view name : kTextColumns) {
    columns.push_back(make_column(name, base::text_type(4000)));
  }
  if (!analyze) return columns;
  for (std::string_view name : kCountColumns) {
    columns.push_back(make_column(name, base::bigint_type()));
  }
  for (std::string_view name : kTimeColumns) {
    columns.push_back(make_column(name, base::double_type()));
  }
  return columns;
}

void write_explain_rows(const std::vector<ExplainRow>& rows, bool analyze, base::RowBatch& batch) {
  batch.clear();
  batch.column_count = 1 + std::size(kTextColumns);
  if (analyze) batch.column_count += std::size(kCountColumns) + std::size(kTimeColumns);
  for (const ExplainRow& row : rows) {
    batch.cells.push_back(base::Cell::of_int64(static_cast<std::int64_t>(++batch.row_count)));
    const std::string requests = requests_text(row);
    for (const std::string* text : {&row.table, &row.url, &row.pushed, &row.push_class,
                                    &row.residual, &row.strategy, &requests}) {
      batch.cells.push_back(text_cell(*text, batch.arena));
    }
    if (!analyze) continue;
    const Measured measured = row.measured.value_or(Measured());
    for (const auto* count : {&measured.sent, &measured.retries, &measured.bytes, &measured.rows_in,
                              &measured.rows_out}) {
      batch.cells.push_back(count_cell(*count));
    }
    for (const auto* time : {&measured.waited, &measured.work, &measured.elapsed}) {
      batch.cells.push_back(time_cell(*time));
    }
  }
}

}  // namespace graphodbc::query
