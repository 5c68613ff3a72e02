// Types of expressions: names, common types, inference of markers, conversions put in.
#include <algorithm>
#include <array>

#include "base/utf.h"
#include "query/expression/function.h"
#include "query/expression/internal.h"

namespace graphodbc::query {

using base::SqlType;
using base::TypeInfo;

namespace {

enum class Group : std::uint8_t { kText, kNumber, kBinary, kDate, kTime, kTimestamp, kGuid };

struct TypeRow {
  SqlType type;
  std::string_view name;
  Group group;
  int rank;  // order of common types; numbers only
};
constexpr TypeRow kTypes[] = {
    {SqlType::kBit, "BIT", Group::kNumber, 0},
    {SqlType::kSmallInt, "SMALLINT", Group::kNumber, 1},
    {SqlType::kInteger, "INTEGER", Group::kNumber, 2},
    {SqlType::kBigInt, "BIGINT", Group::kNumber, 3},
    {SqlType::kDecimal, "DECIMAL", Group::kNumber, 4},
    {SqlType::kReal, "REAL", Group::kNumber, 5},
    {SqlType::kDouble, "DOUBLE", Group::kNumber, 6},
    {SqlType::kWChar, "WCHAR", Group::kText, 0},
    {SqlType::kWVarChar, "WVARCHAR", Group::kText, 0},
    {SqlType::kWLongVarChar, "WLONGVARCHAR", Group::kText, 0},
    {SqlType::kVarBinary, "VARBINARY", Group::kBinary, 0},
    {SqlType::kLongVarBinary, "LONGVARBINARY", Group::kBinary, 0},
    {SqlType::kDate, "DATE", Group::kDate, 0},
    {SqlType::kTime, "TIME", Group::kTime, 0},
    {SqlType::kTimestamp, "TIMESTAMP", Group::kTimestamp, 0},
    {SqlType::kGuid, "GUID", Group::kGuid, 0},
};

const TypeRow* row_of(SqlType type) {
  for (const TypeRow& row : kTypes) {
    if (row.type == type) return &row;
  }
  return nullptr;
}

constexpr unsigned bit(Group group) {
  return 1U << static_cast<unsigned>(group);
}
constexpr unsigned kAnyGroup = 0x7F;
// Which groups each group converts to (Appendix D, as far as our types go).
constexpr std::array<unsigned, 7> kConverts = {
    kAnyGroup,                                                       // text
    bit(Group::kText) | bit(Group::kNumber),                         // number
    bit(Group::kText) | bit(Group::kBinary) | bit(Group::kGuid),     // binary
    bit(Group::kText) | bit(Group::kDate) | bit(Group::kTimestamp),  // date
    bit(Group::kText) | bit(Group::kTime) | bit(Group::kTimestamp),  // time
    bit(Group::kText) | bit(Group::kDate) | bit(Group::kTime) | bit(Group::kTimestamp),
    bit(Group::kText) | bit(Group::kBinary) | bit(Group::kGuid),  // guid
};

[[noreturn]] void no_common_type(const TypeInfo& left, const TypeInfo& right, Position position) {
  fail("42000",
       type_name(left) + " and " + type_name(right) + " have no common type: CAST one of them",
       position);
}

std::uint32_t decimal_digits(const TypeInfo& type) {
  return type.type == SqlType::kBit ? 1 : type.size;
}

TypeInfo common_number(const TypeInfo& left, const TypeInfo& right) {
  const TypeInfo& higher = row_of(left.type)->rank >= row_of(right.type)->rank ? left : right;
  if (higher.type == SqlType::kReal && left.type != right.type) {
    // REAL keeps 7 digits; anything longer beside it needs DOUBLE to stay what it is.
    const TypeInfo& other = &higher == &left ? right : left;
    return decimal_digits(other) > 7 ? base::double_type() : higher;
  }
  if (higher.type != SqlType::kDecimal) return higher;
  const int scale = std::max<int>(left.scale, right.scale);
  const int whole = std::max(static_cast<int>(decimal_digits(left)) - left.scale,
                             static_cast<int>(decimal_digits(right)) - right.scale);
  const int digits = std::min(38, whole + scale);
  return base::decimal_type(static_cast<std::uint32_t>(digits),
                            static_cast<std::int16_t>(std::clamp(38 - whole, 0, scale)));
}

TypeInfo longer(const TypeInfo& left, const TypeInfo& right) {
  TypeInfo result = left.size >= right.size ? left : right;
  if (base::is_text(result.type)) {
    result.nocase = left.nocase || right.nocase;
    if (left.type == SqlType::kWLongVarChar || right.type == SqlType::kWLongVarChar) {
      result.type = SqlType::kWLongVarChar;
    } else if (left.type != right.type) {
      result.type = SqlType::kWVarChar;
    }
  }
  return result;
}

bool has_common(const TypeInfo& left, const TypeInfo& right) {
  if (left.type == SqlType::kUnknown || right.type == SqlType::kUnknown) return true;
  const Group a = row_of(left.type)->group;
  const Group b = row_of(right.type)->group;
  const auto date_or_timestamp = [](Group group) {
    return group == Group::kDate || group == Group::kTimestamp;
  };
  return a == b || (date_or_timestamp(a) && date_or_timestamp(b));
}

}  // namespace

std::string type_name(const TypeInfo& type) {
  const TypeRow* row = row_of(type.type);
  if (row == nullptr) return "an untyped value";
  std::string name(row->name);
  if (type.type == SqlType::kDecimal) {
    return name + "(" + std::to_string(type.size) + "," + std::to_string(type.scale) + ")";
  }
  if (type.type == SqlType::kWVarChar || type.type == SqlType::kWChar ||
      type.type == SqlType::kVarBinary) {
    return name + "(" + std::to_string(type.size) + ")";
  }
  return name;
}

bool can_convert(SqlType from, SqlType to) {
  const TypeRow* source = row_of(from);
  const TypeRow* target = row_of(to);
  if (source == nullptr || target == nullptr) return true;
  return (kConverts[static_cast<std::size_t>(source->group)] & bit(target->group)) != 0;
}

TypeInfo common_type(const TypeInfo& left, const TypeInfo& right, Position position) {
  if (left.type == SqlType::kUnknown) return right;
  if (right.type == SqlType::kUnknown) return left;
  if (!has_common(left, right)) no_common_type(left, right, position);
  switch (row_of(left.type)->group) {
    case Group::kNumber:
      return common_number(left, right);
    case Group::kText:
    case Group::kBinary:
    case Group::kTime:
      return longer(left, right);
    case Group::kDate:
    case Group::kTimestamp:
      if (left.type == right.type) return longer(left, right);
      return left.type == SqlType::kTimestamp ? left : right;
    case Group::kGuid:
      break;
  }
  return left;
}

TypeInfo unify(BindContext& context, const std::vector<ExpressionPtr*>& branches,
               Position position) {
  // What is not a literal decides; where all are literals, what is not text.
  TypeInfo type;
  for (const ExpressionPtr* branch : branches) {
    if (!(*branch)->is_literal()) type = common_type(type, (*branch)->type, position);
  }
  for (const bool take_text : {false, true}) {
    for (const ExpressionPtr* branch : branches) {
      const TypeInfo& own = (*branch)->type;
      if (!(*branch)->is_literal() || base::is_text(own.type) != take_text) continue;
      if (has_common(type, own)) {
        type = common_type(type, own, position);
      } else if (!base::is_text(own.type) && !base::is_text(type.type)) {
        no_common_type(type, own, position);
      } else if (!can_convert(own.type, type.type)) {
        no_common_type(type, own, position);
      }
    }
  }
  for (ExpressionPtr* branch : branches) {
    if (type.type == SqlType::kUnknown) continue;
    *branch = coerce(context, std::move(*branch), type, position);
  }
  if (base::is_text(type.type)) {
    for (const ExpressionPtr* branch : branches) type = longer(type, (*branch)->type);
  }
  return type;
}

namespace {

void take_type(BindContext& context, Expression& operand, const TypeInfo& type, bool inferred) {
  if (operand.type.type != SqlType::kUnknown || type.type == SqlType::kUnknown) return;
  operand.type = type;
  if (operand.kind == NodeKind::kParameter) {
    context.parameters.note(operand.index, type, inferred);
    return;
  }
  if (operand.kind == NodeKind::kCase) {
    for (std::size_t i = 0; i < operand.children.size(); ++i) {
      const bool is_result = i % 2 == 1 || i + 1 == operand.children.size();
      if (is_result) take_type(context, *operand.children[i], type, inferred);
    }
    return;
  }
  std::size_t carriers = operand.children.size();
  if (operand.call) carriers = operand.call->arguments;  // not FILTER, PARTITION BY, ORDER BY
  for (std::size_t i = 0; i < carriers; ++i) {
    take_type(context, *operand.children[i], type, inferred);
  }
}

}  // namespace

void infer(BindContext& context, Expression& operand, const TypeInfo& type) {
  take_type(context, operand, type, true);
}

void leave_open(BindContext& context, Expression& operand) {
  take_type(context, operand, base::text_type(base::kMaxVarChar), false);
}

void settle(BindContext& context, Expression& operand) {
  for (const ExpressionPtr& child : operand.children) settle(context, *child);
  if (operand.type.type != SqlType::kUnknown) return;
  operand.type =
      operand.kind == NodeKind::kNegate ? base::double_type() : base::text_type(base::kMaxVarChar);
  if (operand.kind == NodeKind::kParameter) {
    context.parameters.note(operand.index, operand.type, false);
  }
}

ExpressionPtr convert_literal(ExpressionPtr literal, const TypeInfo& to) {
  base::Arena arena;
  TypeInfo target = to;
  // A constant's text is as long as it is; nothing is cut before it meets a column.
  if (base::is_text(to.type) || base::is_binary(to.type)) target.size = 0;
  const base::Cell cell =
      cast(literal->cell, {literal->type, target, arena, literal->position, {}});
  literal->set_literal(base::Value(cell));
  literal->type = target.size == 0 && !cell.is_null() ? type_of_cell(cell) : to;
  return literal;
}

ExpressionPtr coerce(BindContext& context, ExpressionPtr operand, const TypeInfo& type,
                     Position position) {
  infer(context, *operand, type);
  const TypeInfo& own = operand->type;
  if (own.type == type.type) {
    // Length and collation are properties of the whole, not of its parts; a scale is of each value.
    if (type.type != SqlType::kDecimal || (own.scale == type.scale && own.size <= type.size)) {
      return operand;
    }
  }
  if (base::is_text(own.type) && base::is_text(type.type)) return operand;
  if (base::is_binary(own.type) && base::is_binary(type.type)) return operand;
  if (base::is_integer(own.type) && base::is_integer(type.type) && own.size <= type.size) {
    return operand;  // same cells
  }
  if (own.type == SqlType::kReal && type.type == SqlType::kDouble) return operand;
  if (operand->is_literal()) {
    if (!can_convert(own.type, type.type)) no_common_type(own, type, position);
    return convert_literal(std::move(operand), type);
  }
  return make_cast(context, std::move(operand), type, position);
}

ExpressionPtr require_text(BindContext& context, ExpressionPtr operand, std::string_view where) {
  infer(context, *operand, base::text_type(base::kMaxVarChar));
  const TypeInfo& own = operand->type;
  if (base::is_text(own.type)) return operand;
  const Position position = operand->position;
  if (own.type == SqlType::kGuid || operand->is_literal()) {
    return coerce(context, std::move(operand), base::text_type(own.size), position);
  }
  fail("42000",
       std::string(where) + " needs text, not " + type_name(own) + ": write CAST(... AS VARCHAR)",
       position);
}

ExpressionPtr require_number(BindContext& context, ExpressionPtr operand, const TypeInfo& unknown,
                             std::string_view where) {
  infer(context, *operand, unknown);
  const TypeInfo own = operand->type;
  if (is_numberlike(own.type)) return operand;
  if (base::is_text(own.type) && operand->is_literal()) {
    base::Arena arena;
    const base::Cell number =
        text_to_number(operand->cell, {own, base::double_type(), arena, operand->position, {}});
    operand->set_literal(base::Value(number));
    operand->type = type_of_cell(number);
    return operand;
  }
  fail("42000", std::string(where) + " needs a number, not " + type_name(own), operand->position);
}

}  // namespace graphodbc::query
