// Plain request and response values, shared by the emulator's server and its services.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace graphodbc::emulator {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// First value of a header, names compared without ASCII case; nullopt when absent.
std::optional<std::string_view> find_header(const HeaderList& headers, std::string_view name);

struct Request {
  std::string method;
  std::string path;   // as received, percent-encoded, without the query
  std::string query;  // as received, percent-encoded, without '?'
  // The server puts its own `request-id` and `client-request-id` in (GUIDs, also sent back as
  // response headers), so that error bodies can name the same ones.
  HeaderList headers;
  std::string body;
  std::string base_url;  // scheme://host:port the client used; nextLinks start with it
};

struct Response {
  int status = 200;
  HeaderList headers;  // Content-Type included; Content-Length and Date are the server's
  std::string body;    // never compressed here; the server applies gzip
};

// Who calls: what the access token grants.
struct Principal {
  bool app_only = false;
  std::string user_id;  // object id of the signed-in user; empty when app_only
  std::string client_id;
  std::set<std::string>
      permissions;  // `scp` or `roles` values, lower case, without resource prefix
};

}  // namespace graphodbc::emulator
