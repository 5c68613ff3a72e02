// column IS [NOT] NULL, where the schema says that Graph's null is SQL's.
#include "query/pushdown/pushed.h"

namespace graphodbc::query {

Condition push_null_test(const Expression& condition, const PushContext& context) {
  if (condition.kind != NodeKind::kIsNull) return std::nullopt;
  const schema::Column* column = column_under(condition.child(0), context);
  if (column == nullptr) return std::nullopt;
  Condition pushed =
      make_pushed(column->filter_path + (condition.negated ? " ne null" : " eq null"),
                  condition.negated ? column->push.is_not_null : column->push.is_null, *column);
  if (pushed) pushed->advanced |= column->push.advanced_not;
  return pushed;
}

}  // namespace graphodbc::query
