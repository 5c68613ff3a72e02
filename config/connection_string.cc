#include "config/connection_string.h"

#include <algorithm>

#include "base/error.h"

namespace graphodbc::config {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::vector<Attribute> parse() {
    while (true) {
      skip([](char c) { return is_blank(c) || c == ';'; });
      if (at_end()) return std::move(attributes_);
      parse_pair();
    }
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }

  template <typename Predicate>
  void skip(Predicate matches) {
    while (!at_end() && matches(text_[at_])) ++at_;
  }

  [[noreturn]] void fail(std::size_t position, std::string_view what) const {
    throw base::Error("HY000", "Connection string, character " + std::to_string(position + 1) +
                                   ": " + std::string(what));
  }

  void parse_pair() {
    const std::size_t start = at_;
    const std::size_t end = text_.find_first_of("=;", at_);
    if (end == std::string_view::npos || text_[end] == ';') {
      fail(start, "expected key=value; a value that holds ';' must be written in braces");
    }
    const std::string_view key = trim(text_.substr(start, end - start));
    if (key.empty()) fail(start, "a key is missing before '='");
    at_ = end + 1;
    skip(is_blank);
    std::string value =
        !at_end() && text_[at_] == '{' ? parse_braced() : std::string(parse_plain());
    keep(key, std::move(value));
  }

  std::string_view parse_plain() {
    const std::size_t start = at_;
    at_ = std::min(text_.find(';', at_), text_.size());
    return trim(text_.substr(start, at_ - start));
  }

  std::string parse_braced() {
    const std::size_t open = at_++;
    std::string value;
    while (true) {
      if (at_end()) fail(open, "'{' is not closed; inside braces write '}}' for '}'");
      const char c = text_[at_++];
      if (c == '}') {
        if (at_end() || text_[at_] != '}') break;
        ++at_;
      }
      value += c;
    }
    skip(is_blank);
    if (!at_end() && text_[at_] != ';') fail(at_, "expected ';' after '}'");
    return value;
  }

  void keep(std::string_view key, std::string value) {
    for (const Attribute& earlier : attributes_) {
      if (equal_keyword(earlier.key, key)) return;
    }
    attributes_.push_back({std::string(key), std::move(value)});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Attribute> attributes_;
};

bool needs_braces(std::string_view value) {
  if (value.empty()) return false;
  return value.find_first_of(";{}[]()?*!@,'\"") != std::string_view::npos ||
         is_blank(value.front()) || is_blank(value.back());
}

}  // namespace

bool equal_keyword(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::vector<Attribute> parse_connection_string(std::string_view text) {
  // Some applications count the terminator into the length.
  while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
  return Parser(text).parse();
}

std::string write_connection_string(const std::vector<Attribute>& attributes) {
  std::string out;
  for (const Attribute& attribute : attributes) {
    out += attribute.key;
    out += '=';
    if (needs_braces(attribute.value)) {
      out += '{';
      for (char c : attribute.value) {
        out += c;
        if (c == '}') out += c;
      }
      out += '}';
    } else {
      out += attribute.value;
    }
    out += ';';
  }
  return out;
}

}  // namespace graphodbc::config
