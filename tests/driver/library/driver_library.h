// The shared library, loaded without a driver manager, and handles of it.
#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "driver/odbc.h"

namespace graphodbc::driver_test {

inline void* driver_library() {
  static void* const library = [] {
    void* opened = dlopen(GRAPHODBC_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (opened == nullptr) throw std::runtime_error(dlerror());
    return opened;
  }();
  return library;
}

template <typename Function>
Function library_function(const char* name) {
  void* symbol = dlsym(driver_library(), name);
  if (symbol == nullptr) throw std::runtime_error(std::string("no symbol ") + name);
  return reinterpret_cast<Function>(symbol);
}

// ODBC(SQLFetch)(statement)
#define ODBC(name) (::graphodbc::driver_test::library_function<decltype(&::name)>(#name))

inline SQLCHAR* text(std::string_view value) {
  return reinterpret_cast<SQLCHAR*>(const_cast<char*>(value.data()));
}

struct Diagnostic {
  std::string state;
  std::string message;
};

inline std::vector<Diagnostic> diagnostics(SQLSMALLINT type, SQLHANDLE handle) {
  std::vector<Diagnostic> out;
  for (SQLSMALLINT number = 1;; ++number) {
    SQLCHAR state[6] = {};
    SQLCHAR message[2048] = {};
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    const SQLRETURN result =
        ODBC(SQLGetDiagRec)(type, handle, number, state, &native, message, sizeof message, &length);
    if (!SQL_SUCCEEDED(result)) return out;
    out.push_back({reinterpret_cast<char*>(state), reinterpret_cast<char*>(message)});
  }
}

inline std::string first_state(SQLSMALLINT type, SQLHANDLE handle) {
  const auto records = diagnostics(type, handle);
  return records.empty() ? "" : records.front().state;
}

// "ok", "info 01S02", "42S02", "no data" ...
inline std::string outcome(SQLRETURN result, SQLSMALLINT type, SQLHANDLE handle) {
  switch (result) {
    case SQL_SUCCESS:
      return "ok";
    case SQL_SUCCESS_WITH_INFO:
      return "info " + first_state(type, handle);
    case SQL_NO_DATA:
      return "no data";
    case SQL_NEED_DATA:
      return "need data";
    case SQL_INVALID_HANDLE:
      return "invalid handle";
    default:
      return first_state(type, handle);
  }
}

// Enough to connect without any request: a given token is used as it is.
inline constexpr char kOfflineConnection[] = "AccessToken=opaque-token;GraphUrl=http://127.0.0.1:9";

class LibraryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(ODBC(SQLAllocHandle)(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_), SQL_SUCCESS);
    set_version(SQL_OV_ODBC3);
    ASSERT_EQ(ODBC(SQLAllocHandle)(SQL_HANDLE_DBC, environment_, &connection_), SQL_SUCCESS);
  }
  void TearDown() override {
    ODBC(SQLDisconnect)(connection_);
    EXPECT_EQ(ODBC(SQLFreeHandle)(SQL_HANDLE_DBC, connection_), SQL_SUCCESS);
    EXPECT_EQ(ODBC(SQLFreeHandle)(SQL_HANDLE_ENV, environment_), SQL_SUCCESS);
  }
  void set_version(SQLULEN version) {
    ASSERT_EQ(ODBC(SQLSetEnvAttr)(environment_, SQL_ATTR_ODBC_VERSION,
                                  reinterpret_cast<SQLPOINTER>(version), 0),
              SQL_SUCCESS);
  }
  // By the wide entry point, so that sizes are not those of narrow applications.
  void connect(const std::string& string = kOfflineConnection) {
    std::vector<SQLWCHAR> wide(string.begin(), string.end());
    const SQLRETURN result = ODBC(SQLDriverConnectW)(connection_, nullptr, wide.data(),
                                                     static_cast<SQLSMALLINT>(wide.size()), nullptr,
                                                     0, nullptr, SQL_DRIVER_NOPROMPT);
    ASSERT_EQ(dbc(result), "ok");
  }
  SQLHSTMT statement() {
    SQLHSTMT handle = SQL_NULL_HSTMT;
    EXPECT_EQ(dbc(ODBC(SQLAllocHandle)(SQL_HANDLE_STMT, connection_, &handle)), "ok");
    return handle;
  }
  std::string dbc(SQLRETURN result) { return outcome(result, SQL_HANDLE_DBC, connection_); }
  static std::string stmt(SQLRETURN result, SQLHSTMT handle) {
    return outcome(result, SQL_HANDLE_STMT, handle);
  }
  static SQLRETURN execute(SQLHSTMT handle, std::string_view sql) {
    return ODBC(SQLExecDirect)(handle, text(sql), static_cast<SQLINTEGER>(sql.size()));
  }

  SQLHENV environment_ = SQL_NULL_HENV;
  SQLHDBC connection_ = SQL_NULL_HDBC;
};

}  // namespace graphodbc::driver_test
