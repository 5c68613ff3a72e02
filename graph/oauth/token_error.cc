#include "graph/oauth/token_error.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>

#include "base/log.h"
#include "base/url.h"
#include "base/utf.h"
#include "graph/json_member.h"
#include "graph/oauth/scope.h"
#include "graph/oauth/sign_in_advice.h"

namespace graphodbc::graph {
namespace {

constexpr Advice kNoAdvice{"Check TokenUrl, ClientId and the credentials"};

// The number in "AADSTS700082: ...", for answers without error_codes.
void take_code_from(std::string_view description, std::vector<int>& codes) {
  constexpr std::string_view kPrefix = "AADSTS";
  const std::size_t at = description.find(kPrefix);
  if (at == std::string_view::npos) return;
  const std::string_view digits = description.substr(at + kPrefix.size());
  int code = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), code).ec == std::errc()) {
    codes.push_back(code);
  }
}

// Three numbers with `separator` between them, at the beginning of the text.
bool read_numbers(std::string_view text, char separator, std::array<int, 3>& numbers) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0 && (at == end || *at++ != separator)) return false;
    const auto read = std::from_chars(at, end, numbers[i]);
    if (read.ec != std::errc()) return false;
    at = read.ptr;
  }
  return true;
}

// The first YYYY-MM-DD, or M/D/YYYY in the way of the service's older texts, as YYYY-MM-DD.
std::string find_date(const std::string& text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool starts =
        text[at] >= '0' && text[at] <= '9' && (at == 0 || text[at - 1] < '0' || text[at - 1] > '9');
    if (!starts) continue;
    std::array<int, 3> date{};
    int& year = date[0];
    int& month = date[1];
    int& day = date[2];
    const std::string_view from = std::string_view(text).substr(at);
    if (!read_numbers(from, '-', date)) {
      if (!read_numbers(from, '/', date)) continue;
      date = {date[2], date[0], date[1]};
    }
    if (year < 2000 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) continue;
    std::array<char, 16> out{};
    (void)std::snprintf(out.data(), out.size(), "%04d-%02d-%02d", year, month, day);
    return out.data();
  }
  return {};
}

std::string expiry_text(const TokenErrorBody& body, const ClientSettings& settings) {
  std::string date = find_date(body.description);
  if (date.empty() && settings.client_secret_expires) {
    date = date_text(*settings.client_secret_expires);
  }
  return date.empty() ? "has expired" : "expired on " + date;
}

void replace(std::string& text, std::string_view what, const std::string& with) {
  const std::size_t at = text.find(what);
  if (at != std::string::npos) text.replace(at, what.size(), with);
}

std::string advice_text(const Advice& advice, const TokenErrorBody& body,
                        const ClientSettings& settings) {
  std::string text(advice.text);
  replace(text, "{login}", login_command(settings));
  replace(text, "{expired}", expiry_text(body, settings));
  return text;
}

// "invalid_grant, AADSTS700082 (HTTP 400 from https://login..., correlation id ...)"
std::string describe(int http_status, const TokenErrorBody& body, const std::string& where) {
  std::string text = body.error;
  if (!body.codes.empty()) text += ", AADSTS" + std::to_string(body.codes.front());
  text += " (HTTP " + std::to_string(http_status) + " from " + where;
  if (!body.correlation_id.empty()) text += ", correlation id " + body.correlation_id;
  return text + ")";
}

// For whoever looks it up in the tenant's logs.
std::string trace(const TokenErrorBody& body) {
  std::string text;
  if (!body.trace_id.empty()) text += ". Trace id " + body.trace_id;
  if (!body.timestamp.empty()) text += (text.empty() ? ". At " : ", ") + body.timestamp;
  return text;
}

}  // namespace

bool TokenRefused::needs_person() const {
  constexpr std::string_view kOver[] = {"invalid_grant", "interaction_required", "login_required",
                                        "consent_required"};
  return std::find(std::begin(kOver), std::end(kOver), body_.error) != std::end(kOver);
}

