// SQLGetDiagRec and SQLGetDiagField over a handle's records. Neither posts nor clears anything
// (pitfalls 4.1): the driver manager reads until SQL_NO_DATA and would loop for ever otherwise.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "driver/diagnostics/diagnostics.h"
#include "driver/handles/handle.h"

namespace graphodbc::driver {

// The records of a handle; for one made before fork(), a fixed 08S01 (decisions.md 23), so that
// nothing of the parent's state is touched.
const Diagnostics& diagnostics_of(Handle& handle);

// One field: text, or a number whose width the field decides.
struct DiagField {
  enum class Width { kText, kSmallInt, kInteger, kLen } width = Width::kText;
  std::string text;
  SQLLEN number = 0;
};

// SQL_SUCCESS and `field` filled, SQL_NO_DATA past the last record, or SQL_ERROR (unknown field, a
// record field of record 0, a statement's header field asked of another handle).
SQLRETURN read_diag_field(Handle& handle, SQLSMALLINT record, SQLSMALLINT id, DiagField& field);

}  // namespace graphodbc::driver
