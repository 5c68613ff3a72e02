// Names of the user's own (data sources) as names of files.
#pragma once

#include <string>
#include <string_view>

namespace graphodbc::base {

// Letters in lower case, since names of data sources are compared without it; whatever else is no
// digit or one of ._- is %XX, and so is a leading dot. So names that differ in more than case stay
// different, and none is hidden or leads into another folder. "%default" for an empty name, which
// no other name gives. At most three times as long as `name`: who calls sees to the 255 bytes of
// file systems.
std::string file_name_of(std::string_view name);

}  // namespace graphodbc::base
