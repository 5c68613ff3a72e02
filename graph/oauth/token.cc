#include "graph/oauth/token.h"

#include <algorithm>
#include <utility>

#include "graph/oauth/azure_cli.h"
#include "graph/oauth/managed_identity.h"
#include "graph/oauth/refresh_provider.h"
#include "graph/oauth/token_endpoint.h"
#include "graph/oauth/token_inspection.h"

namespace graphodbc::graph {
namespace {

using base::Error;

class FixedTokenProvider final : public TokenProvider {
 public:
  FixedTokenProvider(const ClientSettings& settings, WallClock clock)
      : token_{settings.access_token, settings.token_expires_at, {}}, clock_(std::move(clock)) {}

  AccessToken obtain(const base::Secret* rejected, const std::string&) override {
    constexpr std::string_view kAdvice =
        ". Get a new one, or give RefreshTokenFilePath or RefreshToken so that the driver can";
    if (is_expired(token_, clock_())) {
      throw Error("28000", "AccessToken has expired by TokenExpiresAt" + std::string(kAdvice));
    }
    if (rejected != nullptr) {
      throw Error("28000",
                  "Graph refused AccessToken: it has expired or is not meant for this service" +
                      std::string(kAdvice));
    }
    return token_;
  }

 private:
  AccessToken token_;
  WallClock clock_;
};

// A secret, a certificate or a federated token: what differs is how the endpoint is spoken to.
class ClientCredentialsProvider final : public TokenProvider {
 public:
  ClientCredentialsProvider(const ClientSettings& settings, TokenEndpoint& endpoint)
      : auto_refresh_(settings.auto_refresh), endpoint_(endpoint) {}

  AccessToken obtain(const base::Secret*, const std::string& claims) override {
    if (issued_ && !auto_refresh_) {
      throw Error("28000",
                  "The access token has expired and AutoRefresh is off: set AutoRefresh=yes, or "
                  "connect again");
    }
    TokenAnswer answer = endpoint_.client_credentials(claims);
    issued_ = true;
    return std::move(answer.access);
  }
  std::optional<bool> app_only() const override { return true; }
  std::vector<base::Warning> take_warnings() override { return endpoint_.take_warnings(); }

 private:
  bool auto_refresh_;
  bool issued_ = false;
  TokenEndpoint& endpoint_;
};

std::unique_ptr<TokenProvider> choose_provider(const ClientSettings& settings,
                                               TokenEndpoint& endpoint, WallClock clock,
                                               std::function<bool()> keep_waiting) {
  switch (settings.auth_mode) {
    case AuthMode::kRefreshToken:
      if (settings.refresh_token_file.empty()) {
        return make_refresh_token_provider(settings, endpoint, std::move(clock));
      }
      [[fallthrough]];
    case AuthMode::kAuthorizationCode:
    case AuthMode::kDeviceCode:
      return make_token_file_provider(settings, endpoint, std::move(clock),
                                      std::move(keep_waiting));
    case AuthMode::kClientCredentials:
    case AuthMode::kCertificate:
    case AuthMode::kWorkloadIdentity:
      return std::make_unique<ClientCredentialsProvider>(settings, endpoint);
    case AuthMode::kAccessToken:
      return std::make_unique<FixedTokenProvider>(settings, std::move(clock));
    case AuthMode::kManagedIdentity:
      return make_managed_identity_provider(settings, endpoint.poster(), std::move(clock));
    case AuthMode::kAzureCli:
      return make_azure_cli_provider(settings, std::move(keep_waiting));
  }
  throw Error("HY000", "AuthMode has an unknown value");
}

}  // namespace

std::chrono::milliseconds refresh_skew(std::chrono::seconds lifetime) {
  return std::min(std::chrono::milliseconds(300'000), std::chrono::milliseconds(lifetime) / 4);
}

bool is_fresh(const AccessToken& token, WallTime now) {
  if (!token.expires_at) return true;
  return now + refresh_skew(token.lifetime) < *token.expires_at;
}

bool is_expired(const AccessToken& token, WallTime now) {
  return token.expires_at && now >= *token.expires_at;
}

std::unique_ptr<TokenProvider> make_token_provider(const ClientSettings& settings,
                                                   TokenEndpoint& endpoint, const WallClock& clock,
                                                   std::function<bool()> keep_waiting) {
  endpoint.prepare();
  return make_inspecting_provider(
      settings, choose_provider(settings, endpoint, clock, std::move(keep_waiting)), clock);
}

}  // namespace graphodbc::graph
