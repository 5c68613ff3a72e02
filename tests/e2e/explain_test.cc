// Over the whole corpus, the emulator's log holds nothing that EXPLAIN did not announce.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/corpus.h"
#include "tests/e2e/odbc.h"
#include "tests/e2e/oracle.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

constexpr std::string_view kRoot = "/v1.0";

struct Address {
  std::string path;
  std::multimap<std::string, std::string> options;
};

Address address_of(std::string text) {
  if (text.compare(0, kRoot.size(), kRoot) == 0) text = text.substr(kRoot.size());
  Address out;
  const std::size_t mark = text.find('?');
  out.path = percent_decoded(text.substr(0, mark));
  for (std::size_t at = mark; at != std::string::npos && at + 1 < text.size();) {
    const std::size_t end = text.find('&', at + 1);
    const std::string option = text.substr(at + 1, end - at - 1);
    const std::size_t equals = option.find('=');
    out.options.emplace(
        percent_decoded(option.substr(0, equals)),
        equals == std::string::npos ? "" : percent_decoded(option.substr(equals + 1)));
    at = end;
  }
  return out;
}

// `pattern` with {something} for what is known only while the statement runs; `no` cannot stand
// there.
bool matches(std::string_view text, std::string_view pattern, char no) {
  const std::size_t hole = pattern.find('{');
  if (hole == std::string_view::npos) return text == pattern;
  const std::size_t end = pattern.find('}', hole);
  if (end == std::string_view::npos || text.substr(0, hole) != pattern.substr(0, hole)) {
    return false;
  }
  pattern.remove_prefix(end + 1);
  text.remove_prefix(hole);
  for (;;) {
    if (matches(text, pattern, no)) return true;
    if (text.empty() || text.front() == no) return false;
    text.remove_prefix(1);
  }
}

bool announces(const Address& announced, const Address& sent) {
  if (!matches(sent.path, announced.path, '/')) return false;
  auto expected = announced.options;
  for (const auto& [name, value] : sent.options) {
    // What a nextLink adds to the address that it continues.
    if (name == "$skip" || name == "$skiptoken") continue;
    const auto [from, to] = expected.equal_range(name);
    auto found = from;
    while (found != to && !matches(value, found->second, '\0')) ++found;
    if (found == to) return false;
    expected.erase(found);
  }
  return expected.empty();
}

TEST(Explain, AnnouncesEveryRequestOfTheCorpus) {
  const Tenant tenant({"--messages", "500", "--users", "40", "--drive-items", "200"});
  const Connection connection(tenant.connection_string());
  Oracle oracle;
  oracle.load(connection, false);
  const CorpusValues values(oracle);
  std::size_t requests = 0;
  for (const CorpusStatement& corpus_statement : read_corpus()) {
    if (!corpus_statement.is_query()) continue;
    const CorpusQuery query = values.query(corpus_statement);
    try {
      tenant.forget();
      const auto run = [&](const std::string& sql) {
        Statement statement(connection);
        statement.prepare(sql);
        const BoundMarkers markers(statement, query.markers);
        statement.execute();
        return statement.fetch_all();
      };
      std::vector<Address> announced;
      std::string shown;
      for (const TextRow& row : run("EXPLAIN " + query.sql)) {
        shown += "\n  " + to_text(row);
        if (row[2]) announced.push_back(address_of(*row[2]));
      }
      EXPECT_EQ(tenant.log().size(), 0u) << "EXPLAIN sends nothing: " << query.sql;
      const std::size_t rows = run(query.sql).size();
      for (const auto& entry : tenant.log()) {
        const std::string path = entry["path"];
        const bool graph = entry["batch_item"] || path.compare(0, kRoot.size(), kRoot) == 0;
        if (!graph) continue;
        ++requests;
        if (path == "/v1.0/$batch") continue;  // its items are in the log, too
        const std::string sent = path + "?" + entry["query"].get<std::string>();
        const Address address = address_of(sent);
        const bool known =
            std::any_of(announced.begin(), announced.end(),
                        [&](const Address& candidate) { return announces(candidate, address); });
        EXPECT_TRUE(known) << "not announced: " << sent << "\nfor " << corpus_statement.number
                           << " " << query.sql << "\nEXPLAIN said:" << shown;
        if (!known) break;
      }
      tenant.forget();
      const std::vector<TextRow> analyzed = run("EXPLAIN ANALYZE " + query.sql);
      const TextRow& total = analyzed.back();
      EXPECT_EQ(total[8], std::to_string(tenant.requests().size())) << query.sql;
      EXPECT_EQ(total[12], std::to_string(rows)) << query.sql;
    } catch (const OdbcError& error) {
      ADD_FAILURE() << corpus_statement.number << " " << query.sql << "\n" << error.what();
    }
  }
  EXPECT_GT(requests, 200u);
}

}  // namespace
}  // namespace graphodbc::test
