#include "driver/catalog/argument.h"

#include <string>

#include "base/error.h"
#include "base/utf.h"

namespace graphodbc::driver::catalog {
namespace {

// SQL_SEARCH_PATTERN_ESCAPE.
constexpr char32_t kEscape = U'\\';

bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  // Where to go on when the text after the last `%` does not fit here.
  std::size_t retry_pattern = std::string_view::npos;
  std::size_t retry_name = 0;
  while (n < name.size() || p < pattern.size()) {
    if (p < pattern.size()) {
      std::size_t next_p = p;
      char32_t c = base::next_code_point(pattern, next_p);
      if (c == U'%') {
        p = retry_pattern = next_p;
        retry_name = n;
        continue;
      }
      const bool any = c == U'_';
      if (c == kEscape && next_p < pattern.size()) c = base::next_code_point(pattern, next_p);
      if (n < name.size()) {
        std::size_t next_n = n;
        const char32_t d = base::next_code_point(name, next_n);
        if (any || base::fold_case(c) == base::fold_case(d)) {
          p = next_p;
          n = next_n;
          continue;
        }
      }
    }
    if (retry_pattern == std::string_view::npos || retry_name >= name.size()) return false;
    base::next_code_point(name, retry_name);
    p = retry_pattern;
    n = retry_name;
  }
  return true;
}

// An identifier argument: quotes taken off, or trailing blanks cut.
std::string identifier(std::string_view argument) {
  if (argument.size() >= 2 && argument.front() == '"' && argument.back() == '"') {
    std::string name;
    const std::string_view inside = argument.substr(1, argument.size() - 2);
    for (std::size_t i = 0; i < inside.size(); ++i) {
      name += inside[i];
      if (inside[i] == '"' && i + 1 < inside.size() && inside[i + 1] == '"') ++i;
    }
    return name;
  }
  while (!argument.empty() && argument.back() == ' ') argument.remove_suffix(1);
  return std::string(argument);
}

}  // namespace

bool selects(const Argument& argument, ArgumentKind kind, const Context& context,
             std::string_view name) {
  if (!argument) return true;
  if (context.metadata_id) return base::equal_nocase(identifier(*argument), name);
  if (kind == ArgumentKind::kPattern) return matches(*argument, name);
  return base::equal_nocase(*argument, name);
}

bool selects_core(const Argument& argument, ArgumentKind kind, const Context& context) {
  if (!argument || argument->empty()) return true;
  if (!context.metadata_id && *argument == SQL_ALL_CATALOGS) return true;
  return selects(argument, kind, context, "graph");
}

void require_name(const Argument& argument, std::string_view what) {
  if (!argument) {
    throw base::Error("HY009", std::string(what) + " is a null pointer, but a name is needed");
  }
}

void require_identifiers(const Context& context,
                         std::initializer_list<const Argument*> identifiers) {
  if (!context.metadata_id) return;
  for (const Argument* argument : identifiers) {
    if (*argument) continue;
    throw base::Error("HY009",
                      "with SQL_ATTR_METADATA_ID on, the schema, table and column names are "
                      "identifiers and may not be null pointers");
  }
}

}  // namespace graphodbc::driver::catalog
