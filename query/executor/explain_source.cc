#include "query/executor/explain_source.h"

#include <iterator>
#include <utility>

#include "query/executor/statement_source.h"

namespace graphodbc::query {
namespace {

Measured requests_of(const graph::ScanStatistics& scan) {
  Measured measured;
  measured.sent = scan.requests;
  measured.retries = scan.retries;
  measured.bytes = scan.bytes;
  measured.rows_in = scan.rows;
  measured.waited = scan.waited;
  return measured;
}

Measured measured_of(const StepMeasure& step) {
  Measured measured = requests_of(*step.scan);
  *measured.waited += step.waited;
  measured.work = step.work + step.scan->io_work + step.identity->io_work;
  measured.rows_out = step.rows_out;
  measured.elapsed = step.elapsed;
  return measured;
}

// Adds what one step asked Graph for, and its work.
void add_step(Measured& total, const StepMeasure& step) {
  for (const auto& part : {step.scan, step.identity}) {
    *total.sent += part->requests;
    *total.retries += part->retries;
    *total.bytes += part->bytes;
    *total.work += part->io_work;
  }
  *total.rows_in += step.scan->rows;
  *total.work += step.work;
}

}  // namespace

ExplainSource::ExplainSource(std::shared_ptr<const Run> run,
                             std::shared_ptr<const StatementPlan> plan)
    : run_(std::move(run)), plan_(std::move(plan)) {}

std::size_t ExplainSource::column_count() const {
  return explain_columns(false).size();
}

void ExplainSource::open() {
  rows_ = explain_rows(run_, *plan_);
  rows_.push_back(explain_total(rows_));
}

bool ExplainSource::next_batch(base::RowBatch& batch) {
  if (std::exchange(done_, true)) {
    batch.clear();
    return false;
  }
  write_explain_rows(rows_, false, batch);
  return true;
}

AnalyzeSource::AnalyzeSource(std::shared_ptr<const Run> run,
                             std::shared_ptr<const StatementPlan> plan, std::size_t columns)
    : run_(std::move(run)), plan_(std::move(plan)), columns_(columns) {}

std::size_t AnalyzeSource::column_count() const {
  return explain_columns(true).size();
}

void AnalyzeSource::open() {
  // As EXPLAIN says it, before the statement changes what the connection knows.
  rows_ = explain_rows(run_, *plan_);
  run_statement();
  if (run_->analysis->gone_local) {
    rows_.back().strategy += ", refused by Graph: done by the steps below";
    std::vector<ExplainRow> local = explain_local(run_, *plan_->local);
    rows_.insert(rows_.end(), std::make_move_iterator(local.begin()),
                 std::make_move_iterator(local.end()));
  }
  fill_in();
  add_total();
}

void AnalyzeSource::run_statement() {
  const std::int64_t begin = base::wall_time();
  auto source = make_statement_source(run_, plan_, columns_);
  {
    const std::lock_guard lock(mutex_);
    source_ = std::move(source);
    if (cancelled_) source_->cancel();
  }
  source_->open();
  base::RowBatch batch;
  while (source_->next_batch(batch)) rows_out_ += batch.row_count;
  elapsed_ = base::wall_time() - begin;
  warnings_ = source_->take_warnings();
  // Its threads end with it, and with them what they measure.
  std::unique_ptr<base::RowSource> ended;
  const std::lock_guard lock(mutex_);
  ended = std::move(source_);
}

void AnalyzeSource::fill_in() {
  const Analysis& analysis = *run_->analysis;
  std::uint64_t scanned = 0;
  for (const StepMeasure& scan : analysis.scans) scanned += scan.rows_out;
  for (ExplainRow& row : rows_) {
    if (row.measure == nullptr) continue;
    const StepMeasure& step = *row.measure;
    if (row.of_identity) {
      row.measured = requests_of(*step.identity);
      continue;
    }
    row.measured = measured_of(step);
    if (&step == &analysis.engine) row.measured->rows_in = scanned;
    if (step.filter_refused) row.strategy += ", filter refused by Graph: read without it";
    if (step.order_refused) row.strategy += ", order refused by Graph: sorted here";
    if (step.filter_ignored) row.strategy += ", filter not honoured by Graph: read without it";
  }
}

void AnalyzeSource::add_total() {
  const Analysis& analysis = *run_->analysis;
  Measured total{.sent = 0,
                 .retries = 0,
                 .bytes = 0,
                 .rows_in = 0,
                 .rows_out = rows_out_,
                 .waited = 0,
                 .work = 0,
                 .elapsed = elapsed_};
  add_step(total, analysis.direct);
  add_step(total, analysis.engine);
  for (const StepMeasure& scan : analysis.scans) add_step(total, scan);
  // What the statement's own thread waited: those of the scans wait at the same time.
  total.waited =
      analysis.engine.waited + analysis.direct.scan->waited + analysis.direct.identity->waited;
  rows_.push_back(explain_total(rows_));
  rows_.back().measured = total;
}

bool AnalyzeSource::next_batch(base::RowBatch& batch) {
  if (std::exchange(done_, true)) {
    batch.clear();
    return false;
  }
  write_explain_rows(rows_, true, batch);
  return true;
}

void AnalyzeSource::cancel() noexcept {
  cancelled_ = true;
  const std::lock_guard lock(mutex_);
  if (source_) source_->cancel();
}

std::vector<base::Warning> AnalyzeSource::take_warnings() {
  return std::exchange(warnings_, {});
}

}  // namespace graphodbc::query
