#include "query/planner/table_query.h"

#include "query/rewrite/rewrite.h"

namespace graphodbc::query {
namespace {

ExpressionPtr copy_of(const ExpressionPtr& expression) {
  return expression ? clone(*expression) : nullptr;
}

}  // namespace

TableQuery copy_of(const TableQuery& query) {
  TableQuery copy;
  copy.table = query.table;
  for (const ExpressionPtr& output : query.outputs) copy.outputs.push_back(clone(*output));
  copy.where = copy_of(query.where);
  copy.search = copy_of(query.search);
  for (const BoundOrderKey& key : query.order) {
    copy.order.push_back(
        {clone(*key.expression), key.output, key.descending, key.nulls, key.position});
  }
  copy.limit = copy_of(query.limit);
  copy.offset = copy_of(query.offset);
  copy.for_engine = query.for_engine;
  copy.keyed = query.keyed;
  copy.filtered_by_keys = query.filtered_by_keys;
  copy.position = query.position;
  return copy;
}

void number_from_zero(Expression& expression, std::uint32_t first, std::uint32_t width) {
  if (first == 0) return;
  std::vector<std::uint32_t> mapping(first + width, 0);
  for (std::uint32_t i = 0; i < width; ++i) mapping[first + i] = i;
  remap_columns(expression, mapping);
}

void add_condition(TableQuery& query, ExpressionPtr condition) {
  query.where = both(std::move(query.where), std::move(condition));
}

}  // namespace graphodbc::query
