// Base64 (RFC 4648) of tokens, keys and bytes. Cells, which hold it inside JSON strings, are read
// by json_text.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace graphodbc::base {

// Section 4: the standard alphabet, with padding.
std::string encode_base64(std::string_view bytes);
// Section 5: the URL alphabet without padding, as JSON web tokens and PKCE write it (RFC 7515
// appendix C).
std::string encode_base64url(std::string_view bytes);

// The plain alphabet, padding and line breaks are accepted too. nullopt: not base64.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace graphodbc::base
