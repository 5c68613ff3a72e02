// A Boolean column as a condition: bare, NOT, IS TRUE, IS FALSE.
#include "query/pushdown/pushed.h"

namespace graphodbc::query {
namespace {

Condition push_column(const Expression& operand, bool value, const PushContext& context) {
  const schema::Column* column = column_under(operand, context);
  if (column == nullptr || column->edm != schema::EdmKind::kBoolean) return std::nullopt;
  return make_pushed(column->filter_path + " eq " + (value ? "true" : "false"), column->push.equal,
                     *column);
}

}  // namespace

Condition push_boolean(const Expression& condition, const PushContext& context) {
  switch (condition.kind) {
    case NodeKind::kColumn:
    case NodeKind::kCast:
      return push_column(condition, true, context);
    case NodeKind::kNot:
      return push_column(condition.child(0), false, context);
    case NodeKind::kIsTruth:
      // IS NOT TRUE holds for nulls too, which eq leaves out.
      if (condition.negated || condition.truth == Truth::kUnknown) return std::nullopt;
      if (condition.truth == Truth::kFalse) return push_column(condition.child(0), false, context);
      // In a WHERE, p IS TRUE keeps the rows that p keeps.
      return push_condition(condition.child(0), context);
    default:
      return std::nullopt;
  }
}

}  // namespace graphodbc::query
