// Conditions in OData's words. One rule a file; each takes a bound condition whose constants are
// literals and gives the form Graph may be asked, with its class (sql-dialect.md 9.1, 9.2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "query/expression/expression.h"
#include "schema/table.h"

namespace graphodbc::query {

struct Pushed {
  std::string filter;  // OData, decoded
  schema::PushClass push_class = schema::PushClass::kNone;
  bool advanced = false;                // needs the advanced query (contract sheet d.3)
  bool uses_contains = false;           // InefficientFilter beside `$orderby` on mail (d.1)
  bool conjunction = false;             // `a and b`: bracketed inside of `or`
  std::size_t terms = 1;                // simple comparisons in it
  std::vector<std::string> properties;  // filter paths, each once
};

struct PushContext {
  const schema::Table& table;
};

using Condition = std::optional<Pushed>;
using PushRule = Condition (*)(const Expression& condition, const PushContext& context);

// Most comparisons of one request (contract sheet d.0: directory filters end at about 15).
inline constexpr std::size_t kMaxTerms = 15;

// Any condition; nullopt when it stays local. Never gives a LOSSY form.
Condition push_condition(const Expression& condition, const PushContext& context);

// --- The rules ---
Condition push_comparison(const Expression& condition, const PushContext& context);
Condition push_boolean(const Expression& condition, const PushContext& context);
Condition push_in_list(const Expression& condition, const PushContext& context);
Condition push_like(const Expression& condition, const PushContext& context);
Condition push_null_test(const Expression& condition, const PushContext& context);
Condition push_text_function(const Expression& condition, const PushContext& context);
Condition push_date_function(const Expression& condition, const PushContext& context);
Condition push_logic(const Expression& condition, const PushContext& context);

// --- Helpers ---
// The column that the expression is, also under conversions that change no value; null otherwise.
const schema::Column* column_under(const Expression& expression, const PushContext& context);
// `column op literal`, whichever way round it was written. False when the condition is not that.
struct ColumnComparison {
  const Expression* left = nullptr;  // the side that is no literal
  const Expression* literal = nullptr;
  CompareOp op = CompareOp::kEqual;
};
std::optional<ColumnComparison> split_comparison(const Expression& condition);

// A finished form; nullopt for kNone and kLossy.
Condition make_pushed(std::string filter, schema::PushClass push_class,
                      const schema::Column& column);
// Both at once; the weaker class.
Pushed both(Pushed left, const Pushed& right);
// 'text' with quotes doubled; nullopt for text that is not pushed (control characters, over 256
// characters).
std::optional<std::string> odata_text(std::string_view text);
// A literal of the column's type as eq, ne and in take it; nullopt when the two do not go together.
std::optional<std::string> odata_value(const Expression& literal, const schema::Column& column);
// `2026-01-01T00:00:00Z`; whole seconds.
std::string odata_timestamp(std::int64_t ticks);
// With the fraction of the second, where there is one.
std::string odata_exact_timestamp(std::int64_t ticks);
// Ticks of `column op ticks` as a range, by the column's range class: floors and ceils to whole
// seconds, because a stored time may carry fewer digits than the literal (sql-dialect.md 9.3).
Condition push_range(const schema::Column& column, CompareOp op, std::int64_t ticks);

}  // namespace graphodbc::query
