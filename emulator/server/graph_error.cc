#include "emulator/server/graph_error.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "emulator/server/text.h"

namespace graphodbc::emulator {

Response graph_error(int status, std::string_view code, std::string_view message,
                     const Request& request) {
  using Json = nlohmann::ordered_json;
  const std::string request_id(find_header(request.headers, "request-id").value_or(""));
  const std::string client_id(
      find_header(request.headers, "client-request-id").value_or(request_id));
  Json inner;
  inner["date"] = iso_date_time(std::chrono::system_clock::now());
  inner["request-id"] = request_id;
  inner["client-request-id"] = client_id;
  Json error;
  error["code"] = code;
  error["message"] = message;
  error["innerError"] = inner;
  Json body;
  body["error"] = error;
  return {status,
          {{"Content-Type", "application/json"}, {"Cache-Control", "no-cache"}},
          body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace graphodbc::emulator
