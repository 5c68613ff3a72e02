#include "sqlparser/syntax_error.h"

#include "base/error.h"
#include "base/utf.h"

namespace graphodbc::sqlparser {
namespace {

constexpr std::size_t kMaxExcerpt = 40;

// "near 'x' at 1:5"
std::string place(std::string_view near, SourcePosition position) {
  return "near " + quote_excerpt(near) + " at " + describe(position);
}

}  // namespace

std::string describe(SourcePosition position) {
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

std::string quote_excerpt(std::string_view text) {
  if (text.empty()) return "'end of statement'";
  std::string out = "'";
  std::size_t offset = 0;
  for (std::size_t count = 0; offset < text.size(); ++count) {
    if (count == kMaxExcerpt) {
      out += "...";
      break;
    }
    const char32_t code_point = base::next_code_point(text, offset);
    const bool control = code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
    base::append_utf8(out, control ? U' ' : code_point);
  }
  return out + "'";
}

void fail_syntax(std::string_view near, SourcePosition position, std::string_view problem) {
  throw base::Error("42000", "syntax error " + place(near, position) + ": " + std::string(problem));
}

void fail_limit(std::string_view near, SourcePosition position, std::string_view what,
                std::size_t limit) {
  throw base::Error("42000", "too many " + std::string(what) + " " + place(near, position) +
                                 ": the limit is " + std::to_string(limit) + " " +
                                 std::string(what));
}

void fail_unsupported(std::string_view near, SourcePosition position, std::string_view what) {
  throw base::Error("HYC00", std::string(what) + " is not supported " + place(near, position));
}

}  // namespace graphodbc::sqlparser
