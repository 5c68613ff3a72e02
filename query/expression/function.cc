// Look-up, argument checks and the functions that become other nodes.
#include "query/expression/function.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "base/utf.h"
#include "query/expression/internal.h"
#include "query/expression/number.h"

namespace graphodbc::query {
namespace {

using base::SqlType;
using base::TypeInfo;

using Lower = ExpressionPtr (*)(BindContext& context, std::vector<ExpressionPtr> arguments,
                                Position position);
// Functions that are written as calls but are other nodes.
struct Lowered {
  FunctionId id;
  std::string_view name;
  std::uint8_t min_args;
  std::uint16_t max_args;
  Lower lower;
};

ExpressionPtr lower_concat(BindContext& context, std::vector<ExpressionPtr> arguments,
                           Position position) {
  ExpressionPtr result = std::move(arguments.front());
  for (std::size_t at = 1; at < arguments.size(); ++at) {
    result = make_concat(context, std::move(result), std::move(arguments[at]), position);
  }
  return result;
}

// COALESCE(a, b) is CASE WHEN a IS NOT NULL THEN a ELSE b END (SQL-92 6.9).
ExpressionPtr lower_coalesce(BindContext& context, std::vector<ExpressionPtr> arguments,
                             Position position) {
  std::vector<ExpressionPtr*> branches;
  branches.reserve(arguments.size());
  for (ExpressionPtr& argument : arguments) branches.push_back(&argument);
  const TypeInfo type = unify(context, branches, position);
  auto node = std::make_unique<Expression>(NodeKind::kCase, position);
  node->type = type;
  for (std::size_t at = 0; at + 1 < arguments.size(); ++at) {
    auto when = std::make_unique<Expression>(NodeKind::kIsNull, position);
    when->type = base::bit_type();
    when->negated = true;
    when->nullability = Nullability::kNoNulls;
    when->children.push_back(copy_operand(*arguments[at]));
    node->children.push_back(std::move(when));
    node->children.push_back(std::move(arguments[at]));
  }
  node->children.push_back(std::move(arguments.back()));
  const bool filled =
      std::any_of(node->children.begin(), node->children.end(), [](const ExpressionPtr& child) {
        return child->nullability == Nullability::kNoNulls && child->kind != NodeKind::kIsNull;
      });
  node->nullability = filled ? Nullability::kNoNulls : Nullability::kNullable;
  return node;
}

// NULLIF(a, b) is CASE WHEN a = b THEN NULL ELSE a END.
ExpressionPtr lower_nullif(BindContext& context, std::vector<ExpressionPtr> arguments,
                           Position position) {
  std::vector<ExpressionPtr*> operands{&arguments[0], &arguments[1]};
  comparison_type(context, operands, position);
  std::vector<CaseArm> arms(1);
  arms[0].when = make_comparison(context, CompareOp::kEqual, copy_operand(*arguments[0]),
                                 std::move(arguments[1]), position);
  arms[0].then = make_null(position);
  return make_case(context, nullptr, std::move(arms), std::move(arguments[0]), position);
}

ExpressionPtr lower_extract(BindContext& context, std::vector<ExpressionPtr> arguments,
                            Position position) {
  struct Field {
    std::string_view name;
    FunctionId id;
  };
  static constexpr Field kFields[] = {
      {"YEAR", FunctionId::kYear},      {"MONTH", FunctionId::kMonth},
      {"DAY", FunctionId::kDayOfMonth}, {"HOUR", FunctionId::kHour},
      {"MINUTE", FunctionId::kMinute},  {"SECOND", FunctionId::kSecond}};
  const Expression& unit = *arguments.front();
  if (unit.is_literal() && base::is_text(unit.type.type)) {
    for (const Field& field : kFields) {
      if (!base::equal_nocase(field.name, unit.cell.view())) continue;
      std::vector<ExpressionPtr> rest;
      rest.push_back(std::move(arguments[1]));
      return make_call(context, function_of(field.id), std::move(rest), position);
    }
  }
  fail("42000", "EXTRACT takes YEAR, MONTH, DAY, HOUR, MINUTE or SECOND", position);
}

constexpr Lowered kLowered[] = {
    {FunctionId::kConcat, "CONCAT", 2, 500, lower_concat},
    {FunctionId::kCoalesce, "COALESCE", 2, 500, lower_coalesce},
    {FunctionId::kIfNull, "IFNULL", 2, 2, lower_coalesce},
    {FunctionId::kNullIf, "NULLIF", 2, 2, lower_nullif},
    {FunctionId::kExtract, "EXTRACT", 2, 2, lower_extract},
};

std::string upper(std::string_view name) {
  std::string result(name);
  for (char& c : result) c = static_cast<char>(base::to_upper(static_cast<unsigned char>(c)));
  return result;
}

const std::vector<std::span<const Function>>& families() {
  static const std::vector<std::span<const Function>> kAll = {
      string_functions(), numeric_functions(), datetime_functions(), system_functions(),
      json_functions()};
  return kAll;
}

const std::unordered_map<std::string_view, const Function*>& index() {
  static const auto kMap = [] {
    std::unordered_map<std::string_view, const Function*> result;
    for (const auto family : families()) {
      for (const Function& function : family) result.emplace(function.name, &function);
    }
    return result;
  }();
  return kMap;
}

const Lowered* find_lowered(std::string_view upper_name) {
  for (const Lowered& entry : kLowered) {
    if (entry.name == upper_name) return &entry;
  }
  return nullptr;
}

// Levenshtein; names are short.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
  for (std::size_t l = 0; l < left.size(); ++l) {
    std::size_t diagonal = row[0]++;
    for (std::size_t r = 0; r < right.size(); ++r) {
      const std::size_t above = row[r + 1];
      row[r + 1] = std::min({above + 1, row[r] + 1, diagonal + (left[l] == right[r] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

std::string_view nearest_name(std::string_view name) {
  std::string_view best;
  std::size_t best_distance = name.size() < 4 ? 2 : 3;  // anything further is another word
  const auto consider = [&](std::string_view candidate) {
    const std::size_t far = distance(name, candidate);
    if (far < best_distance || (far == best_distance && !best.empty() && candidate < best)) {
      best = candidate;
      best_distance = far;
    }
  };
  for (const auto family : families()) {
    for (const Function& function : family) {
      if (function.name.front() != '$') consider(function.name);
    }
  }
  for (const Lowered& entry : kLowered) consider(entry.name);
  return best;
}

void check_count(std::string_view name, std::size_t given, std::size_t fewest, std::size_t most,
                 Position position) {
  if (given >= fewest && given <= most) return;
  std::string wanted = std::to_string(fewest);
  if (most != fewest) wanted += " to " + std::to_string(most);
  fail("42000",
       std::string(name) + " takes " + wanted + (wanted == "1" ? " argument" : " arguments") +
           ", not " + std::to_string(given),
       position);
}

ExpressionPtr require_datetime(BindContext& context, ExpressionPtr operand, char letter,
                               std::string_view where) {
  infer(context, *operand, base::timestamp_type());
  const SqlType own = operand->type.type;
  const Position position = operand->position;
  if (base::is_text(own) && operand->is_literal()) {
    // A short text may be a time of day, where one is taken.
    const bool time = letter != 'D' && !operand->cell.is_null() && operand->cell.length > 2 &&
                      operand->cell.view().substr(0, 4).find(':') != std::string_view::npos;
    return coerce(context, std::move(operand),
                  time ? TypeInfo{SqlType::kTime, 16, 7} : base::timestamp_type(), position);
  }
  if (own == SqlType::kTimestamp || (own == SqlType::kTime && letter != 'D')) return operand;
  if (own == SqlType::kDate) {
    if (letter != 'T') return operand;
    return coerce(context, std::move(operand), base::timestamp_type(), position);
  }
  fail("42000",
       std::string(where) + " needs a " + (letter == 'D' ? "date" : "date or time") + ", not " +
           type_name(operand->type),
       position);
}

ExpressionPtr check_argument(BindContext& context, ExpressionPtr operand, char letter,
                             std::string_view where) {
  const Position position = operand->position;
  switch (letter) {
    case 't':
      return require_text(context, std::move(operand), where);
    case 'b':
      if (base::is_binary(operand->type.type)) return operand;
      return require_text(context, std::move(operand), where);
    case 'i':
      operand = require_number(context, std::move(operand), base::integer_type(), where);
      return coerce(context, std::move(operand), base::bigint_type(), position);
    case 'n':
      return require_number(context, std::move(operand), base::double_type(), where);
    case 'd':
      operand = require_number(context, std::move(operand), base::double_type(), where);
      return coerce(context, std::move(operand), base::double_type(), position);
    case 'D':
    case 'T':
    case 'A':
      return require_datetime(context, std::move(operand), letter, where);
    case 'u':
      if (!operand->is_literal() || !base::is_text(operand->type.type)) {
        fail("42000", std::string(where) + " needs a unit such as SQL_TSI_DAY first", position);
      }
      return operand;
    default:
      leave_open(context, *operand);
      return operand;
  }
}

}  // namespace

void Call::fail(base::SqlState state, const std::string& message) const {
  query::fail(state, std::string(node.function->name) + ": " + message, node.position);
}

std::int64_t Call::integer(std::size_t at) const {
  const auto value = int64_of(args[at]);
  if (!value) fail("22003", "argument " + std::to_string(at + 1) + " is out of range");
  return *value;
}

const Function* find_function(std::string_view name) {
  const auto found = index().find(upper(name));
  return found == index().end() ? nullptr : found->second;
}

const Function& function_of(FunctionId id) {
  for (const auto family : families()) {
    for (const Function& function : family) {
      if (function.id == id) return function;
    }
  }
  throw base::Error("HY000", "a function has no entry in the table");
}

bool is_function_name(std::string_view name) {
  if (!name.empty() && name.front() == '$') return false;
  return find_function(name) != nullptr || find_lowered(upper(name)) != nullptr;
}

ExpressionPtr make_call(BindContext& context, const Function& function,
                        std::vector<ExpressionPtr> arguments, Position position) {
  check_count(function.name, arguments.size(), function.min_args, function.max_args, position);
  auto node = std::make_unique<Expression>(NodeKind::kFunction, position);
  node->function = &function;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const char letter = function.arguments[std::min(at, function.arguments.size() - 1)];
    node->children.push_back(
        check_argument(context, std::move(arguments[at]), letter, function.name));
  }
  node->nocase = context.nocase || std::any_of(node->children.begin(), node->children.end(),
                                               [](const auto& c) { return c->type.nocase; });
  node->nullability = nullability_of(*node);
  function.bind(context, *node);
  return node;
}

ExpressionPtr make_function(BindContext& context, std::string_view name,
                            std::vector<ExpressionPtr> arguments, Position position) {
  const std::string upper_name = upper(name);
  if (const Lowered* lowered = find_lowered(upper_name)) {
    check_count(lowered->name, arguments.size(), lowered->min_args, lowered->max_args, position);
    return lowered->lower(context, std::move(arguments), position);
  }
  const Function* function = is_function_name(name) ? find_function(name) : nullptr;
  if (function == nullptr) {
    const std::string_view near = nearest_name(upper_name);
    std::string message = "there is no function " + upper_name;
    if (!near.empty()) message += "; did you mean " + std::string(near) + "?";
    fail("42000", message, position);
  }
  return make_call(context, *function, std::move(arguments), position);
}

ExpressionPtr make_unit_function(BindContext& context, std::string_view name,
                                 sqlparser::DateUnit unit, std::vector<ExpressionPtr> arguments,
                                 Position position) {
  // In the order of DateUnit.
  static constexpr std::string_view kUnits[] = {"FRAC_SECOND", "SECOND", "MINUTE",  "HOUR", "DAY",
                                                "WEEK",        "MONTH",  "QUARTER", "YEAR"};
  arguments.insert(arguments.begin(),
                   make_text(std::string(kUnits[static_cast<std::size_t>(unit)]), position));
  return make_function(context, name, std::move(arguments), position);
}

void bind_bit(BindContext&, Expression& node) {
  node.type = base::bit_type();
}
void bind_integer(BindContext&, Expression& node) {
  node.type = base::integer_type();
}
void bind_bigint(BindContext&, Expression& node) {
  node.type = base::bigint_type();
}
void bind_double(BindContext&, Expression& node) {
  node.type = base::double_type();
}
void bind_as_first(BindContext&, Expression& node) {
  node.type = node.child(0).type;
}

}  // namespace graphodbc::query
