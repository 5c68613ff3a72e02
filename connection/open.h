// From checked settings to what runs queries: the log, the client of Graph, the query session. The
// driver and the `graphodbc` command connect alike.
#pragma once

#include <memory>
#include <string>

#include "base/log.h"
#include "config/settings.h"
#include "graph/client.h"
#include "query/session.h"

namespace graphodbc::connection {

// The log of LogFile and LogLevel; null when neither is given. Throws Error HY000.
std::shared_ptr<base::Log> open_log(const config::Settings& settings);

graph::ClientSettings client_settings(const config::Settings& settings,
                                      std::shared_ptr<base::Log> log);

query::SessionOptions session_options(const config::Settings& settings,
                                      const graph::Identity& identity,
                                      std::shared_ptr<base::Log> log);

// A client that has a token. What goes wrong is logged. Throws what graph::Client does.
std::shared_ptr<graph::Client> connect(graph::ClientSettings settings, graph::Deadline deadline);

}  // namespace graphodbc::connection
