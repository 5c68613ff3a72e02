// From checked settings to what runs queries: the log, the client of Graph, the query session. The
// driver and the `graphodbc` command connect alike.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

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

// Who reads: the signed-in user's principal name, or the application's id (requirements A-U21).
std::string acting_name(const graph::Identity& identity);

// Whether Account names somebody else than the user who is signed in.
bool reads_another(const config::Settings& settings, const graph::Identity& identity);

// Notes (class 01) on what of the settings cannot be done with this token.
std::vector<base::Warning> session_notes(const config::Settings& settings,
                                         const graph::Identity& identity);

// What may be done when nobody is signed in, or the stored sign-in is over.
enum class SignInBy : std::uint8_t { kNobody, kBrowser };

// A client that has a token. With kBrowser, AuthMode=AuthorizationCode and nobody signed in, or a
// refresh token that the identity service takes no more, the system's browser is opened once, if
// there is one, and waited for until `deadline` or five minutes long. Connections that need the
// same token file at once, of other programs too, share one such sign-in if it succeeds; who waited
// for one that did not has a turn of its own. What goes wrong is logged. Throws what graph::Client
// and graph::sign_in() do.
std::shared_ptr<graph::Client> connect(const graph::ClientSettings& settings,
                                       graph::Deadline deadline,
                                       SignInBy sign_in_by = SignInBy::kNobody);

}  // namespace graphodbc::connection
