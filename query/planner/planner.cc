#include "query/planner/planner.h"

#include <algorithm>

#include "base/error.h"
#include "query/planner/conjuncts.h"
#include "query/planner/listings.h"
#include "query/planner/planning.h"
#include "query/planner/pushes.h"
#include "query/planner/request_options.h"

namespace graphodbc::query {
namespace {

using schema::PushClass;
using schema::Table;

class Planner {
 public:
  explicit Planner(const PlanInput& input) : planning_(input) {}

  ScanPlan run() {
    plan_.table = &table_;
    plan_.keyed = query_.keyed;
    bound_rows();
    fold_parts();
    choose_rows();
    choose_columns();
    if (!plan_.nothing.empty()) return std::move(plan_);
    choose_pushes(planning_);
    if (!plan_.unsorted.empty()) return std::move(plan_);
    make_claim();
    write_request(planning_);
    describe_residual();
    return std::move(plan_);
  }

 private:
  void bound_rows() {
    // The first rows of an order are the first only if it is Graph's.
    if (!query_.order.empty() && !planning_.is_sorted()) return;
    const RowRange range =
        row_range(query_.limit.get(), query_.offset.get(), input_.values, input_.max_rows);
    plan_.limit = range.limit;
    plan_.offset = range.offset;
    if (!query_.for_engine || plan_.limit == 0) return;
    plan_.limit += std::min(plan_.offset, UINT64_MAX - plan_.limit);
    plan_.offset = 0;
  }

  void fold_parts() {
    if (query_.where) conjuncts_ = split_conjuncts(folded(*query_.where, input_.values));
    // TRUE decides nothing.
    std::erase_if(conjuncts_, [](const ExpressionPtr& conjunct) {
      return conjunct->is_literal() && !is_never_true(*conjunct);
    });
    for (const ExpressionPtr& output : query_.outputs)
      plan_.outputs.push_back(folded(*output, input_.values));
    for (const ExpressionPtr& conjunct : conjuncts_) {
      if (is_never_true(*conjunct)) plan_.nothing = "the condition is never true";
    }
    if (contradict(conjuncts_)) plan_.nothing = "the conditions contradict each other";
    if (plan_.limit == 0) plan_.nothing = "the limit is 0";
  }

  void choose_rows() {
    if (!plan_.nothing.empty()) return;
    ListingChoice choice = choose_listings(query_, input_.options, conjuncts_);
    plan_.listings = std::move(choice.listings);
    plan_.walk = choice.walk;
    plan_.fan_out = choice.fan_out;
    plan_.nothing = std::move(choice.nothing);
    plan_.pushed = std::move(choice.notes);
    settled_ = std::move(choice.settled);
    if (choice.by_key && !table_.listed.values.empty()) add_listed();
  }

  // What no list holds is no row, whatever key finds it.
  void add_listed() {
    const auto index = static_cast<std::uint32_t>(*table_.find(table_.listed.column));
    const Position position = query_.position;
    std::vector<ExpressionPtr> values;
    values.reserve(table_.listed.values.size());
    for (const std::string& value : table_.listed.values) {
      values.push_back(make_text(value, position));
    }
    BindContext context;
    conjuncts_.push_back(make_in_list(
        context, make_column(index, table_.columns[index].type, Nullability::kNullable, position),
        std::move(values), false, position));
  }

  void choose_columns() {
    // Outputs that are plain columns come first and in order, so that rows can be handed on as they
    // are read; a column that is asked for twice is read twice.
    plan_.plain = true;
    for (const ExpressionPtr& output : plan_.outputs) {
      if (output->kind != NodeKind::kColumn) plan_.plain = false;
    }
    if (plan_.plain) {
      for (const ExpressionPtr& output : plan_.outputs) plan_.columns.push_back(output->index);
    }
    for (std::uint32_t i = 0; i < plan_.outputs.size(); ++i) {
      if (plan_.plain) {
        plan_.outputs[i]->index = i;
      } else {
        planning_.remap(*plan_.outputs[i]);
      }
    }
    std::vector<ExpressionPtr> checks;
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      if (!planning_.is_settled(i)) checks.push_back(clone(*conjuncts_[i]));
    }
    if (!checks.empty()) {
      BindContext context;
      const Position position = checks[0]->position;
      plan_.check = make_and(context, std::move(checks), position);
      planning_.remap(*plan_.check);
    }
    const auto id = static_cast<std::uint32_t>(*table_.find(table_.key[0]));
    const auto lists = std::count_if(plan_.listings.begin(), plan_.listings.end(),
                                     [](const Listing& listing) { return !listing.single; });
    // Of several lists the long ones are begun anew with larger pages (graph/batch_scan.h).
    if (plan_.walk || lists > 1 || (table_.repeats_rows && lists > 0)) {
      plan_.key_column = planning_.scan_column(id);
    }
    if (std::any_of(plan_.listings.begin(), plan_.listings.end(),
                    [](const Listing& listing) { return !listing.unlisted.empty(); })) {
      const schema::Listed& listed = table_.listed;
      plan_.unlisted_column = planning_.scan_column(
          listed.alike ? static_cast<std::uint32_t>(*table_.find(listed.column)) : id);
    }
    if (plan_.walk) {
      plan_.walk_id = planning_.scan_column(id);
      plan_.walk_condition =
          planning_.scan_column(static_cast<std::uint32_t>(*table_.find(table_.walk->descend_if)));
    }
    find_lookup();
  }

