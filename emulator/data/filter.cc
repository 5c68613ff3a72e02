#include "emulator/data/filter.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "emulator/data/filter_lexer.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

using Node = std::unique_ptr<FilterNode>;

struct OpName {
  std::string_view text;
  Op op;
  std::string_view kind;  // what OData error messages call it
};

constexpr OpName kComparisons[] = {
    {"eq", kEq, "Equal"},       {"ne", kNe, "NotEqual"},
    {"gt", kGt, "GreaterThan"}, {"ge", kGe, "GreaterThanOrEqual"},
    {"lt", kLt, "LessThan"},    {"le", kLe, "LessThanOrEqual"},
};
constexpr OpName kFunctions[] = {
    {"startswith", kStartsWith, ""}, {"endswith", kEndsWith, ""}, {"contains", kContains, ""}};

template <std::size_t N>
const OpName* find_op(const OpName (&table)[N], std::string_view text) {
  for (const OpName& entry : table) {
    if (entry.text == text) return &entry;
  }
  return nullptr;
}

std::string_view edm_name(FieldType type) {
  switch (type) {
    case FieldType::kBoolean:
      return "Edm.Boolean";
    case FieldType::kInstant:
      return "Edm.DateTimeOffset";
    case FieldType::kInteger:
      return "Edm.Int32";
    case FieldType::kEnum:
      return "Edm.Enum";
    case FieldType::kFacet:
      return "Edm.ComplexType";
    default:
      return "Edm.String";
  }
}

// The Edm type that a literal's look gives it.
std::string_view literal_type(const Token& token) {
  if (token.kind == TokenKind::kString) return "Edm.String";
  if (token.text == "true" || token.text == "false") return "Edm.Boolean";
  if (token.text == "null") return "null";
  if (const auto time = parse_time(token.text)) {
    return time->date_only ? "Edm.Date" : "Edm.DateTimeOffset";
  }
  std::int64_t number = 0;
  const char* end = token.text.data() + token.text.size();
  const auto result = std::from_chars(token.text.data(), end, number);
  return result.ec == std::errc() && result.ptr == end ? "Edm.Int32" : "Edm.Guid";
}

class Parser {
 public:
  Parser(const SchemaBase& schema, std::string_view text, bool advanced)
      : schema_(schema), text_(text), lexer_(text), advanced_(advanced) {
    advance();
  }

  Filter run() {
    filter_.root = parse_or();
    if (token_.kind != TokenKind::kEnd) syntax();
    // Directory filters take at most 15 clauses (contract d.0).
    if (schema_.family == Family::kDirectory && clauses_ > 15) {
      throw GraphError(400, "Request_UnsupportedQuery",
                       "Too many child clauses specified in search filter expression: " +
                           std::to_string(clauses_) + ". Max allowed: 15.");
    }
    return std::move(filter_);
  }

 private:
  void advance() { token_ = lexer_.next(); }

  [[noreturn]] void syntax() const {
    throw parse_error(schema_.family, "Invalid filter clause: Syntax error at position " +
                                          std::to_string(token_.position) + " in '" +
                                          std::string(text_) + "'.");
  }
  [[noreturn]] void unsupported(std::string_view path) const {
    throw unsupported_filter(schema_.family, path, schema_.type);
  }

  bool at_name(std::string_view name) const {
    return token_.kind == TokenKind::kName && token_.text == name;
  }
  void expect(TokenKind kind) {
    if (token_.kind != kind) syntax();
    advance();
  }

  static Node make(FilterNode::Kind kind, Node left, Node right = nullptr) {
    auto node = std::make_unique<FilterNode>();
    node->kind = kind;
    node->left = std::move(left);
    node->right = std::move(right);
    return node;
  }

  Node parse_or() {
    Node left = parse_and();
    while (at_name("or")) {
      advance();
      left = make(FilterNode::Kind::kOr, std::move(left), parse_and());
    }
    return left;
  }

  Node parse_and() {
    Node left = parse_unary();
    while (at_name("and")) {
      advance();
      left = make(FilterNode::Kind::kAnd, std::move(left), parse_unary());
    }
    return left;
  }

