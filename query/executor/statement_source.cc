#include "query/executor/statement_source.h"

#include <utility>

#include "query/executor/analysis.h"
#include "query/executor/constant_source.h"
#include "query/executor/local_run.h"
#include "query/executor/preferred_source.h"
#include "query/executor/query_source.h"

namespace graphodbc::query {

std::unique_ptr<base::RowSource> make_statement_source(
    const std::shared_ptr<const Run>& run, const std::shared_ptr<const StatementPlan>& plan,
    std::size_t columns) {
  if (!plan->constant && !run->session->scans) {
    throw base::Error("08003", "the session has no connection to Microsoft Graph");
  }
  if (plan->local) {
    if (!plan->table) return make_local_source(run, plan->local);
    return std::make_unique<PreferredSource>(run, plan, columns);
  }
  StepMeasure* const measure = run->analysis ? &run->analysis->direct : nullptr;
  auto execution = std::make_shared<Execution>(run, plan->table, run->options.max_rows);
  execution->measure = measure;
  if (plan->constant) {
    return measured(std::make_unique<ConstantSource>(std::move(execution), plan->constant),
                    measure);
  }
  return measured(std::make_unique<QuerySource>(std::move(execution)), measure);
}

}  // namespace graphodbc::query
