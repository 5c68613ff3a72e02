// Rows of a query of one table: scans, check, projection, OFFSET and LIMIT, in one pass.
#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/row_source.h"
#include "graph/seen_keys.h"
#include "graph/service_error.h"
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
  // Whether less can be asked for after this refusal; lowers the level.
  bool lower(const std::exception_ptr& refusal);
  bool lower_after(const graph::ServiceError& refusal);
  // Tells what was refused, once it is known what is read instead.
  void tell_refusals();
  // Turns the scan's rows into the result's, in place. False, and the batch is spoilt, when a row
  // shows that the service did not honour the filter.
  bool refine(base::RowBatch& batch);
  bool passes(const base::Cell* row);
  // Reads all rows from the beginning, without a filter; rows of earlier batches are not repeated.
  void begin_anew();
  void count_key(const base::Cell* row);
  bool was_counted(const base::Cell* row);
  bool came_before(const base::Cell* row);
  void keep(base::RowBatch& batch, std::size_t row, std::size_t kept);
  void apply_range(base::RowBatch& batch);

  std::shared_ptr<Execution> execution_;
  PushLevel level_;
  std::vector<base::Cell> computed_;
  std::uint64_t to_skip_ = 0;
  std::uint64_t to_give_ = UINT64_MAX;
  bool ended_ = false;
  bool filter_ignored_ = false;  // the batch at hand has a row that $filter excludes
  bool began_anew_ = false;
  graph::SeenKeys counted_;  // rows that passed under $filter
  std::vector<graph::Hash128> batch_keys_;
  graph::SeenKeys came_;  // rows of an IN in batches
  std::exception_ptr failure_;
  std::vector<base::Warning> warnings_;
  std::optional<base::Warning> filter_refusal_;
  std::optional<base::Warning> order_refusal_;

  std::mutex mutex_;  // guards scan_ against cancel()
  std::unique_ptr<ListingSource> scan_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace graphodbc::query
