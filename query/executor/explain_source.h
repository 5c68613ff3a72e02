// The rows of EXPLAIN: every request that the statement can send, without sending one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/row_source.h"
#include "query/executor/execution.h"
#include "query/executor/preferred_source.h"

namespace graphodbc::query {

// step, table, url, pushed, class, residual, strategy.
std::vector<ResultColumn> explain_columns();

class ExplainSource final : public base::RowSource {
 public:
  ExplainSource(std::shared_ptr<const Run> run, std::shared_ptr<const StatementPlan> plan);

  std::size_t column_count() const override;
  void open() override;
  bool next_batch(base::RowBatch& batch) override;
  void cancel() noexcept override {}

 private:
  struct Row {
    std::string table;
    std::string url;  // empty: no request
    std::string pushed;
    std::string push_class;
    std::string residual;
    std::string strategy;
  };
  // Plans without what the service has refused before.
  void lower_if_refused(Execution& execution) const;
  // Table, and what is pushed and what is left.
  static Row shape_of(const ScanPlan& plan, const std::string& table);
  void add_count(const Execution& execution);
  void add_scan(const Execution& execution, const std::string& correlation, const std::string& note,
                bool keyed);
  // A scan of the local engine, asked so.
  void add_table(TableQuery query, const ScanSpec& scan, const std::string& note, bool keyed);
  void add_listings(const ScanPlan& plan, const Row& shape, const std::string& note);
  // The listings of a scan that other rows give the keys of, or that rows of its own lead to: how
  // many there will be is not known, so `path` stands for one of them.
  void add_unknown(const ScanPlan& plan, const Row& shape, const std::string& path, bool single,
                   const std::string& note);
  // What long lists that were begun in batches are read on by.
  void add_large_pages(const ScanPlan& plan, const Row& shape, const std::string& pattern,
                       const std::string& note);
  void add_local(const LocalPlan& plan);

  std::shared_ptr<const Run> run_;             // shared with the statement, which may go first
  std::shared_ptr<const StatementPlan> plan_;  // same
  std::vector<Row> rows_;
  bool done_ = false;
};

}  // namespace graphodbc::query
