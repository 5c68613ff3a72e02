// The rows of EXPLAIN: every request that the query can send, without sending one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/row_source.h"
#include "query/executor/execution.h"

namespace graphodbc::query {

// step, table, url, pushed, class, residual, strategy.
std::vector<ResultColumn> explain_columns();

class ExplainSource final : public base::RowSource {
 public:
  explicit ExplainSource(std::shared_ptr<Execution> execution);

  std::size_t column_count() const override;
  void open() override;
  bool next_batch(base::RowBatch& batch) override;
  void cancel() noexcept override {}

 private:
  struct Row {
    std::string table;
    std::string url;  // empty: no request
    std::string strategy;
  };
  void add_listings();

  std::shared_ptr<Execution> execution_;
  std::vector<Row> rows_;
  bool done_ = false;
};

}  // namespace graphodbc::query
