// Which tables the permissions of a token let one read.
#pragma once

#include <string>
#include <vector>

#include "graph/oauth/identity.h"
#include "schema/permission.h"
#include "schema/table.h"

namespace graphodbc::tools {

// Scopes of a delegated token, roles of an application's.
const std::vector<std::string>& granted_permissions(const graph::Identity& identity);

// One of the permissions that the table names is granted.
bool may_read(const schema::Table& table, const graph::Identity& identity);
// The least permission that would do.
std::string least_permission(const schema::Table& table, const graph::Identity& identity);

}  // namespace graphodbc::tools
