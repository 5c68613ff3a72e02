// What a connection's settings and its first token tell beforehand about trouble to come
// (requirements A-U05, A-U08, A-U13, A-P30). Tokens are read, not trusted (decisions.md 28).
#pragma once

#include <memory>
#include <vector>

#include "base/error.h"
#include "graph/client_settings.h"
#include "graph/oauth/identity.h"
#include "graph/oauth/token.h"

namespace graphodbc::graph {

// 01000: a client secret near its end, permissions in Scope where only `.default` is sent.
std::vector<base::Warning> inspect_settings(const ClientSettings& settings, WallTime now);

// 01000: a token of another kind than AuthMode means, an application without permissions. Throws
// Error 28000 for a token of another national cloud.
std::vector<base::Warning> inspect_token(const ClientSettings& settings, const Identity& identity);

// The provider with both inspections around its first token. The settings must outlive it.
std::unique_ptr<TokenProvider> make_inspecting_provider(const ClientSettings& settings,
                                                        std::unique_ptr<TokenProvider> provider,
                                                        WallClock clock);

}  // namespace graphodbc::graph
