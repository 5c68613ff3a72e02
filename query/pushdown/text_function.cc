// LOCATE, POSITION, LEFT, RIGHT, SUBSTRING, UCASE, LCASE compared with a literal (sql-dialect.md
// 6).
#include "base/utf.h"
#include "query/expression/function.h"
#include "query/pushdown/pushed.h"

namespace graphodbc::query {
namespace {

using schema::PushClass;

Condition call(const char* function, const schema::Column& column, std::string_view text,
               PushClass push_class) {
  const auto value = odata_text(text);
  if (!value || text.empty()) return std::nullopt;
  Condition pushed =
      make_pushed(std::string(function) + "(" + column.filter_path + "," + *value + ")",
                  push_class == PushClass::kExact ? PushClass::kSuperset : push_class, column);
  return pushed;
}

bool is_text_literal(const Expression& expression) {
  return expression.is_literal() && expression.cell.kind == base::CellKind::kText;
}

bool is_integer_literal(const Expression& expression, std::int64_t value) {
  return expression.is_literal() && expression.cell.kind == base::CellKind::kInt64 &&
         expression.cell.integer == value;
}

// LOCATE('x', column) > 0, >= 1, <> 0: somewhere; = 1: at the start.
Condition push_locate(const Expression& function, const ColumnComparison& comparison,
                      const PushContext& context) {
  if (function.children.size() != 2 || !is_text_literal(function.child(0))) return std::nullopt;
  const schema::Column* column = column_under(function.child(1), context);
  if (column == nullptr || column->edm != schema::EdmKind::kString) return std::nullopt;
  const std::string_view text = function.child(0).cell.view();
  const Expression& number = *comparison.literal;
  if (comparison.op == CompareOp::kEqual && is_integer_literal(number, 1)) {
    return call("startswith", *column, text, column->push.starts_with);
  }
  const bool found = (comparison.op == CompareOp::kGreater && is_integer_literal(number, 0)) ||
                     (comparison.op == CompareOp::kGreaterEqual && is_integer_literal(number, 1)) ||
                     (comparison.op == CompareOp::kNotEqual && is_integer_literal(number, 0));
  if (!found) return std::nullopt;
  Condition pushed = call("contains", *column, text, column->push.contains);
  if (pushed) pushed->uses_contains = true;
  return pushed;
}

// LEFT(column, k) = 'xyz' with k its length; RIGHT and SUBSTRING(column, 1, k) alike.
Condition push_part(const Expression& function, const Expression& length, bool at_end,
                    const ColumnComparison& comparison, const PushContext& context) {
  const schema::Column* column = column_under(function.child(0), context);
  if (column == nullptr || comparison.op != CompareOp::kEqual ||
      !is_text_literal(*comparison.literal)) {
    return std::nullopt;
  }
  const std::string_view text = comparison.literal->cell.view();
  if (!is_integer_literal(length, static_cast<std::int64_t>(base::count_code_points(text)))) {
    return std::nullopt;
  }
  if (!at_end) return call("startswith", *column, text, column->push.starts_with);
  Condition pushed = call("endswith", *column, text, column->push.ends_with);
  if (pushed) pushed->advanced |= column->push.advanced_not;
  return pushed;
}

// UCASE(column) = 'X': Graph ignores case as the column does.
Condition push_case(const Expression& function, const ColumnComparison& comparison,
                    const PushContext& context) {
  const schema::Column* column = column_under(function.child(0), context);
  if (column == nullptr || !column->type.nocase || comparison.op != CompareOp::kEqual) {
    return std::nullopt;
  }
  const auto value = odata_value(*comparison.literal, *column);
  if (!value || column->push.equal == PushClass::kLossy || column->push.equal == PushClass::kNone) {
    return std::nullopt;
  }
  return make_pushed(column->filter_path + " eq " + *value, PushClass::kSuperset, *column);
}

}  // namespace

Condition push_text_function(const Expression& condition, const PushContext& context) {
  const auto comparison = split_comparison(condition);
  if (!comparison) return std::nullopt;
  const Expression* function = comparison->left;
  while (function->kind == NodeKind::kCast && base::is_integer(function->type.type) &&
         base::is_integer(function->child(0).type.type)) {
    function = &function->child(0);
  }
  if (function->kind != NodeKind::kFunction || function->function == nullptr) return std::nullopt;
  switch (function->function->id) {
    case FunctionId::kLocate:
      return push_locate(*function, *comparison, context);
    case FunctionId::kLeft:
      return push_part(*function, function->child(1), false, *comparison, context);
    case FunctionId::kRight:
      return push_part(*function, function->child(1), true, *comparison, context);
    case FunctionId::kSubstring:
      if (function->children.size() != 3 || !is_integer_literal(function->child(1), 1)) {
        return std::nullopt;
      }
      return push_part(*function, function->child(2), false, *comparison, context);
    case FunctionId::kUcase:
    case FunctionId::kLcase:
      return push_case(*function, *comparison, context);
    default:
      return std::nullopt;
  }
}

}  // namespace graphodbc::query
