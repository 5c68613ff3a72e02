// Reading one value out of JSON text by a path: `$`, `$.name`, `$."odd name"`, `$[0]`, `$[#-1]`.
// RFC 8259; the path is the part of SQL/JSON and SQLite that clients write.
#pragma once

#include <cstdint>
#include <string_view>

namespace graphodbc::query {

enum class JsonKind : std::uint8_t { kNull, kBool, kNumber, kString, kObject, kArray };
struct JsonValue {
  JsonKind kind = JsonKind::kNull;
  std::string_view raw;  // as in the document; a string without its quotes
};

enum class JsonSearch : std::uint8_t { kFound, kMissing, kBadJson, kBadPath };

// Walks `document` no further than the value. The result points into it. Nesting over 512 is bad
// JSON. The first of equal names counts.
JsonSearch find_json(std::string_view document, std::string_view path, JsonValue& value);

// The whole text is one JSON value.
bool is_json(std::string_view text);

}  // namespace graphodbc::query
