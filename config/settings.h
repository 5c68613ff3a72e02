// From connection string and DSN to checked values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/time_zone.h"
#include "config/connection_string.h"

namespace graphodbc::config {

enum class RetryMode : std::uint8_t { kNone, kAny, kWhenStatusCodeMatches };

// How the connection signs in (requirements A-U01).
enum class AuthMode : std::uint8_t {
  kRefreshToken,
  kAuthorizationCode,
  kDeviceCode,
  kClientCredentials,
  kCertificate,
  kAccessToken,
  kManagedIdentity,
  kWorkloadIdentity,
  kAzureCli,
};

enum class AssertionAlgorithm : std::uint8_t { kPs256, kRs256 };

// "RefreshToken" and so on, as AuthMode takes it.
std::string_view auth_mode_name(AuthMode mode);

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Proxy {
  bool disabled = false;     // Proxy=none
  std::string url;           // without credentials; empty: what the environment says
  base::Secret credentials;  // user:password, percent-decoded; or empty
  std::string exceptions;    // NoProxy
};

// Every value checked and defaulted. Names and types match graph::ClientSettings and
// query::SessionOptions.
// Of QueryTimeout and of the ODBC attributes like it, seconds.
inline constexpr std::int64_t kLongestQueryTimeout = 2'147'483;

struct Settings {
  std::string dsn;
  std::string graph_url;  // without trailing slash and /v1.0
  std::string tenant_id;
  std::string account;

  AuthMode auth_mode = AuthMode::kRefreshToken;
  std::string auth_url;  // empty when neither given nor to be derived; the next too
  std::string token_url;
  std::string device_code_url;
  std::string return_url;
  std::string client_id;
  base::Secret client_secret;
  base::Secret client_secret_next;
  std::optional<std::chrono::sys_days> client_secret_expires;
  bool basic_authentication = false;
  std::string certificate_file;
  base::Secret certificate_base64;
  base::Secret certificate_password;
  AssertionAlgorithm assertion_algorithm = AssertionAlgorithm::kPs256;
  std::string federated_token_file;
  std::string scope;          // single blanks between scopes, no duplicates; empty: not given
  std::string default_scope;  // for sign-in flows when scope is empty: read-only
  bool validate_scopes = false;
  std::string refresh_token_file;
  base::Secret refresh_token;
  base::Secret access_token;
  std::optional<std::chrono::sys_seconds> token_expires_at;  // of access_token
  bool auto_refresh = true;
  bool initiate_oauth = false;
  Parameters token_parameters;
  Parameters authorize_parameters;
  std::string login_hint;

  RetryMode retry_mode = RetryMode::kWhenStatusCodeMatches;
  std::vector<int> retry_statuses;
  int retry_count = 5;
  bool retry_multiply_wait = true;
  std::chrono::seconds timeout{60};  // without progress; 0: none
  std::chrono::seconds connect_timeout{30};
  std::chrono::seconds query_timeout{0};  // whole statement; 0: none
  std::string ca_file;
  Proxy proxy;

  bool pushdown = true;
  bool pushdown_fallback = true;
  bool server_count = false;              // CountMode=server
  std::uint32_t max_local_memory = 1024;  // MiB, for the process
  std::uint32_t max_dependent_keys = 500;
  bool read_only = true;
  bool immutable_ids = true;
  bool nocase = false;         // Collation=nocase
  bool order_by_text = false;  // OrderByText=server
  base::TimeZone time_zone;
  std::uint32_t sql_conformance = 8;  // value of SQL_SQL_CONFORMANCE (SQL_SC_SQL92_FULL)

  std::string log_file;
  base::LogLevel log_level = base::LogLevel::kOff;
  std::uint64_t log_max_size = std::uint64_t{10} << 20;  // bytes
};

struct Resolved {
  Settings settings;
  // 01S00 for unknown keys, 01000 for doubtful values.
  std::vector<base::Warning> warnings;
  // For SQLDriverConnect's output: the attributes that came in, nothing added, so that no secret
  // of the DSN gets out; reading it again gives the same connection.
  std::string connection_string;
};

// SQLDriverConnect: the attributes of the text, and those of its DSN (odbc.ini) below them.
// Throws Error HY024 for a value that is not allowed, naming key and allowed values (never a
// secret's value), 08001 for what is missing or contradictory, HY000 for a malformed text.
Resolved resolve_connection_string(std::string_view text);

// SQLConnect. `user` and `password` may be empty.
Resolved resolve_dsn(std::string_view dsn, std::string_view user, std::string_view password);

// The common part: `given` over `dsn_attributes`.
Resolved resolve(const std::vector<Attribute>& given, const std::vector<Attribute>& dsn_attributes);

// The attributes of a section of odbc.ini, through libodbcinst; empty when there is none.
std::vector<Attribute> read_dsn(const std::string& dsn);

}  // namespace graphodbc::config
