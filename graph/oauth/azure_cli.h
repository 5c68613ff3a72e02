// Tokens of whoever is signed in to the Azure CLI: `az account get-access-token`.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "graph/client_settings.h"
#include "graph/oauth/token.h"

namespace graphodbc::graph {

// `keep_waiting` answers false when the connection is being closed; the program is ended then. The
// settings must outlive it.
std::unique_ptr<TokenProvider> make_azure_cli_provider(const ClientSettings& settings,
                                                       std::function<bool()> keep_waiting);

// What the program prints: accessToken, and expires_on (seconds since 1970) or expiresOn (local
// time). nullopt: no token in it.
std::optional<AccessToken> parse_cli_token(std::string_view json);

}  // namespace graphodbc::graph
