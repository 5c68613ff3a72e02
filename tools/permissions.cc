#include "tools/permissions.h"

namespace graphodbc::tools {

const std::vector<std::string>& granted_permissions(const graph::Identity& identity) {
  return identity.app_only ? identity.roles : identity.scopes;
}

const std::vector<std::string>& wanted_permissions(const schema::Table& table,
                                                   const graph::Identity& identity, Whose whose) {
  if (identity.app_only) return table.least_application;
  const bool others = whose == Whose::kOthers && !table.least_for_others.empty();
  return others ? table.least_for_others : table.least_delegated;
}

bool may_read(const schema::Table& table, const graph::Identity& identity, Whose whose) {
  return schema::holds_one_of(wanted_permissions(table, identity, whose),
                              granted_permissions(identity));
}

}  // namespace graphodbc::tools
