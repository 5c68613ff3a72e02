// The functions this driver exports: one table for SQLGetFunctions and for the test that compares
// it with the library's symbols (odbc-pitfalls.md 2.5, 2.7, 2.8).
#pragma once

#include <span>
#include <string_view>

#include "driver/odbc.h"

namespace graphodbc::driver {

struct ExportedFunction {
  SQLUSMALLINT id;
  std::string_view name;
  bool wide;  // name + "W" is exported too
};

std::span<const ExportedFunction> exported_functions();

bool is_exported(SQLUSMALLINT id);

}  // namespace graphodbc::driver
