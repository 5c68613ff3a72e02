// Conversion between SQL types: CAST, CONVERT, constants beside another type, markers.
// ODBC Appendix D "Converting Data"; sql-dialect.md section 6 (CONVERT) for the SQLSTATEs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/cell.h"
#include "base/error.h"
#include "base/sql_type.h"
#include "query/expression/expression.h"

namespace graphodbc::query {

// What one conversion needs besides the value. `what` names the value in messages ("parameter 2");
// empty: the position is named.
struct CastJob {
  base::TypeInfo from;
  base::TypeInfo to;
  base::Arena& arena;
  Position position;
  std::string_view what;
  std::int64_t statement_start = 0;                // the date of TIME to TIMESTAMP (Appendix D)
  std::vector<base::Warning>* warnings = nullptr;  // 01004
};

// 22018, 22007, 22003, 22001, or 42000 when the types do not convert. Null stays null. Text that is
// too long is cut with warning 01004; anything else that does not fit is an error.
base::Cell cast(const base::Cell& cell, const CastJob& job);

// Text to whatever number it is, for comparison with a number: `1.5` stays 1.5 beside INTEGER.
base::Cell text_to_number(const base::Cell& cell, const CastJob& job);

// Text of any cell; numbers as in CAST to text. GUIDs lower case, binary as hex.
std::string_view cell_text(const base::Cell& cell, const base::TypeInfo& type, base::Arena& arena);

// SQL type that a cell's kind stands for, where nothing better is known.
base::TypeInfo type_of_cell(const base::Cell& cell);

// "text at line:column" thrown as an Error.
[[noreturn]] void fail(base::SqlState state, const std::string& message, const Position& position);
// 'text' for messages, cut to 40 characters.
std::string quoted(std::string_view text);

}  // namespace graphodbc::query
