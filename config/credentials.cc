#include "config/credentials.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/datetime.h"
#include "base/url.h"
#include "config/addresses.h"

namespace graphodbc::config {
namespace {

using base::Error;

using Modes = std::uint32_t;
constexpr Modes bit(AuthMode mode) {
  return Modes{1} << static_cast<unsigned>(mode);
}
constexpr Modes kRefresh = bit(AuthMode::kRefreshToken);
constexpr Modes kInteractive = bit(AuthMode::kAuthorizationCode) | bit(AuthMode::kDeviceCode);
constexpr Modes kApp = bit(AuthMode::kClientCredentials) | bit(AuthMode::kCertificate);

struct ModeName {
  AuthMode mode;
  std::string_view name;
};
constexpr ModeName kModes[] = {
    {AuthMode::kRefreshToken, "RefreshToken"},
    {AuthMode::kAuthorizationCode, "AuthorizationCode"},
    {AuthMode::kDeviceCode, "DeviceCode"},
    {AuthMode::kClientCredentials, "ClientCredentials"},
    {AuthMode::kCertificate, "Certificate"},
    {AuthMode::kAccessToken, "AccessToken"},
    {AuthMode::kManagedIdentity, "ManagedIdentity"},
    {AuthMode::kWorkloadIdentity, "WorkloadIdentity"},
    {AuthMode::kAzureCli, "AzureCli"},
};

// The credentials, and the modes each is of use for. In the order in which they tell the mode.
struct Credential {
  Key key;
  Modes serves;
  AuthMode tells;
};
constexpr Credential kCredentials[] = {
    {Key::kRefreshTokenFilePath, kRefresh | kInteractive, AuthMode::kRefreshToken},
    {Key::kRefreshToken, kRefresh, AuthMode::kRefreshToken},
    {Key::kAccessToken, bit(AuthMode::kAccessToken) | kRefresh, AuthMode::kAccessToken},
    {Key::kFederatedTokenFile, bit(AuthMode::kWorkloadIdentity), AuthMode::kWorkloadIdentity},
    {Key::kCertificatePath, kApp | kRefresh | kInteractive, AuthMode::kCertificate},
    {Key::kCertificateBase64, kApp | kRefresh | kInteractive, AuthMode::kCertificate},
    {Key::kClientSecret, kApp | kRefresh | kInteractive, AuthMode::kClientCredentials},
    {Key::kClientSecretFile, kApp | kRefresh | kInteractive, AuthMode::kClientCredentials},
};

// Two ways of saying the same, of which only one can be meant.
constexpr std::array<Key, 2> kExclusive[] = {
    {Key::kRefreshToken, Key::kRefreshTokenFilePath},
    {Key::kClientSecret, Key::kClientSecretFile},
    {Key::kCertificatePath, Key::kCertificateBase64},
    {Key::kClientSecret, Key::kCertificatePath},
    {Key::kClientSecret, Key::kCertificateBase64},
    {Key::kClientSecretFile, Key::kCertificatePath},
    {Key::kClientSecretFile, Key::kCertificateBase64},
};

[[noreturn]] void refuse_pair(const std::string& left, const std::string& right,
                              const std::string& advice) {
  throw Error("08001", left + " and " + right + " contradict each other: " + advice);
}

std::string name_of(AuthMode mode) {
  return std::string(auth_mode_name(mode));
}

std::optional<AuthMode> mode_given(const Values& values) {
  if (!values.given(Key::kAuthMode)) return std::nullopt;
  const std::string value = values.get(Key::kAuthMode);
  for (const ModeName& entry : kModes) {
    if (equal_keyword(value, entry.name)) return entry.mode;
  }
  refuse(Key::kAuthMode, value);
}

std::string reason(int error) {
  return std::strerror(error);
}

std::string read_file(Key key, const std::string& path, std::vector<base::Warning>& warnings) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error("08001",
                config::name_of(key) + ": the file " + path + " cannot be read: " + reason(errno));
  }
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty()) throw Error("08001", config::name_of(key) + ": the file " + path + " is empty");
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0 && (status.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    warnings.push_back({"01000", config::name_of(key) + ": other users can read the file " + path +
                                     "; take that from them with chmod 600"});
  }
  return text;
}

