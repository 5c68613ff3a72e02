// Graph's permissions by name, as tables want them and tokens hold them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace graphodbc::schema {

// True when `granted` holds `needed`, or gives more: Mail.ReadWrite holds Mail.Read, which holds
// Mail.ReadBasic; X.Read.All holds X.Read; Directory.Read.All holds User.Read.All; Sites.Read.All
// holds Files.Read.All (Graph permissions reference). Compared without case.
bool permission_covers(std::string_view granted, std::string_view needed);

// One of the permissions that are `wanted` is granted, or none is wanted.
bool holds_one_of(const std::vector<std::string>& wanted, const std::vector<std::string>& granted);

}  // namespace graphodbc::schema
