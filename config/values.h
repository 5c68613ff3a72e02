// Values of the connection keys after connection string and DSN were merged, and how they are read.
// Every refusal is HY024 and names key and allowed values, never a secret's value.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/connection_keys.h"
#include "config/connection_string.h"

namespace graphodbc::config {

// What is absent or empty reads as the table's default.
class Values {
 public:
  void set(Key key, std::string value, bool from_dsn) {
    Slot& slot = slots_[static_cast<std::size_t>(key)];
    slot = {std::move(value), from_dsn};
  }
  void drop(Key key) { slots_[static_cast<std::size_t>(key)] = {}; }
  bool given(Key key) const { return !slots_[static_cast<std::size_t>(key)].value.empty(); }
  // Given in the connection string rather than in the DSN's section.
  bool given_in_string(Key key) const {
    return given(key) && !slots_[static_cast<std::size_t>(key)].from_dsn;
  }
  std::string get(Key key) const {
    return given(key) ? slots_[static_cast<std::size_t>(key)].value
                      : std::string(info(key).fallback);
  }

 private:
  struct Slot {
    std::string value;
    bool from_dsn = false;
  };
  Slot slots_[kKeyCount];
};

std::string name_of(Key key);

// "The value of K ('v') is not allowed; allowed: ..."
[[noreturn]] void refuse(Key key, const std::string& value);
// "The value of K <reason>"
[[noreturn]] void refuse_because(Key key, const std::string& reason);

bool parse_flag(const Values& values, Key key);
std::int64_t parse_number(const Values& values, Key key, std::int64_t lowest, std::int64_t highest);
// A leading "~/" is the home directory, as users of shells write it.
std::string parse_path(const Values& values, Key key);
// Parts between any of the separators, empty ones left out.
std::vector<std::string> split(std::string_view text, std::string_view separators);
// True for the "<tenant-id>" and "{ENTER-...}" of documents.
bool holds_placeholder(std::string_view value);

// The words of `options` and what each stands for.
template <typename T>
T parse_word(const Values& values, Key key,
             std::initializer_list<std::pair<std::string_view, T>> options) {
  const std::string value = values.get(key);
  for (const auto& [word, meaning] : options) {
    if (equal_keyword(value, word)) return meaning;
  }
  refuse(key, value);
}

}  // namespace graphodbc::config
