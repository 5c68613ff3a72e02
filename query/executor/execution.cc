#include "query/executor/execution.h"

#include <chrono>

#include "base/datetime.h"

namespace graphodbc::query {

bool SessionState::is_refused(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  return refused_.contains(key);
}

void SessionState::remember_refusal(const std::string& key) {
  const std::lock_guard lock(mutex_);
  refused_.insert(key);
}

std::string SessionState::signed_in_id() const {
  const std::lock_guard lock(mutex_);
  return signed_in_id_;
}

void SessionState::remember_signed_in_id(std::string id) {
  const std::lock_guard lock(mutex_);
  signed_in_id_ = std::move(id);
}

std::optional<std::string> SessionState::unlisted_id(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = unlisted_ids_.find(path);
  if (found == unlisted_ids_.end()) return std::nullopt;
  return found->second;
}

void SessionState::remember_unlisted_id(const std::string& path, std::string id) {
  const std::lock_guard lock(mutex_);
  unlisted_ids_[path] = std::move(id);
}

Run::Run(std::shared_ptr<SessionState> session_state, std::vector<base::Value> parameter_values,
         const ExecuteOptions& execute_options, std::shared_ptr<Analysis> measures)
    : session(std::move(session_state)),
      parameters(std::move(parameter_values)),
      options(execute_options),
      analysis(std::move(measures)) {
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, base::kTicksPerSecond>>;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  statement_start = std::chrono::duration_cast<Ticks>(now).count();
}

Execution::Execution(std::shared_ptr<const Run> shared_run,
                     std::shared_ptr<const TableQuery> table_query, std::uint64_t max_rows)
    : run(std::move(shared_run)),
      session(run->session),
      query(std::move(table_query)),
      options(run->options),
      context(arena) {
  options.max_rows = max_rows;
  context.parameters = run->parameters;
  context.statement_start = run->statement_start;
  context.zone_offset = session->options.time_zone.offset(run->statement_start);
  context.user_name = session->options.user_name;
  context.warnings = &warnings;
}

void Execution::make_plan(PushLevel level) {
  const PlanInput input{*query, session->options, &context, options.max_rows, level};
  plan = std::make_shared<const ScanPlan>(plan_scan(input));
}

}  // namespace graphodbc::query
