// Tokens of an Azure resource's managed identity: from App Service and its kin (IDENTITY_ENDPOINT
// and IDENTITY_HEADER), from Azure Arc's agent (azure_arc.h), else from the machine's metadata
// service (Azure topics "How to use managed identities for App Service" and "... on an Azure VM to
// acquire an access token").
#pragma once

#include <memory>
#include <string_view>

#include "graph/client_settings.h"
#include "graph/oauth/azure_arc.h"
#include "graph/oauth/token.h"
#include "graph/oauth/token_endpoint.h"

namespace graphodbc::graph {

// settings.client_id names a user-assigned identity; empty: the resource's own. Settings and poster
// must outlive it.
std::unique_ptr<TokenProvider> make_managed_identity_provider(
    const ClientSettings& settings, FormPoster& poster, WallClock clock,
    std::string_view arc_folder = kArcTokenFolder);

}  // namespace graphodbc::graph
