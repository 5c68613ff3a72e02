#include "config/settings.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <span>
#include <utility>

#include "base/url.h"
#include "config/connection_keys.h"

namespace graphodbc::config {
namespace {

using base::Error;
using base::Url;

// Values by key after merging; what is absent or empty reads as the table's default.
class Values {
 public:
  std::string& slot(Key key) { return values_[static_cast<std::size_t>(key)]; }
  bool given(Key key) const { return !values_[static_cast<std::size_t>(key)].empty(); }
  std::string get(Key key) const {
    return given(key) ? values_[static_cast<std::size_t>(key)] : std::string(info(key).fallback);
  }

 private:
  std::string values_[kKeyCount];
};

std::string name_of(Key key) {
  return std::string(info(key).name);
}

[[noreturn]] void refuse(Key key, const std::string& value) {
  const KeyInfo& entry = info(key);
  std::string message = "The value of " + name_of(key);
  if (!entry.secret) message += " ('" + value.substr(0, 200) + "')";
  message += " is not allowed; allowed: " + std::string(entry.allowed);
  throw Error("HY024", message);
}

[[noreturn]] void refuse_because(Key key, const std::string& reason) {
  throw Error("HY024", "The value of " + name_of(key) + " " + reason);
}

bool parse_flag(const Values& values, Key key) {
  const std::string value = values.get(key);
  for (std::string_view word : {"yes", "true", "1", "on"}) {
    if (equal_keyword(value, word)) return true;
  }
  for (std::string_view word : {"no", "false", "0", "off"}) {
    if (equal_keyword(value, word)) return false;
  }
  refuse(key, value);
}

std::int64_t parse_number(const Values& values, Key key, std::int64_t lowest,
                          std::int64_t highest) {
  const std::string value = values.get(key);
  std::int64_t number = 0;
  const auto result = std::from_chars(value.data(), value.data() + value.size(), number);
  if (result.ec != std::errc() || result.ptr != value.data() + value.size() || number < lowest ||
      number > highest) {
    refuse(key, value);
  }
  return number;
}

// The words of `options` and what each stands for.
template <typename T>
T parse_word(const Values& values, Key key,
             std::initializer_list<std::pair<std::string_view, T>> options) {
  const std::string value = values.get(key);
  for (const auto& [word, meaning] : options) {
    if (equal_keyword(value, word)) return meaning;
  }
  refuse(key, value);
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// Requirements A-Z11.
std::vector<int> parse_statuses(const Values& values) {
  const std::string value = values.get(Key::kRetryStatusCodeList);
  std::vector<int> statuses;
  for (const std::string& part : split(value, "|,; \t\r\n")) {
    int status = 0;
    const auto result = std::from_chars(part.data(), part.data() + part.size(), status);
    if (result.ec != std::errc() || result.ptr != part.data() + part.size() || status < 400 ||
        status > 599) {
      refuse(Key::kRetryStatusCodeList, value);
    }
    statuses.push_back(status);
  }
  return statuses;
}

// Requirements A-Z05: scopes pasted from other products come separated in many ways.
std::string normalise_scope(const std::string& value) {
  std::vector<std::string> scopes;
  for (std::string& scope : split(value, "~,| \t\r\n;")) {
    const bool seen = std::any_of(scopes.begin(), scopes.end(), [&](const std::string& earlier) {
      return equal_keyword(earlier, scope);
    });
    if (!seen) scopes.push_back(std::move(scope));
  }
  std::string out;
  for (const std::string& scope : scopes) {
    if (!out.empty()) out += ' ';
    out += scope;
  }
  return out;
}

bool holds_placeholder(std::string_view value) {
  return value.find_first_of("<>{}") != std::string_view::npos ||
         value.find("ENTER-") != std::string_view::npos;
}

std::string parse_tenant(const Values& values) {
  std::string tenant = values.get(Key::kTenantId);
  if (holds_placeholder(tenant)) {
    refuse_because(Key::kTenantId, "('" + tenant.substr(0, 200) +
                                       "') is still a placeholder; put your tenant id there");
  }
  const bool plain = std::all_of(tenant.begin(), tenant.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
  if (!plain) refuse(Key::kTenantId, tenant);
  return tenant;
}

Url parse_address(Key key, const std::string& value) {
  if (holds_placeholder(value)) {
    refuse_because(key, "('" + value.substr(0, 200) +
                            "') still holds a placeholder; put your tenant id there");
  }
  std::optional<Url> url = base::parse_url(value);
  if (!url) refuse(key, value);
  if (url->scheme == "http" && !base::is_loopback_host(url->host)) {
    refuse_because(key, "('" + url->origin() +
                            "') is plain http to a host that is not this machine; use https");
  }
  return std::move(*url);
}

std::string parse_graph_url(const Values& values) {
  std::string value = values.get(Key::kGraphUrl);
  const Url url = parse_address(Key::kGraphUrl, value);
  if (!url.query.empty()) refuse(Key::kGraphUrl, value);
  const auto strip = [&value](std::string_view ending) {
    if (value.size() < ending.size()) return;
    if (!equal_keyword(std::string_view(value).substr(value.size() - ending.size()), ending)) {
      return;
    }
    value.resize(value.size() - ending.size());
  };
  strip("/");
  strip("/v1.0");
  strip("/");
  if (value.ends_with("/beta")) {
    refuse_because(Key::kGraphUrl, "names the beta endpoint; only v1.0 is supported");
  }
  return value;
}

// Contract sheet (a): the sign-in host that goes with a Graph host.
std::string login_host(const std::string& graph_url) {
  static constexpr std::pair<std::string_view, std::string_view> kHosts[] = {
      {"graph.microsoft.us", "https://login.microsoftonline.us"},
      {"dod-graph.microsoft.us", "https://login.microsoftonline.us"},
      {"microsoftgraph.chinacloudapi.cn", "https://login.partner.microsoftonline.cn"},
  };
  const std::optional<Url> url = base::parse_url(graph_url);
  for (const auto& [graph, login] : kHosts) {
    if (url && url->host == graph) return std::string(login);
  }
  return "https://login.microsoftonline.com";
}

bool path_ends_with(const Url& url, std::string_view ending) {
  std::string_view path = url.path;
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.size() >= ending.size() &&
         equal_keyword(path.substr(path.size() - ending.size()), ending);
}

// The first path segment: a tenant id, a domain, or common, organizations, consumers.
std::string tenant_of(const Url& url) {
  const std::vector<std::string> segments = split(url.path, "/");
  return segments.empty() ? std::string() : segments.front();
}

class Resolver {
 public:
  explicit Resolver(Values values) : values_(std::move(values)) {}

  Settings run() {
    read_addresses();
    read_credentials();
    read_behaviour();
    check_credentials();
    return std::move(settings_);
  }
  std::vector<base::Warning> take_warnings() { return std::move(warnings_); }

 private:
  void warn(std::string message) { warnings_.push_back({"01000", std::move(message)}); }

  void read_addresses() {
    settings_.tenant_id = parse_tenant(values_);
    settings_.graph_url = parse_graph_url(values_);
    settings_.auth_url = read_sign_in_url(Key::kAuthUrl, "authorize", "token");
    settings_.token_url = read_sign_in_url(Key::kTokenUrl, "token", "authorize");
    if (settings_.auth_url.empty() || settings_.token_url.empty()) return;
    const std::string auth_tenant = tenant_of(*base::parse_url(settings_.auth_url));
    const std::string token_tenant = tenant_of(*base::parse_url(settings_.token_url));
    if (!equal_keyword(auth_tenant, token_tenant)) {
      warn("AuthUrl and TokenUrl name different tenants ('" + auth_tenant + "' and '" +
           token_tenant + "')");
    }
  }

  std::string read_sign_in_url(Key key, std::string_view own, std::string_view other) {
    if (!values_.given(key)) {
      if (settings_.tenant_id.empty()) return {};
      return login_host(settings_.graph_url) + "/" + settings_.tenant_id + "/oauth2/v2.0/" +
             std::string(own);
    }
    std::string value = values_.get(key);
    const Url url = parse_address(key, value);
    if (path_ends_with(url, "/" + std::string(other))) {
      refuse_because(
          key, "is the " + std::string(other) + " endpoint; AuthUrl and TokenUrl look exchanged");
    }
    if (path_ends_with(url, "/oauth2/" + std::string(own))) {
      warn(name_of(key) + " is a version 1 endpoint; use " + url.origin() + "/" + tenant_of(url) +
           "/oauth2/v2.0/" + std::string(own));
    }
    return value;
  }

  void read_credentials() {
    settings_.client_id = values_.get(Key::kClientId);
    if (holds_placeholder(settings_.client_id)) {
      refuse_because(Key::kClientId, "is still a placeholder; put your application id there");
    }
    settings_.client_secret = base::Secret(values_.get(Key::kClientSecret));
    settings_.scope = normalise_scope(values_.get(Key::kScope));
    settings_.refresh_token_file = path(Key::kRefreshTokenFilePath);
    settings_.refresh_token = base::Secret(values_.get(Key::kRefreshToken));
    settings_.access_token = base::Secret(values_.get(Key::kAccessToken));
    settings_.account = values_.get(Key::kAccount);
    settings_.auto_refresh = parse_flag(values_, Key::kAutoRefresh);
    if (values_.given(Key::kPassword)) {
      warn(
          "UID and PWD are not used: sign-in is by token (RefreshTokenFilePath, RefreshToken, "
          "AccessToken or ClientSecret)");
    }
  }

  void read_behaviour() {
    settings_.retry_mode =
        parse_word<RetryMode>(values_, Key::kRetryMode,
                              {{"None", RetryMode::kNone},
                               {"RetryAny", RetryMode::kAny},
                               {"RetryWhenStatusCodeMatch", RetryMode::kWhenStatusCodeMatches}});
    settings_.retry_statuses = parse_statuses(values_);
    settings_.retry_count = static_cast<int>(parse_number(values_, Key::kRetryCountMax, 0, 1000));
    settings_.retry_multiply_wait = parse_flag(values_, Key::kRetryMultiplyWaitTime);
    settings_.timeout = std::chrono::seconds(parse_number(values_, Key::kTimeout, 0, 86'400));
    // 2147483 s is what still fits poll()'s milliseconds.
    settings_.query_timeout =
        std::chrono::seconds(parse_number(values_, Key::kQueryTimeout, 0, 2'147'483));
    settings_.ca_file = path(Key::kCaFile);
    settings_.pushdown = parse_flag(values_, Key::kPushdown);
    settings_.pushdown_fallback = parse_flag(values_, Key::kPushdownFallback);
    settings_.server_count =
        parse_word<bool>(values_, Key::kCountMode, {{"exact", false}, {"server", true}});
    settings_.max_local_memory =
        static_cast<std::uint32_t>(parse_number(values_, Key::kMaxLocalMemory, 1, 1'048'576));
    settings_.read_only = parse_flag(values_, Key::kReadOnly);
    settings_.immutable_ids = parse_flag(values_, Key::kImmutableIds);
    settings_.nocase =
        parse_word<bool>(values_, Key::kCollation, {{"binary", false}, {"nocase", true}});
    // The bits of SQL_SQL_CONFORMANCE (sqlext.h, SQL_SC_SQL92_ENTRY and on).
    settings_.sql_conformance = parse_word<std::uint32_t>(
        values_, Key::kSqlConformance,
        {{"Entry", 1}, {"Transitional", 2}, {"Intermediate", 4}, {"Full", 8}});
    settings_.log_file = path(Key::kLogFile);
    const std::int64_t level = parse_number(values_, Key::kLogLevel, 0, 5);
    settings_.log_level = static_cast<base::LogLevel>(level);
    // A log file alone is a wish for a log.
    if (!settings_.log_file.empty() && !values_.given(Key::kLogLevel)) {
      settings_.log_level = base::LogLevel::kStatements;
    }
  }

  // A leading "~/" is the home directory, as users of shells write it.
  std::string path(Key key) const {
    std::string value = values_.get(key);
    if (value.starts_with("~/")) {
      if (const char* home = std::getenv("HOME")) value.replace(0, 1, home);
    }
    return value;
  }

  void check_credentials() const {
    const bool by_refresh =
        !settings_.refresh_token_file.empty() || !settings_.refresh_token.empty();
    if (!by_refresh && !settings_.access_token.empty()) return;
    if (!by_refresh && settings_.client_secret.empty()) {
      throw Error("08001",
                  "No credentials: give RefreshTokenFilePath, RefreshToken or AccessToken, or "
                  "ClientId with ClientSecret for app-only access");
    }
    if (by_refresh && !settings_.auto_refresh) return;
    require(settings_.client_id,
            "ClientId is missing: the application (client) id of the app "
            "registration is needed to get tokens");
    require(settings_.token_url, "TokenUrl is missing: give TokenUrl, or TenantId to derive it");
    if (by_refresh) return;
    const std::string tenant = tenant_of(*base::parse_url(settings_.token_url));
    for (std::string_view shared : {"common", "organizations", "consumers"}) {
      if (equal_keyword(tenant, shared)) {
        throw Error("08001",
                    "App-only sign-in (ClientSecret without a token) needs a real tenant "
                    "in TokenUrl or TenantId, not '" +
                        tenant + "'");
      }
    }
  }

  static void require(const std::string& value, const char* message) {
    if (value.empty()) throw Error("08001", message);
  }

  Values values_;
  Settings settings_;
  std::vector<base::Warning> warnings_;
};

// unixODBC cuts lines of odbc.ini at about 1000 characters without a word, and takes the rest for
// an entry of its own. Access tokens are longer than that.
void refuse_if_cut(const Attribute& attribute) {
  constexpr std::size_t kLongestLine = 996;
  if (attribute.key.size() + 1 + attribute.value.size() < kLongestLine) return;
  throw Error("HY024",
              "The value of " + attribute.key.substr(0, 40) +
                  " in odbc.ini is longer than unixODBC reads (1000 characters a line) and "
                  "was cut; use RefreshTokenFilePath, or give it in the connection string");
}

void merge(const std::vector<Attribute>& attributes, bool from_dsn, Values& values,
           std::span<bool, kKeyCount> seen, std::vector<base::Warning>& warnings) {
  for (const Attribute& attribute : attributes) {
    const KeyInfo* entry = find_key(attribute.key);
    if (from_dsn && entry != nullptr) refuse_if_cut(attribute);
    if (entry == nullptr) {
      if (is_manager_key(attribute.key)) continue;
      warnings.push_back({"01S00", "Unknown connection key '" + attribute.key.substr(0, 100) +
                                       (from_dsn ? "' in the DSN" : "'") + " is ignored"});
      continue;
    }
    bool& done = seen[static_cast<std::size_t>(entry->key)];
    if (done) continue;
    const bool optional = entry->key == Key::kUser || entry->key == Key::kPassword;
    if (optional && attribute.value.empty()) continue;
    done = true;
    values.slot(entry->key) = attribute.value;
  }
}

}  // namespace

Resolved resolve(const std::vector<Attribute>& given,
                 const std::vector<Attribute>& dsn_attributes) {
  Resolved resolved;
  Values values;
  bool seen[kKeyCount] = {};
  merge(given, false, values, seen, resolved.warnings);
  // A DSN's own `Driver` is the library path of odbc.ini and says nothing here.
  merge(dsn_attributes, true, values, seen, resolved.warnings);

  Resolver resolver(values);
  resolved.settings = resolver.run();
  resolved.settings.dsn = values.get(Key::kDsn);
  for (base::Warning& warning : resolver.take_warnings()) {
    resolved.warnings.push_back(std::move(warning));
  }
  resolved.connection_string = write_connection_string(given);
  return resolved;
}

Resolved resolve_connection_string(std::string_view text) {
  const std::vector<Attribute> given = parse_connection_string(text);
  std::string dsn;
  for (const Attribute& attribute : given) {
    if (equal_keyword(attribute.key, "DSN")) dsn = attribute.value;
  }
  return resolve(given, read_dsn(dsn));
}

Resolved resolve_dsn(std::string_view dsn, std::string_view user, std::string_view password) {
  std::vector<Attribute> given = {{"DSN", std::string(dsn)}};
  if (!user.empty()) given.push_back({"UID", std::string(user)});
  if (!password.empty()) given.push_back({"PWD", std::string(password)});
  return resolve(given, read_dsn(std::string(dsn)));
}

}  // namespace graphodbc::config
