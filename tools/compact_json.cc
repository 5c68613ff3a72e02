// JSON texts in JSON output: checked, so that one damaged value cannot damage the whole document,
// and without line breaks, so that an object stays one line (RFC 8259).
#include <cctype>

#include "tools/row_writer.h"

namespace graphodbc::tools {
namespace {

class Compactor {
 public:
  Compactor(std::string& out, std::string_view text) : out_(out), text_(text) {}

  bool run() {
    if (!value(0)) return false;
    blanks();
    return at_ == text_.size();
  }

 private:
  static constexpr int kDeepest = 128;

  bool ended() const { return at_ >= text_.size(); }
  char peek() const { return ended() ? '\0' : text_[at_]; }
  void blanks() {
    while (!ended() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
  }
  void take() { out_ += text_[at_++]; }
  bool take_if(char c) {
    blanks();
    if (peek() != c) return false;
    take();
    return true;
  }

  bool value(int depth) {
    blanks();
    if (depth > kDeepest) return false;
    switch (peek()) {
      case '{':
        return group('}', depth, true);
      case '[':
        return group(']', depth, false);
      case '"':
        return string();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }
  bool group(char end, int depth, bool named) {
    take();
    if (take_if(end)) return true;
    do {
      if (named) {
        blanks();
        if (!string() || !take_if(':')) return false;
      }
      if (!value(depth + 1)) return false;
    } while (take_if(','));
    return take_if(end);
  }
  bool string() {
    if (peek() != '"') return false;
    take();
    while (!ended() && peek() != '"') {
      if (static_cast<unsigned char>(peek()) < 0x20) return false;
      const bool escaped = peek() == '\\';
      take();
      if (escaped && !escape()) return false;
    }
    if (ended()) return false;
    take();
    return true;
  }
  // What follows a backslash.
  bool escape() {
    const bool unicode = peek() == 'u';
    if (ended() || std::string_view("\"\\/bfnrtu").find(peek()) == std::string_view::npos) {
      return false;
    }
    take();
    for (int i = 0; unicode && i < 4; ++i) {
      if (ended() || std::isxdigit(static_cast<unsigned char>(peek())) == 0) return false;
      take();
    }
    return true;
  }
  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    out_ += expected;
    at_ += expected.size();
    return true;
  }
  bool digits() {
    const std::size_t start = at_;
    while (peek() >= '0' && peek() <= '9') take();
    return at_ > start;
  }
  bool number() {
    if (peek() == '-') take();
    const bool leading_zero = peek() == '0';
    const std::size_t start = at_;
    if (!digits() || (leading_zero && at_ - start > 1)) return false;
    if (peek() == '.') {
      take();
      if (!digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
      take();
      if (peek() == '+' || peek() == '-') take();
      if (!digits()) return false;
    }
    return true;
  }

  std::string& out_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool append_compact_json(std::string& out, std::string_view text) {
  const std::size_t before = out.size();
  if (Compactor(out, text).run()) return true;
  out.resize(before);
  return false;
}

}  // namespace graphodbc::tools
