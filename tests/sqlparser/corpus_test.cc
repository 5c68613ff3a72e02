#include "tests/sqlparser/corpus.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/error.h"
#include "sqlparser/parser.h"
#include "sqlparser/printer.h"

namespace graphodbc::sqlparser {
namespace {

using testing::CorpusStatement;
using testing::read_corpus;

// The statements whose fault is one of syntax. The other {error} statements are well formed: names
// and types are the binder's.
const std::map<int, std::string>& syntax_faults() {
  static const std::map<int, std::string> faults = {{18, "HYC00"},  {50, "42000"},  {141, "42000"},
                                                    {146, "22019"}, {149, "22007"}, {150, "42000"}};
  return faults;
}

std::string label(const CorpusStatement& statement) {
  return std::to_string(statement.number) + " " + statement.title + ": " + statement.sql;
}

// Counts markers without the lexer: no statement of the corpus has `?` in a comment.
std::uint32_t count_question_marks(const std::string& sql) {
  std::uint32_t count = 0;
  char quote = 0;
  for (const char c : sql) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    } else if (c == '?') {
      ++count;
    }
  }
  return count;
}

TEST(Corpus, IsWholeAndNumbered) {
  const auto corpus = read_corpus();
  ASSERT_GE(corpus.size(), 150U);
  for (std::size_t i = 0; i < corpus.size(); ++i) {
    EXPECT_EQ(corpus[i].number, static_cast<int>(i) + 1) << label(corpus[i]);
    EXPECT_EQ(corpus[i].sql.back(), ';') << label(corpus[i]);
  }
}

TEST(Corpus, WellFormedStatementsParse) {
  for (const CorpusStatement& entry : read_corpus()) {
    if (syntax_faults().count(entry.number) != 0) continue;
    try {
      const StatementPtr statement = parse_statement(entry.sql);
      EXPECT_EQ(count_parameters(*statement), count_question_marks(entry.sql)) << label(entry);
    } catch (const base::Error& error) {
      ADD_FAILURE() << label(entry) << "\n" << error.message();
    }
  }
}

TEST(Corpus, StatementKindsFollowTheTags) {
  for (const CorpusStatement& entry : read_corpus()) {
    if (entry.tag.starts_with("error")) continue;
    const StatementKind kind = parse_statement(entry.sql)->kind;
    if (entry.tag == "call") {
      EXPECT_EQ(kind, StatementKind::kCall) << label(entry);
    } else if (entry.tag == "dml") {
      EXPECT_TRUE(kind == StatementKind::kInsert || kind == StatementKind::kUpdate ||
                  kind == StatementKind::kDelete)
          << label(entry);
    } else {
      EXPECT_EQ(kind, StatementKind::kSelect) << label(entry);
    }
  }
}

TEST(Corpus, SyntaxFaultsHaveTheirStateAndAPosition) {
  std::size_t seen = 0;
  for (const CorpusStatement& entry : read_corpus()) {
    const auto fault = syntax_faults().find(entry.number);
    if (fault == syntax_faults().end()) continue;
    ++seen;
    EXPECT_EQ(entry.tag, "error " + fault->second) << label(entry);
    try {
      parse_statement(entry.sql);
      ADD_FAILURE() << "parsed: " << label(entry);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state().code(), fault->second) << label(entry);
      EXPECT_NE(error.message().find(" at 1:"), std::string::npos) << error.message();
    }
  }
  EXPECT_EQ(seen, syntax_faults().size());
}

TEST(Corpus, PrintedTextParsesToTheSameText) {
  for (const CorpusStatement& entry : read_corpus()) {
    if (syntax_faults().count(entry.number) != 0) continue;
    const StatementPtr statement = parse_statement(entry.sql);
    const std::string printed = print(*statement);
    try {
      const StatementPtr again = parse_statement(printed);
      EXPECT_EQ(print(*again), printed) << label(entry);
      EXPECT_EQ(again->parameter_count, statement->parameter_count) << label(entry);
    } catch (const base::Error& error) {
      ADD_FAILURE() << label(entry) << "\n" << printed << "\n" << error.message();
    }
  }
}

}  // namespace
}  // namespace graphodbc::sqlparser
