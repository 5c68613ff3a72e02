#include "query/expression/aggregate.h"

#include <algorithm>

#include "query/expression/function.h"
#include "query/expression/internal.h"

namespace graphodbc::query {
namespace {

using base::SqlType;
using base::TypeInfo;

// The first row of an id has the name that is shown.
constexpr Aggregate kAggregates[] = {
    {AggregateId::kCount, "COUNT", 1, 1, false},
    {AggregateId::kSum, "SUM", 1, 1, false},
    {AggregateId::kAvg, "AVG", 1, 1, false},
    {AggregateId::kMin, "MIN", 1, 1, false},
    {AggregateId::kMax, "MAX", 1, 1, false},
    {AggregateId::kStddevSamp, "STDDEV_SAMP", 1, 1, false},
    {AggregateId::kStddevSamp, "STDDEV", 1, 1, false},
    {AggregateId::kStddevPop, "STDDEV_POP", 1, 1, false},
    {AggregateId::kVarSamp, "VAR_SAMP", 1, 1, false},
    {AggregateId::kVarPop, "VAR_POP", 1, 1, false},
    {AggregateId::kStringAgg, "STRING_AGG", 1, 2, false},
    {AggregateId::kStringAgg, "GROUP_CONCAT", 1, 2, false},
    {AggregateId::kRowNumber, "ROW_NUMBER", 0, 0, true},
    {AggregateId::kRank, "RANK", 0, 0, true},
    {AggregateId::kDenseRank, "DENSE_RANK", 0, 0, true},
    {AggregateId::kNtile, "NTILE", 1, 1, true},
    {AggregateId::kLag, "LAG", 1, 3, true},
    {AggregateId::kLead, "LEAD", 1, 3, true},
    {AggregateId::kFirstValue, "FIRST_VALUE", 1, 1, true},
    {AggregateId::kLastValue, "LAST_VALUE", 1, 1, true},
    {AggregateId::kNthValue, "NTH_VALUE", 2, 2, true},
    {AggregateId::kPercentRank, "PERCENT_RANK", 0, 0, true},
    {AggregateId::kCumeDist, "CUME_DIST", 0, 0, true},
};

using Arguments = std::vector<ExpressionPtr>;

void require_bigint(BindContext& context, ExpressionPtr& argument, std::string_view name) {
  infer(context, *argument, base::bigint_type());
  if (!base::is_integer(argument->type.type)) {
    fail("42000", std::string(name) + " needs a whole number, not " + type_name(argument->type),
         argument->position);
  }
}

// Text as it is, anything else as its text.
void require_as_text(BindContext& context, ExpressionPtr& argument) {
  infer(context, *argument, base::text_type(base::kMaxVarChar));
  if (base::is_text(argument->type.type)) return;
  const Position position = argument->position;
  const std::uint32_t size = argument->type.size + 2;  // sign and point
  argument = coerce(context, std::move(argument), base::text_type(size), position);
}

void require_summable(BindContext& context, ExpressionPtr& argument, const Aggregate& aggregate,
                      Position position) {
  infer(context, *argument, base::double_type());
  if (!is_numberlike(argument->type.type)) {
    fail("42000",
         std::string(aggregate.name) + " of " + type_name(argument->type) + ": it takes numbers",
         position);
  }
  if (argument->type.type == SqlType::kBit) {
    argument = coerce(context, std::move(argument), base::integer_type(), position);
  }
}

TypeInfo summed_type(AggregateId id, const TypeInfo& argument) {
  if (id == AggregateId::kSum) {
    if (base::is_integer(argument.type)) return base::bigint_type();
    if (argument.type == SqlType::kDecimal) return base::decimal_type(38, argument.scale);
  }
  if (id == AggregateId::kAvg && argument.type == SqlType::kDecimal) {
    return base::decimal_type(38, std::max<std::int16_t>(argument.scale, 6));
  }
  return base::double_type();
}

void bind_arguments(BindContext& context, const Aggregate& aggregate, Arguments& arguments,
                    Expression& node) {
  node.nullability = Nullability::kNullable;
  switch (aggregate.id) {
    case AggregateId::kCount:
    case AggregateId::kRowNumber:
    case AggregateId::kRank:
    case AggregateId::kDenseRank:
      node.type = base::bigint_type();
      node.nullability = Nullability::kNoNulls;
      return;
    case AggregateId::kNtile:
      require_bigint(context, arguments[0], aggregate.name);
      node.type = base::bigint_type();
      node.nullability = arguments[0]->nullability;
      return;
    case AggregateId::kPercentRank:
    case AggregateId::kCumeDist:
      node.type = base::double_type();
      node.nullability = Nullability::kNoNulls;
      return;
    case AggregateId::kStringAgg:
      require_as_text(context, arguments[0]);
      if (arguments.size() == 1) arguments.push_back(make_text(",", node.position));
      require_as_text(context, arguments[1]);
      node.type = base::long_text_type();
      node.type.nocase = arguments[0]->type.nocase;
      return;
    case AggregateId::kMin:
    case AggregateId::kMax:
    case AggregateId::kFirstValue:
    case AggregateId::kLastValue:
      node.type = arguments[0]->type;
      return;
    case AggregateId::kNthValue:
      require_bigint(context, arguments[1], aggregate.name);
      node.type = arguments[0]->type;
      return;
    case AggregateId::kLag:
    case AggregateId::kLead: {
      if (arguments.size() > 1) require_bigint(context, arguments[1], aggregate.name);
      node.type = arguments[0]->type;
      if (arguments.size() > 2) {
        node.type = unify(context, {&arguments[0], &arguments[2]}, node.position);
      }
      return;
    }
    case AggregateId::kSum:
    case AggregateId::kAvg:
    case AggregateId::kStddevSamp:
    case AggregateId::kStddevPop:
    case AggregateId::kVarSamp:
    case AggregateId::kVarPop:
      require_summable(context, arguments[0], aggregate, node.position);
      node.type = summed_type(aggregate.id, arguments[0]->type);
      return;
  }
}

void append(std::vector<ExpressionPtr>& children, std::vector<ExpressionPtr>&& more) {
  for (ExpressionPtr& child : more) children.push_back(std::move(child));
}

ExpressionPtr make_call_node(BindContext& context, NodeKind kind, const Aggregate& aggregate,
                             AggregateParts parts, AggregateCall& call, Position position) {
  auto node = std::make_unique<Expression>(kind, position);
  bind_arguments(context, aggregate, parts.arguments, *node);
  call.id = aggregate.id;
  call.distinct = parts.distinct;
  call.filtered = parts.filter != nullptr;
  call.arguments = static_cast<std::uint32_t>(parts.arguments.size());
  append(node->children, std::move(parts.arguments));
  if (parts.filter) node->children.push_back(std::move(parts.filter));
  return node;
}

// SQL:2003 7.11: an offset of RANGE is added to the one sort key, others count rows or peers.
void check_frame(BindContext& context, const WindowParts& window, ExpressionPtr& offset) {
  if (!offset) return;
  if (!is_constant(*offset)) {
    fail("42000", "the offset of a frame must be constant", offset->position);
  }
  const bool range = window.frame->unit == sqlparser::FrameUnit::kRange;
  if (range && (window.orders.size() != 1 || !is_numberlike(window.orders[0]->type.type))) {
    fail("42000", "RANGE with an offset needs one ORDER BY key, a number", offset->position);
  }
  infer(context, *offset, range ? window.orders[0]->type : base::bigint_type());
  if (range ? !is_numberlike(offset->type.type) : !base::is_integer(offset->type.type)) {
    fail("42000",
         std::string("the offset of a frame is a ") + (range ? "" : "whole ") + "number, not " +
             type_name(offset->type),
         offset->position);
  }
}

}  // namespace

const Aggregate* find_aggregate(std::string_view name) {
  for (const Aggregate& aggregate : kAggregates) {
    if (aggregate.name == name) return &aggregate;
  }
  return nullptr;
}

std::string_view aggregate_name(AggregateId id) {
  for (const Aggregate& aggregate : kAggregates) {
    if (aggregate.id == id) return aggregate.name;
  }
  return {};
}

ExpressionPtr make_aggregate(BindContext& context, const Aggregate& aggregate, AggregateParts parts,
                             Position position) {
  AggregateCall call;
  ExpressionPtr node =
      make_call_node(context, NodeKind::kAggregate, aggregate, std::move(parts), call, position);
  node->call = std::make_shared<const AggregateCall>(std::move(call));
  return node;
}

ExpressionPtr make_window(BindContext& context, const Aggregate& aggregate, AggregateParts parts,
                          WindowParts window, Position position) {
  if (window.frame) {
    if (window.frame->unit == sqlparser::FrameUnit::kGroups && window.orders.empty()) {
      fail("42000", "GROUPS needs an ORDER BY in the window", position);
    }
    check_frame(context, window, window.start_offset);
    check_frame(context, window, window.end_offset);
  }
  AggregateCall call;
  ExpressionPtr node =
      make_call_node(context, NodeKind::kWindow, aggregate, std::move(parts), call, position);
  call.partitions = static_cast<std::uint32_t>(window.partitions.size());
  call.orders = std::move(window.directions);
  call.frame = window.frame;
  append(node->children, std::move(window.partitions));
  append(node->children, std::move(window.orders));
  if (window.start_offset) node->children.push_back(std::move(window.start_offset));
  if (window.end_offset) node->children.push_back(std::move(window.end_offset));
  node->call = std::make_shared<const AggregateCall>(std::move(call));
  return node;
}

}  // namespace graphodbc::query
