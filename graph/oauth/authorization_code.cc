// The authorization code flow (RFC 6749 4.1, RFC 7636, RFC 8252; contract sheet b.1).
#include <algorithm>
#include <charconv>
#include <utility>

#include "base/url.h"
#include "graph/oauth/interactive_flow.h"
#include "graph/oauth/loopback_listener.h"
#include "graph/oauth/pkce.h"
#include "graph/oauth/scope.h"
#include "graph/oauth/token_error.h"

namespace graphodbc::graph {
namespace {

using base::Error;

// What binds the answer to the request is not for AuthEndpointParams to say.
bool is_ours(std::string_view name) {
  constexpr std::string_view kOurs[] = {"client_id", "response_type",  "redirect_uri",
                                        "state",     "code_challenge", "code_challenge_method"};
  return std::find(std::begin(kOurs), std::end(kOurs), name) != std::end(kOurs);
}

Parameters::iterator find(Parameters& parameters, std::string_view name) {
  return std::find_if(parameters.begin(), parameters.end(),
                      [&](const auto& parameter) { return parameter.first == name; });
}

// The URL's own query, without what the request says itself, then the request: nothing twice
// (RFC 6749 3.1).
std::string join(std::string_view url, Parameters& request) {
  const std::size_t question = url.find('?');
  std::string out(url.substr(0, question));
  char separator = '?';
  const auto add = [&](std::string_view name_and_value) {
    out += separator;
    out += name_and_value;
    separator = '&';
  };
  std::string_view query =
      question == std::string_view::npos ? std::string_view() : url.substr(question + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::string name = base::form_decode(pair.substr(0, pair.find('=')));
    if (!pair.empty() && find(request, name) == request.end()) add(pair);
  }
  for (const auto& [name, value] : request) {
    add(base::percent_encode(name) + "=" + base::percent_encode(value));
  }
  return out;
}

// What follows `name`, to the end of the line: "Correlation ID:" and others stand in lines under an
// error's description.
std::string detail_of(const std::string& description, std::string_view name) {
  const std::size_t at = description.find(name);
  if (at == std::string::npos) return {};
  const std::size_t first = description.find_first_not_of(' ', at + name.size());
  if (first == std::string::npos) return {};
  return description.substr(first, description.find_first_of("\r\n", first) - first);
}

[[noreturn]] void refuse(const AuthorizationAnswer& answer, const ClientSettings& settings) {
  TokenErrorBody body;
  body.error = answer.error;
  body.description = detail_of(answer.error_description, "");
  const std::string number = detail_of(body.description, "AADSTS");
  int code = 0;
  if (std::from_chars(number.data(), number.data() + number.size(), code).ec == std::errc()) {
    body.codes.push_back(code);
  }
  body.correlation_id = detail_of(answer.error_description, "Correlation ID:");
  body.trace_id = detail_of(answer.error_description, "Trace ID:");
  body.timestamp = detail_of(answer.error_description, "Timestamp:");
  throw token_error(302, body, "the sign-in in the browser", settings, "AuthUrl");
}

}  // namespace

AuthorizationCodeFlow::AuthorizationCodeFlow(const ClientSettings& settings,
                                             TokenEndpoint& endpoint, SignInPrompt& prompt,
                                             std::function<bool()> keep_waiting)
    : settings_(settings),
      endpoint_(endpoint),
      prompt_(prompt),
      keep_waiting_(std::move(keep_waiting)) {}

std::string AuthorizationCodeFlow::address(const std::string& state, const std::string& verifier,
                                           const std::string& claims) {
  Parameters request = {{"client_id", settings_.client_id},
                        {"response_type", "code"},
                        {"redirect_uri", redirect_uri_},
                        {"response_mode", "query"},
                        {"scope", requested_scope(settings_)},
                        {"state", state},
                        {"code_challenge", code_challenge(verifier)},
                        {"code_challenge_method", "S256"}};
  if (!settings_.login_hint.empty()) request.emplace_back("login_hint", settings_.login_hint);
  if (!claims.empty()) request.emplace_back("claims", claims);
  for (const auto& [name, value] : settings_.authorize_parameters) {
    if (is_ours(name)) {
      warnings_.push_back(
          {"01000", "AuthEndpointParams: " + name + " is the driver's own and was not replaced"});
    } else if (const auto same = find(request, name); same != request.end()) {
      same->second = value;
    } else {
      request.emplace_back(name, value);
    }
  }
  return join(settings_.auth_url, request);
}

TokenAnswer AuthorizationCodeFlow::run(const std::string& claims) {
  const std::string state = new_random_text();
  const std::string verifier = new_random_text();
  const AuthorizationAnswer answer = LoopbackListener::can_serve(settings_.return_url)
                                         ? listen(state, verifier, claims)
                                         : ask(state, verifier, claims);
  if (!equal_in_constant_time(answer.state, state)) {
    throw Error("28000",
                "The answer of the sign-in page does not belong to this sign-in (its state "
                "differs), so it is not accepted: sign in again, and only in the page that the "
                "program opens");
  }
  if (!answer.error.empty()) refuse(answer, settings_);
  return endpoint_.request({{"grant_type", "authorization_code"},
                            {"code", answer.code},
                            {"redirect_uri", redirect_uri_},
                            {"code_verifier", verifier}},
                           "redeeming the sign-in code");
}

AuthorizationAnswer AuthorizationCodeFlow::listen(const std::string& state,
                                                  const std::string& verifier,
                                                  const std::string& claims) {
  LoopbackListener listener(settings_.return_url);
  redirect_uri_ = listener.redirect_uri();
  prompt_.show_address(address(state, verifier, claims));
  const auto belongs = [&](const AuthorizationAnswer& answer) {
    return equal_in_constant_time(answer.state, state);
  };
  std::optional<AuthorizationAnswer> answer = listener.wait(belongs, keep_waiting_);
  if (!answer) throw Error("HY008", "The sign-in was given up");
  return std::move(*answer);
}

AuthorizationAnswer AuthorizationCodeFlow::ask(const std::string& state,
                                               const std::string& verifier,
                                               const std::string& claims) {
  redirect_uri_ = settings_.return_url;
  prompt_.show_address(address(state, verifier, claims));
  const std::string pasted = prompt_.ask_for_redirected_address();
  if (pasted.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw Error("HY008", "The sign-in was given up");
  }
  const std::optional<std::string> query = query_of_pasted(pasted, settings_.return_url);
  std::optional<AuthorizationAnswer> answer = query ? parse_answer(*query) : std::nullopt;
  if (!answer) {
    throw Error("28000",
                "What was pasted is not the address that the browser ended at: it must "
                "begin with ReturnUrl (" +
                    settings_.return_url +
                    ") and hold a code or an error. Sign in again and copy all of it from "
                    "the address bar");
  }
  return std::move(*answer);
}

}  // namespace graphodbc::graph
