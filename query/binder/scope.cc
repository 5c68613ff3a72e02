#include "query/binder/scope.h"

#include <algorithm>

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

[[noreturn]] void fail_outside_join(const sqlparser::Identifier& name) {
  throw base::Error("42S22", "ON can only name the tables of its own join" + at_name(name) +
                                 "; a comma binds less than JOIN (SQL-92)");
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
  for (std::size_t i = 0; i < source.columns.size(); ++i) {
    visible_.push_back({sources_.size(), i, nullptr, {}});
  }
  sources_.push_back(std::move(source));
}

const ScopeColumn& Scope::description_of(const VisibleColumn& column) const {
  return column.expression ? column.description : sources_[column.source].columns[column.column];
}

ResolvedColumn Scope::resolve(const VisibleColumn& column) const {
  const std::uint32_t number =
      sources_[column.source].first_column + static_cast<std::uint32_t>(column.column);
  return {&description_of(column), number, column.expression.get()};
}

bool Scope::has_column(std::string_view name) const {
  return std::any_of(visible_.begin(), visible_.end(), [&](const VisibleColumn& column) {
    return same(description_of(column).name, name);
  });
}

bool Scope::owns(std::uint32_t number) const {
  return std::any_of(sources_.begin(), sources_.end(), [&](const ScopeSource& source) {
    return number >= source.first_column && number - source.first_column < source.columns.size();
  });
}

bool Scope::encloses(std::uint32_t number) const {
  return outer_ != nullptr && (outer_->owns(number) || outer_->encloses(number));
}

const VisibleColumn* Scope::find_visible(Mark from, Mark to,
                                         const sqlparser::Identifier& name) const {
  const VisibleColumn* found = nullptr;
  for (std::size_t i = from.visible; i < to.visible; ++i) {
    if (!same(description_of(visible_[i]).name, name.text)) continue;
    if (found != nullptr) {
      throw base::Error("42000", "the column name is ambiguous" + at_name(name) +
                                     "; put the table's name or alias before it");
    }
    found = &visible_[i];
  }
  return found;
}

void Scope::make_nullable(Mark from, Mark to) {
  for (std::size_t i = from.source; i < to.source; ++i) {
    for (ScopeColumn& column : sources_[i].columns) column.nullability = Nullability::kNullable;
  }
  for (std::size_t i = from.visible; i < to.visible; ++i) {
    visible_[i].description.nullability = Nullability::kNullable;
  }
}

void Scope::replace_visible(Mark from, std::vector<VisibleColumn> columns) {
  visible_.resize(from.visible);
  for (VisibleColumn& column : columns) visible_.push_back(std::move(column));
}

const ScopeSource* Scope::find_source(const std::vector<sqlparser::Identifier>& qualifiers) const {
  const std::string& wanted = qualifiers.back().text;
  for (std::size_t i = first_.source; i < sources_.size(); ++i) {
    const ScopeSource& source = sources_[i];
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
  if (name.qualifiers.empty()) {
    const VisibleColumn* visible = find_visible(first_, mark(), name.name);
    if (visible == nullptr) return false;
    found = resolve(*visible);
    return true;
  }
  const ScopeSource* source = find_source(name.qualifiers);
  if (source == nullptr) return false;
  bool any = false;
  for (std::size_t i = 0; i < source->columns.size(); ++i) {
    if (!same(source->columns[i].name, name.name.text)) continue;
    if (any) {
      throw base::Error(
          "42000", "two columns of " + source->correlation + " have the name" + at_name(name.name));
    }
    found = {&source->columns[i], source->first_column + static_cast<std::uint32_t>(i), nullptr};
    any = true;
  }
  return any;
}

ResolvedColumn Scope::resolve(const sqlparser::QualifiedName& name) const {
  ResolvedColumn found;
  for (const Scope* scope = this; scope != nullptr; scope = scope->outer_) {
    if (scope->find(name, found)) return found;
  }
  // The table may be one of an enclosing query.
  for (const Scope* scope = this; scope != nullptr && !name.qualifiers.empty();
       scope = scope->outer_) {
    if (scope->find_source(name.qualifiers) != nullptr) scope->fail_unknown(name);
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
        if (first_.source > 0 && same(candidate.correlation, qualifier.text)) {
          fail_outside_join(qualifier);
        }
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
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const ScopeSource& source = sources_[i];
    if (!name.qualifiers.empty() && find_source(name.qualifiers) != &source) continue;
    for (const ScopeColumn& column : source.columns) {
      if (i < first_.source && same(column.name, name.name.text)) fail_outside_join(name.name);
      if (i >= first_.source) names.push_back(column.name);
    }
  }
  for (const Scope* scope = outer_; scope != nullptr && name.qualifiers.empty();
       scope = scope->outer_) {
    for (const VisibleColumn& column : scope->visible_) {
      names.push_back(scope->description_of(column).name);
    }
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
