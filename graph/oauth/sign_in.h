// Signing in with a person present: the authorization code flow in the system browser (RFC 6749
// 4.1, RFC 7636, RFC 8252) and the device flow (RFC 8628). What they obtain goes to the token file,
// which the unattended connections use from then on.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "graph/client_settings.h"
#include "graph/http.h"
#include "graph/oauth/identity.h"

namespace graphodbc::graph {

class TokenFileLock;

// What the device authorization endpoint answered (RFC 8628 3.2).
struct DeviceCodePrompt {
  std::string user_code;
  std::string verification_url;
  std::string message;  // the service's own words for the person; may be empty
  std::chrono::seconds expires_in{0};
};

// The person's side of a sign-in. Called on the thread that runs sign_in().
class SignInPrompt {
 public:
  virtual ~SignInPrompt() = default;
  // Opens or shows the address of the sign-in page. Returns at once.
  virtual void show_address(const std::string& url) = 0;
  virtual void show_device_code(const DeviceCodePrompt& prompt) = 0;
  // The address that the browser ended at, pasted back; asked when ReturnUrl leads to another
  // machine. Empty: given up.
  virtual std::string ask_for_redirected_address() = 0;
  // False ends the sign-in with HY008. Asked several times a second.
  virtual bool keep_waiting() { return true; }
};

struct SignedIn {
  Identity identity;
  std::string granted_scope;  // as the service wrote it, may be empty
  std::chrono::seconds lifetime{0};
  bool can_refresh = false;  // a refresh token came
  std::vector<base::Warning> warnings;
};

// Signs in by settings.auth_mode (kAuthorizationCode or kDeviceCode; any other takes the browser)
// and writes settings.refresh_token_file, made with its folder (0700) when it is not there; whether
// it can be written is seen to before anything else.
// `claims` of a claims challenge are passed on. Throws Error 28000 (refused), 08001 (settings,
// network, the file), HYT00 (deadline), HY008 (given up).
SignedIn sign_in(const ClientSettings& settings, SignInPrompt& prompt, Deadline deadline = {},
                 const std::string& claims = {});

// Keeps it at one sign-in at a time for a token file, among connections and programs. Who comes
// second waits for the first here, and then finds with stored_sign_in() what that has brought.
class SignInTurn {
 public:
  // Calls `on_wait` once if it has to wait. Throws Error HYT00 (deadline), and 08001 as sign_in()
  // does for the file.
  SignInTurn(const ClientSettings& settings, std::chrono::steady_clock::time_point deadline,
             const std::function<void()>& on_wait = {});
  ~SignInTurn();
  SignInTurn(const SignInTurn&) = delete;
  SignInTurn& operator=(const SignInTurn&) = delete;

 private:
  std::unique_ptr<TokenFileLock> lock_;
};

// Whether the settings sign in by AuthorizationCode or DeviceCode.
bool needs_person(const ClientSettings& settings);

// RefreshTokenFilePath, else default_token_file() of the DSN or, without one, of ClientId.
std::string token_file_of(const ClientSettings& settings);

// What a connection can go on with: the refresh token of the token file or, without one, its access
// token while that lasts. Empty when there is neither. No network. Throws Error 08001 for a file
// that is there and cannot be read, or is no token file: no sign-in may be asked for on top of it.
base::Secret stored_sign_in(const ClientSettings& settings);

// Error 28000, saying what to run, for settings that need a person's sign-in where none is stored,
// or only an access token whose time is over. Throws as stored_sign_in() does.
base::Error no_sign_in(const ClientSettings& settings);

// Throws no_sign_in() when the settings need a person and stored_sign_in() is empty.
void require_signed_in(const ClientSettings& settings);

// Forgets the tokens of the file: access and refresh token are removed, other members stay. False
// when there was nothing to forget. Throws Error 08001.
bool sign_out(const ClientSettings& settings);

// $XDG_STATE_HOME/graphodbc (~/.local/state/graphodbc) holds a token file for each DSN
// (XDG Base Directory Specification). `data_source` is made safe for a file name; throws Error
// 08001 when no home directory is known.
std::string default_token_file(const std::string& data_source);

}  // namespace graphodbc::graph
