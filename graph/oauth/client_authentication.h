// How the application proves who it is at the token endpoint: secret in the body or by Basic
// (RFC 6749 2.3.1), certificate or federated token as client assertion (RFC 7523 2.2), or not at
// all (a public client).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "graph/client_settings.h"
#include "graph/http.h"
#include "graph/oauth/certificate.h"
#include "graph/oauth/token.h"
#include "graph/oauth/token_error.h"

namespace graphodbc::graph {

// Names and values of a form, not yet encoded. Values may be secrets.
using FormFields = std::vector<std::pair<std::string_view, std::string>>;

// For one thread at a time. The settings must outlive it.
class ClientAuthentication {
 public:
  ClientAuthentication(const ClientSettings& settings, WallClock clock);

  // Reads what is needed, so that a bad certificate fails before the first request. Throws Error
  // 08001.
  void prepare();

  // Adds `client_id` and the proof. Throws Error 08001 (certificate, federated token file).
  void add_to(FormFields& form, Headers& headers);

  // After a refusal of the secret: the other one of ClientSecret and ClientSecretNext is used from
  // now on (requirements A-P30). False when there is none, or the refusal is about something else.
  bool turn_to_other(const TokenErrorBody& refusal);

  std::vector<base::Warning> take_warnings();

 private:
  void add_assertion(FormFields& form, std::string assertion) const;
  void add_secret(FormFields& form, Headers& headers) const;
  bool uses_certificate() const;

  const ClientSettings& settings_;
  WallClock clock_;
  std::optional<ClientCertificate> certificate_;
  bool next_ = false;  // ClientSecretNext is in use
  std::vector<base::Warning> warnings_;
};

}  // namespace graphodbc::graph
