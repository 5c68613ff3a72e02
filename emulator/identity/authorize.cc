// The authorization endpoint: a browser comes in and is sent on at once, as if the user had signed
// in and agreed (contract sheet (b.1)).
#include <algorithm>

#include "emulator/identity/crypto.h"
#include "emulator/identity/identity_service.h"

namespace graphodbc::emulator {
namespace {

constexpr std::chrono::minutes kCodeLifetime{10};
constexpr std::size_t kShortestChallenge = 43;  // RFC 7636 section 4.2
constexpr std::size_t kLongestChallenge = 128;

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string encode_pairs(const Pairs& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out += name + "=" + percent_encode(value);
  }
  return out;
}

// A page that posts itself to the redirect URI, as response_mode=form_post asks.
Response post_page(std::string_view redirect_uri, const Pairs& pairs) {
  std::string body =
      "<!DOCTYPE html><html><head><title>Working...</title></head><body>"
      "<form method=\"POST\" name=\"hiddenform\" action=\"" +
      html_escape(redirect_uri) + "\">";
  for (const auto& [name, value] : pairs) {
    body += "<input type=\"hidden\" name=\"" + html_escape(name) + "\" value=\"" +
            html_escape(value) + "\" />";
  }
  body +=
      "<noscript><p>Script is disabled. Click Submit to continue.</p>"
      "<input type=\"submit\" value=\"Submit\" /></noscript></form>"
      "<script language=\"javascript\">document.forms[0].submit();</script></body></html>";
  return html_response(200, std::move(body));
}

Response send_back(std::string_view redirect_uri, std::string_view mode, const Pairs& pairs) {
  if (mode == "form_post") return post_page(redirect_uri, pairs);
  return {302,
          {{"Location", redirect_target(redirect_uri, encode_pairs(pairs))},
           {"Cache-Control", "no-store"}},
          ""};
}

bool is_registered(const AppRegistration& app, const std::vector<std::string>& extra,
                   std::string_view given) {
  const auto matches = [&](const std::string& uri) { return redirect_uri_matches(uri, given); };
  return std::any_of(app.redirect_uris.begin(), app.redirect_uris.end(), matches) ||
         std::any_of(extra.begin(), extra.end(), matches);
}

void check_challenge(std::string_view challenge, std::string_view method) {
  if (challenge.empty() && method.empty()) return;
  if (challenge.empty()) {
    throw SignInError{"invalid_request", 50147, "Missing Code_Challenge parameter.", ""};
  }
  if (challenge.size() < kShortestChallenge || challenge.size() > kLongestChallenge) {
    throw SignInError{"invalid_request", 501491, "Invalid size of Code_Challenge parameter.", ""};
  }
  if (!method.empty() && method != "S256" && method != "plain") {
    throw SignInError{"invalid_request", 501491, "Invalid Code_Challenge_method parameter.", ""};
  }
}

}  // namespace

