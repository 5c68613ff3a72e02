#include "driver/text/text.h"

#include <cstring>

#include "base/error.h"
#include "base/utf.h"

namespace graphodbc::driver {

namespace {

void require_input_length(SQLLEN length) {
  if (length < 0 && length != SQL_NTS) {
    throw base::Error("HY090", "a text argument has a negative length that is not SQL_NTS");
  }
}

}  // namespace

std::optional<std::string> Narrow::in(const SQLCHAR* text, SQLLEN length) {
  if (text == nullptr) return std::nullopt;
  require_input_length(length);
  const auto* bytes = reinterpret_cast<const char*>(text);
  const std::string_view view(
      bytes, length == SQL_NTS ? std::strlen(bytes) : static_cast<std::size_t>(length));
  if (base::is_valid_utf8(view)) return std::string(view);
  return base::utf16_to_utf8(base::utf8_to_utf16(view));
}

WrittenText Narrow::copy(std::string_view text, SQLCHAR* buffer, SQLLEN capacity) {
  WrittenText written{static_cast<SQLLEN>(text.size()), false};
  written.truncated = capacity <= written.full_length;
  if (buffer == nullptr || capacity == 0) return written;
  const std::size_t size = base::utf8_prefix(text, static_cast<std::size_t>(capacity) - 1);
  if (size > 0) std::memcpy(buffer, text.data(), size);
  buffer[size] = 0;
  return written;
}

std::optional<std::string> Wide::in(const SQLWCHAR* text, SQLLEN length) {
  if (text == nullptr) return std::nullopt;
  require_input_length(length);
  std::size_t size = 0;
  if (length == SQL_NTS) {
    while (text[size] != 0) ++size;
  } else {
    size = static_cast<std::size_t>(length);
  }
  // Copied, not viewed: SQLWCHAR is unsigned short, and reading it as char16_t would alias.
  std::u16string units(size, u'\0');
  if (size > 0) std::memcpy(units.data(), text, size * sizeof(SQLWCHAR));
  return base::utf16_to_utf8(units);
}

WrittenText Wide::copy(std::string_view text, SQLWCHAR* buffer, SQLLEN capacity) {
  const std::u16string units = base::utf8_to_utf16(text);
  WrittenText written{static_cast<SQLLEN>(units.size()), false};
  written.truncated = capacity <= written.full_length;
  if (buffer == nullptr || capacity == 0) return written;
  const std::size_t size = base::utf16_prefix(units, static_cast<std::size_t>(capacity) - 1);
  if (size > 0) std::memcpy(buffer, units.data(), size * sizeof(SQLWCHAR));
  buffer[size] = 0;
  return written;
}

void require_length(SQLLEN buffer_length) {
  if (buffer_length < 0) throw base::Error("HY090", "a buffer length is negative");
}

}  // namespace graphodbc::driver
