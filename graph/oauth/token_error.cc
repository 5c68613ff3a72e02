#include "graph/oauth/token_error.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>

#include "base/log.h"
#include "base/url.h"
#include "base/utf.h"

namespace graphodbc::graph {
namespace {

enum class Class : std::uint8_t { kRefused, kConsent, kTransient };

struct Advice {
  std::initializer_list<int> codes;
  std::string_view text;
  Class kind = Class::kRefused;
};

// Contract sheet b.8.
const Advice kAdvice[] = {
    {{700016, 700011, 70001, 7000112, 700038},
     "ClientId is unknown in this tenant, not consented there, or the app is disabled: check "
     "ClientId and the tenant in TokenUrl"},
    {{90002, 50059, 50128, 90019},
     "The tenant in TokenUrl was not found: check TokenUrl or TenantId"},
    {{50194}, "The app is single-tenant but TokenUrl says common: put the tenant id in TokenUrl"},
    {{50020, 50034, 51004, 16000, 90072},
     "User name or password rejected: this account does not exist in that tenant (wrong account or "
     "wrong tenant; guests must be invited)"},
    {{9002332, 9002346},
     "The app and the endpoint serve different kinds of account: check the "
     "tenant in TokenUrl"},
    {{50011, 70004, 900971}, "The redirect URI is not registered for the app, wrong or missing"},
    {{7000215, 70002},
     "ClientSecret was rejected: did you paste the secret's ID instead of its value?"},
    {{7000222}, "ClientSecret has expired: make a new one in the app registration"},
    {{7000218},
     "The app is confidential but no secret was sent: give ClientSecret, or allow public client "
     "flows in the app registration"},
    {{700025}, "The app is public: remove ClientSecret"},
    {{700027, 50012, 50013, 50027, 700030, 500133, 700024},
     "The certificate or assertion was not accepted: wrong certificate, not uploaded, or the clock "
     "is off"},
    {{65001},
     "Nobody consented to these permissions yet: sign in interactively once, or let an "
     "administrator grant them",
     Class::kConsent},
    {{65004}, "The consent was declined: sign in again and accept"},
    {{90094, 90095, 90008, 90093},
     "An administrator must consent to these permissions",
     Class::kConsent},
    {{65005, 650052, 650054, 650056, 650057},
     "The app registration does not list this permission, or the tenant lacks the service"},
    {{70011, 28002, 28003, 700022, 700023},
     "Scope is malformed, unknown, or mixes two resources: check Scope"},
    {{500011, 50001},
     "The resource in Scope is not in this tenant: check Scope and GraphUrl (wrong "
     "cloud?)"},
    {{90038, 90051, 900382, 900432},
     "The tenant lives in another national cloud: check TokenUrl "
     "and GraphUrl"},
    {{700082}, "The refresh token expired because it was not used for too long: sign in again"},
    {{70008, 50089}, "The refresh token has expired: sign in again"},
    {{50173, 50132, 50133}, "The session was revoked or the password changed: sign in again"},
    {{70043, 50078}, "The sign-in frequency or MFA policy asks for a new sign-in: sign in again"},
    {{700084},
     "The refresh token belongs to a single-page app and lives 24 hours only: sign in "
     "again through a redirect URI of the mobile and desktop kind"},
    {{70000, 700005, 54005},
     "The grant is invalid, used up, or from another tenant: sign in again"},
    {{501481, 50147, 501491}, "The PKCE verifier does not match: sign in again"},
    {{50072, 50074, 50076, 50079, 50158},
     "Multi-factor authentication is needed: sign in again interactively"},
    {{53000, 53001, 53002, 53003, 53004, 530032, 530034, 530035, 50005, 50097, 50131},
     "Blocked by Conditional Access or a device policy: ask the administrator"},
    {{50105}, "The user is not assigned to this application: ask the administrator"},
    {{50053, 50055, 50056, 50057, 50126, 50144},
     "User name or password rejected, or the account is locked, disabled or its password expired"},
    {{50058}, "Nobody is signed in: sign in interactively"},
    {{50196}, "The identity service saw the same request too often: wait a few minutes"},
    {{70016, 70018, 70019, 90119, 90120}, "The device code is pending, wrong, expired or used up"},
    {{50033, 50087, 90006, 90012, 90024, 90033, 90090, 70012, 40010},
     "The identity service has a temporary problem: try again later",
     Class::kTransient},
    {{90055, 50088}, "The identity service is throttling: wait a few minutes", Class::kTransient},
    {{900144}, "The token request lacks a value: check ClientId, Scope and TokenUrl"},
    {{90014, 9002313, 90004, 900561, 901002, 70003, 9001023},
     "The identity service found the request malformed: check TokenUrl"},
};

struct NamedAdvice {
  std::string_view error;
  std::string_view text;
};

constexpr NamedAdvice kByName[] = {
    {"invalid_grant", "The refresh token was refused: sign in again"},
    {"interaction_required", "The identity service wants an interactive sign-in: sign in again"},
    {"consent_required", "Consent is missing: sign in again, or let an administrator grant it"},
    {"invalid_client", "The app's credentials were refused: check ClientId and ClientSecret"},
    {"unauthorized_client", "The app may not use this kind of sign-in: check its registration"},
    {"invalid_scope", "Scope is malformed or unknown: check Scope"},
    {"invalid_resource", "The resource in Scope is unknown: check Scope and GraphUrl"},
    {"unsupported_grant_type", "The endpoint does not know this grant: check TokenUrl"},
    {"invalid_request",
     "The identity service found the request malformed: check TokenUrl, ClientId "
     "and Scope"},
    {"temporarily_unavailable", "The identity service is not available: try again later"},
};

const Advice* find_advice(const TokenErrorBody& body) {
  for (int code : body.codes) {
    for (const Advice& advice : kAdvice) {
      if (std::find(advice.codes.begin(), advice.codes.end(), code) != advice.codes.end()) {
        return &advice;
      }
    }
  }
  return nullptr;
}

std::string text_of(simdjson::dom::object object, std::string_view key) {
  std::string_view value;
  if (object[key].get(value) != simdjson::SUCCESS) return {};
  return std::string(value);
}

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

// https://login/{tenant}/oauth2/v2.0/token -> https://login/{tenant}/adminconsent?client_id=...
std::string admin_consent_url(std::string_view token_url, std::string_view client_id) {
  const std::size_t at = token_url.find("/oauth2/");
  if (at == std::string_view::npos) return {};
  return std::string(token_url.substr(0, at)) +
         "/adminconsent?client_id=" + base::percent_encode(client_id);
}

}  // namespace

TokenErrorBody parse_token_error(std::string_view json) {
  TokenErrorBody body;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(simdjson::padded_string(json)).get(object) != simdjson::SUCCESS) return body;
  body.error = text_of(object, "error");
  const std::string description = text_of(object, "error_description");
  body.description = description.substr(0, description.find_first_of("\r\n"));
  body.correlation_id = text_of(object, "correlation_id");
  body.trace_id = text_of(object, "trace_id");
  body.timestamp = text_of(object, "timestamp");
  body.claims = text_of(object, "claims");
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
  const Advice* advice = find_advice(body);
  if (advice != nullptr) return advice->kind == Class::kTransient;
  if (body.error == "invalid_grant" || body.error == "invalid_client") return false;
  return body.error == "temporarily_unavailable" || http_status == 408 || http_status == 429 ||
         http_status >= 500;
}

