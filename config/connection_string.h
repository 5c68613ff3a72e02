// Connection strings: `key=value;key={va;l}}ue}` (ODBC, SQLDriverConnect, "Connection Strings").
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace graphodbc::config {

// One pair, the key as it was spelt, the value without its braces.
struct Attribute {
  std::string key;
  std::string value;

  bool operator==(const Attribute&) const = default;
};

// In the order given. Blanks around keys and around values outside braces are dropped; `{...}`
// quotes, with `}}` for a brace; empty pairs (`;;`) are skipped. Keys compare without case and the
// first occurrence wins: later ones are left out. Values are UTF-8. Throws Error HY000 naming the
// position, never the value: a pair without '=', an empty key, an unclosed brace.
std::vector<Attribute> parse_connection_string(std::string_view text);

// The text that parses to the same attributes; braces only where they are needed.
std::string write_connection_string(const std::vector<Attribute>& attributes);

// ASCII case-insensitive comparison of keys and keyword values.
bool equal_keyword(std::string_view left, std::string_view right);

}  // namespace graphodbc::config
