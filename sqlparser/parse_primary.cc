// What operators combine: literals, names, brackets, CASE, CAST and ODBC escapes.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/datetime.h"
#include "base/error.h"
#include "sqlparser/keywords.h"
#include "sqlparser/parser_impl.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::sqlparser {
namespace {

struct TypedLiteral {
  std::string_view keyword;  // DATE '..'
  std::string_view escape;   // {d '..'}
  LiteralKind kind;
  std::string_view form;
};

constexpr std::array<TypedLiteral, 4> kTypedLiterals = {{
    {"DATE", "D", LiteralKind::kDate, "yyyy-mm-dd"},
    {"TIME", "T", LiteralKind::kTime, "hh:mm:ss[.f]"},
    {"TIMESTAMP", "TS", LiteralKind::kTimestamp, "yyyy-mm-dd hh:mm:ss[.f]"},
    {"GUID", "GUID", LiteralKind::kGuid, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"},
}};

bool is_guid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return std::equal(text.begin(), text.end(), kForm.begin(), kForm.end(), [](char c, char form) {
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    return form == '-' ? c == '-' : hex;
  });
}

bool is_valid(LiteralKind kind, std::string_view text) {
  switch (kind) {
    case LiteralKind::kDate:
      return base::parse_date(text).has_value();
    case LiteralKind::kTime:
      return base::parse_time(text).has_value();
    case LiteralKind::kTimestamp:
      return base::parse_timestamp(text).has_value();
    default:
      return is_guid(text);
  }
}

ExprPtr make_literal(LiteralKind kind, std::string text, SourcePosition position) {
  auto literal = std::make_unique<LiteralExpr>(position);
  literal->literal = kind;
  literal->text = std::move(text);
  return literal;
}

}  // namespace

ExprPtr Parser::parse_primary(bool row_allowed) {
  switch (peek().kind) {
    case TokenKind::kInteger:
      return parse_plain_literal(LiteralKind::kInteger);
    case TokenKind::kDecimal:
      return parse_plain_literal(LiteralKind::kDecimal);
    case TokenKind::kFloat:
      return parse_plain_literal(LiteralKind::kFloat);
    case TokenKind::kString:
      return parse_plain_literal(LiteralKind::kString);
    case TokenKind::kBinary:
      return parse_plain_literal(LiteralKind::kBinary);
    case TokenKind::kParameter:
      return parse_parameter();
    case TokenKind::kQuotedName:
      return parse_column_ref();
    case TokenKind::kWord:
      return parse_word();
    default:
      break;
  }
  if (at_symbol("(")) return parse_bracketed(row_allowed);
  if (at_symbol("{")) return parse_escape();
  fail_expected("an expression");
}

ExprPtr Parser::parse_plain_literal(LiteralKind kind) {
  Token token = take();
  const bool quoted = kind == LiteralKind::kString || kind == LiteralKind::kBinary;
  return make_literal(kind, quoted ? std::move(token.value) : std::string(token.text),
                      token.position);
}

ExprPtr Parser::parse_parameter() {
  const Token token = take();
  auto parameter = std::make_unique<ParameterExpr>(token.position);
  parameter->index = token.parameter;
  return parameter;
}

ExprPtr Parser::parse_word() {
  if (at_word("CASE")) return parse_case();
  if (at_word("CAST")) return parse_cast();
  if (at_word("EXISTS")) return parse_exists();
  if (at_word("NULL")) return make_literal(LiteralKind::kNull, "NULL", take().position);
  const bool qualifies = at_symbol(1, ".");
  if (at_any_word({"TRUE", "FALSE"}) && !qualifies) {
    const Token token = take();
    return make_literal(LiteralKind::kBoolean, to_upper_ascii(token.text), token.position);
  }
  if (peek(1).kind == TokenKind::kString) {
    for (const TypedLiteral& entry : kTypedLiterals) {
      if (at_word(entry.keyword)) return parse_typed_literal(entry.kind, take().position);
    }
  }
  const bool signed_text =
      (at_symbol(1, "-") || at_symbol(1, "+")) && peek(2).kind == TokenKind::kString;
  if (at_word("INTERVAL") && (peek(1).kind == TokenKind::kString || signed_text)) {
    return parse_interval(peek().position);
  }
  if (at_function_call() || at_bare_function()) return parse_function_with_window();
  return parse_column_ref();
}

ExprPtr Parser::parse_column_ref() {
  auto column = std::make_unique<ColumnRefExpr>(peek().position);
  column->name = parse_qualified_name(3, "an expression");
  return column;
}

