// Random identifiers for requests and assertions.
#pragma once

#include <random>
#include <string>

namespace graphodbc::graph {

// A version 4 UUID (RFC 9562 5.4) in lower case, without braces.
std::string new_guid(std::mt19937_64& random);

}  // namespace graphodbc::graph
