#include "query/planner/planner.h"

#include <algorithm>

#include "base/error.h"
#include "graph/batch_scan.h"
#include "graph/request_url.h"
#include "query/planner/conjuncts.h"
#include "query/planner/in_batches.h"
#include "query/planner/listings.h"
#include "query/planner/narrowing.h"
#include "query/planner/order.h"

namespace graphodbc::query {
namespace {

using schema::PushClass;
using schema::Table;

// Longer URLs are refused by some services; conditions are left out, longest first.
constexpr std::size_t kLongestUrl = 2000;

// Parents that are asked for their rows together, however few rows are wanted.
constexpr std::uint64_t kFewestParents = 100;

struct PushedConjunct {
  std::size_t conjunct;
  PushClass push_class;
  bool advanced;
};

class Planner {
 public:
  explicit Planner(const PlanInput& input)
      : input_(input), query_(input.query), table_(*input.query.table) {}

  ScanPlan run() {
    plan_.table = &table_;
    plan_.keyed = query_.keyed;
    bound_rows();
    fold_parts();
    choose_rows();
    choose_columns();
    if (!plan_.nothing.empty()) return std::move(plan_);
    push();
    if (!plan_.unsorted.empty()) return std::move(plan_);
    make_claim();
    build_options();
    build_headers();
    build_count();
    describe_residual();
    return std::move(plan_);
  }

 private:
  bool is_sorted() const { return !query_.order.empty() && input_.level.order; }

  void bound_rows() {
    // The first rows of an order are the first only if it is Graph's.
    if (!query_.order.empty() && !is_sorted()) return;
    const RowRange range =
        row_range(query_.limit.get(), query_.offset.get(), input_.values, input_.max_rows);
    plan_.limit = range.limit;
    plan_.offset = range.offset;
    if (!query_.for_engine || plan_.limit == 0) return;
    plan_.limit += std::min(plan_.offset, UINT64_MAX - plan_.limit);
    plan_.offset = 0;
  }

  ExpressionPtr folded(const Expression& expression) const {
    ExpressionPtr copy = clone(expression);
    return input_.values != nullptr ? fold(std::move(copy), *input_.values) : fold(std::move(copy));
  }

