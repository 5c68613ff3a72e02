// The command `graphodbc`: signing in, looking after data sources, queries without ODBC.
#include <exception>
#include <string>
#include <vector>

#include "base/error.h"
#include "tools/command.h"
#include "tools/console.h"
#include "tools/help.h"

namespace graphodbc::tools {
namespace {

int run(const std::vector<std::string>& words) {
  if (words.empty()) {
    say(overview());
    return kUsage;
  }
  const std::string& first = words[0];
  if (first == "--help" || first == "-h") {
    print_line(overview());
    return kDone;
  }
  if (first == "--version" || first == "-V") {
    print_line(version_line());
    return kDone;
  }
  const CommandInfo* command = find_command(first);
  if (command == nullptr) {
    throw UsageError("there is no command '" + printable(first) +
                     "'; `graphodbc --help` has the list");
  }
  const Arguments arguments(*command, {words.begin() + 1, words.end()});
  if (arguments.has("help")) {
    print_line(help_of(*command));
    return kDone;
  }
  return command->run(arguments);
}

int guarded(const std::vector<std::string>& words) {
  try {
    return run(words);
  } catch (const UsageError& error) {
    say(std::string("graphodbc: ") + error.what());
    if (!words.empty() && find_command(words[0]) != nullptr) {
      say("Try `graphodbc " + words[0] + " --help`.");
    }
    return kUsage;
  } catch (const base::Error& error) {
    say_error(error);
    return interrupted() ? kInterrupted : kFailed;
  } catch (const BrokenPipe&) {
    return kBrokenPipe;
  } catch (const std::bad_alloc&) {
    say("graphodbc: [HY001] Out of memory");
  } catch (const std::exception& error) {
    say(std::string("graphodbc: [HY000] ") + error.what());
  }
  return kFailed;
}

}  // namespace
}  // namespace graphodbc::tools

int main(int count, char** words) {
  graphodbc::tools::watch_interrupts();
  return graphodbc::tools::guarded({words + (count > 0 ? 1 : 0), words + count});
}
