#include "emulator/identity/scopes.h"

#include <algorithm>
#include <array>

#include "emulator/identity/sign_in_error.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

enum Grant : unsigned { kKnown = 0, kUser = 1, kRole = 2 };  // consented by default as ...

struct Permission {
  std::string_view name;
  unsigned grant;
};

// Names from the Microsoft Graph permissions reference; the defaults are the read-only ones
// (decisions 29).
constexpr std::array kPermissions = {
    Permission{"AuditLog.Read.All", kUser | kRole},
    Permission{"Calendars.Read", kUser | kRole},
    Permission{"Calendars.Read.Shared", kUser},
    Permission{"Calendars.ReadBasic", kUser},
    Permission{"Calendars.ReadBasic.All", kRole},
    Permission{"Calendars.ReadWrite", kKnown},
    Permission{"Calendars.ReadWrite.Shared", kKnown},
    Permission{"Channel.ReadBasic.All", kUser | kRole},
    Permission{"ChannelMessage.Read.All", kUser | kRole},
    Permission{"ChannelMessage.Send", kKnown},
    Permission{"Chat.Read", kUser},
    Permission{"Chat.ReadWrite", kKnown},
    Permission{"Contacts.Read", kUser | kRole},
    Permission{"Contacts.Read.Shared", kUser},
    Permission{"Contacts.ReadWrite", kKnown},
    Permission{"Contacts.ReadWrite.Shared", kKnown},
    Permission{"Device.Read.All", kUser | kRole},
    Permission{"Directory.Read.All", kUser | kRole},
    Permission{"Directory.ReadWrite.All", kKnown},
    Permission{"Files.Read", kUser},
    Permission{"Files.Read.All", kUser | kRole},
    Permission{"Files.Read.Selected", kUser},
    Permission{"Files.ReadWrite", kKnown},
    Permission{"Files.ReadWrite.All", kKnown},
    Permission{"Group.Read.All", kUser | kRole},
    Permission{"Group.ReadWrite.All", kKnown},
    Permission{"GroupMember.Read.All", kUser | kRole},
    Permission{"Mail.Read", kUser | kRole},
    Permission{"Mail.Read.Shared", kUser},
    Permission{"Mail.ReadBasic", kUser | kRole},
    Permission{"Mail.ReadBasic.All", kRole},
    Permission{"Mail.ReadBasic.Shared", kUser},
    Permission{"Mail.ReadWrite", kKnown},
    Permission{"Mail.ReadWrite.Shared", kKnown},
    Permission{"Mail.Send", kKnown},
    Permission{"Mail.Send.Shared", kKnown},
    Permission{"MailboxSettings.Read", kUser | kRole},
    Permission{"MailboxSettings.ReadWrite", kKnown},
    Permission{"Notes.Read", kUser},
    Permission{"Notes.Read.All", kUser | kRole},
    Permission{"Organization.Read.All", kUser | kRole},
    Permission{"People.Read", kUser},
    Permission{"People.Read.All", kUser | kRole},
    Permission{"Presence.Read", kUser},
    Permission{"Presence.Read.All", kUser | kRole},
    Permission{"Reports.Read.All", kUser | kRole},
    Permission{"Sites.Read.All", kUser | kRole},
    Permission{"Sites.ReadWrite.All", kKnown},
    Permission{"Sites.Selected", kKnown},
    Permission{"Tasks.Read", kUser},
    Permission{"Tasks.Read.All", kRole},
    Permission{"Tasks.Read.Shared", kUser},
    Permission{"Tasks.ReadWrite", kKnown},
    Permission{"Team.ReadBasic.All", kUser | kRole},
    Permission{"TeamMember.Read.All", kUser | kRole},
    Permission{"User.Read", kUser},
    Permission{"User.Read.All", kUser | kRole},
    Permission{"User.ReadBasic.All", kUser | kRole},
    Permission{"User.ReadWrite", kKnown},
    Permission{"User.ReadWrite.All", kKnown},
};

std::set<std::string> granted_as(unsigned grant) {
  std::set<std::string> names;
  for (const auto& permission : kPermissions) {
    if ((permission.grant & grant) != 0) names.emplace(permission.name);
  }
  return names;
}

bool is_graph(std::string_view resource, const std::vector<std::string>& own_urls) {
  if (equal_ignoring_case(resource, kGraphResource)) return true;
  // Graph's own application id, the same in every tenant.
  if (equal_ignoring_case(resource, "00000003-0000-0000-c000-000000000000")) return true;
  return std::any_of(own_urls.begin(), own_urls.end(),
                     [&](const auto& url) { return equal_ignoring_case(resource, url); });
}

bool read_oidc_scope(std::string_view item, ScopeRequest& request) {
  if (equal_ignoring_case(item, "openid")) return request.openid = true;
  if (equal_ignoring_case(item, "profile")) return request.profile = true;
  if (equal_ignoring_case(item, "email")) return request.email = true;
  if (equal_ignoring_case(item, "offline_access")) return request.offline_access = true;
  return false;
}

SignInError invalid_scope(std::string_view item) {
  return {"invalid_scope", 70011,
          "The provided value for the input parameter 'scope' is not valid. The scope " +
              std::string(item) + " is not valid.",
          ""};
}

}  // namespace

std::string official_scope_name(std::string_view name) {
  const auto* found = std::find_if(
      kPermissions.begin(), kPermissions.end(),
      [&](const Permission& permission) { return equal_ignoring_case(permission.name, name); });
  return found == kPermissions.end() ? std::string() : std::string(found->name);
}

std::set<std::string> default_consented_scopes() {
  return granted_as(kUser);
}
std::set<std::string> default_roles() {
  return granted_as(kRole);
}

ScopeRequest parse_scopes(std::string_view text, const std::vector<std::string>& own_urls) {
  ScopeRequest request;
  for (const auto item : split(text, ' ')) {
    if (item.empty() || read_oidc_scope(item, request)) continue;
    const auto slash = item.rfind('/');
    const bool prefixed = slash != std::string_view::npos;
    const std::string resource(prefixed ? item.substr(0, slash) : kGraphResource);
    if (!is_graph(resource, own_urls)) {
      throw SignInError{"invalid_resource", 500011,
                        "The resource principal named " + resource +
                            " was not found in the tenant. This can happen if the application has "
                            "not been installed by the administrator of the tenant.",
                        ""};
    }
    if (!request.resource.empty() && !equal_ignoring_case(request.resource, resource)) {
      throw SignInError{"invalid_scope", 28000,
                        "Provided value for the input parameter scope is not valid because it "
                        "contains more than one resource.",
                        ""};
    }
    request.resource = resource;
    const auto name = prefixed ? item.substr(slash + 1) : item;
    if (equal_ignoring_case(name, ".default")) {
      request.everything = true;
    } else {
      const std::string official = official_scope_name(name);
      if (official.empty()) throw invalid_scope(item);
      request.names.push_back(official);
    }
    request.as_written.emplace_back(item);
  }
  if (request.everything && !request.names.empty()) {
    throw SignInError{"invalid_scope", 70011,
                      "The provided value for the input parameter 'scope' is not valid. "
                      "Scope '.default' can't be combined with resource-specific scopes.",
                      ""};
  }
  if (request.resource.empty()) request.resource = std::string(kGraphResource);
  return request;
}

}  // namespace graphodbc::emulator
