// Faults that show in what a response says rather than in how it travels.
#pragma once

#include <string>
#include <string_view>

#include "emulator/http_types.h"
#include "emulator/server/fault_rules.h"

namespace graphodbc::emulator {

// A whole response that replaces the real one (status, html_error, expired_token); nullopt for the
// other kinds. `token_request` chooses the identity side's error shape.
std::optional<Response> replacement_response(const FaultAction& action, const Request& request,
                                             bool token_request);

// What the service is asked instead: the filter dropped or widened.
void alter_request(const FaultAction& action, Request& request);

// Damages a page (next links, rows, JSON). `previous_rows` end the page before this one.
void alter_response(const FaultAction& action, const Request& request,
                    const nlohmann::ordered_json& previous_rows, Response& response);

// Takes the marker that empty_page adds to its link out of a query.
std::string without_page_marker(std::string_view query);

// The filter with its `drop`-th top-level conjunct removed (negative: the last). Empty when it has
// only one.
std::string widened_filter(std::string_view filter, int drop);

}  // namespace graphodbc::emulator
