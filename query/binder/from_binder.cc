// FROM: tables, derived tables, common tables, joins.
#include "base/error.h"
#include "base/utf.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

ScopeSource source_of_columns(const std::vector<ResultColumn>& columns) {
  ScopeSource source;
  for (const ResultColumn& column : columns) {
    source.columns.push_back({column.name.empty() ? column.label : column.name, column.type,
                              column.nullability, column.base_table, column.base_column, true});
  }
  return source;
}

void apply_alias(const std::optional<sqlparser::Identifier>& alias,
                 const std::vector<sqlparser::Identifier>& column_aliases, ScopeSource& source) {
  if (alias) {
    source.correlation = alias->text;
    source.aliased = true;
  }
  if (column_aliases.empty()) return;
  if (column_aliases.size() != source.columns.size()) {
    throw base::Error("42000", "the alias has " + std::to_string(column_aliases.size()) +
                                   " column names for " + std::to_string(source.columns.size()) +
                                   " columns" + at_name(column_aliases[0]));
  }
  for (std::size_t i = 0; i < column_aliases.size(); ++i) {
    source.columns[i].name = column_aliases[i].text;
  }
}

}  // namespace

void StatementBinder::bind_from(const sqlparser::SelectBody& body, Scope& scope,
                                const Scope* outer) {
  for (const sqlparser::TableRefPtr& ref : body.from) bind_table_ref(*ref, scope, outer);
  if (body.from.size() > 1) need_engine("a join", body.from[1]->position);
}

void StatementBinder::bind_table_ref(const sqlparser::TableRef& ref, Scope& scope,
                                     const Scope* outer) {
  switch (ref.kind) {
    case sqlparser::TableRefKind::kNamed:
      bind_named(static_cast<const sqlparser::NamedTableRef&>(ref), scope);
      break;
    case sqlparser::TableRefKind::kDerived:
      bind_derived(static_cast<const sqlparser::DerivedTableRef&>(ref), scope, outer);
      break;
    case sqlparser::TableRefKind::kJoin:
      bind_join(static_cast<const sqlparser::JoinTableRef&>(ref), scope, outer);
      break;
  }
}

const CommonTable* StatementBinder::find_cte(const sqlparser::QualifiedName& name) const {
  if (!name.qualifiers.empty()) return nullptr;
  for (auto cte = ctes_.rbegin(); cte != ctes_.rend(); ++cte) {
    if (base::equal_nocase(cte->name, name.name.text)) return &*cte;
  }
  return nullptr;
}

void StatementBinder::bind_named(const sqlparser::NamedTableRef& ref, Scope& scope) {
  ScopeSource source;
  if (const CommonTable* cte = find_cte(ref.name)) {
    source = source_of_columns(cte->columns);
    source.correlation = cte->name;
  } else {
    source = source_of_table(resolve_table(registry_, ref.name));
  }
  source.position = ref.position;
  apply_alias(ref.alias, ref.column_aliases, source);
  scope.add(std::move(source));
}

void StatementBinder::bind_derived(const sqlparser::DerivedTableRef& ref, Scope& scope,
                                   const Scope* outer) {
  need_engine("a query in FROM", ref.position);
  ScopeSource source = source_of_columns(bind_query(*ref.query, outer).columns);
  source.position = ref.position;
  apply_alias(ref.alias, ref.column_aliases, source);
  scope.add(std::move(source));
}

void StatementBinder::bind_join(const sqlparser::JoinTableRef& ref, Scope& scope,
                                const Scope* outer) {
  need_engine("a join", ref.position);
  const std::size_t left_first = scope.sources().size();
  bind_table_ref(*ref.left, scope, outer);
  const std::size_t right_first = scope.sources().size();
  bind_table_ref(*ref.right, scope, outer);
  const auto has = [&](std::size_t from, std::size_t to, std::string_view name) {
    for (std::size_t i = from; i < to; ++i) {
      for (const ScopeColumn& column : scope.sources()[i].columns) {
        if (base::equal_nocase(column.name, name)) return true;
      }
    }
    return false;
  };
  const std::size_t end = scope.sources().size();
  for (const sqlparser::Identifier& name : ref.using_columns) {
    if (!has(left_first, right_first, name.text) || !has(right_first, end, name.text)) {
      throw base::Error("42S22", "the column of USING is not on both sides" + at_name(name));
    }
    scope.merge(name.text);
  }
  if (ref.natural) {
    for (std::size_t i = right_first; i < end; ++i) {
      for (const ScopeColumn& column : scope.sources()[i].columns) {
        if (has(left_first, right_first, column.name)) scope.merge(column.name);
      }
    }
  }
  if (ref.on) bind_condition(*ref.on, scope, Clause::kOn);
}

}  // namespace graphodbc::query
