// The life of a query through the exported functions, without a service: SELECT without FROM and
// catalog functions.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "tests/driver/library/driver_library.h"

namespace graphodbc::driver_test {
namespace {

class StatementTest : public LibraryTest {
 protected:
  void SetUp() override {
    LibraryTest::SetUp();
    connect();
    s = statement();
  }
  std::string does(SQLRETURN result) { return stmt(result, s); }
  std::string run(std::string_view sql) { return does(execute(s, sql)); }
  std::string prepare(std::string_view sql) {
    return does(ODBC(SQLPrepare)(s, text(sql), static_cast<SQLINTEGER>(sql.size())));
  }
  std::string list_tables() {
    return does(ODBC(SQLTables)(s, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0));
  }
  std::string read(SQLUSMALLINT column) {
    std::array<SQLCHAR, 300> buffer{};
    SQLLEN length = 0;
    const SQLRETURN result =
        ODBC(SQLGetData)(s, column, SQL_C_CHAR, buffer.data(), buffer.size(), &length);
    if (result != SQL_SUCCESS) return "<" + does(result) + ">";
    return length == SQL_NULL_DATA ? "<null>" : reinterpret_cast<char*>(buffer.data());
  }
  static SQLPOINTER value(SQLULEN number) { return reinterpret_cast<SQLPOINTER>(number); }

