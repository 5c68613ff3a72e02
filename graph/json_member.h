// Members of small JSON objects: token answers, the token file, error bodies. What is absent or of
// another type reads as nothing.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace graphodbc::graph {

// Empty when there is none. Points into the parser's document.
std::string_view text_member(simdjson::dom::object object, std::string_view key);

// A whole number, the whole part of a fraction, or either as text, as old endpoints write it.
std::optional<std::int64_t> integer_member(simdjson::dom::object object, std::string_view key);

}  // namespace graphodbc::graph