  void fold_parts() {
    if (query_.where) conjuncts_ = split_conjuncts(folded(*query_.where));
    // TRUE decides nothing.
    std::erase_if(conjuncts_, [](const ExpressionPtr& conjunct) {
      return conjunct->is_literal() && !is_never_true(*conjunct);
    });
    for (const ExpressionPtr& output : query_.outputs) plan_.outputs.push_back(folded(*output));
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

  bool is_settled(std::size_t conjunct) const {
    return std::find(settled_.begin(), settled_.end(), conjunct) != settled_.end();
  }

  // --- Columns --------------------------------------------------------------------------------

  std::uint32_t scan_column(std::uint32_t table_column) {
    for (std::uint32_t i = 0; i < plan_.columns.size(); ++i) {
      if (plan_.columns[i] == table_column) return i;
    }
    plan_.columns.push_back(table_column);
    return static_cast<std::uint32_t>(plan_.columns.size() - 1);
  }

  void remap(Expression& expression) {
    std::vector<std::uint32_t> used;
    collect_columns(expression, used);
    std::vector<std::uint32_t> mapping(table_.columns.size(), 0);
    for (std::uint32_t column : used) mapping[column] = scan_column(column);
    remap_columns(expression, mapping);
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
        remap(*plan_.outputs[i]);
      }
    }
    std::vector<ExpressionPtr> checks;
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      if (!is_settled(i)) checks.push_back(clone(*conjuncts_[i]));
    }
    if (!checks.empty()) {
      BindContext context;
      const Position position = checks[0]->position;
      plan_.check = make_and(context, std::move(checks), position);
      remap(*plan_.check);
    }
    const auto id = static_cast<std::uint32_t>(*table_.find(table_.key[0]));
    const auto lists = std::count_if(plan_.listings.begin(), plan_.listings.end(),
                                     [](const Listing& listing) { return !listing.single; });
    // Of several lists the long ones are begun anew with larger pages (graph/batch_scan.h).
    if (plan_.walk || lists > 1 || (table_.repeats_rows && lists > 0)) {
      plan_.key_column = scan_column(id);
    }
    if (std::any_of(plan_.listings.begin(), plan_.listings.end(),
                    [](const Listing& listing) { return !listing.unlisted.empty(); })) {
      const schema::Listed& listed = table_.listed;
      plan_.unlisted_column =
          scan_column(listed.alike ? static_cast<std::uint32_t>(*table_.find(listed.column)) : id);
    }
    if (plan_.walk) {
      plan_.walk_id = scan_column(id);
      plan_.walk_condition =
          scan_column(static_cast<std::uint32_t>(*table_.find(table_.walk->descend_if)));
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

  // --- Filter and order -----------------------------------------------------------------------

  bool only_items() const {
    return !plan_.walk && std::all_of(plan_.listings.begin(), plan_.listings.end(),
                                      [](const Listing& listing) { return listing.single; });
  }

  void push() {
    plan_keys();
    if (query_.search || !plan_.unsorted.empty()) return;
    const bool filters = input_.options.pushdown && input_.level.filter && !plan_.walk;
    if (filters && plan_.fan_out) {
      narrow_parents();
    } else if (filters && table_.filter_supported && !only_items()) {
      collect_filters();
    }
    fit_order();
    if (filters && table_.filter_supported && !only_items()) split_list();
    if (is_order_too_dear()) {
      plan_.unsorted = "the order would cost the filter";
      return;
    }
    std::string shape = std::move(batches_shape_);
    for (const Pushed& filter : filters_) {
      for (const std::string& property : filter.properties) shape += property + ",";
    }
    shape += parent_filter_;
    plan_.refusal_key = table_.name + "|" + shape + "|" + order_text(order_);
  }

  void plan_keys() {
    if (!is_sorted()) return;
    // One row, or none, is in any order.
    if (plan_.listings.size() <= 1 && only_items()) return;
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
    for (std::size_t i = 0; i < conjuncts_.size() && parent_filter_.empty(); ++i) {
      const Condition pushed = push_condition(*conjuncts_[i], PushContext{table_});
      if (!pushed || pushed->filter != fan_out.narrow_when) continue;
      parent_filter_ = fan_out.narrow_filter;
      plan_.pushed.push_back({text_of_conjunct(i), parent_filter_, PushClass::kSuperset});
    }
  }

  void collect_filters() {
    const PushContext context{table_};
    std::size_t terms = 0;
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      if (is_settled(i)) continue;
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
          {text_of_conjunct(sources_[i]), filters_[i].filter, filters_[i].push_class});
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
    if (batches && is_settled(batches->conjunct)) batches.reset();
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
      batches_advanced_ = batches_advanced_ || filter.advanced;
    }
    batches_shape_ = "in batches,";
    for (const std::string& property : first.properties) batches_shape_ += property + ",";
    const auto id = static_cast<std::uint32_t>(*table_.find(table_.key[0]));
    plan_.key_column = scan_column(id);
    plan_.repeated_id = plan_.key_column;
    plan_.pushed.push_back({text_of_conjunct(batches->conjunct),
                            std::to_string(batches->filters.size()) + " batches of `in`",
                            first.push_class});
    pushed_conjuncts_.push_back({batches->conjunct, first.push_class, batches_advanced_});
  }

