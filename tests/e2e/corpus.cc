#include "tests/e2e/corpus.h"

#include <cstdlib>
#include <fstream>
#include <regex>
#include <stdexcept>

namespace graphodbc::test {
namespace {

using nlohmann::json;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("no " + from + " in " + text);
  return text.replace(at, from.size(), to);
}

SQL_TIMESTAMP_STRUCT timestamp_of(const std::string& text) {
  const auto part = [&](std::size_t at, std::size_t size) {
    return static_cast<SQLUSMALLINT>(std::atoi(text.substr(at, size).c_str()));
  };
  SQL_TIMESTAMP_STRUCT value = {};
  value.year = static_cast<SQLSMALLINT>(part(0, 4));
  value.month = part(5, 2);
  value.day = part(8, 2);
  value.hour = part(11, 2);
  value.minute = part(14, 2);
  value.second = part(17, 2);
  value.fraction = static_cast<SQLUINTEGER>(std::atoi(text.substr(20, 7).c_str())) * 100;
  return value;
}

}  // namespace

std::vector<CorpusStatement> read_corpus() {
  const char* folder = std::getenv("GRAPHODBC_SHARED");
  const std::string path =
      (folder != nullptr ? std::string(folder) : std::string(GRAPHODBC_SOURCE_DIR) + "/../shared") +
      "/sql/corpus.sql";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path + "; set GRAPHODBC_SHARED");
  std::vector<CorpusStatement> statements;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("-- ", 0) == 0 && line.size() > 7 && line[6] == ' ' && line[7] == '{') {
      const std::size_t end = line.find('}');
      statements.push_back({line.substr(3, 3), line.substr(8, end - 8), ""});
    } else if (!statements.empty() && line.rfind("--", 0) != 0) {
      statements.back().sql += line + "\n";
    }
  }
  for (CorpusStatement& statement : statements) {
    statement.sql.erase(statement.sql.find_last_not_of(" \n") + 1);
  }
  return statements;
}

CorpusValues::CorpusValues(const Oracle& oracle) {
  std::ifstream file(GRAPHODBC_SOURCE_DIR "/tests/e2e/corpus_values.json");
  const json values = json::parse(file);
  statements_ = values["statements"];
  for (const auto& [name, sql] : values["facts"].items()) {
    facts_[name] = oracle.value(sql.get<std::string>()).value();
  }
}

// {name} becomes the fact's value; as a literal with quotes doubled inside where `quoted`, unless
// it is written
// {=name}.
std::string CorpusValues::with_facts(const std::string& text, bool quoted) const {
  static const std::regex kHole(R"(\{(=?)([a-z0-9-]+)\})");
  std::string out;
  std::size_t done = 0;
  for (std::sregex_iterator found(text.begin(), text.end(), kHole), end; found != end; ++found) {
    const std::string name = (*found)[2];
    const bool bare = (*found)[1].length() != 0;
    if (!facts_.contains(name)) continue;
    const auto at = static_cast<std::size_t>(found->position());
    out += text.substr(done, at - done);
    for (const char c : facts_[name].get<std::string>()) {
      out += quoted && !bare && c == '\'' ? "''" : std::string(1, c);
    }
    done = at + static_cast<std::size_t>(found->length());
  }
  return out + text.substr(done);
}

CorpusMarker CorpusValues::marker(const json& value) const {
  if (value.is_boolean()) return {CorpusMarker::Type::kBit, std::int64_t{value.get<bool>()}};
  if (value.is_number_integer()) {
    return {CorpusMarker::Type::kInteger, value.get<std::int64_t>()};
  }
  if (value.is_number()) return {CorpusMarker::Type::kReal, value.get<double>()};
  if (value.is_object()) {
    return {CorpusMarker::Type::kTimestamp, seven_digits(with_facts(value["timestamp"], false))};
  }
  return {CorpusMarker::Type::kText, with_facts(value, false)};
}

CorpusQuery CorpusValues::query(const CorpusStatement& statement) const {
  CorpusQuery query;
  query.sql = statement.sql;
  const json entry = statements_.value(statement.number, json::object());
  for (const json& change : entry.value("replace", json::array())) {
    query.sql = replaced(query.sql, change[0], with_facts(change[1], true));
  }
  for (const json& value : entry.value("markers", json::array())) {
    query.markers.push_back(marker(value));
  }
  query.oracle = with_oracle_timestamps(entry.contains("oracle") ? with_facts(entry["oracle"], true)
                                                                 : query.sql);
  if (entry.contains("sample")) {
    query.oracle_sample = with_oracle_timestamps(with_facts(entry["sample"], true));
  }
  const json order = entry.value("order", json::array());
  query.every_column_ordered = order == "all";
  for (const json& column : order.is_array() ? order : json::array()) {
    query.ordered_columns.push_back(column.is_string() ? column.get<std::string>()
                                                       : std::to_string(column.get<int>()));
  }
  query.compared_columns = entry.value("columns", std::vector<unsigned>());
  return query;
}

BoundMarkers::BoundMarkers(const Statement& statement, const std::vector<CorpusMarker>& markers)
    : storage_(markers.size()) {
  for (std::size_t i = 0; i < markers.size(); ++i) {
    Storage& storage = storage_[i];
    const auto number = static_cast<SQLUSMALLINT>(i + 1);
    const auto bind = [&](SQLSMALLINT c_type, SQLSMALLINT sql_type, SQLULEN size,
                          SQLSMALLINT digits, SQLPOINTER data) {
      statement.check(SQLBindParameter(statement.handle(), number, SQL_PARAM_INPUT, c_type,
                                       sql_type, size, digits, data, 0, &storage.length));
    };
    switch (markers[i].type) {
      case CorpusMarker::Type::kText:
        storage.text = std::get<std::string>(markers[i].value);
        storage.length = static_cast<SQLLEN>(storage.text.size());
        bind(SQL_C_CHAR, SQL_WVARCHAR, storage.text.size() + 1, 0, storage.text.data());
        break;
      case CorpusMarker::Type::kInteger:
        storage.integer = std::get<std::int64_t>(markers[i].value);
        bind(SQL_C_SBIGINT, SQL_BIGINT, 19, 0, &storage.integer);
        break;
      case CorpusMarker::Type::kReal:
        storage.real = std::get<double>(markers[i].value);
        bind(SQL_C_DOUBLE, SQL_DOUBLE, 15, 0, &storage.real);
        break;
      case CorpusMarker::Type::kBit:
        storage.bit = std::get<std::int64_t>(markers[i].value) != 0;
        bind(SQL_C_BIT, SQL_BIT, 1, 0, &storage.bit);
        break;
      case CorpusMarker::Type::kTimestamp:
        storage.timestamp = timestamp_of(std::get<std::string>(markers[i].value));
        bind(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 27, 7, &storage.timestamp);
        break;
    }
  }
}

}  // namespace graphodbc::test
