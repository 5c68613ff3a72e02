#include "sqlparser/parser.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sqlparser/keywords.h"
#include "sqlparser/parser_impl.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::sqlparser {

StatementPtr parse_statement(std::string_view sql) {
  return Parser(sql).parse();
}

StatementPtr Parser::parse() {
  StatementPtr statement = parse_any_statement();
  expect_end_of_statement();
  statement->parameter_count = lexer_.parameter_count();
  return statement;
}

Parser::NestingLevel::NestingLevel(Parser& parser) : parser_(parser) {
  if (parser.nesting_ == kMaxNesting) {
    const Token& token = parser.peek();
    fail_limit(token.text, token.position, "nesting levels", kMaxNesting);
  }
  ++parser.nesting_;
}

const Token& Parser::peek(std::size_t ahead) {
  while (lookahead_.size() <= ahead) lookahead_.push_back(lexer_.next());
  return lookahead_[ahead];
}

Token Parser::take() {
  peek();
  Token token = std::move(lookahead_.front());
  lookahead_.pop_front();
  return token;
}

bool Parser::at_any_word(std::initializer_list<std::string_view> words) {
  const Token& token = peek();
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.is_word(word); });
}

bool Parser::accept_word(std::string_view word) {
  if (!at_word(word)) return false;
  take();
  return true;
}

bool Parser::accept_symbol(std::string_view symbol) {
  if (!at_symbol(symbol)) return false;
  take();
  return true;
}

Token Parser::expect_word(std::string_view word) {
  if (!at_word(word)) fail_expected(word);
  return take();
}

Token Parser::expect_symbol(std::string_view symbol) {
  if (!at_symbol(symbol)) fail_expected("'" + std::string(symbol) + "'");
  return take();
}

void Parser::expect_closing(std::string_view symbol, SourcePosition opened) {
  if (accept_symbol(symbol)) return;
  const std::string_view what = symbol == "}" ? "escape" : "bracket";
  fail_expected("'" + std::string(symbol) + "' to end the " + std::string(what) + " opened at " +
                describe(opened));
}

void Parser::fail_expected(std::string_view expected) {
  fail_here("expected " + std::string(expected));
}

void Parser::fail_here(std::string_view problem) {
  const Token& token = peek();
  fail_syntax(token.text, token.position, problem);
}

void Parser::refuse_here(std::string_view feature) {
  const Token& token = peek();
  fail_unsupported(token.text, token.position, feature);
}

void Parser::check_list_size(std::size_t size, const Token& next) {
  if (size > kMaxListMembers) {
    fail_limit(next.text, next.position, "list members", kMaxListMembers);
  }
}

Identifier Parser::parse_identifier(std::string_view expected) {
  if (!peek().is_name()) {
    std::string problem = "expected " + std::string(expected);
    if (peek().kind == TokenKind::kWord) {
      problem += "; '" + peek().value + "' is a reserved word, as a name it needs double quotes";
    }
    fail_here(problem);
  }
  Token token = take();
  return {std::move(token.value), token.kind == TokenKind::kQuotedName, token.position};
}

QualifiedName Parser::parse_qualified_name(std::size_t max_qualifiers, std::string_view expected) {
  QualifiedName result;
  result.name = parse_identifier(expected);
  while (at_symbol(".")) {
    if (result.qualifiers.size() == max_qualifiers) {
      fail_here("expected at most " + std::to_string(max_qualifiers) + " qualifiers before a name");
    }
    take();
    result.qualifiers.push_back(std::move(result.name));
    result.name = parse_identifier("a name after '.'");
  }
  return result;
}

std::vector<Identifier> Parser::parse_name_list() {
  const SourcePosition opened = expect_symbol("(").position;
  std::vector<Identifier> names;
  do {
    names.push_back(parse_identifier("a column name"));
    check_list_size(names.size(), peek());
  } while (accept_symbol(","));
  expect_closing(")", opened);
  return names;
}

}  // namespace graphodbc::sqlparser