  void shed_filters() {
    const auto length = [&] {
      std::string text;
      for (const Pushed& filter : filters_) text += filter.filter + " and ";
      const Options options = {{"$filter", text}};
      return graph::request_url("", options).size();
    };
    const std::size_t room = kLongestUrl - std::min(kLongestUrl, select_text().size() + 200);
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

  // The pushed conditions as the service understands them: exactly, or without regard to case.
  void make_claim() {
    std::vector<ExpressionPtr> claims;
    const auto id = static_cast<std::uint32_t>(*table_.find(table_.key[0]));
    if (!input_.level.filter) plan_.id_column = scan_column(id);
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
    remap(*plan_.claim);
    plan_.id_column = scan_column(id);
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

  std::string text_of_conjunct(std::size_t conjunct) const {
    return to_sql(*conjuncts_[conjunct],
                  [&](std::uint32_t column) { return table_.columns[column].name; });
  }

  // --- The request ----------------------------------------------------------------------------

  std::string select_text() const {
    const bool loses =
        std::any_of(plan_.columns.begin(), plan_.columns.end(),
                    [&](std::uint32_t column) { return table_.columns[column].lost_by_select; });
    if (!table_.select_supported || loses) return {};
    std::string text;
    std::vector<std::string_view> names;
    const auto add = [&](const std::string& name) {
      if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
      names.push_back(name);
      text += (text.empty() ? "" : ",") + name;
    };
    add(table_.columns[*table_.find(table_.key[0])].select_name);
    for (std::uint32_t column : plan_.columns) add(table_.columns[column].select_name);
    return text;
  }

  // The smallest of the columns' own limits; 0: none has any.
  std::uint32_t column_page() const {
    std::uint32_t page = 0;
    for (std::uint32_t column : plan_.columns) {
      const std::uint32_t own = table_.columns[column].max_page;
      if (own != 0) page = page == 0 ? own : std::min(page, own);
    }
    return page;
  }

  std::uint32_t largest_page() const {
    const std::uint32_t own = column_page();
    const std::uint32_t most = plan_.fan_out ? table_.fan_out->max_page : table_.max_page;
    return own == 0 ? most : std::min(most, own);
  }

  // A batch holds about as much as two pages: what limits a page limits its requests.
  void bound_batches() {
    const std::uint32_t own = column_page();
    plan_.items_in_batch = plan_.lists_in_batch = graph::kBatchParts;
    if (own == 0) return;
    plan_.items_in_batch = std::min<std::size_t>(graph::kBatchParts, own);
    plan_.lists_in_batch =
        std::clamp<std::size_t>(2 * own / graph::kBatchPage, 1, graph::kBatchParts);
  }

  bool exact() const {
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      if (is_settled(i)) continue;
      const auto found =
          std::find_if(pushed_conjuncts_.begin(), pushed_conjuncts_.end(),
                       [&](const PushedConjunct& pushed) { return pushed.conjunct == i; });
      if (found == pushed_conjuncts_.end() || found->push_class != PushClass::kExact) return false;
    }
    return true;
  }

  void build_options() {
    const std::string select = select_text();
    bound_batches();
    if (plan_.fan_out) return build_fan_out(select);
    if (!select.empty()) {
      plan_.query.emplace_back("$select", select);
      plan_.item_query.emplace_back("$select", select);
    }
    if (query_.search) add_search();
    std::string filter;
    bool advanced = batches_advanced_;
    for (const Pushed& pushed : filters_) {
      filter += (filter.empty() ? "" : " and ") + pushed.filter;
      advanced = advanced || pushed.advanced;
    }
    plan_.has_filter = !filter.empty() || plan_.repeated_id;
    if (!filter.empty()) plan_.query.emplace_back("$filter", filter);
    if (!order_.empty()) {
      plan_.order_by = order_text(order_);
      plan_.has_order = true;
      plan_.query.emplace_back("$orderby", plan_.order_by);
      for (const OrderKeyPlan& key : order_) advanced = advanced || key.column->sort_advanced;
      if (plan_.has_filter && table_.order_rule == schema::OrderRule::kDirectory) advanced = true;
    }
    advanced_ = advanced && table_.order_rule == schema::OrderRule::kDirectory;
    add_top();
    if (advanced_) plan_.query.emplace_back("$count", "true");
    for (const auto& option : table_.query) plan_.query.push_back(option);
  }

  void build_fan_out(const std::string& select) {
    const schema::FanOut& fan_out = *table_.fan_out;
    plan_.query.emplace_back("$select", fan_out.key);
    plan_.has_filter = !parent_filter_.empty();
    if (plan_.has_filter) plan_.query.emplace_back("$filter", parent_filter_);
    plan_.query.emplace_back(
        "$expand", fan_out.expand + (select.empty() ? select : "($select=" + select + ")"));
    add_top();
  }

  // `$top` is a page size. When the service settles the whole condition, the first rows are the
  // wanted ones and no larger page is needed (sql-dialect.md 9.4).
  void add_top() {
    const std::uint32_t most = largest_page();
    if (most == 0) return;
    std::uint64_t top = most;
    const std::uint64_t wanted =
        plan_.limit > UINT64_MAX - plan_.offset ? UINT64_MAX : plan_.limit + plan_.offset;
    // Not every parent has a row.
    const std::uint64_t least = plan_.fan_out ? kFewestParents : 0;
    if (exact()) top = std::min<std::uint64_t>(top, std::max(wanted, least));
    plan_.page_size = static_cast<std::uint32_t>(top);
    plan_.query.emplace_back("$top", std::to_string(top));
  }

  void add_search() {
    plan_.has_search = true;
    const ExpressionPtr text = folded(*query_.search);
    std::string value = "?";
    if (text->is_literal() && text->cell.kind == base::CellKind::kText) value = text->cell.view();
    std::string quoted = "\"";
    for (char c : value) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    quoted += "\"";
    plan_.query.emplace_back("$search", quoted);
    plan_.pushed.push_back(
        {"GRAPH_SEARCH('" + value + "')", "$search=" + quoted, PushClass::kExact});
  }

  void build_headers() {
    std::string prefer;
    for (const auto& [name, value] : table_.headers) {
      if (name == "Prefer") {
        prefer += (prefer.empty() ? "" : ", ") + value;
      } else {
        plan_.headers.emplace_back(name, value);
      }
    }
    if (table_.immutable_ids && input_.options.immutable_ids) {
      prefer += (prefer.empty() ? "" : ", ") + std::string("IdType=\"ImmutableId\"");
    }
    if (!prefer.empty()) plan_.headers.emplace_back("Prefer", prefer);
    if (advanced_) plan_.headers.emplace_back("ConsistencyLevel", "eventual");
  }

  // Directory objects are counted by the advanced query, whatever the filter (contract sheet d.3).
  void build_count() {
    if (!(table_.counts_exactly || (input_.options.server_count && table_.max_page != 0)) ||
        !input_.options.pushdown || plan_.listings.size() != 1 || plan_.listings[0].single ||
        plan_.walk || plan_.has_search || plan_.limit != UINT64_MAX || plan_.offset != 0 ||
        !exact()) {
      return;
    }
    const std::string& id = table_.columns[*table_.find(table_.key[0])].select_name;
    plan_.count_query = Options{{"$select", id}, {"$top", "1"}, {"$count", "true"}};
    for (const auto& option : plan_.query) {
      if (option.first == "$filter") plan_.count_query->push_back(option);
    }
    plan_.count_headers = plan_.headers;
    if (!advanced_ && table_.order_rule == schema::OrderRule::kDirectory)
      plan_.count_headers.emplace_back("ConsistencyLevel", "eventual");
  }

  void describe_residual() {
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      if (is_settled(i)) continue;
      const bool exact = std::any_of(
          pushed_conjuncts_.begin(), pushed_conjuncts_.end(), [&](const PushedConjunct& pushed) {
            return pushed.conjunct == i && pushed.push_class == PushClass::kExact;
          });
      if (exact) continue;
      plan_.residual += (plan_.residual.empty() ? "" : " AND ") + text_of_conjunct(i);
    }
  }

  const PlanInput& input_;
  const TableQuery& query_;
  const Table& table_;
  ScanPlan plan_;
  std::vector<ExpressionPtr> conjuncts_;
  std::vector<std::size_t> settled_;
  std::vector<OrderKeyPlan> order_;
  std::vector<Pushed> filters_;
  std::vector<std::size_t> sources_;  // conjunct of each filter, until the order is fitted
  std::vector<PushedConjunct> pushed_conjuncts_;
  std::vector<std::size_t> given_up_;  // conjuncts that would be pushed but for the order
  bool list_given_up_ = false;         // one of them is too long a list for one request
  bool advanced_ = false;
  bool batches_advanced_ = false;  // of a list in batches
  std::string batches_shape_;      // of the refusal key
  std::string parent_filter_;      // of a fan-out
};

std::uint64_t row_count(const Expression& expression, EvalContext* values, const char* what,
                        std::uint64_t unknown) {
  ExpressionPtr value = clone(expression);
  value = values != nullptr ? fold(std::move(value), *values) : fold(std::move(value));
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
