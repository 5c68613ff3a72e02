// Random queries give the same rows with Pushdown=on, with Pushdown=off and from the oracle, also
// while the service ignores or widens filters and pages come broken, empty or doubled.
//
// GRAPHODBC_TEST_SEED chooses the queries, GRAPHODBC_TEST_QUERIES their number, over all modes. The
// seed is printed; with GRAPHODBC_TEST_SHOW each query is, too.
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "tests/e2e/odbc.h"
#include "tests/e2e/oracle.h"
#include "tests/e2e/random_query.h"
#include "tests/e2e/result.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

constexpr std::uint64_t kUsualSeed = 20261121;
constexpr std::size_t kMostDifferences = 5;  // shown before a run gives up
// Queries beyond these take seconds in any engine and show nothing that smaller ones don't.
constexpr std::size_t kInstructions = 20'000'000;
constexpr std::size_t kRows = 4000;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

struct Mode {
  std::uint64_t number;
  const char* name;
  unsigned share;     // of the queries, in percent
  const char* rules;  // of faults; JSON
  // Of the connection with Pushdown=on. Few keys: joins by keys and by whole collections both
  // occur.
  const char* settings = "";
};
void PrintTo(const Mode& mode, std::ostream* out) {
  *out << mode.name;
}

constexpr Mode kModes[] = {
    {0, "Plain", 50, "[]"},
    {1, "FiltersIgnored", 20,
     R"([{"match":{"query":"*filter=*","times":-1},"action":"ignore_filter"}])"},
    {2, "FiltersWidened", 20,
     R"([{"match":{"query":"*filter=*","times":-1},"action":"widen_filter"}])",
     "MaxDependentKeys=12;"},
    {3, "PagesBroken", 10, R"([
      {"match":{"path":"*/messages*","every":5,"times":-1},"action":"empty_page"},
      {"match":{"path":"/users*","every":23,"times":-1},
       "action":{"status":503,"retry_after":0.001}},
      {"match":{"every":211,"times":-1},"action":{"truncate":0.5}},
      {"match":{"every":151,"times":-1},"action":{"status":429,"retry_after":0.001}},
      {"match":{"every":97,"times":-1},"action":"connection_reset"}])"},
};

class RandomQueries : public testing::TestWithParam<Mode> {
 protected:
  static void SetUpTestSuite() {
    tenant_ = std::make_unique<Tenant>(
        std::vector<std::string>{"--messages", "400", "--users", "25", "--drive-items", "150"});
    oracle_ = std::make_unique<Oracle>();
    oracle_->load(Connection(tenant_->connection_string()), true);
    oracle_->limit(kInstructions, kRows);
  }
  static void TearDownTestSuite() {
    oracle_.reset();
    tenant_.reset();
  }
  void TearDown() override { tenant_->clear_faults(); }

  static Result run(const Connection& connection, const std::string& sql) {
    Statement statement(connection);
    statement.execute(sql);
    Result result;
    result.columns = describe(statement);
    result.rows = statement.fetch_all();
    return result;
  }

  // What differs, or the error; nullopt when nothing does.
  static std::optional<std::string> trouble(const Connection& connection, const RandomQuery& query,
                                            const std::vector<TextRow>& expected) {
    try {
      return difference(run(connection, query.ours), expected, query.ordered);
    } catch (const OdbcError& error) {
      return error.what();
    }
  }

  static std::unique_ptr<Tenant> tenant_;
  static std::unique_ptr<Oracle> oracle_;
};
std::unique_ptr<Tenant> RandomQueries::tenant_;
std::unique_ptr<Oracle> RandomQueries::oracle_;

TEST_P(RandomQueries, GiveTheOraclesRows) {
  const std::uint64_t seed = from_environment("GRAPHODBC_TEST_SEED", kUsualSeed);
  const std::size_t count =
      from_environment("GRAPHODBC_TEST_QUERIES", GRAPHODBC_RANDOM_QUERIES) * GetParam().share / 100;
  RecordProperty("seed", std::to_string(seed));
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  const bool show = std::getenv("GRAPHODBC_TEST_SHOW") != nullptr;
  const std::string retry = "RetryCountMax=9;RetryMode=RetryAny";
  const Connection on(
      tenant_->connection_string("Pushdown=on;" + std::string(GetParam().settings) + retry));
  const Connection off(tenant_->connection_string("Pushdown=off;" + retry));
  tenant_->add_faults(nlohmann::json::parse(GetParam().rules));
  QueryMaker maker(*oracle_, seed * std::size(kModes) + GetParam().number);
  std::size_t with_rows = 0;
  std::size_t differences = 0;
  for (std::size_t tried = 0; tried < count && differences < kMostDifferences;) {
    const RandomQuery query = maker.next();
    std::vector<TextRow> expected;
    try {
      expected = oracle_->query(query.oracle);
    } catch (const TooExpensive&) {
      continue;
    }
    ++tried;
    if (!expected.empty()) ++with_rows;
    if (show) std::printf("%zu: %s\n", tried, query.ours.c_str());
    for (const auto* connection : {&on, &off}) {
      const auto text = trouble(*connection, query, expected);
      if (!text) continue;
      ++differences;
      ADD_FAILURE() << "seed " << seed << ", query " << tried
                    << ", Pushdown=" << (connection == &on ? "on" : "off") << "\n"
                    << query.ours << "\n"
                    << *text << "\noracle ran: " << query.oracle;
      break;
    }
  }
  if (differences == 0) {
    // A few queries, as under a sanitizer, can be unlucky; 15 of 40 were.
    if (count < 40) return;
    EXPECT_GT(with_rows, count < 200 ? count / 4 : count / 2)
        << "the queries select too little to show anything";
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, RandomQueries, testing::ValuesIn(kModes),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace graphodbc::test
