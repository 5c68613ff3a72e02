// The proof that Azure Arc's agent asks of a program on its machine: that it may read a file (Azure
// topic "Access Azure resources by using managed identity on Azure Arc-enabled servers").
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"

namespace graphodbc::graph {

// Where the agent puts the files.
inline constexpr std::string_view kArcTokenFolder = "/var/opt/azcmagent/tokens";

// The content of the file that a challenge ("Basic realm=/var/opt/azcmagent/tokens/<id>.key")
// names. Only a plain *.key file of at most 4096 bytes that lies in `folder` itself is read, so
// that whoever answers at the address cannot have any file sent. Throws Error 28000.
base::Secret answer_arc_challenge(std::string_view challenge, std::string_view folder);

}  // namespace graphodbc::graph
