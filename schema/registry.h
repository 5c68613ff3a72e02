// The tables that SQL can name: loaded from JSON descriptions, checked, and found by name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/table.h"

namespace graphodbc::schema {

// One description file: its name for messages ("Messages.json") and its text.
struct TableSource {
  std::string_view file;
  std::string_view json;
};

// Immutable once loaded, so any number of threads may read it.
class Registry {
 public:
  // The tables compiled into the library.
  static const Registry& builtin();

  // Reads and checks descriptions. Throws Error HY000 that names the file, the column and the rule
  // that is broken; docs/schema.md lists the format.
  static Registry load(std::span<const TableSource> sources);

  // In the order of their names.
  const std::vector<Table>& tables() const { return tables_; }

  // Compared without case; null when there is none.
  const Table* find(std::string_view name) const;

 private:
  std::vector<Table> tables_;
};

}  // namespace graphodbc::schema
