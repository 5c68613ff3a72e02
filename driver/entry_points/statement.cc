// Preparing and executing statements, and their parameters.
#include <algorithm>
#include <mutex>

#include "driver/descriptors/type_facts.h"
#include "driver/entry_points/entry_point.h"

namespace graphodbc::driver {

namespace {

template <typename Text>
SQLRETURN prepare(SQLHSTMT handle, const typename Text::Char* sql, SQLINTEGER length) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    statement.prepare(required_text<Text>(sql, length, "the statement text"));
  });
}

template <typename Text>
SQLRETURN execute_direct(SQLHSTMT handle, const typename Text::Char* sql, SQLINTEGER length) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    return statement.execute_direct(required_text<Text>(sql, length, "the statement text"));
  });
}

template <typename Text>
SQLRETURN get_cursor_name(SQLHSTMT handle, typename Text::Char* name, SQLSMALLINT size,
                          SQLSMALLINT* length) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    if (put_text<Text, Count::kCharacters>(statement.cursor_name(), name, size, length)) {
      warn_truncated(statement.diagnostics, "the cursor name");
    }
  });
}

void require_cursor_name(const std::string& name) {
  constexpr std::size_t kLongest = 128;  // SQL_MAX_CURSOR_NAME_LEN
  std::string start = name.substr(0, 7);
  std::transform(start.begin(), start.end(), start.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  // SQLSetCursorName: these beginnings are the driver's.
  if (name.empty() || name.size() > kLongest || start == "SQL_CUR" ||
      start.substr(0, 6) == "SQLCUR") {
    throw base::Error("34000",
                      "a cursor name has 1 to 128 bytes and does not begin with SQLCUR or SQL_CUR");
  }
}

template <typename Text>
SQLRETURN set_cursor_name(SQLHSTMT handle, const typename Text::Char* text, SQLSMALLINT length) {
  auto* found = resolve<Statement>(handle);
  if (found == nullptr) return SQL_INVALID_HANDLE;
  if (found->from_parent_process()) return SQL_ERROR;
  // Names are unique in the connection, whose lock comes before the statement's (decisions.md 21).
  std::lock_guard<std::mutex> lock(found->connection().mutex);
  return with_handle<Statement>(handle, [&](Statement& statement) {
    statement.require(Operation::kSetCursorName);
    std::string name = required_text<Text>(text, length, "the cursor name");
    require_cursor_name(name);
    if (statement.connection().cursor_name_taken(name, statement)) {
      throw base::Error("3C000", "another statement of the connection has this cursor name");
    }
    statement.set_cursor_name(std::move(name));
  });
}

void describe_parameter(Statement& statement, SQLUSMALLINT number, SQLSMALLINT* type, SQLULEN* size,
                        SQLSMALLINT* digits, SQLSMALLINT* nullable) {
  const auto& parameters = statement.parameters();
  if (number == 0 || number > parameters.size()) {
    throw base::Error("07009", "parameter " + std::to_string(number) +
                                   " does not exist; the statement has " +
                                   std::to_string(parameters.size()));
  }
  const query::ParameterInfo& parameter = parameters[number - 1u];
  const base::TypeInfo& info = parameter.type;
  put_number<SQLSMALLINT>(type, type_facts(info.type).type);
  put_number<SQLULEN>(size, column_size(info, statement.connection().ansi()));
  put_number<SQLSMALLINT>(digits, std::max<SQLSMALLINT>(decimal_digits(info), 0));
  put_number<SQLSMALLINT>(nullable, parameter.nullability);
}

}  // namespace

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLPrepare(SQLHSTMT handle, SQLCHAR* sql, SQLINTEGER length) {
  return prepare<Narrow>(handle, sql, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLPrepareW(SQLHSTMT handle, SQLWCHAR* sql, SQLINTEGER length) {
  return prepare<Wide>(handle, sql, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLExecDirect(SQLHSTMT handle, SQLCHAR* sql, SQLINTEGER length) {
  return execute_direct<Narrow>(handle, sql, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLExecDirectW(SQLHSTMT handle, SQLWCHAR* sql,
                                                  SQLINTEGER length) {
  return execute_direct<Wide>(handle, sql, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLExecute(SQLHSTMT handle) {
  return with_handle<Statement>(handle, [](Statement& statement) { return statement.execute(); });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLNumParams(SQLHSTMT handle, SQLSMALLINT* count) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    put_number<SQLSMALLINT>(count, statement.parameters().size());
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLDescribeParam(SQLHSTMT handle, SQLUSMALLINT number,
                                                    SQLSMALLINT* type, SQLULEN* size,
                                                    SQLSMALLINT* digits, SQLSMALLINT* nullable) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    describe_parameter(statement, number, type, size, digits, nullable);
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLParamData(SQLHSTMT handle, SQLPOINTER* token) {
  return with_handle<Statement>(
      handle, [&](Statement& statement) { return statement.parameter_data(token); });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLPutData(SQLHSTMT handle, SQLPOINTER data, SQLLEN length) {
  return with_handle<Statement>(handle,
                                [&](Statement& statement) { statement.put_data(data, length); });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetCursorName(SQLHSTMT handle, SQLCHAR* name,
                                                    SQLSMALLINT size, SQLSMALLINT* length) {
  return get_cursor_name<Narrow>(handle, name, size, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetCursorNameW(SQLHSTMT handle, SQLWCHAR* name,
                                                     SQLSMALLINT size, SQLSMALLINT* length) {
  return get_cursor_name<Wide>(handle, name, size, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSetCursorName(SQLHSTMT handle, SQLCHAR* name,
                                                    SQLSMALLINT length) {
  return set_cursor_name<Narrow>(handle, name, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSetCursorNameW(SQLHSTMT handle, SQLWCHAR* name,
                                                     SQLSMALLINT length) {
  return set_cursor_name<Wide>(handle, name, length);
}

}  // namespace graphodbc::driver
