// An error that Graph or the identity service answered, with what the planner needs to react to it.
#pragma once

#include <string>
#include <utility>

#include "base/error.h"

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

}  // namespace graphodbc::graph
