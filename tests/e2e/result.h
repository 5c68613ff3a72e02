// Results with their column descriptions, and the comparison of two of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/odbc.h"

namespace graphodbc::test {

struct ColumnInfo {
  std::string name;
  SQLSMALLINT type = 0;
  SQLULEN size = 0;
  SQLSMALLINT digits = 0;
  SQLSMALLINT nullable = 0;
  bool nocase = false;  // text that compares without case

  bool operator==(const ColumnInfo&) const = default;
};
std::string to_text(const ColumnInfo& column);

// Of a prepared or executed statement.
std::vector<ColumnInfo> describe(const Statement& statement);

struct Result {
  std::vector<ColumnInfo> columns;
  std::vector<TextRow> rows;
};

// A timestamp or date in the form "2026-01-01 09:00:00.0000000".
std::string seven_digits(std::string text);

// A cell in the form in which cells of `column` are compared: timestamps with seven digits,
// numbers of integer columns without a fraction, nocase text folded.
Text canonical(const Text& cell, const ColumnInfo& column);

// Compares as multisets, or row by row where `ordered`; floating and DECIMAL columns within a
// billionth. The difference in words, with the first differing rows.
std::optional<std::string> difference(const Result& actual, const std::vector<TextRow>& expected,
                                      bool ordered);

// Whether every row of `actual` is one of `all`, and no oftener than there.
std::optional<std::string> difference_from_sample(const Result& actual,
                                                  const std::vector<TextRow>& all,
                                                  std::size_t wanted_rows);

std::string to_text(const TextRow& row);

}  // namespace graphodbc::test
