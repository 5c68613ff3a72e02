// Text in and out of entry points. Inside the driver text is UTF-8; narrow text is UTF-8 too,
// whatever the locale, and wide text UTF-16 (clients.md 1). The two families of entry points are
// one template over Narrow or Wide; which lengths count bytes and which characters is in the type
// of the output (odbc-pitfalls.md 1.4).
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "driver/odbc.h"

namespace graphodbc::driver {

// What an output length or buffer length counts.
enum class Count { kBytes, kCharacters };

// What was written: the length of the whole text in the unit asked for, and whether it was cut.
struct WrittenText {
  SQLLEN full_length = 0;
  bool truncated = false;
};

struct Narrow {
  using Char = SQLCHAR;
  static constexpr SQLLEN kUnit = 1;
  // `length` in bytes, or SQL_NTS. nullopt for a null pointer. Malformed UTF-8 becomes U+FFFD.
  // Throws HY090 for another negative length.
  static std::optional<std::string> in(const SQLCHAR* text, SQLLEN length);
  // Copies with a terminator, never splitting a character. `capacity` in units, 0 copies nothing.
  static WrittenText copy(std::string_view text, SQLCHAR* buffer, SQLLEN capacity);
};

struct Wide {
  using Char = SQLWCHAR;
  static constexpr SQLLEN kUnit = 2;
  // `length` in UTF-16 units, or SQL_NTS.
  static std::optional<std::string> in(const SQLWCHAR* text, SQLLEN length);
  static WrittenText copy(std::string_view text, SQLWCHAR* buffer, SQLLEN capacity);
};

// Throws base::Error HY090 when the length is negative.
void require_length(SQLLEN buffer_length);

// Writes `text` and its full length (without terminator). `buffer_length` and `*length` count what
// C says. A null buffer is a question for the length and no truncation. Returns whether it was cut;
// the caller reports 01004. Throws HY090 for a negative buffer length.
template <typename Text, Count C, typename Length>
bool put_text(std::string_view text, SQLPOINTER buffer, SQLLEN buffer_length, Length* length) {
  if (buffer != nullptr) require_length(buffer_length);
  constexpr SQLLEN kScale = C == Count::kBytes ? Text::kUnit : 1;
  const SQLLEN capacity = buffer == nullptr ? 0 : buffer_length / kScale;
  const WrittenText written = Text::copy(text, static_cast<typename Text::Char*>(buffer), capacity);
  if (length != nullptr) {
    *length = static_cast<Length>(
        std::min<SQLLEN>(written.full_length * kScale, std::numeric_limits<Length>::max()));
  }
  return buffer != nullptr && written.truncated;
}

}  // namespace graphodbc::driver
