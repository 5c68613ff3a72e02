// How the connection signs in: AuthMode, given or told from the other keys, and what that mode
// needs (requirements A-U01..A-U13, A-N02..A-N11, A-P30).
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "config/values.h"

namespace graphodbc::config {

// After read_addresses(). Drops from `values` the keys of the DSN that a sign-in named by the
// connection string overrides. Throws Error HY024 for values, 08001 for what is missing or
// contradictory, naming the keys.
void read_credentials(Values& values, Settings& settings, std::vector<base::Warning>& warnings);

// A secret as it is, or by reference: `env:NAME` or `file:PATH` (its text without the last line
// break). Throws Error 08001 naming key and reference. `warnings` gets a note when other users can
// read the file.
std::string read_secret(const Values& values, Key key, std::vector<base::Warning>& warnings);

}  // namespace graphodbc::config
