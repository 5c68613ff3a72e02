#include "query/executor/count_source.h"

#include "query/executor/scan_request.h"
#include "query/executor/withheld.h"

namespace graphodbc::query {

CountSource::CountSource(std::shared_ptr<Execution> execution, std::size_t columns)
    : execution_(std::move(execution)), columns_(columns) {}

void CountSource::open() {
  const graph::ScanRequest request = make_count_request(*execution_);
  std::unique_ptr<base::RowSource> scan = execution_->session->scans(request);
  {
    const std::lock_guard lock(mutex_);
    scan_ = std::move(scan);
    if (cancelled_) scan_->cancel();
  }
  scan_->open();
  base::RowBatch batch;
  if (!scan_->next_batch(batch) || batch.row(0)[0].kind != base::CellKind::kInt64) {
    throw base::Error("08S01", "Graph answered " + request.path +
                                   " without the number of rows that was asked for "
                                   "(@odata.count); Pushdown=off counts the rows instead");
  }
  count_ = batch.row(0)[0].integer;
  auto warning = WithheldWatch(*execution_).judge_count(request.path, request.query, count_);
  if (warning) warnings_.push_back(std::move(*warning));
}

bool CountSource::next_batch(base::RowBatch& batch) {
  batch.clear();
  batch.column_count = columns_;
  if (cancelled_) throw base::Error("HY008", "the statement was cancelled");
  if (done_) return false;
  done_ = true;
  batch.cells.assign(columns_, base::Cell::of_int64(count_));
  batch.row_count = 1;
  return true;
}

void CountSource::cancel() noexcept {
  cancelled_ = true;
  const std::lock_guard lock(mutex_);
  if (scan_) scan_->cancel();
}

}  // namespace graphodbc::query
