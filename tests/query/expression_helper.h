// Short ways to build expressions for tables of tests.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/datetime.h"
#include "query/expression/cast.h"
#include "query/expression/expression.h"

namespace graphodbc::query::testing {

// 2026-03-04 05:06:07.1234567 UTC, a Wednesday.
inline std::int64_t statement_start();

// One value from its short form:
//   'text'  12  -1.5  1e3  NULL  TRUE  d:2026-01-01  t:10:20:30  ts:2026-01-01 10:20:30.5
//   x:00FF  g:<guid>  u:DAY (text that stays a literal)
inline ExpressionPtr literal(std::string_view form);

// Builds an expression from its operands.
using Build = std::function<ExpressionPtr(BindContext&, std::vector<ExpressionPtr>)>;

// Text of the result, "NULL", or "!22003" for an error. Evaluated three times, with the operands as
// literals (plain and folded) and as columns of a row; differing results are shown side by side.
inline std::string result(const Build& build, const std::vector<std::string>& operands);
// Same for a function of the table.
inline std::string call(const std::string& name, const std::vector<std::string>& arguments);
// SQL name of the type with the operands as literals, or "!42000".
inline std::string type_of(const Build& build, const std::vector<std::string>& operands);
// What `work` throws: "!22003", or "" when it does not.
inline std::string state_of(const std::function<void()>& work);
inline std::string message_of(const std::function<void()>& work);

// A column reference of a type, for conditions over rows.
inline ExpressionPtr column(std::uint32_t index, const base::TypeInfo& type);
inline std::vector<ExpressionPtr> list(ExpressionPtr first, ExpressionPtr second = nullptr,
                                       ExpressionPtr third = nullptr);
inline std::string text_of_cell(const base::Cell& cell, const base::TypeInfo& type);

inline std::string run(const Expression& node, const base::Cell* row) {
  base::Arena arena;
  EvalContext context(arena);
  context.statement_start = statement_start();
  context.user_name = "ada@contoso.com";
  return text_of_cell(evaluate(node, row, context), node.type);
}

inline bool stays_literal(const std::string& operand) {
  return operand.starts_with("u:") || operand == "NULL";
}

inline std::string as_literals(const Build& build, const std::vector<std::string>& operands,
                               bool folded) {
  std::string text;
  const std::string state = state_of([&] {
    BindContext context;
    std::vector<ExpressionPtr> nodes;
    for (const std::string& operand : operands) nodes.push_back(literal(operand));
    ExpressionPtr node = build(context, std::move(nodes));
    if (folded) node = fold(std::move(node));
    text = run(*node, nullptr);
  });
  return state.empty() ? text : state;
}

// Text comes as the inside of a JSON string with an escape in it, as the page reader hands it up.
inline std::string as_columns(const Build& build, const std::vector<std::string>& operands) {
  std::string text;
  const std::string state = state_of([&] {
    BindContext context;
    std::vector<base::Value> values;
    std::vector<ExpressionPtr> nodes;
    for (const std::string& operand : operands) {
      ExpressionPtr node = literal(operand);
      if (stays_literal(operand)) {
        values.emplace_back();
        nodes.push_back(std::move(node));
        continue;
      }
      const base::TypeInfo type = node->type;
      base::Cell cell = node->cell;
      std::string escaped;
      if (cell.kind == base::CellKind::kText) {
        for (const char c : cell.view()) {
          if (c == '\\' || c == '"') escaped += '\\';
          escaped += c == 'a' ? std::string("\\u0061") : std::string(1, c);
        }
        cell = base::Cell::of_bytes(base::CellKind::kJsonText, escaped);
      }
      nodes.push_back(column(static_cast<std::uint32_t>(values.size()), type));
      values.emplace_back(cell);
    }
    const ExpressionPtr node = build(context, std::move(nodes));
    std::vector<base::Cell> row;
    for (const base::Value& value : values) row.push_back(value.cell());
    text = run(*node, row.data());
  });
  return state.empty() ? text : state;
}

inline std::int64_t statement_start() {
  return *base::parse_timestamp("2026-03-04T05:06:07.1234567Z");
}

inline ExpressionPtr literal(std::string_view form) {
  const Position at;
  if (form == "NULL") return make_null(at);
  if (form == "TRUE" || form == "FALSE") return make_bool(form == "TRUE", at);
  if (form.starts_with("'")) return make_text(std::string(form.substr(1, form.size() - 2)), at);
  if (form.starts_with("d:")) return make_datetime(base::SqlType::kDate, form.substr(2), at);
  if (form.starts_with("ts:")) return make_datetime(base::SqlType::kTimestamp, form.substr(3), at);
  if (form.starts_with("t:")) return make_datetime(base::SqlType::kTime, form.substr(2), at);
  if (form.starts_with("x:")) return make_hex(form.substr(2), at);
  if (form.starts_with("g:")) return make_guid(form.substr(2), at);
  if (form.starts_with("u:")) return make_text(std::string(form.substr(2)), at);
  return make_number(form, at);
}

inline std::string text_of_cell(const base::Cell& cell, const base::TypeInfo& type) {
  if (cell.is_null()) return "NULL";
  base::Arena arena;
  return std::string(cell_text(cell, type, arena));
}

inline std::string result(const Build& build, const std::vector<std::string>& operands) {
  const std::string plain = as_literals(build, operands, false);
  const std::string folded = as_literals(build, operands, true);
  const std::string columns = as_columns(build, operands);
  if (plain == folded && plain == columns) return plain;
  return "literals: " + plain + " folded: " + folded + " columns: " + columns;
}

inline std::string call(const std::string& name, const std::vector<std::string>& arguments) {
  return result(
      [&](BindContext& context, std::vector<ExpressionPtr> nodes) {
        return make_function(context, name, std::move(nodes), {});
      },
      arguments);
}

inline std::string type_of(const Build& build, const std::vector<std::string>& operands) {
  std::string text;
  const std::string state = state_of([&] {
    BindContext context;
    std::vector<ExpressionPtr> nodes;
    for (const std::string& operand : operands) nodes.push_back(literal(operand));
    text = type_name(build(context, std::move(nodes))->type);
  });
  return state.empty() ? text : state;
}

inline std::string state_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const base::Error& error) {
    const std::string state(error.state().code());
    return "!" + state;
  }
  return {};
}

inline std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const base::Error& error) {
    return error.message();
  }
  return {};
}

inline ExpressionPtr column(std::uint32_t index, const base::TypeInfo& type) {
  return make_column(index, type, Nullability::kNullable, {});
}

inline std::vector<ExpressionPtr> list(ExpressionPtr first, ExpressionPtr second,
                                       ExpressionPtr third) {
  std::vector<ExpressionPtr> result;
  for (ExpressionPtr* node : {&first, &second, &third}) {
    if (*node) result.push_back(std::move(*node));
  }
  return result;
}

}  // namespace graphodbc::query::testing
