// Access tokens by refresh token: from the token file, or from the connection string.
#pragma once

#include <functional>
#include <memory>

#include "graph/oauth/token.h"
#include "graph/oauth/token_endpoint.h"

namespace graphodbc::graph {

// Of settings.refresh_token_file, which other connections and processes share. `keep_waiting`
// answers false when the connection is being closed.
std::unique_ptr<TokenProvider> make_token_file_provider(const ClientSettings& settings,
                                                        TokenEndpoint& endpoint, WallClock clock,
                                                        std::function<bool()> keep_waiting);

// Of settings.refresh_token, rotated in memory; settings.access_token is used first while it lasts.
std::unique_ptr<TokenProvider> make_refresh_token_provider(const ClientSettings& settings,
                                                           TokenEndpoint& endpoint,
                                                           WallClock clock);

}  // namespace graphodbc::graph
