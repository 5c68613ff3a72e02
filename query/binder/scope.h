// The names that are visible at one place of a statement.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "query/expression/expression.h"
#include "query/session.h"
#include "schema/registry.h"
#include "sqlparser/ast.h"

namespace graphodbc::query {

struct ScopeColumn {
  std::string name;
  base::TypeInfo type;
  Nullability nullability = Nullability::kNullable;
  std::string base_table;  // empty for expressions of derived tables
  std::string base_column;
  bool in_star = true;
};

// One table, derived table or WITH name of a FROM clause.
struct ScopeSource {
  std::string correlation;  // alias, else the table's name; may be empty for a derived table
  std::string table_name;   // of the schema, also when hidden by an alias; else empty
  const schema::Table* table = nullptr;
  std::vector<ScopeColumn> columns;
  std::uint32_t first_column = 0;  // number of the first one
  Position position;
};

// What a name without a table before it, or *, finds: one column of a source, or what USING and
// NATURAL make of two in a FULL JOIN.
struct VisibleColumn {
  std::size_t source = 0;
  std::size_t column = 0;
  // COALESCE of both sides, else null. `description` is then the column's.
  std::shared_ptr<const Expression> expression;
  ScopeColumn description;
};

struct ResolvedColumn {
  const ScopeColumn* column = nullptr;
  std::uint32_t number = 0;
  const Expression* expression = nullptr;  // instead of `number`, where it is set
};

class Scope {
 public:
  explicit Scope(const Scope* outer = nullptr) : outer_(outer) {}

  // 42000 when the correlation name is taken.
  void add(ScopeSource source);

  const std::vector<ScopeSource>& sources() const { return sources_; }
  const std::vector<VisibleColumn>& visible() const { return visible_; }
  ResolvedColumn resolve(const VisibleColumn& column) const;
  // 42S22 with the nearest name, 42000 when ambiguous, 42S02 for a wrong schema prefix.
  ResolvedColumn resolve(const sqlparser::QualifiedName& name) const;
  // The source that `qualifiers.*` names.
  const ScopeSource& source_of(const std::vector<sqlparser::Identifier>& qualifiers) const;
  // Whether a column of this scope, not of an outer one, has the name.
  bool has_column(std::string_view name) const;
  // Whether a column number is of this scope, not of an outer one or of a subquery.
  bool owns(std::uint32_t number) const;
  // Whether it is of an enclosing query.
  bool encloses(std::uint32_t number) const;

  // --- While a FROM clause is being bound ---
  // A join's side: sources and visible columns from here to the next mark.
  struct Mark {
    std::size_t source = 0;
    std::size_t visible = 0;
  };
  Mark mark() const { return {sources_.size(), visible_.size()}; }
  // Names of ON are those of the two sides, from `from` on (SQL-92 7.5).
  void narrow(Mark from) { first_ = from; }
  void widen() { first_ = {}; }
  // The one visible column of a side that has the name; null when none has, 42000 when two have.
  const VisibleColumn* find_visible(Mark from, Mark to, const sqlparser::Identifier& name) const;
  // The null-supplying side of an outer join.
  void make_nullable(Mark from, Mark to);
  // Puts the visible columns from `from` on into a new order, `columns`.
  void replace_visible(Mark from, std::vector<VisibleColumn> columns);

 private:
  // False when no source of this scope has it.
  bool find(const sqlparser::QualifiedName& name, ResolvedColumn& found) const;
  const ScopeColumn& description_of(const VisibleColumn& column) const;
  const ScopeSource* find_source(const std::vector<sqlparser::Identifier>& qualifiers) const;
  [[noreturn]] void fail_unknown(const sqlparser::QualifiedName& name) const;

  const Scope* outer_;
  std::vector<ScopeSource> sources_;
  std::vector<VisibleColumn> visible_;  // of all sources so far, as `*` shows them
  Mark first_;                          // what is before it cannot be named
};

// The prefix of a core table is nothing, `graph.` or `Graph.graph.` (decisions.md 1). 42S02
// otherwise.
void check_schema_prefix(const std::vector<sqlparser::Identifier>& qualifiers, std::size_t count);

// 42S02 with the nearest table.
const schema::Table& resolve_table(const schema::Registry& registry,
                                   const sqlparser::QualifiedName& name);
ScopeSource source_of_table(const schema::Table& table);

// " near 'token' at line:column".
std::string at_name(const sqlparser::Identifier& name);
std::string at_position(Position position);
std::string did_you_mean(const std::string& nearest);

}  // namespace graphodbc::query
