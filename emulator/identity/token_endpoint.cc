// The token endpoint: every grant, and how an application proves who it is.
#include <nlohmann/json.hpp>

#include "emulator/identity/crypto.h"
#include "emulator/identity/identity_service.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr std::string_view kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

// The `scope` member of a token response: what was asked, without offline_access (which never
// comes back) and with `.default` spelt out.
std::string answered_scope(const ScopeRequest& scopes,
                           const std::vector<std::string>& permissions) {
  std::vector<std::string> words = scopes.as_written;
  if (scopes.everything) {
    for (const auto& name : permissions) words.push_back(scopes.resource + "/" + name);
  }
  if (scopes.openid) words.emplace_back("openid");
  if (scopes.profile) words.emplace_back("profile");
  if (scopes.email) words.emplace_back("email");
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

// Reads `Authorization: Basic`; both halves are form-encoded (RFC 6749 section 2.3.1).
void read_basic_credentials(const Request& request, Parameters& form) {
  const auto header = find_header(request.headers, "Authorization");
  if (!header || header->size() < 6 || !equal_ignoring_case(header->substr(0, 6), "Basic ")) {
    return;
  }
  const std::string pair = base64_decode(trim(header->substr(6))).value_or("");
  const auto colon = pair.find(':');
  if (colon == std::string::npos) {
    throw SignInError{"invalid_request", 9002313,
                      "Invalid request. Request is malformed or invalid.", ""};
  }
  const auto add = [&](std::string_view name, std::string value) {
    if (!find_parameter(form, name)) form.emplace_back(std::string(name), std::move(value));
  };
  add("client_id", percent_decode(std::string_view(pair).substr(0, colon), true));
  add("client_secret", percent_decode(std::string_view(pair).substr(colon + 1), true));
}

}  // namespace

std::string_view IdentityService::TokenRequest::required(std::string_view name) const {
  const auto value = optional(name);
  if (value.empty()) {
    throw SignInError{
        "invalid_request", 900144,
        "The request body must contain the following parameter: '" + std::string(name) + "'.", ""};
  }
  return value;
}

Response IdentityService::handle_token(const Request& request, std::string_view tenant) {
  if (request.method != "POST") {
    throw SignInError{
        "invalid_request", 900561,
        "The endpoint only accepts POST requests. Received a " + request.method + " request.", ""};
  }
  TokenRequest token_request{
      request, parse_form(request.body), {}, request.base_url + request.path};
  token_request.tenant = choose_tenant(tenant);
  read_basic_credentials(request, token_request.form);
  if (find_parameter(token_request.form, "resource")) {
    throw SignInError{"invalid_request", 901002,
                      "The 'resource' request parameter is not supported.", ""};
  }
  const std::string_view grant = token_request.required("grant_type");
  authenticate_client(token_request);
  if (grant == "authorization_code") return grant_code(token_request);
  if (grant == "refresh_token") return grant_refresh(token_request);
  if (grant == "client_credentials") return grant_client_credentials(token_request);
  if (grant == kDeviceGrant || grant == "device_code") return grant_device_code(token_request);
  throw SignInError{"unsupported_grant_type", 70003,
                    "The app requested an unsupported grant type '" + std::string(grant) + "'.",
                    ""};
}

