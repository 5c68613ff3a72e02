#include "query/executor/local_run.h"

#include "query/engine/local_source.h"
#include "query/executor/analysis.h"
#include "query/executor/query_source.h"

namespace graphodbc::query {
namespace {

std::unique_ptr<base::RowSource> make_scan(const std::shared_ptr<const Run>& run, std::size_t index,
                                           TableQuery query) {
  auto shared = std::make_shared<const TableQuery>(std::move(query));
  auto execution = std::make_shared<Execution>(run, std::move(shared), 0);
  StepMeasure* const measure = run->analysis ? &run->analysis->scans[index] : nullptr;
  execution->measure = measure;
  return measured(std::make_unique<QuerySource>(std::move(execution)), measure);
}

}  // namespace

std::unique_ptr<base::RowSource> make_local_source(const std::shared_ptr<const Run>& run,
                                                   const std::shared_ptr<const LocalPlan>& plan) {
  // What the functions of the statement evaluate with; the scans have an execution each.
  auto execution = std::make_shared<Execution>(run, nullptr, run->options.max_rows);
  LocalRun local{
      .plan = plan,
      .query = emit_sql(*plan, execution->context, run->options.max_rows),
      .make_scan = [run](const ScanSpec& scan,
                         std::size_t index) { return make_scan(run, index, copy_of(scan.query)); },
      .make_keyed_scan =
          [run](const ScanSpec& scan, std::size_t index, const std::vector<base::Value>& keys) {
            return make_scan(run, index, with_keys(scan, keys));
          },
      .context = execution->context,
      .owner = execution,
      .deadline = run->options.deadline,
      .max_rows = run->options.max_rows,
      .waited = run->analysis ? &run->analysis->engine.waited : nullptr};
  return measured(std::make_unique<LocalSource>(std::move(local)),
                  run->analysis ? &run->analysis->engine : nullptr);
}

}  // namespace graphodbc::query
