// microsoft.graph.user over the seeded users.
#pragma once

#include "emulator/data/resource.h"
#include "emulator/data/tenant.h"

namespace graphodbc::emulator::data {

struct UserView {
  const Tenant* tenant;
  std::uint32_t index;
  const User& user() const { return tenant->users()[index]; }
};

const Schema<UserView>& user_schema();

}  // namespace graphodbc::emulator::data
