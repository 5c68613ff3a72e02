// What the environment of a workload identity says where the connection keys are silent (Azure
// Workload Identity for Kubernetes: AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_AUTHORITY_HOST,
// AZURE_FEDERATED_TOKEN_FILE).
#pragma once

#include "graph/client_settings.h"

namespace graphodbc::graph {

// For AuthMode kWorkloadIdentity; other settings come back as they are. Throws Error 08001 naming
// key and variable when one is missing in both.
ClientSettings with_workload_identity(ClientSettings settings);

}  // namespace graphodbc::graph
