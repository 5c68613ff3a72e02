// Reads a query, or ten columns of Messages, through unixODBC with bound row arrays:
//   bench_odbc CONNECTION_STRING [ROW_ARRAY_SIZE [QUERY]]
#include <sql.h>
#include <sqlext.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "bench/measure.h"

namespace {

constexpr std::size_t kWidth = 512;
constexpr const char* kQuery =
    "SELECT Id, Subject, BodyPreview, Importance, From_EmailAddress_Name, "
    "From_EmailAddress_Address, ReceivedDateTime, SentDateTime, IsRead, HasAttachments "
    "FROM Messages";

[[noreturn]] void fail(SQLSMALLINT type, SQLHANDLE handle, const char* what) {
  SQLCHAR state[6] = {};
  SQLCHAR message[1024] = {};
  SQLGetDiagRec(type, handle, 1, state, nullptr, message, sizeof(message), nullptr);
  std::fprintf(stderr, "%s: %s %s\n", what, state, message);
  std::exit(1);
}

// One bound column of a row array. Its C type follows the column's SQL type.
struct BoundColumn {
  SQLSMALLINT type = SQL_C_CHAR;
  std::size_t width = kWidth;
  std::vector<unsigned char> data;
  std::vector<SQLLEN> indicator;
};

BoundColumn describe(SQLHSTMT statement, SQLUSMALLINT number, std::size_t rows) {
  SQLSMALLINT type = 0;
  SQLDescribeCol(statement, number, nullptr, 0, nullptr, &type, nullptr, nullptr, nullptr);
  BoundColumn column;
  if (type == SQL_TYPE_TIMESTAMP) {
    column.type = SQL_C_TYPE_TIMESTAMP;
    column.width = sizeof(SQL_TIMESTAMP_STRUCT);
  } else if (type == SQL_BIT) {
    column.type = SQL_C_BIT;
    column.width = 1;
  } else if (type == SQL_BIGINT || type == SQL_INTEGER) {
    column.type = SQL_C_SBIGINT;
    column.width = sizeof(SQLBIGINT);
  }
  column.data.resize(rows * column.width);
  column.indicator.resize(rows);
  return column;
}

std::uint64_t weight(const BoundColumn& column, std::size_t row) {
  const SQLLEN indicator = column.indicator[row];
  if (indicator == SQL_NULL_DATA) return 0;
  const unsigned char* value = column.data.data() + row * column.width;
  if (column.type == SQL_C_BIT) return *value;
  if (column.type == SQL_C_TYPE_TIMESTAMP) {
    return reinterpret_cast<const SQL_TIMESTAMP_STRUCT*>(value)->second;
  }
  if (column.type == SQL_C_SBIGINT) {
    return static_cast<std::uint64_t>(*reinterpret_cast<const SQLBIGINT*>(value));
  }
  return static_cast<std::uint64_t>(indicator);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::size_t rows = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1000;
  const auto start = graphodbc::bench::Clock::now();
  SQLHENV environment = nullptr;
  SQLHDBC connection = nullptr;
  SQLHSTMT statement = nullptr;
  SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
  SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);
  SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection);
  auto* text = reinterpret_cast<SQLCHAR*>(argv[1]);
  if (!SQL_SUCCEEDED(SQLDriverConnect(connection, nullptr, text, SQL_NTS, nullptr, 0, nullptr,
                                      SQL_DRIVER_NOPROMPT))) {
    fail(SQL_HANDLE_DBC, connection, "connect");
  }
  SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement);

  SQLULEN fetched = 0;
  SQLSetStmtAttr(statement, SQL_ATTR_ROW_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(rows), 0);
  SQLSetStmtAttr(statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
  auto* query = reinterpret_cast<SQLCHAR*>(const_cast<char*>(argc > 3 ? argv[3] : kQuery));
  if (!SQL_SUCCEEDED(SQLExecDirect(statement, query, SQL_NTS))) {
    fail(SQL_HANDLE_STMT, statement, "execute");
  }
  SQLSMALLINT width = 0;
  SQLNumResultCols(statement, &width);
  std::vector<BoundColumn> columns;
  for (SQLSMALLINT i = 1; i <= width; ++i) {
    columns.push_back(describe(statement, static_cast<SQLUSMALLINT>(i), rows));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    SQLBindCol(statement, static_cast<SQLUSMALLINT>(i + 1), columns[i].type, columns[i].data.data(),
               static_cast<SQLLEN>(columns[i].width), columns[i].indicator.data());
  }
  std::uint64_t count = 0;
  std::uint64_t checksum = 0;
  double first_row = 0;
  for (;;) {
    const SQLRETURN result = SQLFetch(statement);
    if (result == SQL_NO_DATA) break;
    if (!SQL_SUCCEEDED(result)) fail(SQL_HANDLE_STMT, statement, "fetch");
    if (count == 0) first_row = graphodbc::bench::seconds_since(start);
    for (SQLULEN row = 0; row < fetched; ++row) {
      for (const BoundColumn& column : columns) checksum += weight(column, row);
    }
    count += fetched;
  }
  const double wall = graphodbc::bench::seconds_since(start);
  SQLFreeHandle(SQL_HANDLE_STMT, statement);
  SQLDisconnect(connection);
  SQLFreeHandle(SQL_HANDLE_DBC, connection);
  SQLFreeHandle(SQL_HANDLE_ENV, environment);
  graphodbc::bench::print_result("driver", count, checksum, wall, first_row);
  return 0;
}
