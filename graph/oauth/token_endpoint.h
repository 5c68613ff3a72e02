// The OAuth 2.0 token endpoint (contract sheet (b)).
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "graph/oauth/token.h"
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
};

using FormFields = std::vector<std::pair<std::string_view, std::string>>;

class TokenEndpoint {
 public:
  TokenEndpoint(const ClientSettings& settings, FormPoster& poster, WallClock clock);

  // grant_type=refresh_token. Scope is sent only when the connection names one.
  TokenAnswer refresh(const base::Secret& refresh_token);
  // grant_type=client_credentials for {GraphUrl origin}/.default.
  TokenAnswer client_credentials();

 private:
  TokenAnswer call(const FormFields& fields, std::string_view what);
  TokenAnswer read_answer(const HttpResponse& response, std::string_view what) const;
  FormFields client_fields() const;

  const ClientSettings& settings_;
  FormPoster& poster_;
  WallClock clock_;
};

}  // namespace graphodbc::graph
