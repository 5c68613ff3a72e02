// OAuth scopes: which exist, how a request for them is read, which the tenant has consented to.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace graphodbc::emulator {

// The audience of tokens for scopes written without a resource.
inline constexpr std::string_view kGraphResource = "https://graph.microsoft.com";

struct ScopeRequest {
  bool openid = false;
  bool profile = false;
  bool email = false;
  bool offline_access = false;
  bool everything = false;         // `.default`
  std::vector<std::string> names;  // Graph permissions in their official case
  std::vector<std::string> as_written;
  std::string resource;  // as written before the last slash, or kGraphResource
  bool any_graph() const { return everything || !names.empty(); }
};

// Reads a space separated scope list. `own_urls` are the roots under which this server is Graph.
// Throws SignInError: 70011 (unknown or badly mixed), 28000 (two resources), 500011 (unknown
// resource).
ScopeRequest parse_scopes(std::string_view text, const std::vector<std::string>& own_urls);

// Every delegated permission consented by default: the read-only ones.
std::set<std::string> default_consented_scopes();
// The application permissions (roles) granted by default.
std::set<std::string> default_roles();
// The official spelling of a permission name; empty when it does not exist.
std::string official_scope_name(std::string_view name);

}  // namespace graphodbc::emulator
