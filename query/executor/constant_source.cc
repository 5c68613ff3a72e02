#include "query/executor/constant_source.h"

#include <algorithm>

namespace graphodbc::query {
namespace {

constexpr std::size_t kRowsABatch = 1024;

}  // namespace

ConstantSource::ConstantSource(std::shared_ptr<Execution> execution,
                               std::shared_ptr<const BoundQuery> query)
    : execution_(std::move(execution)), query_(std::move(query)) {}

std::size_t ConstantSource::column_count() const {
  return query_->columns.size();
}

void ConstantSource::open() {
  const RowRange range = row_range(query_->limit.get(), query_->offset.get(), &execution_->context,
                                   execution_->options.max_rows);
  std::uint64_t rows = query_->kind == QueryKind::kValues ? query_->values.size() : 1;
  if (query_->where && test(*query_->where, nullptr, execution_->context) != Truth::kTrue) rows = 0;
  const std::uint64_t first = std::min(range.offset, rows);
  next_ = static_cast<std::size_t>(first);
  end_ = static_cast<std::size_t>(first + std::min(range.limit, rows - first));
}

void ConstantSource::add_row(const std::vector<ExpressionPtr>& row, base::RowBatch& batch) {
  for (const ExpressionPtr& expression : row) {
    batch.cells.push_back(evaluate(*expression, nullptr, execution_->context));
  }
  ++batch.row_count;
}

bool ConstantSource::next_batch(base::RowBatch& batch) {
  batch.clear();
  batch.column_count = column_count();
  if (cancelled_) throw base::Error("HY008", "the statement was cancelled");
  if (next_ >= end_) return false;
  execution_->context.arena = &batch.arena;
  const std::size_t last = std::min(end_, next_ + kRowsABatch);
  while (next_ < last) {
    add_row(query_->kind == QueryKind::kValues ? query_->values[next_] : query_->outputs, batch);
    ++next_;
  }
  execution_->context.arena = &execution_->arena;
  batch.pins.push_back(execution_);  // parameters
  batch.pins.push_back(query_);      // literals
  return true;
}

std::vector<base::Warning> ConstantSource::take_warnings() {
  std::vector<base::Warning> taken = std::move(execution_->warnings);
  execution_->warnings.clear();
  return taken;
}

}  // namespace graphodbc::query
