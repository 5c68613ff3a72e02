#include <array>
#include <cstddef>
#include <string>

#include "sqlparser/parser_impl.h"
#include "sqlparser/printer.h"
#include "sqlparser/printer_impl.h"

namespace graphodbc::sqlparser {
namespace {

// Indexed by the enumerations of ast.h.
constexpr std::array<std::string_view, 6> kArithmeticTexts = {" + ", " - ", " || ",
                                                              " * ", " / ", " % "};
constexpr std::array<std::string_view, 6> kComparisonTexts = {" = ",  " <> ", " < ",
                                                              " <= ", " > ",  " >= "};
constexpr std::array<std::string_view, 3> kTruthTexts = {"TRUE", "FALSE", "UNKNOWN"};
constexpr std::array<std::string_view, 9> kUnitTexts = {
    "FRAC_SECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"};
constexpr std::array<std::string_view, 3> kTrimTexts = {"BOTH ", "LEADING ", "TRAILING "};
constexpr std::array<std::string_view, 3> kFrameTexts = {"ROWS ", "RANGE ", "GROUPS "};

template <std::size_t size, class Enum>
std::string_view text_of(const std::array<std::string_view, size>& texts, Enum value) {
  return texts[static_cast<std::size_t>(value)];
}

std::uint8_t precedence_of(const ArithmeticExpr& node) {
  return node.steps.front().op <= ArithmeticOp::kConcat ? kAdditivePrecedence
                                                        : kMultiplicativePrecedence;
}

std::uint8_t precedence_of(const Expr& node) {
  switch (node.kind) {
    case ExprKind::kLogical:
      return static_cast<const LogicalExpr&>(node).op == LogicalOp::kOr ? kOrPrecedence
                                                                        : kAndPrecedence;
    case ExprKind::kNot:
      return kNotPrecedence;
    case ExprKind::kComparison:
    case ExprKind::kBetween:
    case ExprKind::kInList:
    case ExprKind::kInQuery:
    case ExprKind::kLike:
    case ExprKind::kIsNull:
    case ExprKind::kIsTruth:
    case ExprKind::kIsDistinct:
    case ExprKind::kQuantified:
      return kComparisonPrecedence;
    case ExprKind::kArithmetic:
      return precedence_of(static_cast<const ArithmeticExpr&>(node));
    case ExprKind::kUnary:
      return kUnaryPrecedence;
    default:
      return kPrimaryPrecedence;
  }
}

}  // namespace

void Printer::expr(const Expr& node) {
  expr(node, kOrPrecedence);
}

void Printer::expr(const Expr& node, std::uint8_t min_precedence) {
  const bool brackets = precedence_of(node) < min_precedence;
  if (brackets) out_ += '(';
  bare_expr(node);
  if (brackets) out_ += ')';
}

void Printer::bare_expr(const Expr& node) {
  switch (node.kind) {
    case ExprKind::kLiteral:
      return literal(static_cast<const LiteralExpr&>(node));
    case ExprKind::kParameter:
      out_ += '?';
      return;
    case ExprKind::kColumnRef:
      return qualified_name(static_cast<const ColumnRefExpr&>(node).name);
    case ExprKind::kStar:
      for (const Identifier& qualifier : static_cast<const StarExpr&>(node).qualifiers) {
        identifier(qualifier);
        out_ += '.';
      }
      out_ += '*';
      return;
    case ExprKind::kDefault:
      out_ += "DEFAULT";
      return;
    case ExprKind::kUnary: {
      const auto& sign = static_cast<const UnaryExpr&>(node);
      // The blank keeps two signs from becoming a comment.
      out_ += sign.op == UnaryOp::kMinus ? "- " : "+ ";
      return expr(*sign.operand, kUnaryPrecedence);
    }
    case ExprKind::kNot:
      out_ += "NOT ";
      return expr(*static_cast<const NotExpr&>(node).operand, kNotPrecedence);
    case ExprKind::kLogical:
      return logical(static_cast<const LogicalExpr&>(node));
    case ExprKind::kArithmetic:
      return arithmetic(static_cast<const ArithmeticExpr&>(node));
    case ExprKind::kRow:
      out_ += '(';
      expr_list(static_cast<const RowExpr&>(node).items);
      out_ += ')';
      return;
    case ExprKind::kExists:
      out_ += "EXISTS ";
      return subquery(*static_cast<const ExistsExpr&>(node).query);
    case ExprKind::kCase:
      return case_expr(static_cast<const CaseExpr&>(node));
    case ExprKind::kCast:
      return cast(static_cast<const CastExpr&>(node));
    case ExprKind::kFunction:
      return function(static_cast<const FunctionExpr&>(node));
    case ExprKind::kScalarSubquery:
      return subquery(*static_cast<const ScalarSubqueryExpr&>(node).query);
    default:
      return predicate(node);
  }
}

void Printer::literal(const LiteralExpr& node) {
  switch (node.literal) {
    case LiteralKind::kNull:
    case LiteralKind::kBoolean:
    case LiteralKind::kInteger:
    case LiteralKind::kDecimal:
    case LiteralKind::kFloat:
      out_ += node.text;
      return;
    case LiteralKind::kString:
      return quoted(node.text, '\'');
    case LiteralKind::kBinary:
      out_ += 'X';
      return quoted(node.text, '\'');
    case LiteralKind::kDate:
      out_ += "DATE ";
      return quoted(node.text, '\'');
    case LiteralKind::kTime:
      out_ += "TIME ";
      return quoted(node.text, '\'');
    case LiteralKind::kTimestamp:
      out_ += "TIMESTAMP ";
      return quoted(node.text, '\'');
    case LiteralKind::kGuid:
      out_ += "GUID ";
      return quoted(node.text, '\'');
    case LiteralKind::kInterval:
      break;
  }
  out_ += node.interval.negative ? "INTERVAL -" : "INTERVAL ";
  quoted(node.text, '\'');
  out_ += ' ';
  out_ += text_of(kUnitTexts, node.interval.first);
  if (node.interval.last) {
    out_ += " TO ";
    out_ += text_of(kUnitTexts, *node.interval.last);
  }
}

void Printer::logical(const LogicalExpr& node) {
  const bool is_or = node.op == LogicalOp::kOr;
  std::string_view separator;
  for (const ExprPtr& operand : node.operands) {
    out_ += separator;
    expr(*operand, is_or ? kAndPrecedence : kNotPrecedence);
    separator = is_or ? " OR " : " AND ";
  }
}

void Printer::arithmetic(const ArithmeticExpr& node) {
  const auto operand_precedence = static_cast<std::uint8_t>(precedence_of(node) + 1);
  expr(*node.first, operand_precedence);
  for (const ArithmeticStep& step : node.steps) {
    out_ += text_of(kArithmeticTexts, step.op);
    expr(*step.operand, operand_precedence);
  }
}

void Printer::predicate(const Expr& node) {
  const auto operand = [&](const ExprPtr& side) { expr(*side, kAdditivePrecedence); };
  const auto word = [&](bool negated, std::string_view text) {
    out_ += negated ? " NOT" : "";
    out_ += text;
  };
  if (const auto* comparison = as<ComparisonExpr>(node)) {
    operand(comparison->left);
    out_ += text_of(kComparisonTexts, comparison->op);
    operand(comparison->right);
  } else if (const auto* quantified = as<QuantifiedExpr>(node)) {
    operand(quantified->left);
    out_ += text_of(kComparisonTexts, quantified->op);
    out_ += quantified->quantifier == Quantifier::kAll ? "ALL " : "ANY ";
    subquery(*quantified->query);
  } else if (const auto* between = as<BetweenExpr>(node)) {
    operand(between->operand);
    word(between->negated, " BETWEEN ");
    operand(between->low);
    out_ += " AND ";
    operand(between->high);
  } else if (const auto* in_list = as<InListExpr>(node)) {
    operand(in_list->operand);
    word(in_list->negated, " IN (");
    expr_list(in_list->items);
    out_ += ')';
  } else if (const auto* in_query = as<InQueryExpr>(node)) {
    operand(in_query->operand);
    word(in_query->negated, " IN ");
    subquery(*in_query->query);
  } else if (const auto* like = as<LikeExpr>(node)) {
    operand(like->operand);
    word(like->negated, " LIKE ");
    operand(like->pattern);
    if (like->escape) {
      out_ += " ESCAPE ";
      operand(like->escape);
    }
  } else if (const auto* is_null = as<IsNullExpr>(node)) {
    operand(is_null->operand);
    out_ += is_null->negated ? " IS NOT NULL" : " IS NULL";
  } else if (const auto* is_truth = as<IsTruthExpr>(node)) {
    operand(is_truth->operand);
    out_ += is_truth->negated ? " IS NOT " : " IS ";
    out_ += text_of(kTruthTexts, is_truth->value);
  } else if (const auto* distinct = as<IsDistinctExpr>(node)) {
    operand(distinct->left);
    out_ += distinct->negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ";
    operand(distinct->right);
  }
}

void Printer::subquery(const Query& node) {
  out_ += '(';
  query(node);
  out_ += ')';
}

void Printer::case_expr(const CaseExpr& node) {
  out_ += "CASE";
  if (node.operand) {
    out_ += ' ';
    expr(*node.operand);
  }
  for (const CaseBranch& branch : node.branches) {
    out_ += " WHEN ";
    expr(*branch.when);
    out_ += " THEN ";
    expr(*branch.then);
  }
  if (node.otherwise) {
    out_ += " ELSE ";
    expr(*node.otherwise);
  }
  out_ += " END";
}

void Printer::cast(const CastExpr& node) {
  out_ += "CAST(";
  expr(*node.operand);
  out_ += " AS " + print(node.type) + ")";
}

void Printer::function(const FunctionExpr& node) {
  out_ += node.name;
  if (node.bare) return;
  out_ += '(';
  function_arguments(node);
  out_ += ')';
  if (node.filter) {
    out_ += " FILTER (WHERE ";
    expr(*node.filter);
    out_ += ')';
  }
  if (!node.over) return;
  out_ += " OVER ";
  if (node.over->name) {
    identifier(*node.over->name);
  } else {
    window_spec(node.over->spec);
  }
}

void Printer::function_arguments(const FunctionExpr& node) {
  if (node.star) {
    out_ += '*';
  } else if (node.trim) {
    out_ += text_of(kTrimTexts, *node.trim);
    if (node.args.size() > 1) {
      expr(*node.args[1]);
      out_ += ' ';
    }
    out_ += "FROM ";
    expr(*node.args.front());
  } else if (node.unit && node.name == "EXTRACT") {
    out_ += text_of(kUnitTexts, *node.unit);
    out_ += " FROM ";
    expr(*node.args.front());
  } else if (node.unit) {
    out_ += "SQL_TSI_";
    out_ += text_of(kUnitTexts, *node.unit);
    if (!node.args.empty()) out_ += ", ";
    expr_list(node.args);
  } else if (node.name == "POSITION" && node.args.size() == 2) {
    expr(*node.args.front(), kAdditivePrecedence);
    out_ += " IN ";
    expr(*node.args.back(), kAdditivePrecedence);
  } else {
    if (node.distinct) out_ += "DISTINCT ";
    expr_list(node.args);
  }
}

void Printer::window_spec(const WindowSpec& node) {
  std::string_view separator;
  const auto part = [&](std::string_view text) {
    out_ += separator;
    out_ += text;
    separator = " ";
  };
  out_ += '(';
  if (node.base) {
    part("");
    identifier(*node.base);
  }
  if (!node.partition_by.empty()) {
    part("PARTITION BY ");
    expr_list(node.partition_by);
  }
  if (!node.order_by.empty()) {
    part("");
    order_by(node.order_by);
  }
  if (node.frame) {
    part("");
    frame(*node.frame);
  }
  out_ += ')';
}

void Printer::frame(const WindowFrame& node) {
  out_ += text_of(kFrameTexts, node.unit);
  if (!node.end) return frame_bound(node.start);
  out_ += "BETWEEN ";
  frame_bound(node.start);
  out_ += " AND ";
  frame_bound(*node.end);
}

void Printer::frame_bound(const FrameBound& node) {
  if (node.kind == FrameBoundKind::kCurrentRow) {
    out_ += "CURRENT ROW";
    return;
  }
  if (node.offset) {
    expr(*node.offset, kAdditivePrecedence);
  } else {
    out_ += "UNBOUNDED";
  }
  const bool preceding =
      node.kind == FrameBoundKind::kPreceding || node.kind == FrameBoundKind::kUnboundedPreceding;
  out_ += preceding ? " PRECEDING" : " FOLLOWING";
}

void Printer::expr_list(const ExprList& list) {
  std::string_view separator;
  for (const ExprPtr& item : list) {
    out_ += separator;
    expr(*item);
    separator = ", ";
  }
}

}  // namespace graphodbc::sqlparser
