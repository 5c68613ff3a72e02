#include "tests/e2e/result.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "tests/e2e/oracle_functions.h"

namespace graphodbc::test {
namespace {

enum class Kind { kInteger, kInexact, kTimestamp, kOther };

Kind kind_of(const ColumnInfo& column) {
  switch (column.type) {
    case SQL_BIT:
    case SQL_TINYINT:
    case SQL_SMALLINT:
    case SQL_INTEGER:
    case SQL_BIGINT:
      return Kind::kInteger;
    case SQL_REAL:
    case SQL_FLOAT:
    case SQL_DOUBLE:
    case SQL_DECIMAL:
    case SQL_NUMERIC:
      return Kind::kInexact;
    case SQL_TYPE_TIMESTAMP:
      return Kind::kTimestamp;
    default:
      return Kind::kOther;
  }
}

double number(const Text& cell) {
  return std::strtod(cell->c_str(), nullptr);
}

bool same(const Text& a, const Text& b, const ColumnInfo& column) {
  if (!a || !b || kind_of(column) != Kind::kInexact) return a == b;
  const double x = number(a);
  const double y = number(b);
  const bool exact = column.type == SQL_DECIMAL || column.type == SQL_NUMERIC;
  // A DECIMAL is cut at its scale, the oracle's double is not.
  const double step = exact ? std::pow(10.0, -column.digits) : 0;
  return std::fabs(x - y) <= 1e-9 * std::max(std::fabs(x), std::fabs(y)) + step + 1e-12;
}

bool same(const TextRow& a, const TextRow& b, const std::vector<ColumnInfo>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!same(a[i], b[i], columns[i])) return false;
  }
  return true;
}

// Inexact columns come last, so that a rounding difference moves no row to another place.
bool before(const TextRow& a, const TextRow& b, const std::vector<ColumnInfo>& columns) {
  for (const bool inexact : {false, true}) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if ((kind_of(columns[i]) == Kind::kInexact) != inexact) continue;
      if (!inexact || !a[i] || !b[i]) {
        if (a[i] != b[i]) return a[i] < b[i];
      } else if (!same(a[i], b[i], columns[i])) {
        return number(a[i]) < number(b[i]);
      }
    }
  }
  return false;
}

std::vector<TextRow> canonical_rows(const std::vector<TextRow>& rows,
                                    const std::vector<ColumnInfo>& columns) {
  std::vector<TextRow> out = rows;
  for (TextRow& row : out) {
    for (std::size_t i = 0; i < columns.size(); ++i) row[i] = canonical(row[i], columns[i]);
  }
  return out;
}

std::string pair_text(const TextRow& actual, const TextRow& expected) {
  return "\n  driver: " + to_text(actual) + "\n  oracle: " + to_text(expected);
}

std::optional<std::string> shapes_differ(const Result& actual,
                                         const std::vector<TextRow>& expected) {
  for (const auto* rows : {&actual.rows, &expected}) {
    if (rows->empty() || rows->front().size() == actual.columns.size()) continue;
    return "columns: " + std::to_string(actual.columns.size()) + ", but a row has " +
           std::to_string(rows->front().size());
  }
  return std::nullopt;
}

// The first row that one side has and the other lacks, of sorted rows.
std::string first_difference(const std::vector<TextRow>& actual,
                             const std::vector<TextRow>& expected,
                             const std::vector<ColumnInfo>& columns) {
  std::string text;
  std::size_t shown = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  while ((i < actual.size() || j < expected.size()) && shown < 4) {
    if (i < actual.size() && j < expected.size() && same(actual[i], expected[j], columns)) {
      ++i;
      ++j;
    } else if (j == expected.size() ||
               (i < actual.size() && before(actual[i], expected[j], columns))) {
      text += "\n  only the driver has: " + to_text(actual[i++]);
      ++shown;
    } else {
      text += "\n  only the oracle has: " + to_text(expected[j++]);
      ++shown;
    }
  }
  return text;
}

}  // namespace

std::string seven_digits(std::string text) {
  if (text.size() > 10 && text[10] == 'T') text[10] = ' ';
  if (!text.empty() && text.back() == 'Z') text.pop_back();
  if (text.size() == 10) text += " 00:00:00";
  const std::size_t point = text.find('.');
  const std::size_t digits = point == std::string::npos ? 0 : text.size() - point - 1;
  if (point == std::string::npos) text += '.';
  return text + std::string(digits < 7 ? 7 - digits : 0, '0');
}

