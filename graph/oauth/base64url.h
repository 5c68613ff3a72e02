// Base64 with the URL alphabet and without padding, the encoding of JSON web tokens and of PKCE
// (RFC 4648 section 5, RFC 7515 appendix C).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace graphodbc::graph {

std::string encode_base64url(std::string_view bytes);

// The plain alphabet, padding and line breaks are accepted too. nullopt: not base64.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace graphodbc::graph
