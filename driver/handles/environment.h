// Environment handle: owner of connections, keeper of the application's ODBC version.
#pragma once

#include <memory>
#include <vector>

#include "driver/handles/handle.h"

namespace graphodbc::driver {

class Connection;

class Environment : public Handle {
 public:
  Environment();
  ~Environment() override;

  // SQL_ATTR_ODBC_VERSION exactly as it was set: 2, 3 or 380 (pitfalls 3.2).
  SQLINTEGER odbc_version = SQL_OV_ODBC3;
  SQLINTEGER connection_pooling = SQL_CP_OFF;
  SQLINTEGER pooling_match = SQL_CP_STRICT_MATCH;

  bool odbc2() const { return odbc_version == SQL_OV_ODBC2; }
  bool has_connections() const { return !connections_.empty(); }

  // Both with the mutex held.
  Connection& allocate_connection();
  void free_connection(Connection& connection);

  // In a forked child: makes the environment usable again, since the manager allocates new
  // connections under it, and leaves the parent's connections alone for ever.
  void take_over_after_fork();

 private:
  std::vector<std::unique_ptr<Connection>> connections_;
};

}  // namespace graphodbc::driver
