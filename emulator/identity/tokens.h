// Access, id and refresh tokens: issuing, checking, revoking. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/http_types.h"
#include "emulator/identity/crypto.h"
#include "emulator/identity/tenant.h"

namespace graphodbc::emulator {

struct SignedInUser {
  std::string id;
  std::string upn;
  std::string name;
};

struct AccessGrant {
  std::string client_id;
  std::optional<SignedInUser> user;  // absent: app-only
  std::vector<std::string> permissions;
  std::string audience;
};

struct RefreshGrant {
  std::string client_id;
  SignedInUser user;
  std::string scope;  // as asked for, space separated
};

enum class AccessVerdict { kValid, kMissing, kGarbled, kForeign, kExpired, kRevoked };

struct AccessCheck {
  AccessVerdict verdict = AccessVerdict::kMissing;
  Principal principal;
};

class TokenIssuer {
 public:
  TokenIssuer(const Tenant& tenant, std::chrono::seconds lifetime, bool rotation_revokes);

  std::string issue_access_token(const AccessGrant& grant, const std::string& base_url);
  std::string issue_id_token(const SignedInUser& user, const std::string& client_id,
                             const std::string& nonce, const std::string& base_url);
  std::string issue_refresh_token(const RefreshGrant& grant);

  // Reads an Authorization header's value.
  AccessCheck check_access(std::optional<std::string_view> authorization);

  // Throws SignInError (invalid_grant) for what is not ours, revoked or, with rotation_revokes,
  // used before.
  RefreshGrant redeem_refresh_token(std::string_view token, std::string_view client_id);

  void set_lifetime(std::chrono::seconds lifetime);
  std::chrono::seconds lifetime() const;

  // From now on refuses what has been issued up to now; `aadsts` is the number refreshes answer.
  void revoke_refresh_tokens(int aadsts);
  void revoke_refresh_token(const std::string& token, int aadsts);
  void revoke_access_tokens();

  std::string sign_jwt(const std::string& payload) const;
  bool is_own_signature(std::string_view token) const;
  std::string jwks() const;  // JSON Web Key Set (RFC 7517) of the signing key

 private:
  using Clock = std::chrono::system_clock;

  struct IssuedAccess {
    Principal principal;
    Clock::time_point expires;
    std::uint64_t generation;
  };

  void forget_old_tokens();

  const Tenant& tenant_;
  const Key key_;
  const Certificate certificate_;
  const std::string key_id_;
  mutable std::mutex mutex_;
  std::chrono::seconds lifetime_;
  const bool rotation_revokes_;
  std::unordered_map<std::string, IssuedAccess> access_;
  std::uint64_t access_generation_ = 0;  // raised by revoke_access_tokens()
  std::int64_t refresh_valid_from_us_ = 0;
  int refresh_refusal_ = 0;
  std::map<std::string, int> dead_refresh_;  // token identifier to AADSTS number
};

}  // namespace graphodbc::emulator
