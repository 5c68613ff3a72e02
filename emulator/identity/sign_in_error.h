// Failures of the identity endpoints, in the shapes of contract sheet section (b.7).
#pragma once

#include <string>

#include "emulator/http_types.h"

namespace graphodbc::emulator {

// Thrown inside identity/ only; every endpoint turns it into a response.
struct SignInError {
  std::string error;  // OAuth error string, for example invalid_grant
  int aadsts = 0;
  std::string text;  // what follows "AADSTSnnnnn: "
  std::string suberror;
};

// The identity side's JSON error; invalid_client is 401, everything else 400.
Response token_error_response(const SignInError& error, const Request& request);

// "AADSTS700016: text" with trace id, correlation id and timestamp, as error_description has it.
std::string error_description(const SignInError& error, const std::string& trace_id,
                              const std::string& correlation_id, const std::string& timestamp);

// The page a browser shows for errors that must not reach the redirect URI.
Response error_page(const SignInError& error, const Request& request);

Response json_response(int status, std::string body);
Response html_response(int status, std::string body);

}  // namespace graphodbc::emulator
