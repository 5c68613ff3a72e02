// Queries: CTEs, set operations, SELECT, VALUES, ORDER BY.
#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "sqlparser/keywords.h"
#include "sqlparser/parser_impl.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::sqlparser {

bool Parser::at_query_start() {
  return at_any_word({"SELECT", "VALUES", "WITH"});
}

// What can follow a bracketed query if it is the first part of a longer one.
bool Parser::at_query_tail() {
  return at_any_word({"UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT", "OFFSET", "FETCH"});
}

QueryPtr Parser::parse_query() {
  auto query = std::make_unique<Query>();
  query->position = peek().position;
  if (at_word("WITH")) parse_ctes(*query);
  parse_query_rest(*query, parse_set_operation(std::nullopt));
  return query;
}

QueryPtr Parser::parse_bracketed_query() {
  const NestingLevel level(*this);
  const SourcePosition opened = expect_symbol("(").position;
  QueryPtr query = parse_query();
  expect_closing(")", opened);
  return query;
}

QueryPtr Parser::continue_query(QueryPtr first, SourcePosition position) {
  auto nested = std::make_unique<NestedQueryBody>(position);
  nested->query = std::move(first);
  auto query = std::make_unique<Query>();
  query->position = position;
  parse_query_rest(*query, parse_set_operation(Operand{std::move(nested), std::nullopt}));
  return query;
}

void Parser::parse_query_rest(Query& query, Operand operand) {
  query.body = std::move(operand.body);
  query.limit = std::move(operand.top);
  if (at_word("ORDER")) query.order_by = parse_order_by();
  parse_limit_clauses(query);
  parse_lock_clause();
}

void Parser::parse_ctes(Query& query) {
  take();
  if (at_word("RECURSIVE") && !at_word(1, "AS") && !at_symbol(1, "(")) {
    take();
    query.recursive = true;
  }
  do {
    CommonTableExpr cte;
    cte.name = parse_identifier("a name for the common table expression");
    if (at_symbol("(")) cte.columns = parse_name_list();
    expect_word("AS");
    if (at_word("NOT")) {
      take();
      expect_word("MATERIALIZED");
      cte.materialized = Materialized::kNo;
    } else if (accept_word("MATERIALIZED")) {
      cte.materialized = Materialized::kYes;
    }
    cte.query = parse_bracketed_query();
    query.ctes.push_back(std::move(cte));
    check_list_size(query.ctes.size(), peek());
  } while (accept_symbol(","));
}

// An arm of a set operation cannot carry a TOP itself: it becomes a query of its own.
QueryBodyPtr Parser::seal(Operand operand) {
  if (!operand.top) return std::move(operand.body);
  auto nested = std::make_unique<NestedQueryBody>(operand.body->position);
  nested->query = std::make_unique<Query>();
  nested->query->position = operand.body->position;
  nested->query->body = std::move(operand.body);
  nested->query->limit = std::move(operand.top);
  if (nested->query->limit->with_ties) {
    fail_syntax("TOP", nested->query->limit->position, "WITH TIES needs an ORDER BY");
  }
  return nested;
}

Parser::Operand Parser::parse_set_operation(std::optional<Operand> first) {
  Operand left = parse_intersection(std::move(first));
  if (!at_any_word({"UNION", "EXCEPT"})) return left;
  auto chain = std::make_unique<SetOperationBody>(left.body->position);
  chain->first = seal(std::move(left));
  while (at_any_word({"UNION", "EXCEPT"})) {
    SetStep step;
    step.op = at_word("UNION") ? SetOp::kUnion : SetOp::kExcept;
    if (step.op == SetOp::kExcept && at_word(1, "ALL")) refuse_here("EXCEPT ALL");
    step.position = take().position;
    step.all = accept_word("ALL");
    if (!step.all) accept_word("DISTINCT");
    step.body = seal(parse_intersection(std::nullopt));
    chain->steps.push_back(std::move(step));
  }
  return {std::move(chain), std::nullopt};
}

Parser::Operand Parser::parse_intersection(std::optional<Operand> first) {
  Operand left = first ? std::move(*first) : parse_query_primary();
  if (!at_word("INTERSECT")) return left;
  auto chain = std::make_unique<SetOperationBody>(left.body->position);
  chain->first = seal(std::move(left));
  while (at_word("INTERSECT")) {
    if (at_word(1, "ALL")) refuse_here("INTERSECT ALL");
    SetStep step;
    step.op = SetOp::kIntersect;
    step.position = take().position;
    accept_word("DISTINCT");
    step.body = seal(parse_query_primary());
    chain->steps.push_back(std::move(step));
  }
  return {std::move(chain), std::nullopt};
}

Parser::Operand Parser::parse_query_primary() {
  if (at_word("SELECT")) return parse_select();
  if (at_word("VALUES")) return {parse_values(false), std::nullopt};
  if (!at_symbol("(")) fail_expected("SELECT, VALUES or a query in brackets");
  auto nested = std::make_unique<NestedQueryBody>(peek().position);
  nested->query = parse_bracketed_query();
  return {std::move(nested), std::nullopt};
}

