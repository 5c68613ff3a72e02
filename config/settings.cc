#include "config/settings.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

#include "base/url.h"
#include "config/addresses.h"
#include "config/connection_keys.h"
#include "config/credentials.h"
#include "config/dsn_file.h"
#include "config/values.h"

namespace graphodbc::config {
namespace {

using base::Error;

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

constexpr std::string_view kProxySchemes[] = {"http", "https", "socks5", "socks5h"};

class Resolver {
 public:
  explicit Resolver(Values values) : values_(std::move(values)) {}

  Settings run() {
    settings_.dsn = values_.get(Key::kDsn);
    read_addresses(values_, settings_, warnings_);
    settings_.scope = normalise_scope(values_.get(Key::kScope));
    settings_.validate_scopes = parse_flag(values_, Key::kValidateScopes);
    settings_.account = values_.get(Key::kAccount);
    read_network();
    read_behaviour();
    read_log();
    read_credentials(values_, settings_, warnings_);
    return std::move(settings_);
  }
  std::vector<base::Warning> take_warnings() { return std::move(warnings_); }

 private:
  void read_network() {
    settings_.retry_mode =
        parse_word<RetryMode>(values_, Key::kRetryMode,
                              {{"None", RetryMode::kNone},
                               {"RetryAny", RetryMode::kAny},
                               {"RetryWhenStatusCodeMatch", RetryMode::kWhenStatusCodeMatches}});
    settings_.retry_statuses = parse_statuses(values_);
    settings_.retry_count = static_cast<int>(parse_number(values_, Key::kRetryCountMax, 0, 1000));
    settings_.retry_multiply_wait = parse_flag(values_, Key::kRetryMultiplyWaitTime);
    settings_.timeout = std::chrono::seconds(parse_number(values_, Key::kTimeout, 0, 86'400));
    settings_.connect_timeout =
        std::chrono::seconds(parse_number(values_, Key::kConnectTimeout, 0, 86'400));
    // 2147483 s is what still fits poll()'s milliseconds.
    settings_.query_timeout =
        std::chrono::seconds(parse_number(values_, Key::kQueryTimeout, 0, kLongestQueryTimeout));
    settings_.ca_file = parse_path(values_, Key::kCaFile);
    read_proxy();
  }

  // scheme://[user:password@]host:port; the secret part is never shown.
  void read_proxy() {
    settings_.proxy.exceptions = values_.get(Key::kNoProxy);
    std::string value = read_secret(values_, Key::kProxy, warnings_);
    if (equal_keyword(value, "none")) {
      settings_.proxy.disabled = true;
      return;
    }
    if (value.empty()) return;
    std::string scheme = "http";
    if (const std::size_t end = value.find("://"); end != std::string::npos) {
      scheme = value.substr(0, end);
      value.erase(0, end + 3);
    }
    const bool known =
        std::any_of(std::begin(kProxySchemes), std::end(kProxySchemes),
                    [&](std::string_view allowed) { return equal_keyword(scheme, allowed); });
    if (!known) refuse(Key::kProxy, {});
    if (const std::size_t at = value.rfind('@'); at != std::string::npos) {
      settings_.proxy.credentials = base::Secret(base::percent_decode(value.substr(0, at)));
      value.erase(0, at + 1);
    }
    while (value.ends_with('/')) value.pop_back();
    if (!base::parse_url("http://" + value) || value.find('/') != std::string::npos) {
      refuse(Key::kProxy, {});
    }
    settings_.proxy.url = scheme + "://" + value;
  }

  void read_behaviour() {
    settings_.pushdown = parse_flag(values_, Key::kPushdown);
    settings_.pushdown_fallback = parse_flag(values_, Key::kPushdownFallback);
    settings_.server_count =
        parse_word<bool>(values_, Key::kCountMode, {{"exact", false}, {"server", true}});
    settings_.max_local_memory =
        static_cast<std::uint32_t>(parse_number(values_, Key::kMaxLocalMemory, 1, 1'048'576));
    settings_.max_dependent_keys =
        static_cast<std::uint32_t>(parse_number(values_, Key::kMaxDependentKeys, 0, 10'000));
    settings_.read_only = parse_flag(values_, Key::kReadOnly);
    settings_.immutable_ids = parse_flag(values_, Key::kImmutableIds);
    settings_.nocase =
        parse_word<bool>(values_, Key::kCollation, {{"binary", false}, {"nocase", true}});
    settings_.order_by_text =
        parse_word<bool>(values_, Key::kOrderByText, {{"local", false}, {"server", true}});
    const auto zone = base::TimeZone::find(values_.get(Key::kTimeZone));
    if (!zone) refuse(Key::kTimeZone, values_.get(Key::kTimeZone));
    settings_.time_zone = *zone;
    // The bits of SQL_SQL_CONFORMANCE (sqlext.h, SQL_SC_SQL92_ENTRY and on).
    settings_.sql_conformance = parse_word<std::uint32_t>(
        values_, Key::kSqlConformance,
        {{"Entry", 1}, {"Transitional", 2}, {"Intermediate", 4}, {"Full", 8}});
  }

  void read_log() {
    settings_.log_file = parse_path(values_, Key::kLogFile);
    const std::int64_t level = parse_number(values_, Key::kLogLevel, 0, 5);
    settings_.log_level = static_cast<base::LogLevel>(level);
    settings_.log_max_size =
        static_cast<std::uint64_t>(parse_number(values_, Key::kLogMaxSize, 1, 1024)) << 20;
    // A log file alone is a wish for a log.
    if (!settings_.log_file.empty() && !values_.given(Key::kLogLevel)) {
      settings_.log_level = base::LogLevel::kStatements;
    }
  }

  Values values_;
  Settings settings_;
  std::vector<base::Warning> warnings_;
};

// unixODBC cuts lines of odbc.ini at about 1000 characters without a word, and takes the rest for
// an entry of its own. Access tokens are longer than that.
void refuse_if_cut(const Attribute& attribute) {
  if (attribute.key.size() + 1 + attribute.value.size() < kLongestIniLine) return;
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
    values.set(entry->key, attribute.value, from_dsn);
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
