// FROM: tables, derived tables, WITH names.
#include "base/error.h"
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
  if (alias) source.correlation = alias->text;
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

std::unique_ptr<FromNode> StatementBinder::bind_from(const sqlparser::SelectBody& body,
                                                     Scope& scope, const Scope* outer) {
  std::unique_ptr<FromNode> from;
  for (const sqlparser::TableRefPtr& ref : body.from) {
    std::unique_ptr<FromNode> next = bind_table_ref(*ref, scope, outer);
    if (!from) {
      from = std::move(next);
      continue;
    }
    auto both = std::make_unique<FromNode>();
    both->left = std::move(from);
    both->right = std::move(next);
    from = std::move(both);
  }
  return from;
}

std::unique_ptr<FromNode> StatementBinder::bind_table_ref(const sqlparser::TableRef& ref,
                                                          Scope& scope, const Scope* outer) {
  switch (ref.kind) {
    case sqlparser::TableRefKind::kNamed:
      return bind_named(static_cast<const sqlparser::NamedTableRef&>(ref), scope);
    case sqlparser::TableRefKind::kDerived:
      return bind_derived(static_cast<const sqlparser::DerivedTableRef&>(ref), scope, outer);
    case sqlparser::TableRefKind::kJoin:
      break;
  }
  return bind_join(static_cast<const sqlparser::JoinTableRef&>(ref), scope, outer);
}

std::unique_ptr<FromNode> StatementBinder::add_relation(std::unique_ptr<Relation> relation,
                                                        ScopeSource source, Scope& scope) {
  relation->first_column = take_columns(source.columns.size());
  relation->correlation = source.correlation;
  relation->position = source.position;
  for (const ScopeColumn& column : source.columns) {
    relation->columns.push_back({column.name, column.type, column.nullability});
  }
  source.first_column = relation->first_column;
  scope.add(std::move(source));
  auto node = std::make_unique<FromNode>();
  node->relation = std::move(relation);
  return node;
}

std::unique_ptr<FromNode> StatementBinder::bind_named(const sqlparser::NamedTableRef& ref,
                                                      Scope& scope) {
  auto relation = std::make_unique<Relation>();
  ScopeSource source;
  if (std::shared_ptr<CommonTable> common = find_common(ref.name)) {
    source = source_of_columns(common->columns);
    source.correlation = common->name;
    if (common->query) {
      relation->common = std::move(common);
    } else {
      common->recursive = true;
      relation->common = unowned(*common);
    }
  } else {
    relation->table = &resolve_table(registry_, ref.name);
    source = source_of_table(*relation->table);
  }
  source.position = ref.position;
  apply_alias(ref.alias, ref.column_aliases, source);
  return add_relation(std::move(relation), std::move(source), scope);
}

std::unique_ptr<FromNode> StatementBinder::bind_derived(const sqlparser::DerivedTableRef& ref,
                                                        Scope& scope, const Scope* outer) {
  auto relation = std::make_unique<Relation>();
  relation->query = bind_query(*ref.query, outer);
  ScopeSource source = source_of_columns(relation->query->columns);
  source.position = ref.position;
  apply_alias(ref.alias, ref.column_aliases, source);
  return add_relation(std::move(relation), std::move(source), scope);
}

// The table that UPDATE and DELETE write.
void StatementBinder::add_target(const schema::Table& table, Scope& scope) {
  ScopeSource source = source_of_table(table);
  source.first_column = take_columns(source.columns.size());
  scope.add(std::move(source));
}

}  // namespace graphodbc::query
