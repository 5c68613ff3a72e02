// The throw-away tenant: its ids, its two app registrations and who may sign in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace graphodbc::emulator {

// The people of the tenant, as the data half knows them.
struct UserDirectory {
  std::string account_upn;
  std::string account_id;
  std::function<std::string(std::string_view id_or_upn)> user_id;  // empty when unknown
  std::function<std::string(std::string_view user_id)> display_name;
};

struct AppRegistration {
  std::string client_id;
  bool confidential = false;
  std::string secret;          // the value
  std::string expired_secret;  // a second value, past its date
  std::vector<std::string> redirect_uris;
};

struct Tenant {
  std::string id;
  std::string domain;  // of the account's user principal name
  AppRegistration web_app;
  AppRegistration native_app;
  std::string refresh_key;  // signs refresh tokens, so that they outlive a restart

  const AppRegistration* find_app(std::string_view client_id) const;
};

// All of it depends on the seed alone. Secrets hold characters that must be percent-encoded.
Tenant make_tenant(std::uint64_t seed, const std::string& account_upn);

// Contract sheet (b.1) point 3: the port is ignored for loopback, the path is not; a missing path
// equals "/".
bool redirect_uri_matches(std::string_view registered, std::string_view given);

// Appends parameters to a redirect URI; one without a path gets "/".
std::string redirect_target(std::string_view redirect_uri, std::string_view query);

}  // namespace graphodbc::emulator