void IdentityService::authenticate_client(TokenRequest& token_request) {
  const auto secret = token_request.optional("client_secret");
  const auto assertion = token_request.optional("client_assertion");
  if (token_request.optional("client_id").empty() && !assertion.empty()) {
    token_request.form.emplace_back("client_id", AssertionChecker::claimed_client(assertion));
  }
  const auto client_id = token_request.required("client_id");
  token_request.app = tenant_.find_app(client_id);
  if (token_request.app == nullptr) {
    throw SignInError{"unauthorized_client", 700016,
                      "Application with identifier '" + std::string(client_id) +
                          "' was not found in the directory '" + tenant_.id +
                          "'. This can happen if the application has not been installed by the "
                          "administrator of the tenant or consented to by any user in the tenant.",
                      ""};
  }
  const AppRegistration& app = *token_request.app;
  if (!app.confidential) {
    if (!secret.empty() || !assertion.empty()) {
      throw SignInError{"invalid_client", 700025,
                        "Client is public so neither 'client_assertion' nor 'client_secret' "
                        "should be presented.",
                        ""};
    }
    return;
  }
  if (!assertion.empty()) {
    if (token_request.required("client_assertion_type") != kAssertionType) {
      throw SignInError{"invalid_request", 900144,
                        "The request body must contain the following parameter: "
                        "'client_assertion_type'.",
                        ""};
    }
    if (is_federated(assertion, token_request.http.base_url)) {
      check_federated(assertion);
    } else {
      assertions_.check(assertion, app.client_id, {token_request.token_url});
    }
    return;
  }
  if (secret.empty()) {
    throw SignInError{"invalid_client", 7000218,
                      "The request body must contain the following parameter: 'client_assertion' "
                      "or 'client_secret'.",
                      ""};
  }
  check_secret(app, secret);
}

void IdentityService::check_secret(const AppRegistration& app, std::string_view secret) const {
  if (equal_in_constant_time(secret, app.secret)) return;
  if (equal_in_constant_time(secret, app.expired_secret)) {
    throw SignInError{"invalid_client", 7000222,
                      "The provided client secret keys for app '" + app.client_id +
                          "' are expired. Visit the Azure portal to create new keys for your app.",
                      ""};
  }
  throw SignInError{"invalid_client", 7000215,
                    "Invalid client secret provided. Ensure the secret being sent in the request "
                    "is the client secret value, not the client secret ID, for a secret added to "
                    "app '" +
                        app.client_id + "'.",
                    ""};
}

Response IdentityService::grant_code(const TokenRequest& token_request) {
  const std::string code(token_request.required("code"));
  const auto redirect_uri = token_request.required("redirect_uri");
  Authorization authorization;
  {
    std::lock_guard lock(mutex_);
    const auto found = codes_.find(code);
    if (found == codes_.end()) {
      throw SignInError{"invalid_grant", 9002313,
                        "Invalid request. Request is malformed or invalid.", ""};
    }
    if (found->second.redeemed) {
      throw SignInError{"invalid_grant", 54005,
                        "OAuth2 Authorization code was already redeemed, please retry with a new "
                        "valid code or use an existing refresh token.",
                        ""};
    }
    authorization = found->second;
    if (authorization.client_id == token_request.app->client_id) found->second.redeemed = true;
  }
  if (authorization.client_id != token_request.app->client_id) {
    throw SignInError{"invalid_grant", 70000,
                      "Provided grant is invalid or malformed: the code was issued to another "
                      "application.",
                      ""};
  }
  if (Clock::now() > authorization.expires) {
    throw SignInError{"invalid_grant", 70008,
                      "The provided authorization code or refresh token has expired due to "
                      "inactivity. Send a new interactive authorization request for this user and "
                      "resource.",
                      ""};
  }
  if (authorization.redirect_uri != redirect_uri) {
    throw SignInError{"invalid_grant", 500112,
                      "The reply address '" + std::string(redirect_uri) +
                          "' does not match the reply address '" + authorization.redirect_uri +
                          "' provided when requesting Authorization code.",
                      ""};
  }
  if (!authorization.challenge.empty()) {
    const auto verifier = token_request.optional("code_verifier");
    const std::string expected = authorization.challenge_is_hash
                                     ? base64url_encode(sha256(verifier))
                                     : std::string(verifier);
    if (verifier.empty() || expected != authorization.challenge) {
      throw SignInError{"invalid_grant", 501481,
                        "The Code_Verifier does not match the code_challenge supplied in the "
                        "authorization request.",
                        ""};
    }
  }
  return user_tokens(token_request, authorization.user, authorization.scope,
                     std::string(token_request.optional("scope")), authorization.nonce);
}

