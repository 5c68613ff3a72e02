// SQL text to tokens, one at a time, so that a refused statement costs nothing beyond its fault.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sqlparser/ast.h"

namespace graphodbc::sqlparser {

enum class TokenKind : std::uint8_t {
  kEnd,
  kWord,        // keyword or bare name
  kQuotedName,  // "a", [a] or `a`
  kString,      // 'a' or N'a'
  kBinary,      // X'00FF'
  kInteger,
  kDecimal,
  kFloat,
  kParameter,  // ?
  kSymbol,     // operators, brackets and punctuation
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  SourcePosition position;
  std::string_view text;        // as written, points into the statement; empty at the end
  std::string value;            // names and strings without quotes; hex digits in upper case
  std::uint32_t parameter = 0;  // index of a marker, from 1

  bool is_word(std::string_view upper_case) const;
  bool is_symbol(std::string_view symbol) const {
    return kind == TokenKind::kSymbol && text == symbol;
  }
  // A word that is not reserved, or a quoted name.
  bool is_name() const;
};

class Lexer {
 public:
  // `sql` must outlive the lexer and its tokens. Throws base::Error 42000 when it is too long or
  // no UTF-8.
  explicit Lexer(std::string_view sql);

  // The next token, kEnd for ever after the last. Throws base::Error 42000 on a character that
  // fits nothing, an unterminated string, quote or comment, and past the marker limit.
  Token next();

  std::uint32_t parameter_count() const { return parameter_count_; }

 private:
  void check_encoding() const;
  void advance_to(std::size_t offset);
  void skip_blanks_and_comments();
  void skip_block_comment();

  Token make_token(TokenKind kind, std::size_t end);
  Token lex_word();
  Token lex_number();
  Token lex_symbol();
  Token lex_quoted(std::size_t open, char close, TokenKind kind, std::string_view name);
  Token lex_quoted_name(char close);
  Token lex_binary();

  char at(std::size_t offset) const { return offset < sql_.size() ? sql_[offset] : '\0'; }
  std::size_t skip_digits(std::size_t offset) const;

  std::string_view sql_;
  SourcePosition position_;
  std::uint32_t parameter_count_ = 0;
};

}  // namespace graphodbc::sqlparser
