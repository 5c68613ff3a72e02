#pragma once

#include <string>

struct sqlite3;

namespace graphodbc::test {

// Simple case folding: CaseFolding.txt, status C and S.
std::string folded(const std::string& text);

// What the oracle needs beyond stock SQLite. NULL arguments give NULL throughout.
//   LIKE           case-sensitive, by code points, ESCAPE as in SQL
//   like_nocase(x, pattern)   the same without regard to case
//   fold(s)        as folded(); the collation FOLD compares what it gives by code points
//   length(s)      code points, trailing blanks not counted (ODBC Appendix E)
//   char_length(s) code points
//   upper, lower   simple mapping of every letter of Unicode, not of ASCII alone
//   ticks(ts)      units of 100 ns since 1970 of a timestamp or date in the oracle's form
void register_oracle_functions(sqlite3* database);

}  // namespace graphodbc::test