std::string_view advice_for(const TokenErrorBody& body) {
  if (const Advice* advice = find_advice(body)) return advice->text;
  for (const NamedAdvice& named : kByName) {
    if (named.error == body.error) return named.text;
  }
  return "Check TokenUrl, ClientId and the credentials";
}

base::Error token_error(int http_status, const TokenErrorBody& body, std::string_view what,
                        std::string_view token_url, std::string_view client_id) {
  const auto url = base::parse_url(token_url);
  const std::string where = url ? url->origin() : std::string();
  std::string message;
  if (body.error.empty()) {
    message = "TokenUrl did not answer as a token endpoint (" + where + ", HTTP " +
              std::to_string(http_status) + ") when " + std::string(what) +
              "; check TokenUrl and any proxy in between";
    return base::Error("08001", message, http_status);
  }
  message = std::string(advice_for(body));
  message += message.ends_with('?') ? " " : ". ";
  message += "The identity service refused " + std::string(what) + ": " + body.error;
  const Advice* advice = find_advice(body);
  if (!body.codes.empty()) message += ", AADSTS" + std::to_string(body.codes.front());
  message += " (HTTP " + std::to_string(http_status) + " from " + where;
  if (!body.correlation_id.empty()) message += ", correlation id " + body.correlation_id;
  if (!body.trace_id.empty()) message += ", trace id " + body.trace_id;
  if (!body.timestamp.empty()) message += ", " + body.timestamp;
  message += ")";
  if (advice != nullptr && advice->kind == Class::kConsent) {
    const std::string consent = admin_consent_url(token_url, client_id);
    if (!consent.empty()) message += ". Administrators consent at " + consent;
  }
  if (!body.description.empty()) {
    const std::string said = base::redact(body.description);
    message += ". It said: " + said.substr(0, base::utf8_prefix(said, 300));
  }
  const int native = body.codes.empty() ? http_status : body.codes.front();
  if (is_transient(http_status, body)) return base::Error("08001", message, native);
  return base::Error("28000", message, native);
}

}  // namespace graphodbc::graph
