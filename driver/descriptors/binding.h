// What SQLBindCol, SQLBindParameter and SQLSetDescRec write into descriptors.
#pragma once

#include "driver/descriptors/descriptor.h"
#include "driver/odbc.h"

namespace graphodbc::driver {

struct ColumnBinding {
  SQLUSMALLINT column = 0;
  SQLSMALLINT c_type = SQL_C_DEFAULT;
  SQLPOINTER target = nullptr;
  SQLLEN buffer_length = 0;
  SQLLEN* length_or_indicator = nullptr;
};

struct ParameterBinding {
  SQLUSMALLINT number = 0;
  SQLSMALLINT direction = SQL_PARAM_INPUT;
  SQLSMALLINT c_type = SQL_C_DEFAULT;
  SQLSMALLINT sql_type = SQL_WVARCHAR;
  SQLULEN column_size = 0;
  SQLSMALLINT decimal_digits = 0;
  SQLPOINTER value = nullptr;
  SQLLEN buffer_length = 0;
  SQLLEN* length_or_indicator = nullptr;
};

struct RecordFields {
  SQLSMALLINT type = 0;
  SQLSMALLINT sub_type = 0;
  SQLLEN length = 0;
  SQLSMALLINT precision = 0;
  SQLSMALLINT scale = 0;
  SQLPOINTER data = nullptr;
  SQLLEN* octet_length = nullptr;
  SQLLEN* indicator = nullptr;
};

// Null target and indicator unbind. Throws base::Error 07009, HY003, HY090.
void bind_column(Descriptor& ard, const ColumnBinding& binding);

// Throws base::Error 07009, HY003, HY004, HY009, HY090, HY105, HYC00 (output parameters).
void bind_parameter(Descriptor& apd, Descriptor& ipd, const ParameterBinding& binding);

// Throws base::Error 07009, HY016, HY021.
void set_descriptor_record(Descriptor& descriptor, SQLSMALLINT number, const RecordFields& fields);

}  // namespace graphodbc::driver
