// Which tables the permissions of a token let one read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/oauth/identity.h"
#include "schema/permission.h"
#include "schema/table.h"

namespace graphodbc::tools {

// Scopes of a delegated token, roles of an application's.
const std::vector<std::string>& granted_permissions(const graph::Identity& identity);

// Of whom the rows are: the user who is signed in, or somebody else. Applications know no
// difference.
enum class Whose : std::uint8_t { kOwn, kOthers };

// Any one of these does; none are needed where it is empty. The least comes first.
const std::vector<std::string>& wanted_permissions(const schema::Table& table,
                                                   const graph::Identity& identity, Whose whose);
// One of them is granted.
bool may_read(const schema::Table& table, const graph::Identity& identity, Whose whose);

}  // namespace graphodbc::tools
