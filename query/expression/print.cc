// Expressions as text of our dialect: EXPLAIN's residual, messages.
#include <string>

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

  const ColumnName& column_name_;
};

}  // namespace

std::string to_sql(const Expression& expression, const ColumnName& column_name) {
  return Printer(column_name).print(expression);
}

}  // namespace graphodbc::query
