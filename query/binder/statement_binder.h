// The binder's parts, shared by its source files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "query/binder/bound_query.h"
#include "query/binder/scope.h"
#include "schema/registry.h"
#include "sqlparser/ast.h"

namespace graphodbc::query {

// Where an expression stands: decides whether aggregates and windows may be there.
enum class Clause : std::uint8_t {
  kSelectItem,
  kWhere,
  kOn,
  kGroupBy,
  kHaving,
  kOrderBy,
  kValue,  // VALUES, INSERT, UPDATE, LIMIT
};

// A WITH name and the columns it gives.
struct CommonTable {
  std::string name;
  std::vector<ResultColumn> columns;
};

// One statement's binding. Used once.
class StatementBinder {
 public:
  StatementBinder(const schema::Registry& registry, const SessionOptions& options,
                  std::uint32_t parameter_count);

  BoundStatement bind(const sqlparser::Statement& statement);

 private:
  // --- query_binder.cc ---
  BoundQuery bind_query(const sqlparser::Query& query, const Scope* outer);
  void bind_ctes(const sqlparser::Query& query, const Scope* outer);
  BoundQuery bind_body(const sqlparser::QueryBody& body, const sqlparser::Query& query,
                       const Scope* outer, bool& ordered);
  BoundQuery bind_values(const sqlparser::ValuesBody& body, const Scope* outer);
  BoundQuery bind_set_operation(const sqlparser::SetOperationBody& body, const Scope* outer);
  void bind_limit(const sqlparser::Query& query, BoundQuery& bound);
  ExpressionPtr bind_row_count(const sqlparser::ExprPtr& count);
  void bind_result_order(const sqlparser::Query& query, BoundQuery& bound);

  // --- from_binder.cc ---
  void bind_from(const sqlparser::SelectBody& body, Scope& scope, const Scope* outer);
  void bind_table_ref(const sqlparser::TableRef& ref, Scope& scope, const Scope* outer);
  void bind_named(const sqlparser::NamedTableRef& ref, Scope& scope);
  void bind_derived(const sqlparser::DerivedTableRef& ref, Scope& scope, const Scope* outer);
  void bind_join(const sqlparser::JoinTableRef& ref, Scope& scope, const Scope* outer);
  const CommonTable* find_cte(const sqlparser::QualifiedName& name) const;

  // --- select_binder.cc ---
  BoundQuery bind_select(const sqlparser::SelectBody& body, const sqlparser::Query& query,
                         const Scope* outer);
  void bind_items(const sqlparser::SelectBody& body, const Scope& scope, BoundQuery& bound);
  void add_star(const sqlparser::StarExpr& star, const Scope& scope, BoundQuery& bound);
  void add_column(const ScopeColumn& column, std::uint32_t index, Position position,
                  BoundQuery& bound);
  void bind_where(const sqlparser::Expr& where, const Scope& scope, BoundQuery& bound);
  void bind_groups(const sqlparser::SelectBody& body, const Scope& scope, BoundQuery& bound);
  void bind_order(const sqlparser::Query& query, const Scope& scope, BoundQuery& bound);
  std::optional<std::size_t> output_position(const sqlparser::Expr& expr, const BoundQuery& bound,
                                             bool aliases) const;
  void check_grouped(const Expression& expression, const std::vector<std::string>& groups) const;

  // --- expression_binder.cc ---
  ExpressionPtr bind_expr(const sqlparser::Expr& expr, const Scope& scope, Clause clause);
  ExpressionPtr bind_condition(const sqlparser::Expr& expr, const Scope& scope, Clause clause);
  std::vector<ExpressionPtr> bind_list(const sqlparser::ExprList& list, const Scope& scope,
                                       Clause clause);
  ExpressionPtr bind_literal(const sqlparser::LiteralExpr& literal);
  ExpressionPtr bind_column(const sqlparser::ColumnRefExpr& ref, const Scope& scope);
  ExpressionPtr bind_arithmetic(const sqlparser::ArithmeticExpr& expr, const Scope& scope,
                                Clause clause);
  ExpressionPtr bind_comparison(const sqlparser::ComparisonExpr& expr, const Scope& scope,
                                Clause clause);
  ExpressionPtr bind_case(const sqlparser::CaseExpr& expr, const Scope& scope, Clause clause);

  // --- subquery_binder.cc ---
  ExpressionPtr bind_subquery(const sqlparser::Query& query, const char* what, const Scope& scope,
                              const base::TypeInfo* type, Position position);
  ExpressionPtr bind_in_query(const sqlparser::InQueryExpr& expr, const Scope& scope,
                              Clause clause);
  ExpressionPtr bind_quantified(const sqlparser::QuantifiedExpr& expr, const Scope& scope,
                                Clause clause);

  // --- function_binder.cc ---
  ExpressionPtr bind_function(const sqlparser::FunctionExpr& call, const Scope& scope,
                              Clause clause);
  ExpressionPtr bind_aggregate(const sqlparser::FunctionExpr& call, const Scope& scope,
                               Clause clause);
  ExpressionPtr bind_window(const sqlparser::FunctionExpr& call, const Scope& scope, Clause clause);
  void bind_window_spec(const sqlparser::WindowSpec& spec, const Scope& scope, Clause clause);

  // --- statement_binder.cc ---
  void bind_insert(const sqlparser::InsertStatement& insert);
  void bind_update(const sqlparser::UpdateStatement& update);
  void bind_delete(const sqlparser::DeleteStatement& statement);
  void bind_call(const sqlparser::CallStatement& call);
  void bind_drop(const sqlparser::DropStatement& drop);
  void bind_target_value(const sqlparser::Expr& value, const schema::Column& column,
                         const Scope& scope);
  std::size_t resolve_target(const schema::Table& table, const sqlparser::Identifier& name) const;
  [[noreturn]] void refuse_write(const char* what, Position position) const;

  void need_engine(std::string what, Position position);
  ExpressionPtr placeholder(const base::TypeInfo& type, Position position) const;

  const schema::Registry& registry_;
  const SessionOptions& options_;
  std::uint32_t parameter_count_;
  BindContext context_;
  std::optional<EngineNeed> need_;
  std::vector<CommonTable> ctes_;
  const std::vector<sqlparser::NamedWindow>* windows_ = nullptr;
  ExpressionPtr search_;         // of the SELECT being bound
  bool search_allowed_ = false;  // the expression being bound is a conjunct of WHERE
  bool inside_aggregate_ = false;
  bool saw_aggregate_ = false;
};

}  // namespace graphodbc::query
