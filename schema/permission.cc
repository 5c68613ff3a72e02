#include "schema/permission.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/utf.h"

namespace graphodbc::schema {
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
  // Directory.AccessAsUser.All reads and writes whatever the signed-in user may.
  if (base::equal_nocase(level, "AccessAsUser")) return 3;
  constexpr std::string_view kLevels[] = {"ReadBasic", "Read", "ReadWrite"};
  for (int i = 0; i < 3; ++i) {
    if (base::equal_nocase(level, kLevels[i])) return i + 1;
  }
  return 0;
}

// Some resources hold others.
bool reaches(std::string_view have, std::string_view want) {
  constexpr std::pair<std::string_view, std::string_view> kWider[] = {
      {"Directory", "User"}, {"Directory", "Group"}, {"Sites", "Files"}};
  return base::equal_nocase(have, want) ||
         std::any_of(std::begin(kWider), std::end(kWider), [&](const auto& pair) {
           return base::equal_nocase(have, pair.first) && base::equal_nocase(want, pair.second);
         });
}

}  // namespace

bool permission_covers(std::string_view granted, std::string_view needed) {
  if (base::equal_nocase(granted, needed)) return true;
  const Permission have = parse(granted);
  const Permission want = parse(needed);
  if (!reaches(have.resource, want.resource)) return false;
  if (rank(have.level) == 0 || rank(have.level) < rank(want.level)) return false;
  if (have.reach == want.reach || want.reach.empty()) return true;
  return base::equal_nocase(have.reach, want.reach);
}

bool holds_one_of(const std::vector<std::string>& wanted, const std::vector<std::string>& granted) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [&](const auto& needed) {
           return std::any_of(granted.begin(), granted.end(),
                              [&](const auto& given) { return permission_covers(given, needed); });
         });
}

}  // namespace graphodbc::schema
