// How catalog arguments select names ("Arguments in Catalog Functions", odbc-pitfalls.md 10.3).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "driver/catalog/catalog.h"

namespace graphodbc::driver::catalog {

enum class ArgumentKind : std::uint8_t {
  kPattern,   // `%`, `_`, escaped by a backslash; an identifier under SQL_ATTR_METADATA_ID
  kOrdinary,  // literal; an identifier under SQL_ATTR_METADATA_ID
};

// Whether `name` is selected. A null argument selects all. Names compare without case, quoted or
// not, because identifiers do (sql-dialect.md section 1).
bool selects(const Argument& argument, ArgumentKind kind, const Context& context,
             std::string_view name);

// Whether our tables, which have neither catalog nor schema, are selected: by null, the empty
// string, whatever matches the accepted prefix `graph`. Clients pass `%` for a catalog or schema
// also where ODBC wants no pattern (clients.md, "Check list").
bool selects_core(const Argument& argument, ArgumentKind kind, const Context& context);

// HY009 when `argument` is null though a name is needed.
void require_name(const Argument& argument, std::string_view what);
// HY009 when SQL_ATTR_METADATA_ID is on and an identifier (schema, table or procedure, column) is
// null.
void require_identifiers(const Context& context,
                         std::initializer_list<const Argument*> identifiers);

}  // namespace graphodbc::driver::catalog
