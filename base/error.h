// The one exception type of the project. It becomes a diagnostic record at the C boundary.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "base/sqlstate.h"

namespace graphodbc::base {

// `message` says what happened, where, and what to do, in UTF-8, without the "[graphodbc]" prefix
// (the driver adds it) and without secrets. `native` is the service's own number (HTTP status or
// AADSTS number), 0 when there is none.
class Error : public std::exception {
 public:
  Error(SqlState state, std::string message, std::int32_t native = 0)
      : state_(state), native_(native), message_(std::move(message)) {}

  SqlState state() const noexcept { return state_; }
  std::int32_t native() const noexcept { return native_; }
  const std::string& message() const noexcept { return message_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  SqlState state_;
  std::int32_t native_;
  std::string message_;
};

// A note for the application that does not stop the call (SQLSTATE class 01).
struct Warning {
  SqlState state;
  std::string message;
  std::int32_t native = 0;
};

}  // namespace graphodbc::base
