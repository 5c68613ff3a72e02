#include "emulator/server/graph_gate.h"

#include <array>
#include <cstdlib>
#include <ctime>

#include "emulator/server/fault_bodies.h"
#include "emulator/server/graph_error.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

constexpr std::string_view kMailboxMessage = "Application is over its MailboxConcurrency limit.";

struct VerdictText {
  AccessVerdict verdict;
  std::string_view message;
};

// Texts of contract sheet (h), row 401.
constexpr std::array kVerdictTexts = {
    VerdictText{AccessVerdict::kMissing, "Access token is empty."},
    VerdictText{AccessVerdict::kGarbled, "CompactToken parsing failed with error code: 80049217"},
    VerdictText{AccessVerdict::kForeign, "Access token validation failure. Invalid signature."},
    VerdictText{AccessVerdict::kExpired, "Lifetime validation failed, the token is expired."},
    VerdictText{AccessVerdict::kRevoked,
                "Continuous access evaluation resulted in challenge with result: "
                "InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp"},
};

Response unauthorized(AccessVerdict verdict, const Request& request) {
  std::string_view message;
  for (const auto& entry : kVerdictTexts) {
    if (entry.verdict == verdict) message = entry.message;
  }
  Response response = graph_error(401, "InvalidAuthenticationToken", message, request);
  std::string challenge = "Bearer realm=\"\", authorization_uri=\"" + request.base_url +
                          "/common/oauth2/v2.0/authorize\", "
                          "client_id=\"00000003-0000-0000-c000-000000000000\"";
  if (verdict == AccessVerdict::kRevoked) {
    challenge +=
        ", error=\"insufficient_claims\", claims=\"" + IdentityService::claims_challenge() + "\"";
  }
  response.headers.emplace_back("WWW-Authenticate", std::move(challenge));
  return response;
}

std::string client_bucket(const Admission& admission) {
  return admission.bucket.empty() ? std::string()
                                  : admission.principal.client_id + "|" + admission.bucket;
}

}  // namespace

bool is_service_path(std::string_view path, std::string_view name) {
  return percent_decode(path, false) == "/v1.0/" + std::string(name);
}

std::optional<double> retry_after_seconds(const HeaderList& headers) {
  const auto header = find_header(headers, "Retry-After");
  if (!header) return std::nullopt;
  const std::string text(*header);
  char* end = nullptr;
  const double seconds = std::strtod(text.c_str(), &end);
  if (end != text.c_str()) return seconds;
  std::tm parts{};
  if (strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr) return std::nullopt;
  return static_cast<double>(timegm(&parts) - std::time(nullptr));
}

GraphGate::GraphGate(GraphBackend backend, IdentityService& identity, FaultRules& faults,
                     RequestLog& log, Throttle& throttle)
    : backend_(std::move(backend)),
      identity_(identity),
      faults_(faults),
      log_(log),
      throttle_(throttle) {}

Admission GraphGate::admit(Request request, std::uint64_t sequence) {
  Admission admission;
  admission.request = std::move(request);
  admission.sequence = sequence;
  authenticate(admission);
  apply_rules(admission);
  if (!admission.refused) take_slot(admission);
  return admission;
}

Admission GraphGate::admit_item(Request request, const Principal& principal, std::uint64_t batch) {
  Admission admission;
  admission.sequence = log_.begin(request, batch);
  admission.request = std::move(request);
  admission.principal = principal;
  admission.batch_item = true;
  apply_rules(admission);
  if (!admission.refused) take_slot(admission);
  return admission;
}

void GraphGate::authenticate(Admission& admission) {
  // The metadata document needs no token.
  if (is_service_path(admission.request.path, "$metadata")) return;
  const AccessCheck check =
      identity_.check_access(find_header(admission.request.headers, "Authorization"));
  admission.principal = check.principal;
  if (check.verdict != AccessVerdict::kValid) {
    admission.refused = unauthorized(check.verdict, admission.request);
  }
}

void GraphGate::apply_rules(Admission& admission) {
  const Request& request = admission.request;
  admission.wait_seconds = latency_seconds();
  admission.request_key = request.method + " " + request.path + "?" + request.query;
  if (!admission.refused && !is_service_path(request.path, "$batch")) {
    admission.bucket = backend_.throttle_bucket(request, admission.principal);
  }
  throttle_.note_arrival(admission.request_key, client_bucket(admission));
  admission.fault = faults_.match(request, admission.batch_item);
  if (!admission.fault) return;
  log_.set_fault(admission.sequence, admission.fault->kind_name);
  admission.wait_seconds += admission.fault->delay_ms / 1000;
  if (auto replaced = replacement_response(*admission.fault, request, false)) {
    admission.refused = std::move(replaced);
  }
}

void GraphGate::take_slot(Admission& admission) {
  admission.holds_slot = throttle_.acquire(admission.principal.client_id, admission.bucket);
  if (admission.holds_slot) return;
  admission.wait_seconds = 0;
  admission.refused = graph_error(429, "ApplicationThrottled", kMailboxMessage, admission.request);
  admission.refused->headers.emplace_back("Retry-After", "1");
}

Response GraphGate::ask_backend(const Request& request, const Principal& principal) const {
  try {
    return backend_.handle(request, principal);
  } catch (const std::exception& problem) {
    return graph_error(500, "InternalServerError", problem.what(), request);
  }
}

void GraphGate::note_retry_after(const Admission& admission, const Response& response) {
  if (const auto seconds = retry_after_seconds(response.headers)) {
    throttle_.note_refusal(admission.request_key, client_bucket(admission), *seconds);
  }
}

Outcome GraphGate::finish(Admission& admission) {
  struct SlotReturn {
    Throttle& throttle;
    const Admission& admission;
    ~SlotReturn() {
      if (admission.holds_slot) throttle.release(admission.principal.client_id, admission.bucket);
    }
  };
  Outcome outcome;
  if (admission.fault) outcome.wire = admission.fault->wire;
  if (admission.refused) {
    outcome.response = std::move(*admission.refused);
    note_retry_after(admission, outcome.response);
    return outcome;
  }
  const SlotReturn slot{throttle_, admission};
  Request asked = admission.request;
  asked.query = without_page_marker(asked.query);
  if (admission.fault) alter_request(*admission.fault, asked);
  outcome.response = ask_backend(asked, admission.principal);
  if (admission.fault) {
    alter_response(*admission.fault, admission.request, faults_.rows_before(admission.request.path),
                   outcome.response);
  }
  faults_.observe_page(admission.request, outcome.response);
  note_retry_after(admission, outcome.response);
  return outcome;
}

}  // namespace graphodbc::emulator
