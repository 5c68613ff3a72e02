// Function calls with their SQL-92 argument forms, FILTER and OVER.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "sqlparser/keywords.h"
#include "sqlparser/parser_impl.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::sqlparser {
namespace {

// Functions of SQL-92 that stand without brackets; the first three may have them.
constexpr std::array<std::string_view, 4> kBareFunctions = {"CURRENT_DATE", "CURRENT_TIME",
                                                            "CURRENT_TIMESTAMP", "CURRENT_USER"};

struct UnitName {
  std::string_view name;
  DateUnit unit;
  bool extract;  // also a field of EXTRACT and INTERVAL
};

constexpr std::array<UnitName, 9> kUnits = {{{"YEAR", DateUnit::kYear, true},
                                             {"MONTH", DateUnit::kMonth, true},
                                             {"DAY", DateUnit::kDay, true},
                                             {"HOUR", DateUnit::kHour, true},
                                             {"MINUTE", DateUnit::kMinute, true},
                                             {"SECOND", DateUnit::kSecond, true},
                                             {"QUARTER", DateUnit::kQuarter, false},
                                             {"WEEK", DateUnit::kWeek, false},
                                             {"FRAC_SECOND", DateUnit::kFracSecond, false}}};

}  // namespace

const Parser::SpecialFunction Parser::kSpecialFunctions[] = {
    {"EXTRACT", &Parser::parse_extract},
    {"TRIM", &Parser::parse_trim},
    {"SUBSTRING", &Parser::parse_substring},
    {"POSITION", &Parser::parse_position},
    {"TIMESTAMPADD", &Parser::parse_timestamp_arithmetic},
    {"TIMESTAMPDIFF", &Parser::parse_timestamp_arithmetic},
};

bool Parser::at_function_call() {
  const Token& token = peek();
  if (token.kind != TokenKind::kWord || !at_symbol(1, "(")) return false;
  return !is_reserved(peek().text) || is_reserved_function(peek().text);
}

bool Parser::at_bare_function() {
  if (peek().kind != TokenKind::kWord || at_symbol(1, ".")) return false;
  return std::any_of(kBareFunctions.begin(), kBareFunctions.end(),
                     [&](std::string_view name) { return at_word(name); });
}

ExprPtr Parser::parse_bare_function() {
  const Token token = take();
  auto call = std::make_unique<FunctionExpr>(token.position);
  call->name = to_upper_ascii(token.text);
  call->bare = !at_symbol("(");
  if (!call->bare) {
    const SourcePosition opened = take().position;
    if (!at_symbol(")")) call->args = parse_expression_list();
    expect_closing(")", opened);
  }
  return call;
}

ExprPtr Parser::parse_function_call() {
  const NestingLevel level(*this);
  if (at_word("CONVERT")) return parse_convert();
  const Token token = take();
  auto call = std::make_unique<FunctionExpr>(token.position);
  call->name = to_upper_ascii(token.text);
  const SourcePosition opened = take().position;
  const auto* special =
      std::find_if(std::begin(kSpecialFunctions), std::end(kSpecialFunctions),
                   [&](const SpecialFunction& candidate) { return candidate.name == call->name; });
  if (special != std::end(kSpecialFunctions)) {
    (this->*special->parse)(*call);
  } else {
    parse_plain_arguments(*call);
  }
  expect_closing(")", opened);
  return call;
}

ExprPtr Parser::parse_function_with_window() {
  if (at_bare_function()) return parse_bare_function();
  ExprPtr result = parse_function_call();
  if (result->kind != ExprKind::kFunction) return result;
  auto& call = static_cast<FunctionExpr&>(*result);
  if (at_word("FILTER") && at_symbol(1, "(")) {
    const NestingLevel level(*this);
    take();
    const SourcePosition opened = take().position;
    expect_word("WHERE");
    call.filter = parse_expression();
    expect_closing(")", opened);
  }
  if (at_word("OVER") && (at_symbol(1, "(") || peek(1).is_name())) call.over = parse_over();
  return result;
}

void Parser::parse_plain_arguments(FunctionExpr& call) {
  if (at_symbol(")")) return;
  if (at_symbol("*")) {
    if (call.name != "COUNT") fail_here("'*' is an argument of COUNT only");
    take();
    call.star = true;
    return;
  }
  call.distinct = accept_word("DISTINCT");
  if (!call.distinct) accept_word("ALL");
  call.args = parse_expression_list();
}

// {fn CONVERT(value, SQL_type)}: the same as CAST.
ExprPtr Parser::parse_convert() {
  auto cast = std::make_unique<CastExpr>(take().position);
  const SourcePosition opened = take().position;
  cast->operand = parse_expression();
  expect_symbol(",");
  cast->type_position = peek().position;
  cast->type = parse_type();
  expect_closing(")", opened);
  return cast;
}

void Parser::parse_extract(FunctionExpr& call) {
  call.unit = parse_date_unit(true);
  expect_word("FROM");
  call.args.push_back(parse_expression());
}

// TRIM(s), TRIM([BOTH|LEADING|TRAILING] [c] FROM s).
void Parser::parse_trim(FunctionExpr& call) {
  static constexpr std::array<std::pair<std::string_view, TrimSide>, 3> kSides = {
      {{"BOTH", TrimSide::kBoth},
       {"LEADING", TrimSide::kLeading},
       {"TRAILING", TrimSide::kTrailing}}};
  for (const auto& [word, side] : kSides) {
    // A column may be called Both: it is the keyword only where an operand or FROM follows.
    const bool column =
        peek(1).kind == TokenKind::kSymbol && !at_symbol(1, "(") && !at_symbol(1, "{");
    if (!call.trim && at_word(word) && !column) {
      take();
      call.trim = side;
    }
  }
  if (accept_word("FROM")) {
    if (!call.trim) call.trim = TrimSide::kBoth;
    call.args.push_back(parse_expression());
    return;
  }
  call.args.push_back(parse_expression());
  if (call.trim && !at_word("FROM")) fail_expected("FROM");
  if (accept_word("FROM")) {
    if (!call.trim) call.trim = TrimSide::kBoth;
    call.args.insert(call.args.begin(), parse_expression());
  }
}

