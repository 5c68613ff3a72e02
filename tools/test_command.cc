// `graphodbc test`: one line a check, from the keys to a row of Graph (requirements A-T13).
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/url.h"
#include "config/connection_keys.h"
#include "config/dsn_file.h"
#include "connection/open.h"
#include "graph/client.h"
#include "graph/service_error.h"
#include "schema/registry.h"
#include "tools/command.h"
#include "tools/console.h"
#include "tools/network_probe.h"
#include "tools/permissions.h"
#include "tools/target.h"
#include "tools/token_state.h"

namespace graphodbc::tools {
namespace {

using base::Error;
using std::chrono::seconds;
using std::chrono::system_clock;

// Refresh tokens die after 90 days without use (requirements D-15).
constexpr auto kOldToken = std::chrono::hours(24 * 60);
// Clocks of tokens may differ by five minutes (RFC 7519 4.1.4, "no more than a few minutes").
constexpr auto kAllowedSkew = std::chrono::minutes(5);

// What a check found: good unless something is said against it.
struct Finding {
  std::string text;
  std::vector<std::string> doubts;
  bool skipped = false;
};

Finding skip(std::string why) {
  return {std::move(why), {}, true};
}

class Checks {
 public:
  explicit Checks(const Arguments& arguments) : arguments_(arguments) {}

  int run() {
    check("config", [this] { return config(); });
    const bool known = target_ != nullptr;
    check("names", [&] { return known ? names() : skip("no usable settings"); });
    check("tls", [&] { return known ? tls() : skip("no usable settings"); });
    check("token", [&] { return known ? token() : skip("no usable settings"); });
    const bool signed_in = known && client_;
    check("permissions", [&] { return signed_in ? permissions() : skip("no token"); });
    check("graph", [&] { return signed_in ? graph_call() : skip("no token"); });
    check("clock", [this] { return clock(); });
    return failed_ ? kFailed : kDone;
  }

 private:
  void check(const std::string& name, const std::function<Finding()>& work) {
    std::string status = "ok";
    std::string text;
    try {
      const Finding finding = work();
      text = printable(finding.text);
      if (finding.skipped) status = "skipped";
      if (!finding.doubts.empty()) status = "warning";
      for (const std::string& doubt : finding.doubts) {
        text += (text.empty() ? "" : "; ") + printable(doubt);
      }
    } catch (const Error& error) {
      status = "FAILED";
      text = describe(error);
      failed_ = true;
    }
    status.resize(9, ' ');
    std::string label = name;
    label.resize(13, ' ');
    print_line(status + label + text);
  }

  Finding config();
  Finding names() const;
  Finding tls() const;
  Finding token();
  Finding permissions() const;
  Finding graph_call();
  Finding clock() const;

  bool behind_proxy() const;
  std::vector<base::Url> hosts() const;
  Whose whose() const;
  void doubt_files(std::vector<std::string>& doubts) const;
  const schema::Table* table_to_try() const;
  std::string address_of(const schema::Table& table) const;

