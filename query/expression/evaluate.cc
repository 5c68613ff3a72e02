// Evaluation by node kind. Three-valued logic: a null operand of a comparison is unknown.
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "query/expression/constant_set.h"
#include "query/expression/function.h"
#include "query/expression/internal.h"
#include "query/expression/like.h"
#include "query/expression/number.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::CellKind;
using base::SqlType;

[[noreturn]] void invalid_cell(const Expression& node) {
  fail("22018", "a value from the service does not fit " + type_name(node.type), node.position);
}

// Value of a child that is going to be used, not passed on.
inline Cell operand(const Expression& node, const Cell* row, EvalContext& context) {
  if (node.kind == NodeKind::kLiteral) return node.cell;
  const Cell cell = node.kind == NodeKind::kColumn ? row[node.index] : evaluate(node, row, context);
  if (cell.kind == CellKind::kInvalid) [[unlikely]] {
    invalid_cell(node);
  }
  return cell;
}

Truth truth_of(bool value) {
  return value ? Truth::kTrue : Truth::kFalse;
}

Cell cell_of(Truth truth) {
  return truth == Truth::kUnknown ? Cell::null() : Cell::of_bool(truth == Truth::kTrue);
}

bool holds(CompareOp op, int order) {
  switch (op) {
    case CompareOp::kEqual:
      return order == 0;
    case CompareOp::kNotEqual:
      return order != 0;
    case CompareOp::kLess:
      return order < 0;
    case CompareOp::kLessEqual:
      return order <= 0;
    case CompareOp::kGreater:
      return order > 0;
    case CompareOp::kGreaterEqual:
      return order >= 0;
  }
  return false;
}

// ---- Predicates ----

Truth test_comparison(const Expression& node, const Cell* row, EvalContext& context) {
  const Cell left = operand(node.child(0), row, context);
  if (left.is_null()) return Truth::kUnknown;
  const Cell right = operand(node.child(1), row, context);
  if (right.is_null()) return Truth::kUnknown;
  return truth_of(holds(node.comparison, node.compare(left, right, node.nocase, context)));
}

Truth test_and(const Expression& node, const Cell* row, EvalContext& context) {
  Truth result = Truth::kTrue;
  for (const ExpressionPtr& child : node.children) {
    const Truth truth = test(*child, row, context);
    if (truth == Truth::kFalse) return truth;
    if (truth == Truth::kUnknown) result = truth;
  }
  return result;
}

Truth test_or(const Expression& node, const Cell* row, EvalContext& context) {
  Truth result = Truth::kFalse;
  for (const ExpressionPtr& child : node.children) {
    const Truth truth = test(*child, row, context);
    if (truth == Truth::kTrue) return truth;
    if (truth == Truth::kUnknown) result = truth;
  }
  return result;
}

Truth test_not(const Expression& node, const Cell* row, EvalContext& context) {
  const Truth truth = test(node.child(0), row, context);
  if (truth == Truth::kUnknown) return truth;
  return truth_of(truth == Truth::kFalse);
}

Truth test_is_null(const Expression& node, const Cell* row, EvalContext& context) {
  return truth_of(evaluate(node.child(0), row, context).is_null() != node.negated);
}

Truth test_is_truth(const Expression& node, const Cell* row, EvalContext& context) {
  return truth_of((test(node.child(0), row, context) == node.truth) != node.negated);
}

Truth test_is_distinct(const Expression& node, const Cell* row, EvalContext& context) {
  const Cell left = operand(node.child(0), row, context);
  const Cell right = operand(node.child(1), row, context);
  bool distinct = left.is_null() != right.is_null();
  if (!left.is_null() && !right.is_null()) {
    distinct = node.compare(left, right, node.nocase, context) != 0;
  }
  return truth_of(distinct != node.negated);
}

