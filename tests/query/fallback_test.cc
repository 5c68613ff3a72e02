// What is asked for when the service refuses a filter or an order (sql-dialect.md 9.5).
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

#include "graph/request_url.h"
#include "graph/service_error.h"
#include "schema/registry.h"
#include "tests/query/fake_graph.h"

namespace graphodbc::query {
namespace {

using Lines = std::vector<std::string>;

const std::string kEngine =
    "SELECT Id FROM (SELECT Id FROM Messages WHERE IsRead = 0 ORDER BY ReceivedDateTime LIMIT 2) m "
    "UNION ALL SELECT 'x'";
// Mail takes only one of this condition and the order, and the condition comes first.
const std::string kSearched =
    "SELECT Id FROM (SELECT Id FROM Messages WHERE Subject LIKE '%unread%' ORDER BY "
    "ReceivedDateTime LIMIT 2) m UNION ALL SELECT 'x'";
const std::string kStreamed =
    "SELECT Id FROM Messages WHERE IsRead = 0 ORDER BY ReceivedDateTime LIMIT 2";
const std::string kUnlimited = "SELECT Id FROM Messages WHERE IsRead = 0 ORDER BY ReceivedDateTime";

std::vector<FakeRow> mails() {
  constexpr int kCount = 6;
  std::vector<FakeRow> rows;
  rows.reserve(kCount);
  for (int i = 0; i < kCount; ++i) {
    rows.push_back(
        {{"id", text("m" + std::to_string(i))},
         {"subject", text(i % 2 == 0 ? "seen" : "unread")},
         {"isRead", flag(i % 2 == 0)},
         {"receivedDateTime", timestamp("2026-01-01T00:00:0" + std::to_string(i) + "Z")}});
  }
  return rows;
}

// f: with $filter, o: with $orderby, fo: with both, -: with neither.
std::string shape_of(const std::string& url) {
  std::string shape;
  if (!option(url, "$filter").empty()) shape += 'f';
  if (!option(url, "$orderby").empty()) shape += 'o';
  return shape.empty() ? "-" : shape;
}

class Connection {
 public:
  // `refused`: shapes of requests, with spaces between.
  explicit Connection(const std::string& refused) {
    graph_.answer = [refused](const graph::ScanRequest& request) {
      const std::string shape = shape_of(decoded(graph::request_url("", request.query)));
      if ((" " + refused + " ").find(" " + shape + " ") != std::string::npos) {
        throw graph::ServiceError("42000", "no", 501, "notSupported");
      }
      std::vector<FakeRow> rows = mails();
      if (shape[0] == 'f') {
        std::erase_if(rows,
                      [](const FakeRow& row) { return row.at("isRead").cell().integer != 0; });
      }
      // In the order of the service, unless another is asked for.
      if (shape.find('o') == std::string::npos) std::reverse(rows.begin(), rows.end());
      return rows;
    };
  }

  Lines run(const std::string& sql) {
    graph_.requests.clear();
    const auto source = session_.prepare(sql)->execute({}, {});
    Lines lines = read_all(*source);
    warnings_.clear();
    for (const base::Warning& warning : source->take_warnings()) {
      warnings_ += (warnings_.empty() ? "" : ", ") + warned_of(warning.message);
    }
    return lines;
  }
  std::string asked() const {
    std::string shapes;
    for (const std::string& url : graph_.urls()) {
      shapes += (shapes.empty() ? "" : " ") + shape_of(url);
    }
    return shapes;
  }
  const std::string& warnings() const { return warnings_; }

  std::string announced(const std::string& sql) {
    std::string shapes;
    for (const std::string& row : run("EXPLAIN " + sql)) {
      const std::size_t at = row.find("/me/messages");
      if (at == std::string::npos) continue;
      shapes +=
          (shapes.empty() ? "" : " ") + shape_of(decoded(row.substr(at, row.find('|', at) - at)));
    }
    EXPECT_EQ(asked(), "");
    return shapes;
  }

 private:
  static std::string warned_of(const std::string& message) {
    if (message.find("refused the filter") != std::string::npos) return "filter";
    return message.find("refused to sort") != std::string::npos ? "order" : message;
  }

  FakeGraph graph_;
  Session session_{graph_.scans(), schema::Registry::builtin(), {}};
  std::string warnings_;
};

struct Case {
  std::string sql;
  std::string refused;
  std::string first;  // asked for while the connection knows nothing
  std::string later;
  std::string warnings;
};

void PrintTo(const Case& given, std::ostream* out) {
  *out << given.sql << " without " << given.refused;
}

class Fallback : public testing::TestWithParam<Case> {};

TEST_P(Fallback, EndsWithWhatTheServiceTakes) {
  const Case& given = GetParam();
  const Lines expected = Connection("").run(given.sql);
  Connection connection(given.refused);
  EXPECT_EQ(connection.run(given.sql), expected);
  EXPECT_EQ(connection.asked(), given.first);
  EXPECT_EQ(connection.warnings(), given.warnings);
  EXPECT_EQ(connection.announced(given.sql), given.later);
  EXPECT_EQ(connection.run(given.sql), expected);
  EXPECT_EQ(connection.asked(), given.later);
  EXPECT_EQ(connection.warnings(), "");
}

INSTANTIATE_TEST_SUITE_P(
    Refused, Fallback,
    testing::Values(Case{kEngine, "", "fo", "fo", ""}, Case{kEngine, "fo", "fo o", "o", "filter"},
                    Case{kEngine, "fo f", "fo o", "o", "filter"},
                    Case{kEngine, "fo o", "fo o f", "f", "order"},
                    Case{kEngine, "fo o f", "fo o f -", "-", "filter, order"},
                    Case{kSearched, "", "f", "f", ""}, Case{kSearched, "f", "f o", "o", "filter"},
                    Case{kSearched, "f o", "f o -", "-", "filter, order"},
                    Case{kStreamed, "", "fo", "fo", ""},
                    Case{kStreamed, "fo f", "fo o", "o", "filter"},
                    Case{kStreamed, "fo o", "fo o f", "f", "order"},
                    Case{kStreamed, "fo o f", "fo o f -", "-", "order, filter"},
                    Case{kUnlimited, "fo o", "fo o f", "f", "order"}));

// What one statement was refused another of the same shape does not ask for.
TEST(FallbackMemory, IsTheConnections) {
  for (const auto& [first, second] :
       {std::pair(kEngine, kStreamed), std::pair(kStreamed, kEngine)}) {
    Connection connection("fo o");
    connection.run(first);
    EXPECT_EQ(connection.announced(second), "f") << second;
    EXPECT_EQ(connection.run(second).size(), second == kEngine ? 3u : 2u);
    EXPECT_EQ(connection.asked(), "f") << second;
  }
}

// The order alone is known not to be taken, so it is not tried when a new filter is refused with
// it.
TEST(FallbackMemory, AnOrderIsRefusedOnce) {
  Connection connection("fo o");
  connection.run("SELECT Id FROM Messages ORDER BY ReceivedDateTime");
  EXPECT_EQ(connection.asked(), "o -");
  connection.run(kStreamed);
  EXPECT_EQ(connection.asked(), "fo f");
  connection.run(
      "SELECT Id FROM Messages WHERE Subject LIKE 'un%' AND IsRead = 0 "
      "ORDER BY ReceivedDateTime");
  EXPECT_EQ(connection.asked(), "fo f");
}

}  // namespace
}  // namespace graphodbc::query
