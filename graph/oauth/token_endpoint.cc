#include "graph/oauth/token_endpoint.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/url.h"
#include "graph/json_member.h"
#include "graph/oauth/scope.h"
#include "graph/oauth/token_error.h"
#include "graph/retry_policy.h"
#include "graph/transport_error.h"

namespace graphodbc::graph {
namespace {

using std::chrono::milliseconds;

// RetryMode is about Graph; sign-in has its own short budget, so that a connect fails in seconds.
const RetrySettings kRetry{.mode = RetryMode::kAny,
                           .statuses = {},
                           .count = 3,
                           .multiply_wait = true,
                           .first_wait = milliseconds(500),
                           .longest_wait = milliseconds(4000)};
constexpr milliseconds kLongestRetryAfter{30'000};
constexpr std::int64_t kLongestLifetime = 31'536'000;  // a year, in seconds

base::Secret encode_form(const FormFields& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    if (!form.empty()) form += '&';
    form += base::percent_encode(name);
    form += '=';
    form += base::percent_encode(value);
  }
  return base::Secret(std::move(form));
}

// Decides from one exchange whether the request is worth another try, and after how long.
Verdict judge(const Exchange& exchange, int sent, WallTime now) {
  Attempt attempt{sent, exchange.outcome, exchange.response.status, std::nullopt};
  if (exchange.outcome == Outcome::kOk) {
    if (attempt.status == 200) return {};
    const TokenErrorBody body = parse_token_error(exchange.response.body.view());
    if (!is_transient(attempt.status, body)) return {};
    attempt.status = 503;
    attempt.retry_after = parse_retry_after(exchange.response.header("retry-after"), now);
    if (attempt.retry_after > kLongestRetryAfter) return {};
  }
  return decide(kRetry, attempt, 0.5);
}

}  // namespace

std::optional<TokenAnswer> parse_token_answer(std::string_view json, WallTime now) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(simdjson::padded_string(json)).get(object) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  const std::string_view access = text_member(object, "access_token");
  // A control character would let the token forge header lines.
  const bool clean = std::none_of(access.begin(), access.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
  });
  if (access.empty() || !clean) return std::nullopt;
  TokenAnswer answer;
  answer.access.text = base::Secret(std::string(access));
  std::optional<std::int64_t> seconds = integer_member(object, "expires_in");
  if (!seconds) {
    const std::int64_t current =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    if (const auto end = integer_member(object, "expires_on")) {
      seconds = std::clamp<std::int64_t>(*end, 0, current + kLongestLifetime) - current;
    }
  }
  // Without a lifetime the token counts as good for nothing but the request at hand (A-N05).
  answer.access.lifetime =
      std::chrono::seconds(std::clamp<std::int64_t>(seconds.value_or(0), 0, kLongestLifetime));
  answer.access.expires_at = now + answer.access.lifetime;
  answer.refresh_token = base::Secret(std::string(text_member(object, "refresh_token")));
  answer.scope = text_member(object, "scope");
  return answer;
}

TokenEndpoint::TokenEndpoint(const ClientSettings& settings, FormPoster& poster, WallClock clock)
    : settings_(settings),
      poster_(poster),
      clock_(std::move(clock)),
      authentication_(settings, clock_) {}

TokenAnswer TokenEndpoint::refresh(const base::Secret& refresh_token, const std::string& claims) {
  constexpr std::string_view kWhat = "renewing the access token";
  FormFields fields = {{"grant_type", "refresh_token"}, {"refresh_token", refresh_token.reveal()}};
  if (!claims.empty()) fields.emplace_back("claims", claims);
  if (settings_.scope.empty() || refreshes_without_scope_) return request(fields, kWhat);
  FormFields with_scope = fields;
  with_scope.emplace_back("scope", settings_.scope);
  try {
    return request(with_scope, kWhat);
  } catch (const TokenRefused& refusal) {
    // Entra takes any scope that was consented. By RFC 6749 section 6 a service may refuse one that
    // was not granted with this token, as offline_access often is not; left out, it means what was.
    const bool replaced =
        std::any_of(settings_.token_parameters.begin(), settings_.token_parameters.end(),
                    [](const auto& parameter) { return parameter.first == "scope"; });
    const bool strict =
        refusal.body().error == "invalid_scope" && refusal.body().codes.empty() && !replaced;
    if (!strict) throw;
  }
  TokenAnswer answer = request(fields, kWhat);
  refreshes_without_scope_ = true;
  return answer;
}