Truth test_between(const Expression& node, const Cell* row, EvalContext& context) {
  const Cell value = operand(node.child(0), row, context);
  if (value.is_null()) return Truth::kUnknown;
  const Cell low = operand(node.child(1), row, context);
  const Cell high = operand(node.child(2), row, context);
  const bool below = !low.is_null() && node.compare(value, low, node.nocase, context) < 0;
  const bool above = !high.is_null() && node.compare(value, high, node.nocase, context) > 0;
  if (below || above) return Truth::kFalse;
  return low.is_null() || high.is_null() ? Truth::kUnknown : Truth::kTrue;
}

Truth test_in_list(const Expression& node, const Cell* row, EvalContext& context) {
  const Cell value = operand(node.child(0), row, context);
  if (value.is_null()) return Truth::kUnknown;
  if (node.set && node.set->takes(value.kind)) {
    if (node.set->contains(value, *context.arena)) return Truth::kTrue;
    return node.set->has_null() ? Truth::kUnknown : Truth::kFalse;
  }
  Truth result = Truth::kFalse;
  for (std::size_t at = 1; at < node.children.size(); ++at) {
    const Cell item = operand(node.child(at), row, context);
    if (item.is_null()) {
      result = Truth::kUnknown;
    } else if (node.compare(value, item, node.nocase, context) == 0) {
      return Truth::kTrue;
    }
  }
  return result;
}

Truth test_like(const Expression& node, const Cell* row, EvalContext& context) {
  const Cell value = operand(node.child(0), row, context);
  if (value.is_null()) return Truth::kUnknown;
  if (node.pattern) return truth_of(node.pattern->matches(text_of(value, *context.arena)));
  const Cell pattern = operand(node.child(1), row, context);
  if (pattern.is_null()) return Truth::kUnknown;
  std::optional<std::string_view> escape;
  if (node.children.size() == 3) {
    const Cell cell = operand(node.child(2), row, context);
    if (cell.is_null()) return Truth::kUnknown;
    escape = text_of(cell, *context.arena);
  }
  const LikePattern compiled(text_of(pattern, *context.arena), escape, node.nocase, node.position);
  return truth_of(compiled.matches(text_of(value, *context.arena)));
}

// ---- Values ----

Cell evaluate_literal(const Expression& node, const Cell*, EvalContext&) {
  return node.cell;
}

Cell evaluate_column(const Expression& node, const Cell* row, EvalContext&) {
  return row[node.index];
}

Cell evaluate_parameter(const Expression& node, const Cell*, EvalContext& context) {
  if (node.index >= context.parameters.size()) {
    fail("07002", "parameter " + std::to_string(node.index + 1) + " is not bound", node.position);
  }
  return context.parameters[node.index].cell();
}

constexpr std::string_view kVerbs[] = {"sum", "difference", "product", "quotient", "remainder"};

[[noreturn]] void overflow(const Expression& node) {
  const std::string_view verb = node.kind == NodeKind::kNegate
                                    ? "negation"
                                    : kVerbs[static_cast<std::size_t>(node.arithmetic)];
  fail("22003", "the " + std::string(verb) + " is out of the range of " + type_name(node.type),
       node.position);
}

bool fits(const base::TypeInfo& type, std::int64_t value) {
  if (type.type == SqlType::kInteger) {
    return value >= std::numeric_limits<std::int32_t>::min() &&
           value <= std::numeric_limits<std::int32_t>::max();
  }
  if (type.type == SqlType::kSmallInt) {
    return value >= std::numeric_limits<std::int16_t>::min() &&
           value <= std::numeric_limits<std::int16_t>::max();
  }
  return true;
}

// A marker beside a whole number is declared as one, but may come with a fraction.
std::int64_t whole(const Expression& node, const Cell& cell) {
  if (cell.kind == CellKind::kInt64 || cell.kind == CellKind::kBool) return cell.integer;
  const auto value = int64_of(cell);
  if (!value || compare_numbers(Cell::of_int64(*value), cell) != 0) {
    fail("22003", "a value is no " + type_name(node.type) + ": write CAST(? AS DOUBLE)",
         node.position);
  }
  return *value;
}

