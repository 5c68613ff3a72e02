// What the permissions of the ReadBasic kind do not show.
#pragma once

#include <string>
#include <vector>

#include "schema/table.h"

namespace graphodbc::schema {

// Mail.ReadBasic, User.ReadBasic.All, Calendars.ReadBasic.All ...
bool is_basic_permission(const std::string& permission);

// The permissions of the list that show everything.
std::vector<std::string> full_permissions(const std::vector<std::string>& permissions);

// Whether Graph keeps the column from a token that has no more than the table's ReadBasic
// permission. False for what is no property, and in tables that know no such permission.
bool is_withheld(const Table& table, const Column& column);

}  // namespace graphodbc::schema
