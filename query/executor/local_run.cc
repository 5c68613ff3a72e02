#include "query/executor/local_run.h"

#include "query/engine/local_source.h"
#include "query/executor/query_source.h"

namespace graphodbc::query {
namespace {

std::unique_ptr<base::RowSource> make_scan(const std::shared_ptr<const Run>& run,
                                           TableQuery query) {
  auto shared = std::make_shared<const TableQuery>(std::move(query));
  return std::make_unique<QuerySource>(std::make_shared<Execution>(run, std::move(shared), 0));
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
                         std::size_t) { return make_scan(run, copy_of(scan.query)); },
      .make_keyed_scan =
          [run](const ScanSpec& scan, std::size_t, const std::vector<base::Value>& keys) {
            return make_scan(run, with_keys(scan, keys));
          },
      .context = execution->context,
      .owner = execution,
      .deadline = run->options.deadline,
      .max_rows = run->options.max_rows};
  return std::make_unique<LocalSource>(std::move(local));
}

}  // namespace graphodbc::query
