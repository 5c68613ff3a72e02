#include "graph/oauth/refresh_provider.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "graph/oauth/sign_in.h"
#include "graph/oauth/token_error.h"
#include "graph/oauth/token_file.h"

namespace graphodbc::graph {
namespace {

using base::Error;

// A refresh token dies 90 days after it was issued (contract sheet b.3); a month before there is
// still time to act.
constexpr std::chrono::days kOldAge{60};

std::string expired_text(const ClientSettings& settings) {
  return "The access token has expired and AutoRefresh is off: set AutoRefresh=yes, or sign in "
         "with " +
         login_command(settings);
}

// Some services hand out the token at hand again, which would be refused again.
void require_another(const AccessToken& issued, const base::Secret* rejected) {
  if (rejected == nullptr || issued.text != *rejected) return;
  throw Error("28000",
              "Graph refused the access token, and the identity service issued the very same one "
              "again: check Account, Scope and Environment");
}

class TokenFileProvider final : public TokenProvider {
 public:
  TokenFileProvider(const ClientSettings& settings, TokenEndpoint& endpoint, WallClock clock,
                    std::function<bool()> keep_waiting)
      : settings_(settings),
        file_(settings.refresh_token_file, login_command(settings)),
        endpoint_(endpoint),
        clock_(std::move(clock)),
        keep_waiting_(std::move(keep_waiting)) {}

  AccessToken obtain(const base::Secret* rejected, const std::string& claims) override {
    StoredTokens stored = file_.read();
    if (!inspected_) inspect(stored);
    if (is_usable(stored, rejected)) return stored.access;
    if (!settings_.auto_refresh) {
      if (rejected == nullptr && !stored.access.text.empty() &&
          !is_expired(stored.access, clock_())) {
        return stored.access;
      }
      throw Error("28000", expired_text(settings_));
    }
    const TokenFileLock lock(file_.path(), keep_waiting_);
    // Another process may have renewed it while we waited.
    stored = file_.read();
    if (is_usable(stored, rejected)) return stored.access;
    return refresh(stored, rejected, claims);
  }

  std::vector<base::Warning> take_warnings() override {
    std::vector<base::Warning> notes = endpoint_.take_warnings();
    std::move(warnings_.begin(), warnings_.end(), std::back_inserter(notes));
    warnings_.clear();
    return notes;
  }

 private:
  bool is_usable(const StoredTokens& stored, const base::Secret* rejected) const {
    if (stored.access.text.empty()) return false;
    if (rejected != nullptr && stored.access.text == *rejected) return false;
    return is_fresh(stored.access, clock_());
  }

  void warn(std::string message) { warnings_.push_back({"01000", std::move(message)}); }

  // Who wrote the file by hand has to mend it; who signed in has to do so again.
  [[noreturn]] void fail_without_refresh_token() const {
    if (needs_person(settings_)) throw no_sign_in(settings_);
    file_.fail_without_refresh_token();
  }

  // What is wrong with the file although it serves.
  void inspect(const StoredTokens& stored) {
    inspected_ = true;
    for (std::string& note : file_.check_modes()) warn(std::move(note));
    if (stored.refresh_token.empty()) {
      // Throws when there is no access token to live on.
      if (!is_usable(stored, nullptr)) fail_without_refresh_token();
      warn("The token file " + file_.path() +
           " has no refresh token, so this ends with the access token: add offline_access to Scope "
           "and sign in again with " +
           login_command(settings_));
      return;
    }
    if (!stored.refresh_token_since) return;
    const auto age = std::chrono::floor<std::chrono::days>(clock_() - *stored.refresh_token_since);
    if (age < kOldAge) return;
    warn("The refresh token in " + file_.path() + " was " + std::to_string(age.count()) +
         " days old; unused for 90 days it dies: let `graphodbc keepalive` run from cron, or sign "
         "in again with " +
         login_command(settings_));
  }

