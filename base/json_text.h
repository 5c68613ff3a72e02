// Text inside JSON strings: cells carry it as received (decisions.md 20), this turns it into UTF-8,
// UTF-16 or bytes when it is delivered or compared. RFC 8259 section 7, RFC 4648 sections 4 and 5.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace graphodbc::base {

// True when `raw` (the inside of a JSON string) holds an escape, so cannot be used in place.
bool has_json_escape(std::string_view raw);

// Next code point of `raw` at `offset`, which is moved past it. Malformed UTF-8 and lone surrogates
// are U+FFFD, a backslash that begins no escape is itself. offset < raw.size() is required.
char32_t next_json_code_point(std::string_view raw, std::size_t& offset);

// `raw` with its escapes resolved. The first returns `raw` itself when it has none, else memory of
// `arena`. The second appends. `unescape_json(raw, out)` needs raw.size() bytes at `out`, because
// no escape is shorter than what it stands for; returns the bytes written.
std::string_view unescape_json(std::string_view raw, Arena& arena);
void unescape_json(std::string_view raw, std::string& out);
std::size_t unescape_json(std::string_view raw, char* out);

// Writes as UTF-16 into out[0, capacity) until the input or the space ends; never half a character.
// `consumed` is set to the bytes of `raw` used. Returns the units written.
std::size_t unescape_json_utf16(std::string_view raw, char16_t* out, std::size_t capacity,
                                std::size_t& consumed);
// UTF-16 units that the unescaped text needs.
std::size_t json_utf16_length(std::string_view raw);

// `text` as a JSON string's inside: quotes, backslashes and control characters escaped.
void append_json_escaped(std::string& out, std::string_view text);
// The same with the quotes around it.
void append_json_quoted(std::string& out, std::string_view text);
std::string json_quoted(std::string_view text);

// Bytes of base64 text, standard or URL alphabet, with or without padding; `\/` of JSON is read as
// `/`. nullopt or false when it is no base64.
std::optional<std::string_view> decode_base64(std::string_view text, Arena& arena);
bool decode_base64(std::string_view text, std::string& out);
// Same into a buffer of at least text.size() / 4 * 3 + 3 bytes.
std::optional<std::size_t> decode_base64(std::string_view text, char* out);
// Bytes that decoding gives, without decoding (0 for an empty text; a guess for bad text).
std::size_t base64_decoded_size(std::string_view text);

}  // namespace graphodbc::base
