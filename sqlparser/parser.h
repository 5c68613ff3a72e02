// SQL text to syntax tree.
#pragma once

#include <cstdint>
#include <string_view>

#include "sqlparser/ast.h"

namespace graphodbc::sqlparser {

// Parses one statement of the dialect. `sql` is UTF-8 and need not live on; one trailing NUL and
// one trailing semicolon are accepted.
//
// Throws base::Error, the message naming the offending text and its line:column:
//   42000  syntax, unterminated string/quote/comment/escape, malformed UTF-8, second statement, a
//          limit of limits.h (named)
//   HYC00  recognised but not offered (CREATE, SELECT INTO, FOR UPDATE, INTERSECT ALL, ..)
//   21S01  rows of INSERT .. VALUES of unequal width
//   22007  DATE/TIME/TIMESTAMP literal that is none; 22018 GUID literal that is none
//   22019  ESCAPE literal whose length is not one character
//   HY024  LIMIT/TOP/OFFSET/FETCH with a negative or non-integer literal
StatementPtr parse_statement(std::string_view sql);

// Number of parameter markers of a parsed statement.
inline std::uint32_t count_parameters(const Statement& statement) {
  return statement.parameter_count;
}

}  // namespace graphodbc::sqlparser
