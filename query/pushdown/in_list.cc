// column IN (literals): `in`, or a chain of `or` where the service has no `in`.
#include <algorithm>

#include "query/pushdown/pushed.h"

namespace graphodbc::query {

Condition push_in_list(const Expression& condition, const PushContext& context) {
  if (condition.kind != NodeKind::kInList || condition.negated) return std::nullopt;
  const schema::Column* column = column_under(condition.child(0), context);
  if (column == nullptr) return std::nullopt;
  std::vector<std::string> values;
  for (std::size_t i = 1; i < condition.children.size(); ++i) {
    const Expression& item = condition.child(i);
    if (!item.is_literal()) return std::nullopt;
    if (item.cell.is_null()) continue;  // never equal to anything
    const auto value = odata_value(item, *column);
    if (!value) return std::nullopt;
    if (std::find(values.begin(), values.end(), *value) == values.end()) values.push_back(*value);
  }
  if (values.empty() || values.size() > kMaxTerms) return std::nullopt;
  std::string filter;
  if (values.size() == 1) {
    return make_pushed(column->filter_path + " eq " + values[0], column->push.equal, *column);
  }
  for (const std::string& value : values) {
    if (column->push.or_chain) {
      filter += (filter.empty() ? "(" : " or ") + column->filter_path + " eq " + value;
    } else {
      filter += (filter.empty() ? column->filter_path + " in (" : ",") + value;
    }
  }
  Condition pushed = make_pushed(filter + ")", column->push.in_list, *column);
  if (pushed) pushed->terms = values.size();
  return pushed;
}

}  // namespace graphodbc::query
