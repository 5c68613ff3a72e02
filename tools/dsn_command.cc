// `graphodbc dsn`: the data sources of odbc.ini.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "config/connection_keys.h"
#include "config/dsn_file.h"
#include "config/settings.h"
#include "tools/command.h"
#include "tools/console.h"
#include "tools/dsn_dialogue.h"

namespace graphodbc::tools {
namespace {

using base::Error;
using config::Attribute;
using config::DsnScope;

bool is_secret(const std::string& key) {
  const config::KeyInfo* known = config::find_key(key);
  return known != nullptr && known->secret;
}

DsnScope scope_of(const Arguments& arguments) {
  return arguments.has("system") ? DsnScope::kSystem : DsnScope::kUser;
}

// The name after the action.
std::string name_of(const Arguments& arguments) {
  if (arguments.positional().size() < 2) {
    throw UsageError("dsn " + arguments.positional()[0] + " needs the name of a data source");
  }
  config::check_dsn_name(arguments.positional()[1]);
  return arguments.positional()[1];
}

// Where the data source is; --system looks nowhere else. Throws IM002.
DsnScope find_scope(const Arguments& arguments, const std::string& name) {
  const DsnScope wanted = scope_of(arguments);
  if (!config::read_dsn_file(wanted, name).empty()) return wanted;
  if (!arguments.has("system") && !config::read_dsn_file(DsnScope::kSystem, name).empty()) {
    return DsnScope::kSystem;
  }
  throw Error("IM002", "There is no data source '" + name + "' in " +
                           config::dsn_file_path(wanted) +
                           "; `graphodbc dsn list` shows those there are");
}

// Key=Value after the name. A secret comes from standard input (Key=-), a file or the environment.
std::vector<Attribute> read_changes(const Arguments& arguments) {
  std::vector<Attribute> changes;
  for (std::size_t i = 2; i < arguments.positional().size(); ++i) {
    const std::string& text = arguments.positional()[i];
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw UsageError("'" + printable(text) + "' is not of the form Key=Value");
    }
    Attribute change{text.substr(0, equals), text.substr(equals + 1)};
    if (is_secret(change.key) && change.value == "-") {
      change.value = ask_secret(change.key + ": ").reveal();
    } else if (is_secret(change.key) && !change.value.empty() &&
               !config::is_reference(change.value)) {
      throw UsageError(change.key + " is a secret, and other users can read command lines: give " +
                       change.key + "=- and its value on standard input, or " + change.key +
                       "=file:PATH, or " + change.key + "=env:NAME");
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

// Throws what is wrong with the values; says what is doubtful.
void check_entries(const std::string& name, const std::vector<Attribute>& entries) {
  std::vector<Attribute> given = entries;
  given.insert(given.begin(), {"DSN", name});
  for (const base::Warning& warning : config::resolve(given, {}).warnings) say_warning(warning);
}

// Secrets that were typed go to files of their own.
// All is checked before the first file is written: an edit is done whole or not at all.
void put_secrets_away(DsnScope scope, const std::string& name, std::vector<Attribute>& changes,
                      bool asks) {
  std::vector<Attribute*> for_files;
  for (Attribute& change : changes) {
    const bool may_stay =
        !is_secret(change.key) || change.value.empty() || config::is_reference(change.value) ||
        (asks && !ask_yes("Keep " + change.key + " in a file that only you can read?", true));
    if (may_stay) {
      config::check_dsn_entry(change);
    } else {
      for_files.push_back(&change);
    }
  }
  for (Attribute* change : for_files) {
    change->value = "file:" + config::store_secret(scope, name, change->key, change->value);
    say(change->key + " is kept in " + change->value.substr(5));
  }
}

void say_next(const std::string& name, const std::vector<Attribute>& entries) {
  const config::AuthMode mode = config::resolve(entries, {}).settings.auth_mode;
  const bool asks_person =
      mode == config::AuthMode::kDeviceCode || mode == config::AuthMode::kAuthorizationCode;
  if (!config::driver_is_registered()) {
    say("The driver manager does not know the driver yet: odbcinst -i -d -f odbcinst.ini.sample");
  }
  say(asks_person ? "Next: graphodbc login --dsn " + name : "Next: graphodbc test --dsn " + name);
}

std::vector<Attribute> merged(std::vector<Attribute> entries,
                              const std::vector<Attribute>& changes) {
  for (const Attribute& change : changes) set_entry(entries, change.key, change.value);
  std::erase_if(entries, [](const Attribute& entry) { return entry.value.empty(); });
  return entries;
}

// Changes `changes` by asking until the values are good.
void ask_until_good(const std::string& name, const std::vector<Attribute>& before,
                    std::vector<Attribute>& changes) {
  while (true) {
    std::vector<Attribute> entries = merged(before, changes);
    ask_for_entries(name, entries);
    // What was to be taken away stays so.
    std::erase_if(changes, [](const Attribute& change) { return !change.value.empty(); });
    std::erase_if(changes, [&](const Attribute& change) {
      return find_entry(entries, change.key) != nullptr;
    });
    changes.insert(changes.end(), entries.begin(), entries.end());
    try {
      check_entries(name, entries);
      return;
    } catch (const Error& error) {
      say_error(error);
      say("Once more, please; Ctrl-C leaves everything as it was.");
    }
  }
}

// Both for new data sources and for changed ones.
int write(const Arguments& arguments, const std::string& name, DsnScope scope,
          const std::vector<Attribute>& before) {
  std::vector<Attribute> changes = read_changes(arguments);
  bool asked = false;
  std::optional<Error> wrong;
  if (changes.empty() && !can_ask()) {
    throw UsageError("there is nothing to write: give Key=Value, or run it in a terminal");
  }
  if (!changes.empty()) {
    try {
      check_entries(name, merged(before, changes));
    } catch (const Error& error) {
      // What is missing can be asked for; what is wrong cannot be guessed.
      if (!can_ask() || error.state() != base::SqlState("08001")) throw;
      wrong = error;
    }
  }
  if (changes.empty() || wrong) {
    if (wrong) say_error(*wrong);
    ask_until_good(name, before, changes);
    asked = true;
  }
  put_secrets_away(scope, name, changes, asked);
  if (find_entry(merged(before, changes), "Driver") == nullptr) {
    changes.insert(changes.begin(), {"Driver", std::string(config::kDriverName)});
  }
  config::write_dsn_file(scope, name, changes);
  say("Data source '" + name + "' is in " + config::dsn_file_path(scope));
  say_next(name, merged(before, changes));
  return kDone;
}

int create(const Arguments& arguments) {
  const std::string name = name_of(arguments);
  const DsnScope scope = scope_of(arguments);
  if (!config::read_dsn_file(scope, name).empty()) {
    throw Error("HY024", "There is a data source '" + name + "' in " +
                             config::dsn_file_path(scope) + " already: `graphodbc dsn edit " +
                             name + " Key=Value` changes it");
  }
  return write(arguments, name, scope, {});
}

int edit(const Arguments& arguments) {
  const std::string name = name_of(arguments);
  const DsnScope scope = find_scope(arguments, name);
  return write(arguments, name, scope, config::read_dsn_file(scope, name));
}

int remove(const Arguments& arguments) {
  const std::string name = name_of(arguments);
  const DsnScope scope = find_scope(arguments, name);
  (void)config::remove_dsn(scope, name);
  say("Data source '" + name + "' is no longer in " + config::dsn_file_path(scope));
  return kDone;
}

int show(const Arguments& arguments) {
  const std::string name = name_of(arguments);
  const DsnScope scope = find_scope(arguments, name);
  print_line("[" + name + "]");
  for (const Attribute& entry : config::read_dsn_file(scope, name)) {
    const bool hidden = is_secret(entry.key) && !config::is_reference(entry.value);
    std::string line = entry.key;
    line.resize(std::max<std::size_t>(line.size(), 20), ' ');
    // Secrets may also stand in TokenEndpointParams and the like.
    print_line(line + " = " + (hidden ? "***" : printable(base::redact(entry.value))));
  }
  return kDone;
}

int list(const Arguments& arguments) {
  std::vector<config::DsnEntry> entries = config::list_dsns();
  if (!arguments.has("all")) {
    std::erase_if(entries, [](const config::DsnEntry& entry) { return !entry.is_ours; });
  }
  std::size_t width = 0;
  for (const config::DsnEntry& entry : entries) width = std::max(width, entry.name.size());
  for (const config::DsnEntry& entry : entries) {
    std::string line = entry.name;
    line.resize(width, ' ');
    line += entry.scope == DsnScope::kUser ? "  user    " : "  system  ";
    line += entry.is_ours ? entry.description : "(" + entry.driver + ") " + entry.description;
    while (line.ends_with(' ')) line.pop_back();
    print_line(printable(line));
  }
  if (entries.empty()) say("There is none yet; `graphodbc dsn create NAME` makes one.");
  return kDone;
}

struct Action {
  std::string_view name;
  int (*run)(const Arguments&);
};
constexpr Action kActions[] = {
    {"list", list}, {"show", show}, {"create", create}, {"edit", edit}, {"remove", remove}};

}  // namespace

int run_dsn(const Arguments& arguments) {
  if (arguments.positional().empty()) {
    throw UsageError("dsn needs one of list, show, create, edit, remove");
  }
  for (const Action& action : kActions) {
    if (arguments.positional()[0] == action.name) return action.run(arguments);
  }
  throw UsageError("dsn does not know '" + printable(arguments.positional()[0]) +
                   "'; it takes list, show, create, edit, remove");
}

}  // namespace graphodbc::tools
