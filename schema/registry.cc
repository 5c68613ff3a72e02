#include "schema/registry.h"

#include <algorithm>

#include "base/error.h"
#include "base/utf.h"
#include "schema/embedded_tables.h"
#include "schema/table_checks.h"
#include "schema/table_reader.h"

namespace graphodbc::schema {

const Registry& Registry::builtin() {
  static const Registry registry = load(embedded_tables());
  return registry;
}

Registry Registry::load(std::span<const TableSource> sources) {
  Registry registry;
  for (const TableSource& source : sources) {
    Table table = read_table(source);
    check_table(source.file, table);
    if (registry.find(table.name) != nullptr) {
      throw base::Error("HY000", std::string(source.file) + ": the table " + table.name +
                                     " is described twice; names compare without case");
    }
    registry.tables_.push_back(std::move(table));
  }
  std::sort(registry.tables_.begin(), registry.tables_.end(),
            [](const Table& left, const Table& right) {
              return base::compare_text(left.name, right.name, true) < 0;
            });
  return registry;
}

const Table* Registry::find(std::string_view name) const {
  for (const Table& table : tables_) {
    if (base::equal_nocase(table.name, name)) return &table;
  }
  return nullptr;
}

}  // namespace graphodbc::schema
