// Literals in OData's spelling (contract sheet d.0, sql-dialect.md 9.3).
#include <algorithm>

#include "base/datetime.h"
#include "base/utf.h"
#include "query/pushdown/pushed.h"

namespace graphodbc::query {
namespace {

constexpr std::size_t kLongestText = 256;  // characters

std::optional<std::string> boolean_value(const Expression& literal) {
  const base::Cell& cell = literal.cell;
  const bool whole = cell.kind == base::CellKind::kBool || cell.kind == base::CellKind::kInt64 ||
                     (cell.kind == base::CellKind::kDecimal && cell.scale == 0);
  if (!whole || cell.integer < 0 || cell.integer > 1) return std::nullopt;
  return cell.integer == 1 ? "true" : "false";
}

// A member of an enumeration in the service's spelling; what is no member would be refused.
std::optional<std::string> member_value(std::string_view text, const schema::Column& column) {
  for (const std::string& member : column.members) {
    if (base::equal_nocase(member, text)) return "'" + member + "'";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> odata_text(std::string_view text) {
  if (base::count_code_points(text) > kLongestText || !base::is_valid_utf8(text)) {
    return std::nullopt;
  }
  std::string value = "'";
  for (char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return std::nullopt;
    if (c == '\'') value += '\'';
    value += c;
  }
  return value + "'";
}

std::string odata_timestamp(std::int64_t ticks) {
  char text[32];
  const std::size_t length = base::format_timestamp(ticks, 0, 'T', text);
  return std::string(text, length) + "Z";
}

std::string odata_exact_timestamp(std::int64_t ticks) {
  if (ticks % base::kTicksPerSecond == 0) return odata_timestamp(ticks);
  char text[32];
  const std::size_t length = base::format_timestamp(ticks, 7, 'T', text);
  return std::string(text, length) + "Z";
}

std::optional<std::string> odata_value(const Expression& literal, const schema::Column& column) {
  const base::Cell& cell = literal.cell;
  switch (column.edm) {
    case schema::EdmKind::kBoolean:
      return boolean_value(literal);
    case schema::EdmKind::kInt16:
    case schema::EdmKind::kInt32:
    case schema::EdmKind::kInt64:
      if (cell.kind != base::CellKind::kInt64) return std::nullopt;
      return std::to_string(cell.integer);
    case schema::EdmKind::kString:
      if (cell.kind != base::CellKind::kText) return std::nullopt;
      return column.members.empty() ? odata_text(cell.view()) : member_value(cell.view(), column);
    default:
      return std::nullopt;
  }
}

}  // namespace graphodbc::query