Cell whole_arithmetic(const Expression& node, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  bool failed = false;
  switch (node.arithmetic) {
    case ArithmeticOp::kAdd:
      failed = __builtin_add_overflow(left, right, &result);
      break;
    case ArithmeticOp::kSubtract:
      failed = __builtin_sub_overflow(left, right, &result);
      break;
    case ArithmeticOp::kMultiply:
      failed = __builtin_mul_overflow(left, right, &result);
      break;
    case ArithmeticOp::kDivide:
      failed = right == -1 && left == std::numeric_limits<std::int64_t>::min();
      if (!failed) result = left / right;
      break;
    case ArithmeticOp::kModulo:
      result = right == -1 ? 0 : left % right;
      break;
  }
  if (failed || !fits(node.type, result)) overflow(node);
  return Cell::of_int64(result);
}

Cell real_arithmetic(const Expression& node, double left, double right) {
  double result = 0;
  switch (node.arithmetic) {
    case ArithmeticOp::kAdd:
      result = left + right;
      break;
    case ArithmeticOp::kSubtract:
      result = left - right;
      break;
    case ArithmeticOp::kMultiply:
      result = left * right;
      break;
    case ArithmeticOp::kDivide:
      result = left / right;
      break;
    case ArithmeticOp::kModulo:
      result = std::fmod(left, right);
      break;
  }
  if (!std::isfinite(result) && std::isfinite(left) && std::isfinite(right)) overflow(node);
  return Cell::of_double(result);
}

using DecimalOperation = std::optional<Decimal> (*)(const Decimal&, const Decimal&, int scale);
constexpr DecimalOperation kDecimalOperations[] = {add, subtract, multiply, divide, remainder};

Decimal exact(const Expression& node, const Cell& cell) {
  if (cell.kind != CellKind::kDouble) return decimal_of(cell);
  const auto value = decimal_of_double(cell.real);
  if (!value) overflow(node);
  return *value;
}

Cell evaluate_arithmetic(const Expression& node, const Cell* row, EvalContext& context) {
  const Cell left = operand(node.child(0), row, context);
  if (left.is_null()) return left;
  const Cell right = operand(node.child(1), row, context);
  if (right.is_null()) return right;
  const bool divides =
      node.arithmetic == ArithmeticOp::kDivide || node.arithmetic == ArithmeticOp::kModulo;
  if (divides && compare_numbers(right, Cell::of_int64(0)) == 0) {
    fail("22012", "division by zero", node.position);
  }
  if (base::is_integer(node.type.type)) {
    return whole_arithmetic(node, whole(node, left), whole(node, right));
  }
  if (base::is_approximate(node.type.type)) {
    return real_arithmetic(node, double_of(left), double_of(right));
  }
  const auto result = kDecimalOperations[static_cast<std::size_t>(node.arithmetic)](
      exact(node, left), exact(node, right), node.type.scale);
  if (!result) overflow(node);
  return decimal_cell(*result, *context.arena);
}

Cell evaluate_negate(const Expression& node, const Cell* row, EvalContext& context) {
  const Cell value = operand(node.child(0), row, context);
  if (value.is_null()) return value;
  if (value.kind == CellKind::kDouble) return Cell::of_double(-value.real);
  if (value.kind == CellKind::kInt64 || value.kind == CellKind::kBool) {
    if (value.integer == std::numeric_limits<std::int64_t>::min()) overflow(node);
    if (!fits(node.type, -value.integer)) overflow(node);
    return Cell::of_int64(-value.integer);
  }
  Decimal number = decimal_of(value);
  number.value = -number.value;
  return decimal_cell(number, *context.arena);
}

Cell evaluate_concat(const Expression& node, const Cell* row, EvalContext& context) {
  std::vector<std::string_view> parts;
  parts.reserve(node.children.size());
  std::size_t size = 0;
  for (const ExpressionPtr& child : node.children) {
    const Cell cell = operand(*child, row, context);
    if (cell.is_null()) return cell;
    parts.push_back(text_of(cell, *context.arena));
    size += parts.back().size();
  }
  char* out = context.arena->allocate(size);
  std::size_t written = 0;
  for (const std::string_view part : parts) {
    if (!part.empty()) std::memcpy(out + written, part.data(), part.size());
    written += part.size();
  }
  return Cell::of_text({out, size});
}

