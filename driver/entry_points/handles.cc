// Allocating, freeing and cancelling.
#include <memory>
#include <mutex>

#include "driver/entry_points/entry_point.h"

namespace graphodbc::driver {

namespace {

SQLRETURN allocate_environment(SQLHANDLE* output) {
  if (output == nullptr) return SQL_ERROR;
  try {
    *output = (new Environment)->raw();
    return SQL_SUCCESS;
  } catch (...) {
    *output = SQL_NULL_HENV;
    return SQL_ERROR;  // there is no handle to keep a record on
  }
}

template <typename H, typename Allocate>
SQLRETURN allocate(SQLHANDLE input, SQLHANDLE* output, Allocate allocate_in) {
  if (output != nullptr) *output = SQL_NULL_HANDLE;
  return with_handle<H>(input, [&](H& parent) {
    if (output == nullptr) throw base::Error("HY009", "the output handle is a null pointer");
    *output = allocate_in(parent).raw();
  });
}

SQLRETURN free_environment(SQLHANDLE raw) {
  auto* environment = resolve<Environment>(raw);
  if (environment == nullptr) return SQL_INVALID_HANDLE;
  if (environment->from_parent_process()) environment->take_over_after_fork();
  const SQLRETURN result = with_handle<Environment>(raw, [](Environment& e) {
    if (e.has_connections()) {
      throw base::Error("HY010", "free the environment's connections first");
    }
  });
  if (SQL_SUCCEEDED(result)) delete environment;
  return result;
}

SQLRETURN free_connection(SQLHANDLE raw) {
  auto* connection = resolve<Connection>(raw);
  if (connection == nullptr) return SQL_INVALID_HANDLE;
  if (connection->from_parent_process()) return SQL_SUCCESS;  // leaked (decisions.md 23)
  Environment& environment = connection->environment();
  std::lock_guard<std::mutex> lock(environment.mutex);
  const SQLRETURN result = with_handle<Connection>(raw, [](Connection& c) {
    if (c.connected()) throw base::Error("HY010", "disconnect before freeing the connection");
  });
  if (SQL_SUCCEEDED(result)) environment.free_connection(*connection);
  return result;
}

SQLRETURN free_statement(SQLHANDLE raw) {
  auto* statement = resolve<Statement>(raw);
  if (statement == nullptr) return SQL_INVALID_HANDLE;
  if (statement->from_parent_process()) return SQL_SUCCESS;
  Connection& connection = statement->connection();
  std::unique_ptr<Statement> released;
  {
    std::lock_guard<std::mutex> lock(connection.mutex);
    released = connection.release_statement(*statement);
  }
  // Wait for a call of another thread to leave before the statement goes.
  if (released) std::lock_guard<std::mutex> wait(released->mutex);
  return SQL_SUCCESS;
}

SQLRETURN free_descriptor(SQLHANDLE raw) {
  auto* descriptor = resolve<Descriptor>(raw);
  if (descriptor == nullptr) return SQL_INVALID_HANDLE;
  if (descriptor->from_parent_process()) return SQL_SUCCESS;
  const SQLRETURN result = with_handle<Descriptor>(raw, [](Descriptor& d) {
    if (!d.explicitly_allocated()) {
      throw base::Error("HY017", "an automatic descriptor goes with its statement");
    }
  });
  if (!SQL_SUCCEEDED(result)) return result;
  Connection& connection = descriptor->connection();
  std::lock_guard<std::mutex> lock(connection.mutex);
  connection.free_descriptor(*descriptor);
  return SQL_SUCCESS;
}

// There are no transactions, so there is nothing to end (decisions.md 31).
void end_transaction(SQLSMALLINT completion) {
  if (completion != SQL_COMMIT && completion != SQL_ROLLBACK) {
    throw base::Error("HY012", "the completion type is neither SQL_COMMIT nor SQL_ROLLBACK");
  }
}

SQLRETURN cancel_statement(SQLHANDLE raw) {
  auto* statement = resolve<Statement>(raw);
  if (statement == nullptr) return SQL_INVALID_HANDLE;
  return statement->from_parent_process() ? SQL_ERROR : statement->cancel();
}

}  // namespace

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT type, SQLHANDLE input,
                                                  SQLHANDLE* output) {
  switch (type) {
    case SQL_HANDLE_ENV:
      return allocate_environment(output);
    case SQL_HANDLE_DBC: {
      auto* environment = resolve<Environment>(input);
      if (environment != nullptr && environment->from_parent_process()) {
        environment->take_over_after_fork();
      }
      return allocate<Environment>(
          input, output, [](Environment& e) -> Handle& { return e.allocate_connection(); });
    }
    case SQL_HANDLE_STMT:
      return allocate<Connection>(input, output,
                                  [](Connection& c) -> Handle& { return c.allocate_statement(); });
    case SQL_HANDLE_DESC:
      return allocate<Connection>(input, output,
                                  [](Connection& c) -> Handle& { return c.allocate_descriptor(); });
    default:
      return SQL_ERROR;
  }
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT type, SQLHANDLE handle) {
  try {
    switch (type) {
      case SQL_HANDLE_ENV:
        return free_environment(handle);
      case SQL_HANDLE_DBC:
        return free_connection(handle);
      case SQL_HANDLE_STMT:
        return free_statement(handle);
      case SQL_HANDLE_DESC:
        return free_descriptor(handle);
      default:
        return SQL_ERROR;
    }
  } catch (...) {
    return SQL_ERROR;
  }
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT handle, SQLUSMALLINT option) {
  if (option == SQL_DROP) {
    try {
      return free_statement(handle);
    } catch (...) {
      return SQL_ERROR;
    }
  }
  return with_handle<Statement>(handle, [&](Statement& statement) {
    switch (option) {
      case SQL_CLOSE:
        return statement.close_if_open();
      case SQL_UNBIND:
        return statement.unbind_columns();
      case SQL_RESET_PARAMS:
        return statement.unbind_parameters();
      default:
        throw base::Error("HY092", "there is no SQLFreeStmt option " + std::to_string(option));
    }
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLCancel(SQLHSTMT handle) {
  return cancel_statement(handle);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLCancelHandle(SQLSMALLINT type, SQLHANDLE handle) {
  if (type == SQL_HANDLE_STMT) return cancel_statement(handle);
  if (type != SQL_HANDLE_DBC) return SQL_ERROR;
  // Nothing runs asynchronously on a connection.
  return with_handle<Connection>(handle, [](Connection&) {});
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLEndTran(SQLSMALLINT type, SQLHANDLE handle,
                                              SQLSMALLINT completion) {
  switch (type) {
    case SQL_HANDLE_ENV:
      return with_handle<Environment>(handle, [&](Environment&) { end_transaction(completion); });
    case SQL_HANDLE_DBC:
      return with_handle<Connection>(handle, [&](Connection& connection) {
        connection.require_connected();
        end_transaction(completion);
      });
    default:
      return SQL_INVALID_HANDLE;
  }
}

}  // namespace graphodbc::driver
