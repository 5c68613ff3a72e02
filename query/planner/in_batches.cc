#include "query/planner/in_batches.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "graph/request_url.h"

namespace graphodbc::query {
namespace {

// Beyond them the collection is likely to cost less, as with keys.
constexpr std::size_t kMostValues = 500;
// A request for fewer values is hardly better than one for all rows.
constexpr std::size_t kFewestTerms = 5;
// Of a batch's filter as it stands in the URL, so that it fits beside what else is asked for.
constexpr std::size_t kLongestFilter = 1000;

std::size_t encoded_size(const std::string& text) {
  return graph::request_url("", {{"f", text}}).size();
}

// `a IN (values)` with those of `list` from `first` to `end`.
ExpressionPtr part_of(const Expression& list, std::size_t first, std::size_t end) {
  ExpressionPtr part = clone(list);
  part->set = nullptr;
  std::vector<ExpressionPtr> children;
  children.push_back(std::move(part->children[0]));
  for (std::size_t at = first; at < end; ++at) {
    children.push_back(std::move(part->children[at]));
  }
  part->children = std::move(children);
  return part;
}

std::vector<Pushed> batches_of(const Expression& list, const PushContext& context,
                               std::size_t most) {
  std::vector<Pushed> filters;
  for (std::size_t first = 1; first < list.children.size();) {
    std::size_t end = std::min(list.children.size(), first + most);
    Condition pushed = push_in_list(*part_of(list, first, end), context);
    while (pushed && end > first + 1 && encoded_size(pushed->filter) > kLongestFilter) {
      --end;
      pushed = push_in_list(*part_of(list, first, end), context);
    }
    if (!pushed) return {};
    filters.push_back(std::move(*pushed));
    first = end;
  }
  return filters;
}

// NULL is equal to nothing, and what stands there twice is asked for once. Null when there are more
// than kMostValues.
ExpressionPtr with_distinct_values(const Expression& list) {
  std::unordered_set<std::string_view> seen;
  std::vector<std::size_t> kept;
  for (std::size_t at = 1; at < list.children.size(); ++at) {
    const base::Cell& cell = list.children[at]->cell;
    if (cell.is_null()) continue;
    if (cell.kind == base::CellKind::kText && !seen.insert(cell.view()).second) continue;
    if (kept.size() == kMostValues) return nullptr;
    kept.push_back(at);
  }
  ExpressionPtr distinct = clone(list);
  distinct->set = nullptr;
  std::vector<ExpressionPtr> children;
  children.reserve(kept.size() + 1);
  children.push_back(std::move(distinct->children[0]));
  for (const std::size_t at : kept) children.push_back(std::move(distinct->children[at]));
  distinct->children = std::move(children);
  return distinct;
}

bool is_long_list(const Expression& condition) {
  return condition.kind == NodeKind::kInList && !condition.negated &&
         condition.children.size() > kMaxTerms + 1 &&
         std::all_of(condition.children.begin() + 1, condition.children.end(),
                     [](const ExpressionPtr& child) { return child->is_literal(); });
}

}  // namespace

std::optional<InBatches> split_in_list(const std::vector<ExpressionPtr>& conjuncts,
                                       const PushContext& context, std::size_t terms) {
  if (terms + kFewestTerms > kMaxTerms) return std::nullopt;
  for (std::size_t i = 0; i < conjuncts.size(); ++i) {
    if (!is_long_list(*conjuncts[i])) continue;
    const ExpressionPtr list = with_distinct_values(*conjuncts[i]);
    if (!list || list->children.size() == 1) continue;
    InBatches batches{i, batches_of(*list, context, kMaxTerms - terms)};
    if (batches.filters.size() > 1) return batches;
  }
  return std::nullopt;
}

}  // namespace graphodbc::query
