#include "base/account.h"

#include <pwd.h>
#include <unistd.h>

namespace graphodbc::base {

std::string account_home() {
  passwd entry = {};
  passwd* found = nullptr;
  std::string buffer(16 * 1024, '\0');
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 ||
      found == nullptr || *found->pw_dir != '/') {
    return {};
  }
  return found->pw_dir;
}

}  // namespace graphodbc::base
