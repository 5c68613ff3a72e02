// What a command works on: the data source of --dsn, --connection and --set.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "config/settings.h"
#include "graph/client.h"
#include "query/session.h"
#include "tools/command.h"

namespace graphodbc::tools {

// Taken by every command that connects.
std::span<const OptionInfo> target_options();

struct Target {
  std::string name;  // of the DSN, or "the connection string"; for messages
  config::Resolved resolved;
  std::shared_ptr<base::Log> log;  // of LogFile; may be null
};

// --connection STRING or @FILE, else --dsn, else GRAPHODBC_DSN, else the only DSN of this driver.
// Secrets are taken from files, not from the command line. Prints the warnings of the settings
// (`tells`). Throws UsageError, or what config::resolve does.
Target find_target(const Arguments& arguments, bool tells = true);
// The same for one DSN by name.
Target target_of_dsn(const std::string& dsn, const std::vector<config::Attribute>& settings = {},
                     bool tells = true);
// None of these is given, in whatever way.
bool names_no_target(const Arguments& arguments);

// A signed-in client. Prints the warnings of the sign-in (`tells`).
std::shared_ptr<graph::Client> connect(const Target& target, bool tells = true);

}  // namespace graphodbc::tools
