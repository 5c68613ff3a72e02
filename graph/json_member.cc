#include "graph/json_member.h"

#include <charconv>

namespace graphodbc::graph {

std::string_view text_member(simdjson::dom::object object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::optional<std::int64_t> integer_member(simdjson::dom::object object, std::string_view key) {
  std::int64_t number = 0;
  if (object[key].get(number) == simdjson::SUCCESS) return number;
  double real = 0;
  if (object[key].get(real) == simdjson::SUCCESS && real > -1e15 && real < 1e15) {
    return static_cast<std::int64_t>(real);
  }
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return std::nullopt;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec != std::errc()) return std::nullopt;
  return number;
}

}  // namespace graphodbc::graph
