#include "graph/oauth/scope.h"

#include <array>
#include <cstdio>
#include <sstream>
#include <string_view>

#include "base/url.h"

namespace graphodbc::graph {
namespace {

constexpr std::string_view kDefault = "/.default";

bool is_openid(std::string_view word) {
  return word == "openid" || word == "profile" || word == "email" || word == "offline_access";
}

std::string resource(const ClientSettings& settings) {
  const auto url = base::parse_url(settings.graph_url);
  return url ? url->origin() : settings.graph_url;
}

}  // namespace

bool is_app_only(AuthMode mode) {
  return mode == AuthMode::kClientCredentials || mode == AuthMode::kCertificate ||
         mode == AuthMode::kManagedIdentity || mode == AuthMode::kWorkloadIdentity;
}

const std::string& requested_scope(const ClientSettings& settings) {
  return settings.scope.empty() ? settings.default_scope : settings.scope;
}

std::string granted_scope(const ClientSettings& settings) {
  return resource(settings) + std::string(kDefault);
}

AppScope app_scope(const ClientSettings& settings) {
  AppScope scope{granted_scope(settings), false};
  std::istringstream words(settings.scope);
  for (std::string word; words >> word;) {
    if (word.ends_with(kDefault)) {
      scope.text = word;
    } else {
      scope.replaced = true;
    }
  }
  return scope;
}

std::string consent_scope(const ClientSettings& settings) {
  if (is_app_only(settings.auth_mode)) return app_scope(settings).text;
  std::istringstream words(requested_scope(settings));
  std::string out;
  for (std::string word; words >> word;) {
    if (!out.empty()) out += ' ';
    const bool bare = word.find("://") == std::string::npos && !is_openid(word);
    if (bare) out += resource(settings) + "/";
    out += word;
  }
  return out.empty() ? granted_scope(settings) : out;
}

std::string date_text(std::chrono::sys_days date) {
  const std::chrono::year_month_day day(date);
  std::array<char, 16> out{};
  (void)std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                      static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return out.data();
}

}  // namespace graphodbc::graph