  Node parse_unary() {
    if (++depth_ > 100) syntax();
    Node node;
    if (at_name("not")) {
      if (schema_.family == Family::kDirectory && !advanced_) unsupported("not");
      if (schema_.family == Family::kDrive) unsupported("not");
      advance();
      node = make(FilterNode::Kind::kNot, parse_unary());
    } else if (token_.kind == TokenKind::kOpen) {
      advance();
      node = parse_or();
      expect(TokenKind::kClose);
    } else {
      node = parse_clause();
    }
    --depth_;
    return node;
  }

  Node parse_clause() {
    if (token_.kind != TokenKind::kName) syntax();
    ++clauses_;
    const Token name = token_;
    advance();
    if (token_.kind == TokenKind::kOpen) {
      advance();
      if (name.text.ends_with("/any")) return parse_any(name.text);
      if (name.text.ends_with("/all")) unsupported(name.text);
      if (const OpName* function = find_op(kFunctions, ascii_lower(name.text))) {
        return parse_function(*function);
      }
      throw parse_error(schema_.family, "Invalid filter clause: An unknown function with name '" +
                                            name.text + "' was found.");
    }
    const std::size_t field = bind(name.text);
    if (schema_.fields[field].type == FieldType::kList) unsupported(name.text);
    if (at_name("in")) return parse_in(field);
    if (const OpName* op =
            token_.kind == TokenKind::kName ? find_op(kComparisons, token_.text) : nullptr) {
      advance();
      return parse_comparison(field, *op);
    }
    // A Boolean property may stand alone.
    if (schema_.fields[field].type != FieldType::kBoolean) syntax();
    require(field, kEq);
    return compare(field, kEq, Value::of(true));
  }

  // startswith(path,'text'), optionally followed by `eq true`.
  Node parse_function(const OpName& function) {
    if (token_.kind != TokenKind::kName) syntax();
    const std::size_t field = bind(token_.text);
    advance();
    Node node = finish_function(field, function);
    if (at_name("eq")) {
      advance();
      const bool positive = at_name("true");
      if (!positive && !at_name("false")) syntax();
      advance();
      if (!positive) node = make(FilterNode::Kind::kNot, std::move(node));
    }
    return node;
  }

  Node finish_function(std::size_t field, const OpName& function) {
    expect(TokenKind::kComma);
    if (token_.kind != TokenKind::kString) {
      throw parse_error(schema_.family,
                        "Invalid filter clause: No function signature for the "
                        "function with name '" +
                            std::string(function.text) + "' matches the specified arguments.");
    }
    const FieldType type = schema_.fields[field].type;
    if (type != FieldType::kString && type != FieldType::kList) {
      unsupported(schema_.fields[field].path);
    }
    require(field, function.op);
    if (function.op == kContains) filter_.uses_contains = true;
    Node node = compare(field, function.op, Value::of(fold_case(token_.text)));
    advance();
    expect(TokenKind::kClose);
    return node;
  }

  // path/any(x:x eq 'v'), path/any(x:x/address eq 'v'), path/any(x:startswith(x,'v')).
  Node parse_any(const std::string& name) {
    const std::string path = name.substr(0, name.size() - 4);
    const std::size_t field = bind(path);
    if (schema_.fields[field].type != FieldType::kList) unsupported(path);
    if (token_.kind != TokenKind::kName) syntax();
    const std::string variable = token_.text;
    advance();
    expect(TokenKind::kColon);
    if (token_.kind != TokenKind::kName) syntax();
    std::string operand = variable;
    if (!schema_.fields[field].element.empty()) {
      operand += '/';
      operand += schema_.fields[field].element;
    }
    Node node;
    if (const OpName* function = find_op(kFunctions, ascii_lower(token_.text))) {
      advance();
      expect(TokenKind::kOpen);
      if (!at_name(operand)) unsupported(path);
      advance();
      node = finish_function(field, *function);
    } else {
      if (!at_name(operand)) unsupported(path);
      advance();
      const OpName* op =
          token_.kind == TokenKind::kName ? find_op(kComparisons, token_.text) : nullptr;
      if (op == nullptr) syntax();
      advance();
      node = parse_comparison(field, *op);
    }
    expect(TokenKind::kClose);
    return node;
  }

