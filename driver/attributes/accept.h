// What attributes of every kind of handle accept.
#pragma once

#include "config/settings.h"
#include "driver/attributes/attribute.h"

namespace graphodbc::driver {

inline Acceptance any(SQLULEN value) {
  return {Acceptance::Kind::kAccepted, value};
}

inline Acceptance flag(SQLULEN value) {
  return {value <= 1 ? Acceptance::Kind::kAccepted : Acceptance::Kind::kInvalid, value};
}

inline Acceptance off_only(SQLULEN value) {
  if (value == 0) return {Acceptance::Kind::kAccepted, 0};
  return {value == 1 ? Acceptance::Kind::kUnsupported : Acceptance::Kind::kInvalid, 0};
}

// Seconds, 0 for no limit. A longer time than the key QueryTimeout takes becomes that time, as the
// pages of SQLSetStmtAttr and SQLSetConnectAttr ask: 01S02, and no clock overflows.
inline Acceptance timeout(SQLULEN value) {
  constexpr auto kLongest = static_cast<SQLULEN>(config::kLongestQueryTimeout);
  if (value <= kLongest) return {Acceptance::Kind::kAccepted, value};
  return {Acceptance::Kind::kSubstituted, kLongest};
}

}  // namespace graphodbc::driver