// Later pairs replace earlier ones of the same name (requirements A-N08, A-N09).
void add_parameters(const Values& values, Key key, Parameters& parameters) {
  for (const std::string& pair : split(values.get(key), "&\r\n")) {
    const std::size_t equals = pair.find('=');
    if (equals == 0 || equals == std::string::npos) {
      refuse_because(key, "is not of the form name=value&name2=value2");
    }
    std::string name = base::form_decode(std::string_view(pair).substr(0, equals));
    std::string value = base::form_decode(std::string_view(pair).substr(equals + 1));
    const auto same = std::find_if(parameters.begin(), parameters.end(),
                                   [&](const auto& known) { return known.first == name; });
    if (same != parameters.end()) {
      same->second = std::move(value);
    } else {
      parameters.emplace_back(std::move(name), std::move(value));
    }
  }
}

// The YYYY-MM-DD that `text` starts with.
std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
  const auto days = base::parse_date(text.substr(0, 10));
  if (!days) return std::nullopt;
  return std::chrono::sys_days(std::chrono::days(*days));
}

// Seconds since 1970, or YYYY-MM-DDThh:mm:ssZ and nothing else.
std::optional<std::chrono::sys_seconds> parse_moment(std::string_view text) {
  std::int64_t seconds = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (result.ec == std::errc() && result.ptr == text.data() + text.size()) {
    // Milliseconds, as some programs count, would lie beyond all clocks' nanoseconds.
    constexpr std::int64_t kFarthest = 9'000'000'000;
    if (seconds < 0 || seconds > kFarthest) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(seconds));
  }
  constexpr std::size_t kLength = 20;
  if (text.size() != kLength || text.back() != 'Z') return std::nullopt;
  const auto ticks = base::parse_timestamp(text);
  if (!ticks) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(*ticks / base::kTicksPerSecond));
}

class CredentialReader {
 public:
  CredentialReader(Values& values, Settings& settings, std::vector<base::Warning>& warnings)
      : values_(values), settings_(settings), warnings_(warnings) {}

  void run() {
    drop_overridden();
    settings_.auth_mode = choose_mode();
    refuse_contradictions();
    read_app();
    read_tokens();
    add_parameters(values_, Key::kTokenEndpointParams, settings_.token_parameters);
    add_parameters(values_, Key::kAuthEndpointParams, settings_.authorize_parameters);
    add_parameters(values_, Key::kExtraAttributesForAuthRequest, settings_.authorize_parameters);
    settings_.login_hint = values_.get(Key::kLoginHint);
    settings_.initiate_oauth = parse_flag(values_, Key::kInitiateOAuth);
    check_needs();
    if (values_.given(Key::kPassword)) {
      warnings_.push_back({"01000",
                           "UID and PWD are not used: sign-in is by token or by the app's own "
                           "credentials (AuthMode)"});
    }
  }

 private:
  // A sign-in that the connection string names replaces what the DSN says against it.
  void drop_overridden() {
    const std::optional<AuthMode> mode = mode_in_string();
    if (!mode) return;
    if (!values_.given_in_string(Key::kAuthMode)) values_.drop(Key::kAuthMode);
    for (const Credential& credential : kCredentials) {
      const bool of_use = (credential.serves & bit(*mode)) != 0;
      if (!of_use && !values_.given_in_string(credential.key)) values_.drop(credential.key);
    }
    for (const auto& [left, right] : kExclusive) {
      if (values_.given_in_string(left) && !values_.given_in_string(right)) values_.drop(right);
      if (values_.given_in_string(right) && !values_.given_in_string(left)) values_.drop(left);
    }
  }