Cell evaluate_case(const Expression& node, const Cell* row, EvalContext& context) {
  std::size_t at = 0;
  for (; at + 1 < node.children.size(); at += 2) {
    if (test(node.child(at), row, context) == Truth::kTrue) {
      return operand(node.child(at + 1), row, context);
    }
  }
  return operand(node.child(at), row, context);
}

Cell evaluate_cast(const Expression& node, const Cell* row, EvalContext& context) {
  const Expression& from = node.child(0);
  const Cell value = operand(from, row, context);
  return cast(value, {from.type,
                      node.type,
                      *context.arena,
                      node.position,
                      {},
                      context.statement_start + context.zone_offset,
                      context.warnings});
}

Cell evaluate_function(const Expression& node, const Cell* row, EvalContext& context) {
  std::array<Cell, kMaxArguments> args;
  for (std::size_t at = 0; at < node.children.size(); ++at) {
    args[at] = operand(node.child(at), row, context);
    if (args[at].is_null()) return Cell::null();
  }
  return node.function->evaluate({node, {args.data(), node.children.size()}, context});
}

template <Truth (*tester)(const Expression&, const Cell*, EvalContext&)>
Cell evaluate_predicate(const Expression& node, const Cell* row, EvalContext& context) {
  return cell_of(tester(node, row, context));
}

Truth test_value(const Expression& node, const Cell* row, EvalContext& context) {
  const Cell cell = operand(node, row, context);
  if (cell.is_null()) return Truth::kUnknown;
  // A marker used as a condition may come as any number.
  if (cell.kind != CellKind::kBool && is_number_cell(cell.kind)) {
    return truth_of(compare_numbers(cell, Cell::of_int64(0)) != 0);
  }
  return truth_of(cell.integer != 0);
}

// Aggregates, windows and subqueries are the local engine's.
Cell evaluate_elsewhere(const Expression& node, const Cell*, EvalContext&) {
  fail("HY000", "internal error: a value of many rows is asked of one row", node.position);
}

using EvaluateFn = Cell (*)(const Expression&, const Cell*, EvalContext&);
using TestFn = Truth (*)(const Expression&, const Cell*, EvalContext&);
struct Handler {
  EvaluateFn evaluate;
  TestFn test;
};
// In the order of NodeKind.
constexpr Handler kHandlers[] = {
    {evaluate_literal, test_value},
    {evaluate_column, test_value},
    {evaluate_parameter, test_value},
    {evaluate_negate, test_value},
    {evaluate_arithmetic, test_value},
    {evaluate_concat, test_value},
    {evaluate_predicate<test_comparison>, test_comparison},
    {evaluate_predicate<test_and>, test_and},
    {evaluate_predicate<test_or>, test_or},
    {evaluate_predicate<test_not>, test_not},
    {evaluate_predicate<test_is_null>, test_is_null},
    {evaluate_predicate<test_is_truth>, test_is_truth},
    {evaluate_predicate<test_is_distinct>, test_is_distinct},
    {evaluate_predicate<test_between>, test_between},
    {evaluate_predicate<test_in_list>, test_in_list},
    {evaluate_predicate<test_like>, test_like},
    {evaluate_case, test_value},
    {evaluate_cast, test_value},
    {evaluate_function, test_value},
    {evaluate_elsewhere, test_value},
    {evaluate_elsewhere, test_value},
    {evaluate_elsewhere, test_value},
    {evaluate_elsewhere, test_value},
    {evaluate_elsewhere, test_value},
    {evaluate_elsewhere, test_value},
};
static_assert(std::size(kHandlers) == static_cast<std::size_t>(NodeKind::kQuantified) + 1);

}  // namespace

Cell evaluate(const Expression& expression, const Cell* row, EvalContext& context) {
  return kHandlers[static_cast<std::size_t>(expression.kind)].evaluate(expression, row, context);
}

Truth test(const Expression& expression, const Cell* row, EvalContext& context) {
  return kHandlers[static_cast<std::size_t>(expression.kind)].test(expression, row, context);
}

}  // namespace graphodbc::query
