// Statements other than the inside of queries.
#include <array>
#include <string>
#include <utility>

#include "base/error.h"
#include "sqlparser/keywords.h"
#include "sqlparser/parser_impl.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::sqlparser {
namespace {

// Refused with HYC00; words not listed anywhere (SET, USE, EXEC, ..) are plain syntax errors.
constexpr std::array<std::string_view, 5> kRefusedStatements = {"CREATE", "ALTER", "MERGE", "GRANT",
                                                                "REVOKE"};

}  // namespace

StatementPtr Parser::parse_any_statement() {
  if (at_query_start() || at_symbol("(")) return parse_select_statement();
  if (at_symbol("{")) return parse_call_escape();
  if (at_word("EXPLAIN")) return parse_explain();
  if (at_word("INSERT")) return parse_insert();
  if (at_word("UPDATE")) return parse_update();
  if (at_word("DELETE")) return parse_delete();
  if (at_word("CALL")) return parse_call();
  if (at_word("DROP")) return parse_drop();
  for (const std::string_view word : kRefusedStatements) {
    if (at_word(word)) refuse_here(word);
  }
  if (peek().kind == TokenKind::kEnd || at_symbol(";")) fail_here("the statement is empty");
  fail_expected("SELECT, VALUES, WITH, INSERT, UPDATE, DELETE, CALL or EXPLAIN");
}

void Parser::expect_end_of_statement() {
  if (accept_symbol(";")) {
    if (peek().kind != TokenKind::kEnd) {
      fail_here("expected end of statement after ';': one statement at a time");
    }
    return;
  }
  if (peek().kind != TokenKind::kEnd) fail_expected("end of statement");
}

StatementPtr Parser::parse_select_statement() {
  auto statement = std::make_unique<SelectStatement>(peek().position);
  statement->query = parse_query();
  return statement;
}

StatementPtr Parser::parse_explain() {
  auto statement = std::make_unique<ExplainStatement>(take().position);
  statement->analyze = accept_word("ANALYZE");
  if (!at_query_start() && !at_symbol("(")) fail_expected("a query (SELECT, VALUES or WITH)");
  statement->query = parse_query();
  return statement;
}

StatementPtr Parser::parse_insert() {
  auto statement = std::make_unique<InsertStatement>(take().position);
  expect_word("INTO");
  statement->table = parse_qualified_name(2, "a table name");
  const bool is_query = at_symbol("(") && (at_word(1, "SELECT") || at_word(1, "WITH") ||
                                           at_word(1, "VALUES") || at_symbol(1, "("));
  if (at_symbol("(") && !is_query) statement->columns = parse_name_list();
  if (at_word("VALUES")) {
    statement->source = std::make_unique<Query>();
    statement->source->position = peek().position;
    statement->source->body = parse_values(true);
  } else if (at_query_start() || at_symbol("(")) {
    statement->source = parse_query();
  } else {
    fail_expected("VALUES or a query");
  }
  return statement;
}

StatementPtr Parser::parse_update() {
  auto statement = std::make_unique<UpdateStatement>(take().position);
  statement->table = parse_qualified_name(2, "a table name");
  expect_word("SET");
  do {
    Assignment assignment;
    assignment.column = parse_identifier("a column name");
    expect_symbol("=");
    assignment.value = parse_value_or_default();
    statement->assignments.push_back(std::move(assignment));
    check_list_size(statement->assignments.size(), peek());
  } while (accept_symbol(","));
  statement->where = parse_optional_where();
  return statement;
}

StatementPtr Parser::parse_delete() {
  auto statement = std::make_unique<DeleteStatement>(take().position);
  expect_word("FROM");
  statement->table = parse_qualified_name(2, "a table name");
  statement->where = parse_optional_where();
  return statement;
}

ExprPtr Parser::parse_optional_where() {
  if (!accept_word("WHERE")) return nullptr;
  if (at_word("CURRENT") && at_word(1, "OF")) refuse_here("WHERE CURRENT OF (positioned update)");
  return parse_expression();
}

ExprPtr Parser::parse_value_or_default() {
  if (!at_word("DEFAULT")) return parse_expression();
  return std::make_unique<DefaultExpr>(take().position);
}

StatementPtr Parser::parse_call() {
  auto call = std::make_unique<CallStatement>(take().position);
  parse_call_rest(*call, true);
  return call;
}

// ODBC Programmer's Reference, "Procedure Calls": {[?=]call procedure-name[([parameter],...)]}.
StatementPtr Parser::parse_call_escape() {
  const SourcePosition opened = take().position;
  auto call = std::make_unique<CallStatement>(opened);
  if (peek().kind == TokenKind::kParameter) {
    take();
    expect_symbol("=");
    call->has_result_marker = true;
  }
  if (!at_word("CALL")) fail_expected("CALL: no other escape begins a statement");
  take();
  parse_call_rest(*call, false);
  expect_closing("}", opened);
  return call;
}

void Parser::parse_call_rest(CallStatement& call, bool brackets_required) {
  call.procedure = parse_qualified_name(2, "a procedure name");
  if (!at_symbol("(")) {
    if (brackets_required) fail_expected("'('");
    return;
  }
  const SourcePosition opened = take().position;
  if (!at_symbol(")")) call.args = parse_expression_list();
  expect_closing(")", opened);
}

StatementPtr Parser::parse_drop() {
  auto statement = std::make_unique<DropStatement>(peek().position);
  if (!at_word(1, "TABLE") && !at_word(1, "VIEW")) refuse_here("DROP of anything but a table");
  take();
  statement->view = take().is_word("VIEW");
  if (at_word("IF") && at_word(1, "EXISTS")) {
    take();
    take();
    statement->if_exists = true;
  }
  statement->name = parse_qualified_name(2, "a table name");
  if (at_any_word({"CASCADE", "RESTRICT"})) take();
  return statement;
}

}  // namespace graphodbc::sqlparser
