// Another program, run without a shell, its output read.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/secret.h"

namespace graphodbc::graph {

struct ProgramResult {
  int status = -1;  // exit status; 128 + the signal that ended it
  bool timed_out = false;
  base::Secret output;
  std::string errors;
};

// The first file of that name that may be run in an absolute folder of PATH; empty: there is none.
std::string find_on_path(const std::string& name);

// `arguments[0]` is the program's path. Standard input is empty. Ended after a minute, or when
// `keep_waiting`, asked about ten times a second, answers false. Throws Error 08001 when it cannot
// be started, 08S01 when it was ended for `keep_waiting`.
ProgramResult run_program(const std::vector<std::string>& arguments,
                          const std::function<bool()>& keep_waiting);

}  // namespace graphodbc::graph