  Node parse_in(std::size_t field) {
    require(field, kIn);
    advance();
    expect(TokenKind::kOpen);
    auto node = std::make_unique<FilterNode>();
    node->kind = FilterNode::Kind::kOneOf;
    node->field = field;
    for (;;) {
      node->literals.push_back(take_literal(field, kComparisons[0]));
      if (token_.kind != TokenKind::kComma) break;
      advance();
    }
    expect(TokenKind::kClose);
    clauses_ += node->literals.size() - 1;
    return node;
  }

  Node parse_comparison(std::size_t field, const OpName& op) {
    if (at_name("null")) {
      if (op.op != kEq && op.op != kNe) unsupported(schema_.fields[field].path);
      require(field, kNull);
      advance();
      return compare(field, op.op, Value::null());
    }
    Value literal = take_literal(field, op);
    require(field, op.op);
    return compare(field, op.op, std::move(literal));
  }

  static Node compare(std::size_t field, Op op, Value literal) {
    auto node = std::make_unique<FilterNode>();
    node->kind = FilterNode::Kind::kTest;
    node->op = op;
    node->field = field;
    node->literals.push_back(std::move(literal));
    return node;
  }

  std::size_t bind(const std::string& path) {
    const std::size_t field = schema_.find_field(path);
    if (field == SchemaBase::npos) {
      const std::string top = path.substr(0, path.find('/'));
      if (schema_.find_property(top) != SchemaBase::npos) unsupported(path);
      if (schema_.family == Family::kDrive) unsupported(path);
      throw parse_error(schema_.family, "Invalid filter clause: Could not find a property named '" +
                                            top + "' on type 'microsoft.graph." +
                                            std::string(schema_.type) + "'.");
    }
    if (std::find(filter_.fields.begin(), filter_.fields.end(), field) == filter_.fields.end()) {
      filter_.fields.push_back(field);
    }
    return field;
  }

  void require(std::size_t field, Op op) const {
    const Field& info = schema_.fields[field];
    if ((info.ops & op) != 0) return;
    if (advanced_ && (info.advanced & op) != 0) return;
    unsupported(info.path);
  }

  [[noreturn]] void incompatible(const Field& field, const OpName& op, const Token& token) const {
    throw parse_error(schema_.family,
                      "Invalid filter clause: A binary operator with incompatible types was "
                      "detected. Found operand types '" +
                          std::string(edm_name(field.type)) + "' and '" +
                          std::string(literal_type(token)) + "' for operator kind '" +
                          std::string(op.kind) + "'.");
  }

  Value take_literal(std::size_t field_index, const OpName& op) {
    const Field& field = schema_.fields[field_index];
    const Token token = token_;
    if (token.kind != TokenKind::kString && token.kind != TokenKind::kName &&
        token.kind != TokenKind::kLiteral) {
      syntax();
    }
    advance();
    const bool quoted = token.kind == TokenKind::kString;
    switch (field.type) {
      case FieldType::kString:
      case FieldType::kList:
        if (!quoted) incompatible(field, op, token);
        return Value::of(fold_case(token.text));
      case FieldType::kEnum:
        return enum_literal(field, op, token);
      case FieldType::kBoolean:
        if (quoted || (token.text != "true" && token.text != "false")) {
          incompatible(field, op, token);
        }
        return Value::of(token.text == "true");
      case FieldType::kInteger:
        return integer_literal(field, op, token);
      case FieldType::kInstant:
      case FieldType::kLocalTime:
        return time_literal(field, op, token);
      case FieldType::kFacet:
        break;
    }
    unsupported(field.path);
  }

  Value enum_literal(const Field& field, const OpName& op, const Token& token) const {
    if (token.kind != TokenKind::kString) incompatible(field, op, token);
    for (std::size_t i = 0; i < field.members.size(); ++i) {
      if (equals_ignore_ascii_case(field.members[i], token.text)) {
        return Value::of(static_cast<std::int64_t>(i));
      }
    }
    throw parse_error(schema_.family, "Invalid filter clause: The string '" + token.text +
                                          "' is not a valid enumeration type constant.");
  }

