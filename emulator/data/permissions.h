// What a token may read (contract (h): 403 otherwise).
#pragma once

#include "emulator/http_types.h"

namespace graphodbc::emulator::data {

enum class Access { kNone, kBasic, kFull };

// `own` tells that the data belongs to the signed-in user; delegated tokens need the .Shared or
// .All permissions for anybody else's. Application tokens read every user's.
Access mail_access(const Principal& principal, bool own);
Access calendar_access(const Principal& principal, bool own);
Access contacts_access(const Principal& principal, bool own);
Access files_access(const Principal& principal, bool own);
// Profiles of users: the signed-in user's own, or anybody's.
Access profile_access(const Principal& principal, bool own);
Access settings_access(const Principal& principal, bool own);

}  // namespace graphodbc::emulator::data