  // An app's own credentials may also complete the DSN's sign-in, so they name none by themselves.
  std::optional<AuthMode> mode_in_string() const {
    if (values_.given_in_string(Key::kAuthMode)) return mode_given(values_);
    for (const Credential& credential : kCredentials) {
      if ((credential.serves & kApp) == 0 && values_.given_in_string(credential.key)) {
        return credential.tells;
      }
    }
    return std::nullopt;
  }

  AuthMode choose_mode() const {
    const bool certificate =
        values_.given(Key::kCertificatePath) || values_.given(Key::kCertificateBase64);
    if (const auto mode = mode_given(values_)) {
      return *mode == AuthMode::kClientCredentials && certificate ? AuthMode::kCertificate : *mode;
    }
    for (const Credential& credential : kCredentials) {
      if (values_.given(credential.key)) return credential.tells;
    }
    if (values_.given(Key::kClientId)) return AuthMode::kAuthorizationCode;
    throw Error("08001",
                "No credentials: give RefreshTokenFilePath, RefreshToken or AccessToken, or "
                "ClientId with ClientSecret or CertificatePath for app-only access, or ClientId "
                "alone after `graphodbc login`, or name another AuthMode");
  }

  void refuse_contradictions() const {
    for (const auto& [left, right] : kExclusive) {
      if (!values_.given(left) || !values_.given(right)) continue;
      refuse_pair(config::name_of(left), config::name_of(right), "give one of them");
    }
    const AuthMode mode = settings_.auth_mode;
    for (const Credential& credential : kCredentials) {
      if (!values_.given(credential.key) || (credential.serves & bit(mode)) != 0) continue;
      if (values_.given(Key::kAuthMode)) {
        refuse_pair("AuthMode=" + name_of(mode), config::name_of(credential.key),
                    "leave " + config::name_of(credential.key) + " out, or name another AuthMode");
      }
      refuse_pair(telling_key(), config::name_of(credential.key),
                  "leave one out, or say with AuthMode which of them signs in");
    }
  }

  std::string telling_key() const {
    for (const Credential& credential : kCredentials) {
      if (values_.given(credential.key)) return config::name_of(credential.key);
    }
    return {};
  }

  void read_app() {
    settings_.client_id = values_.get(Key::kClientId);
    if (holds_placeholder(settings_.client_id)) {
      refuse_because(Key::kClientId, "is still a placeholder; put your application id there");
    }
    settings_.client_secret =
        base::Secret(values_.given(Key::kClientSecretFile)
                         ? read_file(Key::kClientSecretFile,
                                     parse_path(values_, Key::kClientSecretFile), warnings_)
                         : read_secret(values_, Key::kClientSecret, warnings_));
    settings_.client_secret_next =
        base::Secret(read_secret(values_, Key::kClientSecretNext, warnings_));
    if (values_.given(Key::kClientSecretExpires)) {
      const std::string date = values_.get(Key::kClientSecretExpires);
      settings_.client_secret_expires = parse_day(date);
      if (!settings_.client_secret_expires) refuse(Key::kClientSecretExpires, date);
    }
    settings_.basic_authentication =
        parse_word<bool>(values_, Key::kClientAuthentication, {{"Body", false}, {"Basic", true}});
    settings_.certificate_file = parse_path(values_, Key::kCertificatePath);
    settings_.certificate_base64 =
        base::Secret(read_secret(values_, Key::kCertificateBase64, warnings_));
    settings_.certificate_password =
        base::Secret(read_secret(values_, Key::kCertificatePassword, warnings_));
    settings_.assertion_algorithm = parse_word<AssertionAlgorithm>(
        values_, Key::kAssertionAlgorithm,
        {{"PS256", AssertionAlgorithm::kPs256}, {"RS256", AssertionAlgorithm::kRs256}});
    settings_.federated_token_file = parse_path(values_, Key::kFederatedTokenFile);
  }

