// TOP, LIMIT, OFFSET and FETCH.
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "base/error.h"
#include "sqlparser/parser_impl.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::sqlparser {
namespace {

// Whether the digits fit BIGINT, the type of a row count.
bool fits_bigint(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  static const std::string kLargest = std::to_string(std::numeric_limits<std::int64_t>::max());
  return digits.size() < kLargest.size() ||
         (digits.size() == kLargest.size() && digits <= kLargest);
}

}  // namespace

// TOP is a keyword only before a number, a marker or a bracket.
bool Parser::at_top() {
  if (!at_word("TOP")) return false;
  switch (peek(1).kind) {
    case TokenKind::kInteger:
    case TokenKind::kDecimal:
    case TokenKind::kFloat:
    case TokenKind::kParameter:
      return true;
    default:
      return at_symbol(1, "(");
  }
}

Limit Parser::parse_top() {
  Limit limit;
  limit.form = LimitForm::kTop;
  limit.position = take().position;
  if (at_symbol("(")) {
    const SourcePosition opened = take().position;
    limit.count = parse_row_count();
    expect_closing(")", opened);
  } else {
    limit.count = parse_row_count();
  }
  // `SELECT TOP 5 Percent FROM t` names a column.
  const bool column = at_word(1, "FROM") || at_symbol(1, ",") || peek(1).kind == TokenKind::kEnd;
  if (at_word("PERCENT") && !column) {
    take();
    limit.percent = true;
  }
  if (accept_word("WITH")) {
    expect_word("TIES");
    limit.with_ties = true;
  }
  return limit;
}

void Parser::parse_limit_clauses(Query& query) {
  if (at_any_word({"LIMIT", "OFFSET", "FETCH"})) {
    if (query.limit) {
      fail_here("TOP at " + describe(query.limit->position) +
                " and this clause exclude each other");
    }
    query.limit = at_word("LIMIT") ? parse_limit() : parse_offset_fetch();
  }
  if (query.limit && query.limit->with_ties && query.order_by.empty()) {
    fail_syntax("WITH TIES", query.limit->position, "WITH TIES needs an ORDER BY");
  }
}

Limit Parser::parse_limit() {
  Limit limit;
  limit.position = take().position;
  limit.count = parse_row_count();
  if (accept_symbol(",")) {
    limit.form = LimitForm::kFetch;
    limit.offset = std::move(limit.count);
    limit.count = parse_row_count();
  } else if (accept_word("OFFSET")) {
    limit.offset = parse_row_count();
  }
  return limit;
}

Limit Parser::parse_offset_fetch() {
  Limit limit;
  limit.form = LimitForm::kFetch;
  limit.position = peek().position;
  if (accept_word("OFFSET")) {
    limit.offset = parse_row_count();
    if (at_any_word({"ROW", "ROWS"})) take();
  }
  if (accept_word("FETCH")) parse_fetch(limit);
  return limit;
}

void Parser::parse_fetch(Limit& limit) {
  if (!at_any_word({"FIRST", "NEXT"})) fail_expected("FIRST or NEXT");
  const SourcePosition position = take().position;
  if (at_any_word({"ROW", "ROWS"})) {
    auto one = std::make_unique<LiteralExpr>(position);
    one->literal = LiteralKind::kInteger;
    one->text = "1";
    limit.count = std::move(one);
  } else {
    limit.count = parse_row_count();
    limit.percent = accept_word("PERCENT");
    if (!at_any_word({"ROW", "ROWS"})) fail_expected("ROW or ROWS");
  }
  take();
  if (accept_word("WITH")) {
    expect_word("TIES");
    limit.with_ties = true;
  } else {
    if (!at_word("ONLY")) fail_expected("ONLY or WITH TIES");
    take();
  }
}

ExprPtr Parser::parse_row_count() {
  const Token& token = peek();
  if (token.kind == TokenKind::kParameter) return parse_parameter();
  if (token.kind == TokenKind::kInteger && fits_bigint(token.text)) {
    return parse_plain_literal(LiteralKind::kInteger);
  }
  const bool value = token.kind == TokenKind::kInteger || token.kind == TokenKind::kDecimal ||
                     token.kind == TokenKind::kFloat || token.kind == TokenKind::kString ||
                     token.is_symbol("-");
  if (!value) fail_expected("a number of rows: an integer or a marker");
  throw base::Error("HY024", "invalid number of rows near " + quote_excerpt(token.text) + " at " +
                                 describe(token.position) +
                                 ": expected an integer of 0 or more, or a marker");
}

}  // namespace graphodbc::sqlparser
