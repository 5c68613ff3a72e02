// column LIKE pattern: eq, startswith, endswith, contains (sql-dialect.md 9.2). Graph ignores case,
// so every form but eq of a vouched column is a superset.
#include "base/utf.h"
#include "query/pushdown/pushed.h"

namespace graphodbc::query {
namespace {

using schema::PushClass;

constexpr std::size_t kShortestRun = 3;  // characters worth a contains()

// The literal texts between wildcards. The first and last may be empty.
struct Pattern {
  std::vector<std::string> runs;
  bool any = false;  // has a wildcard
};

// Escapes are decoded; 22025 is the expression library's to raise, so a bad one is just not pushed.
std::optional<Pattern> parse_pattern(std::string_view text, std::string_view escape) {
  Pattern pattern;
  pattern.runs.emplace_back();
  std::size_t at = 0;
  while (at < text.size()) {
    if (!escape.empty() && text.substr(at, escape.size()) == escape) {
      at += escape.size();
      if (at >= text.size()) return std::nullopt;
      const std::size_t begin = at;
      base::next_code_point(text, at);
      pattern.runs.back() += text.substr(begin, at - begin);
      continue;
    }
    if (text[at] == '%' || text[at] == '_') {
      pattern.any = true;
      pattern.runs.emplace_back();
      ++at;
      continue;
    }
    pattern.runs.back() += text[at++];
  }
  return pattern;
}

Condition call(const char* function, const schema::Column& column, std::string_view text,
               PushClass push_class) {
  const auto value = odata_text(text);
  if (!value) return std::nullopt;
  return make_pushed(std::string(function) + "(" + column.filter_path + "," + *value + ")",
                     push_class, column);
}

void add(Condition& result, Condition part) {
  if (!part) return;
  result = result ? both(std::move(*result), *part) : std::move(part);
}

}  // namespace

Condition push_like(const Expression& condition, const PushContext& context) {
  if (condition.kind != NodeKind::kLike || condition.negated) return std::nullopt;
  const schema::Column* column = column_under(condition.child(0), context);
  if (column == nullptr || column->edm != schema::EdmKind::kString || !column->members.empty()) {
    return std::nullopt;
  }
  std::string_view escape;
  if (!condition.child(1).is_literal() || condition.child(1).cell.kind != base::CellKind::kText) {
    return std::nullopt;
  }
  if (condition.children.size() > 2) {
    const Expression& literal = condition.child(2);
    if (!literal.is_literal() || literal.cell.kind != base::CellKind::kText) return std::nullopt;
    escape = literal.cell.view();
  }
  const auto pattern = parse_pattern(condition.child(1).cell.view(), escape);
  if (!pattern) return std::nullopt;
  if (!pattern->any) {
    const auto value = odata_text(pattern->runs[0]);
    if (!value) return std::nullopt;
    return make_pushed(column->filter_path + " eq " + *value, column->push.equal, *column);
  }
  Condition result;
  const std::string& first = pattern->runs.front();
  const std::string& last = pattern->runs.back();
  if (!first.empty()) add(result, call("startswith", *column, first, column->push.starts_with));
  if (!last.empty()) {
    Condition ends = call("endswith", *column, last, column->push.ends_with);
    if (ends) ends->advanced |= column->push.advanced_not;
    add(result, std::move(ends));
  }
  const bool starts_pushed = !first.empty() && column->push.starts_with != PushClass::kNone;
  for (std::size_t i = 0; i < pattern->runs.size(); ++i) {
    const std::string& run = pattern->runs[i];
    const bool alone = pattern->runs.size() == 3 && i == 1 && first.empty() && last.empty();
    if (i == 0 && starts_pushed) continue;
    if (run.empty() || (!alone && base::count_code_points(run) < kShortestRun)) continue;
    Condition inside = call("contains", *column, run, column->push.contains);
    if (inside) inside->uses_contains = true;
    add(result, std::move(inside));
  }
  if (result) result->push_class = PushClass::kSuperset;
  return result;
}

}  // namespace graphodbc::query
