#include "emulator/data/errors.h"

#include <atomic>
#include <ctime>

#include "emulator/data/json_writer.h"
#include "emulator/data/random.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

// For requests that the server has not stamped with a request-id.
std::string fresh_request_id() {
  static std::atomic<std::uint64_t> counter{0};
  const std::uint64_t n = ++counter;
  return guid_text(mix(n, 0x7265710000000001ULL), mix(n, 0x7265710000000002ULL));
}

}  // namespace

GraphError parse_error(Family family, std::string message) {
  switch (family) {
    case Family::kOutlook:
      return {400, "RequestBroker--ParseUri", std::move(message)};
    case Family::kDirectory:
      return {400, "Request_BadRequest", std::move(message)};
    case Family::kDrive:
      break;
  }
  return {400, "invalidRequest", std::move(message)};
}

GraphError unsupported_filter(Family family, std::string_view property, std::string_view type) {
  switch (family) {
    case Family::kOutlook:
      return {400, "ErrorInvalidUrlQueryFilter",
              "The query filter contains one or more invalid nodes: " + quoted(property) + "."};
    case Family::kDirectory:
      return {400, "Request_UnsupportedQuery",
              "Unsupported or invalid query filter clause specified for property " +
                  quoted(property) + " of resource " + quoted(type) + "."};
    case Family::kDrive:
      break;
  }
  return {501, "notSupported", "Operation not supported"};
}

GraphError unsupported_option(Family family, std::string_view option) {
  switch (family) {
    case Family::kOutlook:
      return {400, "ErrorInvalidUrlQuery",
              "The query specified in the URI is not valid. The query option " + quoted(option) +
                  " is not supported on this resource."};
    case Family::kDirectory:
      return {400, "Request_UnsupportedQuery",
              "The query parameter " + quoted(option) + " is not supported on this resource."};
    case Family::kDrive:
      break;
  }
  if (option == "$skip") {
    return {400, "invalidRequest",
            "$skip is not supported on this API. Only URLs returned by the API can be used to "
            "page."};
  }
  return {400, "invalidRequest", std::string(option) + " is not supported on this API."};
}

GraphError unknown_segment(std::string_view segment) {
  return {400, "BadRequest", "Resource not found for the segment " + quoted(segment) + "."};
}

GraphError not_found(Family family) {
  switch (family) {
    case Family::kOutlook:
      return {404, "ErrorItemNotFound", "The specified object was not found in the store."};
    case Family::kDirectory:
      return {404, "Request_ResourceNotFound",
              "Resource does not exist or one of its queried reference-property objects are not "
              "present."};
    case Family::kDrive:
      break;
  }
  return {404, "itemNotFound", "The resource could not be found."};
}

GraphError access_denied(Family family) {
  switch (family) {
    case Family::kOutlook:
      return {403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."};
    case Family::kDirectory:
      return {403, "Authorization_RequestDenied",
              "Insufficient privileges to complete the operation."};
    case Family::kDrive:
      break;
  }
  return {403, "accessDenied", "The caller does not have permission to perform the action."};
}

GraphError malformed_id() {
  return {400, "ErrorInvalidIdMalformed", "Id is malformed."};
}

Response error_response(const GraphError& error, const Request& request) {
  const auto stamped = find_header(request.headers, "request-id");
  const std::string request_id = stamped ? std::string(*stamped) : fresh_request_id();
  const auto client_id = find_header(request.headers, "client-request-id");
  char date[24] = {};
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);

  Response response;
  response.status = error.status;
  response.headers = error.headers;
  response.headers.emplace_back("Content-Type", "application/json");
  JsonWriter json(response.body);
  json.begin_object();
  json.key("error");
  json.begin_object();
  json.member("code", error.code);
  json.member("message", error.message);
  json.key("innerError");
  json.begin_object();
  json.member("date", std::string_view(date));
  json.member("request-id", request_id);
  json.member("client-request-id", client_id ? *client_id : std::string_view(request_id));
  json.end_object();
  json.end_object();
  json.end_object();
  return response;
}

}  // namespace graphodbc::emulator::data
