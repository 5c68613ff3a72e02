#include "sqlparser/keywords.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/utf.h"

namespace graphodbc::sqlparser {
namespace {

constexpr std::array<std::string_view, 47> kReserved = {
    "ALL",    "AND",      "AS",     "BETWEEN", "BY",     "CASE",    "CAST",      "CROSS",
    "DELETE", "DISTINCT", "ELSE",   "END",     "EXCEPT", "EXISTS",  "FETCH",     "FROM",
    "FULL",   "GROUP",    "HAVING", "IN",      "INNER",  "INSERT",  "INTERSECT", "INTO",
    "IS",     "JOIN",     "LEFT",   "LIKE",    "LIMIT",  "NATURAL", "NOT",       "NULL",
    "OFFSET", "ON",       "OR",     "ORDER",   "RIGHT",  "SELECT",  "SET",       "THEN",
    "UNION",  "UPDATE",   "USING",  "VALUES",  "WHEN",   "WHERE",   "WITH"};
constexpr std::size_t kLongestReserved = 9;

constexpr std::array<std::string_view, 4> kReservedFunctions = {"INSERT", "LEFT", "REPLACE",
                                                                "RIGHT"};

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

bool equal_keyword(std::string_view word, std::string_view upper_case_keyword) {
  return word.size() == upper_case_keyword.size() &&
         std::equal(word.begin(), word.end(), upper_case_keyword.begin(),
                    [](char left, char right) { return upper(left) == right; });
}

std::string to_upper_ascii(std::string_view word) {
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(), upper);
  return out;
}

bool is_reserved(std::string_view word) {
  if (word.size() > kLongestReserved) return false;
  return std::binary_search(kReserved.begin(), kReserved.end(), to_upper_ascii(word));
}

bool is_reserved_function(std::string_view word) {
  return std::any_of(kReservedFunctions.begin(), kReservedFunctions.end(),
                     [&](std::string_view name) { return equal_keyword(word, name); });
}

bool starts_name(char32_t code_point) {
  return code_point == U'_' || base::is_letter(code_point);
}

bool continues_name(char32_t code_point) {
  if (starts_name(code_point)) return true;
  if (code_point < 0x80) {
    return (code_point >= U'0' && code_point <= U'9') || code_point == U'$' || code_point == U'#' ||
           code_point == U'@';
  }
  // Marks belong to the letter before them: without them decomposed and Indic names would break.
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return false;
  }
}

bool is_bare_name(std::string_view text) {
  if (text.empty() || is_reserved(text)) return false;
  std::size_t offset = 0;
  if (!starts_name(base::next_code_point(text, offset))) return false;
  while (offset < text.size()) {
    if (!continues_name(base::next_code_point(text, offset))) return false;
  }
  return true;
}

}  // namespace graphodbc::sqlparser
