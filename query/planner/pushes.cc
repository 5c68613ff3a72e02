#include "query/planner/pushes.h"

#include <algorithm>
#include <optional>

#include "graph/request_url.h"
#include "query/planner/in_batches.h"
#include "query/planner/narrowing.h"

namespace graphodbc::query {
namespace {

using schema::PushClass;
using schema::Table;

// Longer URLs are refused by some services; conditions are left out, longest first.
constexpr std::size_t kLongestUrl = 2000;

class PushChooser {
 public:
  explicit PushChooser(Planning& planning) : planning_(planning) {}

  void run() {
    plan_keys();
    if (query_.search || !plan_.unsorted.empty()) return;
    const bool filters = input_.options.pushdown && input_.level.filter && !plan_.walk;
    if (filters && plan_.fan_out) {
      narrow_parents();
    } else if (filters && table_.filter_supported && !planning_.only_items()) {
      collect_filters();
    }
    fit_order();
    if (filters && table_.filter_supported && !planning_.only_items()) split_list();
    if (is_order_too_dear()) {
      plan_.unsorted = "the order would cost the filter";
      return;
    }
    std::string shape = std::move(batches_shape_);
    for (const Pushed& filter : filters_) {
      for (const std::string& property : filter.properties) shape += property + ",";
    }
    shape += planning_.parent_filter;
    plan_.refusal_key = table_.name + "|" + shape + "|" + order_text(order_);
  }

 private:
  void plan_keys() {
    if (!planning_.is_sorted()) return;
    // One row, or none, is in any order.
    if (plan_.listings.size() <= 1 && planning_.only_items()) return;
    // The engine sorts texts as SQL does, whatever the order that Graph has.
    const bool texts = input_.options.order_by_text && !query_.for_engine;
    order_ = plan_order(query_, conjuncts_, texts, plan_.unsorted);
    if (order_.empty()) return;
    if (!input_.options.pushdown) {
      plan_.unsorted = "Pushdown=off";
    } else if (query_.search) {
      plan_.unsorted = "the rows of a search have an order of their own";
    } else if (plan_.walk || plan_.listings.size() != 1) {
      plan_.unsorted = "the rows come from several requests";
    }
  }

  // Parents that certainly have no row of the result are left out (decisions.md 6).
  void narrow_parents() {
    const schema::FanOut& fan_out = *table_.fan_out;
    if (fan_out.narrow_filter.empty()) return;
    for (std::size_t i = 0; i < conjuncts_.size() && planning_.parent_filter.empty(); ++i) {
      const Condition pushed = push_condition(*conjuncts_[i], PushContext{table_});
      if (!pushed || pushed->filter != fan_out.narrow_when) continue;
      planning_.parent_filter = fan_out.narrow_filter;
      plan_.pushed.push_back(
          {planning_.text_of_conjunct(i), planning_.parent_filter, PushClass::kSuperset});
    }
  }

  void collect_filters() {
    const PushContext context{table_};
    std::size_t terms = 0;
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      if (planning_.is_settled(i)) continue;
      Condition pushed = push_condition(*conjuncts_[i], context);
      if (!pushed || terms + pushed->terms > kMaxTerms) continue;
      // contains() beside $orderby is what mail answers with InefficientFilter (d.1).
      if (pushed->uses_contains && !order_.empty() &&
          table_.order_rule == schema::OrderRule::kMail) {
        given_up_.push_back(i);
        continue;
      }
      terms += pushed->terms;
      sources_.push_back(i);
      filters_.push_back(std::move(*pushed));
    }
    shed_filters();
    for (std::size_t i = 0; i < filters_.size(); ++i) {
      plan_.pushed.push_back(
          {planning_.text_of_conjunct(sources_[i]), filters_[i].filter, filters_[i].push_class});
      pushed_conjuncts_.push_back({sources_[i], filters_[i].push_class, filters_[i].advanced});
    }
  }

  // A list too long for one request as several, which share batches. Those of other rows' keys come
  // from one request, since nobody knows how many there are.
  std::optional<InBatches> long_list() const {
    if (plan_.listings.size() != 1 || plan_.fan_out || query_.filtered_by_keys) return std::nullopt;
    std::size_t terms = 0;
    for (const Pushed& filter : filters_) terms += filter.terms;
    auto batches = split_in_list(conjuncts_, PushContext{table_}, terms);
    if (batches && planning_.is_settled(batches->conjunct)) batches.reset();
    return batches;
  }

