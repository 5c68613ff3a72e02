#include "graph/oauth/sign_in.h"

#include <cstdlib>
#include <string_view>
#include <utility>

#include "base/account.h"
#include "base/file_name.h"
#include "graph/oauth/interactive_flow.h"
#include "graph/oauth/jwt.h"
#include "graph/oauth/token_error.h"
#include "graph/oauth/token_file.h"
#include "graph/transport_poster.h"

namespace graphodbc::graph {
namespace {

using base::Error;
using std::chrono::steady_clock;

// The sign-in page gives up at about that time too (contract sheet b.1, point 6).
constexpr std::chrono::minutes kLongestBrowserSignIn{10};
constexpr char kClaimsMember[] = "claims";

WallTime wall_now() {
  return std::chrono::system_clock::now();
}

void check_settings(const ClientSettings& settings) {
  const auto require = [](const std::string& value, std::string_view key) {
    if (!value.empty()) return;
    throw Error("08001", std::string(key) + " is missing: signing in needs it");
  };
  require(settings.client_id, "ClientId");
  require(settings.token_url, "TokenUrl");
  if (settings.auth_mode == AuthMode::kDeviceCode) {
    require(settings.device_code_url, "DeviceCodeUrl");
  } else {
    require(settings.auth_url, "AuthUrl");
    require(settings.return_url, "ReturnUrl");
  }
}

// Neither shown nor answered in time: trouble that the sign-in page tells the person only.
Error browser_timeout(const ClientSettings& settings, const std::string& redirect_uri) {
  return {"HYT00",
          "No answer came from the browser in time. If its page shows an error, read it: redirect "
          "URI, app or tenant may be wrong (AADSTS50011, 700016, 90002). The app registration of "
          "ClientId " +
              settings.client_id + " must list the redirect URI " + settings.return_url +
              (redirect_uri == settings.return_url ? "" : " (any port)") +
              " under mobile and desktop applications"};
}

std::string home_folder() {
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return home;
  if (std::string account = base::account_home(); !account.empty()) return account;
  throw Error("08001",
              "No home directory is known to keep the tokens in: set HOME or XDG_STATE_HOME, or "
              "give RefreshTokenFilePath");
}

// Ends the waits when the person gives up or the time is over, and tells which it was.
class Patience {
 public:
  Patience(SignInPrompt& prompt, Deadline deadline) : prompt_(prompt), deadline_(deadline) {}

  bool goes_on() {
    if (deadline_ && steady_clock::now() >= *deadline_) timed_out_ = true;
    if (!timed_out_ && !given_up_ && !prompt_.keep_waiting()) given_up_ = true;
    return !timed_out_ && !given_up_;
  }
  bool timed_out() const { return timed_out_; }
  bool given_up() const { return given_up_; }

 private:
  SignInPrompt& prompt_;
  Deadline deadline_;
  bool timed_out_ = false;
  bool given_up_ = false;
};

class SignIn {
 public:
  SignIn(const ClientSettings& settings, SignInPrompt& prompt, Deadline deadline)
      : settings_(settings),
        prompt_(prompt),
        by_device_(settings.auth_mode == AuthMode::kDeviceCode),
        patience_(prompt, deadline || by_device_
                              ? deadline
                              : Deadline(steady_clock::now() + kLongestBrowserSignIn)),
        file_(token_file_of(settings), login_command(settings)),
        transport_(transport_options(settings)),
        poster_(transport_, settings.log, [this] { return patience_.goes_on(); }),
        endpoint_(settings, poster_, wall_now) {}
  // The transport first: what it still does may speak to the poster.
  ~SignIn() { transport_.stop(); }
  SignIn(const SignIn&) = delete;
  SignIn& operator=(const SignIn&) = delete;

  SignedIn run(std::string claims) {
    endpoint_.prepare();
    // Before anybody goes to the trouble of signing in.
    file_.prepare_replace();
    if (claims.empty()) claims = file_.member(kClaimsMember);
    const TokenAnswer answer = obtain(claims);
    SignedIn result;
    result.identity = identity_from_token(answer.access.text.reveal());
    result.granted_scope = answer.scope;
    result.lifetime = answer.access.lifetime;
    result.can_refresh = !answer.refresh_token.empty();
    result.warnings = std::move(warnings_);
    for (base::Warning& note : endpoint_.take_warnings()) result.warnings.push_back(note);
    if (!result.can_refresh) {
      result.warnings.push_back(
          {"01000",
           "No refresh token came, so this sign-in ends with its access token: add offline_access "
           "to Scope and sign in again"});
    }
    store(answer, result);
    return result;
  }

 private:
  TokenAnswer obtain(const std::string& claims) {
    if (by_device_) {
      return explained([&] {
        return DeviceCodeFlow(settings_, endpoint_, poster_, prompt_, wall_now).run(claims);
      });
    }
    AuthorizationCodeFlow flow(settings_, endpoint_, prompt_,
                               [this] { return patience_.goes_on(); });
    TokenAnswer answer = explained([&] { return flow.run(claims); }, &flow);
    warnings_ = flow.take_warnings();
    return answer;
  }

