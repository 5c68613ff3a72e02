#include "emulator/data/json_writer.h"

#include <array>

namespace graphodbc::emulator::data {
namespace {

enum : unsigned char { kCopy, kEscape, kHigh, kMaybeSurrogate };

constexpr std::array<unsigned char, 256> make_classes() {
  std::array<unsigned char, 256> classes{};
  for (std::size_t i = 0; i < 0x20; ++i) classes[i] = kEscape;
  classes['"'] = kEscape;
  classes['\\'] = kEscape;
  for (std::size_t i = 0x80; i < 0x100; ++i) classes[i] = kHigh;
  classes[0xed] = kMaybeSurrogate;
  return classes;
}

constexpr auto kClasses = make_classes();

void append_unit(std::string& out, std::uint32_t unit) {
  static constexpr const char* kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[unit >> shift & 15];
}

void append_escape(std::string& out, unsigned char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      append_unit(out, c);
      return;
  }
}

// Decodes the multi-byte character at `i`, trusting the seeded text to be well formed.
std::uint32_t decode(std::string_view text, std::size_t i, std::size_t& length) {
  const auto first = static_cast<unsigned char>(text[i]);
  length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (i + length > text.size()) {
    length = 1;
    return 0xfffd;
  }
  std::uint32_t c = first & (first < 0xe0 ? 0x1fU : first < 0xf0 ? 0x0fU : 0x07U);
  for (std::size_t k = 1; k < length; ++k) {
    c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 63U);
  }
  return c;
}

}  // namespace

void JsonWriter::string(std::string_view text) {
  separate();
  out_ += '"';
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const unsigned char kind = kClasses[byte];
    if (kind == kCopy || (kind == kHigh && !ascii_)) {
      ++i;
      continue;
    }
    std::size_t length = 1;
    std::uint32_t c = byte;
    if (kind != kEscape) {
      c = decode(text, i, length);
      const bool surrogate = c >= 0xd800 && c < 0xe000;
      if (!ascii_ && !surrogate) {
        i += length;
        continue;
      }
    }
    out_.append(text, copied, i - copied);
    if (kind == kEscape) {
      append_escape(out_, byte);
    } else if (c >= 0x10000) {
      append_unit(out_, 0xd800 + ((c - 0x10000) >> 10));
      append_unit(out_, 0xdc00 + ((c - 0x10000) & 0x3ff));
    } else {
      append_unit(out_, c);
    }
    i += length;
    copied = i;
  }
  out_.append(text, copied, text.size() - copied);
  out_ += '"';
}

}  // namespace graphodbc::emulator::data
