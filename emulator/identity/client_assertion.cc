#include "emulator/identity/client_assertion.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "emulator/identity/sign_in_error.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kClockSkewSeconds = 300;
constexpr std::int64_t kLongestLifeSeconds = 24 * 3600;

struct Assertion {
  Json header;
  Json claims;
  std::string_view signed_part;
  std::string signature;
};

SignInError refused(int aadsts, std::string text) {
  return {"invalid_client", aadsts, std::move(text), ""};
}

Json decode_part(std::string_view part) {
  const auto text = base64url_decode(part);
  Json value = Json::parse(text.value_or(""), nullptr, false);
  if (!value.is_object()) throw refused(50027, "JWT token is invalid or malformed.");
  return value;
}

Assertion parse(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 3) throw refused(50027, "JWT token is invalid or malformed.");
  Assertion assertion;
  assertion.header = decode_part(parts[0]);
  assertion.claims = decode_part(parts[1]);
  assertion.signed_part = text.substr(0, parts[0].size() + 1 + parts[1].size());
  const auto signature = base64url_decode(parts[2]);
  if (!signature) throw refused(50027, "JWT token is invalid or malformed.");
  assertion.signature = *signature;
  return assertion;
}

std::string text_member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Microsoft's library for Python pads the thumbprint, against RFC 7515; the service takes both.
std::string thumbprint_member(const Json& header, const char* name) {
  std::string text = text_member(header, name);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

void check_times(const Json& claims) {
  const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  const auto number = [&](const char* name) {
    const auto found = claims.find(name);
    return found != claims.end() && found->is_number() ? found->get<std::int64_t>() : 0;
  };
  const std::int64_t expires = number("exp");
  const std::int64_t from = number("nbf");
  if (expires == 0 || expires + kClockSkewSeconds < now || from > now + kClockSkewSeconds) {
    throw refused(700024,
                  "Client assertion is not within its valid time range. Ensure that the access "
                  "token is not expired before using it for access token acquisition.");
  }
  if (expires > now + kLongestLifeSeconds) {
    throw refused(700024, "Client assertion's valid time range is too long.");
  }
}

bool audience_matches(const Json& claims, const std::vector<std::string>& audiences) {
  const auto found = claims.find("aud");
  if (found == claims.end()) return false;
  const auto known = [&](const Json& value) {
    return value.is_string() && std::find(audiences.begin(), audiences.end(),
                                          value.get<std::string>()) != audiences.end();
  };
  return found->is_array() ? std::any_of(found->begin(), found->end(), known) : known(*found);
}

}  // namespace

bool AssertionChecker::add_certificate(std::string_view pem) {
  Certificate certificate = parse_certificate(pem);
  if (!certificate) return false;
  const std::string der = certificate_der(certificate.get());
  std::lock_guard lock(mutex_);
  certificates_.push_back(
      {std::move(certificate), base64url_encode(sha1(der)), base64url_encode(sha256(der))});
  return true;
}

std::string AssertionChecker::claimed_client(std::string_view assertion) {
  const auto parts = split(assertion, '.');
  if (parts.size() != 3) return {};
  const Json claims = Json::parse(base64url_decode(parts[1]).value_or(""), nullptr, false);
  return claims.is_object() ? text_member(claims, "sub") : std::string();
}

void AssertionChecker::check(std::string_view text, std::string_view client_id,
                             const std::vector<std::string>& audiences) {
  const Assertion assertion = parse(text);
  const std::string algorithm = text_member(assertion.header, "alg");
  if (algorithm != "PS256" && algorithm != "RS256") {
    throw refused(5002738, "Invalid JWT token. Signing algorithm '" + algorithm +
                               "' is not supported: use PS256 or RS256.");
  }
  const std::string by_sha256 = thumbprint_member(assertion.header, "x5t#S256");
  const std::string by_sha1 = thumbprint_member(assertion.header, "x5t");
  std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(certificates_.begin(), certificates_.end(), [&](const Registered& known) {
        return by_sha256.empty() ? known.sha1_thumbprint == by_sha1
                                 : known.sha256_thumbprint == by_sha256;
      });
  if (found == certificates_.end()) {
    throw refused(700027,
                  "The certificate with identifier used to sign the client assertion is not "
                  "registered on application. [Reason - The key was not found., Thumbprint of key "
                  "used by client: '" +
                      (by_sha256.empty() ? by_sha1 : by_sha256) + "']");
  }
  const auto kind = algorithm == "PS256" ? SignatureKind::kPs256 : SignatureKind::kRs256;
  if (!verify(X509_get0_pubkey(found->certificate.get()), kind, assertion.signed_part,
              assertion.signature)) {
    throw refused(700027,
                  "Client assertion failed signature validation. [Reason - The key was found, but "
                  "signature verification failed]");
  }
  if (!equal_ignoring_case(text_member(assertion.claims, "sub"), client_id) ||
      !equal_ignoring_case(text_member(assertion.claims, "iss"), client_id)) {
    throw refused(700030,
                  "Invalid certificate - the subject and issuer claims of the client assertion "
                  "must both be the client id.");
  }
  if (!audience_matches(assertion.claims, audiences)) {
    throw refused(50013, "Assertion failed audience validation: `aud` must be the token endpoint.");
  }
  check_times(assertion.claims);
  const std::string identifier = text_member(assertion.claims, "jti");
  if (identifier.empty()) throw refused(50027, "JWT token is invalid: `jti` is missing.");
  if (!seen_.insert(identifier).second) {
    ++replays_;
    if (strict_) throw refused(50013, "Assertion was already used: `jti` must be unique.");
  }
}

std::uint64_t AssertionChecker::replays() const {
  std::lock_guard lock(mutex_);
  return replays_;
}

}  // namespace graphodbc::emulator
