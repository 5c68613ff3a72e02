#include "sqlparser/lexer.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "base/utf.h"
#include "sqlparser/keywords.h"
#include "sqlparser/limits.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::sqlparser {
namespace {

// Longest first, so that `<` does not win over `<=`.
constexpr std::array<std::string_view, 20> kSymbols = {"<=", ">=", "<>", "!=", "||", "=", "<",
                                                       ">",  "+",  "-",  "*",  "/",  "%", "(",
                                                       ")",  ",",  ".",  ";",  "{",  "}"};

constexpr std::string_view kReplacementBytes = "\xEF\xBF\xBD";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

// ASCII blanks, Unicode spaces (pasted text has U+00A0) and a byte order mark.
bool is_blank(char32_t code_point) {
  if (code_point < 0x80) return code_point == U' ' || (code_point >= 0x09 && code_point <= 0x0D);
  if (code_point == 0xFEFF) return true;
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(code_point));
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

}  // namespace

bool Token::is_word(std::string_view upper_case) const {
  return kind == TokenKind::kWord && equal_keyword(text, upper_case);
}

bool Token::is_name() const {
  return kind == TokenKind::kQuotedName || (kind == TokenKind::kWord && !is_reserved(text));
}

Lexer::Lexer(std::string_view sql) : sql_(sql) {
  if (!sql_.empty() && sql_.back() == '\0') sql_.remove_suffix(1);
  if (sql_.size() > kMaxStatementBytes) {
    throw base::Error("42000", "statement too long: " + std::to_string(sql_.size()) +
                                   " bytes; the limit is " + std::to_string(kMaxStatementBytes) +
                                   " bytes (1 MB) of statement text");
  }
  check_encoding();
}

void Lexer::check_encoding() const {
  if (base::is_valid_utf8(sql_)) return;
  Lexer walker(std::string_view{});
  walker.sql_ = sql_;
  for (std::size_t offset = 0; offset < sql_.size();) {
    const std::size_t start = offset;
    const char32_t code_point = base::next_code_point(sql_, offset);
    if (code_point == base::kReplacement && sql_.substr(start, 3) != kReplacementBytes) {
      walker.advance_to(start);
      fail_syntax("\xEF\xBF\xBD", walker.position_, "the statement is not valid UTF-8 here");
    }
  }
}

// A line ends at LF, CR LF or a lone CR. Columns count code points, that is, all bytes but
// continuation bytes.
void Lexer::advance_to(std::size_t offset) {
  for (std::size_t i = position_.offset; i < offset; ++i) {
    const char c = sql_[i];
    if (c == '\n' || (c == '\r' && at(i + 1) != '\n')) {
      ++position_.line;
      position_.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      ++position_.column;
    }
  }
  position_.offset = static_cast<std::uint32_t>(offset);
}

void Lexer::skip_blanks_and_comments() {
  while (position_.offset < sql_.size()) {
    const char c = sql_[position_.offset];
    const char following = at(position_.offset + 1);
    if (c == '-' && following == '-') {
      advance_to(std::min(sql_.find_first_of("\r\n", position_.offset), sql_.size()));
    } else if (c == '/' && following == '*') {
      skip_block_comment();
    } else {
      std::size_t offset = position_.offset;
      if (!is_blank(base::next_code_point(sql_, offset))) return;
      advance_to(offset);
    }
  }
}

void Lexer::skip_block_comment() {
  const std::size_t end = sql_.find("*/", position_.offset + 2);
  if (end == std::string_view::npos) {
    fail_syntax(sql_.substr(position_.offset), position_, "unterminated comment, expected '*/'");
  }
  advance_to(end + 2);
}

