#include "config/addresses.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/url.h"

namespace graphodbc::config {
namespace {

using base::Url;

// Contract sheet (a).
struct Cloud {
  std::string_view name;
  std::string_view alias;
  std::string_view graph;
  std::string_view login;
};
constexpr Cloud kClouds[] = {
    {"Global", "", "https://graph.microsoft.com", "https://login.microsoftonline.com"},
    {"USGovL4", "USGov", "https://graph.microsoft.us", "https://login.microsoftonline.us"},
    {"USGovL5", "USGovDoD", "https://dod-graph.microsoft.us", "https://login.microsoftonline.us"},
    {"China", "", "https://microsoftgraph.chinacloudapi.cn",
     "https://login.partner.microsoftonline.cn"},
};

const Cloud& cloud_named(const Values& values) {
  const std::string name = values.get(Key::kEnvironment);
  for (const Cloud& cloud : kClouds) {
    if (equal_keyword(name, cloud.name)) return cloud;
    if (!cloud.alias.empty() && equal_keyword(name, cloud.alias)) return cloud;
  }
  refuse(Key::kEnvironment, name);
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

std::string parse_graph_url(const Values& values, const Cloud& cloud) {
  if (!values.given(Key::kGraphUrl)) return std::string(cloud.graph);
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

// GraphUrl of another cloud than Environment says moves the sign-in host along.
const Cloud& cloud_of(const Values& values, const std::string& graph_url) {
  if (values.given(Key::kEnvironment)) return cloud_named(values);
  for (const Cloud& cloud : kClouds) {
    if (equal_keyword(graph_url, cloud.graph)) return cloud;
  }
  return kClouds[0];
}

bool path_ends_with(const Url& url, std::string_view ending) {
  std::string_view path = url.path;
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.size() >= ending.size() &&
         equal_keyword(path.substr(path.size() - ending.size()), ending);
}

// The least permissions that the tables need: read-only (decisions.md 29). A national cloud's
// carry its root; the OpenID ones have no resource.
std::string default_scope(const Cloud& cloud) {
  std::string scope = "offline_access openid profile email";
  for (const std::string_view name : {"User.Read", "User.ReadBasic.All", "Mail.Read",
                                      "Calendars.Read", "Contacts.Read", "Files.Read"}) {
    scope += ' ';
    if (&cloud != &kClouds[0]) scope.append(cloud.graph) += '/';
    scope += name;
  }
  return scope;
}

class AddressReader {
 public:
  AddressReader(const Values& values, Settings& settings, std::vector<base::Warning>& warnings)
      : values_(values), settings_(settings), warnings_(warnings) {}

  void run() {
    settings_.tenant_id = parse_tenant(values_);
    settings_.graph_url = parse_graph_url(values_, cloud_named(values_));
    cloud_ = &cloud_of(values_, settings_.graph_url);
    settings_.default_scope = default_scope(*cloud_);
    settings_.auth_url = read_sign_in_url(Key::kAuthUrl, "authorize", "token");
    settings_.token_url = read_sign_in_url(Key::kTokenUrl, "token", "authorize");
    settings_.device_code_url = read_device_code_url();
    read_return_url();
    warn_of_two_tenants();
  }

 private:
  // Nothing is guessed from half a pair: with one URL given and no tenant, the other's host is
  // unknown. With none of them, `common` serves every tenant (requirements A-U09).
  std::string derived(std::string_view leaf) const {
    const bool half = values_.given(Key::kAuthUrl) || values_.given(Key::kTokenUrl);
    if (settings_.tenant_id.empty() && half) return {};
    const std::string tenant = settings_.tenant_id.empty() ? "common" : settings_.tenant_id;
    return std::string(cloud_->login) + "/" + tenant + "/oauth2/v2.0/" + std::string(leaf);
  }

  std::string read_sign_in_url(Key key, std::string_view own, std::string_view other) {
    if (!values_.given(key)) return derived(own);
    std::string value = values_.get(key);
    const Url url = parse_address(key, value);
    if (path_ends_with(url, "/" + std::string(other))) {
      refuse_because(
          key, "is the " + std::string(other) + " endpoint; AuthUrl and TokenUrl look exchanged");
    }
    if (path_ends_with(url, "/oauth2/" + std::string(own))) {
      warn(name_of(key) + " is a version 1 endpoint; use " + url.origin() + "/" + tenant_of(value) +
           "/oauth2/v2.0/" + std::string(own));
    }
    return value;
  }

  // The device endpoint stands beside the token endpoint (contract sheet b.4).
  std::string read_device_code_url() const {
    if (values_.given(Key::kDeviceCodeUrl)) {
      std::string value = values_.get(Key::kDeviceCodeUrl);
      (void)parse_address(Key::kDeviceCodeUrl, value);
      return value;
    }
    std::string url = settings_.token_url;
    constexpr std::string_view kLeaf = "/token";
    if (!url.ends_with(kLeaf)) return derived("devicecode");
    url.resize(url.size() - kLeaf.size());
    return url + "/devicecode";
  }

  // Kept byte for byte: the registration compares it so (requirements A-Z09).
  void read_return_url() {
    settings_.return_url = values_.get(Key::kReturnUrl);
    (void)parse_address(Key::kReturnUrl, settings_.return_url);
  }

  void warn_of_two_tenants() {
    if (settings_.auth_url.empty() || settings_.token_url.empty()) return;
    const std::string auth_tenant = tenant_of(settings_.auth_url);
    const std::string token_tenant = tenant_of(settings_.token_url);
    if (auth_tenant.empty() || token_tenant.empty()) return;
    if (equal_keyword(auth_tenant, token_tenant)) return;
    warn("AuthUrl and TokenUrl name different tenants ('" + auth_tenant + "' and '" + token_tenant +
         "')");
  }

  void warn(std::string message) { warnings_.push_back({"01000", std::move(message)}); }

  const Values& values_;
  Settings& settings_;
  std::vector<base::Warning>& warnings_;
  const Cloud* cloud_ = &kClouds[0];
};

}  // namespace

std::string tenant_of(const std::string& sign_in_url) {
  const std::optional<Url> url = base::parse_url(sign_in_url);
  if (!url) return {};
  const std::vector<std::string> segments = split(url->path, "/");
  const bool names_tenant = segments.size() > 1 && equal_keyword(segments[1], "oauth2");
  return names_tenant ? segments.front() : std::string();
}

void read_addresses(const Values& values, Settings& settings,
                    std::vector<base::Warning>& warnings) {
  AddressReader(values, settings, warnings).run();
}

}  // namespace graphodbc::config
