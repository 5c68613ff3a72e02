#include "query/executor/fallback.h"

namespace graphodbc::query {

bool is_refusal(const graph::ServiceError& error) {
  return error.http_status() == 400 || error.http_status() == 501;
}

base::Warning refusal_warning(const graph::ServiceError& refusal, const schema::Table& table,
                              const std::string& what, const std::string& instead) {
  const std::string code =
      refusal.code().empty() ? std::to_string(refusal.http_status()) : refusal.code();
  return {"01000",
          "Graph refused " + what + " " + table.name + " (" + code + "); " + instead +
              ", which takes longer",
          refusal.http_status()};
}

std::string order_refusal(const ScanPlan& plan) {
  return "order|" + plan.refusal_key;
}

std::string count_refusal(const ScanPlan& plan) {
  return "count|" + plan.refusal_key;
}

bool is_order_refused(const Execution& execution) {
  return execution.plan->has_order && execution.session->is_refused(order_refusal(*execution.plan));
}

bool can_do_without_order(const Execution& execution) {
  return execution.query->for_engine && execution.plan->has_order;
}

void lower_filter(PushLevel& level) {
  level.filter = false;
}

void lower_order(PushLevel& level) {
  level.order = false;
  level.filter = true;
}

bool lower_if_refused(const Execution& execution, PushLevel& level) {
  const ScanPlan& plan = *execution.plan;
  if (plan.has_filter && execution.session->is_refused(plan.refusal_key)) {
    lower_filter(level);
    return true;
  }
  if (can_do_without_order(execution) && is_order_refused(execution)) {
    lower_order(level);
    return true;
  }
  return false;
}

PushLevel plan_unrefused(Execution& execution) {
  PushLevel level;
  do {
    execution.make_plan(level);
  } while (lower_if_refused(execution, level));
  return level;
}

}  // namespace graphodbc::query
