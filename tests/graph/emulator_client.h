// A client of an emulator started for a test.
#pragma once

#include <chrono>
#include <memory>

#include "graph/client.h"
#include "tests/support/emulator_process.h"

namespace graphodbc::graph {

inline std::unique_ptr<Client> connect_to(const test::EmulatorProcess& emulator) {
  ClientSettings settings;
  settings.graph_url = emulator.fact("graph_url");
  settings.token_url = emulator.fact("token_url");
  settings.tenant_id = emulator.fact("tenant_id");
  settings.client_id = emulator.fact("client_id");
  settings.client_secret = base::Secret(emulator.fact("client_secret"));
  settings.refresh_token = base::Secret(emulator.fact("refresh_token"));
  settings.scope = "Mail.Read offline_access";
  settings.retry.first_wait = std::chrono::milliseconds(10);
  settings.timeout = std::chrono::seconds(1);
  auto client = std::make_unique<Client>(settings);
  client->connect();
  return client;
}

}  // namespace graphodbc::graph
