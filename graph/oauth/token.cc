#include "graph/oauth/token.h"

#include <algorithm>
#include <utility>

#include "graph/oauth/token_endpoint.h"
#include "graph/oauth/token_file.h"

namespace graphodbc::graph {
namespace {

using base::Error;

constexpr std::string_view kExpiredNoRefresh =
    "The access token has expired and AutoRefresh is off: renew it, or set AutoRefresh=yes";

class TokenFileProvider final : public TokenProvider {
 public:
  TokenFileProvider(const ClientSettings& settings, TokenEndpoint& endpoint, WallClock clock,
                    std::function<bool()> keep_waiting)
      : file_(settings.refresh_token_file),
        auto_refresh_(settings.auto_refresh),
        endpoint_(endpoint),
        clock_(std::move(clock)),
        keep_waiting_(std::move(keep_waiting)) {}

  AccessToken obtain(const base::Secret* rejected, const std::string& claims) override {
    StoredTokens stored = file_.read();
    if (is_usable(stored, rejected)) return stored.access;
    if (!auto_refresh_) {
      if (rejected == nullptr && !stored.access.text.empty() &&
          !is_expired(stored.access, clock_())) {
        return stored.access;
      }
      throw Error("28000", std::string(kExpiredNoRefresh));
    }
    const TokenFileLock lock(file_.path(), keep_waiting_);
    // Another process may have renewed it while we waited.
    stored = file_.read();
    if (is_usable(stored, rejected)) return stored.access;
    return refresh(stored, claims);
  }

  std::vector<base::Warning> take_warnings() override { return std::exchange(warnings_, {}); }

 private:
  bool is_usable(const StoredTokens& stored, const base::Secret* rejected) const {
    if (stored.access.text.empty()) return false;
    if (rejected != nullptr && stored.access.text == *rejected) return false;
    return is_fresh(stored.access, clock_());
  }

  AccessToken refresh(const StoredTokens& stored, const std::string& claims) {
    // A token that could not be stored is newer than the file's, unless the file changed since.
    const bool unsaved = !unsaved_token_.empty() && stored.refresh_token == token_before_unsaved_;
    const base::Secret& current = unsaved ? unsaved_token_ : stored.refresh_token;
    TokenAnswer answer = endpoint_.refresh(current, claims);
    if (answer.refresh_token.empty()) answer.refresh_token = current;
    try {
      file_.write({answer.access, answer.refresh_token});
      unsaved_token_ = {};
    } catch (const Error& error) {
      // The old refresh token is not revoked by use (contract sheet b.3): go on, but say so.
      warnings_.push_back({"01000", error.message() + "; the new tokens are kept in memory only"});
      token_before_unsaved_ = stored.refresh_token;
      unsaved_token_ = answer.refresh_token;
    }
    return std::move(answer.access);
  }

  TokenFile file_;
  bool auto_refresh_;
  TokenEndpoint& endpoint_;
  WallClock clock_;
  std::function<bool()> keep_waiting_;
  base::Secret unsaved_token_;
  base::Secret token_before_unsaved_;
  std::vector<base::Warning> warnings_;
};

// RefreshToken in the connection string; rotated in memory. An AccessToken given with it is used
// until the service refuses it.
class RefreshTokenProvider final : public TokenProvider {
 public:
  RefreshTokenProvider(const ClientSettings& settings, TokenEndpoint& endpoint)
      : refresh_token_(settings.refresh_token),
        given_(settings.access_token),
        auto_refresh_(settings.auto_refresh),
        endpoint_(endpoint) {}

  AccessToken obtain(const base::Secret* rejected, const std::string& claims) override {
    if (!given_.empty() && rejected == nullptr) return {given_, std::nullopt, {}};
    if (!auto_refresh_ && (issued_ || !given_.empty())) {
      throw Error("28000", std::string(kExpiredNoRefresh));
    }
    given_ = {};
    TokenAnswer answer = endpoint_.refresh(refresh_token_, claims);
    if (!answer.refresh_token.empty()) refresh_token_ = std::move(answer.refresh_token);
    issued_ = true;
    return std::move(answer.access);
  }

 private:
  base::Secret refresh_token_;
  base::Secret given_;
  bool auto_refresh_;
  bool issued_ = false;
  TokenEndpoint& endpoint_;
};

class FixedTokenProvider final : public TokenProvider {
 public:
  explicit FixedTokenProvider(const ClientSettings& settings) : token_(settings.access_token) {}

  AccessToken obtain(const base::Secret* rejected, const std::string&) override {
    if (rejected != nullptr) {
      throw Error("28000",
                  "Graph refused AccessToken: it has expired or is not meant for this service. Get "
                  "a new one, or give RefreshTokenFilePath or RefreshToken so that the driver can");
    }
    return {token_, std::nullopt, {}};
  }

 private:
  base::Secret token_;
};

class ClientCredentialsProvider final : public TokenProvider {
 public:
  ClientCredentialsProvider(const ClientSettings& settings, TokenEndpoint& endpoint)
      : auto_refresh_(settings.auto_refresh), endpoint_(endpoint) {}

  AccessToken obtain(const base::Secret*, const std::string& claims) override {
    if (issued_ && !auto_refresh_) throw Error("28000", std::string(kExpiredNoRefresh));
    TokenAnswer answer = endpoint_.client_credentials(claims);
    issued_ = true;
    return std::move(answer.access);
  }
  std::optional<bool> app_only() const override { return true; }

 private:
  bool auto_refresh_;
  bool issued_ = false;
  TokenEndpoint& endpoint_;
};

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
                                                   TokenEndpoint& endpoint, WallClock clock,
                                                   std::function<bool()> keep_waiting) {
  if (!settings.refresh_token_file.empty()) {
    return std::make_unique<TokenFileProvider>(settings, endpoint, std::move(clock),
                                               std::move(keep_waiting));
  }
  if (!settings.refresh_token.empty()) {
    return std::make_unique<RefreshTokenProvider>(settings, endpoint);
  }
  if (!settings.access_token.empty()) return std::make_unique<FixedTokenProvider>(settings);
  if (!settings.client_secret.empty()) {
    return std::make_unique<ClientCredentialsProvider>(settings, endpoint);
  }
  throw Error("08001",
              "No credentials: give RefreshTokenFilePath, RefreshToken, AccessToken, or ClientId "
              "with ClientSecret");
}

}  // namespace graphodbc::graph
