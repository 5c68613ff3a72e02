/* Prints the rows of a query as JSON arrays of text, one a line: PROGRAM CONNECTION_STRING SQL.
 * Built twice: with the narrow functions, and with the wide ones (CLIENT_WIDE). Plain C, because
 * that is what the ODBC headers promise to. */
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 64

static void fail(SQLSMALLINT type, SQLHANDLE handle) {
  SQLCHAR state[6] = "";
  SQLCHAR message[1024] = "";
  SQLGetDiagRec(type, handle, 1, state, NULL, message, sizeof(message), NULL);
  fprintf(stderr, "%s %s\n", (char*)state, (char*)message);
  exit(1);
}

static void print_byte(unsigned char c) {
  if (c == '"' || c == '\\') {
    printf("\\%c", c);
  } else if (c < 0x20) {
    printf("\\u%04x", c);
  } else {
    putchar(c);
  }
}

#ifdef CLIENT_WIDE
/* ASCII is enough for the arguments of this test. */
static SQLWCHAR* widen(const char* text) {
  size_t length = strlen(text);
  SQLWCHAR* wide = calloc(length + 1, sizeof(SQLWCHAR));
  for (size_t i = 0; i < length; ++i) wide[i] = (SQLWCHAR)(unsigned char)text[i];
  return wide;
}

/* UTF-16 as it comes; JSON joins escaped surrogates. */
static void print_value(SQLHSTMT statement, SQLUSMALLINT column) {
  SQLWCHAR piece[PIECE];
  SQLLEN length = 0;
  int first = 1;
  for (;;) {
    SQLRETURN result = SQLGetData(statement, column, SQL_C_WCHAR, piece, sizeof(piece), &length);
    if (result == SQL_NO_DATA) break;
    if (!SQL_SUCCEEDED(result)) fail(SQL_HANDLE_STMT, statement);
    if (length == SQL_NULL_DATA) {
      printf("null");
      return;
    }
    if (first) putchar('"');
    first = 0;
    for (size_t i = 0; piece[i] != 0; ++i) {
      if (piece[i] < 0x80) {
        print_byte((unsigned char)piece[i]);
      } else {
        printf("\\u%04x", piece[i]);
      }
    }
    if (result == SQL_SUCCESS) break;
  }
  putchar('"');
}
#else
static void print_value(SQLHSTMT statement, SQLUSMALLINT column) {
  SQLCHAR piece[PIECE];
  SQLLEN length = 0;
  int first = 1;
  for (;;) {
    SQLRETURN result = SQLGetData(statement, column, SQL_C_CHAR, piece, sizeof(piece), &length);
    if (result == SQL_NO_DATA) break;
    if (!SQL_SUCCEEDED(result)) fail(SQL_HANDLE_STMT, statement);
    if (length == SQL_NULL_DATA) {
      printf("null");
      return;
    }
    if (first) putchar('"');
    first = 0;
    for (size_t i = 0; piece[i] != 0; ++i) print_byte(piece[i]);
    if (result == SQL_SUCCESS) break;
  }
  putchar('"');
}
#endif

int main(int argc, char** argv) {
  SQLHENV environment = NULL;
  SQLHDBC connection = NULL;
  SQLHSTMT statement = NULL;
  SQLSMALLINT columns = 0;
  SQLRETURN result;
  if (argc != 3) return 2;
  SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
  SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
  SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection);
#ifdef CLIENT_WIDE
  result = SQLDriverConnectW(connection, NULL, widen(argv[1]), SQL_NTS, NULL, 0, NULL,
                             SQL_DRIVER_NOPROMPT);
#else
  result = SQLDriverConnect(connection, NULL, (SQLCHAR*)argv[1], SQL_NTS, NULL, 0, NULL,
                            SQL_DRIVER_NOPROMPT);
#endif
  if (!SQL_SUCCEEDED(result)) fail(SQL_HANDLE_DBC, connection);
  SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement);
#ifdef CLIENT_WIDE
  result = SQLExecDirectW(statement, widen(argv[2]), SQL_NTS);
#else
  result = SQLExecDirect(statement, (SQLCHAR*)argv[2], SQL_NTS);
#endif
  if (!SQL_SUCCEEDED(result)) fail(SQL_HANDLE_STMT, statement);
  SQLNumResultCols(statement, &columns);
  while (SQL_SUCCEEDED(result = SQLFetch(statement))) {
    putchar('[');
    for (SQLSMALLINT column = 1; column <= columns; ++column) {
      if (column > 1) putchar(',');
      print_value(statement, (SQLUSMALLINT)column);
    }
    printf("]\n");
  }
  if (result != SQL_NO_DATA) fail(SQL_HANDLE_STMT, statement);
  SQLFreeHandle(SQL_HANDLE_STMT, statement);
  SQLDisconnect(connection);
  SQLFreeHandle(SQL_HANDLE_DBC, connection);
  SQLFreeHandle(SQL_HANDLE_ENV, environment);
  return 0;
}
