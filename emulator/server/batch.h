// JSON batching (contract sheet (f)).
#pragma once

#include <string>

#include "emulator/server/graph_gate.h"
#include "emulator/server/stop_signal.h"

namespace graphodbc::emulator {

// Answers POST /v1.0/$batch. Items run in waves: those whose dependencies are done, at most four a
// mailbox at once; each wave costs the latency once. The answers come in a shuffled order that
// depends on the batch's number alone. `principal` is the outer request's.
Outcome run_batch(const Request& request, const Principal& principal, std::uint64_t sequence,
                  GraphGate& gate, StopSignal& stop);

}  // namespace graphodbc::emulator
