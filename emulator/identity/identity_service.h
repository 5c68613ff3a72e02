// The OAuth 2.0 side of the emulator: authorize, token, device code, discovery (contract sheet
// (b)).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/http_types.h"
#include "emulator/identity/client_assertion.h"
#include "emulator/identity/scopes.h"
#include "emulator/identity/sign_in_error.h"
#include "emulator/identity/tenant.h"
#include "emulator/identity/tokens.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator {

struct IdentityOptions {
  std::uint64_t seed = 1;
  std::chrono::seconds token_lifetime{3600};
  bool rotation_revokes = false;   // a refresh token dies when it is used
  bool strict_assertions = false;  // a client assertion's jti is accepted once
  int device_interval_seconds = 5;
  int device_approve_after_polls = 0;  // 0: only the page or the control API approves
};

// Thread-safe.
class IdentityService {
 public:
  IdentityService(const IdentityOptions& options, UserDirectory directory);

  // Whether a path belongs to the login host's half of the address space.
  static bool owns(std::string_view path);
  Response handle(const Request& request);

  AccessCheck check_access(std::optional<std::string_view> authorization) {
    return tokens_.check_access(authorization);
  }
  // `claims` value of a WWW-Authenticate challenge: base64 of the JSON to pass to /authorize.
  static std::string claims_challenge();

  const Tenant& tenant() const { return tenant_; }
  const UserDirectory& directory() const { return directory_; }
  TokenIssuer& tokens() { return tokens_; }
  // A token that needs no sign-in: for the account, with every consented scope.
  std::string preissued_refresh_token(const AppRegistration& app);
  std::string preissued_access_token(const AppRegistration& app, const std::string& base_url);
  std::string default_scope() const;  // offline_access, openid ... and the consented scopes

  // What a program on App Service finds in IDENTITY_HEADER.
  std::string identity_header() const;
  // Client id of the identity that was assigned to the resource besides its own.
  std::string user_assigned_identity() const;
  // A token that the cluster issues to a workload; `subject` empty: the one that the confidential
  // application trusts.
  std::string federated_token(const std::string& subject, std::chrono::seconds lifetime,
                              const std::string& base_url);

  // For the control API.
  bool register_certificate(std::string_view pem);  // false: no certificate in the text
  bool decide_device_code(std::string_view user_code, bool approve);  // false: unknown code
  void set_device_behaviour(std::optional<int> interval_seconds, std::optional<int> approve_after);
  // Unknown permission names are added as they are written.
  void set_consent(const std::vector<std::string>& scopes);
  void set_roles(const std::vector<std::string>& roles);
  void add_redirect_uri(const std::string& uri);
  std::uint64_t replayed_assertions() const { return assertions_.replays(); }

 private:
  using Clock = std::chrono::system_clock;

  struct Authorization {  // what an authorization code stands for
    std::string client_id;
    std::string redirect_uri;
    SignedInUser user;
    std::string scope;
    std::string nonce;
    std::string challenge;
    bool challenge_is_hash = false;
    Clock::time_point expires;
    bool redeemed = false;
  };

  struct DeviceCode {
    std::string client_id;
    std::string user_code;
    std::string scope;
    Clock::time_point expires;
    std::optional<std::chrono::steady_clock::time_point> last_poll;
    int polls = 0;
    enum class State { kPending, kApproved, kDeclined, kRedeemed } state = State::kPending;
  };

  struct TenantChoice {
    bool shared = false;  // common or organizations
  };

  // What a token request is worked on with.
  struct TokenRequest {
    const Request& http;
    Parameters form;
    TenantChoice tenant;
    std::string token_url;
    const AppRegistration* app = nullptr;

    std::string_view required(std::string_view name) const;  // throws 900144
    std::string_view optional(std::string_view name) const {
      return find_parameter(form, name).value_or(std::string_view());
    }
  };

  TenantChoice choose_tenant(std::string_view segment) const;
  std::vector<std::string> own_urls(const Request& request) const;
  SignedInUser account() const;
  // The Graph permissions of a scope request; throws 65001 for what nobody consented to.
  std::vector<std::string> consented(const ScopeRequest& scopes) const;

  Response handle_authorize(const Request& request, std::string_view tenant);
  std::string authorize(const Request& request, const Parameters& parameters,
                        const AppRegistration& app, std::string_view redirect_uri);
  SignedInUser choose_user(std::string_view login_hint) const;

  static bool is_machine_path(std::string_view path);
  Response handle_machine(const Request& request);
  Response machine_token(const Request& request, const std::string& resource,
                         const std::string& client_id);
  static bool is_federated(std::string_view assertion, const std::string& base_url);
  void check_federated(std::string_view assertion) const;

  Response handle_token(const Request& request, std::string_view tenant);
  void authenticate_client(TokenRequest& token_request);
  void check_secret(const AppRegistration& app, std::string_view secret) const;
  Response grant_code(const TokenRequest& token_request);
  Response grant_refresh(const TokenRequest& token_request);
  Response grant_client_credentials(const TokenRequest& token_request);
  Response grant_device_code(const TokenRequest& token_request);
  Response user_tokens(const TokenRequest& token_request, const SignedInUser& user,
                       const std::string& granted_scope, const std::string& asked_scope,
                       const std::string& nonce);

  Response handle_device_code(const Request& request, std::string_view tenant);
  Response handle_device_page(const Request& request);

  Response openid_configuration(const Request& request, std::string_view tenant) const;
  Response instance_discovery(const Request& request) const;
  Response user_info(const Request& request);

  const IdentityOptions options_;
  const UserDirectory directory_;
  Tenant tenant_;
  TokenIssuer tokens_;
  AssertionChecker assertions_;

  mutable std::mutex mutex_;  // guards everything below
  std::map<std::string, Authorization> codes_;
  std::map<std::string, DeviceCode> device_codes_;
  std::set<std::string> consented_scopes_ = default_consented_scopes();
  std::set<std::string> roles_ = default_roles();
  std::vector<std::string> extra_redirect_uris_;
  int device_interval_;
  int device_approve_after_;
};

}  // namespace graphodbc::emulator
