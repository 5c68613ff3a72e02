#include "emulator/identity/tokens.h"

#include <nlohmann/json.hpp>

#include "emulator/identity/sign_in_error.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kRefreshPrefix = "1.";
constexpr int kExpiredByInactivity = 700082;
constexpr std::size_t kManyTokens = 4096;
// Long enough for "expired" to be told from "never issued" in any test.
constexpr std::chrono::hours kExpiredTokenMemory{2};

std::int64_t microseconds_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::int64_t seconds_of(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

std::string refusal_text(int aadsts) {
  switch (aadsts) {
    case 50173:
      return "The provided grant has expired due to it being revoked, a fresh auth token is "
             "needed. The user might have changed or reset their password.";
    case 70008:
      return "The provided authorization code or refresh token has expired due to inactivity. "
             "Send a new interactive authorization request for this user and resource.";
    case 50076:
      return "Due to a configuration change made by your administrator, or because you moved to "
             "a new location, you must use multi-factor authentication to access the resource.";
    case kExpiredByInactivity:
      return "The refresh token has expired due to inactivity. The token was issued earlier and "
             "was inactive for 90.00:00:00.";
    default:
      return "The refresh token is no longer accepted.";
  }
}

SignInError malformed_grant() {
  return {"invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.", ""};
}

SignInError refused_grant(int aadsts) {
  const bool interaction = aadsts == 50076 || aadsts == 53003;
  return {interaction ? "interaction_required" : "invalid_grant", aadsts, refusal_text(aadsts),
          interaction ? "basic_action" : "bad_token"};
}

}  // namespace

TokenIssuer::TokenIssuer(const Tenant& tenant, std::chrono::seconds lifetime, bool rotation_revokes)
    : tenant_(tenant),
      key_(generate_rsa_key()),
      certificate_(self_signed_certificate(key_.get(), "graph-emulator token signing")),
      key_id_(base64url_encode(sha1(certificate_der(certificate_.get())))),
      lifetime_(lifetime),
      rotation_revokes_(rotation_revokes) {}

std::string TokenIssuer::sign_jwt(const std::string& payload) const {
  const Json header = {{"typ", "JWT"}, {"alg", "RS256"}, {"x5t", key_id_}, {"kid", key_id_}};
  const std::string signed_part = base64url_encode(header.dump()) + "." + base64url_encode(payload);
  return signed_part + "." + base64url_encode(sign(key_.get(), SignatureKind::kRs256, signed_part));
}

bool TokenIssuer::is_own_signature(std::string_view token) const {
  const auto dot = token.rfind('.');
  if (dot == std::string_view::npos) return false;
  const auto signature = base64url_decode(token.substr(dot + 1));
  return signature && verify(X509_get0_pubkey(certificate_.get()), SignatureKind::kRs256,
                             token.substr(0, dot), *signature);
}

std::string TokenIssuer::issue_access_token(const AccessGrant& grant, const std::string& base_url) {
  const auto now = Clock::now();
  const auto expires = now + lifetime();
  Json claims;
  claims["aud"] = grant.audience;
  claims["iss"] = base_url + "/" + tenant_.id + "/";
  claims["iat"] = seconds_of(now);
  claims["nbf"] = seconds_of(now);
  claims["exp"] = seconds_of(expires);
  claims["appid"] = grant.client_id;
  claims["tid"] = tenant_.id;
  claims["uti"] = base64url_encode(random_bytes(16));  // makes every token another text
  claims["ver"] = "1.0";
  Principal principal;
  principal.client_id = grant.client_id;
  if (grant.user) {
    claims["idtyp"] = "user";
    claims["oid"] = grant.user->id;
    claims["sub"] = base64url_encode(sha256(grant.user->id + grant.client_id));
    claims["name"] = grant.user->name;
    claims["upn"] = grant.user->upn;
    claims["unique_name"] = grant.user->upn;
    claims["scp"] = join(grant.permissions);
    principal.user_id = grant.user->id;
  } else {
    const std::string service_principal = derived_guid(0, "service principal " + grant.client_id);
    claims["idtyp"] = "app";
    claims["oid"] = service_principal;
    claims["sub"] = service_principal;
    claims["roles"] = grant.permissions;
    principal.app_only = true;
  }
  for (const auto& permission : grant.permissions) {
    principal.permissions.insert(to_lower(permission));
  }
  std::string token = sign_jwt(claims.dump());
  std::lock_guard lock(mutex_);
  forget_old_tokens();
  access_[token] = {std::move(principal), expires, access_generation_};
  return token;
}

void TokenIssuer::forget_old_tokens() {
  if (access_.size() < kManyTokens) return;
  const auto oldest = Clock::now() - kExpiredTokenMemory;
  std::erase_if(access_, [&](const auto& entry) { return entry.second.expires < oldest; });
}

std::string TokenIssuer::issue_id_token(const SignedInUser& user, const std::string& client_id,
                                        const std::string& nonce, const std::string& base_url) {
  const auto now = Clock::now();
  Json claims;
  claims["aud"] = client_id;
  claims["iss"] = base_url + "/" + tenant_.id + "/v2.0";
  claims["iat"] = seconds_of(now);
  claims["nbf"] = seconds_of(now);
  claims["exp"] = seconds_of(now + std::chrono::hours(1));
  claims["name"] = user.name;
  if (!nonce.empty()) claims["nonce"] = nonce;
  claims["oid"] = user.id;
  claims["preferred_username"] = user.upn;
  claims["email"] = user.upn;
  claims["sub"] = base64url_encode(sha256(user.id + client_id));
  claims["tid"] = tenant_.id;
  claims["ver"] = "2.0";
  return sign_jwt(claims.dump());
}

