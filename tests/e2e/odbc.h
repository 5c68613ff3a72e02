// A thin layer over the driver manager for tests: handles that free themselves, and failures as
// values, so that a test can compare SQLSTATEs.
#pragma once

#define SQL_NOUNICODEMAP
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace graphodbc::test {

struct Diagnostic {
  std::string state;
  std::int32_t native = 0;
  std::string message;
};
// Records that go on with the one before are joined to it.
std::vector<Diagnostic> diagnostics(SQLSMALLINT type, SQLHANDLE handle);

// Thrown by the calls below that are meant to succeed.
struct OdbcError : std::exception {
  explicit OdbcError(std::vector<Diagnostic> found);
  const char* what() const noexcept override { return text_.c_str(); }
  const std::string& state() const { return records.front().state; }
  std::vector<Diagnostic> records;

 private:
  std::string text_;
};

using Text = std::optional<std::string>;  // nullopt: NULL
using TextRow = std::vector<Text>;

class Connection;

class Statement {
 public:
  explicit Statement(const Connection& connection);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  SQLHSTMT handle() const { return handle_; }
  void prepare(const std::string& sql);
  void execute(const std::string& sql);  // SQLExecDirect
  void execute();                        // SQLExecute
  // Next row as text by SQLGetData; nullopt at SQL_NO_DATA.
  std::optional<TextRow> fetch();
  std::vector<TextRow> fetch_all();
  std::vector<TextRow> query(const std::string& sql);
  // Sets a statement attribute that is an integer.
  void set(SQLINTEGER attribute, SQLULEN value);
  SQLSMALLINT column_count() const;
  std::vector<Diagnostic> diagnostics() const;
  void check(SQLRETURN result) const;

 private:
  SQLHSTMT handle_ = nullptr;
};

class Connection {
 public:
  // Not connected yet; ODBC 3 unless told otherwise.
  explicit Connection(SQLULEN odbc_version = SQL_OV_ODBC3);
  explicit Connection(const std::string& connection_string);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void connect(const std::string& connection_string);
  void disconnect();
  SQLHDBC handle() const { return handle_; }
  std::vector<TextRow> query(const std::string& sql) const;

 private:
  SQLHENV environment_ = nullptr;
  SQLHDBC handle_ = nullptr;
  bool connected_ = false;
};

// Reads one column of the current row as text in pieces; nullopt for NULL.
Text get_text(SQLHSTMT statement, SQLUSMALLINT column);

}  // namespace graphodbc::test
