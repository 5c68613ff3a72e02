#include "graph/oauth/claims_challenge.h"

#include <simdjson.h>

#include <optional>
#include <string_view>

#include "base/base64.h"

namespace graphodbc::graph {
namespace {

// The value of the auth-param at `rest`: a token, or a quoted string with its escapes undone
// (RFC 9110 5.6.4).
std::string parameter_value(std::string_view rest) {
  if (!rest.starts_with('"')) return std::string(rest.substr(0, rest.find_first_of(", \t")));
  std::string value;
  for (std::size_t i = 1; i < rest.size() && rest[i] != '"'; ++i) {
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    value += rest[i];
  }
  return value;
}

// The parameter's value; the name must not be the end of a longer one.
std::string find_claims(std::string_view header) {
  constexpr std::string_view kName = "claims";
  for (std::size_t at = header.find(kName); at != std::string_view::npos;
       at = header.find(kName, at + 1)) {
    const bool starts =
        at == 0 || std::string_view(", \t").find(header[at - 1]) != std::string::npos;
    std::size_t next = header.find_first_not_of(" \t", at + kName.size());
    if (!starts || next == std::string_view::npos || header[next] != '=') continue;
    next = header.find_first_not_of(" \t", next + 1);
    if (next != std::string_view::npos) return parameter_value(header.substr(next));
  }
  return {};
}

bool is_object(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  return parser.parse(simdjson::padded_string(text)).get(object) == simdjson::SUCCESS;
}

}  // namespace

std::string challenged_claims(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (name != "www-authenticate") continue;
    std::string claims = find_claims(value);
    if (claims.empty()) continue;
    if (is_object(claims)) return claims;
    std::optional<std::string> decoded = base::decode_base64url(claims);
    if (decoded && is_object(*decoded)) return std::move(*decoded);
  }
  return {};
}

}  // namespace graphodbc::graph
