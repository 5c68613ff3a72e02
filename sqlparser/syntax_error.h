// Messages of the lexer and the parser: `syntax error near 'token' at line:column: expected ...`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sqlparser/ast.h"

namespace graphodbc::sqlparser {

// "line:column", counted from 1.
std::string describe(SourcePosition position);

// 'text' in quotes, cut to 40 characters, control characters as blanks; an empty text is the end
// of the statement.
std::string quote_excerpt(std::string_view text);

// 42000, "syntax error near 'near' at line:column: problem".
[[noreturn]] void fail_syntax(std::string_view near, SourcePosition position,
                              std::string_view problem);

// 42000, "too many <what> near 'near' at line:column: the limit is <limit> <what>".
[[noreturn]] void fail_limit(std::string_view near, SourcePosition position, std::string_view what,
                             std::size_t limit);

// HYC00, "<what> is not supported near 'near' at line:column".
[[noreturn]] void fail_unsupported(std::string_view near, SourcePosition position,
                                   std::string_view what);

}  // namespace graphodbc::sqlparser
