// One JSON object of a description file, read with the file's name in every error and with unknown
// members refused, so that a misspelt key is found when the file is loaded.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace graphodbc::schema {

class JsonObject {
 public:
  // `where` begins every message: "Messages.json", "Messages.json, column Subject".
  JsonObject(simdjson::dom::element element, std::string where) : where_(std::move(where)) {
    if (element.get(object_) != simdjson::SUCCESS) fail("must be an object");
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw base::Error("HY000", where_ + ": " + what);
  }
  const std::string& where() const { return where_; }

  void allow_only(std::initializer_list<std::string_view> keys) const {
    for (const auto& member : object_) {
      bool known = false;
      for (std::string_view key : keys) known = known || key == member.key;
      if (!known) fail("unknown member \"" + std::string(member.key) + "\"");
    }
  }
  std::optional<simdjson::dom::element> find(std::string_view key) const {
    simdjson::dom::element value;
    if (object_.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
    return value;
  }
  std::string text(std::string_view key, std::string_view fallback = {}) const {
    const auto value = find(key);
    if (!value) return std::string(fallback);
    return as_text(key, *value);
  }
  std::string required_text(std::string_view key) const {
    std::string value = text(key);
    if (value.empty()) fail("needs \"" + std::string(key) + "\"");
    return value;
  }
  bool flag(std::string_view key, bool fallback = false) const {
    const auto value = find(key);
    bool result = fallback;
    if (value && value->get(result) != simdjson::SUCCESS) {
      fail("\"" + std::string(key) + "\" must be true or false");
    }
    return result;
  }
  std::uint32_t number(std::string_view key, std::uint32_t fallback = 0) const {
    const auto value = find(key);
    if (!value) return fallback;
    std::uint64_t result = 0;
    if (value->get(result) != simdjson::SUCCESS || result > UINT32_MAX) {
      fail("\"" + std::string(key) + "\" must be a whole number");
    }
    return static_cast<std::uint32_t>(result);
  }
  std::vector<std::string> texts(std::string_view key) const {
    std::vector<std::string> result;
    for (simdjson::dom::element item : array(key)) result.push_back(as_text(key, item));
    return result;
  }
  std::vector<std::pair<std::string, std::string>> text_pairs(std::string_view key) const {
    std::vector<std::pair<std::string, std::string>> result;
    const auto value = find(key);
    if (!value) return result;
    simdjson::dom::object pairs;
    if (value->get(pairs) != simdjson::SUCCESS) {
      fail("\"" + std::string(key) + "\" must be an object");
    }
    for (const auto& member : pairs) {
      result.emplace_back(std::string(member.key), as_text(key, member.value));
    }
    return result;
  }
  std::vector<simdjson::dom::element> array(std::string_view key) const {
    std::vector<simdjson::dom::element> result;
    const auto value = find(key);
    if (!value) return result;
    simdjson::dom::array items;
    if (value->get(items) != simdjson::SUCCESS) {
      fail("\"" + std::string(key) + "\" must be an array");
    }
    for (simdjson::dom::element item : items) result.push_back(item);
    return result;
  }

 private:
  std::string as_text(std::string_view key, simdjson::dom::element value) const {
    std::string_view result;
    if (value.get(result) != simdjson::SUCCESS) {
      fail("\"" + std::string(key) + "\" must be text");
    }
    return std::string(result);
  }

  simdjson::dom::object object_;
  std::string where_;
};

// The value a word stands for; fails naming the words there are.
template <typename T, std::size_t N>
T word_value(const JsonObject& object, std::string_view key, std::string_view word,
             const std::pair<std::string_view, T> (&words)[N]) {
  std::string known;
  for (const auto& [name, value] : words) {
    if (name == word) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  object.fail("\"" + std::string(key) + "\" is \"" + std::string(word) + "\", not one of " + known);
}

}  // namespace graphodbc::schema