Parser::Operand Parser::parse_select() {
  auto select = std::make_unique<SelectBody>(take().position);
  select->distinct = accept_word("DISTINCT");
  if (!select->distinct) accept_word("ALL");
  std::optional<Limit> top;
  if (at_top()) top = parse_top();
  select->items = parse_select_items();
  if (at_word("INTO")) refuse_here("SELECT INTO");
  if (accept_word("FROM")) select->from = parse_from();
  select->where = parse_optional_where();
  if (at_word("GROUP")) select->group_by = parse_group_by();
  if (accept_word("HAVING")) select->having = parse_expression();
  if (at_word("WINDOW")) select->windows = parse_window_clause();
  return {std::move(select), std::move(top)};
}

std::vector<SelectItem> Parser::parse_select_items() {
  std::vector<SelectItem> items;
  do {
    if (items.size() == kMaxSelectItems) {
      fail_limit(peek().text, peek().position, "select items", kMaxSelectItems);
    }
    items.push_back(parse_select_item());
  } while (accept_symbol(","));
  return items;
}

SelectItem Parser::parse_select_item() {
  SelectItem item;
  item.expr = parse_optional_star();
  if (item.expr) return item;
  item.expr = parse_expression();
  item.alias = parse_optional_alias(true);
  return item;
}

// `*` or `a.b.*`; null, with nothing taken, when an expression stands here.
ExprPtr Parser::parse_optional_star() {
  constexpr std::size_t kMaxQualifiers = 3;
  std::size_t ahead = 0;
  while (ahead < 2 * kMaxQualifiers && peek(ahead).is_name() && at_symbol(ahead + 1, ".")) {
    ahead += 2;
  }
  if (!at_symbol(ahead, "*")) return nullptr;
  auto star = std::make_unique<StarExpr>(peek().position);
  while (!at_symbol("*")) {
    star->qualifiers.push_back(parse_identifier("a table name"));
    take();
  }
  take();
  return star;
}

ExprList Parser::parse_group_by() {
  take();
  expect_word("BY");
  if (at_word("GROUPING") && at_word(1, "SETS")) refuse_here("GROUPING SETS");
  if (at_any_word({"ROLLUP", "CUBE"}) && at_symbol(1, "(")) refuse_here(peek().value);
  return parse_expression_list();
}

std::vector<NamedWindow> Parser::parse_window_clause() {
  take();
  std::vector<NamedWindow> windows;
  do {
    NamedWindow window;
    window.name = parse_identifier("a window name");
    expect_word("AS");
    window.spec = parse_window_spec();
    windows.push_back(std::move(window));
    check_list_size(windows.size(), peek());
  } while (accept_symbol(","));
  return windows;
}

QueryBodyPtr Parser::parse_values(bool for_insert) {
  auto values = std::make_unique<ValuesBody>(take().position);
  do {
    const SourcePosition opened = peek().position;
    ExprList row = parse_values_row(for_insert);
    if (!values->rows.empty() && row.size() != values->rows.front().size()) {
      const std::string problem = "the row has " + std::to_string(row.size()) +
                                  " values, the first row " +
                                  std::to_string(values->rows.front().size());
      if (!for_insert) fail_syntax("(", opened, problem);
      throw base::Error("21S01",
                        "VALUES do not match near '(' at " + describe(opened) + ": " + problem);
    }
    values->rows.push_back(std::move(row));
    check_list_size(values->rows.size(), peek());
  } while (accept_symbol(","));
  return values;
}

ExprList Parser::parse_values_row(bool defaults_allowed) {
  const NestingLevel level(*this);
  const SourcePosition opened = expect_symbol("(").position;
  ExprList row;
  if (!defaults_allowed) {
    row = parse_expression_list();
  } else {
    do {
      row.push_back(parse_value_or_default());
      check_list_size(row.size(), peek());
    } while (accept_symbol(","));
  }
  expect_closing(")", opened);
  return row;
}

std::vector<OrderKey> Parser::parse_order_by() {
  take();
  expect_word("BY");
  std::vector<OrderKey> keys;
  do {
    keys.push_back(parse_order_key());
    check_list_size(keys.size(), peek());
  } while (accept_symbol(","));
  return keys;
}

OrderKey Parser::parse_order_key() {
  OrderKey key;
  key.expr = parse_expression();
  key.descending = accept_word("DESC");
  if (!key.descending) accept_word("ASC");
  if (accept_word("NULLS")) {
    if (!at_any_word({"FIRST", "LAST"})) fail_expected("FIRST or LAST");
    key.nulls = take().is_word("FIRST") ? NullsOrder::kFirst : NullsOrder::kLast;
  }
  return key;
}

void Parser::parse_lock_clause() {
  if (!at_word("FOR")) return;
  if (at_word(1, "UPDATE")) refuse_here("FOR UPDATE");
  take();
  if (!at_any_word({"READ", "FETCH"})) fail_expected("READ ONLY");
  take();
  expect_word("ONLY");
}

}  // namespace graphodbc::sqlparser
