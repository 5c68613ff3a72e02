#include "query/binder/scope.h"

#include "base/error.h"
#include "base/utf.h"
#include "schema/near_miss.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::query {
namespace {

constexpr std::string_view kSchemaName = "graph";

bool same(std::string_view left, std::string_view right) {
  return base::equal_nocase(left, right);
}

}  // namespace

std::string at_position(Position position) {
  return " at " + sqlparser::describe(position);
}

std::string at_name(const sqlparser::Identifier& name) {
  return " near " + sqlparser::quote_excerpt(name.text) + at_position(name.position);
}

std::string did_you_mean(const std::string& nearest) {
  return nearest.empty() ? std::string() : "; did you mean " + nearest + "?";
}

void check_schema_prefix(const std::vector<sqlparser::Identifier>& qualifiers, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (same(qualifiers[i].text, kSchemaName)) continue;
    throw base::Error("42S02", "unknown " + std::string(i + 1 == count ? "schema" : "catalog") +
                                   at_name(qualifiers[i]) +
                                   "; the tables' schema is graph and can be left out");
  }
}

const schema::Table& resolve_table(const schema::Registry& registry,
                                   const sqlparser::QualifiedName& name) {
  check_schema_prefix(name.qualifiers, name.qualifiers.size());
  if (const schema::Table* table = registry.find(name.name.text)) return *table;
  std::vector<std::string> names;
  for (const schema::Table& table : registry.tables()) names.push_back(table.name);
  throw base::Error("42S02", "unknown table" + at_name(name.name) +
                                 did_you_mean(schema::nearest_name(name.name.text, names)));
}

ScopeSource source_of_table(const schema::Table& table) {
  ScopeSource source;
  source.correlation = table.name;
  source.table_name = table.name;
  source.table = &table;
  for (const schema::Column& column : table.columns) {
    source.columns.push_back({column.name, column.type,
                              column.nullable ? Nullability::kNullable : Nullability::kNoNulls,
                              table.name, column.name, !column.explicit_only});
  }
  return source;
}

void Scope::add(ScopeSource source) {
  for (const ScopeSource& other : sources_) {
    if (!source.correlation.empty() && same(other.correlation, source.correlation)) {
      throw base::Error("42000", "the name " + source.correlation +
                                     " stands for two tables of one FROM" +
                                     at_position(source.position) + "; give one an alias");
    }
  }
  if (!sources_.empty()) {
    source.first_index =
        sources_.back().first_index + static_cast<std::uint32_t>(sources_.back().columns.size());
  }
  sources_.push_back(std::move(source));
}

bool Scope::is_merged(std::string_view name) const {
  for (const std::string& merged : merged_) {
    if (same(merged, name)) return true;
  }
  return false;
}

bool Scope::has_column(std::string_view name) const {
  for (const ScopeSource& source : sources_) {
    for (const ScopeColumn& column : source.columns) {
      if (same(column.name, name)) return true;
    }
  }
  return false;
}

const ScopeSource* Scope::find_source(const std::vector<sqlparser::Identifier>& qualifiers) const {
  const std::string& wanted = qualifiers.back().text;
  for (const ScopeSource& source : sources_) {
    if (!same(source.correlation, wanted)) continue;
    if (qualifiers.size() == 1) return &source;
    // graph.Messages.Id names the table itself, so no alias may stand before it (unless it is the
    // table's own name, as Microsoft Query writes).
    if (source.table != nullptr && same(source.table_name, wanted)) {
      check_schema_prefix(qualifiers, qualifiers.size() - 1);
      return &source;
    }
  }
  return nullptr;
}

bool Scope::find(const sqlparser::QualifiedName& name, ResolvedColumn& found) const {
  const bool qualified = !name.qualifiers.empty();
  const ScopeSource* only = qualified ? find_source(name.qualifiers) : nullptr;
  if (qualified && only == nullptr) return false;
  bool any = false;
  for (const ScopeSource& source : sources_) {
    if (qualified && &source != only) continue;
    for (std::size_t i = 0; i < source.columns.size(); ++i) {
      if (!same(source.columns[i].name, name.name.text)) continue;
      if (any) {
        if (is_merged(name.name.text)) return true;
        throw base::Error("42000", "the column name is ambiguous" + at_name(name.name) +
                                       "; put the table's name or alias before it");
      }
      found.column = &source.columns[i];
      found.index = source.first_index + static_cast<std::uint32_t>(i);
      any = true;
    }
  }
  return any;
}

ResolvedColumn Scope::resolve(const sqlparser::QualifiedName& name) const {
  ResolvedColumn found;
  for (const Scope* scope = this; scope != nullptr; scope = scope->outer_) {
    if (!scope->find(name, found)) continue;
    found.outer = scope != this;
    if (found.outer) found.index = kPlaceholder;
    return found;
  }
  fail_unknown(name);
}

void Scope::fail_unknown(const sqlparser::QualifiedName& name) const {
  if (!name.qualifiers.empty()) {
    const sqlparser::Identifier& qualifier = name.qualifiers.back();
    const ScopeSource* source = find_source(name.qualifiers);
    if (source == nullptr) {
      std::vector<std::string> names;
      for (const ScopeSource& candidate : sources_) {
        if (same(candidate.table_name, qualifier.text)) {
          throw base::Error("42S22", "the table's name is hidden by its alias " +
                                         candidate.correlation + at_name(qualifier));
        }
        if (same(candidate.correlation, qualifier.text)) {
          throw base::Error("42S22", "an alias takes no schema before it" + at_name(qualifier));
        }
        names.push_back(candidate.correlation);
      }
      throw base::Error("42S22", "no table or alias of FROM has the name" + at_name(qualifier) +
                                     did_you_mean(schema::nearest_name(qualifier.text, names)));
    }
  }
  std::vector<std::string> names;
  for (const ScopeSource& source : sources_) {
    if (!name.qualifiers.empty() && find_source(name.qualifiers) != &source) continue;
    for (const ScopeColumn& column : source.columns) names.push_back(column.name);
  }
  std::string of;
  if (sources_.size() == 1 && !sources_[0].correlation.empty()) {
    of = " of " + sources_[0].correlation;
  }
  throw base::Error("42S22", "unknown column" + of + at_name(name.name) +
                                 did_you_mean(schema::nearest_name(name.name.text, names)));
}

const ScopeSource& Scope::source_of(const std::vector<sqlparser::Identifier>& qualifiers) const {
  if (const ScopeSource* source = find_source(qualifiers)) return *source;
  std::vector<std::string> names;
  for (const ScopeSource& source : sources_) names.push_back(source.correlation);
  throw base::Error("42S22", "no table or alias of FROM has the name" + at_name(qualifiers.back()) +
                                 did_you_mean(schema::nearest_name(qualifiers.back().text, names)));
}

}  // namespace graphodbc::query
