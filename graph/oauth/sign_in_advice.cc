#include "graph/oauth/sign_in_advice.h"

#include <algorithm>
#include <initializer_list>

namespace graphodbc::graph {
namespace {

struct NumberedAdvice {
  std::initializer_list<int> codes;
  Advice advice;
  std::string_view error = {};  // only for this name; empty: for any
};

const NumberedAdvice kByNumber[] = {
    {{700016, 700011, 70001, 7000112, 700038},
     {"ClientId is unknown in this tenant, not consented there, or the app is disabled: give the "
      "application (client) id of the app registration in ClientId, and its tenant in TenantId or "
      "TokenUrl"}},
    {{90002, 50059, 50128, 90019, 900021, 900023},
     {"The tenant in TokenUrl was not found: check TenantId or TokenUrl"}},
    {{50194},
     {"The app is single-tenant but TokenUrl says common: put the tenant's id in TenantId (or in "
      "AuthUrl and TokenUrl)"}},
    {{50020, 50034, 51004, 16000, 90072, 500341},
     {"User name or password rejected: this account does not exist in that tenant (wrong account "
      "or wrong tenant; guests must be invited). Sign in with the right one by {login}"}},
    {{9002332, 9002331, 9002346},
     {"The app and the endpoint serve different kinds of account (work or school, personal): check "
      "TenantId, or the tenant in AuthUrl and TokenUrl"}},
    {{50011, 70004, 900971, 500112, 500113},
     {"The redirect URI is not registered for the app, wrong or missing: put ReturnUrl among the "
      "app registration's redirect URIs, byte for byte"}},
    {{7000215, 70002},
     {"The value of ClientSecret was rejected: did you paste the secret's ID instead of its "
      "value?"}},
    {{7000222},
     {"ClientSecret {expired}: make a new one in the app registration and put its value into "
      "ClientSecret"}},
    {{7000218},
     {"The app is confidential but no credentials of its own were sent: give ClientSecret or "
      "CertificatePath, or allow public client flows in the app registration"}},
    {{700025},
     {"The app is public: remove ClientSecret and certificate from the connection, or use the "
      "app's web registration"}},
    {{70021, 700211, 700212, 700213},
     {"No federated credential of the app matches the token of FederatedTokenFile: issuer, subject "
      "and audience in the app registration must be those of the token"}},
    {{700027, 50012, 50013, 50027, 700030},
     {"The certificate or assertion was not accepted: check that this certificate "
      "(CertificatePath) is uploaded to the app registration and that ClientId and TokenUrl are "
      "the app's"}},
    {{500133, 700024},
     {"The assertion is outside its time: check the clock of this machine (and with workload "
      "identity that FederatedTokenFile is being renewed)"}},
    {{65001},
     {"Nobody consented to these permissions yet: sign in with {login} and consent, or let an "
      "administrator grant them",
      AdviceKind::kConsent}},
    {{65004}, {"The consent was declined: sign in again with {login} and accept"}},
    {{90094, 90095, 90008, 90093},
     {"An administrator must consent to these permissions", AdviceKind::kConsent}},
    {{650053},
     {"Scope names a permission that does not exist: check its spelling in Scope against the app "
      "registration"}},
    {{65005, 650052, 650054, 650056, 650057, 500014},
     {"The app registration does not list this permission, or the tenant lacks the service: check "
      "API permissions of the app registration"}},
    {{70011, 28002, 28003, 700022, 700023, 1002012},
     {"Scope is malformed, unknown, or mixes two resources: check Scope"}},
    {{500011, 50001},
     {"The resource in Scope is not in this tenant: check Scope, and Environment or GraphUrl "
      "(wrong cloud?)"}},
    {{90038, 90051, 900382, 900432},
     {"The tenant lives in another national cloud: check Environment, or TokenUrl and GraphUrl"}},
    {{700082},
     {"The refresh token expired because it was not used for too long (90 days): sign in again "
      "with {login}, and let `graphodbc keepalive` run from cron"}},
    {{70008}, {"The refresh token or code has expired by age: sign in again with {login}"}},
    {{50089}, {"The flow token has expired: sign in again with {login}"}},
    {{50173, 50132, 50133},
     {"The session was revoked or the password changed: sign in again with {login}"}},
    {{70043}, {"The sign-in frequency policy ended the session: sign in again with {login}"}},
    {{50078},
     {"The multi-factor sign-in has expired by policy: sign in again with {login} and pass it "
      "anew"}},
    {{700084},
     {"The refresh token belongs to a single-page app and lives 24 hours only: sign in again with "
      "{login} through a redirect URI of the mobile and desktop kind"}},
    {{9002313},
     {"The refresh token or code is garbled (cut or altered when it was copied): sign in again "
      "with {login}"},
     "invalid_grant"},
    {{70000, 700003, 700005, 54005},
     {"The grant is invalid, used up, or from another tenant or app: sign in again with {login}"}},
    {{501481, 50147, 501491}, {"The PKCE verifier does not match: sign in again with {login}"}},
    {{50072, 50074, 50076, 50079, 50158},
     {"Multi-factor authentication is needed, which only a person can pass: sign in with "
      "{login}"}},
    {{53000, 53001, 53002, 53003, 53004, 53011, 530003, 530032, 530034, 530035, 50005, 50097,
      50131},
     {"Blocked by Conditional Access or a device policy: ask the administrator"}},
    {{50105}, {"The user is not assigned to this application: ask the administrator"}},
    {{50053, 50055, 50056, 50057, 50126, 50144},
     {"User name or password rejected, or the account is locked, disabled or its password "
      "expired: try it in a browser, then sign in with {login}"}},
    {{50058}, {"Nobody is signed in: sign in with {login}"}},
    {{50196}, {"The identity service saw the same request too often: wait a few minutes"}},
    {{70016, 70018, 70019, 90119, 90120},
     {"The device code is pending, wrong, expired or used up: start anew with {login} --device"}},
    {{50033, 50087, 90006, 90012, 90024, 90033, 90090, 70012, 40010},
     {"The identity service has a temporary problem: try again later", AdviceKind::kTransient}},
    {{90055, 50088},
     {"The identity service is throttling: wait a few minutes", AdviceKind::kTransient}},
    {{900144},
     {"The token request lacks a value: check ClientId, Scope, TokenUrl and "
      "TokenEndpointParams"}},
    {{9001023},
     {"This sign-in needs a real tenant: put the tenant's id in TenantId or TokenUrl instead of "
      "common"}},
    {{90014, 9002313, 90004, 900561, 901002, 70003},
     {"The identity service found the request malformed: check TokenUrl and "
      "TokenEndpointParams"}},
};

struct NamedAdvice {
  std::string_view error;
  Advice advice;
};

constexpr NamedAdvice kByName[] = {
    {"invalid_grant", {"The refresh token was refused: sign in again with {login}"}},
    {"interaction_required",
     {"The identity service wants a person to sign in: sign in again with {login}"}},
    {"login_required", {"The identity service wants a person to sign in: use {login}"}},
    {"access_denied", {"The sign-in or the consent was declined: sign in again with {login}"}},
    {"consent_required",
     {"Consent is missing: sign in with {login}, or let an administrator grant it",
      AdviceKind::kConsent}},
    {"invalid_client",
     {"The app's credentials were refused: check ClientId and ClientSecret or the certificate"}},
    {"unauthorized_client",
     {"The app may not use this kind of sign-in: check ClientId and its registration"}},
    {"invalid_scope", {"Scope is malformed or unknown: check Scope"}},
    {"invalid_resource",
     {"The resource in Scope is unknown: check Scope, and Environment or GraphUrl"}},
    {"unsupported_grant_type", {"The endpoint does not know this grant: check TokenUrl"}},
    {"invalid_request",
     {"The identity service found the request malformed: check TokenUrl, ClientId and Scope"}},
    {"server_error",
     {"The identity service has a temporary problem: try again later", AdviceKind::kTransient}},
    {"temporarily_unavailable",
     {"The identity service is not available: try again later", AdviceKind::kTransient}},
};

}  // namespace

const Advice* find_advice(const TokenErrorBody& body) {
  for (int code : body.codes) {
    for (const NumberedAdvice& entry : kByNumber) {
      if (std::find(entry.codes.begin(), entry.codes.end(), code) == entry.codes.end()) continue;
      if (entry.error.empty() || entry.error == body.error) return &entry.advice;
    }
  }
  for (const NamedAdvice& entry : kByName) {
    if (entry.error == body.error) return &entry.advice;
  }
  return nullptr;
}

}  // namespace graphodbc::graph
