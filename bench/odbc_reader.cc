// Reads ten columns of Messages through unixODBC with bound row arrays:
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

struct TextColumn {
  std::vector<SQLCHAR> data;
  std::vector<SQLLEN> indicator;
};

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
  std::vector<TextColumn> texts(6);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    texts[i].data.resize(rows * kWidth);
    texts[i].indicator.resize(rows);
    SQLBindCol(statement, static_cast<SQLUSMALLINT>(i + 1), SQL_C_CHAR, texts[i].data.data(),
               kWidth, texts[i].indicator.data());
  }
  std::vector<SQL_TIMESTAMP_STRUCT> times[2] = {std::vector<SQL_TIMESTAMP_STRUCT>(rows),
                                                std::vector<SQL_TIMESTAMP_STRUCT>(rows)};
  std::vector<unsigned char> bits[2] = {std::vector<unsigned char>(rows),
                                        std::vector<unsigned char>(rows)};
  std::vector<SQLLEN> indicators[4];
  for (auto& indicator : indicators) indicator.resize(rows);
  for (std::size_t i = 0; i < 2; ++i) {
    SQLBindCol(statement, static_cast<SQLUSMALLINT>(i + 7), SQL_C_TYPE_TIMESTAMP, times[i].data(),
               0, indicators[i].data());
    SQLBindCol(statement, static_cast<SQLUSMALLINT>(i + 9), SQL_C_BIT, bits[i].data(), 0,
               indicators[i + 2].data());
  }
  auto* query = reinterpret_cast<SQLCHAR*>(const_cast<char*>(argc > 3 ? argv[3] : kQuery));
  if (!SQL_SUCCEEDED(SQLExecDirect(statement, query, SQL_NTS))) {
    fail(SQL_HANDLE_STMT, statement, "execute");
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
      for (const TextColumn& column : texts) {
        if (column.indicator[row] > 0)
          checksum += static_cast<std::uint64_t>(column.indicator[row]);
      }
      checksum += times[0][row].second;
      checksum += bits[0][row];
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
