// Text helpers of the emulator: UTF-8, percent-encoding, base64, case folding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace graphodbc::emulator::data {

// Decodes %XX (and '+' as a blank when `plus` is set, as Graph does in queries); nullopt when an
// escape is broken or the result is no UTF-8.
std::optional<std::string> percent_decode(std::string_view text, bool plus);

// Encodes a query value the way Graph writes nextLinks: lower-case hex, blanks as '+'. '$' is kept.
std::string encode_query_value(std::string_view text);
// Encodes one path segment: upper-case hex, blanks as %20.
std::string encode_path_segment(std::string_view text);

std::string base64(std::string_view bytes);
std::string base64_url(std::string_view bytes);
// Accepts both alphabets and missing padding; nullopt for any other character.
std::optional<std::string> base64_decode(std::string_view text);

// Lower case by Unicode simple mapping. Bytes that are no UTF-8 stay as they are.
std::string fold_case(std::string_view text);

void append_utf8(std::string& out, std::uint32_t code_point);

// The first `units` UTF-16 code units of `text`. A character cut in half leaves its high surrogate
// as three bytes of generalised UTF-8 (ED A0..AF xx); JsonWriter writes that as a lone \udxxx, as
// Outlook does in bodyPreview.
std::string utf16_prefix(std::string_view text, std::size_t units);

// Splits into words at blanks and ASCII punctuation, folded; for the tokenised `$search`.
std::vector<std::string> words_of(std::string_view text);

bool equals_ignore_ascii_case(std::string_view a, std::string_view b);
std::string ascii_lower(std::string_view text);
std::string_view trim(std::string_view text);
// Splits at `separator`; empty pieces are kept.
std::vector<std::string_view> split(std::string_view text, char separator);

// 8-4-4-4-12 lower-case text of two 64-bit halves.
std::string guid_text(std::uint64_t high, std::uint64_t low);

}  // namespace graphodbc::emulator::data
