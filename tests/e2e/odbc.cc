#include "tests/e2e/odbc.h"

#include <string_view>
#include <utility>

namespace graphodbc::test {

std::vector<Diagnostic> diagnostics(SQLSMALLINT type, SQLHANDLE handle) {
  std::vector<Diagnostic> found;
  for (SQLSMALLINT number = 1; number < 1000; ++number) {
    SQLCHAR state[6] = {};
    // As much as isql has room for; it shows nothing of a record that is longer.
    SQLCHAR message[SQL_MAX_MESSAGE_LENGTH] = {};
    SQLINTEGER native = 0;
    const SQLRETURN result =
        SQLGetDiagRec(type, handle, number, state, &native, message, sizeof(message), nullptr);
    if (!SQL_SUCCEEDED(result)) break;
    std::string text = reinterpret_cast<const char*>(message);
    if (result == SQL_SUCCESS_WITH_INFO) text += "<cut off>";
    constexpr std::string_view kContinued = "] (continued) ";
    const std::size_t at = text.find(kContinued);
    if (at != std::string::npos && !found.empty()) {
      found.back().message += " " + text.substr(at + kContinued.size());
      continue;
    }
    found.push_back({reinterpret_cast<const char*>(state), native, std::move(text)});
  }
  return found;
}

OdbcError::OdbcError(std::vector<Diagnostic> found) : records(std::move(found)) {
  if (records.empty()) records.push_back({"?????", 0, "no diagnostic record"});
  text_ = records.front().state + " " + records.front().message;
}

Statement::Statement(const Connection& connection) {
  if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, connection.handle(), &handle_))) {
    throw OdbcError(test::diagnostics(SQL_HANDLE_DBC, connection.handle()));
  }
}

Statement::~Statement() {
  SQLFreeHandle(SQL_HANDLE_STMT, handle_);
}

void Statement::check(SQLRETURN result) const {
  if (!SQL_SUCCEEDED(result)) throw OdbcError(diagnostics());
}

std::vector<Diagnostic> Statement::diagnostics() const {
  return test::diagnostics(SQL_HANDLE_STMT, handle_);
}

void Statement::prepare(const std::string& sql) {
  auto* text = reinterpret_cast<SQLCHAR*>(const_cast<char*>(sql.c_str()));
  check(SQLPrepare(handle_, text, SQL_NTS));
}

void Statement::execute(const std::string& sql) {
  auto* text = reinterpret_cast<SQLCHAR*>(const_cast<char*>(sql.c_str()));
  check(SQLExecDirect(handle_, text, SQL_NTS));
}

void Statement::execute() {
  check(SQLExecute(handle_));
}

void Statement::set(SQLINTEGER attribute, SQLULEN value) {
  check(SQLSetStmtAttr(handle_, attribute, reinterpret_cast<SQLPOINTER>(value), 0));
}

SQLSMALLINT Statement::column_count() const {
  SQLSMALLINT count = 0;
  check(SQLNumResultCols(handle_, &count));
  return count;
}

Text get_text(SQLHSTMT statement, SQLUSMALLINT column) {
  std::string value;
  for (;;) {
    char buffer[4096];
    SQLLEN length = 0;
    const SQLRETURN result =
        SQLGetData(statement, column, SQL_C_CHAR, buffer, sizeof(buffer), &length);
    if (result == SQL_NO_DATA) return value;
    if (!SQL_SUCCEEDED(result)) throw OdbcError(diagnostics(SQL_HANDLE_STMT, statement));
    if (length == SQL_NULL_DATA) return std::nullopt;
    if (length < static_cast<SQLLEN>(sizeof(buffer))) {
      value.append(buffer, static_cast<std::size_t>(length));
      return value;
    }
    value.append(buffer, sizeof(buffer) - 1);
  }
}

std::optional<TextRow> Statement::fetch() {
  const SQLRETURN result = SQLFetch(handle_);
  if (result == SQL_NO_DATA) return std::nullopt;
  check(result);
  TextRow row;
  const SQLSMALLINT columns = column_count();
  for (SQLSMALLINT column = 1; column <= columns; ++column) {
    row.push_back(get_text(handle_, static_cast<SQLUSMALLINT>(column)));
  }
  return row;
}

std::vector<TextRow> Statement::fetch_all() {
  std::vector<TextRow> rows;
  while (auto row = fetch()) rows.push_back(std::move(*row));
  return rows;
}

std::vector<TextRow> Statement::query(const std::string& sql) {
  execute(sql);
  std::vector<TextRow> rows = fetch_all();
  check(SQLFreeStmt(handle_, SQL_CLOSE));
  return rows;
}

Connection::Connection(SQLULEN odbc_version) {
  SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_);
  SQLSetEnvAttr(environment_, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(odbc_version), 0);
  SQLAllocHandle(SQL_HANDLE_DBC, environment_, &handle_);
}

Connection::Connection(const std::string& connection_string)
    : Connection(static_cast<SQLULEN>(SQL_OV_ODBC3)) {
  connect(connection_string);
}

void Connection::connect(const std::string& connection_string) {
  auto* text = reinterpret_cast<SQLCHAR*>(const_cast<char*>(connection_string.c_str()));
  const SQLRETURN result =
      SQLDriverConnect(handle_, nullptr, text, SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
  if (!SQL_SUCCEEDED(result)) throw OdbcError(diagnostics(SQL_HANDLE_DBC, handle_));
  connected_ = true;
}

void Connection::disconnect() {
  if (connected_) SQLDisconnect(handle_);
  connected_ = false;
}

Connection::~Connection() {
  disconnect();
  SQLFreeHandle(SQL_HANDLE_DBC, handle_);
  SQLFreeHandle(SQL_HANDLE_ENV, environment_);
}

std::vector<TextRow> Connection::query(const std::string& sql) const {
  Statement statement(*this);
  return statement.query(sql);
}

}  // namespace graphodbc::test
