// Arithmetic, concatenation, CASE and CAST: what types they take and give (sql-dialect.md 4).
#include <algorithm>

#include "query/expression/function.h"
#include "query/expression/internal.h"

namespace graphodbc::query {

using base::SqlType;
using base::TypeInfo;

namespace {

constexpr std::string_view kOperatorNames[] = {"+", "-", "*", "/", "%"};

std::string_view name_of(ArithmeticOp op) {
  return kOperatorNames[static_cast<std::size_t>(op)];
}

// Precision over 38 takes digits from the scale, down to 6 (4.2 "cut to 38").
TypeInfo cut_decimal(int precision, int scale) {
  if (precision > 38) {
    const int whole = precision - scale;
    scale = std::max(std::min(scale, 38 - whole), std::min(scale, 6));
    precision = 38;
  }
  return base::decimal_type(static_cast<std::uint32_t>(precision),
                            static_cast<std::int16_t>(scale));
}

TypeInfo decimal_result(ArithmeticOp op, const TypeInfo& left, const TypeInfo& right) {
  const int p1 = static_cast<int>(left.size);
  const int p2 = static_cast<int>(right.size);
  const int s1 = left.scale;
  const int s2 = right.scale;
  switch (op) {
    case ArithmeticOp::kMultiply:
      return cut_decimal(p1 + p2 + 1, s1 + s2);
    case ArithmeticOp::kDivide: {
      const int scale = std::max(6, s1 + p2 + 1);
      return cut_decimal(p1 - s1 + s2 + scale, scale);
    }
    case ArithmeticOp::kModulo:
      return cut_decimal(std::min(p1 - s1, p2 - s2) + std::max(s1, s2), std::max(s1, s2));
    case ArithmeticOp::kAdd:
    case ArithmeticOp::kSubtract:
      break;
  }
  return cut_decimal(std::max(p1 - s1, p2 - s2) + std::max(s1, s2) + 1, std::max(s1, s2));
}

bool is_big(const TypeInfo& type) {
  return type.type == SqlType::kBigInt;
}
bool is_whole(const TypeInfo& type) {
  return base::is_integer(type.type) || type.type == SqlType::kBit;
}

TypeInfo arithmetic_type(ArithmeticOp op, const TypeInfo& left, const TypeInfo& right) {
  if (base::is_approximate(left.type) || base::is_approximate(right.type)) {
    return base::double_type();
  }
  if (is_whole(left) && is_whole(right)) {
    return is_big(left) || is_big(right) ? base::bigint_type() : base::integer_type();
  }
  return decimal_result(op, left, right);
}

}  // namespace

ExpressionPtr make_negate(BindContext& context, ExpressionPtr operand, Position position) {
  if (operand->type.type != SqlType::kUnknown) {
    operand = require_number(context, std::move(operand), base::double_type(), "-");
  }
  auto node = std::make_unique<Expression>(NodeKind::kNegate, position);
  node->type = operand->type.type == SqlType::kBit ? base::integer_type() : operand->type;
  node->nullability = operand->nullability;
  node->children.push_back(std::move(operand));
  return node;
}

ExpressionPtr make_arithmetic(BindContext& context, ArithmeticOp op, ExpressionPtr left,
                              ExpressionPtr right, Position position) {
  for (const Expression* operand : {left.get(), right.get()}) {
    if (base::is_datetime(operand->type.type)) {
      fail("42000",
           "operator " + std::string(name_of(op)) + " takes no " + type_name(operand->type) +
               ": add an INTERVAL, or use TIMESTAMPADD or TIMESTAMPDIFF",
           position);
    }
  }
  const TypeInfo left_type = left->type;
  left = require_number(context, std::move(left),
                        is_numberlike(right->type.type) ? right->type : base::double_type(),
                        name_of(op));
  right =
      require_number(context, std::move(right),
                     is_numberlike(left_type.type) ? left_type : base::double_type(), name_of(op));
  auto node = std::make_unique<Expression>(NodeKind::kArithmetic, position);
  node->arithmetic = op;
  node->type = arithmetic_type(op, left->type, right->type);
  node->children.push_back(std::move(left));
  node->children.push_back(std::move(right));
  node->nullability = nullability_of(*node);
  return node;
}

ExpressionPtr make_concat(BindContext& context, ExpressionPtr left, ExpressionPtr right,
                          Position position) {
  left = require_text(context, std::move(left), "||");
  right = require_text(context, std::move(right), "||");
  auto node = std::make_unique<Expression>(NodeKind::kConcat, position);
  for (ExpressionPtr* operand : {&left, &right}) {
    if ((*operand)->kind == NodeKind::kConcat) {
      for (ExpressionPtr& child : (*operand)->children) node->children.push_back(std::move(child));
    } else {
      node->children.push_back(std::move(*operand));
    }
  }
  std::uint64_t length = 0;
  bool nocase = false;
  for (const ExpressionPtr& child : node->children) {
    length += child->type.size;
    nocase = nocase || child->type.nocase;
  }
  node->type = base::text_type(
      static_cast<std::uint32_t>(std::min<std::uint64_t>(length, base::kLongSize)), nocase);
  node->nullability = nullability_of(*node);
  return node;
}

ExpressionPtr make_case(BindContext& context, ExpressionPtr operand, std::vector<CaseArm> arms,
                        ExpressionPtr otherwise, Position position) {
  auto node = std::make_unique<Expression>(NodeKind::kCase, position);
  if (operand) {
    std::vector<ExpressionPtr*> compared{&operand};
    for (CaseArm& arm : arms) compared.push_back(&arm.when);
    // Types the operand from all arms before it is copied into each.
    comparison_type(context, compared, position);
  }
  const bool has_else = otherwise != nullptr;
  if (!has_else) otherwise = make_null(position);
  for (CaseArm& arm : arms) {
    const Position where = arm.when->position;
    arm.when =
        operand ? make_comparison(context, CompareOp::kEqual, copy_operand(*operand, arms.size()),
                                  std::move(arm.when), where)
                : make_condition(context, std::move(arm.when), where);
    node->children.push_back(std::move(arm.when));
    node->children.push_back(std::move(arm.then));
  }
  node->children.push_back(std::move(otherwise));
  std::vector<ExpressionPtr*> results;
  for (std::size_t i = 1; i < node->children.size(); i += 2) results.push_back(&node->children[i]);
  results.push_back(&node->children.back());
  node->type = unify(context, results, position);
  const bool never_null = std::all_of(results.begin(), results.end(), [](const ExpressionPtr* r) {
    return (*r)->nullability == Nullability::kNoNulls;
  });
  node->nullability = has_else && never_null ? Nullability::kNoNulls : Nullability::kNullable;
  return node;
}

ExpressionPtr make_cast(BindContext& context, ExpressionPtr operand, const TypeInfo& type,
                        Position position) {
  infer(context, *operand, type);
  if (!can_convert(operand->type.type, type.type)) {
    fail("42000", "no conversion from " + type_name(operand->type) + " to " + type_name(type),
         position);
  }
  auto node = std::make_unique<Expression>(NodeKind::kCast, position);
  node->type = type;
  node->type.nocase = operand->type.nocase && base::is_text(type.type);
  node->nullability = operand->nullability;
  node->children.push_back(std::move(operand));
  return node;
}

}  // namespace graphodbc::query
