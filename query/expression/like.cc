#include "query/expression/like.h"

#include "base/utf.h"
#include "query/expression/cast.h"
#include "query/expression/internal.h"

namespace graphodbc::query {
namespace {

char32_t escape_character(std::string_view escape, Position position) {
  if (!escape.empty()) {
    std::size_t at = 0;
    const char32_t character = base::next_code_point(escape, at);
    if (at == escape.size()) return character;
  }
  fail("22019", "the escape of LIKE must be one character, not " + quoted(escape), position);
}

// Most text is ASCII, and this is the inner loop of every filter by LIKE.
inline char32_t character_at(std::string_view text, std::size_t& at, bool nocase) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte >= 0x80) {
    const char32_t c = base::next_code_point(text, at);
    return nocase ? base::fold_case(c) : c;
  }
  ++at;
  return nocase && byte >= 'A' && byte <= 'Z' ? byte + 32U : byte;
}

}  // namespace

LikePattern::LikePattern(std::string_view pattern, std::optional<std::string_view> escape,
                         bool nocase, Position position)
    : nocase_(nocase) {
  const char32_t escape_point = escape ? escape_character(*escape, position) : 0;
  for (std::size_t at = 0; at < pattern.size();) {
    char32_t c = base::next_code_point(pattern, at);
    PartKind kind = c == '%' ? PartKind::kAnyRun : (c == '_' ? PartKind::kAnyOne : PartKind::kText);
    if (escape && c == escape_point) {
      const char32_t next = at < pattern.size() ? base::next_code_point(pattern, at) : 0;
      if (next != '%' && next != '_' && next != c) {
        fail("22025",
             "in the LIKE pattern " + quoted(pattern) +
                 " the escape may stand only before %, _ and itself",
             position);
      }
      c = next;
      kind = PartKind::kText;
    }
    const bool repeats = !parts_.empty() && parts_.back().kind == kind;
    if (kind == PartKind::kAnyRun && repeats) continue;
    if (kind != PartKind::kText || !repeats) parts_.push_back({kind, {}});
    if (kind == PartKind::kText) base::append_utf8(parts_.back().text, c);
    tokens_.push_back({kind, nocase ? base::fold_case(c) : c});
  }
  find_shape();
}

void LikePattern::find_shape() {
  const auto kind = [this](std::size_t at) { return parts_[at].kind; };
  if (parts_.empty()) {
    shape_ = Shape::kExact;
  } else if (parts_.size() == 1 && kind(0) == PartKind::kAnyRun) {
    shape_ = Shape::kAnything;
  } else if (nocase_) {
    shape_ = Shape::kGeneral;
  } else if (parts_.size() == 1 && kind(0) == PartKind::kText) {
    shape_ = Shape::kExact;
    literal_ = parts_[0].text;
  } else if (parts_.size() == 2 && kind(0) == PartKind::kText && kind(1) == PartKind::kAnyRun) {
    shape_ = Shape::kPrefix;
    literal_ = parts_[0].text;
  } else if (parts_.size() == 2 && kind(0) == PartKind::kAnyRun && kind(1) == PartKind::kText) {
    shape_ = Shape::kSuffix;
    literal_ = parts_[1].text;
  } else if (parts_.size() == 3 && kind(0) == PartKind::kAnyRun && kind(1) == PartKind::kText &&
             kind(2) == PartKind::kAnyRun) {
    shape_ = Shape::kContains;
    literal_ = parts_[1].text;
  }
}

bool LikePattern::matches(std::string_view text) const {
  switch (shape_) {
    case Shape::kExact:
      return text == literal_;
    case Shape::kPrefix:
      return text.starts_with(literal_);
    case Shape::kSuffix:
      return text.ends_with(literal_);
    case Shape::kContains:
      return text.find(literal_) != std::string_view::npos;
    case Shape::kAnything:
      return true;
    case Shape::kGeneral:
      break;
  }
  return matches_general(text);
}

// Walks both; at a mismatch the last `%` takes one more character. Going back to earlier `%` is
// never needed, as the last one can take what they would.
bool LikePattern::matches_general(std::string_view text) const {
  static constexpr std::size_t kNone = ~std::size_t{0};
  std::size_t at = 0;
  std::size_t token = 0;
  std::size_t run_token = kNone;
  std::size_t run_at = 0;
  while (at < text.size()) {
    if (token < tokens_.size() && tokens_[token].kind == PartKind::kAnyRun) {
      run_token = token++;
      run_at = at;
      if (token == tokens_.size()) return true;
      continue;
    }
    if (token < tokens_.size()) {
      std::size_t next = at;
      const char32_t c = character_at(text, next, nocase_);
      if (tokens_[token].kind == PartKind::kAnyOne || c == tokens_[token].character) {
        at = next;
        ++token;
        continue;
      }
    }
    if (run_token == kNone) return false;
    character_at(text, run_at, false);
    at = run_at;
    token = run_token + 1;
  }
  while (token < tokens_.size() && tokens_[token].kind == PartKind::kAnyRun) ++token;
  return token == tokens_.size();
}

void compile_like(Expression& node) {
  for (std::size_t at = 1; at < node.children.size(); ++at) {
    if (!node.child(at).is_literal() || node.child(at).cell.is_null()) return;
  }
  base::Arena arena;
  std::optional<std::string_view> escape;
  if (node.children.size() == 3) escape = text_of(node.child(2).cell, arena);
  node.pattern = std::make_shared<const LikePattern>(text_of(node.child(1).cell, arena), escape,
                                                     node.nocase, node.position);
}

}  // namespace graphodbc::query
