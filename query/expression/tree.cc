// Building blocks of trees: leaves, copies, walks.
#include <algorithm>

#include "base/datetime.h"
#include "query/binder/bound_query.h"
#include "query/expression/constant_set.h"
#include "query/expression/function.h"
#include "query/expression/internal.h"
#include "query/expression/like.h"
#include "query/expression/number.h"

namespace graphodbc::query {

using base::Cell;
using base::CellKind;
using base::SqlType;
using base::TypeInfo;
using base::Value;

Expression::~Expression() = default;

void Expression::set_literal(Value value) {
  literal = std::move(value);
  cell = literal.cell();
  nullability = cell.is_null() ? Nullability::kNullable : Nullability::kNoNulls;
}

void ParameterTypes::note(std::uint32_t index, const TypeInfo& type, bool inferred) {
  if (known_.size() <= index) known_.resize(index + 1);
  ParameterInfo& entry = known_[index];
  if (entry.inferred) return;
  entry.type = type;
  entry.inferred = inferred;
}

std::vector<ParameterInfo> ParameterTypes::all(std::size_t count) const {
  std::vector<ParameterInfo> result = known_;
  result.resize(count);
  for (ParameterInfo& entry : result) {
    if (entry.type.type == SqlType::kUnknown) entry.type = base::text_type(base::kMaxVarChar);
  }
  return result;
}

ExpressionPtr make_literal(Value value, const TypeInfo& type, Position position) {
  auto node = std::make_unique<Expression>(NodeKind::kLiteral, position);
  node->set_literal(std::move(value));
  node->type = type;
  return node;
}

ExpressionPtr make_null(Position position) {
  return make_literal(Value(), {}, position);
}

ExpressionPtr make_bool(bool value, Position position) {
  return make_literal(Value(Cell::of_bool(value)), base::bit_type(), position);
}

ExpressionPtr make_integer(std::int64_t value, Position position) {
  const Cell cell = Cell::of_int64(value);
  return make_literal(Value(cell), type_of_cell(cell), position);
}

ExpressionPtr make_text(std::string utf8, Position position) {
  Value value = Value::text(std::move(utf8));
  const TypeInfo type = type_of_cell(value.cell());
  return make_literal(std::move(value), type, position);
}

ExpressionPtr make_binary(std::string_view bytes, Position position) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const TypeInfo type =
      size > base::kMaxVarChar ? base::long_binary_type() : TypeInfo{SqlType::kVarBinary, size, 0};
  return make_literal(Value(Cell::of_bytes(CellKind::kBinary, bytes)), type, position);
}

ExpressionPtr make_hex(std::string_view digits, Position position) {
  base::Arena arena;
  const Cell text = Cell::of_text(digits);
  try {
    const Cell bytes =
        cast(text, {type_of_cell(text), {SqlType::kVarBinary, 0, 0}, arena, position, {}});
    return make_binary(bytes.view(), position);
  } catch (const base::Error&) {
    fail("42000", "X" + quoted(digits) + " needs pairs of hex digits", position);
  }
}

ExpressionPtr make_number(std::string_view text, Position position) {
  base::Arena arena;
  Cell number;
  switch (parse_number(text, arena, number)) {
    case ParseResult::kOk: {
      TypeInfo type = type_of_cell(number);
      return make_literal(Value(number), type, position);
    }
    case ParseResult::kOutOfRange:
      fail("22003", "the number " + quoted(text) + " is out of range", position);
    case ParseResult::kNotANumber:
      break;
  }
  fail("42000", quoted(text) + " is no number", position);
}

ExpressionPtr make_datetime(SqlType type, std::string_view text, Position position) {
  std::optional<std::int64_t> value;
  TypeInfo info = base::timestamp_type();
  CellKind kind = CellKind::kTimestamp;
  if (type == SqlType::kDate) {
    value = base::parse_date(text);
    info = base::date_type();
    kind = CellKind::kDate;
  } else if (type == SqlType::kTime) {
    value = base::parse_time(text);
    info = base::time_type();
    kind = CellKind::kTime;
    if (value && *value % base::kTicksPerSecond != 0) info = {SqlType::kTime, 16, 7};
  } else {
    value = base::parse_timestamp(text);
  }
  if (!value) fail("22007", quoted(text) + " is no " + type_name(info), position);
  return make_literal(Value(Cell::of_integer(kind, *value)), info, position);
}

ExpressionPtr make_guid(std::string_view text, Position position) {
  return convert_literal(make_text(std::string(text), position), base::guid_type());
}

