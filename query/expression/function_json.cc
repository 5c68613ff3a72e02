// JSON_VALUE, json_extract, json_valid over JSON text columns (sql-dialect.md sections 3 and 6).
#include "query/expression/cast.h"
#include "query/expression/function.h"
#include "query/expression/json_path.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::CellKind;

void bind_value(BindContext&, Expression& node) {
  node.type = base::text_type(base::kMaxVarChar);
  node.nullability = Nullability::kNullable;
}

void bind_extract(BindContext&, Expression& node) {
  node.type = base::long_text_type();
  node.nullability = Nullability::kNullable;
}

// Text of a value: strings unescaped when they are used, `true` and numbers as they stand.
Cell cell_of(const JsonValue& value) {
  switch (value.kind) {
    case JsonKind::kNull:
      return Cell::null();
    case JsonKind::kString:
      return Cell::of_bytes(CellKind::kJsonText, value.raw);
    case JsonKind::kObject:
    case JsonKind::kArray:
      return Cell::of_bytes(CellKind::kJson, value.raw);
    case JsonKind::kBool:
    case JsonKind::kNumber:
      break;
  }
  return Cell::of_text(value.raw);
}

JsonSearch search(const Call& call, JsonValue& value) {
  const std::string_view path = call.text(1);
  const JsonSearch result = find_json(call.text(0), path, value);
  if (result == JsonSearch::kBadPath) {
    call.fail("42000", quoted(path) + " is no JSON path: write $.name or $[0]");
  }
  return result;
}

// SQL:2016 6.27: NULL ON EMPTY, NULL ON ERROR are the defaults; an object or array is an error.
Cell json_value(const Call& call) {
  JsonValue value;
  if (search(call, value) != JsonSearch::kFound) return Cell::null();
  if (value.kind == JsonKind::kObject || value.kind == JsonKind::kArray) return Cell::null();
  return cell_of(value);
}

Cell json_extract(const Call& call) {
  JsonValue value;
  const JsonSearch result = search(call, value);
  if (result == JsonSearch::kBadJson) call.fail("22018", "the text is no JSON");
  return result == JsonSearch::kFound ? cell_of(value) : Cell::null();
}

Cell json_valid(const Call& call) {
  return Cell::of_bool(is_json(call.text(0)));
}

constexpr Function kFunctions[] = {
    {FunctionId::kJsonExtract, "JSON_EXTRACT", 2, 2, "t", bind_extract, json_extract},
    {FunctionId::kJsonValid, "JSON_VALID", 1, 1, "t", bind_bit, json_valid},
    {FunctionId::kJsonValue, "JSON_VALUE", 2, 2, "t", bind_value, json_value},
};

}  // namespace

std::span<const Function> json_functions() {
  return kFunctions;
}

}  // namespace graphodbc::query