std::string to_text(const ColumnInfo& column) {
  return column.name + ": type " + std::to_string(column.type) + " size " +
         std::to_string(column.size) + " digits " + std::to_string(column.digits) + " nullable " +
         std::to_string(column.nullable) + (column.nocase ? " nocase" : "");
}

std::string to_text(const TextRow& row) {
  std::string text;
  for (const Text& cell : row) text += (text.empty() ? "" : " | ") + cell.value_or("NULL");
  return text;
}

std::vector<ColumnInfo> describe(const Statement& statement) {
  std::vector<ColumnInfo> columns(static_cast<std::size_t>(statement.column_count()));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto number = static_cast<SQLUSMALLINT>(i + 1);
    ColumnInfo& column = columns[i];
    SQLCHAR name[512] = {};
    statement.check(SQLDescribeCol(statement.handle(), number, name, sizeof name, nullptr,
                                   &column.type, &column.size, &column.digits, &column.nullable));
    column.name = reinterpret_cast<const char*>(name);
    SQLLEN sensitive = 0;
    statement.check(SQLColAttribute(statement.handle(), number, SQL_DESC_CASE_SENSITIVE, nullptr, 0,
                                    nullptr, &sensitive));
    const bool text = column.type == SQL_WVARCHAR || column.type == SQL_WCHAR ||
                      column.type == SQL_WLONGVARCHAR || column.type == SQL_VARCHAR ||
                      column.type == SQL_CHAR || column.type == SQL_LONGVARCHAR;
    column.nocase = text && sensitive == SQL_FALSE;
  }
  return columns;
}

Text canonical(const Text& cell, const ColumnInfo& column) {
  if (!cell) return cell;
  std::string text = *cell;
  switch (kind_of(column)) {
    case Kind::kTimestamp:
      return seven_digits(text);
    case Kind::kInteger:
      if (text.find_first_of(".e") != std::string::npos) {
        const double value = std::strtod(text.c_str(), nullptr);
        if (std::trunc(value) == value) return std::to_string(std::llround(value));
      }
      return text;
    case Kind::kInexact:
    case Kind::kOther:
      break;
  }
  return column.nocase ? folded(text) : text;
}

std::optional<std::string> difference(const Result& actual, const std::vector<TextRow>& expected,
                                      bool ordered) {
  if (auto text = shapes_differ(actual, expected)) return text;
  std::vector<TextRow> ours = canonical_rows(actual.rows, actual.columns);
  std::vector<TextRow> theirs = canonical_rows(expected, actual.columns);
  const std::string counts = std::to_string(ours.size()) + " rows from the driver, " +
                             std::to_string(theirs.size()) + " from the oracle";
  std::string misplaced;
  for (std::size_t row = 0; ordered && row < std::min(ours.size(), theirs.size()); ++row) {
    if (same(ours[row], theirs[row], actual.columns)) continue;
    misplaced = "order differs in row " + std::to_string(row + 1) + " (" + counts + ")" +
                pair_text(ours[row], theirs[row]);
    break;
  }
  const auto sorted = [&](const TextRow& a, const TextRow& b) {
    return before(a, b, actual.columns);
  };
  std::sort(ours.begin(), ours.end(), sorted);
  std::sort(theirs.begin(), theirs.end(), sorted);
  const std::string rows = first_difference(ours, theirs, actual.columns);
  if (!rows.empty()) return counts + rows;
  if (!misplaced.empty()) return misplaced;
  return std::nullopt;
}

std::optional<std::string> difference_from_sample(const Result& actual,
                                                  const std::vector<TextRow>& all,
                                                  std::size_t wanted_rows) {
  if (auto text = shapes_differ(actual, all)) return text;
  if (actual.rows.size() != wanted_rows) {
    return std::to_string(actual.rows.size()) + " rows instead of " + std::to_string(wanted_rows);
  }
  std::vector<TextRow> left = canonical_rows(all, actual.columns);
  for (const TextRow& row : canonical_rows(actual.rows, actual.columns)) {
    const auto found = std::find_if(left.begin(), left.end(), [&](const TextRow& candidate) {
      return same(row, candidate, actual.columns);
    });
    if (found == left.end()) return "the oracle lacks: " + to_text(row);
    left.erase(found);
  }
  return std::nullopt;
}

}  // namespace graphodbc::test
