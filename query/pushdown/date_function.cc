// YEAR(column) op k and CAST(column AS DATE) op d as ranges of the column: all in UTC, so exact.
#include "base/datetime.h"
#include "query/expression/function.h"
#include "query/pushdown/pushed.h"

namespace graphodbc::query {
namespace {

// `unit op value` where the unit begins at `begin` and the next one at `end` (ticks).
Condition push_period(const schema::Column& column, CompareOp op, std::int64_t begin,
                      std::int64_t end) {
  switch (op) {
    case CompareOp::kEqual: {
      Condition low = push_range(column, CompareOp::kGreaterEqual, begin);
      Condition high = push_range(column, CompareOp::kLess, end);
      if (!low || !high) return std::nullopt;
      return both(std::move(*low), *high);
    }
    case CompareOp::kLess:
      return push_range(column, CompareOp::kLess, begin);
    case CompareOp::kLessEqual:
      return push_range(column, CompareOp::kLess, end);
    case CompareOp::kGreater:
      return push_range(column, CompareOp::kGreaterEqual, end);
    case CompareOp::kGreaterEqual:
      return push_range(column, CompareOp::kGreaterEqual, begin);
    case CompareOp::kNotEqual:
      break;
  }
  return std::nullopt;
}

const schema::Column* time_column(const Expression& expression, const PushContext& context) {
  const schema::Column* column = column_under(expression, context);
  return column != nullptr && column->edm == schema::EdmKind::kDateTimeOffset ? column : nullptr;
}

Condition push_year(const Expression& function, const ColumnComparison& comparison,
                    const PushContext& context) {
  const schema::Column* column = time_column(function.child(0), context);
  const base::Cell& cell = comparison.literal->cell;
  if (column == nullptr || cell.kind != base::CellKind::kInt64) return std::nullopt;
  if (cell.integer < 1 || cell.integer > 9998) return std::nullopt;
  const auto year = static_cast<std::int32_t>(cell.integer);
  return push_period(*column, comparison.op,
                     base::days_from_civil({year, 1, 1}) * base::kTicksPerDay,
                     base::days_from_civil({year + 1, 1, 1}) * base::kTicksPerDay);
}

}  // namespace

Condition push_date_function(const Expression& condition, const PushContext& context) {
  const auto comparison = split_comparison(condition);
  if (!comparison) return std::nullopt;
  const Expression& left = *comparison->left;
  if (left.kind == NodeKind::kFunction && left.function != nullptr &&
      left.function->id == FunctionId::kYear) {
    return push_year(left, *comparison, context);
  }
  if (left.kind != NodeKind::kCast || left.type.type != base::SqlType::kDate ||
      comparison->literal->cell.kind != base::CellKind::kDate) {
    return std::nullopt;
  }
  const schema::Column* column = time_column(left.child(0), context);
  const std::int64_t day = comparison->literal->cell.integer;
  if (column == nullptr || day >= base::kMaxDay) return std::nullopt;
  return push_period(*column, comparison->op, day * base::kTicksPerDay,
                     (day + 1) * base::kTicksPerDay);
}

}  // namespace graphodbc::query
