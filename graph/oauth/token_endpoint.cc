#include "graph/oauth/token_endpoint.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/url.h"
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

base::Secret encode_form(const FormFields& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    if (!form.empty()) form += '&';
    form += name;
    form += '=';
    form += base::percent_encode(value);
  }
  return base::Secret(std::move(form));
}

// Seconds as a number or, from old endpoints, as text.
std::optional<std::int64_t> read_seconds(simdjson::dom::object object, std::string_view key) {
  std::int64_t number = 0;
  if (object[key].get(number) == simdjson::SUCCESS) return number;
  double real = 0;
  if (object[key].get(real) == simdjson::SUCCESS) return static_cast<std::int64_t>(real);
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return std::nullopt;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec != std::errc()) return std::nullopt;
  return number;
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

TokenEndpoint::TokenEndpoint(const ClientSettings& settings, FormPoster& poster, WallClock clock)
    : settings_(settings), poster_(poster), clock_(std::move(clock)) {}

FormFields TokenEndpoint::client_fields() const {
  FormFields fields = {{"client_id", settings_.client_id}};
  if (!settings_.client_secret.empty()) {
    fields.emplace_back("client_secret", settings_.client_secret.reveal());
  }
  return fields;
}

TokenAnswer TokenEndpoint::refresh(const base::Secret& refresh_token, const std::string& claims) {
  FormFields fields = client_fields();
  fields.emplace_back("grant_type", "refresh_token");
  fields.emplace_back("refresh_token", refresh_token.reveal());
  if (!settings_.scope.empty()) fields.emplace_back("scope", settings_.scope);
  if (!claims.empty()) fields.emplace_back("claims", claims);
  return call(fields, "renewing the access token");
}

TokenAnswer TokenEndpoint::client_credentials(const std::string& claims) {
  FormFields fields = client_fields();
  fields.emplace_back("grant_type", "client_credentials");
  // Contract sheet b.5: nothing but {root}/.default is allowed here.
  const auto url = base::parse_url(settings_.graph_url);
  const bool own = settings_.scope.ends_with("/.default");
  fields.emplace_back("scope", own ? settings_.scope : url->origin() + "/.default");
  if (!claims.empty()) fields.emplace_back("claims", claims);
  return call(fields, "signing in as the application");
}

TokenAnswer TokenEndpoint::request(const FormFields& grant, std::string_view what) {
  FormFields fields = client_fields();
  fields.insert(fields.end(), grant.begin(), grant.end());
  return call(fields, what);
}

PollAnswer TokenEndpoint::poll(const FormFields& grant, std::string_view what) {
  FormFields fields = client_fields();
  fields.insert(fields.end(), grant.begin(), grant.end());
  const std::shared_ptr<Exchange> exchange =
      poster_.post(settings_.token_url, encode_form(fields), {{"Accept", "application/json"}});
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
  FormFields fields = client_fields();
  fields.insert(fields.end(), request.begin(), request.end());
  const std::shared_ptr<Exchange> exchange =
      send(settings_.device_code_url, "DeviceCodeUrl", fields, what);
  return std::string(exchange->response.body.view());
}

TokenAnswer TokenEndpoint::call(const FormFields& fields, std::string_view what) {
  return read_answer(send(settings_.token_url, "TokenUrl", fields, what)->response, what);
}

std::shared_ptr<Exchange> TokenEndpoint::send(const std::string& url, std::string_view key,
                                              const FormFields& fields, std::string_view what) {
  const base::Secret form = encode_form(fields);
  for (int sent = 1;; ++sent) {
    const std::shared_ptr<Exchange> exchange =
        poster_.post(url, form, {{"Accept", "application/json"}});
    const HttpResponse& response = exchange->response;
    if (exchange->outcome == Outcome::kOk && response.status == 200) return exchange;
    const Verdict verdict = judge(*exchange, sent, clock_());
    if (verdict.resend && poster_.pause(verdict.wait)) continue;
    if (exchange->outcome != Outcome::kOk) {
      throw connect_error(exchange->outcome, exchange->detail, url,
                          std::string(key) + ", when " + std::string(what));
    }
    const TokenErrorBody body = parse_token_error(response.body.view());
    throw TokenRefused(token_error(response.status, body, what, url, settings_.client_id), body);
  }
}

TokenAnswer TokenEndpoint::read_answer(const HttpResponse& response, std::string_view what) const {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  std::string_view access;
  const ByteBuffer& body = response.body;
  if (parser.parse(simdjson::padded_string(body.view())).get(object) != simdjson::SUCCESS ||
      object["access_token"].get(access) != simdjson::SUCCESS || access.empty()) {
    throw token_error(response.status, {}, what, settings_.token_url, settings_.client_id);
  }
  // A control character would let the token forge header lines.
  const bool clean = std::none_of(access.begin(), access.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
  });
  if (!clean) throw token_error(response.status, {}, what, settings_.token_url, "");
  TokenAnswer answer;
  answer.access.text = base::Secret(std::string(access));
  // Without a lifetime the token counts as good for nothing but the request at hand (A-N05).
  const std::int64_t seconds =
      std::clamp<std::int64_t>(read_seconds(object, "expires_in").value_or(0), 0, 31'536'000);
  answer.access.lifetime = std::chrono::seconds(seconds);
  answer.access.expires_at = clock_() + answer.access.lifetime;
  std::string_view refresh;
  if (object["refresh_token"].get(refresh) == simdjson::SUCCESS) {
    answer.refresh_token = base::Secret(std::string(refresh));
  }
  std::string_view scope;
  if (object["scope"].get(scope) == simdjson::SUCCESS) answer.scope = scope;
  if (settings_.log) {
    settings_.log->hide(answer.access.text);
    settings_.log->hide(answer.refresh_token);
  }
  return answer;
}

}  // namespace graphodbc::graph
