// What the authorization endpoint sends back through the browser (RFC 6749 4.1.2).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace graphodbc::graph {

struct AuthorizationAnswer {
  std::string code;
  std::string state;
  std::string error;
  std::string error_description;
};

// Reads a query or a posted form. nullopt when it is no answer: neither code nor error, or one of
// the members twice, which RFC 6749 3.1 forbids.
std::optional<AuthorizationAnswer> parse_answer(std::string_view form);

// The query of the address that a person pasted: all of it, perhaps with quotes, blanks or other
// text around it, perhaps percent-encoded as a whole. nullopt unless it begins with `return_url`.
std::optional<std::string> query_of_pasted(std::string_view text, std::string_view return_url);

}  // namespace graphodbc::graph