  void read_tokens() {
    settings_.refresh_token_file = parse_path(values_, Key::kRefreshTokenFilePath);
    settings_.refresh_token = base::Secret(read_secret(values_, Key::kRefreshToken, warnings_));
    settings_.access_token = base::Secret(read_secret(values_, Key::kAccessToken, warnings_));
    settings_.auto_refresh = parse_flag(values_, Key::kAutoRefresh);
    if (!values_.given(Key::kTokenExpiresAt)) return;
    const std::string moment = values_.get(Key::kTokenExpiresAt);
    settings_.token_expires_at = parse_moment(moment);
    if (!settings_.token_expires_at) refuse(Key::kTokenExpiresAt, moment);
  }

  void check_needs() const {
    const AuthMode mode = settings_.auth_mode;
    const Modes by_token = kRefresh | kInteractive;
    if ((bit(mode) & (by_token | kApp)) == 0) {
      if (mode == AuthMode::kAccessToken)
        require(Key::kAccessToken, !settings_.access_token.empty());
      return;
    }
    const bool renews = settings_.auto_refresh || (bit(mode) & kApp) != 0;
    if (!renews) return;
    if (settings_.client_id.empty()) {
      throw Error("08001",
                  "ClientId is missing: the application (client) id of the app "
                  "registration is needed to get tokens");
    }
    if (mode == AuthMode::kClientCredentials) {
      require(Key::kClientSecret, !settings_.client_secret.empty());
    }
    if (mode == AuthMode::kCertificate) {
      require(Key::kCertificatePath,
              !settings_.certificate_file.empty() || !settings_.certificate_base64.empty());
    }
    if ((bit(mode) & kApp) != 0) require_tenant();
    require_address(Key::kTokenUrl, settings_.token_url);
    if (mode == AuthMode::kAuthorizationCode) require_address(Key::kAuthUrl, settings_.auth_url);
  }

  void require(Key key, bool there) const {
    if (there) return;
    throw Error("08001", config::name_of(key) +
                             " is missing: AuthMode=" + name_of(settings_.auth_mode) + " needs it");
  }

  static void require_address(Key key, const std::string& url) {
    if (!url.empty()) return;
    throw Error("08001", config::name_of(key) + " is missing: give " + config::name_of(key) +
                             ", or TenantId to derive it");
  }

  // An app has no tenant of its own to fall back to (contract sheet b.5).
  void require_tenant() const {
    if (settings_.token_url.empty()) return;
    const std::string tenant = tenant_of(settings_.token_url);
    for (const std::string_view shared : {"common", "organizations", "consumers"}) {
      if (!equal_keyword(tenant, shared)) continue;
      throw Error("08001", "App-only sign-in (AuthMode=" + name_of(settings_.auth_mode) +
                               ") needs a real tenant in TenantId or TokenUrl, not '" + tenant +
                               "'");
    }
  }

  Values& values_;
  Settings& settings_;
  std::vector<base::Warning>& warnings_;
};

}  // namespace

std::string_view auth_mode_name(AuthMode mode) {
  for (const ModeName& entry : kModes) {
    if (entry.mode == mode) return entry.name;
  }
  return {};
}

std::string read_secret(const Values& values, Key key, std::vector<base::Warning>& warnings) {
  std::string value = values.get(key);
  if (value.starts_with("env:")) {
    const std::string name = value.substr(4);
    const char* text = std::getenv(name.c_str());
    if (text == nullptr || *text == '\0') {
      throw Error("08001", name_of(key) + " refers to the environment variable " + name +
                               ", which is not set for this program");
    }
    return text;
  }
  if (value.starts_with("file:")) {
    std::string path = value.substr(5);
    if (path.starts_with("//")) path.erase(0, 2);
    return read_file(key, path, warnings);
  }
  return value;
}

void read_credentials(Values& values, Settings& settings, std::vector<base::Warning>& warnings) {
  CredentialReader(values, settings, warnings).run();
}

}  // namespace graphodbc::config