Response IdentityService::grant_refresh(const TokenRequest& token_request) {
  const RefreshGrant grant = tokens_.redeem_refresh_token(token_request.required("refresh_token"),
                                                          token_request.app->client_id);
  return user_tokens(token_request, grant.user, grant.scope,
                     std::string(token_request.optional("scope")), "");
}

Response IdentityService::user_tokens(const TokenRequest& token_request, const SignedInUser& user,
                                      const std::string& granted_scope,
                                      const std::string& asked_scope, const std::string& nonce) {
  const auto urls = own_urls(token_request.http);
  const ScopeRequest granted = parse_scopes(granted_scope, urls);
  ScopeRequest scopes = asked_scope.empty() ? granted : parse_scopes(asked_scope, urls);
  if (!scopes.any_graph()) {
    // Asking for openid alone still gives a token for what the sign-in was about.
    scopes.names = granted.names;
    scopes.as_written = granted.as_written;
    scopes.everything = granted.everything;
    scopes.resource = granted.resource;
  }
  std::vector<std::string> permissions = consented(scopes);
  if (!scopes.any_graph()) permissions = {"User.Read"};
  const bool own = !equal_ignoring_case(scopes.resource, kGraphResource);
  const AccessGrant grant{token_request.app->client_id, user, permissions,
                          own ? scopes.resource : std::string(kGraphResource)};
  Json body;
  body["token_type"] = "Bearer";
  body["scope"] = answered_scope(scopes, permissions);
  body["expires_in"] = tokens_.lifetime().count();
  body["ext_expires_in"] = tokens_.lifetime().count();
  body["access_token"] = tokens_.issue_access_token(grant, token_request.http.base_url);
  if (scopes.offline_access || granted.offline_access) {
    body["refresh_token"] =
        tokens_.issue_refresh_token({token_request.app->client_id, user, granted_scope});
  }
  if (scopes.openid || granted.openid) {
    body["id_token"] = tokens_.issue_id_token(user, token_request.app->client_id, nonce,
                                              token_request.http.base_url);
  }
  if (token_request.optional("client_info") == "1") {
    body["client_info"] = base64url_encode(Json{{"uid", user.id}, {"utid", tenant_.id}}.dump());
  }
  return json_response(200, body.dump());
}

Response IdentityService::grant_client_credentials(const TokenRequest& token_request) {
  if (token_request.tenant.shared) {
    throw SignInError{"invalid_request", 9001023,
                      "The grant type is not supported over the /common or /consumers endpoints. "
                      "Please use the tenant-specific endpoint.",
                      ""};
  }
  if (!token_request.app->confidential) {
    throw SignInError{"invalid_client", 7000218,
                      "The request body must contain the following parameter: 'client_assertion' "
                      "or 'client_secret'.",
                      ""};
  }
  const auto scope = token_request.required("scope");
  const ScopeRequest scopes = parse_scopes(scope, own_urls(token_request.http));
  if (!scopes.everything) {
    throw SignInError{"invalid_scope", 1002012,
                      "The provided value for scope " + std::string(scope) +
                          " is not valid. Client credential flows must have a scope value with "
                          "/.default suffixed to the resource identifier (application ID URI).",
                      ""};
  }
  std::vector<std::string> roles;
  {
    std::lock_guard lock(mutex_);
    roles.assign(roles_.begin(), roles_.end());
  }
  const AccessGrant grant{token_request.app->client_id, std::nullopt, roles, scopes.resource};
  Json body;
  body["token_type"] = "Bearer";
  body["expires_in"] = tokens_.lifetime().count();
  body["ext_expires_in"] = tokens_.lifetime().count();
  body["access_token"] = tokens_.issue_access_token(grant, token_request.http.base_url);
  return json_response(200, body.dump());
}

}  // namespace graphodbc::emulator
