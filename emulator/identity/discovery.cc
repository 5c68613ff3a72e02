// The documents client libraries read before they sign in, and the user info endpoint.
#include <nlohmann/json.hpp>

#include "emulator/identity/identity_service.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

Response IdentityService::openid_configuration(const Request& request,
                                               std::string_view tenant) const {
  const TenantChoice choice = choose_tenant(tenant);
  // The shared endpoints name no tenant: the real ones hold this very placeholder.
  const std::string issuer_tenant = choice.shared ? "{tenantid}" : tenant_.id;
  const std::string root =
      request.base_url + "/" + (choice.shared ? std::string(tenant) : tenant_.id);
  Json body;
  body["token_endpoint"] = root + "/oauth2/v2.0/token";
  body["token_endpoint_auth_methods_supported"] = {"client_secret_post", "private_key_jwt",
                                                   "client_secret_basic"};
  body["jwks_uri"] = root + "/discovery/v2.0/keys";
  body["response_modes_supported"] = {"query", "form_post"};
  body["subject_types_supported"] = {"pairwise", "public"};
  body["id_token_signing_alg_values_supported"] = Json::array({"RS256"});
  body["response_types_supported"] = Json::array({"code"});
  body["scopes_supported"] = {"openid", "profile", "email", "offline_access"};
  body["issuer"] = request.base_url + "/" + issuer_tenant + "/v2.0";
  body["request_uri_parameter_supported"] = false;
  body["userinfo_endpoint"] = request.base_url + "/oidc/userinfo";
  body["authorization_endpoint"] = root + "/oauth2/v2.0/authorize";
  body["device_authorization_endpoint"] = root + "/oauth2/v2.0/devicecode";
  body["http_logout_supported"] = true;
  body["end_session_endpoint"] = root + "/oauth2/v2.0/logout";
  body["claims_supported"] = {
      "sub", "iss", "aud", "exp", "iat", "nonce", "tid", "email", "preferred_username", "name"};
  body["code_challenge_methods_supported"] = {"plain", "S256"};
  body["cloud_instance_name"] = "emulator";
  body["msgraph_host"] = request.base_url.substr(request.base_url.find("://") + 3);
  Response response = json_response(200, body.dump());
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return response;
}

Response IdentityService::instance_discovery(const Request& request) const {
  const std::string host = request.base_url.substr(request.base_url.find("://") + 3);
  Json cloud;
  cloud["preferred_network"] = host;
  cloud["preferred_cache"] = host;
  cloud["aliases"] = Json::array({host});
  Json body;
  body["tenant_discovery_endpoint"] =
      request.base_url + "/" + tenant_.id + "/v2.0/.well-known/openid-configuration";
  body["api-version"] = "1.1";
  body["metadata"] = Json::array({cloud});
  return json_response(200, body.dump());
}

Response IdentityService::user_info(const Request& request) {
  const AccessCheck check = check_access(find_header(request.headers, "Authorization"));
  if (check.verdict != AccessVerdict::kValid || check.principal.app_only) {
    return {401, {{"WWW-Authenticate", "Bearer error=\"invalid_token\""}}, ""};
  }
  Json body;
  body["sub"] = check.principal.user_id;
  body["name"] = directory_.display_name(check.principal.user_id);
  if (check.principal.user_id == directory_.account_id) body["email"] = directory_.account_upn;
  return json_response(200, body.dump());
}

}  // namespace graphodbc::emulator
