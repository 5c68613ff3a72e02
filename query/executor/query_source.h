// Rows of a query of one table: scans, check, projection, OFFSET and LIMIT, in one pass.
#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>

#include "base/row_source.h"
#include "query/executor/execution.h"
#include "query/executor/listing_source.h"

namespace graphodbc::query {

// Cells of plain columns are handed on as the scan made them; nothing is copied when the result is
// the scan's row. open() plans, and plans again with less when the service refuses what was pushed
// (sql-dialect.md 9.5).
class QuerySource final : public base::RowSource {
 public:
  explicit QuerySource(std::shared_ptr<Execution> execution);

  std::size_t column_count() const override;
  void open() override;
  bool next_batch(base::RowBatch& batch) override;
  void cancel() noexcept override;
  std::vector<base::Warning> take_warnings() override;

 private:
  void open_scan();
  void close_scan();
  // Whether less can be asked for after this refusal; lowers `level`.
  bool lower(const std::exception_ptr& refusal, PushLevel& level);
  // Turns the scan's rows into the result's, in place.
  void refine(base::RowBatch& batch);
  void keep(base::RowBatch& batch, std::size_t row, std::size_t kept);
  void apply_range(base::RowBatch& batch);

  std::shared_ptr<Execution> execution_;
  std::vector<base::Cell> computed_;
  std::uint64_t to_skip_ = 0;
  std::uint64_t to_give_ = UINT64_MAX;
  bool ended_ = false;
  std::exception_ptr failure_;
  std::vector<base::Warning> warnings_;

  std::mutex mutex_;  // guards scan_ against cancel()
  std::unique_ptr<ListingSource> scan_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace graphodbc::query
