// An error that Graph or the identity service answered, with what the planner needs to react to it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "graph/http.h"

namespace graphodbc::graph {

class ServiceError : public base::Error {
 public:
  ServiceError(base::SqlState state, std::string message, int http_status, std::string code)
      : base::Error(state, std::move(message), http_status),
        http_status_(http_status),
        code_(std::move(code)) {}

  int http_status() const noexcept { return http_status_; }
  const std::string& code() const noexcept { return code_; }  // deepest known code, as received

 private:
  int http_status_;
  std::string code_;
};

// The members of a Graph error body that matter (contract sheet (h)).
struct ErrorBody {
  std::string code;     // deepest code that is not empty
  std::string message;  // outermost message that is not empty
  std::string request_id;
  std::string date;
};

// Never fails: an empty, HTML or cut body gives empty members.
ErrorBody parse_error_body(std::string_view json);

// SQLSTATE of a refused request, by the table in service_error.cc. `code` is compared without case.
base::SqlState state_of(int http_status, std::string_view code);

// The error of a response whose status is not a success. Reads the body when it is decoded
// (content_encoding empty). The message names table, path with the names of its options, status,
// code, the service's text, request id, attempts and what to do.
ServiceError make_service_error(const HttpResponse& response, const RequestContext& context);
// The same for a decoded body that lies elsewhere.
ServiceError make_service_error(const HttpResponse& head, std::string_view body,
                                const RequestContext& context);

// "/v1.0/me/messages?$select&$filter": path and option names of a URL, without values.
std::string describe_url(std::string_view url);

}  // namespace graphodbc::graph
