#include "tools/target.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "config/connection_keys.h"
#include "config/dsn_file.h"
#include "connection/open.h"
#include "tools/console.h"

namespace graphodbc::tools {
namespace {

using base::Error;
using config::Attribute;

constexpr OptionInfo kOptions[] = {
    {"dsn", 'd', "NAME",
     "The data source; left out: $GRAPHODBC_DSN, or the only one of this driver.", ""},
    {"connection", 'c', "STRING",
     "A connection string instead; @FILE reads it from a file, which may hold secrets.", ""},
    {"set", 's', "KEY=VALUE", "A connection key over what the data source says; repeatable.", ""},
};

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw UsageError("the file " + path + " of --connection cannot be read");
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

// Other users can read the command lines of running programs.
void refuse_secrets(const std::vector<Attribute>& attributes, std::string_view option) {
  for (const Attribute& attribute : attributes) {
    const config::KeyInfo* key = config::find_key(attribute.key);
    if (key == nullptr || !key->secret || attribute.value.empty()) continue;
    if (config::is_reference(attribute.value)) continue;
    // A proxy is secret for its password alone.
    if (key->key == config::Key::kProxy && attribute.value.find('@') == std::string::npos) continue;
    throw UsageError(std::string(option) + ": " + std::string(key->name) +
                     " is a secret, and other users can read command lines: write " +
                     std::string(key->name) + "=file:PATH or " + std::string(key->name) +
                     "=env:NAME, or put the whole string into a file and give --connection @FILE");
  }
}

std::vector<Attribute> settings_of(const Arguments& arguments) {
  std::vector<Attribute> settings;
  for (const std::string& text : arguments.all("set")) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw UsageError("--set takes KEY=VALUE, for example --set Pushdown=off");
    }
    settings.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  // The first one wins in a connection string, the last one on a command line.
  std::reverse(settings.begin(), settings.end());
  refuse_secrets(settings, "--set");
  return settings;
}

std::string only_dsn() {
  const std::vector<config::DsnEntry> entries = config::list_dsns();
  std::vector<std::string> names;
  for (const config::DsnEntry& entry : entries) {
    if (entry.is_ours) names.push_back(entry.name);
  }
  if (names.size() == 1) return names[0];
  if (names.empty()) {
    throw UsageError(
        "no data source is named, and there is none of this driver yet: `graphodbc dsn create "
        "NAME` makes one");
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  throw UsageError("which data source? Give --dsn with one of " + list);
}

Target make_target(std::string name, config::Resolved resolved, bool tells) {
  if (tells) {
    for (const base::Warning& warning : resolved.warnings) say_warning(warning);
  }
  Target target{std::move(name), std::move(resolved), nullptr};
  target.log = connection::open_log(target.resolved.settings);
  return target;
}

}  // namespace

std::span<const OptionInfo> target_options() {
  return kOptions;
}

bool names_no_target(const Arguments& arguments) {
  return !arguments.has("dsn") && !arguments.has("connection") &&
         std::getenv("GRAPHODBC_DSN") == nullptr;
}

Target target_of_dsn(const std::string& dsn, const std::vector<Attribute>& settings, bool tells) {
  const std::vector<Attribute> stored = config::read_dsn(dsn);
  if (stored.empty()) {
    throw Error("IM002", "There is no data source '" + printable(dsn) +
                             "' in odbc.ini; `graphodbc dsn list` shows those there are");
  }
  std::vector<Attribute> given = settings;
  given.push_back({"DSN", dsn});
  return make_target(dsn, config::resolve(given, stored), tells);
}

Target find_target(const Arguments& arguments, bool tells) {
  std::vector<Attribute> given = settings_of(arguments);
  const std::optional<std::string> connection = arguments.get("connection");
  if (connection && arguments.has("dsn")) {
    throw UsageError("--dsn and --connection exclude each other; a string may hold DSN=NAME");
  }
  if (!connection) {
    const char* from_environment = std::getenv("GRAPHODBC_DSN");
    std::string dsn = arguments.get("dsn").value_or(from_environment ? from_environment : "");
    if (dsn.empty()) dsn = only_dsn();
    return target_of_dsn(dsn, given, tells);
  }
  const bool from_file = connection->starts_with('@');
  const std::string text = from_file ? read_text(connection->substr(1)) : *connection;
  const std::vector<Attribute> parsed = config::parse_connection_string(text);
  if (!from_file) refuse_secrets(parsed, "--connection");
  std::string dsn;
  for (const Attribute& attribute : parsed) {
    if (config::equal_keyword(attribute.key, "DSN")) dsn = attribute.value;
    const bool outranked = std::any_of(given.begin(), given.end(), [&](const Attribute& other) {
      return config::equal_keyword(other.key, attribute.key);
    });
    if (!outranked) given.push_back(attribute);
  }
  return make_target(dsn.empty() ? "the connection string" : dsn,
                     config::resolve(given, config::read_dsn(dsn)), tells);
}

std::shared_ptr<graph::Client> connect(const Target& target, bool tells) {
  auto client = connection::connect(
      connection::client_settings(target.resolved.settings, target.log), std::nullopt);
  if (tells) {
    for (const base::Warning& warning : client->take_warnings()) say_warning(warning);
  }
  return client;
}

}  // namespace graphodbc::tools
