// Descriptor fields by number: SQLSetDescField, SQLGetDescField and SQLColAttribute over one table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "driver/descriptors/descriptor.h"
#include "driver/odbc.h"

namespace graphodbc::driver {

// The variable that a field is read into (SQLSetDescField, "Header Fields", "Record Fields").
enum class FieldWidth : std::uint8_t { kSmallInt, kInteger, kLen, kPointer, kText };

struct FieldValue {
  FieldWidth width = FieldWidth::kSmallInt;
  SQLLEN number = 0;      // also pointers
  std::string_view text;  // lives as long as the descriptor's record
};

// SQL_SUCCESS, or SQL_NO_DATA beyond SQL_DESC_COUNT. Throws base::Error HY091 (no such field of
// this kind of descriptor), 07009 (bad record number), HY007 (a result that does not exist yet).
SQLRETURN get_descriptor_field(const Descriptor& descriptor, SQLSMALLINT record, SQLSMALLINT id,
                               FieldValue& value);

// `value` is the number or pointer. Throws base::Error HY016 (row descriptor of a result), HY091,
// HY021 (inconsistent type), 07009, HY024.
void set_descriptor_field(Descriptor& descriptor, SQLSMALLINT record, SQLSMALLINT id, SQLLEN value);
void set_descriptor_name(Descriptor& descriptor, SQLSMALLINT record, std::string name);
bool is_text_field(SQLSMALLINT id);

// SQLColAttribute: the ODBC 3 fields and the ODBC 2 ids with their own meanings (1 name, 3 length
// in bytes, 4 column size, 5 decimal digits, 7 nullable). Throws base::Error HY091, 07009.
FieldValue column_attribute(const Descriptor& ird, SQLUSMALLINT column, SQLUSMALLINT id);

}  // namespace graphodbc::driver