  SQLHSTMT s = SQL_NULL_HSTMT;
};

TEST_F(StatementTest, SelectWithoutFrom) {
  ASSERT_EQ(run("SELECT 1 AS One, 'caf\xC3\xA9' AS Word, NULL AS Nothing"), "ok");
  SQLSMALLINT columns = 0;
  ASSERT_EQ(does(ODBC(SQLNumResultCols)(s, &columns)), "ok");
  EXPECT_EQ(columns, 3);
  SQLLEN rows = 0;
  ASSERT_EQ(does(ODBC(SQLRowCount)(s, &rows)), "ok");
  EXPECT_EQ(rows, -1);
  ASSERT_EQ(does(ODBC(SQLFetch)(s)), "ok");
  EXPECT_EQ(read(2), "caf\xC3\xA9");
  EXPECT_EQ(read(1), "1");
  EXPECT_EQ(read(3), "<null>");
  EXPECT_EQ(read(3), "<no data>");
  EXPECT_EQ(read(1), "1") << "another column in between starts anew";
  EXPECT_EQ(read(0), "<07009>");
  EXPECT_EQ(read(4), "<07009>");
  EXPECT_EQ(does(ODBC(SQLFetch)(s)), "no data");
  EXPECT_EQ(does(ODBC(SQLFetch)(s)), "no data");
  EXPECT_EQ(does(ODBC(SQLMoreResults)(s)), "no data");
  EXPECT_EQ(does(ODBC(SQLFetch)(s)), "HY010") << "SQLMoreResults closed the cursor";
}

TEST_F(StatementTest, DescribesAfterPrepare) {
  ASSERT_EQ(prepare("SELECT Subject, IsRead, ReceivedDateTime FROM Messages WHERE Id = ?"), "ok");
  SQLSMALLINT count = 0;
  ASSERT_EQ(does(ODBC(SQLNumResultCols)(s, &count)), "ok");
  EXPECT_EQ(count, 3);
  ASSERT_EQ(does(ODBC(SQLNumParams)(s, &count)), "ok");
  EXPECT_EQ(count, 1);
  SQLCHAR name[64];
  SQLSMALLINT length = 0, type = 0, digits = 0, nullable = 0;
  SQLULEN size = 0;
  ASSERT_EQ(does(ODBC(SQLDescribeCol)(s, 3, name, sizeof name, &length, &type, &size, &digits,
                                      &nullable)),
            "ok");
  EXPECT_STREQ(reinterpret_cast<char*>(name), "ReceivedDateTime");
  EXPECT_EQ(length, 16);
  EXPECT_EQ(type, SQL_TYPE_TIMESTAMP);
  EXPECT_EQ(size, 27u);
  EXPECT_EQ(digits, 7);
  SQLWCHAR wide[8];
  EXPECT_EQ(does(ODBC(SQLDescribeColW)(s, 3, wide, 8, &length, nullptr, nullptr, nullptr, nullptr)),
            "info 01004");
  EXPECT_EQ(length, 16) << "in characters";
  SQLLEN number = 0;
  ASSERT_EQ(does(ODBC(SQLColAttribute)(s, 2, SQL_DESC_CONCISE_TYPE, nullptr, 0, nullptr, &number)),
            "ok");
  EXPECT_EQ(number, SQL_BIT);
  SQLWCHAR label[32];
  ASSERT_EQ(
      does(ODBC(SQLColAttributeW)(s, 1, SQL_DESC_LABEL, label, sizeof label, &length, nullptr)),
      "ok");
  EXPECT_EQ(length, 14) << "in bytes";
  ASSERT_EQ(does(ODBC(SQLDescribeParam)(s, 1, &type, &size, &digits, &nullable)), "ok");
  EXPECT_EQ(type, SQL_WVARCHAR);
  EXPECT_EQ(does(ODBC(SQLDescribeParam)(s, 2, &type, &size, &digits, &nullable)), "07009");
  EXPECT_EQ(does(ODBC(SQLDescribeCol)(s, 4, name, sizeof name, &length, &type, &size, &digits,
                                      &nullable)),
            "07009");
}

TEST_F(StatementTest, BindingErrorsComeFromPrepare) {
  EXPECT_EQ(prepare("SELECT * FROM NoSuchTable"), "42S02");
  EXPECT_EQ(prepare("SELECT NoSuchColumn FROM Messages"), "42S22");
  EXPECT_EQ(prepare("SELEC 1"), "42000");
  SQLSMALLINT count = 0;
  EXPECT_EQ(does(ODBC(SQLNumResultCols)(s, &count)), "HY010");
  EXPECT_EQ(does(ODBC(SQLExecute)(s)), "HY010");
  EXPECT_EQ(does(ODBC(SQLPrepare)(s, nullptr, SQL_NTS)), "HY009");
  EXPECT_EQ(does(ODBC(SQLPrepare)(s, text("x"), -9)), "HY090");
}

TEST_F(StatementTest, StatesOfACursor) {
  EXPECT_EQ(does(ODBC(SQLFetch)(s)), "HY010");
  EXPECT_EQ(does(ODBC(SQLCloseCursor)(s)), "24000");
  EXPECT_EQ(does(ODBC(SQLFreeStmt)(s, SQL_CLOSE)), "ok") << "unlike SQLCloseCursor";
  ASSERT_EQ(prepare("SELECT 1"), "ok");
  ASSERT_EQ(does(ODBC(SQLExecute)(s)), "ok");
  EXPECT_EQ(read(1), "<24000>") << "before the first row";
  EXPECT_EQ(run("SELECT 2"), "24000");
  EXPECT_EQ(does(ODBC(SQLFetchScroll)(s, SQL_FETCH_PRIOR, 0)), "HY106");
  EXPECT_EQ(does(ODBC(SQLFetchScroll)(s, SQL_FETCH_NEXT, 0)), "ok");
  EXPECT_EQ(does(ODBC(SQLCloseCursor)(s)), "ok");
  EXPECT_EQ(does(ODBC(SQLExecute)(s)), "ok") << "still prepared";
  EXPECT_EQ(does(ODBC(SQLFreeStmt)(s, SQL_CLOSE)), "ok");
  EXPECT_EQ(does(ODBC(SQLFreeStmt)(s, 99)), "HY092");
}

// pitfalls 5.3: the manager takes any success for a closed cursor.
TEST_F(StatementTest, CancelOfAnIdleStatementClosesItsCursor) {
  ASSERT_EQ(run("SELECT 1"), "ok");
  EXPECT_EQ(ODBC(SQLCancel)(s), SQL_SUCCESS);
  EXPECT_EQ(does(ODBC(SQLFetch)(s)), "HY010");
  EXPECT_EQ(run("SELECT 1"), "ok");
  EXPECT_EQ(ODBC(SQLCancelHandle)(SQL_HANDLE_STMT, s), SQL_SUCCESS);
}

TEST_F(StatementTest, ParametersBoundAndAtExecution) {
  ASSERT_EQ(prepare("SELECT CAST(? AS VARCHAR(100)), CAST(? AS INTEGER)"), "ok");
  EXPECT_EQ(does(ODBC(SQLExecute)(s)), "07002");
  SQLINTEGER number = 42;
  SQLLEN later = SQL_LEN_DATA_AT_EXEC(11);
  int token = 0;
  ASSERT_EQ(does(ODBC(SQLBindParameter)(s, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0,
                                        &token, 0, &later)),
            "ok");
  ASSERT_EQ(does(ODBC(SQLBindParameter)(s, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                        &number, 0, nullptr)),
            "ok");
  ASSERT_EQ(does(ODBC(SQLExecute)(s)), "need data");
  EXPECT_EQ(does(ODBC(SQLExecute)(s)), "HY010");
  SQLPOINTER asked = nullptr;
  ASSERT_EQ(does(ODBC(SQLParamData)(s, &asked)), "need data");
  EXPECT_EQ(asked, &token);
  EXPECT_EQ(does(ODBC(SQLParamData)(s, &asked)), "HY010") << "data first";
  ASSERT_EQ(does(ODBC(SQLPutData)(s, text("hello "), 6)), "ok");
  ASSERT_EQ(does(ODBC(SQLPutData)(s, text("world"), SQL_NTS)), "ok");
  EXPECT_EQ(does(ODBC(SQLPutData)(s, nullptr, SQL_NULL_DATA)), "HY020");
  ASSERT_EQ(does(ODBC(SQLParamData)(s, &asked)), "ok");
  ASSERT_EQ(does(ODBC(SQLFetch)(s)), "ok");
  EXPECT_EQ(read(1), "hello world");
  EXPECT_EQ(read(2), "42");
}

// sql-dialect.md 4.7: described as WVARCHAR, executed as the application binds it.
TEST_F(StatementTest, OpenMarkersTakeTheBoundType) {
  ASSERT_EQ(prepare("SELECT ?"), "ok");
  SQLSMALLINT type = 0;
  SQLULEN size = 0;
  SQLSMALLINT digits = 0;
  SQLSMALLINT nullable = 0;
  const auto column = [&] {
    EXPECT_EQ(
        does(ODBC(SQLDescribeCol)(s, 1, nullptr, 0, nullptr, &type, &size, &digits, &nullable)),
        "ok");
    return type;
  };
  EXPECT_EQ(column(), SQL_WVARCHAR);
  SQLINTEGER number = 42;
  SQLLEN length = 0;
  ASSERT_EQ(does(ODBC(SQLBindParameter)(s, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0,
                                        &number, 0, &length)),
            "ok");
  ASSERT_EQ(does(ODBC(SQLExecute)(s)), "ok");
  EXPECT_EQ(column(), SQL_INTEGER);
  ASSERT_EQ(does(ODBC(SQLFetch)(s)), "ok");
  EXPECT_EQ(read(1), "42");
  ASSERT_EQ(does(ODBC(SQLCloseCursor)(s)), "ok");
  ASSERT_EQ(does(ODBC(SQLDescribeParam)(s, 1, &type, &size, &digits, &nullable)), "ok");
  EXPECT_EQ(type, SQL_WVARCHAR);
  EXPECT_EQ(size, 4000u);

  SQL_TIMESTAMP_STRUCT time = {2026, 6, 1, 9, 0, 0, 500000000};
  ASSERT_EQ(does(ODBC(SQLBindParameter)(s, 1, SQL_PARAM_INPUT, SQL_C_TYPE_TIMESTAMP,
                                        SQL_TYPE_TIMESTAMP, 27, 7, &time, 0, &length)),
            "ok");
  ASSERT_EQ(does(ODBC(SQLExecute)(s)), "ok");
  EXPECT_EQ(column(), SQL_TYPE_TIMESTAMP);
  ASSERT_EQ(does(ODBC(SQLFetch)(s)), "ok");
  EXPECT_EQ(read(1), "2026-06-01 09:00:00.5000000");
  ASSERT_EQ(does(ODBC(SQLCloseCursor)(s)), "ok");

  std::array<SQLCHAR, 8> word = {'a', 'b', 0};
  length = SQL_NTS;
  ASSERT_EQ(does(ODBC(SQLBindParameter)(s, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 2, 0,
                                        word.data(), 0, &length)),
            "ok");
  ASSERT_EQ(does(ODBC(SQLExecute)(s)), "ok");
  EXPECT_EQ(column(), SQL_WVARCHAR);
  ASSERT_EQ(does(ODBC(SQLFetch)(s)), "ok");
  EXPECT_EQ(read(1), "ab");
}

TEST_F(StatementTest, CancelEndsTheWaitForParameterData) {
  ASSERT_EQ(prepare("SELECT CAST(? AS VARCHAR(100))"), "ok");
  SQLLEN later = SQL_DATA_AT_EXEC;
  ODBC(SQLBindParameter)(s, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0, &later, 0, &later);
  ASSERT_EQ(does(ODBC(SQLExecute)(s)), "need data");
  EXPECT_EQ(ODBC(SQLCancel)(s), SQL_SUCCESS);
  ASSERT_EQ(does(ODBC(SQLExecute)(s)), "need data") << "prepared again";
}

TEST_F(StatementTest, AnArrayOfParametersIsRefusedForQueries) {
  ASSERT_EQ(prepare("SELECT CAST(? AS INTEGER)"), "ok");
  SQLINTEGER numbers[2] = {1, 2};
  ODBC(SQLBindParameter)
  (s, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, numbers, 0, nullptr);
  ODBC(SQLSetStmtAttr)(s, SQL_ATTR_PARAMSET_SIZE, value(2), 0);
  EXPECT_EQ(does(ODBC(SQLExecute)(s)), "HYC00");
}

TEST_F(StatementTest, RowsetsOfACatalogResult) {
  constexpr SQLULEN kRows = 4;
  SQLCHAR names[kRows][40];
  SQLLEN lengths[kRows];
  SQLUSMALLINT statuses[kRows];
  SQLULEN fetched = 99;
  ODBC(SQLSetStmtAttr)(s, SQL_ATTR_ROW_ARRAY_SIZE, value(kRows), 0);
  ODBC(SQLSetStmtAttr)(s, SQL_ATTR_ROW_STATUS_PTR, statuses, 0);
  ODBC(SQLSetStmtAttr)(s, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
  ASSERT_EQ(does(ODBC(SQLBindCol)(s, 3, SQL_C_CHAR, names, sizeof names[0], lengths)), "ok");
  ASSERT_EQ(list_tables(), "ok");
  std::vector<std::string> seen;
  SQLULEN row_number = 0;
  for (;;) {
    const SQLRETURN result = ODBC(SQLFetch)(s);
    if (result == SQL_NO_DATA) break;
    ASSERT_EQ(does(result), "ok");
    ODBC(SQLGetStmtAttr)(s, SQL_ATTR_ROW_NUMBER, &row_number, 0, nullptr);
    EXPECT_EQ(row_number, seen.size() + 1);
    for (SQLULEN i = 0; i < kRows; ++i) {
      EXPECT_EQ(statuses[i], i < fetched ? SQL_ROW_SUCCESS : SQL_ROW_NOROW);
      if (i < fetched) seen.push_back(reinterpret_cast<char*>(names[i]));
    }
    // SQLSetPos makes SQLGetData read any row of the rowset (SQL_GD_BLOCK).
    ASSERT_EQ(does(ODBC(SQLSetPos)(s, fetched, SQL_POSITION, SQL_LOCK_NO_CHANGE)), "ok");
    EXPECT_EQ(read(3), seen.back());
    EXPECT_EQ(does(ODBC(SQLSetPos)(s, fetched + 1, SQL_POSITION, SQL_LOCK_NO_CHANGE)), "HY107");
    EXPECT_EQ(does(ODBC(SQLSetPos)(s, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE)), "HYC00");
  }
  EXPECT_EQ(fetched, 0u);
  EXPECT_GE(seen.size(), 9u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST_F(StatementTest, MaxRowsLimitsTheResult) {
  ODBC(SQLSetStmtAttr)(s, SQL_ATTR_MAX_ROWS, value(2), 0);
  ASSERT_EQ(list_tables(), "ok");
  EXPECT_EQ(does(ODBC(SQLFetch)(s)), "ok");
  EXPECT_EQ(does(ODBC(SQLFetch)(s)), "ok");
  EXPECT_EQ(does(ODBC(SQLFetch)(s)), "no data");
}

TEST_F(StatementTest, TwoStatementsAreIndependent) {
  SQLHSTMT other = statement();
  ASSERT_EQ(run("SELECT 'first'"), "ok");
  ASSERT_EQ(stmt(execute(other, "SELECT 'second'"), other), "ok");
  ASSERT_EQ(does(ODBC(SQLFetch)(s)), "ok");
  ASSERT_EQ(ODBC(SQLFreeHandle)(SQL_HANDLE_STMT, other), SQL_SUCCESS);
  EXPECT_EQ(read(1), "first");
}

TEST_F(StatementTest, DataGetsTheDefaultsAndChecksOfItsTypes) {
  ASSERT_EQ(run("SELECT 7 AS N"), "ok");
  ASSERT_EQ(does(ODBC(SQLFetch)(s)), "ok");
  SQLINTEGER number = 0;
  SQLLEN length = 0;
  EXPECT_EQ(does(ODBC(SQLGetData)(s, 1, SQL_C_DEFAULT, &number, 0, &length)), "ok");
  EXPECT_EQ(number, 7);
  EXPECT_EQ(does(ODBC(SQLGetData)(s, 1, 4711, &number, 0, &length)), "HY003");
  EXPECT_EQ(does(ODBC(SQLGetData)(s, 1, SQL_C_CHAR, nullptr, 10, &length)), "HY009");
  EXPECT_EQ(does(ODBC(SQLGetData)(s, 1, SQL_C_CHAR, &number, -1, &length)), "HY090");
  EXPECT_EQ(does(ODBC(SQLGetData)(s, 1, SQL_ARD_TYPE, &number, 4, &length)), "07009");
}

TEST_F(StatementTest, NativeSql) {
  SQLCHAR out[100];
  SQLINTEGER length = 0;
  const char sql[] = "SELECT {fn UCASE('a')}";
  ASSERT_EQ(dbc(ODBC(SQLNativeSql)(connection_, text(sql), SQL_NTS, out, sizeof out, &length)),
            "ok");
  EXPECT_EQ(std::string(reinterpret_cast<char*>(out)).find("{fn"), std::string::npos);
  EXPECT_EQ(length, static_cast<SQLINTEGER>(std::strlen(reinterpret_cast<char*>(out))));
}

}  // namespace
}  // namespace graphodbc::driver_test
