// Access tokens and where they come from.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "graph/client_settings.h"

namespace graphodbc::graph {

using WallTime = std::chrono::system_clock::time_point;
using WallClock = std::function<WallTime()>;

struct AccessToken {
  base::Secret text;
  // When it stops being good, by the issuer's word; nullopt: unknown, good until refused.
  std::optional<WallTime> expires_at;
  std::chrono::seconds lifetime{0};  // as issued; 0 when unknown
};

// Time before expiry from which on a token is replaced: min(300 s, a quarter of its lifetime)
// (decisions.md 27).
std::chrono::milliseconds refresh_skew(std::chrono::seconds lifetime);
// True when the token may be used without asking for another.
bool is_fresh(const AccessToken& token, WallTime now);
// True when it is past its time for certain.
bool is_expired(const AccessToken& token, WallTime now);

// One way of getting tokens. Used by one thread at a time; obtain() may block on network and locks.
// Further sign-in flows are further implementations.
class TokenProvider {
 public:
  virtual ~TokenProvider() = default;
  // A token to use now. `rejected`: the text of a token that the service just refused; another one
  // is wanted (null: none was refused). `claims`: JSON of a claims challenge that came with the
  // refusal, to be passed on; empty: none. Throws Error 28000 (refused), 08001 (unreachable, token
  // file), 08S01 (aborted).
  virtual AccessToken obtain(const base::Secret* rejected, const std::string& claims) = 0;
  AccessToken obtain(const base::Secret* rejected) { return obtain(rejected, {}); }
  // App-only by construction; nullopt when only the token can tell.
  virtual std::optional<bool> app_only() const { return std::nullopt; }
  // Notes (class 01) since the last call.
  virtual std::vector<base::Warning> take_warnings() { return {}; }
};

class TokenEndpoint;

// By settings.auth_mode, with the notes of token_inspection.h. Settings and endpoint must outlive
// it. Throws Error 08001 for a certificate that will not do. `keep_waiting` answers false when the
// connection is being closed: waits for the file lock or for another program end then.
std::unique_ptr<TokenProvider> make_token_provider(const ClientSettings& settings,
                                                   TokenEndpoint& endpoint, const WallClock& clock,
                                                   std::function<bool()> keep_waiting);

}  // namespace graphodbc::graph
