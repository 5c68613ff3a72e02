// The two sign-ins that need a person, up to the tokens. What is done with those is sign_in()'s.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "graph/client_settings.h"
#include "graph/oauth/authorization_answer.h"
#include "graph/oauth/sign_in.h"
#include "graph/oauth/token_endpoint.h"

namespace graphodbc::graph {

// Both throw Error 28000 (refused), 08001 (settings, network), HYT00 (the time given by the service
// is over), and whatever `keep_waiting` throws; it is asked several times a second. `claims`: JSON
// of a claims challenge, or empty. The references must outlive the object.

// RFC 6749 4.1 with RFC 7636, in the system browser (RFC 8252).
class AuthorizationCodeFlow {
 public:
  AuthorizationCodeFlow(const ClientSettings& settings, TokenEndpoint& endpoint,
                        SignInPrompt& prompt, std::function<bool()> keep_waiting);

  TokenAnswer run(const std::string& claims);
  // Of the request, once run() has shown it: for messages.
  const std::string& redirect_uri() const { return redirect_uri_; }
  std::vector<base::Warning> take_warnings() { return std::move(warnings_); }

 private:
  std::string address(const std::string& state, const std::string& verifier,
                      const std::string& claims);
  AuthorizationAnswer listen(const std::string& state, const std::string& verifier,
                             const std::string& claims);
  AuthorizationAnswer ask(const std::string& state, const std::string& verifier,
                          const std::string& claims);

  const ClientSettings& settings_;
  TokenEndpoint& endpoint_;
  SignInPrompt& prompt_;
  std::function<bool()> keep_waiting_;
  std::string redirect_uri_;
  std::vector<base::Warning> warnings_;
};

// RFC 8628.
class DeviceCodeFlow {
 public:
  DeviceCodeFlow(const ClientSettings& settings, TokenEndpoint& endpoint, FormPoster& poster,
                 SignInPrompt& prompt, WallClock clock);

  TokenAnswer run(const std::string& claims);

 private:
  struct Grant;
  Grant start();
  TokenAnswer poll(const Grant& grant, const std::string& claims);
  [[noreturn]] void refuse(const PollAnswer& answer) const;

  const ClientSettings& settings_;
  TokenEndpoint& endpoint_;
  FormPoster& poster_;
  SignInPrompt& prompt_;
  WallClock clock_;
};

}  // namespace graphodbc::graph
