// From connection string and DSN to checked values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "config/connection_string.h"

namespace graphodbc::config {

enum class RetryMode : std::uint8_t { kNone, kAny, kWhenStatusCodeMatches };

// The least permissions that the tables need; used by sign-in flows when Scope is not given
// (decisions.md 29: read-only).
inline constexpr std::string_view kDefaultScope =
    "offline_access openid profile email User.Read User.ReadBasic.All Mail.Read Calendars.Read "
    "Contacts.Read Files.Read";

// Every value checked and defaulted. Names and types match graph::ClientSettings and
// query::SessionOptions.
struct Settings {
  std::string dsn;
  std::string graph_url;  // without trailing slash and /v1.0
  std::string auth_url;   // empty when neither AuthUrl nor TenantId is given
  std::string token_url;
  std::string client_id;
  base::Secret client_secret;
  std::string scope;  // single blanks between scopes, no duplicates; empty when not given
  std::string refresh_token_file;
  base::Secret refresh_token;
  base::Secret access_token;
  std::string tenant_id;
  std::string account;
  bool auto_refresh = true;

  RetryMode retry_mode = RetryMode::kWhenStatusCodeMatches;
  std::vector<int> retry_statuses;
  int retry_count = 5;
  bool retry_multiply_wait = true;
  std::chrono::seconds timeout{60};       // without progress; 0: none
  std::chrono::seconds query_timeout{0};  // whole statement; 0: none
  std::string ca_file;

  bool pushdown = true;
  bool pushdown_fallback = true;
  bool server_count = false;              // CountMode=server
  std::uint32_t max_local_memory = 1024;  // MiB, for the process
  bool read_only = true;
  bool immutable_ids = true;
  bool nocase = false;                // Collation=nocase
  std::uint32_t sql_conformance = 8;  // value of SQL_SQL_CONFORMANCE (SQL_SC_SQL92_FULL)

  std::string log_file;
  base::LogLevel log_level = base::LogLevel::kOff;
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
