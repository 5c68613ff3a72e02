// Tables, derived tables and joins of a FROM clause.
#include <array>
#include <string>
#include <utility>

#include "sqlparser/parser_impl.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::sqlparser {
namespace {

struct JoinWord {
  std::string_view word;
  JoinType type;
  bool outer_allowed;
};

constexpr std::array<JoinWord, 5> kJoinWords = {{{"INNER", JoinType::kInner, false},
                                                 {"LEFT", JoinType::kLeft, true},
                                                 {"RIGHT", JoinType::kRight, true},
                                                 {"FULL", JoinType::kFull, true},
                                                 {"CROSS", JoinType::kCross, false}}};

}  // namespace

std::vector<TableRefPtr> Parser::parse_from() {
  const std::size_t outer_tables = std::exchange(tables_, 0);
  std::vector<TableRefPtr> from;
  do {
    from.push_back(parse_joined_table());
  } while (accept_symbol(","));
  tables_ = outer_tables;
  return from;
}

void Parser::count_table() {
  if (tables_ == kMaxTables) fail_limit(peek().text, peek().position, "tables", kMaxTables);
  ++tables_;
}

TableRefPtr Parser::parse_joined_table() {
  return parse_join_tail(parse_table_primary());
}

TableRefPtr Parser::parse_join_tail(TableRefPtr left) {
  for (;;) {
    auto join = std::make_unique<JoinTableRef>(peek().position);
    if (!parse_join_type(*join)) return left;
    join->left = std::move(left);
    join->right = parse_table_primary();
    parse_join_condition(*join);
    left = std::move(join);
  }
}

// Takes `[NATURAL] [INNER | LEFT [OUTER] ..] JOIN`; false, with nothing taken, when no join
// follows.
bool Parser::parse_join_type(JoinTableRef& join) {
  join.natural = accept_word("NATURAL");
  for (const JoinWord& entry : kJoinWords) {
    if (!at_word(entry.word)) continue;
    if (join.natural && entry.type == JoinType::kCross) fail_expected("JOIN after NATURAL");
    take();
    if (entry.outer_allowed) accept_word("OUTER");
    join.type = entry.type;
    expect_word("JOIN");
    return true;
  }
  if (join.natural) {
    expect_word("JOIN");
    return true;
  }
  return accept_word("JOIN");
}

void Parser::parse_join_condition(JoinTableRef& join) {
  if (join.natural || join.type == JoinType::kCross) return;
  if (accept_word("ON")) {
    join.on = parse_expression();
  } else if (accept_word("USING")) {
    join.using_columns = parse_name_list();
  } else {
    fail_expected("ON or USING");
  }
}

TableRefPtr Parser::parse_table_primary() {
  if (at_symbol("{")) return parse_outer_join_escape();
  if (!at_symbol("(")) return parse_named_table();
  const SourcePosition position = peek().position;
  BracketedTable content = parse_bracketed_table();
  if (auto* table = std::get_if<TableRefPtr>(&content)) return std::move(*table);
  return make_derived(std::get<QueryPtr>(std::move(content)), position);
}

TableRefPtr Parser::parse_named_table() {
  count_table();
  auto table = std::make_unique<NamedTableRef>(peek().position);
  table->name = parse_qualified_name(2, "a table name or a query in brackets");
  table->alias = parse_optional_alias(false);
  if (table->alias) table->column_aliases = parse_optional_column_aliases();
  return table;
}

TableRefPtr Parser::make_derived(QueryPtr query, SourcePosition position) {
  count_table();
  auto table = std::make_unique<DerivedTableRef>(position);
  table->query = std::move(query);
  table->alias = parse_optional_alias(false);
  if (table->alias) table->column_aliases = parse_optional_column_aliases();
  return table;
}

// {oj table LEFT OUTER JOIN table ON condition}: a joined table in braces.
TableRefPtr Parser::parse_outer_join_escape() {
  const NestingLevel level(*this);
  const SourcePosition opened = take().position;
  if (!at_word("OJ")) fail_expected("OJ: no other escape stands in FROM");
  take();
  TableRefPtr table = parse_joined_table();
  expect_closing("}", opened);
  return table;
}

// `(` begins a query or a joined table, and which of them may show only after further brackets:
// ((SELECT 1) UNION SELECT 2) against ((SELECT 1) a JOIN b ON ..). No text is read twice.
Parser::BracketedTable Parser::parse_bracketed_table() {
  const NestingLevel level(*this);
  const SourcePosition opened = take().position;
  TableRefPtr table;
  if (at_query_start()) {
    QueryPtr query = parse_query();
    expect_closing(")", opened);
    return query;
  }
  if (at_symbol("(")) {
    const SourcePosition inner_position = peek().position;
    BracketedTable inner = parse_bracketed_table();
    if (auto* query = std::get_if<QueryPtr>(&inner)) {
      if (at_query_tail() || at_symbol(")")) {
        QueryPtr whole = continue_query(std::move(*query), inner_position);
        expect_closing(")", opened);
        return whole;
      }
      table = make_derived(std::move(*query), inner_position);
    } else {
      table = std::get<TableRefPtr>(std::move(inner));
    }
  } else {
    table = parse_table_primary();
  }
  table = parse_join_tail(std::move(table));
  expect_closing(")", opened);
  return table;
}

// [AS] name. Without AS a few words that are no reserved ones begin the next clause instead.
// `string_allowed`: Microsoft Query quotes column aliases as 'text'.
std::optional<Identifier> Parser::parse_optional_alias(bool string_allowed) {
  if (accept_word("AS")) {
    if (string_allowed && peek().kind == TokenKind::kString && !peek().value.empty()) {
      Token token = take();
      return Identifier{std::move(token.value), true, token.position};
    }
    return parse_identifier("an alias after AS");
  }
  if (!peek().is_name()) return std::nullopt;
  if (at_word("FOR") && (at_word(1, "UPDATE") || at_word(1, "READ") || at_word(1, "FETCH"))) {
    return std::nullopt;
  }
  if (at_word("WINDOW") && peek(1).is_name() && at_word(2, "AS")) return std::nullopt;
  return parse_identifier("an alias");
}

std::vector<Identifier> Parser::parse_optional_column_aliases() {
  if (!at_symbol("(")) return {};
  return parse_name_list();
}

}  // namespace graphodbc::sqlparser
