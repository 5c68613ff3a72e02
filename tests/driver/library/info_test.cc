#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "tests/driver/library/driver_library.h"

namespace graphodbc::driver_test {
namespace {

class InfoTest : public LibraryTest {
 protected:
  void SetUp() override {
    LibraryTest::SetUp();
    connect();
  }
  // Every byte behind the answer must stay as it was: a wrong width overruns the caller's stack.
  template <typename T>
  T number(SQLUSMALLINT id) {
    std::array<unsigned char, 16> buffer;
    buffer.fill(0xAB);
    SQLSMALLINT length = 0;
    EXPECT_EQ(dbc(ODBC(SQLGetInfo)(connection_, id, buffer.data(), 0, &length)), "ok") << id;
    EXPECT_EQ(length, static_cast<SQLSMALLINT>(sizeof(T))) << id;
    for (std::size_t i = sizeof(T); i < buffer.size(); ++i) EXPECT_EQ(buffer[i], 0xAB) << id;
    T value;
    std::memcpy(&value, buffer.data(), sizeof value);
    return value;
  }
  std::string string(SQLUSMALLINT id) {
    std::array<SQLCHAR, 256> buffer{};
    SQLSMALLINT length = 0;
    EXPECT_EQ(dbc(ODBC(SQLGetInfo)(connection_, id, buffer.data(), buffer.size(), &length)), "ok")
        << id;
    const std::string value = reinterpret_cast<char*>(buffer.data());
    EXPECT_EQ(length, static_cast<SQLSMALLINT>(value.size())) << id;
    return value;
  }
};

TEST_F(InfoTest, TextAnswers) {
  const std::pair<SQLUSMALLINT, const char*> expected[] = {
      {SQL_DRIVER_NAME, "libgraphodbc.so"},
      {SQL_DRIVER_VER, "00.01.0000"},
      {SQL_DRIVER_ODBC_VER, "03.80"},
      {SQL_DBMS_NAME, "Microsoft Graph"},
      {SQL_DBMS_VER, "01.00.0000"},
      {SQL_SERVER_NAME, "127.0.0.1:9"},
      {SQL_DATABASE_NAME, ""},
      {SQL_IDENTIFIER_QUOTE_CHAR, "\""},
      {SQL_SEARCH_PATTERN_ESCAPE, "\\"},
      {SQL_CATALOG_NAME, "N"},
      {SQL_SCHEMA_TERM, "schema"},
      {SQL_DATA_SOURCE_READ_ONLY, "Y"},
      {SQL_OUTER_JOINS, "Y"},
      {SQL_EXPRESSIONS_IN_ORDERBY, "Y"},
      {SQL_DESCRIBE_PARAMETER, "Y"},
      {SQL_MULT_RESULT_SETS, "N"},
      {SQL_NEED_LONG_DATA_LEN, "N"},
  };
  for (const auto& [id, value] : expected) EXPECT_EQ(string(id), value) << id;
}

TEST_F(InfoTest, NumericAnswers) {
  EXPECT_EQ(number<SQLUSMALLINT>(SQL_IDENTIFIER_CASE), SQL_IC_MIXED);
  EXPECT_EQ(number<SQLUSMALLINT>(SQL_GROUP_BY), SQL_GB_GROUP_BY_CONTAINS_SELECT);
  EXPECT_EQ(number<SQLUSMALLINT>(SQL_TXN_CAPABLE), SQL_TC_NONE);
  EXPECT_EQ(number<SQLUSMALLINT>(SQL_NULL_COLLATION), SQL_NC_LOW);
  EXPECT_EQ(number<SQLUSMALLINT>(SQL_MAX_CONCURRENT_ACTIVITIES), 0);
  EXPECT_EQ(number<SQLUSMALLINT>(SQL_MAX_IDENTIFIER_LEN), 128);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_GETDATA_EXTENSIONS), 0x0Fu);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_STRING_FUNCTIONS), 0x00FFFFFFu);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_TIMEDATE_FUNCTIONS), 0x001FFFFFu);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_SYSTEM_FUNCTIONS), 7u);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_SQL92_STRING_FUNCTIONS), 0xEEu);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_SQL92_VALUE_EXPRESSIONS), 0xFu);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_SQL92_PREDICATES), 0x3E07u);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_AGGREGATE_FUNCTIONS), 0x7Fu);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_SUBQUERIES), 0x1Fu);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_UNION), 3u);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_SQL92_RELATIONAL_JOIN_OPERATORS), 0x1DAu);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_OJ_CAPABILITIES), 0x7Fu);
  EXPECT_EQ(number<SQLUINTEGER>(SQL_SQL_CONFORMANCE), SQLUINTEGER{SQL_SC_SQL92_FULL});
  EXPECT_EQ(number<SQLUINTEGER>(SQL_SCROLL_OPTIONS), SQLUINTEGER{SQL_SO_FORWARD_ONLY});
  EXPECT_EQ(number<SQLUINTEGER>(SQL_PARAM_ARRAY_SELECTS), SQLUINTEGER{SQL_PAS_NO_SELECT});
  EXPECT_EQ(number<SQLUINTEGER>(SQL_ASYNC_MODE), SQLUINTEGER{SQL_AM_NONE});
}

// Every number that sql.h and sqlext.h define for SQLGetInfo, and ODBC 4.0's 174 to 181.
TEST_F(InfoTest, AnswersEveryIdOfTheHeaders) {
  std::vector<int> ids;
  for (int id = 0; id <= 181; ++id) ids.push_back(id);
  for (int id = 10000; id <= 10005; ++id) ids.push_back(id);
  for (int id = 10021; id <= 10025; ++id) ids.push_back(id);
  ids.push_back(SQL_DTC_TRANSITION_COST);
  std::string missing;
  for (const int id : ids) {
    std::array<SQLCHAR, 512> buffer{};
    const SQLRETURN result = ODBC(SQLGetInfo)(connection_, static_cast<SQLUSMALLINT>(id),
                                              buffer.data(), buffer.size(), nullptr);
    if (result != SQL_SUCCESS) missing += std::to_string(id) + " ";
  }
  EXPECT_EQ(missing, "");
}

TEST_F(InfoTest, UnknownIdsAreRefused) {
  SQLUINTEGER value = 4711;
  for (const SQLUSMALLINT id : {SQLUSMALLINT{182}, SQLUSMALLINT{9999}, SQLUSMALLINT{65000}}) {
    EXPECT_EQ(dbc(ODBC(SQLGetInfo)(connection_, id, &value, 0, nullptr)), "HY096") << id;
    EXPECT_EQ(value, 4711u);
  }
}

TEST_F(InfoTest, WideTextCountsBytes) {
  SQLWCHAR buffer[64];
  SQLSMALLINT length = 0;
  ASSERT_EQ(dbc(ODBC(SQLGetInfoW)(connection_, SQL_DBMS_NAME, buffer, sizeof buffer, &length)),
            "ok");
  EXPECT_EQ(length, 30);
  EXPECT_EQ(dbc(ODBC(SQLGetInfoW)(connection_, SQL_DBMS_NAME, buffer, 10, &length)), "info 01004");
  EXPECT_EQ(length, 30);
  EXPECT_EQ(buffer[4], 0);
  EXPECT_EQ(dbc(ODBC(SQLGetInfoW)(connection_, SQL_DBMS_NAME, nullptr, 0, &length)), "ok");
  EXPECT_EQ(length, 30);
}

}  // namespace
}  // namespace graphodbc::driver_test
