#include "emulator/identity/identity_service.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "emulator/identity/crypto.h"

namespace graphodbc::emulator {
namespace {

constexpr std::string_view kOpenIdScopes = "openid profile email offline_access";

std::string join(const std::set<std::string>& words) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

// The path's pieces after the tenant, with the endpoint they name.
enum class Endpoint { kAuthorize, kToken, kDeviceCode, kOpenId, kKeys, kInstance, kLogout };

struct Route {
  std::string_view suffix;
  Endpoint endpoint;
};

constexpr std::array kRoutes = {
    Route{"oauth2/v2.0/authorize", Endpoint::kAuthorize},
    Route{"oauth2/v2.0/token", Endpoint::kToken},
    Route{"oauth2/v2.0/devicecode", Endpoint::kDeviceCode},
    Route{"oauth2/v2.0/logout", Endpoint::kLogout},
    Route{"v2.0/.well-known/openid-configuration", Endpoint::kOpenId},
    Route{".well-known/openid-configuration", Endpoint::kOpenId},
    Route{"discovery/v2.0/keys", Endpoint::kKeys},
    Route{"discovery/instance", Endpoint::kInstance},
};

struct Target {
  std::string tenant;
  std::optional<Endpoint> endpoint;
};

Target read_target(std::string_view path) {
  Target target;
  const auto slash = path.find('/', 1);
  if (slash == std::string_view::npos) return target;
  target.tenant = percent_decode(path.substr(1, slash - 1), false);
  const auto suffix = path.substr(slash + 1);
  for (const auto& route : kRoutes) {
    if (equal_ignoring_case(route.suffix, suffix)) target.endpoint = route.endpoint;
  }
  return target;
}

}  // namespace

IdentityService::IdentityService(const IdentityOptions& options, UserDirectory directory)
    : options_(options),
      directory_(std::move(directory)),
      tenant_(make_tenant(options.seed, directory_.account_upn)),
      tokens_(tenant_, options.token_lifetime, options.rotation_revokes),
      assertions_(options.strict_assertions),
      device_interval_(options.device_interval_seconds),
      device_approve_after_(options.device_approve_after_polls) {}

bool IdentityService::owns(std::string_view path) {
  return is_machine_path(path) || path == "/devicelogin" || path == "/oidc/userinfo" ||
         path == "/error" || read_target(path).endpoint.has_value();
}

Response IdentityService::handle(const Request& request) {
  if (is_machine_path(request.path)) return handle_machine(request);
  if (request.path == "/devicelogin") return handle_device_page(request);
  if (request.path == "/oidc/userinfo") return user_info(request);
  if (request.path == "/error") {
    return html_response(200, "<!DOCTYPE html><p>See the AADSTS number in the address.</p>");
  }
  const Target target = read_target(request.path);
  try {
    switch (target.endpoint.value_or(Endpoint::kLogout)) {
      case Endpoint::kAuthorize:
        return handle_authorize(request, target.tenant);
      case Endpoint::kToken:
        return handle_token(request, target.tenant);
      case Endpoint::kDeviceCode:
        return handle_device_code(request, target.tenant);
      case Endpoint::kOpenId:
        return openid_configuration(request, target.tenant);
      case Endpoint::kKeys:
        return json_response(200, tokens_.jwks());
      case Endpoint::kInstance:
        return instance_discovery(request);
      case Endpoint::kLogout:
        break;
    }
    return html_response(200, "<!DOCTYPE html><p>You signed out of your account.</p>");
  } catch (const SignInError& error) {
    return token_error_response(error, request);
  }
}

IdentityService::TenantChoice IdentityService::choose_tenant(std::string_view segment) const {
  if (equal_ignoring_case(segment, tenant_.id) || equal_ignoring_case(segment, tenant_.domain)) {
    return {};
  }
  if (equal_ignoring_case(segment, "common") || equal_ignoring_case(segment, "organizations")) {
    return {true};
  }
  if (equal_ignoring_case(segment, "consumers")) {
    throw SignInError{"invalid_request", 9002332,
                      "Application is configured for use by Azure Active Directory users only. "
                      "Please do not use the /consumers endpoint to serve this request.",
                      ""};
  }
  throw SignInError{"invalid_request", 90002,
                    "Tenant '" + std::string(segment) +
                        "' not found. Check to make sure you have the correct tenant ID and are "
                        "signing into the correct cloud. Check with your subscription "
                        "administrator, this may happen if there are no active subscriptions for "
                        "the tenant.",
                    ""};
}

std::vector<std::string> IdentityService::own_urls(const Request& request) const {
  const auto colon = request.base_url.rfind(':');
  const std::string port = request.base_url.substr(colon);
  const std::string scheme = request.base_url.substr(0, request.base_url.find("://") + 3);
  return {request.base_url, scheme + "127.0.0.1" + port, scheme + "localhost" + port};
}

SignedInUser IdentityService::account() const {
  return {directory_.account_id, directory_.account_upn,
          directory_.display_name(directory_.account_id)};
}

std::vector<std::string> IdentityService::consented(const ScopeRequest& scopes) const {
  std::lock_guard lock(mutex_);
  if (scopes.everything) return {consented_scopes_.begin(), consented_scopes_.end()};
  for (const auto& name : scopes.names) {
    if (!consented_scopes_.contains(name)) {
      throw SignInError{"invalid_grant", 65001,
                        "The user or administrator has not consented to use the application for "
                        "the permission '" +
                            name +
                            "'. Send an interactive authorization request for this user and "
                            "resource.",
                        "consent_required"};
    }
  }
  return scopes.names;
}

std::string IdentityService::claims_challenge() {
  return base64_encode(
      R"({"access_token":{"nbf":{"essential":true,"value":"1700000000"},"xms_caeerror":{"value":"10012"}}})");
}

std::string IdentityService::default_scope() const {
  std::lock_guard lock(mutex_);
  return std::string(kOpenIdScopes) + " " + join(consented_scopes_);
}

std::string IdentityService::preissued_refresh_token(const AppRegistration& app) {
  return tokens_.issue_refresh_token({app.client_id, account(), default_scope()});
}

std::string IdentityService::preissued_access_token(const AppRegistration& app,
                                                    const std::string& base_url) {
  ScopeRequest everything;
  everything.everything = true;
  return tokens_.issue_access_token(
      {app.client_id, account(), consented(everything), std::string(kGraphResource)}, base_url);
}

bool IdentityService::register_certificate(std::string_view pem) {
  return assertions_.add_certificate(pem);
}

void IdentityService::set_consent(const std::vector<std::string>& scopes) {
  std::lock_guard lock(mutex_);
  consented_scopes_.clear();
  for (const auto& scope : scopes) {
    const std::string official = official_scope_name(scope);
    consented_scopes_.insert(official.empty() ? scope : official);
  }
}

void IdentityService::set_roles(const std::vector<std::string>& roles) {
  std::lock_guard lock(mutex_);
  roles_ = {roles.begin(), roles.end()};
}

void IdentityService::add_redirect_uri(const std::string& uri) {
  std::lock_guard lock(mutex_);
  extra_redirect_uris_.push_back(uri);
}

}  // namespace graphodbc::emulator
