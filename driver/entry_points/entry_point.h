// Shared by the files of exported functions.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

#include "base/error.h"
#include "driver/entry.h"
#include "driver/odbc.h"
#include "driver/text/text.h"

// Only these symbols leave the library (exports.map lists the same pattern).
#define GRAPHODBC_EXPORT extern "C" __attribute__((visibility("default")))

namespace graphodbc::driver {

// A text argument that must be there.
template <typename Text>
std::string required_text(const typename Text::Char* text, SQLLEN length, const char* what) {
  std::optional<std::string> value = Text::in(text, length);
  if (!value) throw base::Error("HY009", std::string(what).append(" is a null pointer"));
  return std::move(*value);
}

inline void warn_truncated(Diagnostics& diagnostics, std::string_view what) {
  diagnostics.post("01004", std::string(what).append(" was cut to fit the buffer"));
}

// A number into the application's variable, which may be null.
template <typename T, typename V>
void put_number(SQLPOINTER target, V value) {
  if (target == nullptr) return;
  const T narrowed = static_cast<T>(value);
  // Not assigned: the variable's alignment is the application's affair.
  std::memcpy(target, &narrowed, sizeof narrowed);
}

}  // namespace graphodbc::driver
