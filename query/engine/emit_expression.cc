#include <algorithm>
#include <cstring>

#include "query/engine/emitter.h"
#include "query/expression/cast.h"
#include "query/expression/function.h"

namespace graphodbc::query {
namespace {

// Longer lists are looked up in a hash set by the expression library.
constexpr std::size_t kMaxNativeList = 32;
// SQLite parses `a AND b AND c` as a chain and takes expressions 1,000 deep.
constexpr std::size_t kMaxChain = 200;
// Native nodes inside of each other; deeper ones become functions, for the sake of the parser's
// stack.
constexpr int kMaxDepth = 8;

bool is_engine_node(const Expression& node) {
  return node.kind >= NodeKind::kAggregate;
}

template <typename T>
void add_raw(std::string& out, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void add_type(std::string& out, const base::TypeInfo& type) {
  add_raw(out, type.type);
  add_raw(out, type.size);
  add_raw(out, type.scale);
  add_raw(out, type.nocase);
}

void add_cell(std::string& out, const base::Cell& cell) {
  add_raw(out, cell.kind);
  add_raw(out, cell.scale);
  add_raw(out, cell.length);
  if (cell.kind == base::CellKind::kDecimalWide) {
    add_raw(out, *cell.wide);
  } else if (cell.kind >= base::CellKind::kText) {
    out += cell.view();
  } else {
    add_raw(out, cell.integer);
  }
}

// Two expressions of one signature are the same, so they share a function: then SQLite sees that
// an output is the key of its group.
void add_signature(std::string& out, const Expression& node) {
  add_raw(out, node.kind);
  add_raw(out, node.arithmetic);
  add_raw(out, node.comparison);
  add_raw(out, node.truth);
  add_raw(out, node.negated);
  add_raw(out, node.nocase);
  add_raw(out, node.index);
  add_raw(out, reinterpret_cast<std::uintptr_t>(node.function));
  add_type(out, node.type);
  if (node.is_literal()) add_cell(out, node.cell);
  add_raw(out, node.children.size());
  for (const ExpressionPtr& child : node.children) add_signature(out, *child);
}

}  // namespace

std::string_view operator_text(CompareOp op) {
  static constexpr std::string_view kOperators[] = {"=", "<>", "<", "<=", ">", ">="};
  return kOperators[static_cast<std::size_t>(op)];
}

base::TypeInfo Emitter::own_type(const Expression& expression) const {
  switch (expression.kind) {
    case NodeKind::kColumn:
      return column_type(expression.index);
    case NodeKind::kLiteral: {
      // A DECIMAL's digits are those of the value, not of what it stands beside.
      if (expression.cell.is_null()) return expression.type;
      const base::TypeInfo type = type_of_cell(expression.cell);
      const bool same = type.type == expression.type.type && type.type != base::SqlType::kDecimal;
      return same || base::is_text(type.type) ? expression.type : type;
    }
    default:
      return expression.type;
  }
}

std::string Emitter::constant(const base::Cell& cell, const base::TypeInfo& type) {
  std::string form;
  const Storage storage(type);
  std::string scratch(storage.scratch_size(cell) + 1, '\0');
  const StoredValue stored = storage.store(cell, scratch.data());
  add_raw(form, stored.kind);
  if (stored.has_bytes()) {
    form += stored.view();
  } else {
    add_raw(form, stored.integer);
  }
  const auto [at, added] = constants_.try_emplace(std::move(form), out_.constants.size() + 1);
  if (added) out_.constants.push_back({base::Value(cell), type});
  return "?" + std::to_string(at->second);
}

std::string Emitter::converted(std::string text, const base::TypeInfo& from,
                               const base::TypeInfo& to) {
  if (passes_as(from, to)) return text;
  return add_function(make_column(0, from, Nullability::kNullable, {}), {from}, to) + "(" + text +
         ")";
}

std::optional<base::TypeInfo> Emitter::comparison_form(const Expression& node) const {
  // The form is a column's or another part's; constants take it where they can.
  std::optional<base::TypeInfo> form;
  for (const ExpressionPtr& child : node.children) {
    if (child->is_literal()) continue;
    const base::TypeInfo own = own_type(*child);
    if (form && !same_storage(*form, own)) return std::nullopt;
    if (!form) form = own;
  }
  if (!form) return std::nullopt;
  base::Arena arena;
  for (const ExpressionPtr& child : node.children) {
    if (child->is_literal() && !exact_cell(child->cell, *form, arena)) return std::nullopt;
  }
  return form;
}

bool Emitter::holds_subquery(const Expression& expression) {
  return expression.query != nullptr ||
         std::any_of(expression.children.begin(), expression.children.end(),
                     [](const ExpressionPtr& child) { return holds_subquery(*child); });
}

bool Emitter::is_native(const Expression& expression) const {
  switch (expression.kind) {
    case NodeKind::kLiteral:
    case NodeKind::kColumn:
      return true;
    case NodeKind::kComparison:
    case NodeKind::kIsDistinct:
    case NodeKind::kInList:
      if (expression.children.size() > kMaxNativeList || !comparison_form(expression)) return false;
      break;
    case NodeKind::kAnd:
    case NodeKind::kOr:
    case NodeKind::kNot:
    case NodeKind::kIsNull:
    case NodeKind::kIsTruth:
    case NodeKind::kCase:
      break;
    default:
      return is_engine_node(expression);
  }
  return std::all_of(expression.children.begin(), expression.children.end(),
                     [this](const ExpressionPtr& child) { return is_native(*child); });
}

std::string Emitter::value(const Expression& expression, const base::TypeInfo& type) {
  switch (expression.kind) {
    case NodeKind::kLiteral:
      return constant(expression.cell, type);
    case NodeKind::kColumn:
      return converted(column_name(expression.index), column_type(expression.index), type);
    default:
      return native(expression, type);
  }
}

std::string Emitter::key(const Expression& expression) {
  return collated(value(expression, own_type(expression)), expression.type);
}

// Conditions are split at AND, so that SQLite can use each part where it helps.
std::string Emitter::condition(const Expression& expression) {
  if (expression.kind == NodeKind::kAnd) return joined(expression, " AND ");
  return value(expression, own_type(expression));
}

std::string Emitter::native(const Expression& expression, const base::TypeInfo& type) {
  if (is_engine_node(expression)) return aggregate(expression, type);
  const bool must = holds_subquery(expression);
  const bool shallow = must || depth_ < kMaxDepth;
  // A comparison stays SQLite's also where an operand is ours: it may then be an index's key.
  const bool compares =
      expression.kind == NodeKind::kComparison || expression.kind == NodeKind::kIsDistinct;
  const std::optional<base::TypeInfo> form =
      compares || expression.kind == NodeKind::kInList ? comparison_form(expression) : std::nullopt;
  if (!shallow || !(must || compares || is_native(expression))) {
    return function_call(expression, type);
  }
  ++depth_;
  std::string text;
  switch (expression.kind) {
    case NodeKind::kComparison:
    case NodeKind::kIsDistinct:
      if (form) text = comparison(expression, *form);
      break;
    case NodeKind::kInList:
      if (form && expression.children.size() <= kMaxNativeList) text = in_list(expression, *form);
      break;
    case NodeKind::kAnd:
      text = joined(expression, " AND ");
      break;
    case NodeKind::kOr:
      text = joined(expression, " OR ");
      break;
    case NodeKind::kNot:
      text = "(NOT " + condition(expression.child(0)) + ")";
      break;
    case NodeKind::kIsNull:
      text = "(" + value(expression.child(0), own_type(expression.child(0))) +
             (expression.negated ? " IS NOT NULL)" : " IS NULL)");
      break;
    case NodeKind::kIsTruth: {
      static constexpr std::string_view kTruths[] = {"FALSE", "TRUE", "NULL"};
      text = "(" + condition(expression.child(0)) + (expression.negated ? " IS NOT " : " IS ") +
             std::string(kTruths[static_cast<std::size_t>(expression.truth)]) + ")";
      break;
    }
    case NodeKind::kCase:
      text = case_of(expression, type);
      break;
    default:
      break;
  }
  --depth_;
  if (text.empty()) return function_call(expression, type);
  return expression.kind == NodeKind::kCase ? text
                                            : converted(std::move(text), base::bit_type(), type);
}

std::string Emitter::joined(const Expression& expression, std::string_view word) {
  std::vector<std::string> parts;
  for (const ExpressionPtr& child : expression.children) parts.push_back(condition(*child));
  // Long chains become chains of chains.
  while (parts.size() > kMaxChain) {
    std::vector<std::string> groups;
    for (std::size_t at = 0; at < parts.size(); at += kMaxChain) {
      std::string group = "(" + parts[at];
      for (std::size_t i = at + 1; i < std::min(parts.size(), at + kMaxChain); ++i) {
        group += word;
        group += parts[i];
      }
      groups.push_back(group + ")");
    }
    parts = std::move(groups);
  }
  std::string text = "(" + parts.front();
  for (std::size_t at = 1; at < parts.size(); ++at) {
    text += word;
    text += parts[at];
  }
  return text + ")";
}

std::string Emitter::operand(const Expression& expression, const base::TypeInfo& form) {
  if (!expression.is_literal()) return value(expression, own_type(expression));
  base::Arena arena;
  return constant(*exact_cell(expression.cell, form, arena), form);
}

std::string Emitter::comparison(const Expression& expression, const base::TypeInfo& form) {
  std::string left = operand(expression.child(0), form);
  const std::string right = operand(expression.child(1), form);
  base::TypeInfo compared = form;
  compared.nocase = expression.nocase;
  left = collated(std::move(left), compared);
  const std::string_view word = expression.kind == NodeKind::kComparison
                                    ? operator_text(expression.comparison)
                                : expression.negated ? std::string_view(" IS ")
                                                     : std::string_view(" IS NOT ");
  return "(" + left + std::string(word) + right + ")";
}

std::string Emitter::in_list(const Expression& expression, const base::TypeInfo& form) {
  base::TypeInfo compared = form;
  compared.nocase = expression.nocase;
  std::string text = "(" + collated(operand(expression.child(0), form), compared) + " IN (";
  for (std::size_t at = 1; at < expression.children.size(); ++at) {
    if (at > 1) text += ",";
    text += operand(expression.child(at), form);
  }
  return text + "))";
}

std::string Emitter::case_of(const Expression& expression, const base::TypeInfo& type) {
  std::string text = "CASE";
  std::size_t at = 0;
  for (; at + 1 < expression.children.size(); at += 2) {
    text += " WHEN " + condition(expression.child(at));
    text += " THEN " + value(expression.child(at + 1), type);
  }
  if (at == 0) return value(expression.child(0), type);
  return text + " ELSE " + value(expression.child(at), type) + " END";
}

// Arguments are columns, what only SQLite computes, and conditions that hold a subquery: those may
// not be evaluated unless they are reached.
void Emitter::detach(ExpressionPtr& slot, Arguments& arguments) {
  const Expression& node = *slot;
  const bool lazy =
      (node.kind == NodeKind::kCase || node.kind == NodeKind::kAnd || node.kind == NodeKind::kOr) &&
      holds_subquery(node);
  if (node.kind == NodeKind::kColumn || is_engine_node(node) || lazy) {
    const base::TypeInfo type = own_type(node);
    std::string text = value(node, type);
    const auto known = std::find(arguments.texts.begin(), arguments.texts.end(), text);
    const auto at = static_cast<std::uint32_t>(known - arguments.texts.begin());
    if (known == arguments.texts.end()) {
      arguments.texts.push_back(std::move(text));
      arguments.types.push_back(type);
    }
    slot = make_column(at, type, node.nullability, node.position);
    return;
  }
  for (ExpressionPtr& child : slot->children) detach(child, arguments);
}

std::string Emitter::function_call(const Expression& expression, const base::TypeInfo& type) {
  Arguments arguments;
  const Position position = expression.position;
  ExpressionPtr copy = clone(expression);
  for (ExpressionPtr& child : copy->children) detach(child, arguments);
  if (arguments.texts.size() > kMaxFunctionArguments) {
    fail("42000",
         "an expression reads more than " + std::to_string(kMaxFunctionArguments) +
             " columns: compute parts of it in a derived table",
         position);
  }
  std::string text = add_function(std::move(copy), arguments.types, type) + "(";
  for (std::size_t at = 0; at < arguments.texts.size(); ++at) {
    if (at > 0) text += ",";
    text += arguments.texts[at];
  }
  return text + ")";
}

std::string Emitter::add_function(ExpressionPtr expression, const Types& arguments,
                                  const base::TypeInfo& result) {
  std::string signature;
  add_signature(signature, *expression);
  for (const base::TypeInfo& type : arguments) add_type(signature, type);
  add_type(signature, result);
  // Each RAND() of a row is its own.
  if (is_volatile(*expression)) add_raw(signature, out_.functions.size());
  const auto [at, added] =
      functions_.try_emplace(std::move(signature), "g_e" + std::to_string(out_.functions.size()));
  if (added) out_.functions.push_back({at->second, std::move(expression), arguments, result});
  return at->second;
}

}  // namespace graphodbc::query
