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
#include "graph/oauth/token.h"
#include "graph/oauth/token_error.h"
#include "graph/transport.h"

namespace graphodbc::graph {

// Sends forms, blocking; the transport's side of the endpoint.
class FormPoster {
 public:
  virtual ~FormPoster() = default;
  // The exchange, done.
  virtual std::shared_ptr<Exchange> post(const std::string& url, const base::Secret& form,
                                         const Headers& headers) = 0;
  // Sleeps; false when the connection is being closed.
  virtual bool pause(std::chrono::milliseconds time) = 0;
};

struct TokenAnswer {
  AccessToken access;
  base::Secret refresh_token;  // empty when none came
  std::string scope;           // granted, as the service wrote it; may be empty
};

using FormFields = std::vector<std::pair<std::string_view, std::string>>;

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
  TokenEndpoint(const ClientSettings& settings, FormPoster& poster, WallClock clock);

  // All throw TokenRefused, or Error 08001 when the endpoint cannot be reached. `claims`: JSON of a
  // claims challenge, or empty.

  // grant_type=refresh_token. Scope is sent only when the connection names one.
  TokenAnswer refresh(const base::Secret& refresh_token, const std::string& claims = {});
  // grant_type=client_credentials for {GraphUrl origin}/.default.
  TokenAnswer client_credentials(const std::string& claims = {});
  // Any grant; what identifies the client is added. `what` names the request in messages
  // ("redeeming the sign-in code").
  TokenAnswer request(const FormFields& grant, std::string_view what);
  // The same, once; only an answer that is no OAuth answer throws.
  PollAnswer poll(const FormFields& grant, std::string_view what);
  // The device authorization endpoint's answer, a JSON text (RFC 8628 3.2).
  std::string authorize_device(const FormFields& request, std::string_view what);

 private:
  // `key`: the connection key of `url`, for messages.
  std::shared_ptr<Exchange> send(const std::string& url, std::string_view key,
                                 const FormFields& fields, std::string_view what);
  TokenAnswer call(const FormFields& fields, std::string_view what);
  TokenAnswer read_answer(const HttpResponse& response, std::string_view what) const;
  FormFields client_fields() const;

  const ClientSettings& settings_;
  FormPoster& poster_;
  WallClock clock_;
};

}  // namespace graphodbc::graph
