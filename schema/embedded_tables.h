// The descriptions in schema/tables, generated into a source file by schema/embed.cmake.
#pragma once

#include <span>

#include "schema/registry.h"

namespace graphodbc::schema {

std::span<const TableSource> embedded_tables();

}  // namespace graphodbc::schema
