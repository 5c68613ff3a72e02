// Connection: from checked settings to a signed-in client and a query session.
#include <chrono>
#include <string>
#include <utility>

#include "base/error.h"
#include "config/settings.h"
#include "driver/handles/connection.h"
#include "graph/client.h"
#include "schema/registry.h"

namespace graphodbc::driver {

namespace {

graph::RetryMode retry_mode(config::RetryMode mode) {
  switch (mode) {
    case config::RetryMode::kNone:
      return graph::RetryMode::kNone;
    case config::RetryMode::kAny:
      return graph::RetryMode::kAny;
    case config::RetryMode::kWhenStatusCodeMatches:
      break;
  }
  return graph::RetryMode::kWhenStatusCodeMatches;
}

graph::ClientSettings client_settings(const config::Settings& settings,
                                      std::shared_ptr<base::Log> log) {
  graph::ClientSettings client;
  client.graph_url = settings.graph_url;
  client.auth_url = settings.auth_url;
  client.token_url = settings.token_url;
  client.client_id = settings.client_id;
  client.client_secret = settings.client_secret;
  client.scope = settings.scope;
  client.refresh_token_file = settings.refresh_token_file;
  client.refresh_token = settings.refresh_token;
  client.access_token = settings.access_token;
  client.tenant_id = settings.tenant_id;
  client.account = settings.account;
  client.auto_refresh = settings.auto_refresh;
  client.retry.mode = retry_mode(settings.retry_mode);
  client.retry.statuses = settings.retry_statuses;
  client.retry.count = settings.retry_count;
  client.retry.multiply_wait = settings.retry_multiply_wait;
  client.timeout = settings.timeout;
  client.ca_file = settings.ca_file;
  client.log = std::move(log);
  return client;
}

query::SessionOptions session_options(const config::Settings& settings,
                                      const graph::Identity& identity,
                                      std::shared_ptr<base::Log> log) {
  query::SessionOptions options;
  options.pushdown = settings.pushdown;
  options.pushdown_fallback = settings.pushdown_fallback;
  options.server_count = settings.server_count;
  options.max_local_memory = std::uint64_t{settings.max_local_memory} << 20;
  options.read_only = settings.read_only;
  options.immutable_ids = settings.immutable_ids;
  options.nocase = settings.nocase;
  options.account = settings.account;
  options.app_only = identity.app_only;
  options.user_name = identity.user_name;
  options.log = std::move(log);
  return options;
}

// "graph.microsoft.com" of "https://graph.microsoft.com".
std::string host_of(const std::string& origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == std::string::npos ? origin : origin.substr(scheme + 3);
}

}  // namespace

void Connection::connect(const config::Resolved& resolved, bool narrow) {
  require_disconnected();
  const config::Settings& settings = resolved.settings;
  std::shared_ptr<base::Log> log;
  if (!settings.log_file.empty() && settings.log_level != base::LogLevel::kOff) {
    log = base::Log::open(settings.log_file, settings.log_level);
    log->write(base::LogLevel::kStatements,
               "connect DSN=" + settings.dsn + " GraphUrl=" + settings.graph_url);
  }
  graph::ClientSettings options = client_settings(settings, log);
  timeout_ = options.timeout;
  // What the application set before connecting outranks the key, here and below.
  if (attributes.connection_timeout != 0) {
    options.timeout =
        std::chrono::seconds(static_cast<std::int64_t>(attributes.connection_timeout));
  }
  graph::Deadline deadline;
  if (attributes.login_timeout != 0) {
    deadline = std::chrono::steady_clock::now() +
               std::chrono::seconds(static_cast<std::int64_t>(attributes.login_timeout));
  }
  std::shared_ptr<graph::Client> client;
  try {
    client = std::make_shared<graph::Client>(std::move(options));
    client->connect(deadline);
  } catch (const base::Error& error) {
    if (log) {
      log->write(base::LogLevel::kStatements,
                 std::string("error ").append(error.state().code()) + ": " + error.message());
    }
    throw;
  }
  const graph::Identity identity = client->identity();
  session_ = std::make_unique<query::Session>(client, schema::Registry::builtin(),
                                              session_options(settings, identity, log));
  log_ = std::move(log);
  client_ = std::move(client);
  data_source_name_ = settings.dsn;
  server_name_ = host_of(client_->origin());
  user_name_ = identity.user_name;
  sql_conformance_ = settings.sql_conformance;
  default_query_timeout_ = static_cast<SQLULEN>(settings.query_timeout.count());
  SQLULEN& query_timeout = attributes.statement_defaults.query_timeout;
  if (query_timeout == 0) query_timeout = default_query_timeout_;
  if (narrow) attributes.ansi_app = SQL_AA_TRUE;
  for (const base::Warning& warning : resolved.warnings) diagnostics.post(warning);
  for (const base::Warning& warning : client_->take_warnings()) diagnostics.post(warning);
}

}  // namespace graphodbc::driver