  const Arguments& arguments_;
  std::unique_ptr<Target> target_;
  std::shared_ptr<graph::Client> client_;
  std::string date_;  // of the answer, as received
  system_clock::time_point answered_{};
  bool failed_ = false;
};

// Whatever others can read of the data source's secrets.
void Checks::doubt_files(std::vector<std::string>& doubts) const {
  const std::string tokens = token_file_of(target_->resolved.settings);
  if (!tokens.empty() && is_open_to_others(tokens)) {
    doubts.push_back("other users can open " + tokens + ": chmod 600 it");
  }
  const std::string folder = tokens.substr(0, tokens.rfind('/') + 1);
  if (!folder.empty() && ::access(tokens.c_str(), F_OK) == 0 &&
      ::access(folder.c_str(), W_OK) != 0) {
    doubts.push_back("renewed tokens cannot be written to " + folder);
  }
  const std::string& dsn = target_->resolved.settings.dsn;
  for (const config::DsnScope scope : {config::DsnScope::kUser, config::DsnScope::kSystem}) {
    const std::string path = config::dsn_file_path(scope);
    struct stat status {};
    const bool readable = ::stat(path.c_str(), &status) == 0 && (status.st_mode & 0044) != 0;
    if (dsn.empty() || !readable) continue;
    for (const config::Attribute& entry : config::read_dsn_file(scope, dsn)) {
      const config::KeyInfo* key = config::find_key(entry.key);
      if (key == nullptr || !key->secret || config::is_reference(entry.value)) continue;
      doubts.push_back("other users can read " + std::string(key->name) + " in " + path +
                       ": put it into a file of its own (" + std::string(key->name) +
                       "=file:PATH), or chmod 600 " + path);
    }
  }
}

Finding Checks::config() {
  auto target = std::make_unique<Target>(find_target(arguments_, false));
  const config::Settings& settings = target->resolved.settings;
  Finding finding;
  finding.text = target->name + ": AuthMode " +
                 std::string(config::auth_mode_name(settings.auth_mode)) + ", tenant " +
                 (settings.tenant_id.empty() ? "not named" : settings.tenant_id) +
                 ", application " + (settings.client_id.empty() ? "not named" : settings.client_id);
  for (const base::Warning& warning : target->resolved.warnings) {
    finding.doubts.push_back("[" + std::string(warning.state.code()) + "] " + warning.message);
  }
  target_ = std::move(target);
  doubt_files(finding.doubts);
  if (!settings.dsn.empty() && !config::driver_is_registered()) {
    finding.doubts.emplace_back(
        "odbcinst.ini has no [graphodbc], so ODBC programs cannot find the driver: odbcinst -i -d "
        "-f odbcinst.ini.sample");
  }
  return finding;
}

bool Checks::behind_proxy() const {
  const config::Proxy& proxy = target_->resolved.settings.proxy;
  if (proxy.disabled) return false;
  if (!proxy.url.empty()) return true;
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return true;
  }
  return false;
}

// Of GraphUrl and TokenUrl, each once.
std::vector<base::Url> Checks::hosts() const {
  const config::Settings& settings = target_->resolved.settings;
  std::vector<base::Url> urls;
  for (const std::string& text : {settings.graph_url, settings.token_url}) {
    const auto url = base::parse_url(text);
    const bool is_new = url && std::none_of(urls.begin(), urls.end(), [&](const base::Url& other) {
                          return base::same_origin(other, *url);
                        });
    if (is_new) urls.push_back(*url);
  }
  return urls;
}

Finding Checks::names() const {
  if (behind_proxy()) return skip("the proxy finds the servers");
  Finding finding;
  for (const base::Url& url : hosts()) {
    const std::vector<std::string> addresses = look_up(url);
    finding.text += (finding.text.empty() ? "" : "; ") + url.host + " is " + addresses.at(0);
    if (addresses.size() > 1) {
      finding.text += " and " + std::to_string(addresses.size() - 1) + " more";
    }
  }
  return finding;
}

Finding Checks::tls() const {
  if (behind_proxy()) return skip("through the proxy; the token check covers it");
  const config::Settings& settings = target_->resolved.settings;
  Finding finding;
  for (const base::Url& url : hosts()) {
    if (url.scheme != "https") continue;
    const TlsState state = try_tls(url, settings.ca_file, settings.connect_timeout);
    finding.text += (finding.text.empty() ? "" : "; ") + url.host + " " + state.version +
                    ", certificate of " + state.subject + " by " + state.issuer + ", " +
                    std::to_string(state.days_left) + " days left";
    // A server's certificate is exchanged weeks ahead; days left mean that a proxy's is not.
    if (state.days_left < 7) finding.doubts.push_back("the certificate ends within a week");
  }
  return finding.text.empty() ? skip("plain http on this machine") : finding;
}

Finding Checks::token() {
  client_ = nullptr;
  const std::string file = token_file_of(target_->resolved.settings);
  const auto written = token_file_time(file);  // before connecting renews it
  auto client = connect(*target_, false);
  Finding finding;
  const graph::Identity identity = client->identity();
  if (identity.app_only) {
    finding.text =
        "application " + (identity.display_name.empty() ? target_->resolved.settings.client_id
                                                        : identity.display_name);
  } else {
    finding.text = identity.user_name.empty() ? "a user whom the token does not name"
                                              : "user " + identity.user_name;
  }
  if (const auto expires = client->token_expires_at()) {
    finding.text +=
        ", good for " +
        duration_text(std::chrono::duration_cast<seconds>(*expires - system_clock::now()));
  }
  for (const base::Warning& warning : client->take_warnings()) {
    finding.doubts.push_back("[" + std::string(warning.state.code()) + "] " + warning.message);
  }
  if (written && age_of(*written) > kOldToken) {
    finding.doubts.push_back("the refresh token was " + duration_text(age_of(*written)) +
                             " old, and one that is not used for 90 days dies: let `graphodbc "
                             "keepalive` run every week");
  }
  client_ = std::move(client);
  return finding;
}

Whose Checks::whose() const {
  const bool others = connection::reads_another(target_->resolved.settings, client_->identity());
  return others ? Whose::kOthers : Whose::kOwn;
}

// "; other users' rows need Mail.Read.Shared (Attachments), Files.Read.All (Drives, DriveItems)":
// of the tables that can be read for the signed-in user only. Empty when there are none.
std::string more_for_others(const graph::Identity& identity) {
  std::vector<std::pair<std::string, std::string>> needs;  // permission, tables
  for (const schema::Table& table : schema::Registry::builtin().tables()) {
    if (!may_read(table, identity, Whose::kOwn) || may_read(table, identity, Whose::kOthers)) {
      continue;
    }
    const std::string& least = wanted_permissions(table, identity, Whose::kOthers).front();
    const auto same = std::find_if(needs.begin(), needs.end(),
                                   [&](const auto& need) { return need.first == least; });
    if (same == needs.end()) {
      needs.emplace_back(least, table.name);
    } else {
      same->second += ", " + table.name;
    }
  }
  std::string text;
  for (const auto& [permission, tables] : needs) {
    text += text.empty() ? "; other users' rows need " : ", ";
    text += permission + " (" + tables + ")";
  }
  return text;
}

Finding Checks::permissions() const {
  const graph::Identity identity = client_->identity();
  if (granted_permissions(identity).empty()) {
    if (identity.app_only) {
      throw Error("42000",
                  "The application has no application permissions at all: add some to the app "
                  "registration and let an administrator consent");
    }
    return skip("the token does not tell what it permits");
  }
  Finding finding;
  std::size_t readable = 0;
  const auto& tables = schema::Registry::builtin().tables();
  for (const schema::Table& table : tables) {
    if (may_read(table, identity, whose())) {
      ++readable;
    } else {
      finding.doubts.push_back(table.name + " needs " +
                               wanted_permissions(table, identity, whose()).front());
    }
  }
  if (readable == 0) {
    throw Error("42000",
                "No table can be read with what is granted; add permissions to the app "
                "registration and sign in again. " +
                    finding.doubts.front());
  }
  finding.text =
      std::to_string(readable) + " of " + std::to_string(tables.size()) + " tables can be read";
  if (whose() == Whose::kOwn) finding.text += more_for_others(identity);
  return finding;
}

// The cheapest table that the permissions allow; without knowledge of them the user.
const schema::Table* Checks::table_to_try() const {
  const graph::Identity identity = client_->identity();
  const bool somebody = !identity.app_only || !client_->account().empty();
  const schema::Registry& registry = schema::Registry::builtin();
  for (const std::string_view name :
       {"Me", "Users", "MailFolders", "Events", "Contacts", "Drives"}) {
    const schema::Table* table = registry.find(name);
    if (table == nullptr || (!somebody && table->name != "Users")) continue;
    if (granted_permissions(identity).empty() || may_read(*table, identity, whose())) return table;
  }
  return nullptr;
}

std::string Checks::address_of(const schema::Table& table) const {
  std::string path = table.list_path.empty() ? table.root_path : table.list_path;
  std::string context = table.context.signed_in;
  const std::string& account = client_->account();
  if (!account.empty()) {
    context = table.context.by_account.empty() ? table.context.by_value : table.context.by_account;
    const std::size_t open = context.find('{');
    if (open != std::string::npos) {
      context.replace(open, context.find('}') - open + 1, base::percent_encode(account));
    }
  }
  const std::string hole = "{context}";
  if (const std::size_t at = path.find(hole); at != std::string::npos) {
    path.replace(at, hole.size(), context);
  }
  path += "?$select=id";
  if (table.max_page > 0) path += "&$top=1";
  return path;
}

Finding Checks::graph_call() {
  const schema::Table* table = table_to_try();
  if (table == nullptr) return skip("no table that the permissions allow without Account");
  graph::HttpRequest request;
  request.url = address_of(*table);
  request.service = table->service;
  request.mailbox = client_->account();
  const graph::Identity identity = client_->identity();
  const graph::RequestContext context = {table->name,
                                         wanted_permissions(*table, identity, whose())};
  request.context = context;
  const auto started = std::chrono::steady_clock::now();
  const auto pending = client_->start(std::move(request));
  const CancelScope cancel([pending] { pending->cancel(); });
  const graph::HttpResponse response = pending->wait();
  const auto took = std::chrono::steady_clock::now() - started;
  date_ = response.date;
  answered_ = system_clock::now();
  if (response.status != 200) {
    throw graph::make_service_error(response, context);
  }
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  return {table->name + " answered in " + std::to_string(milliseconds) + " ms", {}, false};
}

Finding Checks::clock() const {
  const auto theirs = parse_http_date(date_);
  if (!theirs) return skip("no answer to compare with");
  const auto ahead = std::chrono::duration_cast<seconds>(answered_ - *theirs);
  const auto apart = std::max(ahead, -ahead);
  // The header has whole seconds, and the answer was on its way.
  if (apart <= seconds(2)) return {"this machine and the service agree", {}, false};
  const std::string text = "this machine is " + duration_text(apart) +
                           (ahead > seconds(0) ? " ahead of" : " behind") + " the service";
  if (apart <= kAllowedSkew) return {text, {}, false};
  return {text,
          {"tokens are refused when clocks differ: let this machine synchronise its clock"},
          false};
}

}  // namespace

int run_test(const Arguments& arguments) {
  if (!arguments.positional().empty()) throw UsageError("test takes options only");
  return Checks(arguments).run();
}

}  // namespace graphodbc::tools
