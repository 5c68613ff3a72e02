// Connection handle: owner of statements and explicit descriptors, of the Graph client and of the
// query session.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "driver/attributes/attribute_values.h"
#include "driver/handles/handle.h"
#include "query/session.h"

namespace graphodbc::config {
struct Resolved;
}  // namespace graphodbc::config
namespace graphodbc::graph {
class Client;
}

namespace graphodbc::driver {

class Descriptor;
class Environment;
class Statement;

// Attributes that are plain values (attributes/connection_attributes.cc has the table).
struct ConnectionAttributes {
  SQLULEN access_mode = SQL_MODE_READ_WRITE;
  SQLULEN autocommit = SQL_AUTOCOMMIT_ON;
  SQLULEN login_timeout = 0;       // seconds; 0: no limit of its own
  SQLULEN connection_timeout = 0;  // seconds without progress on the network; 0: Timeout rules
  SQLULEN packet_size = 0;
  SQLULEN quiet_mode = 0;
  SQLULEN metadata_id = SQL_FALSE;
  SQLULEN ansi_app = SQL_AA_FALSE;
  SQLULEN disconnect_behavior = SQL_DB_RETURN_TO_POOL;
  SQLULEN async_enable = SQL_ASYNC_ENABLE_OFF;
  // Statement options set on the connection (ODBC 2): defaults of statements allocated later.
  StatementAttributes statement_defaults;
};

// The mutex guards the lists, the attributes and the transitions; what statements read while they
// run (client, session, texts) does not change between connect and disconnect (decisions.md 21).
class Connection : public Handle {
 public:
  explicit Connection(Environment& environment);
  ~Connection() override;

  Environment& environment() const { return environment_; }
  bool odbc2() const;
  bool ansi() const { return attributes.ansi_app == SQL_AA_TRUE; }

  ConnectionAttributes attributes;

  bool connected() const { return session_ != nullptr; }
  // Throws 08003 when not connected.
  void require_connected() const;
  // Throws 08002 when connected.
  void require_disconnected() const;

  // Signs in and opens the session. `narrow`: by a narrow entry point, which fixes the family of
  // calls for the connection's life (pitfalls 2.1). Throws Error 08001, 28000, HYT00, HY024 ...
  // `may_prompt`: the application allows for a sign-in in the browser; InitiateOAuth does too.
  void connect(const config::Resolved& resolved, bool narrow, bool may_prompt = false);
  // Closes whatever is open, statements included: the manager frees none of them (pitfalls 3.6).
  void disconnect();
  // SQL_ATTR_RESET_CONNECTION: default attributes, as before the first use.
  void reset_attributes();
  // SQL_ATTR_CONNECTION_DEAD; no network.
  bool is_dead() const;

  // With the mutex held.
  Statement& allocate_statement();
  Descriptor& allocate_descriptor();
  // Hands the statement over to the caller, who destroys it after releasing the mutex.
  std::unique_ptr<Statement> release_statement(Statement& statement);
  // Statements that use the descriptor go back to their automatic one (SQLFreeHandle).
  void free_descriptor(Descriptor& descriptor);
  // True when another statement has this cursor name, compared without case.
  bool cursor_name_taken(const std::string& name, const Statement& except) const;

  // Only while connected.
  query::Session& session() const { return *session_; }
  graph::Client* client() const { return client_.get(); }

  const std::string& data_source_name() const { return data_source_name_; }
  const std::string& server_name() const { return server_name_; }
  const std::string& user_name() const { return user_name_; }
  SQLUINTEGER sql_conformance() const { return sql_conformance_; }
  base::Log* log() const { return log_.get(); }

  // Makes a changed attributes.connection_timeout count from now on.
  void apply_connection_timeout();

 private:
  Environment& environment_;
  std::shared_ptr<base::Log> log_;
  std::shared_ptr<graph::Client> client_;  // shared with the session, whose sources use it
  std::unique_ptr<query::Session> session_;
  // After the session and the client, so that open cursors go first.
  std::vector<std::unique_ptr<Statement>> statements_;
  std::vector<std::unique_ptr<Descriptor>> descriptors_;

  std::string data_source_name_;
  std::string server_name_;
  std::string user_name_;
  SQLUINTEGER sql_conformance_ = SQL_SC_SQL92_FULL;
  SQLULEN default_query_timeout_ = 0;  // QueryTimeout, seconds
  std::chrono::seconds timeout_{0};    // Timeout
  std::uint32_t cursor_number_ = 0;
};

}  // namespace graphodbc::driver