Token Lexer::next() {
  skip_blanks_and_comments();
  if (position_.offset == sql_.size()) return make_token(TokenKind::kEnd, sql_.size());
  const std::size_t start = position_.offset;
  const char c = sql_[start];
  const char following = at(start + 1);
  if (c == '\'') return lex_quoted(start, '\'', TokenKind::kString, "string");
  if ((c == 'N' || c == 'n') && following == '\'') {
    return lex_quoted(start + 1, '\'', TokenKind::kString, "string");
  }
  if ((c == 'X' || c == 'x') && following == '\'') return lex_binary();
  if (c == '"' || c == '`') return lex_quoted_name(c);
  if (c == '[') return lex_quoted_name(']');
  if (is_digit(c) || (c == '.' && is_digit(following))) return lex_number();
  if (c == '?') {
    Token token = make_token(TokenKind::kParameter, start + 1);
    if (parameter_count_ == kMaxParameters) {
      fail_limit(token.text, token.position, "parameter markers", kMaxParameters);
    }
    token.parameter = ++parameter_count_;
    return token;
  }
  std::size_t offset = start;
  if (starts_name(base::next_code_point(sql_, offset))) return lex_word();
  return lex_symbol();
}

Token Lexer::make_token(TokenKind kind, std::size_t end) {
  Token token;
  token.kind = kind;
  token.position = position_;
  token.text = sql_.substr(position_.offset, end - position_.offset);
  advance_to(end);
  return token;
}

Token Lexer::lex_word() {
  std::size_t end = position_.offset;
  while (end < sql_.size()) {
    std::size_t after = end;
    if (!continues_name(base::next_code_point(sql_, after))) break;
    end = after;
  }
  Token token = make_token(TokenKind::kWord, end);
  token.value = token.text;
  return token;
}

std::size_t Lexer::skip_digits(std::size_t offset) const {
  while (is_digit(at(offset))) ++offset;
  return offset;
}

Token Lexer::lex_number() {
  TokenKind kind = TokenKind::kInteger;
  std::size_t end = skip_digits(position_.offset);
  if (at(end) == '.') {
    kind = TokenKind::kDecimal;
    end = skip_digits(end + 1);
  }
  if (at(end) == 'e' || at(end) == 'E') {
    const std::size_t digits = at(end + 1) == '+' || at(end + 1) == '-' ? end + 2 : end + 1;
    if (is_digit(at(digits))) {
      kind = TokenKind::kFloat;
      end = skip_digits(digits);
    }
  }
  Token token = make_token(kind, end);
  if (end < sql_.size()) {
    std::size_t after = end;
    if (continues_name(base::next_code_point(sql_, after))) {
      const std::string_view near =
          sql_.substr(token.position.offset, after - token.position.offset);
      fail_syntax(near, token.position,
                  "malformed number, expected a blank or an operator after '" +
                      std::string(token.text) + "'");
    }
  }
  return token;
}

Token Lexer::lex_symbol() {
  const std::string_view rest = sql_.substr(position_.offset);
  for (const std::string_view symbol : kSymbols) {
    if (rest.starts_with(symbol)) {
      return make_token(TokenKind::kSymbol, position_.offset + symbol.size());
    }
  }
  std::size_t length = 0;
  base::next_code_point(rest, length);
  fail_syntax(rest.substr(0, length), position_, "unexpected character");
}

// `open` is the offset of the opening quote; doubling the closing character escapes it.
Token Lexer::lex_quoted(std::size_t open, char close, TokenKind kind, std::string_view name) {
  std::string value;
  std::size_t from = open + 1;
  for (;;) {
    const std::size_t quote = sql_.find(close, from);
    if (quote == std::string_view::npos) {
      fail_syntax(sql_.substr(position_.offset), position_,
                  "unterminated " + std::string(name) + ", expected a closing " + close);
    }
    value += sql_.substr(from, quote - from);
    if (at(quote + 1) != close) {
      Token token = make_token(kind, quote + 1);
      token.value = std::move(value);
      return token;
    }
    value += close;
    from = quote + 2;
  }
}

Token Lexer::lex_quoted_name(char close) {
  Token token = lex_quoted(position_.offset, close, TokenKind::kQuotedName, "quoted name");
  if (token.value.empty()) fail_syntax(token.text, token.position, "empty quoted name");
  return token;
}

Token Lexer::lex_binary() {
  Token token = lex_quoted(position_.offset + 1, '\'', TokenKind::kBinary, "binary literal");
  if (token.value.size() % 2 != 0 ||
      !std::all_of(token.value.begin(), token.value.end(), is_hex_digit)) {
    fail_syntax(token.text, token.position,
                "malformed binary literal, expected an even number of hex digits");
  }
  token.value = to_upper_ascii(token.value);
  return token;
}

}  // namespace graphodbc::sqlparser
