// LIKE: `%` any run, `_` one code point, escape only where given (sql-dialect.md section 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/expression/expression.h"

namespace graphodbc::query {

// A compiled pattern.
class LikePattern {
 public:
  enum class PartKind : std::uint8_t { kText, kAnyOne, kAnyRun };
  // Neighbouring runs are one part, and so is neighbouring text; escapes are resolved.
  struct Part {
    PartKind kind;
    std::string text;  // kText
  };

  // `escape` is empty when none was given. Throws 22019 when it is not one character, 22025 when it
  // stands before anything but `%`, `_` and itself.
  LikePattern(std::string_view pattern, std::optional<std::string_view> escape, bool nocase,
              Position position);

  bool matches(std::string_view text) const;
  const std::vector<Part>& parts() const { return parts_; }
  bool nocase() const { return nocase_; }

 private:
  struct Token {
    PartKind kind;
    char32_t character;  // folded when nocase
  };
  enum class Shape : std::uint8_t { kExact, kPrefix, kSuffix, kContains, kAnything, kGeneral };

  void find_shape();
  bool matches_general(std::string_view text) const;

  std::vector<Part> parts_;
  std::vector<Token> tokens_;
  std::string literal_;  // text of the simple shapes
  Shape shape_ = Shape::kGeneral;
  bool nocase_;
};

}  // namespace graphodbc::query