  // A flow that was ended by us fails in one way or another; what counts is why it was.
  template <typename Flow>
  TokenAnswer explained(Flow run, const AuthorizationCodeFlow* browser = nullptr) {
    try {
      return run();
    } catch (const Error&) {
      if (patience_.timed_out() && browser != nullptr) {
        throw browser_timeout(settings_, browser->redirect_uri());
      }
      if (patience_.timed_out()) throw Error("HYT00", "Nobody entered the device code in time");
      if (patience_.given_up()) throw Error("HY008", "The sign-in was given up");
      throw;
    }
  }

  void store(const TokenAnswer& answer, const SignedIn& result) {
    const TokenFileLock lock(file_.path(), [this] { return patience_.goes_on(); });
    TokenFile::Changes changes = {{kClaimsMember, std::nullopt}};
    const auto note = [&](const char* name, const std::string& text) {
      changes.emplace_back(name, text.empty() ? std::nullopt : std::optional(text));
    };
    note("account", result.identity.user_name);
    note("scope", result.granted_scope);
    file_.replace({answer.access, answer.refresh_token, wall_now()}, changes);
  }

  const ClientSettings& settings_;
  SignInPrompt& prompt_;
  const bool by_device_;
  Patience patience_;
  TokenFile file_;
  Transport transport_;
  TransportPoster poster_;
  TokenEndpoint endpoint_;
  std::vector<base::Warning> warnings_;
};

}  // namespace

SignedIn sign_in(const ClientSettings& settings, SignInPrompt& prompt, Deadline deadline,
                 const std::string& claims) {
  check_settings(settings);
  return SignIn(settings, prompt, deadline).run(claims);
}

SignInTurn::SignInTurn(const ClientSettings& settings, steady_clock::time_point deadline,
                       const std::function<void()>& on_wait) {
  const TokenFile file(token_file_of(settings), login_command(settings));
  file.prepare_replace();  // the lock stands in the same folder
  bool timed_out = false;
  bool told = !on_wait;
  const auto keep_waiting = [&] {
    if (!told) on_wait();
    told = true;
    timed_out = steady_clock::now() >= deadline;
    return !timed_out;
  };
  try {
    lock_ =
        std::make_unique<TokenFileLock>(file.path(), keep_waiting, TokenFileLock::Purpose::kSignIn);
  } catch (const Error&) {
    if (!timed_out) throw;
    throw Error("HYT00",
                "Another connection or program waits for a person to sign in to the token file " +
                    file.path() + ", and that was not done in time: finish it in the browser");
  }
}

SignInTurn::~SignInTurn() = default;

bool sign_out(const ClientSettings& settings) {
  const TokenFile file(token_file_of(settings), login_command(settings));
  const StoredTokens stored = file.read_if_any();
  if (stored.refresh_token.empty() && stored.access.text.empty()) return false;
  const TokenFileLock lock(file.path(), [] { return true; });
  TokenFile::Changes changes;
  for (const char* name :
       {"access_token", "refresh_token", "expires_in", "expires_at", "refresh_token_since"}) {
    changes.emplace_back(name, std::nullopt);
  }
  file.change(changes);
  return true;
}

std::string default_token_file(const std::string& data_source) {
  constexpr std::size_t kLongestName = 200;
  const char* state = std::getenv("XDG_STATE_HOME");
  // The specification wants relative paths ignored.
  const std::string folder =
      state != nullptr && *state == '/' ? state : home_folder() + "/.local/state";
  const std::string name = base::file_name_of(data_source);
  if (name.size() > kLongestName) {
    throw Error("08001",
                "The name of the data source is too long for a file name: give "
                "RefreshTokenFilePath");
  }
  return folder + "/graphodbc/" + name + ".json";
}

bool needs_person(const ClientSettings& settings) {
  return settings.auth_mode == AuthMode::kAuthorizationCode ||
         settings.auth_mode == AuthMode::kDeviceCode;
}

std::string token_file_of(const ClientSettings& settings) {
  if (!settings.refresh_token_file.empty()) return settings.refresh_token_file;
  return default_token_file(settings.data_source.empty() ? settings.client_id
                                                         : settings.data_source);
}

base::Secret stored_sign_in(const ClientSettings& settings) {
  const TokenFile file(token_file_of(settings), login_command(settings));
  const StoredTokens stored = file.read_if_any();
  if (!stored.refresh_token.empty()) return stored.refresh_token;
  return is_fresh(stored.access, wall_now()) ? stored.access.text : base::Secret();
}

Error no_sign_in(const ClientSettings& settings) {
  const std::string path = token_file_of(settings);
  const std::string source = settings.data_source.empty() ? "ClientId " + settings.client_id
                                                          : "DSN " + settings.data_source;
  const std::string place = " (the tokens are kept in " + path + ")";
  const TokenFile file(path, login_command(settings));
  if (file.read_if_any().access.text.empty()) {
    return {"28000",
            "Nobody is signed in for " + source + ": run " + login_command(settings) + place};
  }
  return {"28000", "The sign-in for " + source +
                       " has ended with its access token, as no refresh token came with it: add "
                       "offline_access to Scope and run " +
                       login_command(settings) + place};
}

void require_signed_in(const ClientSettings& settings) {
  if (needs_person(settings) && stored_sign_in(settings).empty()) throw no_sign_in(settings);
}

}  // namespace graphodbc::graph
