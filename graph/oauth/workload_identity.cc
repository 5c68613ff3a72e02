#include "graph/oauth/workload_identity.h"

#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/url.h"

namespace graphodbc::graph {
namespace {

using base::Error;

constexpr std::string_view kDefaultHost = "https://login.microsoftonline.com";

std::string environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string() : text;
}

void fill(std::string& value, std::string_view key, const char* variable) {
  if (value.empty()) value = environment(variable);
  if (!value.empty()) return;
  throw Error("08001", std::string(key) + " is missing: AuthMode=WorkloadIdentity needs it, or " +
                           variable + " in the environment");
}

std::string token_url(const std::string& host, const std::string& tenant) {
  return host + "/" + base::percent_encode(tenant) + "/oauth2/v2.0/token";
}

// An app signs in to one tenant, so a TokenUrl of all tenants stands for none given.
bool is_of_all_tenants(const std::string& url) {
  return url.empty() || url.find("/common/") != std::string::npos ||
         url.find("/organizations/") != std::string::npos;
}

}  // namespace

ClientSettings with_workload_identity(ClientSettings settings) {
  if (settings.auth_mode != AuthMode::kWorkloadIdentity) return settings;
  fill(settings.client_id, "ClientId", "AZURE_CLIENT_ID");
  fill(settings.federated_token_file, "FederatedTokenFile", "AZURE_FEDERATED_TOKEN_FILE");
  std::string host = environment("AZURE_AUTHORITY_HOST");
  while (host.ends_with('/')) host.pop_back();
  if (is_of_all_tenants(settings.token_url)) {
    if (host.empty()) {
      const auto url = base::parse_url(settings.token_url);
      host = url ? url->origin() : std::string(kDefaultHost);
    }
    fill(settings.tenant_id, "TenantId", "AZURE_TENANT_ID");
    settings.token_url = token_url(host, settings.tenant_id);
  } else if (!host.empty() &&
             settings.token_url == token_url(std::string(kDefaultHost), settings.tenant_id)) {
    settings.token_url = token_url(host, settings.tenant_id);
  }
  return settings;
}

}  // namespace graphodbc::graph