  AccessToken refresh(const StoredTokens& stored, const base::Secret* rejected,
                      const std::string& claims) {
    if (stored.refresh_token.empty()) fail_without_refresh_token();
    // A token that could not be stored is newer than the file's, unless the file changed since.
    const bool unsaved = !unsaved_token_.empty() && stored.refresh_token == token_before_unsaved_;
    const base::Secret& current = unsaved ? unsaved_token_ : stored.refresh_token;
    TokenAnswer answer = redeem(current, claims);
    require_another(answer.access, rejected);
    StoredTokens renewed{answer.access, answer.refresh_token, clock_()};
    if (renewed.refresh_token.empty()) {
      renewed.refresh_token = current;
      renewed.refresh_token_since = stored.refresh_token_since;
    }
    try {
      file_.write(renewed);
      unsaved_token_ = {};
    } catch (const Error& error) {
      // The old refresh token is not revoked by use (contract sheet b.3): go on, but say so.
      warn(error.message() + "; the new tokens are kept in memory only");
      token_before_unsaved_ = stored.refresh_token;
      unsaved_token_ = renewed.refresh_token;
    }
    return std::move(answer.access);
  }

  // Claims that only a person can satisfy are kept for the next sign-in (decisions.md 27).
  TokenAnswer redeem(const base::Secret& refresh_token, const std::string& claims) {
    try {
      return endpoint_.refresh(refresh_token, claims);
    } catch (const TokenRefused& refusal) {
      const std::string& wanted = refusal.body().claims.empty() ? claims : refusal.body().claims;
      if (refusal.state() == base::SqlState("28000") && !wanted.empty()) keep_claims(wanted);
      throw;
    }
  }

  void keep_claims(const std::string& claims) {
    try {
      file_.change({{"claims", claims}});
    } catch (const Error& error) {
      warn(error.message());
    }
  }

  const ClientSettings& settings_;
  TokenFile file_;
  TokenEndpoint& endpoint_;
  WallClock clock_;
  std::function<bool()> keep_waiting_;
  bool inspected_ = false;
  base::Secret unsaved_token_;
  base::Secret token_before_unsaved_;
  std::vector<base::Warning> warnings_;
};

class RefreshTokenProvider final : public TokenProvider {
 public:
  RefreshTokenProvider(const ClientSettings& settings, TokenEndpoint& endpoint, WallClock clock)
      : settings_(settings),
        refresh_token_(settings.refresh_token),
        given_{settings.access_token, settings.token_expires_at, {}},
        endpoint_(endpoint),
        clock_(std::move(clock)) {
    // Of a token whose time nobody knows it is said that it is over (requirements A-N05), unless
    // there is no way to another one.
    if (!given_.expires_at && settings.auto_refresh) given_.text = {};
  }

  AccessToken obtain(const base::Secret* rejected, const std::string& claims) override {
    if (!given_.text.empty() && rejected == nullptr && is_fresh(given_, clock_())) return given_;
    if (!settings_.auto_refresh) throw Error("28000", expired_text(settings_));
    given_ = {};
    TokenAnswer answer = endpoint_.refresh(refresh_token_, claims);
    require_another(answer.access, rejected);
    if (!answer.refresh_token.empty()) refresh_token_ = std::move(answer.refresh_token);
    return std::move(answer.access);
  }

  std::vector<base::Warning> take_warnings() override { return endpoint_.take_warnings(); }

 private:
  const ClientSettings& settings_;
  base::Secret refresh_token_;
  AccessToken given_;
  TokenEndpoint& endpoint_;
  WallClock clock_;
};

}  // namespace

std::unique_ptr<TokenProvider> make_token_file_provider(const ClientSettings& settings,
                                                        TokenEndpoint& endpoint, WallClock clock,
                                                        std::function<bool()> keep_waiting) {
  return std::make_unique<TokenFileProvider>(settings, endpoint, std::move(clock),
                                             std::move(keep_waiting));
}

std::unique_ptr<TokenProvider> make_refresh_token_provider(const ClientSettings& settings,
                                                           TokenEndpoint& endpoint,
                                                           WallClock clock) {
  return std::make_unique<RefreshTokenProvider>(settings, endpoint, std::move(clock));
}

}  // namespace graphodbc::graph
