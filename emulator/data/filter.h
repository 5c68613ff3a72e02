// `$filter`: parsed against a schema with the restrictions of its service, then run over rows.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "emulator/data/resource.h"

namespace graphodbc::emulator::data {

struct FilterNode {
  enum class Kind : std::uint8_t { kAnd, kOr, kNot, kTest, kOneOf };

  Kind kind;
  Op op = kEq;                  // kTest: a comparison or one of the text functions
  std::size_t field = 0;        // kTest, kOneOf
  std::vector<Value> literals;  // texts are case-folded
  std::unique_ptr<FilterNode> left;
  std::unique_ptr<FilterNode> right;
};

struct Filter {
  std::unique_ptr<FilterNode> root;
  std::vector<std::size_t> fields;  // each once, in the order of first appearance
  bool uses_contains = false;
};

// `advanced` tells that the request carries what an advanced query needs (contract d.3). Throws
// GraphError for syntax, unknown properties, literals of the wrong type, and operators that the
// property does not take.
Filter parse_filter(const SchemaBase& schema, std::string_view text, bool advanced);

// A comparison with a null value is not true, under `ne` too (contract d.0); `not` inverts that.
bool matches(const FilterNode& node, const EntitySet& set, std::size_t row);

}  // namespace graphodbc::emulator::data
