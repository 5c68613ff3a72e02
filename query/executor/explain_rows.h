// What the rows of EXPLAIN say: every request that a statement can send, and what else it does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/row_source.h"
#include "query/executor/analysis.h"
#include "query/executor/execution.h"
#include "query/planner/statement_plan.h"

namespace graphodbc::query {

// Requests as far as they are known before the first is sent: without repetitions, and with pages
// as full as they were asked for.
struct Estimate {
  std::uint64_t least = 0;
  std::optional<std::uint64_t> most;  // nullopt: as many as there are pages or keys
  std::string text() const;
  Estimate& operator+=(const Estimate& other);
};

// What EXPLAIN ANALYZE adds to a row, as far as it applies. Times in nanoseconds.
struct Measured {
  std::optional<std::uint64_t> sent, retries, bytes, rows_in, rows_out;
  std::optional<std::int64_t> waited, work, elapsed;
};

struct ExplainRow {
  std::string table;
  std::string url;  // empty: no request
  std::string pushed;
  std::string push_class;
  std::string residual;
  std::string strategy;
  std::optional<Estimate> requests;  // nullopt: those of a row before
  std::string each = {};             // what the estimate is of, when it is not all: "for 20 keys"
  std::optional<Measured> measured = {};
  // What is measured for the row, of the run's analysis; may be null.
  const StepMeasure* measure = nullptr;
  bool of_identity = false;  // of the measure, the request that asks who is signed in
  bool of_unlisted = false;  // asks for a key that is left out of key reads
};

// Of the statement as it will run, by what the connection knows now. Sends nothing.
std::vector<ExplainRow> explain_rows(const std::shared_ptr<const Run>& run,
                                     const StatementPlan& plan);
// Of its local plan, whatever the statement prefers.
std::vector<ExplainRow> explain_local(const std::shared_ptr<const Run>& run, const LocalPlan& plan);

// The line about the whole statement, for the end.
ExplainRow explain_total(const std::vector<ExplainRow>& rows);

// step, table, url, pushed, class, residual, strategy, requests; with `analyze` what was measured.
std::vector<ResultColumn> explain_columns(bool analyze);
// Replaces `batch` by the rows, in these columns.
void write_explain_rows(const std::vector<ExplainRow>& rows, bool analyze, base::RowBatch& batch);

}  // namespace graphodbc::query
