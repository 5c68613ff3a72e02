// The binder's parts, shared by its source files.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "query/binder/bound_query.h"
#include "query/binder/scope.h"
#include "query/expression/aggregate.h"
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

// Whether a query's untyped outputs (markers, NULL) wait for what they are joined or compared with.
enum class Typing : std::uint8_t { kFinal, kOpen };

using BoundQueryPtr = std::shared_ptr<BoundQuery>;

// One statement's binding. Used once.
class StatementBinder {
 public:
  StatementBinder(const schema::Registry& registry, const SessionOptions& options,
                  std::uint32_t parameter_count, std::span<const base::TypeInfo> types);

  BoundStatement bind(const sqlparser::Statement& statement);

 private:
  // A WITH RECURSIVE name whose query is being bound: its first arm gives it its columns.
  struct Anchor {
    const sqlparser::CommonTableExpr* cte = nullptr;
    std::shared_ptr<CommonTable> common;
  };
  // What belongs to the SELECT being bound.
  struct SelectState {
    const std::vector<sqlparser::NamedWindow>* windows = nullptr;
    ExpressionPtr search;
    bool search_allowed = false;  // the expression being bound is a conjunct of WHERE
    bool inside_aggregate = false;
    bool inside_window = false;
    bool saw_aggregate = false;
  };

  // --- query_binder.cc ---
  BoundQueryPtr bind_query(const sqlparser::Query& query, const Scope* outer,
                           Typing typing = Typing::kFinal, const Anchor* anchor = nullptr);
  // `query` null: an arm of a set operation, whose ORDER BY and LIMIT are not its own.
  BoundQueryPtr bind_body(const sqlparser::QueryBody& body, const sqlparser::Query* query,
                          const Scope* outer, Typing typing, const Anchor* anchor);
  BoundQueryPtr bind_nested(const sqlparser::NestedQueryBody& body, const sqlparser::Query* query,
                            const Scope* outer, Typing typing);
  BoundQueryPtr new_query(QueryKind kind, Position position);
  // A select of all columns over `inner` as a derived table.
  BoundQueryPtr wrap(BoundQueryPtr inner);
  void bind_limit(const sqlparser::Query& query, BoundQuery& bound);
  ExpressionPtr bind_row_count(const sqlparser::ExprPtr& count);
  // Takes numbers for `count` columns.
  std::uint32_t take_columns(std::size_t count);

  // --- with_binder.cc ---
  std::vector<std::shared_ptr<CommonTable>> bind_with(const sqlparser::Query& query,
                                                      const Scope* outer);
  // From here on the name is visible, with the columns of its first arm.
  void begin_recursion(const Anchor& anchor, BoundQuery& first);
  std::shared_ptr<CommonTable> find_common(const sqlparser::QualifiedName& name) const;

  // --- set_binder.cc ---
  BoundQueryPtr bind_values(const sqlparser::ValuesBody& body, const Scope* outer, Typing typing);
  BoundQueryPtr bind_set_operation(const sqlparser::SetOperationBody& body, const Scope* outer,
                                   Typing typing, const Anchor* anchor);
  void unify_arms(BoundQuery& bound, Position position);
  void fit_recursive_arms(BoundQuery& bound);
  // Ends inference of the outputs and fixes the types of the columns.
  void finish(BoundQuery& bound);

  // --- order_binder.cc ---
  void bind_order(const std::vector<sqlparser::OrderKey>& keys, const Scope& scope,
                  BoundQuery& bound);
  void bind_result_order(const std::vector<sqlparser::OrderKey>& keys, BoundQuery& bound);
  std::optional<std::size_t> output_position(const sqlparser::Expr& expr, const BoundQuery& bound,
                                             bool aliases) const;

  // --- from_binder.cc ---
  std::unique_ptr<FromNode> bind_from(const sqlparser::SelectBody& body, Scope& scope,
                                      const Scope* outer);
  std::unique_ptr<FromNode> bind_table_ref(const sqlparser::TableRef& ref, Scope& scope,
                                           const Scope* outer);
  std::unique_ptr<FromNode> bind_named(const sqlparser::NamedTableRef& ref, Scope& scope);
  std::unique_ptr<FromNode> bind_derived(const sqlparser::DerivedTableRef& ref, Scope& scope,
                                         const Scope* outer);
  std::unique_ptr<FromNode> add_relation(std::unique_ptr<Relation> relation, ScopeSource source,
                                         Scope& scope);
  void add_target(const schema::Table& table, Scope& scope);

