#include "query/expression/json_path.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/json_text.h"
#include "base/utf.h"

namespace graphodbc::query {
namespace {

constexpr int kDeepest = 512;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads forward through JSON text. Each function is false at the first thing that is no JSON.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  bool at_end() {
    skip_blanks();
    return at_ == text_.size();
  }
  std::size_t position() const { return at_; }
  void move_to(std::size_t at) { at_ = at; }

  char peek() {
    skip_blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }

  bool string(std::string_view& inside) {
    if (!take('"')) return false;
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return false;
      if (text_[at_] == '\\' && !escape()) return false;
      ++at_;
    }
    if (at_ == text_.size()) return false;
    inside = text_.substr(start, at_ - start);
    ++at_;
    return true;
  }

  bool value(JsonValue& found, int depth = 0) {
    const char first = peek();
    const std::size_t start = at_;
    if (first == '"') {
      found.kind = JsonKind::kString;
      return string(found.raw);
    }
    bool good = false;
    if (first == '{' || first == '[') {
      found.kind = first == '{' ? JsonKind::kObject : JsonKind::kArray;
      good = depth < kDeepest && container(first, depth + 1);
    } else if (first == '-' || is_digit(first)) {
      found.kind = JsonKind::kNumber;
      good = number();
    } else {
      found.kind = first == 'n' ? JsonKind::kNull : JsonKind::kBool;
      good = word("null") || word("true") || word("false");
    }
    found.raw = text_.substr(start, at_ - start);
    return good;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  // At the backslash; stays on the last character of the escape.
  bool escape() {
    ++at_;
    if (at_ >= text_.size()) return false;
    if (text_[at_] != 'u') return std::string_view("\"\\/bfnrt").find(text_[at_]) != text_.npos;
    for (int digit = 0; digit < 4; ++digit) {
      ++at_;
      if (at_ >= text_.size()) return false;
      const char c = text_[at_];
      const bool hex = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (!hex) return false;
    }
    return true;
  }

  bool digits() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ > start;
  }

  bool number() {
    if (text_[at_] == '-') ++at_;
    if (at_ < text_.size() && text_[at_] == '0') {
      ++at_;
    } else if (!digits()) {
      return false;
    }
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      if (!digits()) return false;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) ++at_;
      if (!digits()) return false;
    }
    return true;
  }

  bool word(std::string_view wanted) {
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    return true;
  }

  bool container(char open, int depth) {
    const char close = open == '{' ? '}' : ']';
    take(open);
    if (take(close)) return true;
    do {
      std::string_view name;
      if (open == '{' && (!string(name) || !take(':'))) return false;
      JsonValue ignored;
      if (!value(ignored, depth)) return false;
    } while (take(','));
    return take(close);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

struct Step {
  bool is_index = false;
  bool from_end = false;
  std::size_t index = 0;
  std::string_view name;
};

// The step at `at`, which is moved past it; nullopt for a bad path.
std::optional<Step> step_at(std::string_view path, std::size_t& at) {
  Step step;
  if (path[at] == '.') {
    ++at;
    if (at < path.size() && path[at] == '"') {
      const std::size_t end = path.find('"', at + 1);
      if (end == std::string_view::npos) return std::nullopt;
      step.name = path.substr(at + 1, end - at - 1);
      at = end + 1;
      return step;
    }
    const std::size_t end = std::min(path.find_first_of(".[", at), path.size());
    step.name = path.substr(at, end - at);
    at = end;
    if (step.name.empty()) return std::nullopt;
    return step;
  }
  if (path[at] != '[') return std::nullopt;
  ++at;
  step.is_index = true;
  if (path.substr(at, 2) == "#-") {
    step.from_end = true;
    at += 2;
  }
  const std::size_t start = at;
  for (; at < path.size() && is_digit(path[at]); ++at) {
    if (at - start > 9) return std::nullopt;
    step.index = step.index * 10 + static_cast<std::size_t>(path[at] - '0');
  }
  if (at == start || at >= path.size() || path[at] != ']') return std::nullopt;
  ++at;
  return step;
}

bool same_name(std::string_view raw, std::string_view name) {
  if (!base::has_json_escape(raw)) return raw == name;
  std::size_t r = 0;
  std::size_t n = 0;
  while (r < raw.size() && n < name.size()) {
    if (base::next_json_code_point(raw, r) != base::next_code_point(name, n)) return false;
  }
  return r == raw.size() && n == name.size();
}

JsonSearch enter_member(Walker& walker, std::string_view name) {
  if (!walker.take('{')) return JsonSearch::kMissing;
  if (walker.take('}')) return JsonSearch::kMissing;
  do {
    std::string_view raw;
    if (!walker.string(raw) || !walker.take(':')) return JsonSearch::kBadJson;
    if (same_name(raw, name)) return JsonSearch::kFound;
    JsonValue ignored;
    if (!walker.value(ignored)) return JsonSearch::kBadJson;
  } while (walker.take(','));
  return walker.take('}') ? JsonSearch::kMissing : JsonSearch::kBadJson;
}

// Elements of the array at the walker, which stays before it; nullopt for bad JSON.
std::optional<std::size_t> count_elements(Walker& walker) {
  const std::size_t start = walker.position();
  std::size_t count = 0;
  walker.take('[');
  bool good = walker.take(']');
  if (!good) {
    do {
      JsonValue ignored;
      if (!walker.value(ignored)) return std::nullopt;
      ++count;
    } while (walker.take(','));
    good = walker.take(']');
  }
  walker.move_to(start);
  return good ? std::optional(count) : std::nullopt;
}

JsonSearch enter_element(Walker& walker, const Step& step) {
  if (walker.peek() != '[') return JsonSearch::kMissing;
  std::size_t wanted = step.index;
  if (step.from_end) {
    const auto count = count_elements(walker);
    if (!count) return JsonSearch::kBadJson;
    if (step.index == 0 || step.index > *count) return JsonSearch::kMissing;
    wanted = *count - step.index;
  }
  walker.take('[');
  if (walker.peek() == ']') return JsonSearch::kMissing;
  for (std::size_t at = 0; at < wanted; ++at) {
    JsonValue ignored;
    if (!walker.value(ignored)) return JsonSearch::kBadJson;
    if (!walker.take(',')) {
      return walker.take(']') ? JsonSearch::kMissing : JsonSearch::kBadJson;
    }
  }
  return JsonSearch::kFound;
}

}  // namespace

JsonSearch find_json(std::string_view document, std::string_view path, JsonValue& value) {
  if (path.empty() || path.front() != '$') return JsonSearch::kBadPath;
  // A path is checked to its end also where the document ends it early.
  for (std::size_t at = 1; at < path.size();) {
    if (!step_at(path, at)) return JsonSearch::kBadPath;
  }
  Walker walker(document);
  if (walker.at_end()) return JsonSearch::kBadJson;
  for (std::size_t at = 1; at < path.size();) {
    const auto step = step_at(path, at);
    const JsonSearch entered =
        step->is_index ? enter_element(walker, *step) : enter_member(walker, step->name);
    if (entered != JsonSearch::kFound) return entered;
  }
  return walker.value(value) ? JsonSearch::kFound : JsonSearch::kBadJson;
}

bool is_json(std::string_view text) {
  Walker walker(text);
  JsonValue value;
  return walker.value(value) && walker.at_end();
}

}  // namespace graphodbc::query
