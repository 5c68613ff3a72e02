// The tables and columns that random queries use, and which of them join.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/random_expression.h"

namespace graphodbc::test {

struct BaseColumn {
  const char* name;
  Kind kind;
  bool nocase = false;
};
struct BaseTable {
  const char* name;
  int weight;  // how often it is taken
  std::vector<BaseColumn> columns;
  std::vector<const char*> keys;    // together unique
  const char* condition = nullptr;  // without which the table cannot be read
};
const std::vector<BaseTable>& base_tables();
const BaseTable& base_table(const std::string& name);

// Columns that are equal for rows that belong together.
struct Relationship {
  const char* left;
  const char* left_column;
  const char* right;
  const char* right_column;
};
const std::vector<Relationship>& relationships();

}  // namespace graphodbc::test
