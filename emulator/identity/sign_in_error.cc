#include "emulator/identity/sign_in_error.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "emulator/identity/crypto.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::ordered_json;

std::string correlation_id_of(const Request& request) {
  const auto given = find_header(request.headers, "client-request-id");
  return given && !given->empty() ? std::string(*given) : random_guid();
}

}  // namespace

std::string error_description(const SignInError& error, const std::string& trace_id,
                              const std::string& correlation_id, const std::string& timestamp) {
  return "AADSTS" + std::to_string(error.aadsts) + ": " + error.text + "\r\nTrace ID: " + trace_id +
         "\r\nCorrelation ID: " + correlation_id + "\r\nTimestamp: " + timestamp;
}

Response token_error_response(const SignInError& error, const Request& request) {
  const std::string trace_id = random_guid();
  const std::string correlation_id = correlation_id_of(request);
  const std::string timestamp = aadsts_timestamp(std::chrono::system_clock::now());
  Json body;
  body["error"] = error.error;
  body["error_description"] = error_description(error, trace_id, correlation_id, timestamp);
  body["error_codes"] = Json::array({error.aadsts});
  body["timestamp"] = timestamp;
  body["trace_id"] = trace_id;
  body["correlation_id"] = correlation_id;
  body["error_uri"] = request.base_url + "/error?code=" + std::to_string(error.aadsts);
  if (!error.suberror.empty()) body["suberror"] = error.suberror;
  return json_response(error.error == "invalid_client" ? 401 : 400, body.dump());
}

Response error_page(const SignInError& error, const Request& request) {
  const std::string description =
      error_description(error, random_guid(), correlation_id_of(request),
                        aadsts_timestamp(std::chrono::system_clock::now()));
  return html_response(400,
                       "<!DOCTYPE html><html><head><title>Sign in to your account</title></head>"
                       "<body><h1>Sorry, but we're having trouble signing you in.</h1><pre>" +
                           html_escape(description) + "</pre></body></html>");
}

Response json_response(int status, std::string body) {
  return {status,
          {{"Content-Type", "application/json; charset=utf-8"}, {"Cache-Control", "no-store"}},
          std::move(body)};
}

Response html_response(int status, std::string body) {
  return {status,
          {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}},
          std::move(body)};
}

}  // namespace graphodbc::emulator
