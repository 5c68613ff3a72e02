// Comparison of cells of one family. Text beside text is compared in place when no escape is in it.
#include "base/utf.h"
#include "query/expression/function.h"
#include "query/expression/internal.h"
#include "query/expression/number.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::CellKind;
using base::SqlType;
using base::TypeInfo;

int order_of(std::int64_t left, std::int64_t right) {
  return left < right ? -1 : (left > right ? 1 : 0);
}

int compare_integers(const Cell& left, const Cell& right, bool, EvalContext&) {
  return order_of(left.integer, right.integer);
}

int compare_any_numbers(const Cell& left, const Cell& right, bool, EvalContext&) {
  if (left.kind == CellKind::kInt64 && right.kind == CellKind::kInt64) {
    return order_of(left.integer, right.integer);
  }
  return compare_numbers(left, right);
}

int compare_bytes(std::string_view left, std::string_view right) {
  const int order = left.compare(right);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

int compare_binary(const Cell& left, const Cell& right, bool, EvalContext& context) {
  return compare_bytes(bytes_of(left, *context.arena), bytes_of(right, *context.arena));
}

int compare_texts(const Cell& left, const Cell& right, bool nocase, EvalContext& context) {
  const std::string_view a = text_of(left, *context.arena);
  const std::string_view b = text_of(right, *context.arena);
  return base::compare_text(a, b, nocase);
}

}  // namespace

CompareFn compare_function(const TypeInfo& type) {
  if (is_numberlike(type.type)) return compare_any_numbers;
  if (base::is_datetime(type.type)) return compare_integers;
  if (base::is_binary(type.type) || type.type == SqlType::kGuid) return compare_binary;
  return compare_texts;
}

TypeInfo comparison_type(BindContext& context, const std::vector<ExpressionPtr*>& operands,
                         Position position) {
  TypeInfo type;
  // Text gives way to any other type, so other types are looked at first.
  for (const bool take_text : {false, true}) {
    for (const ExpressionPtr* operand : operands) {
      const TypeInfo& own = (*operand)->type;
      if (base::is_text(own.type) != take_text) continue;
      if (take_text && type.type != SqlType::kUnknown && !base::is_text(type.type)) {
        // '2026-01-01 10:00' beside a DATE: the day alone would not be what is meant.
        if (type.type == SqlType::kDate && (*operand)->is_literal() &&
            !(*operand)->cell.is_null() && (*operand)->cell.length > 10) {
          type = base::timestamp_type();
        }
        continue;
      }
      type = common_type(type, own, position);
    }
  }
  for (ExpressionPtr* operand : operands) infer(context, **operand, type);
  return type;
}

ExpressionPtr coerce_for_comparison(BindContext& context, ExpressionPtr operand,
                                    const TypeInfo& type, Position position) {
  const TypeInfo own = operand->type;
  if (type.type == SqlType::kUnknown || own.type == SqlType::kUnknown) return operand;
  if (is_numberlike(type.type)) {
    if (is_numberlike(own.type)) return operand;  // compared exactly as they are
    if (type.type != SqlType::kBit) {
      if (operand->is_literal()) return require_number(context, std::move(operand), type, "this");
      std::vector<ExpressionPtr> arguments;
      arguments.push_back(std::move(operand));
      return make_call(context, function_of(FunctionId::kToNumber), std::move(arguments), position);
    }
  }
  if (own.type == type.type || (base::is_text(own.type) && base::is_text(type.type))) {
    return operand;
  }
  return coerce(context, std::move(operand), type, position);
}

}  // namespace graphodbc::query
