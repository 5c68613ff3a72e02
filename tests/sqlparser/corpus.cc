#include "tests/sqlparser/corpus.h"

#include <cstdlib>
#include <fstream>
#include <regex>
#include <stdexcept>

namespace graphodbc::sqlparser::testing {
namespace {

std::string corpus_path() {
  const char* shared = std::getenv("GRAPHODBC_SHARED");
  const std::string folder =
      shared != nullptr ? shared : std::string(GRAPHODBC_SOURCE_DIR) + "/../shared";
  return folder + "/sql/corpus.sql";
}

}  // namespace

std::vector<CorpusStatement> read_corpus() {
  const std::string path = corpus_path();
  std::ifstream file(path);
  if (!file) throw std::runtime_error("no SQL corpus at " + path + "; set GRAPHODBC_SHARED");
  const std::regex header(R"(-- (\d{3}) \{([^}]*)\} (.*))");
  std::vector<CorpusStatement> statements;
  bool open = false;
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (!open && std::regex_match(line, match, header)) {
      statements.push_back({std::stoi(match[1]), match[2], match[3], ""});
      open = true;
    } else if (open) {
      std::string& sql = statements.back().sql;
      sql += sql.empty() ? line : "\n" + line;
      open = sql.back() != ';';
    }
  }
  return statements;
}

}  // namespace graphodbc::sqlparser::testing
