// COUNT(*) answered by the service: one request, one row.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/row_source.h"
#include "query/executor/execution.h"

namespace graphodbc::query {

class CountSource final : public base::RowSource {
 public:
  // The execution's plan has `count_query`. The row repeats the number in `columns` columns.
  CountSource(std::shared_ptr<Execution> execution, std::size_t columns);

  std::size_t column_count() const override { return columns_; }
  // 08S01 when the answer has no count.
  void open() override;
  bool next_batch(base::RowBatch& batch) override;
  void cancel() noexcept override;
  std::vector<base::Warning> take_warnings() override { return std::exchange(warnings_, {}); }

 private:
  std::shared_ptr<Execution> execution_;  // shared with nobody else; its type asks for it
  std::size_t columns_;
  std::int64_t count_ = 0;
  bool done_ = false;
  std::vector<base::Warning> warnings_;

  std::mutex mutex_;  // guards scan_ against cancel()
  std::unique_ptr<base::RowSource> scan_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace graphodbc::query
