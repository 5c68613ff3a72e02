// Refusals of the Graph half, as exceptions that become Graph error bodies (contract sheet (h)).
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "emulator/http_types.h"

namespace graphodbc::emulator::data {

// The three back ends behind Graph answer with error codes of their own.
enum class Family { kOutlook, kDirectory, kDrive };

struct GraphError : std::exception {
  GraphError(int http_status, std::string error_code, std::string text)
      : status(http_status), code(std::move(error_code)), message(std::move(text)) {}
  const char* what() const noexcept override { return message.c_str(); }

  int status;
  std::string code;
  std::string message;
  HeaderList headers;
};

// A query that does not parse, or names an unknown property.
GraphError parse_error(Family family, std::string message);
// A well-formed `$filter` that the service does not take.
GraphError unsupported_filter(Family family, std::string_view property, std::string_view type);
// A well-formed query option that this resource does not take.
GraphError unsupported_option(Family family, std::string_view option);
GraphError unknown_segment(std::string_view segment);
GraphError not_found(Family family);
GraphError access_denied(Family family);
GraphError malformed_id();

Response error_response(const GraphError& error, const Request& request);

}  // namespace graphodbc::emulator::data
