// The statements that clients send (shared/sql/corpus.sql) and the values that make them meaningful
// for an emulated tenant (corpus_values.json).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/odbc.h"
#include "tests/e2e/oracle.h"
#include "tests/e2e/result.h"

namespace graphodbc::test {

struct CorpusStatement {
  std::string number;  // three digits
  std::string tag;     // plain, odbc, dml, call, "error 42S02" ...
  std::string sql;     // as a client sends it, with its semicolon
  bool is_query() const { return tag == "plain" || tag == "odbc"; }
};
// Reads ../shared/sql/corpus.sql, or below the folder that GRAPHODBC_SHARED names.
std::vector<CorpusStatement> read_corpus();

// A value for a marker. Timestamps and their parts are in the oracle's form.
struct CorpusMarker {
  enum class Type { kText, kInteger, kReal, kBit, kTimestamp } type = Type::kText;
  OracleValue value;
};

// A corpus statement with this tenant's values in place of its literals.
struct CorpusQuery {
  std::string sql;
  std::vector<CorpusMarker> markers;
  std::string oracle;                        // the same for SQLite
  std::optional<std::string> oracle_sample;  // all rows of which a LIMIT without order takes some
  bool every_column_ordered = false;
  std::vector<std::string> ordered_columns;  // names, or numbers from 1
  std::vector<unsigned> compared_columns;    // from 1; empty: all
};

class CorpusValues {
 public:
  // Looks the facts up in the oracle, which holds what the emulator serves.
  explicit CorpusValues(const Oracle& oracle);
  CorpusQuery query(const CorpusStatement& statement) const;

 private:
  std::string with_facts(const std::string& text, bool quoted) const;
  CorpusMarker marker(const nlohmann::json& value) const;

  nlohmann::json statements_;
  nlohmann::json facts_;  // name to value
};

// Binds the markers to a statement; they must live until it is executed.
class BoundMarkers {
 public:
  BoundMarkers(const Statement& statement, const std::vector<CorpusMarker>& markers);

 private:
  struct Storage {
    std::string text;
    SQLBIGINT integer = 0;
    double real = 0;
    unsigned char bit = 0;
    SQL_TIMESTAMP_STRUCT timestamp = {};
    SQLLEN length = 0;
  };
  std::vector<Storage> storage_;
};

}  // namespace graphodbc::test
