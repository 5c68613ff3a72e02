// What a refused token request means to the user (contract sheet b.7, b.8).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace graphodbc::graph {

// The token endpoint's error body; empty members when it had another shape.
struct TokenErrorBody {
  std::string error;        // invalid_grant ...
  std::string description;  // first line only
  std::vector<int> codes;   // AADSTS numbers
  std::string correlation_id;
  std::string trace_id;
  std::string timestamp;
  std::string claims;  // JSON to pass on to the next sign-in
};

TokenErrorBody parse_token_error(std::string_view json);

// Busy or stumbling, by HTTP status, error name or AADSTS number: worth another try. Never true for
// invalid_grant and invalid_client.
bool is_transient(int http_status, const TokenErrorBody& body);

// Advice for the first known number, else for the error name; never empty.
std::string_view advice_for(const TokenErrorBody& body);

// What a token request was answered with, for those who decide by body().error.
class TokenRefused : public base::Error {
 public:
  TokenRefused(base::Error error, TokenErrorBody body)
      : base::Error(std::move(error)), body_(std::move(body)) {}
  const TokenErrorBody& body() const noexcept { return body_; }

 private:
  TokenErrorBody body_;
};

// 28000 for a refusal, 08001 for a transient failure or an answer that is no OAuth error. `what`
// names the request ("refreshing the access token"). `token_url` gives host and admin consent page.
base::Error token_error(int http_status, const TokenErrorBody& body, std::string_view what,
                        std::string_view token_url, std::string_view client_id);

}  // namespace graphodbc::graph
