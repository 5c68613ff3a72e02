// The names that are visible at one place of a statement.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/expression/expression.h"
#include "query/session.h"
#include "schema/registry.h"
#include "sqlparser/ast.h"

namespace graphodbc::query {

// Placeholders for what one scan's row does not hold: aggregates, subqueries, columns of an outer
// query. Their statement always ends in HYC00 or runs in the local engine.
inline constexpr std::uint32_t kPlaceholder = UINT32_MAX;

struct ScopeColumn {
  std::string name;
  base::TypeInfo type;
  Nullability nullability = Nullability::kNullable;
  std::string base_table;  // empty for expressions of derived tables
  std::string base_column;
  bool in_star = true;
};

// One table, derived table or CTE of a FROM clause.
struct ScopeSource {
  std::string correlation;  // alias, else the table's name; may be empty for a derived table
  std::string table_name;   // of the schema, also when hidden by an alias; else empty
  bool aliased = false;
  const schema::Table* table = nullptr;
  std::vector<ScopeColumn> columns;
  std::uint32_t first_index = 0;  // of its first column in the row of the FROM clause
  Position position;
};

struct ResolvedColumn {
  const ScopeColumn* column = nullptr;
  std::uint32_t index = kPlaceholder;
  bool outer = false;  // of an enclosing query
};

class Scope {
 public:
  explicit Scope(const Scope* outer = nullptr) : outer_(outer) {}

  // 42000 when the correlation name is taken.
  void add(ScopeSource source);
  // Columns named by USING or NATURAL stand for both sides (SQL-92 7.5).
  void merge(const std::string& name) { merged_.push_back(name); }
  bool is_merged(std::string_view name) const;

  const std::vector<ScopeSource>& sources() const { return sources_; }
  std::vector<ScopeSource>& sources() { return sources_; }

  // 42S22 with the nearest name, 42000 when ambiguous, 42S02 for a wrong schema prefix.
  ResolvedColumn resolve(const sqlparser::QualifiedName& name) const;
  // The source that `qualifiers.*` names.
  const ScopeSource& source_of(const std::vector<sqlparser::Identifier>& qualifiers) const;
  // Whether a column of this scope, not of an outer one, has the name.
  bool has_column(std::string_view name) const;

 private:
  struct Match {
    const ScopeSource* source = nullptr;
    std::size_t column = 0;
  };
  // False when no source of this scope has it.
  bool find(const sqlparser::QualifiedName& name, ResolvedColumn& found) const;
  const ScopeSource* find_source(const std::vector<sqlparser::Identifier>& qualifiers) const;
  [[noreturn]] void fail_unknown(const sqlparser::QualifiedName& name) const;

  const Scope* outer_;
  std::vector<ScopeSource> sources_;
  std::vector<std::string> merged_;
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
