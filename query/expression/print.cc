// Expressions as text of our dialect: EXPLAIN's residual, messages.
#include <string>

#include "query/binder/bound_query.h"
#include "query/expression/aggregate.h"
#include "query/expression/function.h"
#include "query/expression/internal.h"

namespace graphodbc::query {
namespace {

using base::CellKind;
using ColumnName = std::function<std::string(std::uint32_t)>;

constexpr std::string_view kCompareNames[] = {"=", "<>", "<", "<=", ">", ">="};
constexpr std::string_view kArithmeticNames[] = {"+", "-", "*", "/", "%"};
constexpr std::string_view kTruthNames[] = {"FALSE", "TRUE", "UNKNOWN"};

// What binds tighter than what; a child of lower rank gets brackets.
int rank_of(const Expression& node) {
  switch (node.kind) {
    case NodeKind::kOr:
      return 0;
    case NodeKind::kAnd:
      return 1;
    case NodeKind::kNot:
      return 2;
    case NodeKind::kComparison:
    case NodeKind::kIsNull:
    case NodeKind::kIsTruth:
    case NodeKind::kIsDistinct:
    case NodeKind::kBetween:
    case NodeKind::kInList:
    case NodeKind::kLike:
    case NodeKind::kInQuery:
    case NodeKind::kQuantified:
      return 3;
    case NodeKind::kConcat:
      return 4;
    case NodeKind::kArithmetic:
      return node.arithmetic <= ArithmeticOp::kSubtract ? 4 : 5;
    case NodeKind::kNegate:
      return 6;
    default:
      return 7;
  }
}

std::string doubled(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += c;
    result += c;
  }
  return result + "'";
}

std::string literal_text(const Expression& node) {
  base::Arena arena;
  const std::string_view text = cell_text(node.cell, node.type, arena);
  switch (node.cell.kind) {
    case CellKind::kNull:
      return "NULL";
    case CellKind::kBool:
      return node.cell.integer != 0 ? "TRUE" : "FALSE";
    case CellKind::kDate:
      return "DATE '" + std::string(text) + "'";
    case CellKind::kTime:
      return "TIME '" + std::string(text) + "'";
    case CellKind::kTimestamp:
      return "TIMESTAMP '" + std::string(text) + "'";
    case CellKind::kBinary:
    case CellKind::kBase64:
      return "X'" + std::string(text) + "'";
    case CellKind::kGuid:
      return "{guid '" + std::string(text) + "'}";
    case CellKind::kText:
    case CellKind::kJsonText:
    case CellKind::kJson:
    case CellKind::kInvalid:
      return doubled(text);
    default:
      return std::string(text);
  }
}

class Printer {
 public:
  explicit Printer(const ColumnName& column_name) : column_name_(column_name) {}

  std::string print(const Expression& node) const {
    switch (node.kind) {
      case NodeKind::kLiteral:
        return literal_text(node);
      case NodeKind::kColumn:
        return column_name_(node.index);
      case NodeKind::kParameter:
        return "?";
      case NodeKind::kNegate:
        return negated(node);
      case NodeKind::kArithmetic:
        return child(node, 0, rank_of(node)) + " " +
               std::string(kArithmeticNames[static_cast<std::size_t>(node.arithmetic)]) + " " +
               child(node, 1, rank_of(node) + 1);
      case NodeKind::kConcat:
        return joined(node, 0, " || ", 5);
      case NodeKind::kComparison:
        return child(node, 0, 4) + " " +
               std::string(kCompareNames[static_cast<std::size_t>(node.comparison)]) + " " +
               child(node, 1, 4);
      case NodeKind::kAnd:
        return joined(node, 0, " AND ", 2);
      case NodeKind::kOr:
        return joined(node, 0, " OR ", 1);
      case NodeKind::kNot:
        return "NOT " + child(node, 0, 3);
      case NodeKind::kIsNull:
        return child(node, 0, 4) + is(node) + "NULL";
      case NodeKind::kIsTruth:
        return child(node, 0, 4) + is(node) +
               std::string(kTruthNames[static_cast<std::size_t>(node.truth)]);
      case NodeKind::kIsDistinct:
        return child(node, 0, 4) + is(node) + "DISTINCT FROM " + child(node, 1, 4);
      case NodeKind::kBetween:
        return child(node, 0, 4) + " BETWEEN " + child(node, 1, 4) + " AND " + child(node, 2, 4);
      case NodeKind::kInList:
        return child(node, 0, 4) + " IN (" + joined(node, 1, ", ", 0) + ")";
      case NodeKind::kLike:
        return child(node, 0, 4) + " LIKE " + child(node, 1, 4) +
               (node.children.size() == 3 ? " ESCAPE " + child(node, 2, 4) : "");
      case NodeKind::kCase:
        return case_text(node);
      case NodeKind::kCast:
        return "CAST(" + child(node, 0, 0) + " AS " + type_name(node.type) + ")";
      case NodeKind::kFunction:
        return function_text(node);
      case NodeKind::kAggregate:
        return call_text(node);
      case NodeKind::kWindow:
        return window_text(node);
      case NodeKind::kSubquery:
        return query_text(node);
      case NodeKind::kExists:
        return "EXISTS " + query_text(node);
      case NodeKind::kInQuery:
        return child(node, 0, 4) + (node.negated ? " NOT IN " : " IN ") + query_text(node);
      case NodeKind::kQuantified:
        return child(node, 0, 4) + " " +
               std::string(kCompareNames[static_cast<std::size_t>(node.comparison)]) +
               (node.quantifier == Quantifier::kAny ? " ANY " : " ALL ") + query_text(node);
    }
    return {};
  }

