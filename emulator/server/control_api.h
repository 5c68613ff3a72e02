// The control API under /_control: request log, faults, tokens, device codes, statistics.
#pragma once

#include "emulator/http_types.h"
#include "emulator/identity/identity_service.h"
#include "emulator/server/fault_rules.h"
#include "emulator/server/graph_gate.h"
#include "emulator/server/http_server.h"
#include "emulator/server/request_log.h"
#include "emulator/server/throttle.h"

namespace graphodbc::emulator {

// Thread-safe. What is wrong with a call is answered as {"error": "text"} with status 400 or 404.
class ControlApi {
 public:
  ControlApi(IdentityService& identity, FaultRules& faults, RequestLog& log, Throttle& throttle,
             GraphGate& gate, const HttpServer& server)
      : identity_(identity),
        faults_(faults),
        log_(log),
        throttle_(throttle),
        gate_(gate),
        server_(server) {}

  static bool owns(std::string_view path);
  Response handle(const Request& request);

 private:
  struct Route;
  static const Route* find_route(std::string_view method, std::string_view path);

  Response get_requests(const Request& request);
  Response delete_requests(const Request& request);
  Response get_faults(const Request& request);
  Response post_faults(const Request& request);
  Response delete_faults(const Request& request);
  Response get_stats(const Request& request);
  Response delete_stats(const Request& request);
  Response post_token_lifetime(const Request& request);
  Response post_latency(const Request& request);
  Response post_revoke(const Request& request);
  Response post_certificates(const Request& request);
  Response post_device_code(const Request& request);
  Response post_device_approve(const Request& request);
  Response post_device_decline(const Request& request);
  Response post_consent(const Request& request);
  Response post_redirect_uris(const Request& request);
  Response post_federated_token(const Request& request);
  Response decide_device_code(const Request& request, bool approve);

  IdentityService& identity_;
  FaultRules& faults_;
  RequestLog& log_;
  Throttle& throttle_;
  GraphGate& gate_;
  const HttpServer& server_;
};

}  // namespace graphodbc::emulator
