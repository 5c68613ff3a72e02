// What the identity service's error numbers and names mean to a person, as data (contract sheet
// b.8).
#pragma once

#include <cstdint>
#include <string_view>

#include "graph/oauth/token_error.h"

namespace graphodbc::graph {

enum class AdviceKind : std::uint8_t {
  kRefused,    // 28000
  kConsent,    // 28000, and the admin consent page is of help
  kTransient,  // 08001; worth another try
};

// In `text`, {login} stands for the command that signs in anew, {expired} for "expired on DATE" or
// "has expired".
struct Advice {
  std::string_view text;
  AdviceKind kind = AdviceKind::kRefused;
};

// By the first number that is known, else by the error's name; nullptr when neither is.
const Advice* find_advice(const TokenErrorBody& body);

}  // namespace graphodbc::graph
