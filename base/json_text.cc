#include "base/json_text.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <array>
#include <cstdint>
#include <cstring>

#include "base/utf.h"

namespace graphodbc::base {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The unit of `\uXXXX` whose backslash is at `at`; -1 when there is none.
std::int32_t unicode_escape(std::string_view raw, std::size_t at) {
  if (raw.size() - at < 6 || raw[at] != '\\' || raw[at + 1] != 'u') return -1;
  std::int32_t unit = 0;
  for (std::size_t i = 2; i < 6; ++i) {
    const int digit = hex_value(raw[at + i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

// RFC 8259 section 7: the short escapes. 0 for characters that have none.
constexpr char short_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

// The escape whose backslash is at `offset`, which is moved past it.
char32_t escape_at(std::string_view raw, std::size_t& offset) {
  const std::int32_t unit = unicode_escape(raw, offset);
  if (unit >= 0) {
    offset += 6;
    if (unit < 0xD800 || unit > 0xDFFF) return static_cast<char32_t>(unit);
    if (unit > 0xDBFF || offset >= raw.size()) return kReplacement;
    const std::int32_t low = unicode_escape(raw, offset);
    if (low < 0xDC00 || low > 0xDFFF) return kReplacement;
    offset += 6;
    return static_cast<char32_t>(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
  }
  ++offset;
  const char resolved = offset < raw.size() ? short_escape(raw[offset]) : '\0';
  if (resolved == 0) return U'\\';  // begins no escape: stands for itself
  ++offset;
  return static_cast<char32_t>(resolved);
}

// Copies up to the first backslash and returns how many bytes that is. May write more of them, but
// never past out[size). One pass, because most texts are short: finding the backslash first and
// copying then costs twice.
#ifdef __SSE2__
struct Bytes16 {
  static constexpr std::size_t kSize = 16;
  static __m128i load(const char* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  }
  static void store(char* at, __m128i bytes) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at), bytes);
  }
};
struct Bytes8 {
  static constexpr std::size_t kSize = 8;
  static __m128i load(const char* at) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at));
  }
  static void store(char* at, __m128i bytes) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(at), bytes);
  }
};

// One bit for each backslash.
template <typename Bytes>
unsigned copy_block(const char* from, char* to) {
  const __m128i bytes = Bytes::load(from);
  Bytes::store(to, bytes);
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
}

// size >= Bytes::kSize. The last block overlaps the one before it, which holds no backslash.
template <typename Bytes>
std::size_t copy_blocks(const char* from, std::size_t size, char* to) {
  const std::size_t last = size - Bytes::kSize;
  for (std::size_t at = 0;; at += Bytes::kSize) {
    if (at > last) at = last;
    const unsigned found = copy_block<Bytes>(from + at, to + at);
    if (found != 0) return at + static_cast<std::size_t>(__builtin_ctz(found));
    if (at == last) return size;
  }
}

std::size_t copy_plain(const char* from, std::size_t size, char* to) {
  if (size >= Bytes16::kSize) return copy_blocks<Bytes16>(from, size, to);
  if (size >= Bytes8::kSize) return copy_blocks<Bytes8>(from, size, to);
  std::size_t at = 0;
  for (; at < size && from[at] != '\\'; ++at) to[at] = from[at];
  return at;
}
#else
std::size_t copy_plain(const char* from, std::size_t size, char* to) {
  const void* found = std::memchr(from, '\\', size);
  if (found != nullptr) size = static_cast<std::size_t>(static_cast<const char*>(found) - from);
  std::memcpy(to, from, size);
  return size;
}
#endif

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Value of each base64 character in both alphabets; -1 for others.
constexpr std::array<std::int8_t, 256> kBase64Values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  values['-'] = 62;
  values['_'] = 63;
  return values;
}();

}  // namespace

bool has_json_escape(std::string_view raw) {
  return !raw.empty() && std::memchr(raw.data(), '\\', raw.size()) != nullptr;
}