  // UserId below /me: neither the rows nor the text of the statement have it.
  void find_lookup() {
    if (table_.context.column.empty() || plan_.listings.empty()) return;
    const auto context = static_cast<std::uint32_t>(*table_.find(table_.context.column));
    if (!table_.columns[context].json_path.empty()) return;
    for (const auto& [column, value] : plan_.listings[0].constants) {
      if (column == context) return;
    }
    for (std::uint32_t i = 0; i < plan_.columns.size(); ++i) {
      if (plan_.columns[i] == context) plan_.lookup_column = i;
    }
  }

  // The pushed conditions as the service understands them: exactly, or without regard to case.
  void make_claim() {
    std::vector<ExpressionPtr> claims;
    const auto id = static_cast<std::uint32_t>(*table_.find(table_.key[0]));
    if (!input_.level.filter) plan_.id_column = planning_.scan_column(id);
    for (const PushedConjunct& pushed : pushed_conjuncts_) {
      // The index behind advanced queries lags, so a row of it proves nothing (d.3).
      if (pushed.advanced || hides_fractions(*conjuncts_[pushed.conjunct])) continue;
      ExpressionPtr claim = clone(*conjuncts_[pushed.conjunct]);
      if (pushed.push_class != PushClass::kExact && !ignore_case(*claim)) continue;
      claims.push_back(std::move(claim));
    }
    if (claims.empty()) return;
    BindContext context;
    const Position position = claims[0]->position;
    plan_.claim = make_and(context, std::move(claims), position);
    planning_.remap(*plan_.claim);
    plan_.id_column = planning_.scan_column(id);
  }

  // A service that keeps fractions of seconds and does not show them returns for `> t` and `<= t`
  // rows that show the wrong side of t.
  static bool hides_fractions(const Expression& condition) {
    const auto comparison = split_comparison(condition);
    if (comparison && comparison->literal->cell.kind == base::CellKind::kTimestamp &&
        (comparison->op == CompareOp::kGreater || comparison->op == CompareOp::kLessEqual)) {
      return true;
    }
    return std::any_of(condition.children.begin(), condition.children.end(),
                       [](const ExpressionPtr& child) { return hides_fractions(*child); });
  }

  // False for conditions whose pushed form is wider in another way than by case.
  static bool ignore_case(Expression& condition) {
    const bool equality = condition.kind == NodeKind::kComparison &&
                          condition.comparison == CompareOp::kEqual &&
                          base::is_text(condition.child(0).type.type);
    const bool list =
        condition.kind == NodeKind::kInList && base::is_text(condition.child(0).type.type);
    if (!equality && !list && condition.kind != NodeKind::kLike) return false;
    condition.nocase = true;
    condition.set = nullptr;
    condition.pattern = nullptr;
    return true;
  }

  void describe_residual() {
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      if (planning_.is_settled(i) || planning_.is_exact(i)) continue;
      plan_.residual += (plan_.residual.empty() ? "" : " AND ") + planning_.text_of_conjunct(i);
    }
  }

  Planning planning_;
  const PlanInput& input_ = planning_.input;
  const TableQuery& query_ = planning_.query;
  const Table& table_ = planning_.table;
  ScanPlan& plan_ = planning_.plan;
  std::vector<ExpressionPtr>& conjuncts_ = planning_.conjuncts;
  std::vector<std::size_t>& settled_ = planning_.settled;
  const std::vector<PushedConjunct>& pushed_conjuncts_ = planning_.pushed_conjuncts;
};

std::uint64_t row_count(const Expression& expression, EvalContext* values, const char* what,
                        std::uint64_t unknown) {
  const ExpressionPtr value = folded(expression, values);
  if (!value->is_literal()) return unknown;
  if (value->cell.is_null() || value->cell.integer < 0) {
    throw base::Error("HY024", std::string(what) + " must be a whole number of at least 0");
  }
  return static_cast<std::uint64_t>(value->cell.integer);
}

}  // namespace

RowRange row_range(const Expression* limit, const Expression* offset, EvalContext* values,
                   std::uint64_t max_rows) {
  RowRange range;
  if (limit != nullptr) range.limit = row_count(*limit, values, "the row limit", UINT64_MAX);
  if (offset != nullptr) range.offset = row_count(*offset, values, "the row offset", 0);
  if (max_rows != 0) range.limit = std::min(range.limit, max_rows);
  return range;
}

ScanPlan plan_scan(const PlanInput& input) {
  ScanPlan plan = Planner(input).run();
  if (plan.unsorted.empty() || !input.query.for_engine) return plan;
  PlanInput whole = input;
  whole.level.order = false;
  return Planner(whole).run();
}

}  // namespace graphodbc::query
