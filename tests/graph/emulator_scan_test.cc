// The scan through the real client against the emulator, with faults injected into its pages
// (issue acceptance 2 in small).
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "graph/collection_scan.h"
#include "tests/graph/emulator_client.h"
#include "tests/graph/fake_mailbox.h"

namespace graphodbc::graph {
namespace {

constexpr std::size_t kMessages = 1200;

class EmulatorScan : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    emulator_ = new test::EmulatorProcess(GRAPHODBC_EMULATOR,
                                          {"--messages", std::to_string(kMessages), "--seed", "5"});
    expected_ = new std::vector<std::string>(sorted(scan().ids));
  }
  static void TearDownTestSuite() {
    delete expected_;
    delete emulator_;
  }
  void TearDown() override { emulator_->control("DELETE", "/faults"); }

  static Outcome scan() {
    const std::unique_ptr<Client> client = connect_to(*emulator_);
    ScanRequest request = message_scan(100);
    request.query = {{"$select", "id,size"}, {"$top", "100"}};
    request.query[0].second = "id,subject";
    request.columns[1].json_path = {"subject"};
    request.columns[1].edm = schema::EdmKind::kString;
    const auto source = make_collection_scan(*client, request);
    return read_all(*source);
  }

  static std::vector<std::string> sorted(std::vector<std::string> ids) {
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  static test::EmulatorProcess* emulator_;
  static std::vector<std::string>* expected_;
};

test::EmulatorProcess* EmulatorScan::emulator_ = nullptr;
std::vector<std::string>* EmulatorScan::expected_ = nullptr;

TEST_F(EmulatorScan, ReturnsEveryMessageOnce) {
  ASSERT_GE(expected_->size(), kMessages);
  EXPECT_EQ(std::adjacent_find(expected_->begin(), expected_->end()), expected_->end());
}

// `recovers`: all rows come; otherwise the scan must end in an error.
struct FaultRule {
  const char* name;
  const char* action;
  bool recovers;
};

// Names the case in ctest's list.
void PrintTo(const FaultRule& rule, std::ostream* out) {
  *out << rule.name;
}

class EmulatorFault : public EmulatorScan, public testing::WithParamInterface<FaultRule> {};

TEST_P(EmulatorFault, OnePageIsRecoveredOrReported) {
  const FaultRule& fault = GetParam();
  for (const char* nth : {"1", "4", "12"}) {
    emulator_->control("DELETE", "/faults");
    emulator_->control("POST", "/faults",
                       std::string(R"({"match":{"path":"*/me/messages","nth":)") + nth +
                           R"(},"action":)" + fault.action + "}");
    const Outcome outcome = scan();
    EXPECT_NE(emulator_->control("GET", "/faults").find("\"hits\":1"), std::string::npos);
    EXPECT_EQ(outcome.clean_end, fault.recovers) << "page " << nth << ": " << outcome.message;
    if (outcome.clean_end) {
      EXPECT_EQ(sorted(outcome.ids), *expected_) << "page " << nth;
    } else {
      EXPECT_EQ(outcome.state, "08S01") << outcome.message;
      EXPECT_NE(outcome.message.find("page "), std::string::npos) << outcome.message;
    }
  }
}

constexpr FaultRule kFaultRules[] = {
    {"Throttled", R"({"status":429,"retry_after":0.05})", true},
    {"Unavailable", R"({"status":503,"retry_after":0.05})", true},
    {"GatewayTimeout", R"({"status":504})", true},
    {"HtmlWith200", R"({"html_error":200})", true},
    {"ExpiredToken", R"("expired_token")", true},
    {"Reset", R"({"connection_reset":2000})", true},
    {"Truncated", R"({"truncate":0.5})", true},
    {"TruncatedChunked", R"({"truncate":0.5,"chunked":true})", true},
    {"CutGzip", R"({"kind":"truncate","fraction":0.5,"content_length":"actual"})", true},
    {"Stall", R"({"stall":10})", true},
    {"JsonCut", R"("malformed_json")", true},
    {"JsonGarbage", R"({"malformed_json":"garbage"})", true},
    {"JsonEmpty", R"({"malformed_json":"empty"})", true},
    {"EmptyPage", R"("empty_page")", true},
    {"MissingLink", R"("missing_next_link")", true},
    {"LoopingLink", R"("looping_next_link")", true},
    {"DuplicateRows", R"({"duplicate_rows":3})", true},
    {"ErrorInBody", R"("error_in_body")", true},
};
INSTANTIATE_TEST_SUITE_P(All, EmulatorFault, testing::ValuesIn(kFaultRules));

TEST_F(EmulatorScan, ForeignLinkIsReported) {
  emulator_->control("POST", "/faults",
                     R"({"match":{"path":"*/me/messages","nth":3},"action":"foreign_next_link"})");
  const Outcome outcome = scan();
  EXPECT_FALSE(outcome.clean_end);
  EXPECT_EQ(outcome.ids.size(), 200u);
  EXPECT_EQ(outcome.state, "08S01");
  EXPECT_NE(outcome.message.find("https://evil.example"), std::string::npos) << outcome.message;
}

TEST_F(EmulatorScan, FaultsOnEveryThirdPage) {
  emulator_->control("POST", "/faults", R"([
      {"match":{"path":"*/me/messages","every":3,"times":-1},"action":{"status":429,"retry_after":0.02}},
      {"match":{"path":"*/me/messages","every":4,"times":-1},"action":{"truncate":0.5}},
      {"match":{"path":"*/me/messages","every":5,"times":-1},"action":"malformed_json"}])");
  const Outcome outcome = scan();
  if (outcome.clean_end) {
    EXPECT_EQ(sorted(outcome.ids), *expected_);
  } else {
    EXPECT_EQ(outcome.state, "08S01") << outcome.message;
  }
}

}  // namespace
}  // namespace graphodbc::graph
