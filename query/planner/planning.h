// One scan while it is planned: what the steps of the planner hand on to each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "query/planner/order.h"
#include "query/planner/planner.h"
#include "query/pushdown/pushed.h"

namespace graphodbc::query {

struct PushedConjunct {
  std::size_t conjunct;
  schema::PushClass push_class;
  bool advanced;
};

// A copy of the expression with its constant parts computed; markers only where there are values.
ExpressionPtr folded(const Expression& expression, EvalContext* values);

// `input` must outlive it.
struct Planning {
  explicit Planning(const PlanInput& plan_input)
      : input(plan_input), query(plan_input.query), table(*plan_input.query.table) {}

  const PlanInput& input;
  const TableQuery& query;
  const schema::Table& table;
  ScanPlan plan;
  std::vector<ExpressionPtr> conjuncts;  // of the condition, folded
  std::vector<std::size_t> settled;      // conjuncts that the choice of the listings decides

  // What Graph is asked for (choose_pushes).
  std::vector<OrderKeyPlan> order;
  std::vector<Pushed> filters;
  std::vector<PushedConjunct> pushed_conjuncts;
  bool batches_advanced = false;  // of a list in batches
  std::string parent_filter;      // of a fan-out

  bool is_sorted() const;
  bool is_settled(std::size_t conjunct) const;
  // Graph decides the conjunct, and exactly.
  bool is_exact(std::size_t conjunct) const;
  bool only_items() const;
  // The conjunct as SQL.
  std::string text_of_conjunct(std::size_t conjunct) const;
  // The place of a table's column in the scan's row, which gets it if it has not.
  std::uint32_t scan_column(std::uint32_t table_column);
  // From the table's column numbers to the scan's.
  void remap(Expression& expression);
  // $select of the columns so far; empty where the option is not to be sent.
  std::string select_text() const;
};

}  // namespace graphodbc::query
