// Writes a tree as text. Private to this folder; print_expression.cc and print_query.cc hold the
// parts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sqlparser/ast.h"

namespace graphodbc::sqlparser {

class Printer {
 public:
  void statement(const Statement& node);
  void query(const Query& node);
  // Puts brackets around what binds more weakly than `min_precedence`.
  void expr(const Expr& node, std::uint8_t min_precedence);
  void expr(const Expr& node);

  std::string take() { return std::move(out_); }

 private:
  // ---- print_expression.cc ----
  void bare_expr(const Expr& node);
  void literal(const LiteralExpr& node);
  void logical(const LogicalExpr& node);
  void arithmetic(const ArithmeticExpr& node);
  void predicate(const Expr& node);
  void subquery(const Query& node);
  void case_expr(const CaseExpr& node);
  void cast(const CastExpr& node);
  void function(const FunctionExpr& node);
  void function_arguments(const FunctionExpr& node);
  void window_spec(const WindowSpec& node);
  void frame(const WindowFrame& node);
  void frame_bound(const FrameBound& node);
  void expr_list(const ExprList& list);

  // ---- print_query.cc ----
  void ctes(const Query& node);
  void query_body(const QueryBody& node, const Limit* top);
  void select(const SelectBody& node, const Limit* top);
  void select_item(const SelectItem& item);
  void values(const ValuesBody& node);
  void set_operation(const SetOperationBody& node);
  void limit(const Limit& node);
  void table(const TableRef& node);
  void join(const JoinTableRef& node);
  void alias(const std::optional<Identifier>& name, const std::vector<Identifier>& columns);
  void order_by(const std::vector<OrderKey>& keys);
  void where(const ExprPtr& condition);

  // ---- printer.cc ----
  void identifier(const Identifier& name);
  void qualified_name(const QualifiedName& name);
  void name_list(const std::vector<Identifier>& names);
  void quoted(std::string_view text, char quote);
  void insert(const InsertStatement& node);
  void update(const UpdateStatement& node);
  void call(const CallStatement& node);
  void drop(const DropStatement& node);

  std::string out_;
};

}  // namespace graphodbc::sqlparser
