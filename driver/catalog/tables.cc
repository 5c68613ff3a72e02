// SQLTables and SQLColumns.
#include <string>
#include <utility>

#include "base/utf.h"
#include "driver/catalog/argument.h"
#include "driver/catalog/shape.h"
#include "driver/descriptors/type_facts.h"
#include "schema/registry.h"

namespace graphodbc::driver::catalog {
namespace {

constexpr std::string_view kTableType = "TABLE";

bool is(const Argument& argument, std::string_view text) {
  return argument && *argument == text;
}
std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\'')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\'')) text.remove_suffix(1);
  return text;
}

// `TABLE`, `'TABLE','VIEW'`, `VIEW,TABLE,%,`: empty items do not count, `%` is every type.
bool type_list_has_table(const Argument& types) {
  if (!types || types->empty()) return true;
  std::string_view rest = *types;
  bool any_item = false;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view item = trimmed(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    if (item.empty()) continue;
    any_item = true;
    if (item == SQL_ALL_TABLE_TYPES || base::equal_nocase(item, kTableType)) return true;
  }
  return !any_item;
}

Row column_row(const Context& context, const schema::Table& table, std::size_t index) {
  const schema::Column& column = table.columns[index];
  const TypeFacts& facts = type_facts(column.type.type);
  const SQLSMALLINT digits = decimal_digits(column.type);
  const bool variable = base::is_text(column.type.type) || base::is_binary(column.type.type);
  const SQLLEN octets = octet_length(column.type, context.ansi);
  return {null(),
          null(),
          text(table.name),
          text(column.name),
          number(type_number(column.type.type, context.odbc2)),
          text(facts.name),
          number(static_cast<std::int64_t>(column_size(column.type, context.ansi))),
          number(octets),
          digits < 0 ? null() : number(digits),
          facts.radix == 0 ? null() : number(facts.radix),
          number(column.nullable ? SQL_NULLABLE : SQL_NO_NULLS),
          text_or_null(column.description),
          null(),
          number(context.odbc2 ? facts.odbc2 : facts.verbose),
          facts.datetime_code == 0 ? null() : number(facts.datetime_code),
          variable ? number(octets) : null(),
          number(static_cast<std::int64_t>(index) + 1),
          text(column.nullable ? "YES" : "NO")};
}

}  // namespace

Result tables(const Context& context, const Argument& catalog, const Argument& schema,
              const Argument& table, const Argument& types) {
  // The enumeration calls want empty strings: with null pointers, which filter nothing, `%` selects
  // tables of any type (odbc-pitfalls.md 10.2). LibreOffice asks so for the types and takes them
  // from the rows of the tables, where each type stands too.
  std::vector<Row> rows;
  const bool names_blank = is(schema, "") && is(table, "");
  if (is(catalog, SQL_ALL_CATALOGS) && names_blank) {
    return make_result(kTablesShape, context, {});  // there is no catalog
  }
  if (is(schema, SQL_ALL_SCHEMAS) && is(catalog, "") && is(table, "")) {
    return make_result(kTablesShape, context, {});  // core tables have no schema
  }
  if (is(types, SQL_ALL_TABLE_TYPES) && is(catalog, "") && names_blank) {
    rows.push_back({null(), null(), null(), text(kTableType), null()});
    return make_result(kTablesShape, context, std::move(rows));
  }
  require_identifiers(context, {&schema, &table});
  if (selects_core(catalog, ArgumentKind::kPattern, context) &&
      selects_core(schema, ArgumentKind::kPattern, context) && type_list_has_table(types)) {
    for (const schema::Table& known : context.registry.tables()) {
      // Several clients pass an empty table name for "all".
      if (!is(table, "") && !selects(table, ArgumentKind::kPattern, context, known.name)) continue;
      rows.push_back(
          {null(), null(), text(known.name), text(kTableType), text_or_null(known.description)});
    }
  }
  return make_result(kTablesShape, context, std::move(rows));
}

Result columns(const Context& context, const Argument& catalog, const Argument& schema,
               const Argument& table, const Argument& column) {
  require_identifiers(context, {&schema, &table, &column});
  std::vector<Row> rows;
  if (selects_core(catalog, ArgumentKind::kOrdinary, context) &&
      selects_core(schema, ArgumentKind::kPattern, context)) {
    for (const schema::Table& known : context.registry.tables()) {
      if (!selects(table, ArgumentKind::kPattern, context, known.name)) continue;
      for (std::size_t i = 0; i < known.columns.size(); ++i) {
        const bool all = column && column->empty();
        if (!all && !selects(column, ArgumentKind::kPattern, context, known.columns[i].name)) {
          continue;
        }
        rows.push_back(column_row(context, known, i));
      }
    }
  }
  return make_result(kColumnsShape, context, std::move(rows));
}

}  // namespace graphodbc::driver::catalog
