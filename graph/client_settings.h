// What a connection to Graph is made with: the values of the connection keys, checked and
// defaulted. config::Settings has the same; connection/ carries them over.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/secret.h"

namespace graphodbc::graph {

// How the connection signs in (requirements A-U01).
enum class AuthMode : std::uint8_t {
  kRefreshToken,       // token file or RefreshToken
  kAuthorizationCode,  // browser, RFC 6749 4.1 with RFC 7636; tokens in the token file
  kDeviceCode,         // RFC 8628; tokens in the token file
  kClientCredentials,  // RFC 6749 4.4 with a secret
  kCertificate,        // RFC 6749 4.4 with a client assertion (RFC 7523)
  kAccessToken,        // a bearer token as it is
  kManagedIdentity,    // of an Azure resource
  kWorkloadIdentity,   // a federated token file as client assertion
  kAzureCli,           // `az account get-access-token`
};

// Signature of the client assertion (contract sheet b.6): PS256 with x5t#S256, RS256 with x5t.
enum class AssertionAlgorithm : std::uint8_t { kPs256, kRs256 };

// RetryMode (requirements A-Z10).
enum class RetryMode : std::uint8_t { kNone, kAny, kWhenStatusCodeMatches };

struct RetrySettings {
  RetryMode mode = RetryMode::kWhenStatusCodeMatches;
  std::vector<int> statuses = {429, 503};  // RetryStatusCodeList
  int count = 5;                           // RetryCountMax: re-sends after the first
  bool multiply_wait = true;               // RetryMultiplyWaitTime
  std::chrono::milliseconds first_wait{1000};
  std::chrono::milliseconds longest_wait{60'000};  // cap of our own waits, not of Retry-After
};

// Names and decoded values of TokenEndpointParams and the like, in their order.
using Parameters = std::vector<std::pair<std::string, std::string>>;

struct ProxySettings {
  bool disabled = false;     // no proxy, whatever the environment says
  std::string url;           // scheme://host:port; empty: what the environment says
  base::Secret credentials;  // user:password, or empty
  std::string exceptions;    // NoProxy: hosts separated by commas
};

struct ClientSettings {
  std::string data_source;                                // DSN, for messages; may be empty
  std::string graph_url = "https://graph.microsoft.com";  // without /v1.0
  std::string tenant_id;
  std::string account;  // user id or UPN; empty: the signed-in user

  // Sign-in.
  AuthMode auth_mode = AuthMode::kRefreshToken;
  std::string auth_url;                         // authorize endpoint
  std::string token_url;                        // token endpoint
  std::string device_code_url;                  // device authorization endpoint
  std::string return_url = "http://localhost";  // redirect_uri; a loopback one gets a free port
  std::string client_id;
  base::Secret client_secret;
  base::Secret client_secret_next;  // tried when client_secret is refused (requirements A-P30)
  std::optional<std::chrono::sys_days> client_secret_expires;
  bool basic_authentication = false;  // secret in an Authorization header (RFC 6749 2.3.1)
  std::string certificate_file;       // PFX or PEM
  base::Secret certificate_base64;    // a PFX, instead of the file
  base::Secret certificate_password;
  AssertionAlgorithm assertion_algorithm = AssertionAlgorithm::kPs256;
  std::string federated_token_file;  // kWorkloadIdentity
  std::string scope;                 // blanks between scopes; empty: not given
  std::string default_scope;         // for interactive sign-in without scope
  Parameters token_parameters;       // added to every token request; `scope` there outranks scope
  Parameters authorize_parameters;   // added to the authorize URL
  std::string login_hint;
  std::string refresh_token_file;  // the token file (requirements A-Z08)
  bool initiate_oauth = false;     // connect() may open a browser
  base::Secret refresh_token;
  base::Secret access_token;
  std::optional<std::chrono::sys_seconds> token_expires_at;  // of access_token, when given
  bool auto_refresh = true;

  // Network.
  RetrySettings retry;
  std::chrono::seconds timeout{60};          // without progress; 0: none
  std::chrono::seconds connect_timeout{30};  // TCP and TLS together; 0: none
  std::string ca_file;                       // empty: the system's
  ProxySettings proxy;
  std::string user_agent = "graphodbc";
  std::shared_ptr<base::Log> log;  // may be null; shared by the parts of one connection
};

}  // namespace graphodbc::graph