char32_t next_json_code_point(std::string_view raw, std::size_t& offset) {
  if (raw[offset] == '\\') return escape_at(raw, offset);
  return next_code_point(raw, offset);
}

std::size_t unescape_json(std::string_view raw, char* out) {
  std::size_t written = 0;
  std::size_t at = 0;
  while (at < raw.size()) {
    const std::size_t plain = copy_plain(raw.data() + at, raw.size() - at, out + written);
    written += plain;
    at += plain;
    if (at >= raw.size()) break;
    written += encode_utf8(escape_at(raw, at), out + written);
  }
  return written;
}

std::string_view unescape_json(std::string_view raw, Arena& arena) {
  if (!has_json_escape(raw)) return raw;
  char* out = arena.allocate(raw.size());
  return {out, unescape_json(raw, out)};
}

void unescape_json(std::string_view raw, std::string& out) {
  const std::size_t before = out.size();
  out.resize(before + raw.size());
  out.resize(before + unescape_json(raw, out.data() + before));
}

std::size_t unescape_json_utf16(std::string_view raw, char16_t* out, std::size_t capacity,
                                std::size_t& consumed) {
  std::size_t at = 0;
  std::size_t written = 0;
  while (at < raw.size() && written < capacity) {
    if (raw[at] != '\\') {
      // The run up to the next escape has a fast path of its own.
      const void* found = std::memchr(raw.data() + at, '\\', raw.size() - at);
      const std::size_t end =
          found == nullptr ? raw.size()
                           : static_cast<std::size_t>(static_cast<const char*>(found) - raw.data());
      std::size_t used = 0;
      written += utf8_to_utf16(raw.substr(at, end - at), out + written, capacity - written, used);
      at += used;
      if (at < end) break;
      continue;
    }
    std::size_t next = at;
    const char32_t c = escape_at(raw, next);
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

std::size_t json_utf16_length(std::string_view raw) {
  if (!has_json_escape(raw)) return utf16_length(raw);
  std::size_t units = 0;
  for (std::size_t at = 0; at < raw.size();) {
    units += next_json_code_point(raw, at) < 0x10000 ? 1 : 2;
  }
  return units;
}

void append_json_escaped(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
}

void append_json_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_json_escaped(out, text);
  out += '"';
}

std::string json_quoted(std::string_view text) {
  std::string out;
  append_json_quoted(out, text);
  return out;
}

std::optional<std::size_t> decode_base64(std::string_view text, char* out) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::size_t written = 0;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '/') continue;
    const std::int8_t value = kBase64Values[static_cast<unsigned char>(text[at])];
    if (value < 0) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint8_t>(value);
    if (++count == 4) {
      out[written++] = static_cast<char>(bits >> 16);
      out[written++] = static_cast<char>(bits >> 8);
      out[written++] = static_cast<char>(bits);
      bits = 0;
      count = 0;
    }
  }
  if (count == 1) return std::nullopt;
  if (count == 2) out[written++] = static_cast<char>(bits >> 4);
  if (count == 3) {
    out[written++] = static_cast<char>(bits >> 10);
    out[written++] = static_cast<char>(bits >> 2);
  }
  return written;
}

std::optional<std::string_view> decode_base64(std::string_view text, Arena& arena) {
  char* out = arena.allocate(text.size() / 4 * 3 + 3);
  const auto size = decode_base64(text, out);
  if (!size) return std::nullopt;
  return std::string_view{out, *size};
}

bool decode_base64(std::string_view text, std::string& out) {
  out.resize(text.size() / 4 * 3 + 3);
  const auto size = decode_base64(text, out.data());
  out.resize(size.value_or(0));
  return size.has_value();
}

std::size_t base64_decoded_size(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::size_t characters = 0;
  for (const char c : text) characters += c == '\\' ? 0 : 1;
  const std::size_t rest = characters % 4;
  return characters / 4 * 3 + (rest == 0 ? 0 : rest - 1);
}

}  // namespace graphodbc::base