Response IdentityService::handle_authorize(const Request& request, std::string_view tenant) {
  Parameters parameters = parse_form(request.query);
  if (request.method == "POST") {
    const Parameters posted = parse_form(request.body);
    parameters.insert(parameters.end(), posted.begin(), posted.end());
  }
  const auto value = [&](std::string_view name) {
    return find_parameter(parameters, name).value_or(std::string_view());
  };
  const AppRegistration* app = nullptr;
  const std::string_view redirect_uri = value("redirect_uri");
  try {
    choose_tenant(tenant);
    if (value("client_id").empty()) {
      throw SignInError{"invalid_request", 900144,
                        "The request body must contain the following parameter: 'client_id'.", ""};
    }
    app = tenant_.find_app(value("client_id"));
    if (app == nullptr) {
      throw SignInError{"unauthorized_client", 700016,
                        "Application with identifier '" + std::string(value("client_id")) +
                            "' was not found in the directory '" + std::string(tenant) + "'.",
                        ""};
    }
    std::unique_lock lock(mutex_);
    if (redirect_uri.empty() || !is_registered(*app, extra_redirect_uris_, redirect_uri)) {
      throw SignInError{"invalid_request", 50011,
                        "The redirect URI '" + std::string(redirect_uri) +
                            "' specified in the request does not match the redirect URIs "
                            "configured for the application '" +
                            app->client_id + "'.",
                        ""};
    }
    lock.unlock();
    choose_user(value("login_hint"));
  } catch (const SignInError& error) {
    return error_page(error, request);
  }

  Pairs answer;
  try {
    answer.emplace_back("code", authorize(request, parameters, *app, redirect_uri));
  } catch (const SignInError& error) {
    answer.emplace_back("error", error.error);
    answer.emplace_back("error_description", error_description(error, random_guid(), random_guid(),
                                                               aadsts_timestamp(Clock::now())));
    answer.emplace_back("error_uri",
                        request.base_url + "/error?code=" + std::to_string(error.aadsts));
  }
  if (const auto state = find_parameter(parameters, "state")) {
    answer.emplace_back("state", std::string(*state));
  }
  if (answer.front().first == "code") answer.emplace_back("session_state", random_guid());
  return send_back(redirect_uri, value("response_mode"), answer);
}

std::string IdentityService::authorize(const Request& request, const Parameters& parameters,
                                       const AppRegistration& app, std::string_view redirect_uri) {
  const auto value = [&](std::string_view name) {
    return find_parameter(parameters, name).value_or(std::string_view());
  };
  if (value("login_hint").starts_with("deny@") || value("login_hint").starts_with("deny%40")) {
    throw SignInError{"access_denied", 65004, "User declined to consent to access the app.", ""};
  }
  if (value("response_type") != "code") {
    throw SignInError{"unsupported_response_type", 700054,
                      "response_type '" + std::string(value("response_type")) +
                          "' is not enabled for the application.",
                      ""};
  }
  const auto mode = value("response_mode");
  if (!mode.empty() && mode != "query" && mode != "form_post") {
    throw SignInError{"invalid_request", 90023,
                      "Unsupported 'response_mode' value: use query or form_post.", ""};
  }
  if (value("scope").empty()) {
    throw SignInError{"invalid_request", 900144,
                      "The request body must contain the following parameter: 'scope'.", ""};
  }
  check_challenge(value("code_challenge"), value("code_challenge_method"));
  const ScopeRequest scopes = parse_scopes(value("scope"), own_urls(request));
  try {
    consented(scopes);
  } catch (SignInError& error) {
    error.error = value("prompt") == "none" ? "interaction_required" : "consent_required";
    throw;
  }

  Authorization authorization;
  authorization.client_id = app.client_id;
  authorization.redirect_uri = std::string(redirect_uri);
  authorization.user = choose_user(value("login_hint"));
  authorization.scope = std::string(value("scope"));
  authorization.nonce = std::string(value("nonce"));
  authorization.challenge = std::string(value("code_challenge"));
  authorization.challenge_is_hash = value("code_challenge_method") == "S256";
  authorization.expires = Clock::now() + kCodeLifetime;
  std::string code = "1." + base64url_encode(random_bytes(96));
  std::lock_guard lock(mutex_);
  codes_[code] = std::move(authorization);
  return code;
}

SignedInUser IdentityService::choose_user(std::string_view login_hint) const {
  if (login_hint.empty() || login_hint.starts_with("deny@")) return account();
  const std::string id = directory_.user_id(login_hint);
  if (id.empty()) {
    throw SignInError{"invalid_request", 50034,
                      "The user account does not exist in the " + tenant_.id +
                          " directory. To sign into this application, the account must be added "
                          "to the directory.",
                      ""};
  }
  if (id == directory_.account_id) return account();
  return {id, std::string(login_hint), directory_.display_name(id)};
}

}  // namespace graphodbc::emulator
