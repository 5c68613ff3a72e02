#include "emulator/data/filter_lexer.h"

namespace graphodbc::emulator::data {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '/' ||
         c == '.' || c == '-' || c == '$';
}

}  // namespace

Token FilterLexer::next() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  if (at_ == text_.size()) return {TokenKind::kEnd, {}, at_};
  const std::size_t begin = at_;
  const char c = text_[at_];
  const auto single = [&](TokenKind kind) {
    ++at_;
    return Token{kind, std::string(1, c), begin};
  };
  switch (c) {
    case '(':
      return single(TokenKind::kOpen);
    case ')':
      return single(TokenKind::kClose);
    case ',':
      return single(TokenKind::kComma);
    case ':':
      return single(TokenKind::kColon);
    case '\'':
      return string_literal();
    default:
      break;
  }
  if (is_digit(c) || c == '-' || c == '+') {
    while (at_ < text_.size() && text_[at_] != ' ' && text_[at_] != ')' && text_[at_] != ',') {
      ++at_;
    }
    return {TokenKind::kLiteral, std::string(text_.substr(begin, at_ - begin)), begin};
  }
  while (at_ < text_.size() && is_name(text_[at_])) ++at_;
  if (at_ == begin) return single(TokenKind::kBad);
  return {TokenKind::kName, std::string(text_.substr(begin, at_ - begin)), begin};
}

Token FilterLexer::string_literal() {
  Token token{TokenKind::kString, {}, at_};
  for (++at_; at_ < text_.size(); ++at_) {
    if (text_[at_] != '\'') {
      token.text += text_[at_];
    } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
      token.text += '\'';
      ++at_;
    } else {
      ++at_;
      return token;
    }
  }
  token.kind = TokenKind::kBad;
  return token;
}

}  // namespace graphodbc::emulator::data
