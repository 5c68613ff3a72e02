// EXPLAIN and EXPLAIN ANALYZE as row sources.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "base/row_source.h"
#include "query/executor/explain_rows.h"

namespace graphodbc::query {

// Sends no request.
class ExplainSource final : public base::RowSource {
 public:
  ExplainSource(std::shared_ptr<const Run> run, std::shared_ptr<const StatementPlan> plan);

  std::size_t column_count() const override;
  void open() override;
  bool next_batch(base::RowBatch& batch) override;
  void cancel() noexcept override {}

 private:
  std::shared_ptr<const Run> run_;             // shared with the statement, which may go first
  std::shared_ptr<const StatementPlan> plan_;  // same
  std::vector<ExplainRow> rows_;
  bool done_ = false;
};

// Runs the statement to its end first, and gives none of its rows.
class AnalyzeSource final : public base::RowSource {
 public:
  // The run has an analysis. `columns`: of the statement's own rows.
  AnalyzeSource(std::shared_ptr<const Run> run, std::shared_ptr<const StatementPlan> plan,
                std::size_t columns);

  std::size_t column_count() const override;
  // Throws what the statement throws.
  void open() override;
  bool next_batch(base::RowBatch& batch) override;
  void cancel() noexcept override;
  std::vector<base::Warning> take_warnings() override;

 private:
  void run_statement();
  void fill_in();
  void add_total();

  std::shared_ptr<const Run> run_;             // shared with the statement, which may go first
  std::shared_ptr<const StatementPlan> plan_;  // same
  std::size_t columns_;
  std::vector<ExplainRow> rows_;
  std::uint64_t rows_out_ = 0;
  std::int64_t elapsed_ = 0;  // nanoseconds
  bool done_ = false;
  std::vector<base::Warning> warnings_;

  std::mutex mutex_;  // guards source_ against cancel()
  std::unique_ptr<base::RowSource> source_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace graphodbc::query
