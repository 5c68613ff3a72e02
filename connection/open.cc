#include "connection/open.h"

#include <chrono>
#include <utility>

#include "base/error.h"
#include "base/utf.h"
#include "connection/browser.h"
#include "graph/oauth/loopback_listener.h"
#include "graph/oauth/sign_in.h"

namespace graphodbc::connection {
namespace {

// Decorated as SharePoint asks (contract sheet (i)), so that audit logs tell the driver apart.
constexpr char kUserAgent[] = "NONISV|graphodbc|graphodbc/" GRAPHODBC_VERSION;

// The enumerations of config and graph have the same members in the same order.
template <typename To, typename From>
To same(From value) {
  return static_cast<To>(value);
}
static_assert(static_cast<int>(config::RetryMode::kWhenStatusCodeMatches) ==
              static_cast<int>(graph::RetryMode::kWhenStatusCodeMatches));
static_assert(static_cast<int>(config::AuthMode::kAzureCli) ==
              static_cast<int>(graph::AuthMode::kAzureCli));
static_assert(static_cast<int>(config::AssertionAlgorithm::kRs256) ==
              static_cast<int>(graph::AssertionAlgorithm::kRs256));

void carry_sign_in(const config::Settings& settings, graph::ClientSettings& client) {
  client.auth_mode = same<graph::AuthMode>(settings.auth_mode);
  client.auth_url = settings.auth_url;
  client.token_url = settings.token_url;
  client.device_code_url = settings.device_code_url;
  client.return_url = settings.return_url;
  client.client_id = settings.client_id;
  client.client_secret = settings.client_secret;
  client.client_secret_next = settings.client_secret_next;
  client.client_secret_expires = settings.client_secret_expires;
  client.basic_authentication = settings.basic_authentication;
  client.certificate_file = settings.certificate_file;
  client.certificate_base64 = settings.certificate_base64;
  client.certificate_password = settings.certificate_password;
  client.assertion_algorithm = same<graph::AssertionAlgorithm>(settings.assertion_algorithm);
  client.federated_token_file = settings.federated_token_file;
  client.scope = settings.scope;
  client.default_scope = settings.default_scope;
  client.token_parameters = settings.token_parameters;
  client.authorize_parameters = settings.authorize_parameters;
  client.login_hint = settings.login_hint;
  client.refresh_token_file = settings.refresh_token_file;
  client.refresh_token = settings.refresh_token;
  client.access_token = settings.access_token;
  client.token_expires_at = settings.token_expires_at;
  client.auto_refresh = settings.auto_refresh;
  client.initiate_oauth = settings.initiate_oauth;
}

void carry_network(const config::Settings& settings, graph::ClientSettings& client) {
  client.retry.mode = same<graph::RetryMode>(settings.retry_mode);
  client.retry.statuses = settings.retry_statuses;
  client.retry.count = settings.retry_count;
  client.retry.multiply_wait = settings.retry_multiply_wait;
  client.timeout = settings.timeout;
  client.connect_timeout = settings.connect_timeout;
  client.ca_file = settings.ca_file;
  client.proxy.disabled = settings.proxy.disabled;
  client.proxy.url = settings.proxy.url;
  client.proxy.credentials = settings.proxy.credentials;
  client.proxy.exceptions = settings.proxy.exceptions;
}

bool may_open_browser(const graph::ClientSettings& settings, SignInBy sign_in_by) {
  return sign_in_by == SignInBy::kBrowser &&
         settings.auth_mode == graph::AuthMode::kAuthorizationCode && can_open_browser();
}

// Nothing is printed: the program's output is its own.
class BrowserPrompt final : public graph::SignInPrompt {
 public:
  void show_address(const std::string& url) override {
    if (open_browser(url)) return;
    throw base::Error("28000",
                      "A person has to sign in, and no browser could be opened for it: run "
                      "`graphodbc login`, or name a browser in the variable BROWSER");
  }
  void show_device_code(const graph::DeviceCodePrompt&) override {}
  std::string ask_for_redirected_address() override { return {}; }
};

// Unless another connection has signed in since `before` was what was stored: of several at once,
// one opens the browser.
void sign_in_by_browser(const graph::ClientSettings& settings, graph::Deadline deadline,
                        const base::Secret& before) {
  constexpr std::chrono::minutes kLongest{5};
  if (!graph::LoopbackListener::can_serve(settings.return_url)) {
    throw base::Error(
        "28000",
        "A person has to sign in, and ReturnUrl leads away from this machine, so that "
        "the browser's answer cannot be had here: run `graphodbc login`");
  }
  const auto end = [&] { return deadline.value_or(std::chrono::steady_clock::now() + kLongest); };
  const graph::SignInTurn turn(settings, end());
  const base::Secret stored = graph::stored_sign_in(settings);
  if (!stored.empty() && stored != before) return;
  BrowserPrompt prompt;
  (void)graph::sign_in(settings, prompt, end());
}

// The service may change the form of its tokens, which are not for us (contract sheet b.2).
bool is_readable(const graph::Identity& identity) {
  return !identity.audience.empty();
}

void log_failure(base::Log* log, const base::Error& error) {
  if (log == nullptr) return;
  log->write(base::LogLevel::kStatements,
             std::string("error ").append(error.state().code()) + ": " + error.message());
}

// The token file stays as it is until a new sign-in replaces it.
std::shared_ptr<graph::Client> connect_or_sign_in(const graph::ClientSettings& settings,
                                                  graph::Deadline deadline, bool may_sign_in) {
  const base::Secret before = may_sign_in ? graph::stored_sign_in(settings) : base::Secret();
  if (may_sign_in && before.empty()) {
    sign_in_by_browser(settings, deadline, before);
    may_sign_in = false;
  }
  auto client = std::make_shared<graph::Client>(settings);
  try {
    client->connect(deadline);
    return client;
  } catch (const base::Error& error) {
    const bool over = may_sign_in && client->is_sign_in_over() &&
                      graph::LoopbackListener::can_serve(settings.return_url);
    if (!over) throw;
    log_failure(settings.log.get(), error);
  }
  sign_in_by_browser(settings, deadline, before);
  client = std::make_shared<graph::Client>(settings);
  client->connect(deadline);
  return client;
}

}  // namespace

std::shared_ptr<base::Log> open_log(const config::Settings& settings) {
  if (settings.log_file.empty() || settings.log_level == base::LogLevel::kOff) return nullptr;
  auto log = base::Log::open(settings.log_file, settings.log_level, settings.log_max_size);
  for (const base::Secret* secret :
       {&settings.client_secret, &settings.client_secret_next, &settings.certificate_base64,
        &settings.certificate_password, &settings.refresh_token, &settings.access_token,
        &settings.proxy.credentials}) {
    log->hide(*secret);
  }
  log->write(base::LogLevel::kStatements,
             "connect DSN=" + settings.dsn + " GraphUrl=" + settings.graph_url);
  return log;
}

graph::ClientSettings client_settings(const config::Settings& settings,
                                      std::shared_ptr<base::Log> log) {
  graph::ClientSettings client;
  client.data_source = settings.dsn;
  client.graph_url = settings.graph_url;
  client.tenant_id = settings.tenant_id;
  client.account = settings.account;
  carry_sign_in(settings, client);
  carry_network(settings, client);
  client.user_agent = kUserAgent;
  if (client.refresh_token_file.empty() && graph::needs_person(client)) {
    client.refresh_token_file = graph::token_file_of(client);
  }
  client.log = std::move(log);
  return client;
}

std::string acting_name(const graph::Identity& identity) {
  return identity.app_only ? identity.client_id : identity.user_name;
}

bool reads_another(const config::Settings& settings, const graph::Identity& identity) {
  return !settings.account.empty() && !identity.app_only &&
         !base::equal_nocase(settings.account, identity.user_name) &&
         !base::equal_nocase(settings.account, identity.object_id);
}

std::vector<base::Warning> session_notes(const config::Settings& settings,
                                         const graph::Identity& identity) {
  if (!settings.validate_scopes || is_readable(identity)) return {};
  return {
      {"01000", "ValidateScopes has no effect: this access token does not show what it grants"}};
}

query::SessionOptions session_options(const config::Settings& settings,
                                      const graph::Identity& identity,
                                      std::shared_ptr<base::Log> log) {
  query::SessionOptions options;
  options.pushdown = settings.pushdown;
  options.pushdown_fallback = settings.pushdown_fallback;
  options.server_count = settings.server_count;
  options.max_dependent_keys = settings.max_dependent_keys;
  options.max_local_memory = std::uint64_t{settings.max_local_memory} << 20;
  options.read_only = settings.read_only;
  options.immutable_ids = settings.immutable_ids;
  options.nocase = settings.nocase;
  options.order_by_text = settings.order_by_text;
  options.time_zone = settings.time_zone;
  options.account = settings.account;
  options.app_only = identity.app_only;
  options.user_name = acting_name(identity);
  options.account_is_another = reads_another(settings, identity);
  if (settings.validate_scopes && is_readable(identity)) {
    options.granted = identity.app_only ? identity.roles : identity.scopes;
  }
  options.log = std::move(log);
  return options;
}

std::shared_ptr<graph::Client> connect(const graph::ClientSettings& settings,
                                       graph::Deadline deadline, SignInBy sign_in_by) {
  try {
    return connect_or_sign_in(settings, deadline, may_open_browser(settings, sign_in_by));
  } catch (const base::Error& error) {
    log_failure(settings.log.get(), error);
    throw;
  }
}

}  // namespace graphodbc::connection
