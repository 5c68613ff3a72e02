// Comparison, BETWEEN, IN, LIKE, IS: what follows the left operand of a predicate.
#include <array>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/utf.h"
#include "sqlparser/parser_impl.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::sqlparser {
namespace {

struct ComparisonSymbol {
  std::string_view text;
  ComparisonOp op;
};

constexpr std::array<ComparisonSymbol, 7> kComparisons = {{
    {"=", ComparisonOp::kEqual},
    {"<>", ComparisonOp::kNotEqual},
    {"!=", ComparisonOp::kNotEqual},
    {"<", ComparisonOp::kLess},
    {"<=", ComparisonOp::kLessEqual},
    {">", ComparisonOp::kGreater},
    {">=", ComparisonOp::kGreaterEqual},
}};

const ComparisonSymbol* find_comparison(const Token& token) {
  if (token.kind != TokenKind::kSymbol) return nullptr;
  for (const ComparisonSymbol& entry : kComparisons) {
    if (entry.text == token.text) return &entry;
  }
  return nullptr;
}

}  // namespace

bool Parser::at_predicate() {
  return find_comparison(peek()) != nullptr || at_any_word({"IS", "BETWEEN", "IN", "LIKE", "NOT"});
}

ExprPtr Parser::parse_predicate(ExprPtr left) {
  if (const ComparisonSymbol* symbol = find_comparison(peek())) {
    return parse_comparison(std::move(left), symbol->op);
  }
  if (accept_word("IS")) return parse_is(std::move(left));
  const bool negated = accept_word("NOT");
  if (accept_word("BETWEEN")) return parse_between(std::move(left), negated);
  if (accept_word("IN")) return parse_in(std::move(left), negated);
  if (accept_word("LIKE")) return parse_like(std::move(left), negated);
  fail_expected("BETWEEN, IN or LIKE after NOT");
}

// A node's position is that of its first operand, where a reader looks for it.
ExprPtr Parser::parse_comparison(ExprPtr left, ComparisonOp op) {
  take();
  if (at_any_word({"ANY", "SOME", "ALL"}) && at_symbol(1, "(")) {
    if (left->kind == ExprKind::kRow) fail_here("a row cannot be compared with ANY, SOME or ALL");
    auto quantified = std::make_unique<QuantifiedExpr>(left->position);
    quantified->op = op;
    quantified->quantifier = take().is_word("ALL") ? Quantifier::kAll : Quantifier::kAny;
    quantified->left = std::move(left);
    quantified->query = parse_bracketed_query();
    return quantified;
  }
  auto comparison = std::make_unique<ComparisonExpr>(left->position);
  comparison->op = op;
  if (const auto* left_row = as<RowExpr>(*left)) {
    const Token start = peek();
    comparison->right = parse_primary(true);
    const auto* right_row = as<RowExpr>(*comparison->right);
    if (right_row == nullptr || right_row->items.size() != left_row->items.size()) {
      fail_syntax(start.text, start.position,
                  "expected a row of " + std::to_string(left_row->items.size()) + " values");
    }
  } else {
    comparison->right = parse_operand();
  }
  comparison->left = std::move(left);
  return comparison;
}

ExprPtr Parser::parse_is(ExprPtr left) {
  const SourcePosition position = left->position;
  const bool negated = accept_word("NOT");
  if (accept_word("NULL")) {
    auto test = std::make_unique<IsNullExpr>(position);
    test->negated = negated;
    test->operand = std::move(left);
    return test;
  }
  if (accept_word("DISTINCT")) {
    expect_word("FROM");
    auto test = std::make_unique<IsDistinctExpr>(position);
    test->negated = negated;
    test->left = std::move(left);
    test->right = parse_operand();
    return test;
  }
  if (!at_any_word({"TRUE", "FALSE", "UNKNOWN"})) {
    fail_expected("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM after IS");
  }
  auto test = std::make_unique<IsTruthExpr>(position);
  test->negated = negated;
  test->operand = std::move(left);
  test->value = at_word("TRUE")    ? TruthValue::kTrue
                : at_word("FALSE") ? TruthValue::kFalse
                                   : TruthValue::kUnknown;
  take();
  return test;
}

ExprPtr Parser::parse_between(ExprPtr left, bool negated) {
  auto between = std::make_unique<BetweenExpr>(left->position);
  between->negated = negated;
  between->operand = std::move(left);
  between->low = parse_operand();
  expect_word("AND");
  between->high = parse_operand();
  return between;
}

ExprPtr Parser::parse_in(ExprPtr left, bool negated) {
  const NestingLevel level(*this);
  const SourcePosition position = left->position;
  const SourcePosition opened = expect_symbol("(").position;
  QueryPtr query;
  ExprList items;
  if (at_query_start()) {
    query = parse_query();
  } else {
    const SourcePosition first_position = peek().position;
    items.push_back(parse_expression());
    if (items.front()->kind == ExprKind::kScalarSubquery && at_query_tail()) {
      query = continue_query(std::move(static_cast<ScalarSubqueryExpr&>(*items.front()).query),
                             first_position);
    }
    while (!query && accept_symbol(",")) {
      items.push_back(parse_expression());
      check_list_size(items.size(), peek());
    }
  }
  expect_closing(")", opened);
  if (query) {
    auto in = std::make_unique<InQueryExpr>(position);
    in->negated = negated;
    in->operand = std::move(left);
    in->query = std::move(query);
    return in;
  }
  auto in = std::make_unique<InListExpr>(position);
  in->negated = negated;
  in->operand = std::move(left);
  in->items = std::move(items);
  return in;
}

ExprPtr Parser::parse_like(ExprPtr left, bool negated) {
  auto like = std::make_unique<LikeExpr>(left->position);
  like->negated = negated;
  like->operand = std::move(left);
  like->pattern = parse_operand();
  like->escape = parse_optional_like_escape();
  return like;
}

// ESCAPE 'c' or {escape 'c'}.
ExprPtr Parser::parse_optional_like_escape() {
  const bool braces = at_symbol("{") && at_word(1, "ESCAPE");
  if (!braces && !at_word("ESCAPE")) return nullptr;
  const SourcePosition opened = take().position;
  if (braces) take();
  const Token start = peek();
  ExprPtr escape = parse_operand();
  const auto* literal = as<LiteralExpr>(*escape);
  if (literal != nullptr && literal->literal == LiteralKind::kString &&
      base::count_code_points(literal->text) != 1) {
    throw base::Error("22019", "invalid escape near " + quote_excerpt(start.text) + " at " +
                                   describe(start.position) + ": expected one character");
  }
  if (braces) expect_closing("}", opened);
  return escape;
}

}  // namespace graphodbc::sqlparser