  Value integer_literal(const Field& field, const OpName& op, const Token& token) const {
    std::int64_t number = 0;
    const char* end = token.text.data() + token.text.size();
    const auto result = std::from_chars(token.text.data(), end, number);
    if (token.kind != TokenKind::kLiteral || result.ec != std::errc() || result.ptr != end) {
      incompatible(field, op, token);
    }
    return Value::of(number);
  }

  // Edm.DateTimeOffset stands bare and needs its zone; event start and end are Edm.String and
  // stand in quotes (contract d.0). Outlook also takes a bare date.
  Value time_literal(const Field& field, const OpName& op, const Token& token) const {
    const bool quoted = token.kind == TokenKind::kString;
    if (quoted != (field.type == FieldType::kLocalTime)) incompatible(field, op, token);
    const auto time = parse_time(token.text);
    if (!time) {
      throw parse_error(schema_.family, "Invalid filter clause: '" + token.text +
                                            "' is not a valid date and time.");
    }
    const bool zone_missing =
        !time->has_offset && !quoted && !(time->date_only && schema_.family == Family::kOutlook);
    if (zone_missing) incompatible(field, op, token);
    return Value::of(time->ticks);
  }

  const SchemaBase& schema_;
  std::string_view text_;
  FilterLexer lexer_;
  bool advanced_;
  Token token_;
  Filter filter_;
  std::size_t clauses_ = 0;
  int depth_ = 0;
};

bool compare_order(Op op, int order) {
  switch (op) {
    case kEq:
      return order == 0;
    case kNe:
      return order != 0;
    case kGt:
      return order > 0;
    case kGe:
      return order >= 0;
    case kLt:
      return order < 0;
    case kLe:
      return order <= 0;
    default:
      return false;
  }
}

bool text_matches(Op op, const std::string& value, const std::string& literal) {
  switch (op) {
    case kStartsWith:
      return value.starts_with(literal);
    case kEndsWith:
      return value.ends_with(literal);
    case kContains:
      return value.find(literal) != std::string::npos;
    default:
      break;
  }
  const int order = value.compare(literal);
  return compare_order(op, order);
}

bool value_matches(Op op, const Value& value, const Value& literal) {
  if (literal.kind == Value::Kind::kNull) {
    return (value.kind == Value::Kind::kNull) == (op == kEq);
  }
  switch (value.kind) {
    case Value::Kind::kNull:
      return false;
    case Value::Kind::kNumber: {
      const int order = value.number < literal.number ? -1 : value.number > literal.number ? 1 : 0;
      return compare_order(op, order);
    }
    case Value::Kind::kText:
      return text_matches(op, fold_case(value.text), literal.text);
    case Value::Kind::kList:
      return std::any_of(value.list.begin(), value.list.end(), [&](const std::string& element) {
        return text_matches(op, fold_case(element), literal.text);
      });
  }
  return false;
}

}  // namespace

Filter parse_filter(const SchemaBase& schema, std::string_view text, bool advanced) {
  return Parser(schema, text, advanced).run();
}

bool matches(const FilterNode& node, const EntitySet& set, std::size_t row) {
  switch (node.kind) {
    case FilterNode::Kind::kAnd:
      return matches(*node.left, set, row) && matches(*node.right, set, row);
    case FilterNode::Kind::kOr:
      return matches(*node.left, set, row) || matches(*node.right, set, row);
    case FilterNode::Kind::kNot:
      return !matches(*node.left, set, row);
    case FilterNode::Kind::kTest:
      return value_matches(node.op, set.value(row, node.field), node.literals.front());
    case FilterNode::Kind::kOneOf: {
      const Value value = set.value(row, node.field);
      return std::any_of(node.literals.begin(), node.literals.end(),
                         [&](const Value& literal) { return value_matches(kEq, value, literal); });
    }
  }
  return false;
}

}  // namespace graphodbc::emulator::data
