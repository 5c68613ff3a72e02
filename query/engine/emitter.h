// One pass that writes a plan's query as SQLite text; only for the emit_*.cc files.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "query/engine/sql_emitter.h"

namespace graphodbc::query {

class Emitter {
 public:
  // `materialized`: scans that must be tables although the plan lets them stream.
  Emitter(const LocalPlan& plan, EvalContext& context, const std::vector<bool>& materialized);

  EmittedQuery run(std::uint64_t max_rows);
  // Scans that stream and were named more than once.
  const std::set<std::size_t>& named_twice() const { return named_twice_; }

 private:
  using Types = std::vector<base::TypeInfo>;
  struct Place {
    std::uint32_t first = 0;
    const Relation* relation = nullptr;
  };
  // A name in WITH, or a bracketed query where it refers to an enclosing one.
  struct Source {
    std::string text;
    bool named = false;
  };

  // ---- emit_kept.cc: result columns that SQLite need not carry ----

  // True when SQLite has nothing to do: out_.sort and out_.outputs are set.
  bool choose_sort(std::uint64_t max_rows);
  // Which scans' rows are kept, so that their numbers are enough.
  void choose_kept(std::uint64_t max_rows);
  // The scan and its output, where the expression is a column of a relation that is a table.
  std::optional<EmittedQuery::Output::Kept> scan_column(const Expression& expression) const;
  // The SELECT list of the statement itself.
  std::string top_list(const std::vector<ExpressionPtr>& outputs, const Types& types);
  // What its ORDER BY calls a result column.
  std::string top_order_key(std::size_t output, const Types& types);

  // ---- emit_query.cc: whole queries ----

  // SELECT text whose columns o0.. are stored as `types`. `collate`: nocase columns carry their
  // collation, because a set operation compares them.
  std::string query(const BoundQuery& bound, const Types& types, bool collate,
                    std::uint64_t max_rows = 0);
  std::string body(const BoundQuery& bound, const Types& types, bool collate,
                   const std::vector<std::string>& hidden);
  std::string select(const BoundQuery& bound, const Types& types, bool collate,
                     const std::vector<std::string>& hidden);
  std::string values(const BoundQuery& bound, const Types& types, bool collate);
  std::string set_operation(const BoundQuery& bound, const Types& types, bool collate);
  std::string arm(const BoundQuery& bound, const Types& types, bool collate);
  std::string order_by(const BoundQuery& bound, const Types& types);
  // The statement itself, its rows neither grouped nor ranked nor compared: top_list() is its list.
  bool is_top_select(const BoundQuery& bound) const;
  std::string ranked(const BoundQuery& bound, const Types& types, bool collate);
  struct Limits {
    std::optional<std::int64_t> limit;
    std::int64_t offset = 0;
  };
  Limits limits(const BoundQuery& bound);
  std::int64_t whole_constant(const Expression& expression, std::string_view what);

  // ---- emit_from.cc: relations ----

  std::string from(const FromNode& node, bool pinned);
  std::string relation(const Relation& item);
  bool begins_with_stream(const FromNode& node) const;
  // A query in FROM: its WITH name, or the query in brackets.
  Source source(const BoundQuery& bound);
  // The text of a query that stands in FROM, so that SQLite does not take apart what it would get
  // wrong.
  static std::string kept_whole(std::string text, const BoundQuery& bound);
  std::string common_table(const CommonTable& table);
  std::string scan_table(std::size_t scan);
  // Refers to columns of an enclosing query.
  bool is_correlated(const BoundQuery& bound) const;
  const Place& place_of(std::uint32_t column) const;
  const base::TypeInfo& column_type(std::uint32_t column) const;
  std::string column_name(std::uint32_t column);
  std::string scan_definitions();

  // ---- emit_expression.cc ----

  // Its value, stored as `type`.
  std::string value(const Expression& expression, const base::TypeInfo& type);
  std::string condition(const Expression& expression);
  // A key of GROUP BY, ORDER BY or PARTITION BY: its value with its collation.
  std::string key(const Expression& expression);
  ExpressionPtr folded(const Expression& expression) { return fold(clone(expression), context_); }
  // The type in whose form an expression's value stands before any conversion.
  base::TypeInfo own_type(const Expression& expression) const;
  std::string constant(const base::Cell& cell, const base::TypeInfo& type);
  std::string converted(std::string text, const base::TypeInfo& from, const base::TypeInfo& to);
  // The form in which SQLite can compare the node's operands; nullopt when it cannot.
  std::optional<base::TypeInfo> comparison_form(const Expression& node) const;
  // SQLite's own operators do all of it, down to columns, constants and what only SQLite does.
  bool is_native(const Expression& expression) const;
  // Its parts are not to be evaluated before it decides which: it holds a subquery.
  static bool holds_subquery(const Expression& expression);
  std::string native(const Expression& expression, const base::TypeInfo& type);
  std::string joined(const Expression& expression, std::string_view word);
  std::string operand(const Expression& expression, const base::TypeInfo& form);
  std::string comparison(const Expression& expression, const base::TypeInfo& form);
  std::string in_list(const Expression& expression, const base::TypeInfo& form);
  std::string case_of(const Expression& expression, const base::TypeInfo& type);
  std::string function_call(const Expression& expression, const base::TypeInfo& type);
  // Takes out what are arguments, appending their texts and types.
  struct Arguments {
    std::vector<std::string> texts;
    Types types;
  };
  void detach(ExpressionPtr& slot, Arguments& arguments);
  std::string add_function(ExpressionPtr expression, const Types& arguments,
                           const base::TypeInfo& result);

  // ---- emit_aggregate.cc: aggregates, windows, subqueries in expressions ----

  std::string aggregate(const Expression& expression, const base::TypeInfo& type);
  std::string aggregate_call(const Expression& expression, const base::TypeInfo& type);
  std::string window_call(const Expression& expression, const base::TypeInfo& type);
  std::string over(const Expression& expression, std::size_t child);
  std::string frame(const Expression& expression, std::size_t child);
  base::TypeInfo range_type(const Expression& sorted);
  std::string add_aggregate(AggregateSpec spec);
  std::string scalar_subquery(const Expression& expression);
  std::string in_query(const Expression& expression, bool negated);
  std::string quantified(const Expression& expression);
  bool gives_one_row(const BoundQuery& bound);

  const LocalPlan& plan_;
  EvalContext& context_;
  EmittedQuery out_;
  std::vector<Place> places_;                   // by first column
  std::map<std::uint32_t, std::size_t> scans_;  // first column to scan
  std::vector<std::string> definitions_;        // of WITH, in order
  bool recursive_ = false;
  std::map<const CommonTable*, std::string> common_names_;
  std::map<std::string, std::size_t> constants_;  // by form and bytes
  std::map<std::string, std::string> functions_;  // by signature
  std::map<std::string, std::string> aggregates_;
  std::set<std::size_t> named_;
  std::set<std::size_t> named_twice_;
  std::set<std::uint32_t> named_columns_;
  std::set<std::size_t> numbered_;  // scans whose row numbers are read
  std::size_t names_ = 0;
  int depth_ = 0;  // of native nodes written inside of each other
};

// With its collation where the type is nocase text.
// Text compares by its type's collation. It is always said, BINARY too: SQLite lets a COLLATE that
// stands anywhere inside of an expression, or of the query a column comes from, decide for the
// whole
// ("Datatypes In SQLite", 7.1).
std::string collated(std::string text, const base::TypeInfo& type);
std::string_view operator_text(CompareOp op);

}  // namespace graphodbc::query
