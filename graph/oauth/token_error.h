// What a refused token request means to the user (contract sheet b.7, b.8).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "graph/client_settings.h"

namespace graphodbc::graph {

// The token endpoint's error body; empty members when it had another shape.
struct TokenErrorBody {
  std::string error;        // invalid_grant ...
  std::string description;  // first line only
  std::vector<int> codes;   // AADSTS numbers
  std::string correlation_id;
  std::string trace_id;
  std::string timestamp;
  std::string claims;  // to be passed to the authorize endpoint; usually empty
};

TokenErrorBody parse_token_error(std::string_view json);

// Busy or stumbling, by HTTP status, error name or AADSTS number: worth another try. Never true for
// invalid_grant and invalid_client.
bool is_transient(int http_status, const TokenErrorBody& body);

// What a token request was answered with, for those who decide by body().error.
class TokenRefused : public base::Error {
 public:
  TokenRefused(base::Error error, TokenErrorBody body)
      : base::Error(std::move(error)), body_(std::move(body)) {}
  const TokenErrorBody& body() const noexcept { return body_; }
  // The grant is over or does not do, so that a new sign-in by a person is what helps (contract
  // sheet b.3, b.7; login_required is OpenID Connect's).
  bool needs_person() const;

 private:
  TokenErrorBody body_;
};

// 28000 for a refusal, 08001 for a transient failure or an answer that is no OAuth error. The
// message starts with what to do. `what` names the request ("renewing the access token"). The
// settings give host, admin consent page and the data source that advice speaks of; `key` is the
// connection key of the endpoint that answered (TokenUrl or DeviceCodeUrl).
TokenRefused token_error(int http_status, const TokenErrorBody& body, std::string_view what,
                         const ClientSettings& settings, std::string_view key = "TokenUrl");

// "`graphodbc login --dsn X`": the command that signs this connection in.
std::string login_command(const ClientSettings& settings);

// The page on which an administrator grants what the connection asks for; empty when TokenUrl is
// of no known shape.
std::string admin_consent_url(const ClientSettings& settings);

}  // namespace graphodbc::graph
