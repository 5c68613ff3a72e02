// Recursive descent over the tokens of one statement. Private to this folder; its functions are
// spread by meaning over the parse_*.cc files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sqlparser/ast.h"
#include "sqlparser/lexer.h"
#include "sqlparser/limits.h"

namespace graphodbc::sqlparser {

// Binding strength of operators, weakest first (sql-dialect.md section 2). The printer sets its
// brackets by the same numbers.
enum Precedence : std::uint8_t {
  kOrPrecedence = 1,
  kAndPrecedence,
  kNotPrecedence,
  kComparisonPrecedence,
  kAdditivePrecedence,
  kMultiplicativePrecedence,
  kUnaryPrecedence,
  kPrimaryPrecedence,
};

class Parser {
 public:
  // `sql` must outlive the parser.
  explicit Parser(std::string_view sql) : lexer_(sql) {}

  StatementPtr parse();

 private:
  // Counts one level of nesting while it lives; throws 42000 beyond the limit.
  class NestingLevel {
   public:
    explicit NestingLevel(Parser& parser);
    ~NestingLevel() { --parser_.nesting_; }
    NestingLevel(const NestingLevel&) = delete;
    NestingLevel& operator=(const NestingLevel&) = delete;

   private:
    Parser& parser_;
  };

  // A select, VALUES or set operation together with the TOP of a sole SELECT, which belongs to the
  // query around it.
  struct Operand {
    QueryBodyPtr body;
    std::optional<Limit> top;
  };

  // What a bracket in a FROM clause turned out to hold.
  using BracketedTable = std::variant<QueryPtr, TableRefPtr>;

  using FunctionTail = void (Parser::*)(FunctionExpr&);
  struct SpecialFunction {
    std::string_view name;
    FunctionTail parse;
  };
  static const SpecialFunction kSpecialFunctions[];

  // ---- parser.cc: tokens ----
  const Token& peek(std::size_t ahead = 0);
  Token take();
  bool at_word(std::string_view word) { return peek().is_word(word); }
  bool at_word(std::size_t ahead, std::string_view word) { return peek(ahead).is_word(word); }
  bool at_symbol(std::string_view symbol) { return peek().is_symbol(symbol); }
  bool at_symbol(std::size_t ahead, std::string_view symbol) {
    return peek(ahead).is_symbol(symbol);
  }
  bool at_any_word(std::initializer_list<std::string_view> words);
  bool accept_word(std::string_view word);
  bool accept_symbol(std::string_view symbol);
  Token expect_word(std::string_view word);
  Token expect_symbol(std::string_view symbol);
  // The bracket or brace that closes the one at `opened`.
  void expect_closing(std::string_view symbol, SourcePosition opened);
  [[noreturn]] void fail_expected(std::string_view expected);
  [[noreturn]] void fail_here(std::string_view problem);
  [[noreturn]] void refuse_here(std::string_view feature);
  void check_list_size(std::size_t size, const Token& next);

  // ---- parser.cc: names ----
  Identifier parse_identifier(std::string_view expected);
  QualifiedName parse_qualified_name(std::size_t max_qualifiers, std::string_view expected);
  std::vector<Identifier> parse_name_list();

  // ---- parse_statement.cc ----
  StatementPtr parse_any_statement();
  StatementPtr parse_select_statement();
  StatementPtr parse_explain();
  StatementPtr parse_insert();
  StatementPtr parse_update();
  StatementPtr parse_delete();
  StatementPtr parse_call();
  StatementPtr parse_call_escape();
  void parse_call_rest(CallStatement& call, bool brackets_required);
  StatementPtr parse_drop();
  void expect_end_of_statement();
  ExprPtr parse_optional_where();
  ExprPtr parse_value_or_default();

  // ---- parse_query.cc ----
  bool at_query_start();
  bool at_query_tail();
  QueryPtr parse_query();
  QueryPtr parse_bracketed_query();
  // The rest of a query whose first operand has been read: `(q1)` in `(q1) UNION q2 LIMIT 3`.
  QueryPtr continue_query(QueryPtr first, SourcePosition position);
  void parse_query_rest(Query& query, Operand first);
  void parse_ctes(Query& query);
  Operand parse_set_operation(std::optional<Operand> first);
  Operand parse_intersection(std::optional<Operand> first);
  Operand parse_query_primary();
  static QueryBodyPtr seal(Operand operand);
  Operand parse_select();
  std::vector<SelectItem> parse_select_items();
  SelectItem parse_select_item();
  ExprPtr parse_optional_star();
  ExprList parse_group_by();
  std::vector<NamedWindow> parse_window_clause();
  QueryBodyPtr parse_values(bool for_insert);
  ExprList parse_values_row(bool defaults_allowed);
  std::vector<OrderKey> parse_order_by();
  OrderKey parse_order_key();
  void parse_lock_clause();

