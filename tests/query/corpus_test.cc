// The statements that clients send (shared/sql/corpus.sql): each parses and binds, and is refused
// only where its tag says so.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "tests/query/fake_graph.h"
#include "tests/query/tree_text.h"

namespace graphodbc::query {
namespace {

struct Statement {
  std::string number, tag, sql;
};

std::vector<Statement> read_corpus() {
  const char* folder = std::getenv("GRAPHODBC_SHARED");
  const std::string path =
      (folder != nullptr ? std::string(folder) : std::string(GRAPHODBC_SOURCE_DIR) + "/../shared") +
      "/sql/corpus.sql";
  std::ifstream file(path);
  EXPECT_TRUE(file) << "cannot read " << path << "; set GRAPHODBC_SHARED";
  std::vector<Statement> statements;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("-- ", 0) == 0 && line.size() > 7 && line[6] == ' ' && line[7] == '{') {
      const std::size_t end = line.find('}');
      statements.push_back({line.substr(3, 3), line.substr(8, end - 8), ""});
    } else if (!statements.empty() && line.rfind("--", 0) != 0) {
      statements.back().sql += line + "\n";
    }
  }
  return statements;
}

TEST(Corpus, EveryStatementGetsItsAnswer) {
  std::map<std::string, int> answers;
  for (const Statement& statement : read_corpus()) {
    std::string sql = statement.sql;
    sql.erase(sql.find_last_not_of(" \n") + 1);
    const Failure failure = prepare_failure(sql);
    ++answers[failure.state];
    const std::string where = statement.number + " " + sql + "\n" + failure.message;
    if (statement.tag.rfind("error ", 0) == 0) {
      const std::string wanted = statement.tag.substr(6, 5);
      // A constant that does not convert may be told at execute.
      if (wanted == "22018" && failure.state.empty()) continue;
      EXPECT_EQ(failure.state, wanted) << where;
    } else if (statement.tag == "dml" || statement.tag == "call") {
      EXPECT_EQ(failure.state, "25006") << where;
    } else {
      EXPECT_NO_THROW(bind_sql(sql)) << where;
      EXPECT_TRUE(failure.state.empty() ||
                  // Fan-out over all messages comes with the local engine.
                  failure.message.find("Attachments can only be read") != std::string::npos)
          << failure.state << " " << where;
    }
  }
  EXPECT_GT(answers[""], 40);
}

}  // namespace
}  // namespace graphodbc::query
