// Graph's own error responses (contract sheet (h)).
#pragma once

#include <string>
#include <string_view>

#include "emulator/http_types.h"

namespace graphodbc::emulator {

// A JSON error with innerError; the ids are the request's own `request-id` and `client-request-id`.
Response graph_error(int status, std::string_view code, std::string_view message,
                     const Request& request);

}  // namespace graphodbc::emulator