TokenErrorBody parse_token_error(std::string_view json) {
  TokenErrorBody body;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(simdjson::padded_string(json)).get(object) != simdjson::SUCCESS) return body;
  body.error = text_member(object, "error");
  const std::string_view description = text_member(object, "error_description");
  body.description = description.substr(0, description.find_first_of("\r\n"));
  body.correlation_id = text_member(object, "correlation_id");
  body.trace_id = text_member(object, "trace_id");
  body.timestamp = text_member(object, "timestamp");
  body.claims = text_member(object, "claims");
  simdjson::dom::array codes;
  if (object["error_codes"].get(codes) == simdjson::SUCCESS) {
    for (simdjson::dom::element element : codes) {
      std::int64_t code = 0;
      if (element.get(code) == simdjson::SUCCESS) body.codes.push_back(static_cast<int>(code));
    }
  }
  if (body.codes.empty()) take_code_from(body.description, body.codes);
  return body;
}

bool is_transient(int http_status, const TokenErrorBody& body) {
  if (body.error == "invalid_grant" || body.error == "invalid_client") return false;
  if (const Advice* advice = find_advice(body)) return advice->kind == AdviceKind::kTransient;
  return http_status == 408 || http_status == 429 || http_status >= 500;
}

std::string login_command(const ClientSettings& settings) {
  if (settings.data_source.empty())
    return "`graphodbc login --connection` with this connection string";
  const bool plain = settings.data_source.find_first_of(" \t'\"\\$`") == std::string::npos;
  const std::string quote = plain ? "" : "\"";
  return "`graphodbc login --dsn " + quote + settings.data_source + quote + "`";
}

std::string admin_consent_url(const ClientSettings& settings) {
  const std::size_t at = settings.token_url.find("/oauth2/");
  if (at == std::string::npos) return {};
  std::string url = settings.token_url.substr(0, at);
  // An administrator consents for one organisation, which `common` does not name.
  if (url.ends_with("/common")) url.replace(url.size() - 6, 6, "organizations");
  return url + "/v2.0/adminconsent?client_id=" + base::percent_encode(settings.client_id) +
         "&scope=" + base::percent_encode(consent_scope(settings)) +
         "&redirect_uri=" + base::percent_encode(settings.return_url);
}

TokenRefused token_error(int http_status, const TokenErrorBody& body, std::string_view what,
                         const ClientSettings& settings, std::string_view key) {
  const auto url =
      base::parse_url(key == "DeviceCodeUrl" ? settings.device_code_url : settings.token_url);
  const std::string where = url ? url->origin() : std::string();
  if (body.error.empty()) {
    return {{"08001",
             std::string(key) + " did not answer as a sign-in endpoint (" + where + ", HTTP " +
                 std::to_string(http_status) + ") when " + std::string(what) + "; check " +
                 std::string(key) + " and any proxy in between",
             http_status},
            body};
  }
  const Advice* found = find_advice(body);
  const Advice& advice = found != nullptr ? *found : kNoAdvice;
  // unixODBC keeps 512 characters of what a connect says: what helps most comes first.
  std::string message = advice_text(advice, body, settings);
  constexpr std::size_t kShortScope = 80;
  if (advice.kind == AdviceKind::kConsent && !settings.scope.empty() &&
      settings.scope.size() <= kShortScope) {
    message += " (Scope: " + settings.scope + ")";
  }
  message += message.ends_with('?') ? " " : ". ";
  message += "The identity service refused " + std::string(what) + ": " +
             describe(http_status, body, where);
  if (advice.kind == AdviceKind::kConsent) {
    const std::string consent = admin_consent_url(settings);
    if (!consent.empty()) message += ". Administrators consent at " + consent;
  }
  message += trace(body);
  if (!body.description.empty()) {
    const std::string said = base::redact(body.description);
    message += ". It said: " + said.substr(0, base::utf8_prefix(said, 300));
  }
  const int native = body.codes.empty() ? http_status : body.codes.front();
  if (is_transient(http_status, body)) return {{"08001", message, native}, body};
  return {{"28000", message, native}, body};
}

}  // namespace graphodbc::graph
