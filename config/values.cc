#include "config/values.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/error.h"

namespace graphodbc::config {

using base::Error;

std::string name_of(Key key) {
  return std::string(info(key).name);
}

[[noreturn]] void refuse(Key key, const std::string& value) {
  const KeyInfo& entry = info(key);
  std::string message = "The value of " + name_of(key);
  if (!entry.secret) message += " ('" + value.substr(0, 200) + "')";
  message += " is not allowed; allowed: " + std::string(entry.allowed);
  throw Error("HY024", message);
}

[[noreturn]] void refuse_because(Key key, const std::string& reason) {
  throw Error("HY024", "The value of " + name_of(key) + " " + reason);
}

bool parse_flag(const Values& values, Key key) {
  const std::string value = values.get(key);
  for (std::string_view word : {"yes", "true", "1", "on"}) {
    if (equal_keyword(value, word)) return true;
  }
  for (std::string_view word : {"no", "false", "0", "off"}) {
    if (equal_keyword(value, word)) return false;
  }
  refuse(key, value);
}

std::int64_t parse_number(const Values& values, Key key, std::int64_t lowest,
                          std::int64_t highest) {
  const std::string value = values.get(key);
  std::int64_t number = 0;
  const auto result = std::from_chars(value.data(), value.data() + value.size(), number);
  if (result.ec != std::errc() || result.ptr != value.data() + value.size() || number < lowest ||
      number > highest) {
    refuse(key, value);
  }
  return number;
}

std::string parse_path(const Values& values, Key key) {
  std::string value = values.get(key);
  if (value.starts_with("~/")) {
    if (const char* home = std::getenv("HOME")) value.replace(0, 1, home);
  }
  return value;
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool holds_placeholder(std::string_view value) {
  return value.find_first_of("<>{}") != std::string_view::npos ||
         value.find("ENTER-") != std::string_view::npos;
}

}  // namespace graphodbc::config
