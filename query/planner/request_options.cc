#include "query/planner/request_options.h"

#include <algorithm>

#include "graph/batch_scan.h"

namespace graphodbc::query {
namespace {

using schema::PushClass;
using schema::Table;

// Parents that are asked for their rows together, however few rows are wanted.
constexpr std::uint64_t kFewestParents = 100;

class RequestWriter {
 public:
  explicit RequestWriter(Planning& planning) : planning_(planning) {}

  void run() {
    build_options();
    build_headers();
    build_count();
  }

 private:
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

  // Whether Graph settles the whole condition.
  bool exact() const {
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      if (!planning_.is_settled(i) && !planning_.is_exact(i)) return false;
    }
    return true;
  }

  void build_options() {
    const std::string select = planning_.select_text();
    bound_batches();
    if (plan_.fan_out) return build_fan_out(select);
    if (!select.empty()) {
      plan_.query.emplace_back("$select", select);
      plan_.item_query.emplace_back("$select", select);
    }
    if (query_.search) add_search();
    std::string filter;
    bool advanced = planning_.batches_advanced;
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
    plan_.has_filter = !planning_.parent_filter.empty();
    if (plan_.has_filter) plan_.query.emplace_back("$filter", planning_.parent_filter);
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
    const ExpressionPtr text = folded(*query_.search, input_.values);
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

  Planning& planning_;
  const PlanInput& input_ = planning_.input;
  const TableQuery& query_ = planning_.query;
  const Table& table_ = planning_.table;
  ScanPlan& plan_ = planning_.plan;
  const std::vector<ExpressionPtr>& conjuncts_ = planning_.conjuncts;
  const std::vector<OrderKeyPlan>& order_ = planning_.order;
  const std::vector<Pushed>& filters_ = planning_.filters;
  bool advanced_ = false;
};

}  // namespace

void write_request(Planning& planning) {
  RequestWriter(planning).run();
}

}  // namespace graphodbc::query
