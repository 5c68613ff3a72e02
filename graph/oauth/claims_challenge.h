// Claims challenges: a 401 that asks for a token with certain claims (contract sheet (h)).
#pragma once

#include <string>

#include "graph/http.h"

namespace graphodbc::graph {

// The JSON of `claims` in a Bearer challenge of WWW-Authenticate, base64 undone; empty when there
// is none that can be read. Header names in lower case.
std::string challenged_claims(const Headers& headers);

}  // namespace graphodbc::graph