  // ---- parse_limit.cc ----
  bool at_top();
  Limit parse_top();
  void parse_limit_clauses(Query& query);
  Limit parse_limit();
  Limit parse_offset_fetch();
  void parse_fetch(Limit& limit);
  ExprPtr parse_row_count();

  // ---- parse_from.cc ----
  std::vector<TableRefPtr> parse_from();
  TableRefPtr parse_joined_table();
  TableRefPtr parse_join_tail(TableRefPtr left);
  bool parse_join_type(JoinTableRef& join);
  void parse_join_condition(JoinTableRef& join);
  TableRefPtr parse_table_primary();
  TableRefPtr parse_named_table();
  TableRefPtr parse_outer_join_escape();
  BracketedTable parse_bracketed_table();
  TableRefPtr make_derived(QueryPtr query, SourcePosition position);
  void count_table();
  std::optional<Identifier> parse_optional_alias(bool string_allowed);
  std::vector<Identifier> parse_optional_column_aliases();

  // ---- parse_expression.cc ----
  ExprPtr parse_expression() { return parse_infix(kOrPrecedence); }
  ExprPtr parse_operand() { return parse_infix(kAdditivePrecedence); }
  ExprPtr parse_infix(std::uint8_t min_precedence);
  ExprPtr parse_prefix(std::uint8_t min_precedence);
  ExprPtr parse_signed(bool row_allowed);
  ExprPtr parse_logical_chain(ExprPtr first, LogicalOp op);
  ExprPtr parse_arithmetic_chain(ExprPtr first, std::uint8_t precedence);
  ExprList parse_expression_list();

  // ---- parse_predicate.cc ----
  bool at_predicate();
  ExprPtr parse_predicate(ExprPtr left);
  ExprPtr parse_comparison(ExprPtr left, ComparisonOp op);
  ExprPtr parse_is(ExprPtr left);
  ExprPtr parse_between(ExprPtr left, bool negated);
  ExprPtr parse_in(ExprPtr left, bool negated);
  ExprPtr parse_like(ExprPtr left, bool negated);
  ExprPtr parse_optional_like_escape();

  // ---- parse_primary.cc ----
  ExprPtr parse_primary(bool row_allowed);
  ExprPtr parse_word();
  ExprPtr parse_plain_literal(LiteralKind kind);
  ExprPtr parse_bracketed(bool row_allowed);
  ExprPtr parse_case();
  ExprPtr parse_cast();
  ExprPtr parse_exists();
  ExprPtr parse_column_ref();
  ExprPtr parse_parameter();
  ExprPtr parse_typed_literal(LiteralKind kind, SourcePosition position);
  ExprPtr parse_interval(SourcePosition position);
  DateUnit parse_interval_field();
  ExprPtr parse_escape();

  // ---- parse_function.cc ----
  bool at_function_call();
  bool at_bare_function();
  // A call as it may stand inside {fn}: without FILTER and OVER.
  ExprPtr parse_function_call();
  ExprPtr parse_function_with_window();
  ExprPtr parse_bare_function();
  ExprPtr parse_convert();
  void parse_plain_arguments(FunctionExpr& call);
  void parse_extract(FunctionExpr& call);
  void parse_trim(FunctionExpr& call);
  void parse_substring(FunctionExpr& call);
  void parse_position(FunctionExpr& call);
  void parse_timestamp_arithmetic(FunctionExpr& call);
  DateUnit parse_date_unit(bool extract);
  std::unique_ptr<OverClause> parse_over();
  WindowSpec parse_window_spec();
  WindowFrame parse_window_frame(FrameUnit unit);
  FrameBound parse_frame_bound();

  // ---- parse_type.cc ----
  base::TypeInfo parse_type();

  Lexer lexer_;
  std::deque<Token> lookahead_;
  std::uint32_t nesting_ = 0;
  std::uint32_t escapes_ = 0;
  std::size_t tables_ = 0;  // of the FROM clause being read
};

}  // namespace graphodbc::sqlparser
