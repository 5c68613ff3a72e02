// Columns that Graph keeps from tokens with a ReadBasic permission only (requirements A-Z20,
// A-Z21): it answers as if they had no value, and nothing may pass that off as the truth.
#pragma once

#include <optional>

#include "base/error.h"
#include "base/row_source.h"
#include "graph/collection_scan.h"
#include "query/executor/execution.h"

namespace graphodbc::query {

// Names the permissions that show everything, where the request's options touch a column that
// needs them: a refusal is then about those.
void name_full_permissions(graph::ScanRequest& request, const Execution& execution);

// Judges by what the token says of itself where that can be read, before any row; else by the rows,
// until there is something to tell. Warnings are 01000.
class WithheldWatch {
 public:
  explicit WithheldWatch(const Execution& execution) : execution_(execution) {}

  // False when nothing more can be told.
  bool is_watching() const { return !ended_ && !seen_value_; }
  // A listing that is read from `path` with these options.
  std::optional<base::Warning> judge_token(const std::string& path, const Options& options);
  // The rows that came of it; null when none came at all. A warning when not one of the columns
  // has a value in them.
  std::optional<base::Warning> judge_rows(const std::string& path, const Options& options,
                                          const base::RowBatch* rows);
  // A number of rows that came instead of them.
  std::optional<base::Warning> judge_count(const std::string& path, const Options& options,
                                           std::int64_t count);

 private:
  const Execution& execution_;
  bool seen_value_ = false;  // in a column that may be withheld
  bool ended_ = false;
};

}  // namespace graphodbc::query
