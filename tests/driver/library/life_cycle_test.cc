// Handles from allocation to the end, and what is asked of them at the wrong time.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

#include "tests/driver/library/driver_library.h"

namespace graphodbc::driver_test {
namespace {

class LifeCycleTest : public LibraryTest {};

SQLPOINTER value(SQLULEN number) {
  return reinterpret_cast<SQLPOINTER>(number);
}

TEST_F(LifeCycleTest, TheVersionComesBackExactly) {
  // pitfalls 3.2: anything else makes every connect warn.
  ODBC(SQLFreeHandle)(SQL_HANDLE_DBC, connection_);
  for (const SQLINTEGER version : {2, 3, 380}) {
    set_version(static_cast<SQLULEN>(version));
    SQLINTEGER read = 0;
    ASSERT_EQ(ODBC(SQLGetEnvAttr)(environment_, SQL_ATTR_ODBC_VERSION, &read, 0, nullptr),
              SQL_SUCCESS);
    EXPECT_EQ(read, version);
  }
  EXPECT_EQ(outcome(ODBC(SQLSetEnvAttr)(environment_, SQL_ATTR_ODBC_VERSION, value(4), 0),
                    SQL_HANDLE_ENV, environment_),
            "HY024");
  set_version(SQL_OV_ODBC3);
  ODBC(SQLAllocHandle)(SQL_HANDLE_DBC, environment_, &connection_);
}

TEST_F(LifeCycleTest, WrongHandlesAreRefused) {
  connect();
  EXPECT_EQ(ODBC(SQLFetch)(SQL_NULL_HSTMT), SQL_INVALID_HANDLE);
  EXPECT_EQ(ODBC(SQLFetch)(connection_), SQL_INVALID_HANDLE);
  EXPECT_EQ(ODBC(SQLDisconnect)(environment_), SQL_INVALID_HANDLE);
  EXPECT_EQ(ODBC(SQLFreeHandle)(SQL_HANDLE_STMT, connection_), SQL_INVALID_HANDLE);
}

TEST_F(LifeCycleTest, OrderOfFreeing) {
  EXPECT_EQ(dbc(ODBC(SQLDisconnect)(connection_)), "08003");
  connect();
  EXPECT_EQ(dbc(ODBC(SQLFreeHandle)(SQL_HANDLE_DBC, connection_)), "HY010");
  EXPECT_EQ(
      outcome(ODBC(SQLFreeHandle)(SQL_HANDLE_ENV, environment_), SQL_HANDLE_ENV, environment_),
      "HY010");
  // The manager frees no statement before SQLDisconnect (pitfalls 3.6).
  SQLHSTMT open = statement();
  ASSERT_EQ(stmt(ODBC(SQLTables)(open, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0), open),
            "ok");
  EXPECT_EQ(dbc(ODBC(SQLDisconnect)(connection_)), "ok");
  connect();
}

TEST_F(LifeCycleTest, ConnectTwiceIsRefused) {
  connect();
  EXPECT_EQ(dbc(ODBC(SQLDriverConnect)(connection_, nullptr, text(kOfflineConnection), SQL_NTS,
                                       nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT)),
            "08002");
}

TEST_F(LifeCycleTest, TheConnectionStringComesBack) {
  std::array<SQLCHAR, 512> out{};
  SQLSMALLINT length = 0;
  // SQL_DRIVER_COMPLETE without a window, as SOCI calls it.
  ASSERT_EQ(dbc(ODBC(SQLDriverConnect)(connection_, nullptr, text(kOfflineConnection), SQL_NTS,
                                       out.data(), out.size(), &length, SQL_DRIVER_COMPLETE)),
            "ok");
  const std::string whole = reinterpret_cast<char*>(out.data());
  EXPECT_NE(whole.find("GraphUrl=http://127.0.0.1:9"), std::string::npos);
  EXPECT_EQ(length, static_cast<SQLSMALLINT>(whole.size()));
  ASSERT_EQ(dbc(ODBC(SQLDisconnect)(connection_)), "ok");
  EXPECT_EQ(dbc(ODBC(SQLDriverConnect)(connection_, nullptr, text(kOfflineConnection), SQL_NTS,
                                       out.data(), 10, &length, SQL_DRIVER_NOPROMPT)),
            "info 01004");
  EXPECT_EQ(length, static_cast<SQLSMALLINT>(whole.size()));
}

TEST_F(LifeCycleTest, BadConnectionValuesAreRefusedByName) {
  const auto attempt = [&](const char* extra) {
    const std::string string = std::string(kOfflineConnection) + ";" + extra;
    return dbc(ODBC(SQLDriverConnect)(connection_, nullptr, text(string), SQL_NTS, nullptr, 0,
                                      nullptr, SQL_DRIVER_NOPROMPT));
  };
  EXPECT_EQ(attempt("RetryMode=Sometimes"), "HY024");
  const auto records = diagnostics(SQL_HANDLE_DBC, connection_);
  ASSERT_FALSE(records.empty());
  EXPECT_EQ(records[0].message.rfind("[graphodbc]", 0), 0u) << records[0].message;
  EXPECT_NE(records[0].message.find("RetryMode"), std::string::npos);
  EXPECT_EQ(attempt("NoSuchKey=1"), "info 01S00");
}

TEST_F(LifeCycleTest, AttributesBeforeConnecting) {
  // pitfalls 3.3: what applications set first must not stand in the way of connecting.
  const std::pair<SQLINTEGER, SQLULEN> accepted[] = {
      {SQL_ATTR_LOGIN_TIMEOUT, 10},
      {SQL_ATTR_ANSI_APP, SQL_AA_FALSE},
      {SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF},
      {SQL_ATTR_PACKET_SIZE, 4096},
      {SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY},
      {SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE, SQL_ASYNC_DBC_ENABLE_OFF}};
  for (const auto& [id, number] : accepted) {
    EXPECT_EQ(dbc(ODBC(SQLSetConnectAttr)(connection_, id, value(number), 0)), "ok") << id;
  }
  // Raw UTF-16 through the narrow function (pitfalls 3.4).
  SQLWCHAR catalog[] = {'a', 'b', 'c'};
  EXPECT_EQ(dbc(ODBC(SQLSetConnectAttr)(connection_, SQL_ATTR_CURRENT_CATALOG, catalog, 6)), "ok");
  connect();
  SQLUINTEGER number = 99;
  ASSERT_EQ(dbc(ODBC(SQLGetConnectAttr)(connection_, SQL_ATTR_AUTOCOMMIT, &number, 0, nullptr)),
            "ok");
  EXPECT_EQ(number, SQLUINTEGER{SQL_AUTOCOMMIT_OFF});
  EXPECT_EQ(dbc(ODBC(SQLEndTran)(SQL_HANDLE_DBC, connection_, SQL_ROLLBACK)), "ok");
  EXPECT_EQ(dbc(ODBC(SQLEndTran)(SQL_HANDLE_DBC, connection_, 7)), "HY012");
  EXPECT_EQ(dbc(ODBC(SQLSetConnectAttr)(connection_, SQL_ATTR_PACKET_SIZE, value(1), 0)), "HY011");
  EXPECT_EQ(dbc(ODBC(SQLSetConnectAttr)(connection_, 4711, value(1), 0)), "HY092");
  EXPECT_EQ(dbc(ODBC(SQLSetConnectAttr)(connection_, SQL_ATTR_ASYNC_ENABLE, value(1), 0)), "HYC00");
}

TEST_F(LifeCycleTest, ADeadConnectionIsToldWithoutTheNetwork) {
  SQLUINTEGER dead = 99;
  connect();
  ASSERT_EQ(dbc(ODBC(SQLGetConnectAttr)(connection_, SQL_ATTR_CONNECTION_DEAD, &dead, 0, nullptr)),
            "ok");
  EXPECT_EQ(dead, SQLUINTEGER{SQL_CD_FALSE});
}

TEST_F(LifeCycleTest, StatementAttributes) {
  connect();
  SQLHSTMT s = statement();
  struct Case {
    SQLINTEGER id;
    SQLULEN set;
    const char* expected;
    SQLULEN read;
  };
  const Case cases[] = {
      {SQL_ATTR_QUERY_TIMEOUT, 30, "ok", 30},
      {SQL_ATTR_QUERY_TIMEOUT, ~SQLULEN{0}, "info 01S02", 2'147'483},
      {SQL_ATTR_MAX_ROWS, 5, "ok", 5},
      {SQL_ATTR_NOSCAN, SQL_NOSCAN_ON, "ok", SQL_NOSCAN_ON},
      {SQL_ATTR_NOSCAN, 7, "HY024", SQL_NOSCAN_ON},
      {SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC, "info 01S02", SQL_CURSOR_FORWARD_ONLY},
      {SQL_ATTR_CURSOR_TYPE, 77, "HY024", SQL_CURSOR_FORWARD_ONLY},
      {SQL_ATTR_CONCURRENCY, SQL_CONCUR_VALUES, "info 01S02", SQL_CONCUR_READ_ONLY},
      {SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE, "info 01S02", SQL_UB_OFF},
      {SQL_ATTR_CURSOR_SCROLLABLE, SQL_SCROLLABLE, "info 01S02", SQL_NONSCROLLABLE},
      {SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON, "HYC00", SQL_ASYNC_ENABLE_OFF},
      {SQL_ATTR_ROW_ARRAY_SIZE, 100, "ok", 100},
      {SQL_ATTR_ROW_ARRAY_SIZE, 0, "HY024", 100},
      {SQL_ROWSET_SIZE, 9, "ok", 9},
      {SQL_ATTR_PARAMSET_SIZE, 3, "ok", 3},
      {SQL_ATTR_ROW_BIND_TYPE, 48, "ok", 48},
      {SQL_ATTR_METADATA_ID, SQL_TRUE, "ok", SQL_TRUE},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(stmt(ODBC(SQLSetStmtAttr)(s, c.id, value(c.set), 0), s), c.expected) << c.id;
    SQLULEN read = 4711;
    ASSERT_EQ(stmt(ODBC(SQLGetStmtAttr)(s, c.id, &read, 0, nullptr), s), "ok") << c.id;
    EXPECT_EQ(read, c.read) << c.id;
  }
  EXPECT_EQ(stmt(ODBC(SQLSetStmtAttr)(s, 4711, nullptr, 0), s), "HY092");
  EXPECT_EQ(stmt(ODBC(SQLSetStmtAttr)(s, SQL_ATTR_ROW_NUMBER, value(1), 0), s), "HY092");
}

TEST_F(LifeCycleTest, AttributesAreDescriptorFields) {
  connect();
  SQLHSTMT s = statement();
  SQLULEN fetched = 0;
  SQLHDESC ard = nullptr;
  SQLHDESC ird = nullptr;
  // The four descriptors must be real right after allocation (pitfalls 3.7).
  ASSERT_EQ(stmt(ODBC(SQLGetStmtAttr)(s, SQL_ATTR_APP_ROW_DESC, &ard, 0, nullptr), s), "ok");
  ASSERT_EQ(stmt(ODBC(SQLGetStmtAttr)(s, SQL_ATTR_IMP_ROW_DESC, &ird, 0, nullptr), s), "ok");
  ODBC(SQLSetStmtAttr)(s, SQL_ATTR_ROW_ARRAY_SIZE, value(7), 0);
  ODBC(SQLSetStmtAttr)(s, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
  SQLULEN size = 0;
  ASSERT_EQ(ODBC(SQLGetDescField)(ard, 0, SQL_DESC_ARRAY_SIZE, &size, 0, nullptr), SQL_SUCCESS);
  EXPECT_EQ(size, 7u);
  SQLPOINTER pointer = nullptr;
  ASSERT_EQ(ODBC(SQLGetDescField)(ird, 0, SQL_DESC_ROWS_PROCESSED_PTR, &pointer, 0, nullptr),
            SQL_SUCCESS);
  EXPECT_EQ(pointer, &fetched);
  EXPECT_EQ(outcome(ODBC(SQLFreeHandle)(SQL_HANDLE_DESC, ard), SQL_HANDLE_DESC, ard), "HY017");
}

TEST_F(LifeCycleTest, AFreedExplicitDescriptorGivesTheAutomaticOneBack) {
  connect();
  SQLHSTMT s = statement();
  SQLHDESC automatic = nullptr;
  SQLHDESC mine = nullptr;
  SQLHDESC now = nullptr;
  ODBC(SQLGetStmtAttr)(s, SQL_ATTR_APP_ROW_DESC, &automatic, 0, nullptr);
  ASSERT_EQ(dbc(ODBC(SQLAllocHandle)(SQL_HANDLE_DESC, connection_, &mine)), "ok");
  ASSERT_EQ(stmt(ODBC(SQLSetStmtAttr)(s, SQL_ATTR_APP_ROW_DESC, mine, 0), s), "ok");
  ODBC(SQLGetStmtAttr)(s, SQL_ATTR_APP_ROW_DESC, &now, 0, nullptr);
  EXPECT_EQ(now, mine);
  SQLHSTMT other = statement();
  EXPECT_EQ(stmt(ODBC(SQLSetStmtAttr)(other, SQL_ATTR_APP_ROW_DESC, automatic, 0), other), "HY017");
  EXPECT_EQ(stmt(ODBC(SQLSetStmtAttr)(s, SQL_ATTR_IMP_ROW_DESC, mine, 0), s), "HY017");
  ASSERT_EQ(ODBC(SQLFreeHandle)(SQL_HANDLE_DESC, mine), SQL_SUCCESS);
  ODBC(SQLGetStmtAttr)(s, SQL_ATTR_APP_ROW_DESC, &now, 0, nullptr);
  EXPECT_EQ(now, automatic);
}

TEST_F(LifeCycleTest, RecordsAreSetReadAndCopied) {
  connect();
  SQLHSTMT s = statement();
  SQLHDESC ard = nullptr;
  SQLHDESC ird = nullptr;
  SQLHDESC copy = nullptr;
  ODBC(SQLGetStmtAttr)(s, SQL_ATTR_APP_ROW_DESC, &ard, 0, nullptr);
  ODBC(SQLGetStmtAttr)(s, SQL_ATTR_IMP_ROW_DESC, &ird, 0, nullptr);
  ASSERT_EQ(dbc(ODBC(SQLAllocHandle)(SQL_HANDLE_DESC, connection_, &copy)), "ok");
  const auto desc = [](SQLRETURN result, SQLHDESC handle) {
    return outcome(result, SQL_HANDLE_DESC, handle);
  };
  SQL_NUMERIC_STRUCT number;
  SQLLEN indicator = 0;
  ASSERT_EQ(
      desc(ODBC(SQLSetDescRec)(ard, 2, SQL_C_NUMERIC, 0, 0, 12, 3, &number, &indicator, &indicator),
           ard),
      "ok");
  ASSERT_EQ(desc(ODBC(SQLCopyDesc)(ard, copy), copy), "ok");
  SQLSMALLINT length = 0, type = 0, sub_type = 0, precision = 0, scale = 0, nullable = 0;
  SQLLEN octets = 0;
  ASSERT_EQ(desc(ODBC(SQLGetDescRec)(copy, 2, nullptr, 0, &length, &type, &sub_type, &octets,
                                     &precision, &scale, &nullable),
                 copy),
            "ok");
  EXPECT_EQ(type, SQL_C_NUMERIC);
  EXPECT_EQ(precision, 12);
  EXPECT_EQ(scale, 3);
  EXPECT_EQ(desc(ODBC(SQLGetDescRec)(copy, 3, nullptr, 0, &length, &type, &sub_type, &octets,
                                     &precision, &scale, &nullable),
                 copy),
            "no data");
  EXPECT_EQ(desc(ODBC(SQLCopyDesc)(ard, ird), ird), "HY016");
  EXPECT_EQ(desc(ODBC(SQLCopyDesc)(ird, copy), copy), "HY007");
  EXPECT_EQ(
      desc(ODBC(SQLSetDescRec)(ird, 1, SQL_C_CHAR, 0, 0, 0, 0, nullptr, nullptr, nullptr), ird),
      "HY016");
  // The name of a result column, in bytes.
  ASSERT_EQ(stmt(execute(s, "SELECT 1 AS Eins"), s), "ok");
  SQLWCHAR name[16];
  SQLINTEGER bytes = 0;
  ASSERT_EQ(desc(ODBC(SQLGetDescFieldW)(ird, 1, SQL_DESC_NAME, name, sizeof name, &bytes), ird),
            "ok");
  EXPECT_EQ(bytes, 8);
}

TEST_F(LifeCycleTest, ResettingRestoresTheAttributes) {
  connect();
  ODBC(SQLSetConnectAttr)(connection_, SQL_ATTR_AUTOCOMMIT, value(SQL_AUTOCOMMIT_OFF), 0);
  // A statement option of ODBC 2 on the connection: the default of later statements.
  ODBC(SQLSetConnectAttr)(connection_, SQL_ATTR_MAX_ROWS, value(3), 0);
  SQLULEN rows = 0;
  ODBC(SQLGetStmtAttr)(statement(), SQL_ATTR_MAX_ROWS, &rows, 0, nullptr);
  EXPECT_EQ(rows, 3u);
  ASSERT_EQ(dbc(ODBC(SQLSetConnectAttr)(connection_, SQL_ATTR_RESET_CONNECTION,
                                        value(SQL_RESET_CONNECTION_YES), 0)),
            "ok");
  SQLUINTEGER autocommit = 9;
  ODBC(SQLGetConnectAttr)(connection_, SQL_ATTR_AUTOCOMMIT, &autocommit, 0, nullptr);
  EXPECT_EQ(autocommit, SQLUINTEGER{SQL_AUTOCOMMIT_ON});
  ODBC(SQLGetStmtAttr)(statement(), SQL_ATTR_MAX_ROWS, &rows, 0, nullptr);
  EXPECT_EQ(rows, 0u);
}

TEST_F(LifeCycleTest, BrowsingConnectsWhenTheStringIsComplete) {
  std::array<SQLCHAR, 256> out{};
  SQLSMALLINT length = 0;
  EXPECT_NE(dbc(ODBC(SQLBrowseConnect)(connection_, text("RetryMode=None"), SQL_NTS, out.data(),
                                       out.size(), &length)),
            "ok");
  EXPECT_EQ(dbc(ODBC(SQLBrowseConnect)(connection_, text(kOfflineConnection), SQL_NTS, out.data(),
                                       out.size(), &length)),
            "ok");
}

TEST_F(LifeCycleTest, CursorNames) {
  connect();
  SQLHSTMT s = statement();
  SQLHSTMT other = statement();
  SQLCHAR name[64];
  SQLSMALLINT length = 0;
  ASSERT_EQ(stmt(ODBC(SQLGetCursorName)(s, name, sizeof name, &length), s), "ok");
  EXPECT_EQ(std::string(reinterpret_cast<char*>(name)).rfind("SQL_CUR", 0), 0u);
  EXPECT_EQ(stmt(ODBC(SQLSetCursorName)(s, text("Mine"), SQL_NTS), s), "ok");
  EXPECT_EQ(stmt(ODBC(SQLSetCursorName)(other, text("mine"), SQL_NTS), other), "3C000");
  EXPECT_EQ(stmt(ODBC(SQLSetCursorName)(s, text("sql_cur1"), SQL_NTS), s), "34000");
  SQLWCHAR wide[3];
  EXPECT_EQ(stmt(ODBC(SQLGetCursorNameW)(s, wide, 3, &length), s), "info 01004");
  EXPECT_EQ(length, 4) << "in characters";
}

TEST_F(LifeCycleTest, DiagnosticsAreReadWithoutTrace) {
  EXPECT_EQ(dbc(ODBC(SQLDisconnect)(connection_)), "08003");
  for (int again = 0; again < 2; ++again) {
    const auto records = diagnostics(SQL_HANDLE_DBC, connection_);
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(records[0].message, "[graphodbc][Driver] the connection is not open");
  }
  SQLCHAR state[6];
  SQLCHAR message[12];
  SQLSMALLINT length = 0;
  const auto record = [&](SQLSMALLINT number, SQLSMALLINT size) {
    return ODBC(SQLGetDiagRec)(SQL_HANDLE_DBC, connection_, number, state, nullptr, message, size,
                               &length);
  };
  EXPECT_EQ(record(0, 12), SQL_ERROR);
  EXPECT_EQ(record(2, 12), SQL_NO_DATA);
  EXPECT_EQ(record(1, -1), SQL_ERROR);
  EXPECT_EQ(record(1, 12), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(std::string(reinterpret_cast<char*>(message)), "[graphodbc]");
  EXPECT_EQ(length, 46);
  // A question for the length alone, as Qt asks.
  EXPECT_EQ(
      ODBC(SQLGetDiagRecW)(SQL_HANDLE_DBC, connection_, 1, nullptr, nullptr, nullptr, 0, &length),
      SQL_SUCCESS);
  EXPECT_EQ(length, 46);
}

TEST_F(LifeCycleTest, DiagnosticFields) {
  EXPECT_EQ(dbc(ODBC(SQLDisconnect)(connection_)), "08003");
  const auto field = [&](SQLSMALLINT number, SQLSMALLINT id, SQLPOINTER target) {
    return ODBC(SQLGetDiagField)(SQL_HANDLE_DBC, connection_, number, id, target, 200, nullptr);
  };
  SQLINTEGER count = 0;
  EXPECT_EQ(field(0, SQL_DIAG_NUMBER, &count), SQL_SUCCESS);
  EXPECT_EQ(count, 1);
  SQLRETURN code = 0;
  EXPECT_EQ(field(0, SQL_DIAG_RETURNCODE, &code), SQL_SUCCESS);
  EXPECT_EQ(code, SQL_ERROR);
  SQLCHAR string[200];
  EXPECT_EQ(field(1, SQL_DIAG_SQLSTATE, string), SQL_SUCCESS);
  EXPECT_STREQ(reinterpret_cast<char*>(string), "08003");
  EXPECT_EQ(field(1, SQL_DIAG_SUBCLASS_ORIGIN, string), SQL_SUCCESS);
  EXPECT_STREQ(reinterpret_cast<char*>(string), "ISO 9075");
  SQLLEN rows = 0;
  EXPECT_EQ(field(0, SQL_DIAG_ROW_COUNT, &rows), SQL_ERROR) << "a statement's field";
  EXPECT_EQ(field(0, SQL_DIAG_SQLSTATE, string), SQL_ERROR) << "a record's field";
  EXPECT_EQ(field(2, SQL_DIAG_SQLSTATE, string), SQL_NO_DATA);
  EXPECT_EQ(field(1, 4711, string), SQL_ERROR);
}

// decisions.md 23.
TEST_F(LifeCycleTest, AForkedChildLeavesTheParentsHandlesAlone) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer allows no threads after a fork";
#endif
  connect();
  SQLHSTMT s = statement();
  const pid_t child = fork();
  if (child == 0) {
    int failed = 0;
    const auto check = [&](int bit, bool good) { failed |= good ? 0 : 1 << bit; };
    check(0, stmt(ODBC(SQLFetch)(s), s) == "08S01");
    check(1, dbc(ODBC(SQLSetConnectAttr)(connection_, SQL_ATTR_AUTOCOMMIT, nullptr, 0)) == "08S01");
    check(2, ODBC(SQLDisconnect)(connection_) == SQL_SUCCESS);
    check(3, ODBC(SQLFreeHandle)(SQL_HANDLE_DBC, connection_) == SQL_SUCCESS);
    SQLHDBC fresh = nullptr;
    check(4, ODBC(SQLAllocHandle)(SQL_HANDLE_DBC, environment_, &fresh) == SQL_SUCCESS);
    check(5, ODBC(SQLDriverConnect)(fresh, nullptr, text(kOfflineConnection), SQL_NTS, nullptr, 0,
                                    nullptr, SQL_DRIVER_NOPROMPT) == SQL_SUCCESS);
    check(6, ODBC(SQLDisconnect)(fresh) == SQL_SUCCESS);
    _exit(failed);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "bits of the checks that failed";
  EXPECT_EQ(stmt(ODBC(SQLFetch)(s), s), "HY010") << "the parent goes on";
}

}  // namespace
}  // namespace graphodbc::driver_test
