// What stands before the Graph service: token, faults, throttling, latency, the log.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "emulator/http_types.h"
#include "emulator/identity/identity_service.h"
#include "emulator/server/fault_rules.h"
#include "emulator/server/http_server.h"
#include "emulator/server/request_log.h"
#include "emulator/server/throttle.h"

namespace graphodbc::emulator {

// The data half, as far as the server knows it.
struct GraphBackend {
  std::function<Response(const Request&, const Principal&)> handle;
  std::function<std::string(const Request&, const Principal&)> throttle_bucket;
};

// A request on its way to the service, alone or as an item of a batch.
struct Admission {
  Request request;
  Principal principal;
  std::uint64_t sequence = 0;  // in the log
  bool batch_item = false;
  std::optional<FaultAction> fault;
  std::optional<Response> refused;  // answered before it reached the service
  std::string request_key;
  std::string bucket;
  bool holds_slot = false;
  double wait_seconds = 0;  // latency and delay faults
};

// Thread-safe.
class GraphGate {
 public:
  GraphGate(GraphBackend backend, IdentityService& identity, FaultRules& faults, RequestLog& log,
            Throttle& throttle);

  // Fills in refused where the token is missing, expired or revoked, where a fault replaces the
  // answer, or where the bucket is full. `sequence` is the request's log entry.
  Admission admit(Request request, std::uint64_t sequence);
  // As an item of a batch of `principal`; enters it into the log under `batch`.
  Admission admit_item(Request request, const Principal& principal, std::uint64_t batch);

  // Answers an admitted request and gives its slot back. The caller has waited wait_seconds.
  // The log entry is left open.
  Outcome finish(Admission& admission);

  std::string bucket_of(const Request& request, const Principal& principal) const {
    return backend_.throttle_bucket(request, principal);
  }
  void set_latency(std::chrono::milliseconds latency) { latency_ms_ = latency.count(); }
  double latency_seconds() const { return static_cast<double>(latency_ms_.load()) / 1000; }
  RequestLog& log() { return log_; }

 private:
  void authenticate(Admission& admission);
  void apply_rules(Admission& admission);
  void take_slot(Admission& admission);
  Response ask_backend(const Request& request, const Principal& principal) const;
  void note_retry_after(const Admission& admission, const Response& response);

  const GraphBackend backend_;
  IdentityService& identity_;
  FaultRules& faults_;
  RequestLog& log_;
  Throttle& throttle_;
  std::atomic<std::int64_t> latency_ms_ = 0;
};

// `/v1.0/<name>` with `$` written either way, for the service's own paths ($batch, $metadata).
bool is_service_path(std::string_view path, std::string_view name);

// Seconds a Retry-After header asks for (number or HTTP date); nullopt when there is none.
std::optional<double> retry_after_seconds(const HeaderList& headers);

}  // namespace graphodbc::emulator
