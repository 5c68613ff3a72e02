// Late materialization: a result column that nothing is computed with is read from its scan's row
// at the end; until then SQLite sorts, joins and stores only the row's number.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "query/engine/columns_in_use.h"
#include "query/engine/emitter.h"

namespace graphodbc::query {
namespace {

bool is_long(const base::TypeInfo& type) {
  return type.type == base::SqlType::kWLongVarChar || type.type == base::SqlType::kLongVarBinary;
}

}  // namespace

std::optional<EmittedQuery::Output::Kept> Emitter::scan_column(const Expression& expression) const {
  if (expression.kind != NodeKind::kColumn) return std::nullopt;
  const std::uint32_t first = place_of(expression.index).first;
  const auto scan = scans_.find(first);
  if (scan == scans_.end()) return std::nullopt;
  const std::vector<std::uint32_t>& columns = plan_.scans[scan->second].columns;
  const auto at = std::find(columns.begin(), columns.end(), expression.index - first);
  if (at == columns.end()) return std::nullopt;
  return EmittedQuery::Output::Kept{scan->second, static_cast<std::size_t>(at - columns.begin())};
}

// A LIMIT is SQLite's: its sort then drops rows as it goes.
bool Emitter::choose_sort(std::uint64_t max_rows) {
  out_.kept.assign(plan_.scans.size(), false);
  const BoundQuery& top = *plan_.query;
  const bool plain = is_top_select(top) && !top.where && !top.limit && !top.offset && max_rows == 0;
  if (!plain || top.order.empty() || !top.from || !top.from->relation) return false;
  const auto scan = scans_.find(top.from->relation->first_column);
  if (scan == scans_.end() || out_.materialized[scan->second]) return false;
  std::vector<EmittedQuery::Output> outputs;
  for (std::size_t at = 0; at < top.outputs.size(); ++at) {
    const auto column = scan_column(*top.outputs[at]);
    if (!column || !passes_as(column_type(top.outputs[at]->index), out_.types[at])) return false;
    outputs.push_back({0, column});
  }
  std::vector<SortKey> keys;
  for (const BoundOrderKey& item : top.order) {
    const auto column = scan_column(*item.expression);
    if (!column) return false;
    const base::TypeInfo& type = item.output ? out_.types[*item.output] : item.expression->type;
    const bool nulls_low = item.nulls == sqlparser::NullsOrder::kDefault;  // as in order_by()
    keys.push_back({column->column, item.descending,
                    nulls_low ? !item.descending : item.nulls == sqlparser::NullsOrder::kFirst,
                    base::is_text(type.type) && type.nocase});
  }
  out_.outputs = std::move(outputs);
  out_.sort = std::move(keys);
  out_.kept[scan->second] = true;
  return true;
}

// All rows of the scan are held anyway, in its table or in the sort, so they may as well be held
// here. It is worth it for text that is only handed on.
void Emitter::choose_kept(std::uint64_t max_rows) {
  const BoundQuery& top = *plan_.query;
  if (!is_top_select(top)) return;
  const bool sorted_whole = !top.order.empty() && !top.limit && max_rows == 0;
  const std::set<std::uint32_t> used = columns_in_use(top);
  for (const ExpressionPtr& output : top.outputs) {
    const auto column = scan_column(*output);
    if (!column || used.contains(output->index) || !base::is_text(output->type.type)) continue;
    if (sorted_whole || out_.materialized[column->scan]) out_.kept[column->scan] = true;
  }
  // SQLite holds what it computes with, and of bodies one copy is enough.
  for (std::size_t at = 0; at < plan_.scans.size(); ++at) {
    const ScanSpec& scan = plan_.scans[at];
    const bool computes_with_long =
        std::any_of(scan.columns.begin(), scan.columns.end(), [&](std::uint32_t column) {
          return used.contains(scan.first_column + column) &&
                 is_long(column_type(scan.first_column + column));
        });
    if (computes_with_long) out_.kept[at] = false;
  }
}

bool Emitter::is_top_select(const BoundQuery& bound) const {
  return &bound == plan_.query.get() && bound.kind == QueryKind::kSelect && !bound.distinct &&
         !bound.grouped && !bound.percent && !bound.with_ties;
}

std::string Emitter::top_list(const std::vector<ExpressionPtr>& outputs, const Types& types) {
  std::string text;
  std::size_t columns = 0;
  std::map<std::size_t, std::size_t> numbers;  // scan to SQLite's column
  const auto add = [&](const std::string& column) {
    text += (columns > 0 ? "," : "") + column + " AS o" + std::to_string(columns);
    return columns++;
  };
  for (std::size_t at = 0; at < outputs.size(); ++at) {
    const auto kept = scan_column(*outputs[at]);
    if (!kept || !out_.kept[kept->scan] || !passes_as(column_type(outputs[at]->index), types[at])) {
      out_.outputs.push_back({add(value(*outputs[at], types[at])), std::nullopt});
      continue;
    }
    auto number = numbers.find(kept->scan);
    if (number == numbers.end()) {
      const std::uint32_t first = plan_.scans[kept->scan].first_column;
      number = numbers.emplace(kept->scan, add("r" + std::to_string(first) + ".row_number")).first;
      numbered_.insert(kept->scan);
    }
    out_.outputs.push_back({number->second, kept});
  }
  return text;
}

std::string Emitter::top_order_key(std::size_t output, const Types& types) {
  const EmittedQuery::Output& place = out_.outputs[output];
  if (!place.kept) return collated(std::to_string(place.column + 1), types[output]);
  return collated(value(*folded(*plan_.query->outputs[output]), types[output]), types[output]);
}

}  // namespace graphodbc::query