std::string TokenIssuer::issue_refresh_token(const RefreshGrant& grant) {
  const Json payload = {{"c", grant.client_id},
                        {"u", grant.user.id},
                        {"n", grant.user.upn},
                        {"d", grant.user.name},
                        {"s", grant.scope},
                        {"t", microseconds_now()},
                        {"j", base64url_encode(random_bytes(12))}};
  const std::string body = base64url_encode(payload.dump());
  return std::string(kRefreshPrefix) + body + "." +
         base64url_encode(hmac_sha256(tenant_.refresh_key, body));
}

AccessCheck TokenIssuer::check_access(std::optional<std::string_view> authorization) {
  AccessCheck check;
  if (!authorization || authorization->size() < 7 ||
      !equal_ignoring_case(authorization->substr(0, 7), "Bearer ")) {
    return check;
  }
  const std::string token(trim(authorization->substr(7)));
  if (token.empty()) return check;
  std::lock_guard lock(mutex_);
  const auto found = access_.find(token);
  if (found == access_.end()) {
    check.verdict =
        split(token, '.').size() == 3 ? AccessVerdict::kForeign : AccessVerdict::kGarbled;
    return check;
  }
  const IssuedAccess& issued = found->second;
  check.principal = issued.principal;
  if (Clock::now() >= issued.expires) {
    check.verdict = AccessVerdict::kExpired;
  } else {
    check.verdict =
        issued.generation < access_generation_ ? AccessVerdict::kRevoked : AccessVerdict::kValid;
  }
  return check;
}

RefreshGrant TokenIssuer::redeem_refresh_token(std::string_view token, std::string_view client_id) {
  const auto dot = token.rfind('.');
  if (!token.starts_with(kRefreshPrefix) || dot == std::string_view::npos ||
      dot < kRefreshPrefix.size()) {
    throw malformed_grant();
  }
  const auto body = token.substr(kRefreshPrefix.size(), dot - kRefreshPrefix.size());
  const auto signature = base64url_decode(token.substr(dot + 1));
  if (!signature || !equal_in_constant_time(*signature, hmac_sha256(tenant_.refresh_key, body))) {
    throw malformed_grant();
  }
  const Json payload = Json::parse(base64url_decode(body).value_or(""));
  RefreshGrant grant{
      payload.at("c"), {payload.at("u"), payload.at("n"), payload.at("d")}, payload.at("s")};
  if (!equal_ignoring_case(grant.client_id, client_id)) {
    throw SignInError{"invalid_grant", 700003,
                      "The provided grant was issued to another application.", "bad_token"};
  }
  const std::string identifier = payload.at("j");
  std::lock_guard lock(mutex_);
  if (const auto dead = dead_refresh_.find(identifier); dead != dead_refresh_.end()) {
    throw refused_grant(dead->second);
  }
  if (payload.at("t").get<std::int64_t>() < refresh_valid_from_us_) {
    throw refused_grant(refresh_refusal_);
  }
  if (rotation_revokes_) dead_refresh_[identifier] = 50173;
  return grant;
}

void TokenIssuer::set_lifetime(std::chrono::seconds lifetime) {
  std::lock_guard lock(mutex_);
  lifetime_ = lifetime;
}

std::chrono::seconds TokenIssuer::lifetime() const {
  std::lock_guard lock(mutex_);
  return lifetime_;
}

void TokenIssuer::revoke_refresh_tokens(int aadsts) {
  std::lock_guard lock(mutex_);
  refresh_valid_from_us_ = microseconds_now() + 1;
  refresh_refusal_ = aadsts;
}

void TokenIssuer::revoke_refresh_token(const std::string& token, int aadsts) {
  const auto dot = token.rfind('.');
  if (dot == std::string::npos || dot < kRefreshPrefix.size()) return;
  const auto body =
      base64url_decode(token.substr(kRefreshPrefix.size(), dot - kRefreshPrefix.size()));
  const Json payload = Json::parse(body.value_or(""), nullptr, false);
  if (!payload.is_object() || !payload.contains("j")) return;
  std::lock_guard lock(mutex_);
  dead_refresh_[payload.at("j")] = aadsts;
}

void TokenIssuer::revoke_access_tokens() {
  std::lock_guard lock(mutex_);
  ++access_generation_;
}

std::string TokenIssuer::jwks() const {
  const RsaPublicNumbers numbers = rsa_public_numbers(key_.get());
  Json key;
  key["kty"] = "RSA";
  key["use"] = "sig";
  key["alg"] = "RS256";
  key["kid"] = key_id_;
  key["x5t"] = key_id_;
  key["n"] = base64url_encode(numbers.modulus);
  key["e"] = base64url_encode(numbers.exponent);
  key["x5c"] = Json::array({base64_encode(certificate_der(certificate_.get()))});
  Json set;
  set["keys"] = Json::array({key});
  return set.dump();
}

}  // namespace graphodbc::emulator