// (e), (e, e, ..) where a row may stand, or a scalar subquery.
ExprPtr Parser::parse_bracketed(bool row_allowed) {
  const NestingLevel level(*this);
  const SourcePosition opened = take().position;
  QueryPtr query;
  ExprPtr expr;
  if (at_query_start()) {
    query = parse_query();
  } else {
    const SourcePosition inner = peek().position;
    expr = parse_expression();
    if (expr->kind == ExprKind::kScalarSubquery && at_query_tail()) {
      query = continue_query(std::move(static_cast<ScalarSubqueryExpr&>(*expr).query), inner);
    }
  }
  if (query) {
    auto subquery = std::make_unique<ScalarSubqueryExpr>(opened);
    subquery->query = std::move(query);
    expect_closing(")", opened);
    return subquery;
  }
  if (at_symbol(",")) {
    if (!row_allowed) fail_here("a row of values stands only on both sides of '=' or '<>'");
    take();
    auto row = std::make_unique<RowExpr>(opened);
    row->items = parse_expression_list();
    row->items.insert(row->items.begin(), std::move(expr));
    check_list_size(row->items.size(), peek());
    expr = std::move(row);
  }
  expect_closing(")", opened);
  return expr;
}

ExprPtr Parser::parse_case() {
  const NestingLevel level(*this);
  auto result = std::make_unique<CaseExpr>(take().position);
  if (!at_word("WHEN")) result->operand = parse_expression();
  if (!at_word("WHEN")) fail_expected("WHEN");
  while (accept_word("WHEN")) {
    CaseBranch branch;
    branch.when = parse_expression();
    expect_word("THEN");
    branch.then = parse_expression();
    result->branches.push_back(std::move(branch));
    check_list_size(result->branches.size(), peek());
  }
  if (accept_word("ELSE")) result->otherwise = parse_expression();
  if (!at_word("END")) {
    fail_expected("WHEN, ELSE or END of the CASE that began at " + describe(result->position));
  }
  take();
  return result;
}

ExprPtr Parser::parse_cast() {
  const NestingLevel level(*this);
  auto cast = std::make_unique<CastExpr>(take().position);
  const SourcePosition opened = expect_symbol("(").position;
  cast->operand = parse_expression();
  expect_word("AS");
  cast->type_position = peek().position;
  cast->type = parse_type();
  expect_closing(")", opened);
  return cast;
}

ExprPtr Parser::parse_exists() {
  auto exists = std::make_unique<ExistsExpr>(take().position);
  exists->query = parse_bracketed_query();
  return exists;
}

// The next token is the text of a DATE, TIME, TIMESTAMP or GUID literal.
ExprPtr Parser::parse_typed_literal(LiteralKind kind, SourcePosition position) {
  if (peek().kind != TokenKind::kString) fail_expected("a text in single quotes");
  Token token = take();
  if (!is_valid(kind, token.value)) {
    const auto* entry =
        std::find_if(kTypedLiterals.begin(), kTypedLiterals.end(),
                     [&](const TypedLiteral& candidate) { return candidate.kind == kind; });
    const std::string message = "invalid " + std::string(entry->keyword) + " literal near " +
                                quote_excerpt(token.text) + " at " + describe(token.position) +
                                ": expected '" + std::string(entry->form) + "'";
    if (kind == LiteralKind::kGuid) throw base::Error("22018", message);
    throw base::Error("22007", message);
  }
  return make_literal(kind, std::move(token.value), position);
}

// INTERVAL [+|-] '..' first [(p)] [TO last [(p)]]; `position` is that of the literal's beginning.
ExprPtr Parser::parse_interval(SourcePosition position) {
  take();
  auto literal = std::make_unique<LiteralExpr>(position);
  literal->literal = LiteralKind::kInterval;
  literal->interval.negative = accept_symbol("-");
  if (!literal->interval.negative) accept_symbol("+");
  if (peek().kind != TokenKind::kString) fail_expected("a text in single quotes");
  literal->text = take().value;
  literal->interval.first = parse_interval_field();
  if (accept_word("TO")) literal->interval.last = parse_interval_field();
  return literal;
}

// The precision of a field limits digits only and is dropped.
DateUnit Parser::parse_interval_field() {
  const DateUnit unit = parse_date_unit(true);
  if (at_symbol("(")) {
    const SourcePosition opened = take().position;
    do {
      if (peek().kind != TokenKind::kInteger) fail_expected("a precision");
      take();
    } while (accept_symbol(","));
    expect_closing(")", opened);
  }
  return unit;
}

// ODBC Programmer's Reference, Appendix C "ODBC Escape Sequences".
ExprPtr Parser::parse_escape() {
  const NestingLevel level(*this);
  if (escapes_ == kMaxEscapeNesting) {
    fail_limit(peek().text, peek().position, "nested escapes", kMaxEscapeNesting);
  }
  ++escapes_;
  const SourcePosition opened = take().position;
  ExprPtr result;
  if (accept_word("FN")) {
    if (at_word("CAST")) {
      result = parse_cast();
    } else if (at_bare_function()) {
      result = parse_bare_function();
    } else if (at_function_call()) {
      result = parse_function_call();
    } else {
      fail_expected("a function call after {fn");
    }
  } else if (at_word("INTERVAL")) {
    result = parse_interval(opened);
  }
  for (const TypedLiteral& entry : kTypedLiterals) {
    if (result || !at_word(entry.escape)) continue;
    take();
    result = parse_typed_literal(entry.kind, opened);
  }
  if (!result) fail_expected("FN, D, T, TS, GUID or INTERVAL after '{'");
  expect_closing("}", opened);
  --escapes_;
  return result;
}

}  // namespace graphodbc::sqlparser
