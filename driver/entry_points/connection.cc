// Connecting, and what is asked of a connection.
#include <array>
#include <string>

#include "config/settings.h"
#include "driver/entry_points/entry_point.h"
#include "driver/info/functions.h"
#include "driver/info/info.h"

namespace graphodbc::driver {

namespace {

template <typename Text>
constexpr bool kIsNarrow = std::is_same_v<Text, Narrow>;

template <typename Text>
SQLRETURN connect(SQLHDBC handle, const typename Text::Char* dsn, SQLSMALLINT dsn_length,
                  const typename Text::Char* user, SQLSMALLINT user_length,
                  const typename Text::Char* password, SQLSMALLINT password_length) {
  return with_handle<Connection>(handle, [&](Connection& connection) {
    connection.require_disconnected();
    const std::string name = Text::in(dsn, dsn_length).value_or("");
    // Empty user and password are absent, not an override (clients.md 9).
    connection.connect(config::resolve_dsn(name, Text::in(user, user_length).value_or(""),
                                           Text::in(password, password_length).value_or("")),
                       kIsNarrow<Text>);
  });
}

template <typename Text>
void connect_by_string(Connection& connection, const typename Text::Char* input,
                       SQLSMALLINT input_length, typename Text::Char* output,
                       SQLSMALLINT output_size, SQLSMALLINT* output_length,
                       bool may_prompt = false) {
  connection.require_disconnected();
  const config::Resolved resolved =
      config::resolve_connection_string(Text::in(input, input_length).value_or(""));
  connection.connect(resolved, kIsNarrow<Text>, may_prompt);
  if (put_text<Text, Count::kCharacters>(resolved.connection_string, output, output_size,
                                         output_length)) {
    warn_truncated(connection.diagnostics, "the connection string");
  }
}

// The one thing to prompt for is a sign-in, in the browser. SQL_DRIVER_COMPLETE and
// SQL_DRIVER_PROMPT come from programs without a window too (clients.md, SOCI): without a desktop
// they are SQL_DRIVER_NOPROMPT.
template <typename Text>
SQLRETURN driver_connect(SQLHDBC handle, const typename Text::Char* input, SQLSMALLINT input_length,
                         typename Text::Char* output, SQLSMALLINT output_size,
                         SQLSMALLINT* output_length, SQLUSMALLINT completion) {
  return with_handle<Connection>(handle, [&](Connection& connection) {
    if (completion > SQL_DRIVER_COMPLETE_REQUIRED) {
      throw base::Error("HY110", "there is no driver completion " + std::to_string(completion));
    }
    connect_by_string<Text>(connection, input, input_length, output, output_size, output_length,
                            completion != SQL_DRIVER_NOPROMPT);
  });
}

// Connects when the string is complete; an incomplete one fails with the key that is missing.
template <typename Text>
SQLRETURN browse_connect(SQLHDBC handle, const typename Text::Char* input, SQLSMALLINT input_length,
                         typename Text::Char* output, SQLSMALLINT output_size,
                         SQLSMALLINT* output_length) {
  return with_handle<Connection>(handle, [&](Connection& connection) {
    connect_by_string<Text>(connection, input, input_length, output, output_size, output_length);
  });
}

template <typename Text>
SQLRETURN information(SQLHDBC handle, SQLUSMALLINT id, SQLPOINTER target, SQLSMALLINT size,
                      SQLSMALLINT* length) {
  return with_handle<Connection>(handle, [&](Connection& connection) {
    connection.require_connected();
    const InfoValue value = get_info(connection, id);
    switch (value.width) {
      case InfoWidth::kText:
        if (put_text<Text, Count::kBytes>(value.text, target, size, length)) {
          warn_truncated(connection.diagnostics, "the information");
        }
        return;
      case InfoWidth::kSmallInt:
        put_number<SQLUSMALLINT>(target, value.number);
        return put_number<SQLSMALLINT>(length, sizeof(SQLUSMALLINT));
      case InfoWidth::kInteger:
        put_number<SQLUINTEGER>(target, value.number);
        return put_number<SQLSMALLINT>(length, sizeof(SQLUINTEGER));
      case InfoWidth::kLen:
        put_number<SQLULEN>(target, value.number);
        return put_number<SQLSMALLINT>(length, sizeof(SQLULEN));
    }
  });
}

template <typename Text>
SQLRETURN native_sql(SQLHDBC handle, const typename Text::Char* input, SQLINTEGER input_length,
                     typename Text::Char* output, SQLINTEGER output_size,
                     SQLINTEGER* output_length) {
  return with_handle<Connection>(handle, [&](Connection& connection) {
    connection.require_connected();
    const std::string sql = required_text<Text>(input, input_length, "the statement text");
    if (put_text<Text, Count::kCharacters>(connection.session().native_sql(sql), output,
                                           output_size, output_length)) {
      warn_truncated(connection.diagnostics, "the statement text");
    }
  });
}

void list_functions(SQLUSMALLINT id, SQLUSMALLINT* supported) {
  if (supported == nullptr) throw base::Error("HY009", "the output of SQLGetFunctions is null");
  if (id == SQL_API_ODBC3_ALL_FUNCTIONS) {
    // The manager disables every function whose bit is 0 (pitfalls 2.8).
    std::fill_n(supported, SQL_API_ODBC3_ALL_FUNCTIONS_SIZE, SQLUSMALLINT{0});
    for (const ExportedFunction& function : exported_functions()) {
      SQLUSMALLINT& word = supported[function.id >> 4];
      word = static_cast<SQLUSMALLINT>(word | (1u << (function.id & 15)));
    }
  } else if (id == SQL_API_ALL_FUNCTIONS) {
    constexpr int kOldFunctions = 100;
    for (int old = 0; old < kOldFunctions; ++old) {
      supported[old] = is_exported(static_cast<SQLUSMALLINT>(old)) ? SQL_TRUE : SQL_FALSE;
    }
  } else {
    *supported = is_exported(id) ? SQL_TRUE : SQL_FALSE;
  }
}

}  // namespace

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLConnect(SQLHDBC handle, SQLCHAR* dsn, SQLSMALLINT dsn_length,
                                              SQLCHAR* user, SQLSMALLINT user_length,
                                              SQLCHAR* password, SQLSMALLINT password_length) {
  return connect<Narrow>(handle, dsn, dsn_length, user, user_length, password, password_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLConnectW(SQLHDBC handle, SQLWCHAR* dsn,
                                               SQLSMALLINT dsn_length, SQLWCHAR* user,
                                               SQLSMALLINT user_length, SQLWCHAR* password,
                                               SQLSMALLINT password_length) {
  return connect<Wide>(handle, dsn, dsn_length, user, user_length, password, password_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLDriverConnect(SQLHDBC handle, SQLHWND, SQLCHAR* input,
                                                    SQLSMALLINT input_length, SQLCHAR* output,
                                                    SQLSMALLINT output_size,
                                                    SQLSMALLINT* output_length,
                                                    SQLUSMALLINT completion) {
  return driver_connect<Narrow>(handle, input, input_length, output, output_size, output_length,
                                completion);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLDriverConnectW(SQLHDBC handle, SQLHWND, SQLWCHAR* input,
                                                     SQLSMALLINT input_length, SQLWCHAR* output,
                                                     SQLSMALLINT output_size,
                                                     SQLSMALLINT* output_length,
                                                     SQLUSMALLINT completion) {
  return driver_connect<Wide>(handle, input, input_length, output, output_size, output_length,
                              completion);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLBrowseConnect(SQLHDBC handle, SQLCHAR* input,
                                                    SQLSMALLINT input_length, SQLCHAR* output,
                                                    SQLSMALLINT output_size,
                                                    SQLSMALLINT* output_length) {
  return browse_connect<Narrow>(handle, input, input_length, output, output_size, output_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLBrowseConnectW(SQLHDBC handle, SQLWCHAR* input,
                                                     SQLSMALLINT input_length, SQLWCHAR* output,
                                                     SQLSMALLINT output_size,
                                                     SQLSMALLINT* output_length) {
  return browse_connect<Wide>(handle, input, input_length, output, output_size, output_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLDisconnect(SQLHDBC handle) {
  auto* connection = resolve<Connection>(handle);
  // In a forked child the parent's connection is left alone (decisions.md 23).
  if (connection != nullptr && connection->from_parent_process()) return SQL_SUCCESS;
  return with_handle<Connection>(handle, [](Connection& c) { c.disconnect(); });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetInfo(SQLHDBC handle, SQLUSMALLINT id, SQLPOINTER target,
                                              SQLSMALLINT size, SQLSMALLINT* length) {
  return information<Narrow>(handle, id, target, size, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetInfoW(SQLHDBC handle, SQLUSMALLINT id, SQLPOINTER target,
                                               SQLSMALLINT size, SQLSMALLINT* length) {
  return information<Wide>(handle, id, target, size, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetFunctions(SQLHDBC handle, SQLUSMALLINT id,
                                                   SQLUSMALLINT* supported) {
  return with_handle<Connection>(handle, [&](Connection&) { list_functions(id, supported); });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLNativeSql(SQLHDBC handle, SQLCHAR* input,
                                                SQLINTEGER input_length, SQLCHAR* output,
                                                SQLINTEGER output_size, SQLINTEGER* output_length) {
  return native_sql<Narrow>(handle, input, input_length, output, output_size, output_length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLNativeSqlW(SQLHDBC handle, SQLWCHAR* input,
                                                 SQLINTEGER input_length, SQLWCHAR* output,
                                                 SQLINTEGER output_size,
                                                 SQLINTEGER* output_length) {
  return native_sql<Wide>(handle, input, input_length, output, output_size, output_length);
}

}  // namespace graphodbc::driver