TokenAnswer TokenEndpoint::client_credentials(const std::string& claims) {
  FormFields fields = {{"grant_type", "client_credentials"}, {"scope", app_scope(settings_).text}};
  if (!claims.empty()) fields.emplace_back("claims", claims);
  return request(fields, "signing in as the application");
}

TokenAnswer TokenEndpoint::request(const FormFields& grant, std::string_view what) {
  return read_answer(send(settings_.token_url, "TokenUrl", grant, what)->response, what);
}

PollAnswer TokenEndpoint::poll(const FormFields& grant, std::string_view what) {
  Headers headers = {{"Accept", "application/json"}};
  const base::Secret form = make_form(grant, "TokenUrl", headers);
  const std::shared_ptr<Exchange> exchange = poster_.post(settings_.token_url, form, headers);
  PollAnswer answer;
  answer.outcome = exchange->outcome;
  answer.detail = exchange->detail;
  answer.status = exchange->response.status;
  if (answer.outcome != Outcome::kOk) return answer;
  if (answer.status == 200) {
    answer.tokens = read_answer(exchange->response, what);
  } else {
    answer.error = parse_token_error(exchange->response.body.view());
  }
  return answer;
}

std::string TokenEndpoint::authorize_device(const FormFields& request, std::string_view what) {
  const std::shared_ptr<Exchange> exchange =
      send(settings_.device_code_url, "DeviceCodeUrl", request, what);
  return std::string(exchange->response.body.view());
}

base::Secret TokenEndpoint::make_form(const FormFields& grant, std::string_view key,
                                      Headers& headers) {
  FormFields form;
  authentication_.add_to(form, headers);
  form.insert(form.end(), grant.begin(), grant.end());
  if (key == "TokenUrl") add_parameters(form);
  return encode_form(form);
}

// Every pair once: one of a name that is there already replaces it (requirements A-N08).
void TokenEndpoint::add_parameters(FormFields& form) const {
  for (const auto& [name, value] : settings_.token_parameters) {
    const auto same = std::find_if(form.begin(), form.end(), [&name = name](const auto& field) {
      return field.first == name;
    });
    if (same == form.end()) {
      form.emplace_back(name, value);
      continue;
    }
    if (name == "scope" && settings_.log) {
      settings_.log->write(base::LogLevel::kRequests,
                           "TokenEndpointParams: its scope is sent instead of Scope");
    }
    same->second = value;
  }
}

std::shared_ptr<Exchange> TokenEndpoint::send(const std::string& url, std::string_view key,
                                              const FormFields& fields, std::string_view what) {
  bool turned = false;
  for (int sent = 1;; ++sent) {
    Headers headers = {{"Accept", "application/json"}};
    const base::Secret form = make_form(fields, key, headers);
    std::shared_ptr<Exchange> exchange = poster_.post(url, form, headers);
    const HttpResponse& response = exchange->response;
    if (exchange->outcome == Outcome::kOk && response.status == 200) return exchange;
    const Verdict verdict = judge(*exchange, sent, clock_());
    if (verdict.resend && poster_.pause(verdict.wait)) continue;
    if (exchange->outcome != Outcome::kOk) {
      throw connect_error(exchange->outcome, exchange->detail, url,
                          std::string(key) + ", when " + std::string(what));
    }
    const TokenErrorBody body = parse_token_error(response.body.view());
    const bool other = authentication_.turn_to_other(body);
    if (other && !turned) {
      turned = true;
      continue;
    }
    const TokenRefused refusal = token_error(response.status, body, what, settings_, key);
    if (!other) throw refusal;
    authentication_.take_warnings();
    throw TokenRefused(
        {refusal.state(),
         "ClientSecretNext was tried too, and neither was accepted. " + refusal.message(),
         refusal.native()},
        body);
  }
}

TokenAnswer TokenEndpoint::read_answer(const HttpResponse& response, std::string_view what) const {
  std::optional<TokenAnswer> answer = parse_token_answer(response.body.view(), clock_());
  if (!answer) throw token_error(response.status, {}, what, settings_);
  if (settings_.log) {
    settings_.log->hide(answer->access.text);
    settings_.log->hide(answer->refresh_token);
  }
  return std::move(*answer);
}

}  // namespace graphodbc::graph
