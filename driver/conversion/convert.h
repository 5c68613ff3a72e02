// Cells to C buffers, and bound parameters to values (ODBC Appendix D, "Converting Data").
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/cell.h"
#include "base/sql_type.h"
#include "base/sqlstate.h"
#include "base/value.h"
#include "driver/odbc.h"

namespace graphodbc::driver {

// Outcome of one delivery. Codes, not exceptions: one cell of a rowset may fail alone
// (decisions.md 24). Order matters: everything from kFirstError on is an error of the row.
enum class ConvertResult : std::uint8_t {
  kOk,
  kNoData,            // SQLGetData after the last piece
  kTruncated,         // 01004
  kFractionLost,      // 01S07
  kNotConvertible,    // 07006
  kNullNoIndicator,   // 22002
  kOutOfRange,        // 22003
  kBadDatetime,       // 22007
  kInvalidCharacter,  // 22018: text is no number, GUID, BIT, or the JSON does not fit the column
};
inline constexpr ConvertResult kFirstError = ConvertResult::kNotConvertible;
constexpr bool is_error(ConvertResult result) {
  return result >= kFirstError;
}
// State and text of an outcome that needs a record; nullopt for kOk and kNoData.
struct ConvertNote {
  base::SqlState state;
  std::string_view text;
};
std::optional<ConvertNote> note_of(ConvertResult result);

// Where one cell goes. Addresses are final: offset and row are already added (pitfalls 9.4).
struct TargetBuffer {
  SQLSMALLINT c_type = SQL_C_CHAR;  // concise, ODBC 3 number, never SQL_C_DEFAULT
  SQLPOINTER pointer = nullptr;     // null: only the indicators are wanted (bound columns)
  SQLLEN buffer_length = 0;         // bytes; ignored for fixed-length types
  SQLLEN* octet_length_ptr = nullptr;
  SQLLEN* indicator_ptr = nullptr;  // may equal octet_length_ptr
  SQLSMALLINT precision = 0;        // of SQL_C_NUMERIC, from the descriptor (pitfalls 7.5)
  SQLSMALLINT scale = 0;
  SQLULEN max_length = 0;  // SQL_ATTR_MAX_LENGTH in characters or bytes; 0: none
};

// Progress of SQLGetData through one cell (pitfalls 8.1 to 8.3). A new one starts at the beginning.
struct GetDataState {
  SQLSMALLINT c_type = 0;
  bool started = false;
  bool finished = false;   // next call gives kNoData
  std::size_t offset = 0;  // bytes of the delivered form handed out so far
  std::string delivered;   // the whole value in the form of c_type; filled by the first call
};

// One cell to one buffer. `chunk` null: a bound column, that is cut at a character and not
// continued; else SQLGetData, filled to the last unit.
ConvertResult deliver(const base::Cell& cell, const base::TypeInfo& type,
                      const TargetBuffer& target, GetDataState* chunk);

// Whether any cell of an SQL type may be delivered as a C type (the matrix of Appendix D); false is
// 07006 before the row is looked at.
bool is_convertible(base::SqlType sql_type, SQLSMALLINT c_type);

// Chosen once a column when it is bound: `[kind]` of cells for one C type, so that no switch over
// the C type runs per row.
using Converter = ConvertResult (*)(const base::Cell&, const base::TypeInfo&, const TargetBuffer&);
// One entry for each base::CellKind, in order; a null entry is 07006. Null: unknown C type.
const Converter* converters_for(SQLSMALLINT c_type);

// A bound parameter of one set. Addresses are final.
struct ParameterBuffer {
  SQLSMALLINT c_type = SQL_C_CHAR;      // concise, ODBC 3 number, never SQL_C_DEFAULT
  SQLSMALLINT sql_type = SQL_WVARCHAR;  // as given to SQLBindParameter
  SQLULEN column_size = 0;
  SQLSMALLINT decimal_digits = 0;
  SQLSMALLINT precision = 0;  // of SQL_C_NUMERIC, from the APD
  SQLSMALLINT scale = 0;
  const void* pointer = nullptr;
  SQLLEN buffer_length = 0;
  // Bytes of character and binary data, SQL_NTS, SQL_NULL_DATA; SQL_NTS when no pointer was bound.
  SQLLEN length = SQL_NTS;
};

// The value to execute with: of the C data's natural kind, converted to `sql_type`'s family where
// that differs (SQL_C_CHAR bound as SQL_INTEGER). Throws base::Error 07006, 07S01, 22001, 22003,
// 22007, 22008, 22018, HY009, HY090; the message names parameter `number`.
base::Value read_parameter(const ParameterBuffer& buffer, SQLUSMALLINT number);
// The type that a marker takes from its binding where the statement leaves it open
// (sql-dialect.md 4.7). The bound length of text and binary data does not count: many clients bind
// one that has nothing to do with the column. Unknown for a DECIMAL without a precision.
base::TypeInfo marker_type(const ParameterBuffer& buffer);

}  // namespace graphodbc::driver
