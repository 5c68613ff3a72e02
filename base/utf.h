// UTF-8 and UTF-16 (host order). Malformed input never fails: each bad unit or sequence becomes
// U+FFFD, because a lone surrogate in one cell must not lose the row (odbc-pitfalls.md 1.3).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace graphodbc::base {

inline constexpr char32_t kReplacement = 0xFFFD;

std::string utf16_to_utf8(std::u16string_view text);
std::u16string utf8_to_utf16(std::string_view text);

// Appends one code point; surrogates and values over 0x10FFFF become U+FFFD.
void append_utf8(std::string& out, char32_t code_point);
// Same into a buffer of at least 4 bytes; returns the bytes written.
std::size_t encode_utf8(char32_t code_point, char* out);

// Next code point at `offset`, which is moved past it. U+FFFD for a malformed sequence (one byte is
// skipped, or the longest valid prefix). offset < text.size() is required.
char32_t next_code_point(std::string_view text, std::size_t& offset);

std::size_t count_code_points(std::string_view text);
bool is_valid_utf8(std::string_view text);

// Writes as UTF-16 into out[0, capacity) until the input or the space ends. `consumed` is set to
// the bytes of input used; a character is never split. Returns the units written.
std::size_t utf8_to_utf16(std::string_view text, char16_t* out, std::size_t capacity,
                          std::size_t& consumed);
// Number of UTF-16 units that the text needs.
std::size_t utf16_length(std::string_view utf8);

// Largest prefix length <= limit that does not cut a character.
std::size_t utf8_prefix(std::string_view text, std::size_t limit);
std::size_t utf16_prefix(std::u16string_view text, std::size_t limit);

// Unicode simple case folding (utf8proc), for names, `nocase` columns and LIKE.
char32_t fold_case(char32_t code_point);
char32_t to_lower(char32_t code_point);  // simple mapping
char32_t to_upper(char32_t code_point);  // simple mapping
std::string fold_case(std::string_view text);
// Three-way comparison by code point, after simple folding when `nocase`. <0, 0, >0.
int compare_text(std::string_view left, std::string_view right, bool nocase);
bool equal_nocase(std::string_view left, std::string_view right);
bool is_letter(char32_t code_point);

}  // namespace graphodbc::base
