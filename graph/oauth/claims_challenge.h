// Claims challenges: a 401 that asks for a token with certain claims (contract sheet (h)).
#pragma once

#include <string>

#include "graph/http.h"

namespace graphodbc::graph {

// How often a request is answered with new tokens: the first one may turn out to be a token that
// another process had got without the claims.
inline constexpr int kMaxChallenges = 2;

// The JSON of `claims` in a Bearer challenge of WWW-Authenticate, base64 undone; empty when there
// is none that can be read. Header names in lower case.
std::string challenged_claims(const Headers& headers);

}  // namespace graphodbc::graph
