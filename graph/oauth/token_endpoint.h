// The OAuth 2.0 token endpoint (contract sheet (b)).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "graph/oauth/client_authentication.h"
#include "graph/oauth/token.h"
#include "graph/oauth/token_error.h"
#include "graph/transport.h"

namespace graphodbc::graph {

// Sends sign-in requests, blocking; the transport's side of the endpoint.
class FormPoster {
 public:
  virtual ~FormPoster() = default;
  // The exchange, done.
  virtual std::shared_ptr<Exchange> post(const std::string& url, const base::Secret& form,
                                         const Headers& headers) = 0;
  // A GET without a bearer token, answered the same way. Never through a proxy: what is asked so
  // (managed identities) is this machine's own.
  virtual std::shared_ptr<Exchange> get(const std::string& url, const Headers& headers) = 0;
  // Sleeps; false when the connection is being closed.
  virtual bool pause(std::chrono::milliseconds time) = 0;
};

struct TokenAnswer {
  AccessToken access;
  base::Secret refresh_token;  // empty when none came
  std::string scope;           // granted, as the service wrote it; may be empty
};

// The JSON of a token endpoint, or of a managed identity's, whose answers give the time of expiry
// instead of the lifetime. nullopt: it holds no access token that may stand in a header.
std::optional<TokenAnswer> parse_token_answer(std::string_view json, WallTime now);

// The answer to one try of a grant that may be pending (RFC 8628 3.5).
struct PollAnswer {
  std::optional<TokenAnswer> tokens;
  Outcome outcome = Outcome::kOk;
  std::string detail;  // of an outcome that is not kOk
  int status = 0;
  TokenErrorBody error;
};

class TokenEndpoint {
 public:
  // The settings and the poster must outlive it.
  TokenEndpoint(const ClientSettings& settings, FormPoster& poster, WallClock clock);

  // Reads the certificate, if that is how the app signs in. Throws Error 08001. No network.
  void prepare() { authentication_.prepare(); }
  // Notes (class 01) since the last call.
  std::vector<base::Warning> take_warnings() { return authentication_.take_warnings(); }
  FormPoster& poster() { return poster_; }

  // All throw TokenRefused, or Error 08001 when the endpoint cannot be reached. `claims`: JSON of a
  // claims challenge, or empty.

  // grant_type=refresh_token. Scope is sent when the connection names one, unless the service is
  // none of Entra's and refuses it as more than was granted.
  TokenAnswer refresh(const base::Secret& refresh_token, const std::string& claims = {});
  // grant_type=client_credentials for app_scope().
  TokenAnswer client_credentials(const std::string& claims = {});
  // Any grant; what identifies the client and TokenEndpointParams are added. `what` names the
  // request in messages ("redeeming the sign-in code").
  TokenAnswer request(const FormFields& grant, std::string_view what);
  // The same, once; only an answer that is no OAuth answer throws.
  PollAnswer poll(const FormFields& grant, std::string_view what);
  // The device authorization endpoint's answer, a JSON text (RFC 8628 3.2).
  std::string authorize_device(const FormFields& request, std::string_view what);

 private:
  // `key`: the connection key of `url`, for messages.
  std::shared_ptr<Exchange> send(const std::string& url, std::string_view key,
                                 const FormFields& fields, std::string_view what);
  TokenAnswer read_answer(const HttpResponse& response, std::string_view what) const;
  // The form with authentication and parameters; the headers it needs are added to `headers`.
  base::Secret make_form(const FormFields& grant, std::string_view key, Headers& headers);
  void add_parameters(FormFields& form) const;

  const ClientSettings& settings_;
  FormPoster& poster_;
  WallClock clock_;
  ClientAuthentication authentication_;
  bool refreshes_without_scope_ = false;
};

}  // namespace graphodbc::graph
