// `graphodbc whoami`: whose rows a data source reads, and by what right (requirements A-Z30,
// A-U21).
#include <algorithm>
#include <chrono>
#include <string>

#include "graph/client.h"
#include "tools/command.h"
#include "tools/console.h"
#include "tools/permissions.h"
#include "tools/target.h"
#include "tools/token_state.h"

namespace graphodbc::tools {
namespace {

void put(std::string label, const std::string& value) {
  if (value.empty()) return;
  constexpr std::size_t kColumn = 14;
  label.append(kColumn - std::min(kColumn, label.size()), ' ');
  print_line(label + printable(value));
}

std::string joined(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string who(const graph::Identity& identity) {
  if (identity.app_only) {
    return "an application without a user" +
           (identity.display_name.empty() ? "" : ": " + identity.display_name);
  }
  if (identity.user_name.empty()) return "a user whom the token does not name";
  if (identity.display_name.empty()) return identity.user_name;
  return identity.display_name + " <" + identity.user_name + ">";
}

std::string rows_of(const config::Settings& settings, const graph::Identity& identity) {
  if (!settings.account.empty()) return settings.account;
  return identity.app_only ? "nobody, until Account or WHERE UserId names somebody"
                           : "the signed-in user";
}

}  // namespace

int run_whoami(const Arguments& arguments) {
  const Target target = find_target(arguments);
  const auto client = connect(target);
  const config::Settings& settings = target.resolved.settings;
  const graph::Identity identity = client->identity();
  put("signed in as", who(identity));
  put("object id", identity.object_id);
  put("tenant", identity.tenant_id.empty() ? settings.tenant_id : identity.tenant_id);
  put("application", identity.client_id.empty() ? settings.client_id : identity.client_id);
  put("service", client->origin());
  put("reads rows of", rows_of(settings, identity));
  put(identity.app_only ? "roles" : "scopes", joined(granted_permissions(identity)));
  if (const auto expires = client->token_expires_at()) {
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(
        *expires - std::chrono::system_clock::now());
    put("token", "good for " + duration_text(left) + ", until " + utc_text(*expires));
  }
  const std::string file = token_file_of(settings);
  put("kept in", file);
  return kDone;
}

}  // namespace graphodbc::tools
