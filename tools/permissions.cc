#include "tools/permissions.h"

namespace graphodbc::tools {

const std::vector<std::string>& granted_permissions(const graph::Identity& identity) {
  return identity.app_only ? identity.roles : identity.scopes;
}

bool may_read(const schema::Table& table, const graph::Identity& identity) {
  const auto& wanted = identity.app_only ? table.least_application : table.least_delegated;
  return schema::holds_one_of(wanted, granted_permissions(identity));
}

std::string least_permission(const schema::Table& table, const graph::Identity& identity) {
  const auto& wanted = identity.app_only ? table.least_application : table.least_delegated;
  return wanted.empty() ? std::string() : wanted.front();
}

}  // namespace graphodbc::tools
