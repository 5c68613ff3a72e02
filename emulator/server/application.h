// The whole emulator behind one HTTP server: identity, Graph and control API.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "emulator/identity/identity_service.h"
#include "emulator/server/control_api.h"
#include "emulator/server/fault_rules.h"
#include "emulator/server/graph_gate.h"
#include "emulator/server/http_server.h"
#include "emulator/server/request_log.h"
#include "emulator/server/secret_record.h"
#include "emulator/server/stop_signal.h"
#include "emulator/server/throttle.h"

namespace graphodbc::emulator {

struct ApplicationOptions {
  IdentityOptions identity;
  ServerOptions server;
  std::chrono::milliseconds latency{0};
  std::string secrets_file;  // see SecretRecord; empty: none
};

class Application {
 public:
  // Binds its port; throws std::runtime_error when that fails.
  Application(const ApplicationOptions& options, UserDirectory directory, GraphBackend backend);

  ~Application() { stop(); }
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  void start() { server_.start(); }
  void stop() { server_.stop(); }

  std::uint16_t port() const { return server_.port(); }
  std::string base_url() const { return server_.base_url(); }
  IdentityService& identity() { return identity_; }

  // The one line of JSON that tells how to use this tenant; no line break in it.
  std::string ready_line();

 private:
  Outcome handle(Request& request);
  Outcome handle_sign_in(Request& request, std::uint64_t sequence);
  Outcome handle_graph(Request& request, std::uint64_t sequence);
  void finish_headers(const Request& request, Response& response) const;

  StopSignal stop_;
  IdentityService identity_;
  FaultRules faults_;
  RequestLog log_;
  SecretRecord secrets_;
  Throttle throttle_;
  GraphGate gate_;
  HttpServer server_;
  ControlApi control_;
};

}  // namespace graphodbc::emulator
