#include "graph/oauth/client_authentication.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/base64.h"
#include "base/url.h"

namespace graphodbc::graph {
namespace {

using base::Error;

constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

// The issuer of the file replaces it before the token in it expires: read for every request.
std::string read_federated_token(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error("08001", "FederatedTokenFile: the file " + path +
                             " cannot be read: " + std::generic_category().message(errno));
  }
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto is_blank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  text.erase(std::remove_if(text.begin(), text.end(), is_blank), text.end());
  if (text.empty()) throw Error("08001", "FederatedTokenFile: the file " + path + " is empty");
  return text;
}

// A secret that is wrong or past its date, which another one can cure.
bool is_secret_refused(const TokenErrorBody& refusal) {
  if (refusal.error != "invalid_client") return false;
  constexpr std::array kCodes = {7000215, 7000222, 70002};
  return refusal.codes.empty() ||
         std::find(kCodes.begin(), kCodes.end(), refusal.codes.front()) != kCodes.end();
}

}  // namespace

ClientAuthentication::ClientAuthentication(const ClientSettings& settings, WallClock clock)
    : settings_(settings), clock_(std::move(clock)) {}

bool ClientAuthentication::uses_certificate() const {
  return !settings_.certificate_file.empty() || !settings_.certificate_base64.empty();
}

void ClientAuthentication::prepare() {
  if (!uses_certificate() || certificate_) return;
  certificate_ = ClientCertificate::load(settings_, clock_());
}

void ClientAuthentication::add_to(FormFields& form, Headers& headers) {
  if (settings_.auth_mode == AuthMode::kWorkloadIdentity) {
    form.emplace_back("client_id", settings_.client_id);
    add_assertion(form, read_federated_token(settings_.federated_token_file));
    return;
  }
  if (uses_certificate()) {
    prepare();
    form.emplace_back("client_id", settings_.client_id);
    add_assertion(form, certificate_->assertion(settings_.client_id, settings_.token_url,
                                                settings_.assertion_algorithm, clock_()));
    return;
  }
  add_secret(form, headers);
}

void ClientAuthentication::add_assertion(FormFields& form, std::string assertion) const {
  form.emplace_back("client_assertion_type", kAssertionType);
  form.emplace_back("client_assertion", std::move(assertion));
}

void ClientAuthentication::add_secret(FormFields& form, Headers& headers) const {
  const base::Secret& secret = next_ ? settings_.client_secret_next : settings_.client_secret;
  if (!settings_.basic_authentication || secret.empty()) {
    form.emplace_back("client_id", settings_.client_id);
    if (!secret.empty()) form.emplace_back("client_secret", secret.reveal());
    return;
  }
  // Both halves are form-encoded first, so that a colon in them does no harm.
  const std::string pair =
      base::percent_encode(settings_.client_id) + ":" + base::percent_encode(secret.reveal());
  headers.emplace_back("Authorization", "Basic " + base::encode_base64(pair));
}

bool ClientAuthentication::turn_to_other(const TokenErrorBody& refusal) {
  const bool by_secret = !settings_.client_secret.empty() && !uses_certificate() &&
                         settings_.auth_mode != AuthMode::kWorkloadIdentity;
  if (!by_secret || settings_.client_secret_next.empty()) return false;
  if (!is_secret_refused(refusal)) return false;
  next_ = !next_;
  if (!next_) return true;
  const std::string code =
      refusal.codes.empty() ? refusal.error : "AADSTS" + std::to_string(refusal.codes.front());
  warnings_.push_back({"01000", "ClientSecret was refused (" + code +
                                    "), so ClientSecretNext is in use: put its value into "
                                    "ClientSecret and make a new next one"});
  return true;
}

std::vector<base::Warning> ClientAuthentication::take_warnings() {
  return std::exchange(warnings_, {});
}

}  // namespace graphodbc::graph
