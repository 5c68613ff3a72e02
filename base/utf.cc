#include "base/utf.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstring>

namespace graphodbc::base {
namespace {

constexpr bool is_high_surrogate(char32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
constexpr bool is_low_surrogate(char32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}
constexpr bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Length and lowest/highest second byte of a sequence, by its first byte (Unicode, table 3-7).
struct LeadByte {
  std::size_t length;
  unsigned char low;
  unsigned char high;
};
constexpr LeadByte lead_byte(unsigned char c) {
  if (c >= 0xC2 && c <= 0xDF) return {2, 0x80, 0xBF};
  if (c == 0xE0) return {3, 0xA0, 0xBF};
  if (c == 0xED) return {3, 0x80, 0x9F};
  if (c >= 0xE1 && c <= 0xEF) return {3, 0x80, 0xBF};
  if (c == 0xF0) return {4, 0x90, 0xBF};
  if (c >= 0xF1 && c <= 0xF3) return {4, 0x80, 0xBF};
  if (c == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

bool is_ascii_block(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return (word & 0x8080808080808080ULL) == 0;
}

}  // namespace

std::size_t encode_utf8(char32_t c, char* out) {
  if (c > 0x10FFFF || is_high_surrogate(c) || is_low_surrogate(c)) c = kReplacement;
  if (c < 0x80) {
    out[0] = static_cast<char>(c);
    return 1;
  }
  if (c < 0x800) {
    out[0] = static_cast<char>(0xC0 | (c >> 6));
    out[1] = static_cast<char>(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = static_cast<char>(0xE0 | (c >> 12));
    out[1] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out[2] = static_cast<char>(0x80 | (c & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | (c >> 18));
  out[1] = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
  out[2] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
  out[3] = static_cast<char>(0x80 | (c & 0x3F));
  return 4;
}

void append_utf8(std::string& out, char32_t code_point) {
  char bytes[4];
  out.append(bytes, encode_utf8(code_point, bytes));
}

char32_t next_code_point(std::string_view text, std::size_t& offset) {
  const auto first = static_cast<unsigned char>(text[offset++]);
  if (first < 0x80) return first;
  const LeadByte lead = lead_byte(first);
  if (lead.length == 0 || offset >= text.size()) return kReplacement;
  const auto second = static_cast<unsigned char>(text[offset]);
  if (second < lead.low || second > lead.high) return kReplacement;
  char32_t code_point = first & (0xFFU >> (lead.length + 1));
  for (std::size_t i = 1; i < lead.length; ++i) {
    if (offset >= text.size() || !is_continuation(text[offset])) return kReplacement;
    code_point = (code_point << 6) | (static_cast<unsigned char>(text[offset++]) & 0x3FU);
  }
  return code_point;
}

std::string utf16_to_utf8(std::u16string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t c = text[i];
    if (is_high_surrogate(c) && i + 1 < text.size() && is_low_surrogate(text[i + 1])) {
      c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00);
    }
    append_utf8(out, c);
  }
  return out;
}

std::size_t utf8_to_utf16(std::string_view text, char16_t* out, std::size_t capacity,
                          std::size_t& consumed) {
  std::size_t at = 0;
  std::size_t written = 0;
  while (at < text.size() && written < capacity) {
    while (at + 8 <= text.size() && written + 8 <= capacity && is_ascii_block(text.data() + at)) {
      for (std::size_t i = 0; i < 8; ++i) {
        out[written + i] = static_cast<char16_t>(static_cast<unsigned char>(text[at + i]));
      }
      at += 8;
      written += 8;
    }
    if (at >= text.size() || written >= capacity) break;
    std::size_t next = at;
    const char32_t c = next_code_point(text, next);
    if (c < 0x10000) {
      out[written++] = static_cast<char16_t>(c);
    } else {
      if (written + 2 > capacity) break;
      out[written++] = static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
      out[written++] = static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
    at = next;
  }
  consumed = at;
  return written;
}

std::size_t utf16_length(std::string_view utf8) {
  std::size_t at = 0;
  std::size_t units = 0;
  while (at < utf8.size()) {
    if (at + 8 <= utf8.size() && is_ascii_block(utf8.data() + at)) {
      at += 8;
      units += 8;
      continue;
    }
    units += next_code_point(utf8, at) < 0x10000 ? 1 : 2;
  }
  return units;
}

std::u16string utf8_to_utf16(std::string_view text) {
  std::u16string out(utf16_length(text), u'\0');
  std::size_t consumed = 0;
  utf8_to_utf16(text, out.data(), out.size(), consumed);
  return out;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t at = 0;
  std::size_t count = 0;
  while (at < text.size()) {
    if (at + 8 <= text.size() && is_ascii_block(text.data() + at)) {
      at += 8;
      count += 8;
      continue;
    }
    next_code_point(text, at);
    ++count;
  }
  return count;
}

bool is_valid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t start = at;
    if (next_code_point(text, at) == kReplacement) {
      // U+FFFD itself is valid text; its encoding is EF BF BD.
      if (text.substr(start, 3) != "\xEF\xBF\xBD") return false;
    }
  }
  return true;
}

std::size_t utf8_prefix(std::string_view text, std::size_t limit) {
  if (limit >= text.size()) return text.size();
  std::size_t end = limit;
  for (int back = 0; back < 3 && end > 0 && is_continuation(text[end]); ++back) --end;
  // Malformed text: there is no character to keep whole.
  return is_continuation(text[end]) ? limit : end;
}

std::size_t utf16_prefix(std::u16string_view text, std::size_t limit) {
  if (limit >= text.size()) return text.size();
  const bool splits =
      limit > 0 && is_high_surrogate(text[limit - 1]) && is_low_surrogate(text[limit]);
  return splits ? limit - 1 : limit;
}

char32_t to_lower(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

char32_t to_upper(char32_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
  if (c == 0xDF) return c;  // utf8proc gives U+1E9E; UnicodeData.txt has no simple uppercase here
  return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}

// utf8proc offers full folding for strings and simple mappings for characters. Lower of upper is
// the simple folding for all characters that have both (Unicode, CaseFolding.txt status C and S),
// and joins final sigma, long s and the Kelvin sign to their letters, as folding does.
char32_t fold_case(char32_t c) {
  if (c < 0x80) return to_lower(c);
  // The Turkish i's are no case variants of i in CaseFolding.txt (they have only T mappings).
  if (c == U'\u0130' || c == U'\u0131') return c;
  return to_lower(to_upper(c));
}

std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();)
    append_utf8(out, fold_case(next_code_point(text, at)));
  return out;
}

namespace {

char folded_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

int compare_folded(std::string_view left, std::string_view right) {
  std::size_t l = 0;
  std::size_t r = 0;
  while (l < left.size() && r < right.size()) {
    const char32_t a = fold_case(next_code_point(left, l));
    const char32_t b = fold_case(next_code_point(right, r));
    if (a != b) return a < b ? -1 : 1;
  }
  if (l < left.size()) return 1;
  return r < right.size() ? -1 : 0;
}

}  // namespace

int compare_text(std::string_view left, std::string_view right, bool nocase) {
  if (!nocase) {
    // Byte order of UTF-8 is code point order.
    const int order = left.compare(right);
    return order < 0 ? -1 : (order > 0 ? 1 : 0);
  }
  const std::size_t common = std::min(left.size(), right.size());
  for (std::size_t at = 0; at < common; ++at) {
    const char a = left[at];
    const char b = right[at];
    // Both texts are the same up to here but for ASCII case, so `at` begins a character in both.
    if (static_cast<unsigned char>(a | b) >= 0x80) {
      return compare_folded(left.substr(at), right.substr(at));
    }
    const char x = folded_ascii(a);
    const char y = folded_ascii(b);
    if (x != y) return x < y ? -1 : 1;
  }
  return left.size() < right.size() ? -1 : (left.size() > right.size() ? 1 : 0);
}

bool equal_nocase(std::string_view left, std::string_view right) {
  return compare_text(left, right, true) == 0;
}

bool is_letter(char32_t c) {
  if (c < 0x80) return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

}  // namespace graphodbc::base
