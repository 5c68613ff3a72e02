// Connection: from checked settings to a signed-in client and a query session.
#include <chrono>
#include <string>
#include <utility>

#include "config/settings.h"
#include "connection/open.h"
#include "driver/handles/connection.h"
#include "graph/client.h"
#include "schema/registry.h"

namespace graphodbc::driver {

namespace {

// "graph.microsoft.com" of "https://graph.microsoft.com".
std::string host_of(const std::string& origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == std::string::npos ? origin : origin.substr(scheme + 3);
}

}  // namespace

void Connection::connect(const config::Resolved& resolved, bool narrow, bool may_prompt) {
  require_disconnected();
  const config::Settings& settings = resolved.settings;
  std::shared_ptr<base::Log> log = connection::open_log(settings);
  graph::ClientSettings options = connection::client_settings(settings, log);
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
  const auto sign_in_by = may_prompt || options.initiate_oauth ? connection::SignInBy::kBrowser
                                                               : connection::SignInBy::kNobody;
  std::shared_ptr<graph::Client> client = connection::connect(options, deadline, sign_in_by);
  const graph::Identity identity = client->identity();
  session_ = std::make_unique<query::Session>(client, schema::Registry::builtin(),
                                              connection::session_options(settings, identity, log));
  log_ = std::move(log);
  client_ = std::move(client);
  data_source_name_ = settings.dsn;
  server_name_ = host_of(client_->origin());
  user_name_ = connection::acting_name(identity);
  sql_conformance_ = settings.sql_conformance;
  default_query_timeout_ = static_cast<SQLULEN>(settings.query_timeout.count());
  SQLULEN& query_timeout = attributes.statement_defaults.query_timeout;
  if (query_timeout == 0) query_timeout = default_query_timeout_;
  if (narrow) attributes.ansi_app = SQL_AA_TRUE;
  for (const base::Warning& warning : resolved.warnings) diagnostics.post(warning);
  for (const base::Warning& warning : client_->take_warnings()) diagnostics.post(warning);
  for (const base::Warning& warning : connection::session_notes(settings, identity)) {
    diagnostics.post(warning);
  }
}

}  // namespace graphodbc::driver
