// The ODBC headers, in the one width this driver is built for.
#pragma once

#define SQL_NOUNICODEMAP
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

namespace graphodbc::driver {

// unixODBC's default: UTF-16 in SQLWCHAR and 64-bit lengths. A mismatch would show only when a
// diagnostic is read and overruns the manager's buffer, so it must not compile.
static_assert(sizeof(SQLWCHAR) == 2, "SQLWCHAR must be UTF-16");
static_assert(sizeof(SQLLEN) == sizeof(void*), "SQLLEN must be pointer-sized");
static_assert(sizeof(SQLINTEGER) == 4 && sizeof(SQLSMALLINT) == 2);

}  // namespace graphodbc::driver
