// The SQL corpus shared by all suites: statements in the shapes that real clients send.
#pragma once

#include <string>
#include <vector>

namespace graphodbc::sqlparser::testing {

struct CorpusStatement {
  int number = 0;
  std::string tag;    // "plain", "odbc", "dml", "call", "error 42000"
  std::string title;  // client and purpose
  std::string sql;    // with its semicolon
};

// Reads corpus.sql from $GRAPHODBC_SHARED/sql, else from ../shared/sql beside the source tree.
// Throws std::runtime_error when it is missing: a test without its corpus has tested nothing.
std::vector<CorpusStatement> read_corpus();

}  // namespace graphodbc::sqlparser::testing
