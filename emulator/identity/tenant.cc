#include "emulator/identity/tenant.h"

#include "emulator/identity/crypto.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

// A secret in the service's manner, with every character that careless encoding breaks.
std::string derived_secret(std::uint64_t seed, std::string_view label) {
  const std::string text =
      base64url_encode(sha256(std::to_string(seed) + "/secret/" + std::string(label)));
  return "Em8Q~" + text.substr(0, 12) + "+" + text.substr(12, 9) + "/" + text.substr(21, 10) + "=";
}

struct UriParts {
  std::string_view scheme;
  std::string_view host;
  std::string_view port;
  std::string_view rest;  // path and query, "/" when there is none
};

UriParts parse_uri(std::string_view uri) {
  UriParts parts;
  const auto colon = uri.find("://");
  if (colon == std::string_view::npos) {
    parts.rest = uri;
    return parts;
  }
  parts.scheme = uri.substr(0, colon);
  const auto authority_start = colon + 3;
  const auto path = uri.find_first_of("/?#", authority_start);
  const auto authority = uri.substr(authority_start, path - authority_start);
  parts.rest = path == std::string_view::npos ? std::string_view("/") : uri.substr(path);
  const auto port = authority.rfind(':');
  parts.host = authority.substr(0, port);
  if (port != std::string_view::npos) parts.port = authority.substr(port + 1);
  return parts;
}

}  // namespace

const AppRegistration* Tenant::find_app(std::string_view client_id) const {
  if (equal_ignoring_case(client_id, web_app.client_id)) return &web_app;
  if (equal_ignoring_case(client_id, native_app.client_id)) return &native_app;
  return nullptr;
}

Tenant make_tenant(std::uint64_t seed, const std::string& account_upn) {
  Tenant tenant;
  tenant.id = derived_guid(seed, "tenant");
  tenant.domain = account_upn.substr(account_upn.find('@') + 1);
  tenant.refresh_key = sha256(std::to_string(seed) + "/refresh");
  tenant.web_app = {derived_guid(seed, "web app"),
                    true,
                    derived_secret(seed, "current"),
                    derived_secret(seed, "expired"),
                    {"http://localhost", "http://localhost/callback", "http://127.0.0.1",
                     "http://127.0.0.1/callback", "https://zappysys.com/oauth"}};
  tenant.native_app = {derived_guid(seed, "native app"),
                       false,
                       "",
                       "",
                       {"http://localhost", "http://localhost/callback", "http://127.0.0.1",
                        "http://127.0.0.1/callback",
                        "https://login.microsoftonline.com/common/oauth2/nativeclient"}};
  return tenant;
}

bool redirect_uri_matches(std::string_view registered, std::string_view given) {
  if (registered == given) return true;
  const UriParts want = parse_uri(registered);
  const UriParts have = parse_uri(given);
  const bool loopback =
      want.scheme == "http" && (want.host == "localhost" || want.host == "127.0.0.1");
  return want.scheme == have.scheme && want.host == have.host && want.rest == have.rest &&
         (loopback || want.port == have.port);
}

std::string redirect_target(std::string_view redirect_uri, std::string_view query) {
  std::string target(redirect_uri);
  const auto authority = target.find("://");
  if (authority != std::string::npos &&
      target.find_first_of("/?", authority + 3) == std::string::npos) {
    target += '/';
  }
  target += target.find('?') == std::string::npos ? '?' : '&';
  target += query;
  return target;
}

}  // namespace graphodbc::emulator
