// column op literal, for text, numbers, Booleans and timestamps.
#include "base/datetime.h"
#include "query/pushdown/pushed.h"

namespace graphodbc::query {
namespace {

using schema::PushClass;

const char* odata_operator(CompareOp op) {
  constexpr const char* kOperators[] = {"eq", "ne", "lt", "le", "gt", "ge"};
  return kOperators[static_cast<std::size_t>(op)];
}

bool is_range(CompareOp op) {
  return op != CompareOp::kEqual && op != CompareOp::kNotEqual;
}

std::int64_t floor_second(std::int64_t ticks) {
  const std::int64_t rest = ticks % base::kTicksPerSecond;
  return ticks - (rest < 0 ? rest + base::kTicksPerSecond : rest);
}

Condition push_timestamp(const schema::Column& column, CompareOp op, std::int64_t ticks) {
  const bool whole = floor_second(ticks) == ticks;
  if (is_range(op)) return push_range(column, op, ticks);
  if (whole) {
    const PushClass push_class =
        op == CompareOp::kEqual ? column.push.equal : column.push.not_equal;
    Condition pushed =
        make_pushed(column.filter_path + " " + odata_operator(op) + " " + odata_timestamp(ticks),
                    push_class, column);
    if (pushed && op == CompareOp::kNotEqual) pushed->advanced |= column.push.advanced_not;
    return pushed;
  }
  if (op != CompareOp::kEqual) return std::nullopt;
  Condition low = push_range(column, CompareOp::kGreaterEqual, ticks);
  Condition high = push_range(column, CompareOp::kLessEqual, ticks);
  if (!low || !high) return std::nullopt;
  return both(std::move(*low), *high);
}

}  // namespace

Condition push_range(const schema::Column& column, CompareOp op, std::int64_t ticks) {
  PushClass push_class = column.push.range;
  if (push_class == PushClass::kNone || push_class == PushClass::kLossy) return std::nullopt;
  const bool lower = op == CompareOp::kGreater || op == CompareOp::kGreaterEqual;
  const std::int64_t floor = floor_second(ticks);
  if (floor != ticks) {
    // Widened to whole seconds: the bound itself is inside then.
    ticks = lower ? floor : floor + base::kTicksPerSecond;
    op = lower ? CompareOp::kGreaterEqual : CompareOp::kLessEqual;
    push_class = PushClass::kSuperset;
  }
  if (column.push.inclusive_only && (op == CompareOp::kGreater || op == CompareOp::kLess)) {
    op = lower ? CompareOp::kGreaterEqual : CompareOp::kLessEqual;
    push_class = PushClass::kSuperset;
  }
  if (ticks > base::kMaxDay * base::kTicksPerDay || ticks < base::kMinDay * base::kTicksPerDay) {
    return std::nullopt;
  }
  return make_pushed(column.filter_path + " " + odata_operator(op) + " " + odata_timestamp(ticks),
                     push_class, column);
}

Condition push_comparison(const Expression& condition, const PushContext& context) {
  const auto comparison = split_comparison(condition);
  if (!comparison) return std::nullopt;
  const schema::Column* column = column_under(*comparison->left, context);
  if (column == nullptr) return std::nullopt;
  const Expression& literal = *comparison->literal;
  if (column->edm == schema::EdmKind::kDateTimeOffset) {
    if (literal.cell.kind != base::CellKind::kTimestamp) return std::nullopt;
    return push_timestamp(*column, comparison->op, literal.cell.integer);
  }
  const auto value = odata_value(literal, *column);
  if (!value) return std::nullopt;
  if (column->edm == schema::EdmKind::kBoolean) {
    // <> of a Boolean is = of the other value: nulls are left out either way.
    if (is_range(comparison->op)) return std::nullopt;
    const bool wanted = (*value == "true") == (comparison->op == CompareOp::kEqual);
    return make_pushed(column->filter_path + " eq " + (wanted ? "true" : "false"),
                       column->push.equal, *column);
  }
  const PushClass push_class = comparison->op == CompareOp::kEqual      ? column->push.equal
                               : comparison->op == CompareOp::kNotEqual ? column->push.not_equal
                                                                        : column->push.range;
  Condition pushed =
      make_pushed(column->filter_path + " " + odata_operator(comparison->op) + " " + *value,
                  push_class, *column);
  if (pushed && comparison->op == CompareOp::kNotEqual) {
    pushed->advanced |= column->push.advanced_not;
  }
  return pushed;
}

}  // namespace graphodbc::query
