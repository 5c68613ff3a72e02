// Identities that an Azure resource and a cluster's workload get by being what they are: the
// machine's metadata service, App Service's endpoint beside the program, and the tokens that a
// cluster issues to its workloads for a federated credential.
#include <nlohmann/json.hpp>

#include "emulator/identity/crypto.h"
#include "emulator/identity/identity_service.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kExchangeAudience = "api://AzureADTokenExchange";
constexpr std::string_view kWorkload = "system:serviceaccount:default:graphodbc";

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Response identity_failure(int status, const std::string& error, const std::string& text) {
  return json_response(status, Json{{"error", error}, {"error_description", text}}.dump());
}

SignInError refused(int aadsts, std::string text) {
  return {"invalid_client", aadsts, std::move(text), ""};
}

std::string text_member(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

bool IdentityService::is_machine_path(std::string_view path) {
  return path == "/metadata/identity/oauth2/token" || path == "/msi/token";
}

Response IdentityService::handle_machine(const Request& request) {
  const bool metadata = request.path.starts_with("/metadata/");
  if (request.method != "GET") {
    return identity_failure(405, "method_not_allowed", "Only GET is allowed");
  }
  if (metadata && find_header(request.headers, "Metadata") != std::string_view("true")) {
    return identity_failure(400, "invalid_request", "Required metadata header not specified");
  }
  if (!metadata &&
      find_header(request.headers, "X-IDENTITY-HEADER") != std::string_view(identity_header())) {
    return json_response(401,
                         Json{{"statusCode", 401}, {"message", "Invalid identity header"}}.dump());
  }
  const Parameters query = parse_form(request.query);
  const std::string version(find_parameter(query, "api-version").value_or(""));
  const std::string resource(find_parameter(query, "resource").value_or(""));
  if (version != (metadata ? "2018-02-01" : "2019-08-01")) {
    return identity_failure(400, "invalid_request", "Invalid api-version");
  }
  if (resource.empty()) {
    return identity_failure(400, "invalid_request",
                            "Required query variable 'resource' is missing");
  }
  const std::string asked(find_parameter(query, "client_id").value_or(""));
  if (!asked.empty() && !equal_ignoring_case(asked, user_assigned_identity())) {
    return identity_failure(400, "invalid_request", "Identity not found");
  }
  const std::string client_id =
      asked.empty() ? derived_guid(options_.seed, "system-assigned identity") : asked;
  try {
    return machine_token(request, resource, client_id);
  } catch (const SignInError& error) {
    return identity_failure(400, error.error,
                            "AADSTS" + std::to_string(error.aadsts) + ": " + error.text);
  }
}

// Numbers are texts there.
Response IdentityService::machine_token(const Request& request, const std::string& resource,
                                        const std::string& client_id) {
  const ScopeRequest scopes = parse_scopes(resource + "/.default", own_urls(request));
  std::vector<std::string> roles;
  {
    std::lock_guard lock(mutex_);
    roles.assign(roles_.begin(), roles_.end());
  }
  const std::int64_t now = seconds_now();
  const std::string lifetime = std::to_string(tokens_.lifetime().count());
  Json body;
  body["access_token"] = tokens_.issue_access_token(
      {client_id, std::nullopt, roles, scopes.resource}, request.base_url);
  body["client_id"] = client_id;
  if (request.path.starts_with("/metadata/")) {
    body["expires_in"] = lifetime;
    body["ext_expires_in"] = lifetime;
    body["not_before"] = std::to_string(now);
  }
  body["expires_on"] = std::to_string(now + tokens_.lifetime().count());
  body["resource"] = resource;
  body["token_type"] = "Bearer";
  return json_response(200, body.dump());
}

std::string IdentityService::identity_header() const {
  return derived_guid(options_.seed, "identity header");
}

std::string IdentityService::user_assigned_identity() const {
  return derived_guid(options_.seed, "user-assigned identity");
}

std::string IdentityService::federated_token(const std::string& subject,
                                             std::chrono::seconds lifetime,
                                             const std::string& base_url) {
  const std::int64_t now = seconds_now();
  const Json claims = {{"iss", base_url + "/cluster"},
                       {"sub", subject.empty() ? std::string(kWorkload) : subject},
                       {"aud", Json::array({kExchangeAudience})},
                       {"iat", now},
                       {"nbf", now},
                       {"exp", now + lifetime.count()}};
  return tokens_.sign_jwt(claims.dump());
}

bool IdentityService::is_federated(std::string_view assertion, const std::string& base_url) {
  const auto parts = split(assertion, '.');
  if (parts.size() != 3) return false;
  const auto claims =
      nlohmann::json::parse(base64url_decode(parts[1]).value_or(""), nullptr, false);
  return claims.is_object() && text_member(claims, "iss") == base_url + "/cluster";
}

// The credential of the confidential application trusts one workload of one cluster.
void IdentityService::check_federated(std::string_view assertion) const {
  if (!tokens_.is_own_signature(assertion)) {
    throw refused(50013, "Assertion failed signature validation.");
  }
  const auto parts = split(assertion, '.');
  const auto claims = nlohmann::json::parse(base64url_decode(parts[1]).value_or(""));
  if (claims.at("exp").get<std::int64_t>() < seconds_now()) {
    throw refused(700024, "Client assertion is not within its valid time range.");
  }
  const std::string subject = text_member(claims, "sub");
  if (subject != kWorkload) {
    throw refused(700213,
                  "No matching federated identity record found for presented assertion subject '" +
                      subject + "'.");
  }
}

}  // namespace graphodbc::emulator
