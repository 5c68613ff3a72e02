#include "query/executor/scan_request.h"

#include <algorithm>
#include <utility>

#include "base/datetime.h"
#include "base/url.h"
#include "graph/batch_scan.h"
#include "graph/request_url.h"
#include "query/executor/analysis.h"
#include "query/executor/withheld.h"

namespace graphodbc::query {
namespace {

// Listings that are opened together at most: a multiple of every size of a batch.
constexpr std::size_t kLargestWave = 500;

// What all requests for the table's data have in common.
graph::ScanRequest request_to(const Execution& execution, const std::string& mailbox) {
  const schema::Table& table = *execution.plan->table;
  graph::ScanRequest request;
  request.service = table.service;
  request.mailbox = mailbox;
  request.table_name = table.name;
  if (execution.session->options.app_only) {
    request.least_permissions = table.least_application;
  } else {
    request.least_permissions = table.least_delegated;
    request.least_for_others = table.least_for_others;
  }
  request.deadline = execution.options.deadline;
  if (execution.measure != nullptr) request.statistics = execution.measure->scan;
  return request;
}

// Of one item or count: asks for one value.
void ask_for(graph::ScanRequest& request, graph::ScanColumn value) {
  request.columns.push_back(std::move(value));
  request.single_item = true;
  request.paging = schema::PagingStyle::kNone;
}

// What the planner wrote as a text (Listing::constants).
base::Value constant_value(const schema::Column& column, const std::string& text) {
  if (column.edm != schema::EdmKind::kDateTimeOffset) return base::Value::text(text);
  const auto ticks = base::parse_timestamp(text);
  return ticks ? base::Value(base::Cell::of_integer(base::CellKind::kTimestamp, *ticks))
               : base::Value();
}

graph::ScanColumn scan_column(const schema::Table& table, std::uint32_t index,
                              const Listing& listing, const std::string& signed_in_id,
                              bool fan_out) {
  const schema::Column& column = table.columns[index];
  graph::ScanColumn result;
  result.edm = column.edm;
  result.name = table.name + "." + column.name;
  for (const auto& [constant, value] : listing.constants) {
    if (constant != index) continue;
    result.constant = constant_value(column, value);
    return result;
  }
  result.parent_key = fan_out && column.role == schema::ColumnRole::kParent;
  result.json_path = column.json_path;
  if (column.role == schema::ColumnRole::kContext && column.json_path.empty() &&
      !signed_in_id.empty()) {
    result.constant = base::Value::text(signed_in_id);
  }
  return result;
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

std::size_t wave_size(const ScanPlan& plan, std::span<const Listing> listings) {
  const bool single = listings.front().single;
  const std::size_t parts = single ? plan.items_in_batch : plan.lists_in_batch;
  const std::size_t most = parts == 1 ? 1 : kLargestWave;
  std::size_t size = 1;
  while (size < std::min(most, listings.size()) && listings[size].single == single) ++size;
  return size;
}

Options listing_query(const ScanPlan& plan, bool single, const std::string& filter) {
  Options options = single ? plan.item_query : plan.query;
  if (filter.empty()) return options;
  for (auto& [name, value] : options) {
    if (name != "$filter") continue;
    value = filter + " and " + value;
    return options;
  }
  options.emplace_back("$filter", filter);
  return options;
}

std::string listing_url(const ScanPlan& plan, const std::string& path, const std::string& filter,
                        bool single, bool batched) {
  graph::ScanRequest request;
  request.path = path;
  request.query = listing_query(plan, single, filter);
  request.single_item = single;
  request.page_size = plan.page_size;
  if (batched) request = graph::in_batch(std::move(request));
  return graph::request_url(request.path, request.query);
}

graph::ScanRequest make_scan_request(const Execution& execution, const Listing& listing,
                                     const std::string& signed_in_id) {
  const ScanPlan& plan = *execution.plan;
  const schema::Table& table = *plan.table;
  graph::ScanRequest request = request_to(execution, listing.mailbox);
  request.path = listing.path;
  request.query = listing_query(plan, listing.single, listing.filter);
  name_full_permissions(request, execution);
  request.headers = plan.headers;
  for (std::uint32_t column : plan.columns) {
    request.columns.push_back(scan_column(table, column, listing, signed_in_id, plan.fan_out));
  }
  request.single_item = listing.single;
  request.may_be_missing = listing.may_be_missing;
  request.owner_may_lack_it = plan.keyed;
  // Pages of a search cannot be asked for by position (contract sheet d.1).
  request.paging = listing.single    ? schema::PagingStyle::kNone
                   : plan.has_search ? schema::PagingStyle::kSkipToken
                                     : table.paging;
  request.page_size = listing.single ? 0 : plan.page_size;
  if (plan.fan_out) {
    request.expansion = graph::Expansion{table.fan_out->expand, table.fan_out->key};
    request.paging = table.fan_out->paging;
  }
  if (!listing.single && plan.key_column) request.key_column = *plan.key_column;
  return request;
}

graph::ScanRequest make_identity_request(const Execution& execution) {
  graph::ScanRequest request;
  request.path = "/me";
  request.query = {{"$select", "id"}};
  graph::ScanColumn id;
  id.json_path = {"id"};
  id.name = "Me.Id";
  ask_for(request, std::move(id));
  request.service = schema::Service::kDirectory;
  request.mailbox = "me";
  request.table_name = "Me";
  request.least_permissions = {"User.Read"};
  request.deadline = execution.options.deadline;
  if (execution.measure != nullptr) request.statistics = execution.measure->identity;
  return request;
}

graph::ScanRequest make_unlisted_request(const Execution& execution, const Listing& listing) {
  const ScanPlan& plan = *execution.plan;
  const schema::Table& table = *plan.table;
  const schema::Column& column = table.columns[plan.columns[*plan.unlisted_column]];
  graph::ScanRequest request = request_to(execution, listing.mailbox);
  request.path = listing.unlisted;
  request.query = {{"$select", column.select_name}};
  request.headers = plan.headers;
  graph::ScanColumn value;
  value.json_path = column.json_path;
  value.edm = column.edm;
  value.name = table.name + "." + column.name;
  ask_for(request, std::move(value));
  if (table.listed.alike) {
    // One row of the list is as good as any.
    request.query.emplace_back("$top", "1");
    request.query.insert(request.query.end(), table.query.begin(), table.query.end());
    request.single_item = false;
    request.paging = table.paging;
    request.page_size = 1;
    request.row_limit = 1;
  }
  request.owner_may_lack_it = plan.keyed;
  return request;
}

graph::ScanRequest make_count_request(const Execution& execution) {
  const ScanPlan& plan = *execution.plan;
  graph::ScanRequest request = request_to(execution, plan.listings[0].mailbox);
  request.path = plan.listings[0].path;
  request.query = *plan.count_query;
  name_full_permissions(request, execution);
  request.headers = plan.count_headers;
  graph::ScanColumn count;
  count.json_path = {"@odata.count"};
  count.edm = schema::EdmKind::kInt64;
  count.name = plan.table->name + "'s count";
  ask_for(request, std::move(count));
  return request;
}

Listing child_listing(const ScanPlan& plan, const Listing& parent, const std::string& id) {
  Listing child;
  child.path = plan.table->walk->children;
  replace_all(child.path, "{context}", parent.context_path);
  replace_all(child.path, "{Id}", base::percent_encode(id));
  child.pattern = plan.table->walk->children;
  replace_all(child.pattern, "{context}", parent.context_pattern);
  child.context_path = parent.context_path;
  child.context_pattern = parent.context_pattern;
  child.mailbox = parent.mailbox;
  child.may_be_missing = true;  // a folder may go while the walk is on its way
  child.constants = parent.constants;
  return child;
}

}  // namespace graphodbc::query
