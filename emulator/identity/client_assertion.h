// Certificate credentials of an application (contract sheet (b.6)).
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/identity/crypto.h"

namespace graphodbc::emulator {

// Verifies JWT client assertions against the registered certificates. Thread-safe.
class AssertionChecker {
 public:
  // `strict` refuses a jti seen before. The real service lets a client send one assertion again
  // while it is valid, and Microsoft's client library does.
  explicit AssertionChecker(bool strict) : strict_(strict) {}

  bool add_certificate(std::string_view pem);

  // The client id an assertion claims to come from, without any check; empty when unreadable.
  static std::string claimed_client(std::string_view assertion);

  // Throws SignInError (invalid_client) unless the assertion is PS256 or RS256 signed by a
  // registered certificate, for this client and for one of these audiences, and within its times.
  void check(std::string_view assertion, std::string_view client_id,
             const std::vector<std::string>& audiences);

  std::uint64_t replays() const;

 private:
  struct Registered {
    Certificate certificate;
    std::string sha1_thumbprint;    // base64url, as `x5t` has it
    std::string sha256_thumbprint;  // base64url, as `x5t#S256` has it
  };

  const bool strict_;
  mutable std::mutex mutex_;
  std::vector<Registered> certificates_;
  std::set<std::string> seen_;
  std::uint64_t replays_ = 0;
};

}  // namespace graphodbc::emulator
