#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <set>
#include <string>

#include "driver/info/functions.h"
#include "tests/driver/library/driver_library.h"

namespace graphodbc::driver_test {
namespace {

std::set<std::string> symbols(const std::string& options) {
  const std::string command = "nm -D " + options + " '" GRAPHODBC_LIBRARY "'";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::set<std::string> names;
  std::array<char, 1024> line;
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    std::string text(line.data());
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    names.insert(text.substr(text.rfind(' ') + 1));
  }
  pclose(pipe);
  return names;
}

// pitfalls 2.3 and 2.8: what is exported is exactly what SQLGetFunctions says.
TEST(Exports, AreTheTableOfFunctionsAndNothingElse) {
  std::set<std::string> expected;
  for (const driver::ExportedFunction& function : driver::exported_functions()) {
    expected.insert(std::string(function.name));
    if (function.wide) expected.insert(std::string(function.name) + "W");
  }
  EXPECT_EQ(symbols("--defined-only"), expected);
}

// pitfalls 2.7: with SQLErrorW exported the manager would loop on failed connects.
TEST(Exports, HoldNoNameOfOdbc2) {
  const std::set<std::string> exported = symbols("--defined-only");
  for (const char* name : {"SQLError", "SQLErrorW", "SQLAllocEnv", "SQLAllocConnect",
                           "SQLAllocStmt", "SQLTransact", "SQLColAttributes", "SQLExtendedFetch",
                           "SQLSetParam", "SQLParamOptions", "SQLGetStmtOption"}) {
    EXPECT_EQ(exported.count(name), 0u) << name;
  }
}

// pitfalls 2.2: a reference to an SQL function would be bound to the manager's.
TEST(Exports, NoSqlFunctionIsImported) {
  for (const std::string& name : symbols("--undefined-only")) {
    // libodbcinst's reader of odbc.ini has such a name too, and the manager has no copy of it.
    if (name.rfind("SQLGetPrivateProfileString", 0) == 0) continue;
    EXPECT_NE(name.rfind("SQL", 0), 0u) << name;
  }
}

class FunctionsTest : public LibraryTest {};

TEST_F(FunctionsTest, BitmapArrayAndSingleAnswersAgree) {
  connect();
  std::array<SQLUSMALLINT, SQL_API_ODBC3_ALL_FUNCTIONS_SIZE> bitmap{};
  std::array<SQLUSMALLINT, 100> array{};
  ASSERT_EQ(ODBC(SQLGetFunctions)(connection_, SQL_API_ODBC3_ALL_FUNCTIONS, bitmap.data()),
            SQL_SUCCESS);
  ASSERT_EQ(ODBC(SQLGetFunctions)(connection_, SQL_API_ALL_FUNCTIONS, array.data()), SQL_SUCCESS);
  for (int id = 1; id < SQL_API_ODBC3_ALL_FUNCTIONS_SIZE * 16; ++id) {
    if (id == SQL_API_ODBC3_ALL_FUNCTIONS) continue;
    SQLUSMALLINT single = 99;
    ASSERT_EQ(ODBC(SQLGetFunctions)(connection_, static_cast<SQLUSMALLINT>(id), &single),
              SQL_SUCCESS);
    EXPECT_EQ(single, SQL_FUNC_EXISTS(bitmap.data(), id)) << id;
    if (id < 100) {
      EXPECT_EQ(single, array[static_cast<std::size_t>(id)]) << id;
    }
  }
  EXPECT_TRUE(SQL_FUNC_EXISTS(bitmap.data(), SQL_API_SQLFETCHSCROLL));
  EXPECT_FALSE(SQL_FUNC_EXISTS(bitmap.data(), SQL_API_SQLERROR));
  EXPECT_EQ(dbc(ODBC(SQLGetFunctions)(connection_, SQL_API_SQLFETCH, nullptr)), "HY009");
}

}  // namespace
}  // namespace graphodbc::driver_test
