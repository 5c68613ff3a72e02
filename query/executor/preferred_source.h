// The rows by the service's own sorting or counting where it can, else by the local engine.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "base/row_source.h"
#include "query/executor/execution.h"
#include "query/planner/statement_plan.h"

namespace graphodbc::query {

class PreferredSource final : public base::RowSource {
 public:
  // `plan` has a table and a local plan.
  PreferredSource(std::shared_ptr<const Run> run, std::shared_ptr<const StatementPlan> plan,
                  std::size_t columns);

  std::size_t column_count() const override { return columns_; }
  // Decides. What the service refuses is remembered for the connection (sql-dialect.md 9.5).
  void open() override;
  bool next_batch(base::RowBatch& batch) override;
  void cancel() noexcept override;
  std::vector<base::Warning> take_warnings() override;

 private:
  // False when the local engine has to do it.
  bool open_preferred();
  void use(std::unique_ptr<base::RowSource> source);

  std::shared_ptr<const Run> run_;             // shared with the scans
  std::shared_ptr<const StatementPlan> plan_;  // shared with the statement, which may go first
  std::size_t columns_;
  bool local_ = false;
  bool first_ = true;  // no batch was asked for yet
  std::vector<base::Warning> warnings_;

  std::mutex mutex_;  // guards source_ against cancel()
  std::unique_ptr<base::RowSource> source_;
  std::atomic<bool> cancelled_ = false;
};

// Plans the preferred way with the run's values, without what was refused before; null when it is
// not open for them, or was refused itself.
std::shared_ptr<Execution> plan_preferred(const std::shared_ptr<const Run>& run,
                                          const StatementPlan& plan);

}  // namespace graphodbc::query
