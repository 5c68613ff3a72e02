// Tokens of a `$filter` text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace graphodbc::emulator::data {

enum class TokenKind : std::uint8_t {
  kEnd,
  kOpen,
  kClose,
  kComma,
  kColon,
  kString,   // text without quotes, doubled quotes undone
  kName,     // property paths, operators, functions, true, false, null
  kLiteral,  // starts with a digit or a sign: numbers, dates, bare guids
  kBad,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  std::size_t position = 0;
};

class FilterLexer {
 public:
  explicit FilterLexer(std::string_view text) : text_(text) {}
  Token next();

 private:
  Token string_literal();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace graphodbc::emulator::data
