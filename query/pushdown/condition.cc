// Which rule a condition falls to, and what the rules share.
#include "base/error.h"
#include "query/pushdown/pushed.h"

namespace graphodbc::query {
namespace {

using schema::PushClass;

// Conversions that keep every value and its equality: BIT as a number, a longer text.
bool keeps_values(const Expression& cast) {
  const base::SqlType from = cast.child(0).type.type;
  const base::SqlType to = cast.type.type;
  if (from == base::SqlType::kBit || base::is_integer(from)) {
    return base::is_integer(to) || to == base::SqlType::kDecimal || to == base::SqlType::kDouble ||
           to == base::SqlType::kBit;
  }
  return base::is_text(from) && base::is_text(to) && cast.type.size >= cast.child(0).type.size;
}

void add_property(std::vector<std::string>& properties, const std::string& property) {
  for (const std::string& known : properties) {
    if (known == property) return;
  }
  properties.push_back(property);
}

CompareOp mirrored(CompareOp op) {
  switch (op) {
    case CompareOp::kLess:
      return CompareOp::kGreater;
    case CompareOp::kLessEqual:
      return CompareOp::kGreaterEqual;
    case CompareOp::kGreater:
      return CompareOp::kLess;
    case CompareOp::kGreaterEqual:
      return CompareOp::kLessEqual;
    case CompareOp::kEqual:
    case CompareOp::kNotEqual:
      break;
  }
  return op;
}

PushClass weaker(PushClass left, PushClass right) {
  return left == PushClass::kExact ? right : left;
}

}  // namespace

Condition push_condition(const Expression& condition, const PushContext& context) {
  static constexpr PushRule kRules[] = {push_logic,         push_boolean,      push_comparison,
                                        push_in_list,       push_like,         push_null_test,
                                        push_text_function, push_date_function};
  for (PushRule rule : kRules) {
    Condition pushed = rule(condition, context);
    if (pushed && pushed->terms <= kMaxTerms) return pushed;
  }
  return std::nullopt;
}

const schema::Column* column_under(const Expression& expression, const PushContext& context) {
  const Expression* at = &expression;
  while (at->kind == NodeKind::kCast && keeps_values(*at)) at = &at->child(0);
  if (at->kind != NodeKind::kColumn || at->index >= context.table.columns.size()) return nullptr;
  const schema::Column& column = context.table.columns[at->index];
  return column.role == schema::ColumnRole::kProperty ? &column : nullptr;
}

std::optional<ColumnComparison> split_comparison(const Expression& condition) {
  if (condition.kind != NodeKind::kComparison) return std::nullopt;
  const Expression& left = condition.child(0);
  const Expression& right = condition.child(1);
  if (left.is_literal() == right.is_literal()) return std::nullopt;
  ColumnComparison result;
  result.left = right.is_literal() ? &left : &right;
  result.literal = right.is_literal() ? &right : &left;
  result.op = right.is_literal() ? condition.comparison : mirrored(condition.comparison);
  if (result.literal->cell.is_null()) return std::nullopt;
  return result;
}

Condition make_pushed(std::string filter, PushClass push_class, const schema::Column& column) {
  if (push_class == PushClass::kNone || push_class == PushClass::kLossy) return std::nullopt;
  Pushed pushed;
  pushed.filter = std::move(filter);
  pushed.push_class = push_class;
  pushed.advanced = column.push.advanced;
  pushed.properties = {column.filter_path};
  return pushed;
}

Pushed both(Pushed left, const Pushed& right) {
  left.filter += " and " + right.filter;
  left.push_class = weaker(left.push_class, right.push_class);
  left.advanced = left.advanced || right.advanced;
  left.uses_contains = left.uses_contains || right.uses_contains;
  left.conjunction = true;
  left.terms += right.terms;
  for (const std::string& property : right.properties) add_property(left.properties, property);
  return left;
}

// AND: what can be pushed is; exact only if all was. OR: every arm needs a form. NOT: the binder
// has moved it inward, and what is left of it stays local, since a negated superset misses rows.
Condition push_logic(const Expression& condition, const PushContext& context) {
  const bool conjunction = condition.kind == NodeKind::kAnd;
  if (!conjunction && condition.kind != NodeKind::kOr) return std::nullopt;
  Condition result;
  bool all = true;
  for (const ExpressionPtr& child : condition.children) {
    Condition part = push_condition(*child, context);
    if (!part) {
      if (!conjunction) return std::nullopt;
      all = false;
      continue;
    }
    if (conjunction) {
      result = result ? both(std::move(*result), *part) : std::move(part);
      continue;
    }
    if (part->conjunction) part->filter = "(" + part->filter + ")";
    part->conjunction = false;
    if (!result) {
      result = std::move(part);
      continue;
    }
    const std::string joined = result->filter + " or " + part->filter;
    result = both(std::move(*result), *part);
    result->filter = joined;
  }
  if (!result) return result;
  if (!all) result->push_class = PushClass::kSuperset;
  if (!conjunction) {
    result->conjunction = false;
    result->filter = "(" + result->filter + ")";
  }
  return result;
}

}  // namespace graphodbc::query