  // Rows in an order come from one request.
  void split_list() {
    const auto batches = long_list();
    if (!batches) return;
    if (!order_.empty()) {
      list_given_up_ = true;
      return;
    }
    const Pushed& first = batches->filters[0];
    const Listing listing = std::move(plan_.listings[0]);
    plan_.listings.clear();
    for (const Pushed& filter : batches->filters) {
      plan_.listings.push_back(listing);
      plan_.listings.back().filter = filter.filter;
      planning_.batches_advanced = planning_.batches_advanced || filter.advanced;
    }
    batches_shape_ = "in batches,";
    for (const std::string& property : first.properties) batches_shape_ += property + ",";
    const auto id = static_cast<std::uint32_t>(*table_.find(table_.key[0]));
    plan_.key_column = planning_.scan_column(id);
    plan_.repeated_id = plan_.key_column;
    plan_.pushed.push_back({planning_.text_of_conjunct(batches->conjunct),
                            std::to_string(batches->filters.size()) + " batches of `in`",
                            first.push_class});
    pushed_conjuncts_.push_back({batches->conjunct, first.push_class, planning_.batches_advanced});
  }

  void shed_filters() {
    const auto length = [&] {
      std::string text;
      for (const Pushed& filter : filters_) text += filter.filter + " and ";
      const Options options = {{"$filter", text}};
      return graph::request_url("", options).size();
    };
    const std::size_t room =
        kLongestUrl - std::min(kLongestUrl, planning_.select_text().size() + 200);
    while (!filters_.empty() && length() > room) {
      const auto longest = std::max_element(filters_.begin(), filters_.end(),
                                            [](const Pushed& left, const Pushed& right) {
                                              return left.filter.size() < right.filter.size();
                                            });
      const auto at = longest - filters_.begin();
      filters_.erase(longest);
      sources_.erase(sources_.begin() + at);
    }
  }

  void fit_order() {
    if (order_.empty()) return;
    if (table_.order_rule == schema::OrderRule::kMail && !fit_filters_to_order(order_, filters_)) {
      for (const PushedConjunct& pushed : pushed_conjuncts_) given_up_.push_back(pushed.conjunct);
      filters_.clear();
      plan_.pushed.erase(plan_.pushed.end() - static_cast<std::ptrdiff_t>(pushed_conjuncts_.size()),
                         plan_.pushed.end());
      pushed_conjuncts_.clear();
    }
  }

  // Whether the rows are better asked for by conditions that do not go with the order, and sorted
  // here. In Graph's order every row comes, until as many as the limit have passed; without it only
  // what the conditions leave comes, but all of that. Where most rows pass, as they do a flag, the
  // order is cheaper: a limit is met on the first page, and without a limit nothing has to be kept
  // here to be sorted. Where few pass, as they do a search for a text or a list of values, the
  // conditions are: the order reads on to the table's last page when fewer pass than the limit
  // wants. Conditions that go with the order decide nothing, since they are sent in both cases.
  bool is_order_too_dear() const {
    // The service's own order of texts was asked for (OrderByText=server), and is not ours.
    if (std::any_of(order_.begin(), order_.end(),
                    [](const OrderKeyPlan& key) { return !key.column->sortable; })) {
      return false;
    }
    return list_given_up_ ||
           std::any_of(given_up_.begin(), given_up_.end(), [&](std::size_t conjunct) {
             return narrows(*conjuncts_[conjunct], table_);
           });
  }

  Planning& planning_;
  const PlanInput& input_ = planning_.input;
  const TableQuery& query_ = planning_.query;
  const Table& table_ = planning_.table;
  ScanPlan& plan_ = planning_.plan;
  const std::vector<ExpressionPtr>& conjuncts_ = planning_.conjuncts;
  std::vector<OrderKeyPlan>& order_ = planning_.order;
  std::vector<Pushed>& filters_ = planning_.filters;
  std::vector<PushedConjunct>& pushed_conjuncts_ = planning_.pushed_conjuncts;
  std::vector<std::size_t> sources_;   // conjunct of each filter, until the order is fitted
  std::vector<std::size_t> given_up_;  // conjuncts that would be pushed but for the order
  bool list_given_up_ = false;         // one of them is too long a list for one request
  std::string batches_shape_;          // of the refusal key
};

}  // namespace

void choose_pushes(Planning& planning) {
  PushChooser(planning).run();
}

}  // namespace graphodbc::query
