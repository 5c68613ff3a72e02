// Every statement of the corpus behaves as its tag says, through the driver manager, and gives the
// rows that SQLite gives over the same data (corpus_values.json says where and why the oracle runs
// another text).
#include <gtest/gtest.h>

#include <memory>
#include <regex>

#include "tests/e2e/corpus.h"
#include "tests/e2e/odbc.h"
#include "tests/e2e/oracle.h"
#include "tests/e2e/result.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

class Corpus : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    tenant_ = std::make_unique<Tenant>(
        std::vector<std::string>{"--messages", "500", "--users", "40", "--drive-items", "200"});
    connection_ = std::make_unique<Connection>(tenant_->connection_string());
    oracle_ = std::make_unique<Oracle>();
    oracle_->load(*connection_, true);
    values_ = std::make_unique<CorpusValues>(*oracle_);
  }
  static void TearDownTestSuite() {
    values_.reset();
    oracle_.reset();
    connection_.reset();
    tenant_.reset();
  }

  // Prepares, describes, executes, describes again and reads.
  static Result run(const CorpusQuery& query) {
    Statement statement(*connection_);
    statement.prepare(query.sql);
    const std::vector<ColumnInfo> prepared = describe(statement);
    const BoundMarkers markers(statement, query.markers);
    statement.execute();
    Result result;
    result.columns = describe(statement);
    EXPECT_EQ(prepared.size(), result.columns.size());
    for (std::size_t i = 0; i < std::min(prepared.size(), result.columns.size()); ++i) {
      EXPECT_EQ(to_text(prepared[i]), to_text(result.columns[i]))
          << "after SQLExecute of " << query.sql;
    }
    result.rows = statement.fetch_all();
    return result;
  }

  static std::vector<TextRow> expected(const std::string& sql, const CorpusQuery& query) {
    std::vector<OracleValue> values;
    for (const CorpusMarker& marker : query.markers) values.push_back(marker.value);
    return oracle_->query(sql, values);
  }

  static std::size_t column_of(const std::string& name, const Result& result) {
    for (std::size_t i = 0; i < result.columns.size(); ++i) {
      if (result.columns[i].name == name) return i;
    }
    return std::stoul(name) - 1;
  }

  static Result only(const std::vector<unsigned>& columns, const Result& result) {
    Result out;
    for (const unsigned column : columns) out.columns.push_back(result.columns[column - 1]);
    for (const TextRow& row : result.rows) {
      TextRow kept;
      for (const unsigned column : columns) kept.push_back(row[column - 1]);
      out.rows.push_back(std::move(kept));
    }
    return out;
  }

  // What differs from the oracle; nullopt when nothing does.
  static std::optional<std::string> disagreement(const CorpusQuery& query, Result result,
                                                 const std::vector<TextRow>& oracle_rows) {
    Result wanted{result.columns, oracle_rows};
    if (!wanted.rows.empty() && wanted.rows.front().size() != result.columns.size()) {
      return "the oracle gives " + std::to_string(wanted.rows.front().size()) + " columns";
    }
    if (!query.compared_columns.empty()) {
      wanted = only(query.compared_columns, wanted);
      result = only(query.compared_columns, result);
    }
    // The order's keys come in one sequence, whichever of equal rows stand there.
    for (const std::string& name : query.ordered_columns) {
      const std::vector<unsigned> key = {static_cast<unsigned>(column_of(name, result) + 1)};
      const auto text = difference(only(key, result), only(key, wanted).rows, true);
      if (text) return text;
    }
    if (!query.oracle_sample) return difference(result, wanted.rows, query.every_column_ordered);
    return difference_from_sample(result, expected(*query.oracle_sample, query),
                                  wanted.rows.size());
  }

  static std::unique_ptr<Tenant> tenant_;
  static std::unique_ptr<Connection> connection_;
  static std::unique_ptr<Oracle> oracle_;
  static std::unique_ptr<CorpusValues> values_;
};
std::unique_ptr<Tenant> Corpus::tenant_;
std::unique_ptr<Connection> Corpus::connection_;
std::unique_ptr<Oracle> Corpus::oracle_;
std::unique_ptr<CorpusValues> Corpus::values_;

TEST_F(Corpus, QueriesGiveTheOraclesRows) {
  std::size_t with_rows = 0;
  std::size_t queries = 0;
  for (const CorpusStatement& statement : read_corpus()) {
    if (!statement.is_query()) continue;
    ++queries;
    const CorpusQuery query = values_->query(statement);
    const std::vector<TextRow> wanted = expected(query.oracle, query);
    try {
      const Result result = run(query);
      if (!result.rows.empty()) ++with_rows;
      const auto text = disagreement(query, result, wanted);
      EXPECT_FALSE(text.has_value()) << statement.number << " " << query.sql << "\n"
                                     << *text << "\n  oracle ran: " << query.oracle;
    } catch (const OdbcError& error) {
      ADD_FAILURE() << statement.number << " " << query.sql << "\n  " << error.what();
    }
  }
  EXPECT_GT(queries, 120u);
  EXPECT_GE(with_rows, 100u) << "too many statements of the corpus find nothing to select";
  std::printf("%zu of %zu queries return rows\n", with_rows, queries);
}

TEST_F(Corpus, MistakesGetTheirStateAndAPosition) {
  static const std::regex kPosition(R"( at \d+:\d+)");
  for (const CorpusStatement& statement : read_corpus()) {
    if (statement.is_query()) continue;
    const bool mistake = statement.tag.rfind("error ", 0) == 0;
    const std::string wanted = mistake ? statement.tag.substr(6, 5) : "25006";
    SCOPED_TRACE(statement.number + " " + statement.sql);
    try {
      Statement refused(*connection_);
      refused.prepare(statement.sql);
      refused.execute();
      refused.fetch_all();
      ADD_FAILURE() << "not refused";
    } catch (const OdbcError& error) {
      EXPECT_EQ(error.state(), wanted) << error.what();
      EXPECT_TRUE(!mistake || std::regex_search(error.records.front().message, kPosition))
          << error.what();
    }
  }
}

}  // namespace
}  // namespace graphodbc::test
