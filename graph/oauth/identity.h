// Who an access token speaks for. A hint from JWT claims whose signature nobody checked, for
// messages, USER(), `graphodbc whoami` and the choice between /me and /users; never for security
// (decisions.md 28).
#pragma once

#include <string>
#include <vector>

namespace graphodbc::graph {

struct Identity {
  std::string user_name;  // UPN of the signed-in user; empty when unknown or app-only
  bool app_only = false;
  std::string display_name;
  std::string object_id;  // of the user or the service principal
  std::string tenant_id;
  std::string client_id;
  std::string audience;             // who the token is for: a URL or Graph's application id
  std::vector<std::string> scopes;  // delegated permissions ("scp")
  std::vector<std::string> roles;   // application permissions ("roles")
};

}  // namespace graphodbc::graph
