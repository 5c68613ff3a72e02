// The account that the process runs as.
#pragma once

#include <string>

namespace graphodbc::base {

// Its home directory by the system's user database, whatever HOME says; empty when that knows none.
std::string account_home();

}  // namespace graphodbc::base