// SUBSTRING(s, p [, n]) or SUBSTRING(s FROM p [FOR n]).
void Parser::parse_substring(FunctionExpr& call) {
  call.args.push_back(parse_expression());
  if (accept_word("FROM")) {
    call.args.push_back(parse_expression());
    if (accept_word("FOR")) call.args.push_back(parse_expression());
    return;
  }
  while (accept_symbol(",")) {
    call.args.push_back(parse_expression());
    check_list_size(call.args.size(), peek());
  }
}

// POSITION(t IN s), or with a comma.
void Parser::parse_position(FunctionExpr& call) {
  call.args.push_back(parse_operand());
  if (!at_word("IN") && !at_symbol(",")) fail_expected("IN");
  take();
  call.args.push_back(parse_operand());
}

void Parser::parse_timestamp_arithmetic(FunctionExpr& call) {
  call.unit = parse_date_unit(false);
  while (accept_symbol(",")) {
    call.args.push_back(parse_expression());
    check_list_size(call.args.size(), peek());
  }
}

// A field of EXTRACT and INTERVAL, else SQL_TSI_x (ODBC, Appendix E); x alone is taken too.
DateUnit Parser::parse_date_unit(bool extract) {
  constexpr std::string_view kPrefix = "SQL_TSI_";
  std::string name = peek().kind == TokenKind::kWord ? to_upper_ascii(peek().text) : "";
  if (!extract && name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
  for (const UnitName& entry : kUnits) {
    if (entry.name == name && (entry.extract || !extract)) {
      take();
      return entry.unit;
    }
  }
  fail_expected(extract ? "YEAR, MONTH, DAY, HOUR, MINUTE or SECOND"
                        : "an interval name: SQL_TSI_FRAC_SECOND, SQL_TSI_SECOND, "
                          "SQL_TSI_MINUTE, SQL_TSI_HOUR, SQL_TSI_DAY, SQL_TSI_WEEK, "
                          "SQL_TSI_MONTH, SQL_TSI_QUARTER or SQL_TSI_YEAR");
}

std::unique_ptr<OverClause> Parser::parse_over() {
  take();
  auto over = std::make_unique<OverClause>();
  if (at_symbol("(")) {
    over->spec = parse_window_spec();
  } else {
    over->name = parse_identifier("a window name");
  }
  return over;
}

WindowSpec Parser::parse_window_spec() {
  static constexpr std::array<std::pair<std::string_view, FrameUnit>, 3> kFrameUnits = {
      {{"ROWS", FrameUnit::kRows}, {"RANGE", FrameUnit::kRange}, {"GROUPS", FrameUnit::kGroups}}};
  const NestingLevel level(*this);
  WindowSpec spec;
  spec.position = expect_symbol("(").position;
  const bool keyword =
      at_any_word({"ROWS", "RANGE", "GROUPS"}) || (at_word("PARTITION") && at_word(1, "BY"));
  if (peek().is_name() && !keyword) spec.base = parse_identifier("a window name");
  if (accept_word("PARTITION")) {
    expect_word("BY");
    spec.partition_by = parse_expression_list();
  }
  if (at_word("ORDER")) spec.order_by = parse_order_by();
  for (const auto& [word, unit] : kFrameUnits) {
    if (!spec.frame && accept_word(word)) spec.frame = parse_window_frame(unit);
  }
  expect_closing(")", spec.position);
  return spec;
}

WindowFrame Parser::parse_window_frame(FrameUnit unit) {
  WindowFrame frame;
  frame.unit = unit;
  const bool between = accept_word("BETWEEN");
  const Token start = peek();
  frame.start = parse_frame_bound();
  if (frame.start.kind == FrameBoundKind::kUnboundedFollowing) {
    fail_syntax(start.text, start.position, "a frame cannot begin with UNBOUNDED FOLLOWING");
  }
  if (between) {
    expect_word("AND");
    const Token end = peek();
    frame.end = parse_frame_bound();
    if (frame.end->kind < frame.start.kind) {
      fail_syntax(end.text, end.position, "the frame would end before it begins");
    }
  } else if (frame.start.kind == FrameBoundKind::kFollowing) {
    fail_syntax(start.text, start.position, "a frame without BETWEEN ends at the current row");
  }
  return frame;
}

FrameBound Parser::parse_frame_bound() {
  FrameBound bound;
  if (at_word("CURRENT") && at_word(1, "ROW")) {
    take();
    take();
    return bound;
  }
  const bool unbounded = accept_word("UNBOUNDED");
  if (!unbounded) bound.offset = parse_operand();
  if (!at_any_word({"PRECEDING", "FOLLOWING"})) fail_expected("PRECEDING or FOLLOWING");
  if (take().is_word("PRECEDING")) {
    bound.kind = unbounded ? FrameBoundKind::kUnboundedPreceding : FrameBoundKind::kPreceding;
  } else {
    bound.kind = unbounded ? FrameBoundKind::kUnboundedFollowing : FrameBoundKind::kFollowing;
  }
  return bound;
}

}  // namespace graphodbc::sqlparser
