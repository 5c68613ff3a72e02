// Words with a meaning. Only the reserved ones are closed as bare names; every other keyword is
// recognised by its place.
#pragma once

#include <string>
#include <string_view>

namespace graphodbc::sqlparser {

// ASCII letters only: keywords have no others, and the Turkish dotless i must not matter.
bool equal_keyword(std::string_view word, std::string_view upper_case_keyword);
std::string to_upper_ascii(std::string_view word);

// sql-dialect.md section 1. TOP is not among them: it is a keyword only before a number, a marker
// or a bracket.
bool is_reserved(std::string_view word);

// LEFT, RIGHT, INSERT, REPLACE: functions where a bracket follows.
bool is_reserved_function(std::string_view word);

// Whether `text` can stand without quotes as a name.
bool is_bare_name(std::string_view text);

// Letters of names: Unicode letters and `_` first, then also digits, marks and `$ # @`.
bool starts_name(char32_t code_point);
bool continues_name(char32_t code_point);

}  // namespace graphodbc::sqlparser
