// Where Graph and the identity service live: Environment, TenantId and the URLs (contract sheet
// (a); requirements A-Z01..A-Z03, A-Z15, A-N06, A-U05, A-U09).
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "config/values.h"

namespace graphodbc::config {

// Fills in graph_url, tenant_id, auth_url, token_url, device_code_url, return_url and
// default_scope. Throws Error HY024.
void read_addresses(const Values& values, Settings& settings, std::vector<base::Warning>& warnings);

// What stands before /oauth2 in a sign-in URL: a tenant id, a domain, or common, organizations,
// consumers; empty in URLs of another shape.
std::string tenant_of(const std::string& sign_in_url);

}  // namespace graphodbc::config
