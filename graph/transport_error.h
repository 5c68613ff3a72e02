// Failures below HTTP as errors.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "graph/http.h"
#include "graph/transport.h"

namespace graphodbc::graph {

// A request of a statement that got no whole response: HYT00 after a stall, HY001, else 08S01.
// `url` is described without values. `attempts` counts the requests sent.
base::Error transport_error(Outcome outcome, std::string_view detail, std::string_view url,
                            const RequestContext& context, int attempts,
                            std::string_view method = "GET");

// The same for endpoints needed to connect: 08001 instead of 08S01. `key` names the connection key.
base::Error connect_error(Outcome outcome, std::string_view detail, std::string_view url,
                          std::string_view key);

}  // namespace graphodbc::graph