ExpressionPtr make_column(std::uint32_t index, const TypeInfo& type, Nullability nullability,
                          Position position) {
  auto node = std::make_unique<Expression>(NodeKind::kColumn, position);
  node->index = index;
  node->type = type;
  node->nullability = nullability;
  return node;
}

ExpressionPtr make_parameter(std::uint32_t index, Position position) {
  auto node = std::make_unique<Expression>(NodeKind::kParameter, position);
  node->index = index;
  return node;
}

Nullability nullability_of(const Expression& node) {
  for (const ExpressionPtr& child : node.children) {
    if (child->nullability != Nullability::kNoNulls) return Nullability::kNullable;
  }
  return Nullability::kNoNulls;
}

ExpressionPtr clone(const Expression& expression) {
  auto copy = std::make_unique<Expression>(expression.kind, expression.position);
  copy->arithmetic = expression.arithmetic;
  copy->comparison = expression.comparison;
  copy->truth = expression.truth;
  copy->negated = expression.negated;
  copy->nocase = expression.nocase;
  copy->type = expression.type;
  copy->index = expression.index;
  if (expression.is_literal()) copy->set_literal(expression.literal);
  copy->nullability = expression.nullability;
  copy->function = expression.function;
  copy->compare = expression.compare;
  copy->set = expression.set;
  copy->pattern = expression.pattern;
  copy->call = expression.call;
  copy->query = expression.query;
  copy->quantifier = expression.quantifier;
  copy->children.reserve(expression.children.size());
  for (const ExpressionPtr& child : expression.children) copy->children.push_back(clone(*child));
  return copy;
}

namespace {

void walk_own(const Expression& expression, const std::function<void(const Expression&)>& visit) {
  visit(expression);
  for (const ExpressionPtr& child : expression.children) walk_own(*child, visit);
}

// Every node, those of subqueries at any depth included.
void walk_all(const Expression& expression, const std::function<void(const Expression&)>& visit) {
  walk_own(expression, [&](const Expression& node) {
    visit(node);
    if (!node.query) return;
    for_each_query(*node.query, [&](const BoundQuery& query) {
      for_each_expression(query, [&](const Expression& inner) { walk_own(inner, visit); });
    });
  });
}

std::size_t count_nodes(const Expression& expression) {
  std::size_t count = 1;
  for (const ExpressionPtr& child : expression.children) count += count_nodes(*child);
  return count;
}

bool is_volatile_call(const Expression& node) {
  return node.function != nullptr && node.function->volatility == Volatility::kVolatile;
}

}  // namespace

ExpressionPtr copy_operand(const Expression& operand, std::size_t copies) {
  constexpr std::size_t kMaxNodes = 100'000;
  if (count_nodes(operand) * copies > kMaxNodes) {
    fail("42000", "too many nested CASE, COALESCE, NULLIF or BETWEEN", operand.position);
  }
  return clone(operand);
}

bool is_volatile(const Expression& expression) {
  bool found = false;
  walk_all(expression, [&](const Expression& node) { found = found || is_volatile_call(node); });
  return found;
}

bool needs_engine(const Expression& expression) {
  return expression.kind >= NodeKind::kAggregate ||
         std::any_of(expression.children.begin(), expression.children.end(),
                     [](const ExpressionPtr& child) { return needs_engine(*child); });
}

bool is_constant(const Expression& expression) {
  if (expression.kind == NodeKind::kColumn || expression.kind >= NodeKind::kAggregate) return false;
  return !is_volatile_call(expression) &&
         std::all_of(expression.children.begin(), expression.children.end(),
                     [](const ExpressionPtr& child) { return is_constant(*child); });
}

void collect_columns(const Expression& expression, std::vector<std::uint32_t>& columns) {
  walk_all(expression, [&](const Expression& node) {
    if (node.kind != NodeKind::kColumn) return;
    const auto at = std::lower_bound(columns.begin(), columns.end(), node.index);
    if (at == columns.end() || *at != node.index) columns.insert(at, node.index);
  });
}

void remap_columns(Expression& expression, std::span<const std::uint32_t> mapping) {
  walk_own(expression, [](const Expression& node) {
    // A copy, because others share the query. This tree owns the node, which is not const.
    if (node.query) const_cast<Expression&>(node).query = clone(*node.query);
  });
  walk_all(expression, [&](const Expression& node) {
    if (node.kind != NodeKind::kColumn || node.index >= mapping.size()) return;
    const_cast<Expression&>(node).index = mapping[node.index];
  });
}

}  // namespace graphodbc::query
