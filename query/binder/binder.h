// Names and types: syntax tree to bound query (exemplars.md 9).
#pragma once

#include <span>

#include "query/binder/bound_query.h"
#include "schema/registry.h"

namespace graphodbc::query {

// Throws base::Error, each message with line:column: 42S02, 42S22 (with the nearest name), 42S01,
// 42000 (ambiguous, misplaced or ungrouped, types that do not go together), 21S01, 22xxx for
// constants, 25006 for writes on a read-only connection, HYC00 for what binds but cannot be run.
// `types` holds those of markers that have one from outside, unknown ones for the others; it may be
// shorter.
BoundStatement bind_statement(const sqlparser::Statement& statement,
                              const schema::Registry& registry, const SessionOptions& options,
                              std::span<const base::TypeInfo> types = {});

}  // namespace graphodbc::query