  // --- join_binder.cc ---
  std::unique_ptr<FromNode> bind_join(const sqlparser::JoinTableRef& ref, Scope& scope,
                                      const Scope* outer);

  // --- select_binder.cc ---
  BoundQueryPtr bind_select(const sqlparser::SelectBody& body,
                            const std::vector<sqlparser::OrderKey>& order, const Scope* outer,
                            Typing typing);
  void bind_items(const sqlparser::SelectBody& body, const Scope& scope, BoundQuery& bound);
  void add_star(const sqlparser::StarExpr& star, const Scope& scope, BoundQuery& bound);
  void add_column(const ResolvedColumn& column, Position position, BoundQuery& bound);
  void bind_where(const sqlparser::Expr& where, const Scope& scope, BoundQuery& bound);

  // --- group_binder.cc ---
  void bind_groups(const sqlparser::SelectBody& body, const Scope& scope, BoundQuery& bound);

  // --- expression_binder.cc ---
  ExpressionPtr bind_expr(const sqlparser::Expr& expr, const Scope& scope, Clause clause);
  ExpressionPtr bind_condition(const sqlparser::Expr& expr, const Scope& scope, Clause clause);
  std::vector<ExpressionPtr> bind_list(const sqlparser::ExprList& list, const Scope& scope,
                                       Clause clause);
  ExpressionPtr bind_literal(const sqlparser::LiteralExpr& literal);
  ExpressionPtr bind_parameter(const sqlparser::ParameterExpr& marker);
  ExpressionPtr bind_column(const sqlparser::ColumnRefExpr& ref, const Scope& scope);
  ExpressionPtr bind_arithmetic(const sqlparser::ArithmeticExpr& expr, const Scope& scope,
                                Clause clause);
  ExpressionPtr bind_comparison(const sqlparser::ComparisonExpr& expr, const Scope& scope,
                                Clause clause);
  ExpressionPtr bind_case(const sqlparser::CaseExpr& expr, const Scope& scope, Clause clause);

  // --- subquery_binder.cc ---
  ExpressionPtr bind_scalar_subquery(const sqlparser::ScalarSubqueryExpr& expr, const Scope& scope);
  ExpressionPtr bind_exists(const sqlparser::ExistsExpr& expr, const Scope& scope);
  ExpressionPtr bind_in_query(const sqlparser::InQueryExpr& expr, const Scope& scope,
                              Clause clause);
  ExpressionPtr bind_quantified(const sqlparser::QuantifiedExpr& expr, const Scope& scope,
                                Clause clause);
  BoundQueryPtr bind_compared_query(const sqlparser::Query& query, const char* what,
                                    const Scope& scope, ExpressionPtr& value, Position position);

  // --- function_binder.cc ---
  ExpressionPtr bind_function(const sqlparser::FunctionExpr& call, const Scope& scope,
                              Clause clause);
  ExpressionPtr bind_search(const sqlparser::FunctionExpr& call, const Scope& scope, bool allowed);
  ExpressionPtr bind_aggregate(const sqlparser::FunctionExpr& call, const Aggregate& aggregate,
                               const Scope& scope, Clause clause);
  AggregateParts bind_aggregate_parts(const sqlparser::FunctionExpr& call,
                                      const Aggregate& aggregate, const Scope& scope,
                                      Clause clause);

  // --- window_binder.cc ---
  ExpressionPtr bind_window(const sqlparser::FunctionExpr& call, const Scope& scope, Clause clause);
  WindowParts bind_window_spec(const sqlparser::WindowSpec& spec, std::size_t visible,
                               const Scope& scope, Clause clause);
  WindowParts bind_named_window(const sqlparser::Identifier& name, std::size_t visible,
                                const Scope& scope, Clause clause);
  void check_windows(const Scope& scope);

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

  const schema::Registry& registry_;
  const SessionOptions& options_;
  std::uint32_t parameter_count_;
  std::span<const base::TypeInfo> parameter_types_;  // from outside; may be shorter
  BindContext context_;
  std::uint32_t next_column_ = 0;
  std::uint32_t query_count_ = 0;
  std::vector<std::shared_ptr<CommonTable>> common_tables_;  // visible ones, innermost last
  SelectState select_;
};

ExpressionPtr column_expression(const ResolvedColumn& column, Position position);
// A column of an expression without a name of its own, at `position` from 1.
ResultColumn unnamed_column(std::size_t position, const Expression& expression);
// What expressions are told apart by: to_sql with column numbers.
std::string text_of_expression(const Expression& expression);
bool contains(const Expression& expression, NodeKind kind);

}  // namespace graphodbc::query
