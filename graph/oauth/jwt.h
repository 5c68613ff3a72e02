// What an access token says about its subject, when it happens to be a readable JWT. A hint only:
// signatures are not checked and an unreadable token is no error (decisions.md 28).
#pragma once

#include <string_view>

#include "graph/oauth/identity.h"

namespace graphodbc::graph {

Identity identity_from_token(std::string_view access_token);

}  // namespace graphodbc::graph
