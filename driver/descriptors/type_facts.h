// What ODBC Appendix D says of each SQL type: names, sizes, default C type, ODBC 2 number. One
// source for the IRD, SQLColumns and SQLGetTypeInfo.
#pragma once

#include <string_view>

#include "base/sql_type.h"
#include "driver/odbc.h"

namespace graphodbc::driver {

struct TypeFacts {
  base::SqlType type;
  std::string_view name;            // TYPE_NAME, also what CAST accepts
  std::string_view literal_prefix;  // empty: none
  std::string_view literal_suffix;
  std::string_view create_params;
  SQLSMALLINT verbose;        // SQL_DATETIME for dates and times, else the type
  SQLSMALLINT datetime_code;  // 0: not a date or time
  SQLSMALLINT odbc2;          // number in results of ODBC 2 environments
  SQLSMALLINT default_c_type;
  SQLINTEGER radix;         // NUM_PREC_RADIX; 0: not a number
  bool unsigned_attribute;  // SQL_DESC_UNSIGNED: true also for all that is no number
  bool case_sensitive;
  SQLSMALLINT searchable;  // SQL_PRED_...
};

// Every type of base::SqlType but kUnknown, which has the facts of WVARCHAR.
const TypeFacts& type_facts(base::SqlType type);

// Column size, display size and octet length of a column (Appendix D, "Column Size, Decimal Digits,
// Transfer Octet Length, and Display Size"). For ANSI applications text sizes are those of its
// UTF-8 worst case, because narrow clients size their buffers from them (clients.md 12).
SQLULEN column_size(const base::TypeInfo& type, bool ansi);
SQLLEN display_size(const base::TypeInfo& type, bool ansi);
SQLLEN octet_length(const base::TypeInfo& type, bool ansi);
// Decimal digits, or -1 where ODBC says "n/a".
SQLSMALLINT decimal_digits(const base::TypeInfo& type);

// Type number as an application of that ODBC version knows it (93 or 11).
SQLSMALLINT type_number(base::SqlType type, bool odbc2);
// ODBC 2 date, time and timestamp numbers (9, 10, 11), of SQL or C types, as ODBC 3 ones.
SQLSMALLINT modern_type(SQLSMALLINT type);
// Default C type of an SQL type number; SQL_C_CHAR where nothing better is known.
SQLSMALLINT default_c_type(SQLSMALLINT sql_type);
// Bytes of a fixed-length C type; 0 for character and binary, -1 for an unknown C type.
SQLLEN fixed_c_size(SQLSMALLINT c_type);

}  // namespace graphodbc::driver
