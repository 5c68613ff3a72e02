// When a request is sent again, and after how long (decisions.md 15, requirements A-Z10..A-Z13).
// Pure functions: the clock and the dice are arguments.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "graph/client_settings.h"
#include "graph/transport.h"

namespace graphodbc::graph {

struct Attempt {
  int sent = 1;  // requests sent so far, this one included
  Outcome outcome = Outcome::kOk;
  int status = 0;  // when outcome is kOk
  std::optional<std::chrono::milliseconds> retry_after;
};

struct Verdict {
  bool resend = false;
  std::chrono::milliseconds wait{0};  // at least Retry-After
};

// `dice` in [0, 1) spreads the waits of clients that were refused together; a wait stays shorter
// than the next one's shortest.
//
// By status: None resends nothing; RetryWhenStatusCodeMatch the listed codes; RetryAny 408, 429 and
// 5xx but 501 and 505. Lost connections are no status: except in mode None a GET is sent again
// after a reset or a cut body as often as RetryCountMax allows, after a failed connect, look-up or
// a stall twice at most, after a TLS refusal never.
Verdict decide(const RetrySettings& settings, const Attempt& attempt, double dice);

// Our own wait before the n-th re-send (n >= 1), without Retry-After.
std::chrono::milliseconds backoff(const RetrySettings& settings, int resend, double dice);

// Retry-After: seconds, also fractional (Graph sends "2.128"), or an HTTP date (RFC 9110 5.6.7).
// nullopt when it is neither. Dates in the past give 0.
std::optional<std::chrono::milliseconds> parse_retry_after(
    std::string_view value, std::chrono::system_clock::time_point now);

}  // namespace graphodbc::graph
