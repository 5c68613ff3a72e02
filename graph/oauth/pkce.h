// Random values of an authorization request: PKCE (RFC 7636) and state (RFC 6749 10.12).
#pragma once

#include <string>
#include <string_view>

namespace graphodbc::graph {

// 32 random bytes as 43 characters: a code verifier (RFC 7636 4.1) or a state. Throws Error HY000
// when the system has no randomness.
std::string new_random_text();

// The S256 code challenge of a verifier (RFC 7636 4.2).
std::string code_challenge(std::string_view verifier);

// Takes the same time wherever the texts differ.
bool equal_in_constant_time(std::string_view left, std::string_view right);

}  // namespace graphodbc::graph
