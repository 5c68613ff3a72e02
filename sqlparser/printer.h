// Syntax tree to SQL text: for SQLNativeSql, EXPLAIN and messages.
#pragma once

#include <string>

#include "sqlparser/ast.h"

namespace graphodbc::sqlparser {

// Text in our own dialect: keywords in upper case, ODBC escapes resolved, names quoted with double
// quotes where they were quoted at all, comments dropped. Markers keep their order. Parsing the
// text gives the same tree, so print(parse(print(x))) == print(x).
std::string print(const Statement& statement);
std::string print(const Query& query);
std::string print(const Expr& expr);

// CAST's spelling of a type: "VARCHAR(20)", "DECIMAL(18,2)", "TIMESTAMP(7)".
std::string print(const base::TypeInfo& type);

}  // namespace graphodbc::sqlparser
