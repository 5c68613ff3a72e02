// `graphodbc keepalive`: a refresh token that nobody uses for 90 days dies; cron uses it
// (requirements D-15).
#include <string>
#include <vector>

#include "base/error.h"
#include "config/dsn_file.h"
#include "graph/client.h"
#include "graph/oauth/token_file.h"
#include "tools/command.h"
#include "tools/console.h"
#include "tools/target.h"
#include "tools/token_state.h"

namespace graphodbc::tools {
namespace {

using base::Error;

bool renews_by_token(const config::Settings& settings) {
  using config::AuthMode;
  return settings.auth_mode == AuthMode::kRefreshToken ||
         settings.auth_mode == AuthMode::kAuthorizationCode ||
         settings.auth_mode == AuthMode::kDeviceCode;
}

// True when it succeeded or there was nothing to do.
bool keep_alive(const std::string& name, Target target, bool verbose) {
  config::Settings& settings = target.resolved.settings;
  const std::string path = token_file_of(settings);
  if (!renews_by_token(settings) || path.empty()) {
    if (verbose) say(name + ": has no token file, nothing to keep alive");
    return true;
  }
  settings.auto_refresh = true;
  const std::string age = token_age_text(path);
  try {
    const graph::StoredTokens before = graph::TokenFile(path).read();
    const auto client = connect(target, false);
    // Connecting has renewed what was no longer good.
    if (graph::TokenFile(path).read().access.text == before.access.text) client->renew();
    for (const base::Warning& warning : client->take_warnings()) say_warning(warning);
    if (graph::TokenFile(path).read().access.text == before.access.text) {
      throw Error("08001", "The new tokens could not be written to " + path);
    }
  } catch (const Error& error) {
    say("graphodbc keepalive: " + printable(name) + ": " + describe(error) +
        (age.empty() ? "" : "; the refresh token is " + age));
    return false;
  }
  if (verbose) say(name + ": renewed; the refresh token was " + age);
  return true;
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const config::DsnEntry& entry : config::list_dsns()) {
    if (entry.is_ours) names.push_back(entry.name);
  }
  return names;
}

}  // namespace

int run_keepalive(const Arguments& arguments) {
  if (!arguments.positional().empty()) throw UsageError("keepalive takes options only");
  const bool verbose = arguments.has("verbose");
  if (!arguments.has("all")) {
    Target target = find_target(arguments, verbose);
    const std::string name = target.name;
    return keep_alive(name, std::move(target), verbose) ? kDone : kFailed;
  }
  bool good = true;
  for (const std::string& name : all_names()) {
    try {
      good = keep_alive(name, target_of_dsn(name, {}, verbose), verbose) && good;
    } catch (const Error& error) {
      say("graphodbc keepalive: " + printable(name) + ": " + describe(error));
      good = false;
    }
  }
  return good ? kDone : kFailed;
}

}  // namespace graphodbc::tools
