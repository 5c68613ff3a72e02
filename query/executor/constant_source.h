// Rows that need no request: SELECT without FROM, and VALUES.
#pragma once

#include <atomic>
#include <memory>

#include "base/row_source.h"
#include "query/binder/bound_query.h"
#include "query/executor/execution.h"

namespace graphodbc::query {

class ConstantSource final : public base::RowSource {
 public:
  // `query` is VALUES, or a SELECT without FROM, whose expressions need no engine.
  ConstantSource(std::shared_ptr<Execution> execution, std::shared_ptr<const BoundQuery> query);

  std::size_t column_count() const override;
  void open() override;
  bool next_batch(base::RowBatch& batch) override;
  void cancel() noexcept override { cancelled_ = true; }
  std::vector<base::Warning> take_warnings() override;

 private:
  void add_row(const std::vector<ExpressionPtr>& row, base::RowBatch& batch);

  std::shared_ptr<Execution> execution_;
  std::shared_ptr<const BoundQuery> query_;  // shared with the statement, which may go first
  std::size_t next_ = 0;
  std::size_t end_ = 0;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace graphodbc::query
