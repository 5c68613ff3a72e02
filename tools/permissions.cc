#include "tools/permissions.h"

#include <algorithm>

#include "base/utf.h"

namespace graphodbc::tools {
namespace {

// Resource.Level[.Reach]
struct Permission {
  std::string_view resource;
  std::string_view level;
  std::string_view reach;
};

Permission parse(std::string_view text) {
  // Scopes may be written with the resource's URL in front.
  text.remove_prefix(text.rfind('/') == std::string_view::npos ? 0 : text.rfind('/') + 1);
  Permission permission;
  const std::size_t first = text.find('.');
  permission.resource = text.substr(0, first);
  if (first == std::string_view::npos) return permission;
  const std::size_t second = text.find('.', first + 1);
  permission.level = text.substr(first + 1, second - first - 1);
  if (second != std::string_view::npos) permission.reach = text.substr(second + 1);
  return permission;
}

int rank(std::string_view level) {
  constexpr std::string_view kLevels[] = {"ReadBasic", "Read", "ReadWrite"};
  for (int i = 0; i < 3; ++i) {
    if (base::equal_nocase(level, kLevels[i])) return i + 1;
  }
  return 0;
}

}  // namespace

bool permission_covers(std::string_view granted, std::string_view needed) {
  if (base::equal_nocase(granted, needed)) return true;
  const Permission have = parse(granted);
  const Permission want = parse(needed);
  const bool directory =
      base::equal_nocase(have.resource, "Directory") &&
      (base::equal_nocase(want.resource, "User") || base::equal_nocase(want.resource, "Group"));
  if (!directory && !base::equal_nocase(have.resource, want.resource)) return false;
  if (rank(have.level) == 0 || rank(have.level) < rank(want.level)) return false;
  if (have.reach == want.reach || want.reach.empty()) return true;
  return base::equal_nocase(have.reach, want.reach);
}

const std::vector<std::string>& granted_permissions(const graph::Identity& identity) {
  return identity.app_only ? identity.roles : identity.scopes;
}

bool may_read(const schema::Table& table, const graph::Identity& identity) {
  const auto& wanted = identity.app_only ? table.least_application : table.least_delegated;
  const auto& granted = granted_permissions(identity);
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [&](const auto& needed) {
           return std::any_of(granted.begin(), granted.end(),
                              [&](const auto& given) { return permission_covers(given, needed); });
         });
}

std::string least_permission(const schema::Table& table, const graph::Identity& identity) {
  const auto& wanted = identity.app_only ? table.least_application : table.least_delegated;
  return wanted.empty() ? std::string() : wanted.front();
}

}  // namespace graphodbc::tools