 private:
  std::string child(const Expression& node, std::size_t at, int least_rank) const {
    const Expression& inner = node.child(at);
    std::string text = print(inner);
    return rank_of(inner) < least_rank ? "(" + text + ")" : text;
  }

  std::string joined(const Expression& node, std::size_t from, std::string_view separator,
                     int least_rank) const {
    std::string text;
    for (std::size_t at = from; at < node.children.size(); ++at) {
      if (at > from) text += separator;
      text += child(node, at, least_rank);
    }
    return text;
  }

  // Two minus signs in a row would begin a comment.
  std::string negated(const Expression& node) const {
    const std::string text = child(node, 0, 6);
    return text.starts_with('-') ? "-(" + text + ")" : "-" + text;
  }

  static std::string is(const Expression& node) { return node.negated ? " IS NOT " : " IS "; }

  std::string case_text(const Expression& node) const {
    std::string text = "CASE";
    std::size_t at = 0;
    for (; at + 1 < node.children.size(); at += 2) {
      text += " WHEN " + child(node, at, 0) + " THEN " + child(node, at + 1, 0);
    }
    return text + " ELSE " + child(node, at, 0) + " END";
  }

  std::string function_text(const Expression& node) const {
    // The two hidden functions print as what they came from.
    if (node.function->id == FunctionId::kToNumber) {
      return "CAST(" + child(node, 0, 0) + " AS " + type_name(node.type) + ")";
    }
    if (node.function->id == FunctionId::kAddInterval) {
      return child(node, 0, 5) + " + INTERVAL (" + child(node, 1, 0) + " months, " +
             child(node, 2, 0) + " ticks)";
    }
    return std::string(node.function->name) + "(" + joined(node, 0, ", ", 0) + ")";
  }

  // The number tells one query of the statement from another.
  static std::string query_text(const Expression& node) {
    return "(query " + std::to_string(node.query->number) + ")";
  }

  std::string list(const Expression& node, std::size_t from, std::size_t to) const {
    std::string text;
    for (std::size_t at = from; at < to; ++at) text += (at > from ? ", " : "") + child(node, at, 0);
    return text;
  }

  std::string call_text(const Expression& node) const {
    const AggregateCall& call = *node.call;
    std::string text(aggregate_name(call.id));
    text += call.distinct ? "(DISTINCT " : "(";
    const bool star = call.id == AggregateId::kCount && call.arguments == 0;
    text += star ? "*" : list(node, 0, call.arguments);
    text += ")";
    if (call.filtered) text += " FILTER (WHERE " + child(node, call.arguments, 0) + ")";
    return text;
  }

  std::string window_text(const Expression& node) const {
    const AggregateCall& call = *node.call;
    std::size_t at = call.arguments + (call.filtered ? 1 : 0);
    std::vector<std::string> parts;
    if (call.partitions > 0) {
      parts.push_back("PARTITION BY " + list(node, at, at + call.partitions));
      at += call.partitions;
    }
    std::string keys;
    for (const AggregateCall::Order& order : call.orders) {
      keys += (keys.empty() ? "" : ", ") + child(node, at++, 0);
      if (order.descending) keys += " DESC";
      if (order.nulls == sqlparser::NullsOrder::kFirst) keys += " NULLS FIRST";
      if (order.nulls == sqlparser::NullsOrder::kLast) keys += " NULLS LAST";
    }
    if (!keys.empty()) parts.push_back("ORDER BY " + keys);
    if (call.frame) parts.push_back(frame_text(node, at));
    std::string text = call_text(node) + " OVER (";
    for (std::size_t i = 0; i < parts.size(); ++i) text += (i > 0 ? " " : "") + parts[i];
    return text + ")";
  }

  std::string frame_text(const Expression& node, std::size_t at) const {
    static constexpr std::string_view kUnits[] = {"ROWS", "RANGE", "GROUPS"};
    static constexpr std::string_view kBounds[] = {
        "UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING"};
    const AggregateCall::Frame& frame = *node.call->frame;
    const auto bound = [&](sqlparser::FrameBoundKind kind) {
      const bool offset = kind == sqlparser::FrameBoundKind::kPreceding ||
                          kind == sqlparser::FrameBoundKind::kFollowing;
      return (offset ? child(node, at++, 7) + " " : std::string()) +
             std::string(kBounds[static_cast<std::size_t>(kind)]);
    };
    const std::string start = bound(frame.start);
    return std::string(kUnits[static_cast<std::size_t>(frame.unit)]) + " BETWEEN " + start +
           " AND " + bound(frame.end);
  }

  const ColumnName& column_name_;
};

}  // namespace

std::string to_sql(const Expression& expression, const ColumnName& column_name) {
  return Printer(column_name).print(expression);
}

}  // namespace graphodbc::query
