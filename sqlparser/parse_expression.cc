// Operators, by precedence climbing over a table.
#include <array>
#include <string>
#include <utility>

#include "sqlparser/parser_impl.h"

namespace graphodbc::sqlparser {
namespace {

struct ArithmeticSymbol {
  std::string_view text;
  ArithmeticOp op;
  Precedence precedence;
};

constexpr std::array<ArithmeticSymbol, 6> kArithmetic = {{
    {"+", ArithmeticOp::kAdd, kAdditivePrecedence},
    {"-", ArithmeticOp::kSubtract, kAdditivePrecedence},
    {"||", ArithmeticOp::kConcat, kAdditivePrecedence},
    {"*", ArithmeticOp::kMultiply, kMultiplicativePrecedence},
    {"/", ArithmeticOp::kDivide, kMultiplicativePrecedence},
    {"%", ArithmeticOp::kModulo, kMultiplicativePrecedence},
}};

const ArithmeticSymbol* find_arithmetic(const Token& token) {
  if (token.kind != TokenKind::kSymbol) return nullptr;
  for (const ArithmeticSymbol& entry : kArithmetic) {
    if (entry.text == token.text) return &entry;
  }
  return nullptr;
}

}  // namespace

// An expression whose outermost operators bind at least as strongly as `min_precedence`.
ExprPtr Parser::parse_infix(std::uint8_t min_precedence) {
  ExprPtr left = parse_prefix(min_precedence);
  int predicates = 0;
  for (;;) {
    if (const ArithmeticSymbol* symbol = find_arithmetic(peek())) {
      if (symbol->precedence < min_precedence || predicates > 0) return left;
      left = parse_arithmetic_chain(std::move(left), symbol->precedence);
    } else if (min_precedence <= kComparisonPrecedence && at_predicate()) {
      // `a = b IS TRUE` is a condition; `a = b = c` is no standard SQL and rarely meant. A longer
      // chain of IS would also make the tree deep without any bracket.
      if (predicates == 2 || (predicates == 1 && !at_word("IS"))) {
        fail_here("comparisons cannot be chained, expected AND, OR or brackets");
      }
      left = parse_predicate(std::move(left));
      ++predicates;
    } else if (min_precedence <= kAndPrecedence && at_word("AND")) {
      left = parse_logical_chain(std::move(left), LogicalOp::kAnd);
    } else if (min_precedence <= kOrPrecedence && at_word("OR")) {
      left = parse_logical_chain(std::move(left), LogicalOp::kOr);
    } else {
      return left;
    }
  }
}

ExprPtr Parser::parse_prefix(std::uint8_t min_precedence) {
  if (min_precedence > kNotPrecedence || !at_word("NOT")) {
    ExprPtr operand = parse_signed(min_precedence <= kComparisonPrecedence);
    const bool compared = at_symbol("=") || at_symbol("<>") || at_symbol("!=");
    if (operand->kind == ExprKind::kRow && !compared) {
      fail_expected("'=' or '<>' after a row of values");
    }
    return operand;
  }
  const NestingLevel level(*this);
  auto negation = std::make_unique<NotExpr>(take().position);
  negation->operand = parse_infix(kNotPrecedence);
  return negation;
}

// A sign directly before a number belongs to the literal, so that the least BIGINT can be written.
ExprPtr Parser::parse_signed(bool row_allowed) {
  const bool minus = at_symbol("-");
  if (!minus && !at_symbol("+")) return parse_primary(row_allowed);
  const NestingLevel level(*this);
  const SourcePosition position = take().position;
  ExprPtr operand = parse_signed(false);
  if (minus && operand->kind == ExprKind::kLiteral) {
    auto& literal = static_cast<LiteralExpr&>(*operand);
    const bool number = literal.literal == LiteralKind::kInteger ||
                        literal.literal == LiteralKind::kDecimal ||
                        literal.literal == LiteralKind::kFloat;
    if (number && literal.text.front() != '-') {
      literal.text.insert(literal.text.begin(), '-');
      literal.position = position;
      return operand;
    }
  }
  auto sign = std::make_unique<UnaryExpr>(position);
  sign->op = minus ? UnaryOp::kMinus : UnaryOp::kPlus;
  sign->operand = std::move(operand);
  return sign;
}

ExprPtr Parser::parse_logical_chain(ExprPtr first, LogicalOp op) {
  const std::string_view word = op == LogicalOp::kAnd ? "AND" : "OR";
  const std::uint8_t operand_precedence = op == LogicalOp::kAnd ? kNotPrecedence : kAndPrecedence;
  auto chain = std::make_unique<LogicalExpr>(first->position);
  chain->op = op;
  chain->operands.push_back(std::move(first));
  while (accept_word(word)) chain->operands.push_back(parse_infix(operand_precedence));
  return chain;
}

ExprPtr Parser::parse_arithmetic_chain(ExprPtr first, std::uint8_t precedence) {
  auto chain = std::make_unique<ArithmeticExpr>(first->position);
  chain->first = std::move(first);
  for (;;) {
    const ArithmeticSymbol* symbol = find_arithmetic(peek());
    if (symbol == nullptr || symbol->precedence != precedence) return chain;
    ArithmeticStep step;
    step.op = symbol->op;
    step.position = take().position;
    step.operand = parse_infix(static_cast<std::uint8_t>(precedence + 1));
    chain->steps.push_back(std::move(step));
  }
}

ExprList Parser::parse_expression_list() {
  ExprList list;
  do {
    list.push_back(parse_expression());
    check_list_size(list.size(), peek());
  } while (accept_symbol(","));
  return list;
}

}  // namespace graphodbc::sqlparser
