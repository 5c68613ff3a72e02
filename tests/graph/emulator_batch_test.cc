// Batches through the real client against the emulator: the same rows as reads one by one, also
// where parts of a batch are hit by faults.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/url.h"
#include "graph/batch_scan.h"
#include "tests/graph/emulator_client.h"
#include "tests/graph/fake_mailbox.h"

namespace graphodbc::graph {
namespace {

using Json = nlohmann::json;

ScanRequest plain(ScanRequest request, const std::string& second_column) {
  request.query[0] = {"$select", "id," + second_column};
  request.columns[1].json_path = {second_column};
  request.columns[1].edm = schema::EdmKind::kString;
  return request;
}

ScanRequest item(const std::string& id) {
  ScanRequest request = plain(message_scan(), "subject");
  request.path = "/me/messages/" + base::percent_encode(id);
  request.query.pop_back();
  request.single_item = true;
  request.paging = schema::PagingStyle::kNone;
  request.page_size = 0;
  request.key_column.reset();
  return request;
}

ScanRequest folder(const std::string& id) {
  ScanRequest request = plain(message_scan(1000), "subject");
  request.path = "/me/mailFolders/" + base::percent_encode(id) + "/messages";
  return request;
}

class EmulatorBatch : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    emulator_ =
        new test::EmulatorProcess(GRAPHODBC_EMULATOR, {"--messages", "1200", "--seed", "5"});
    client_ = connect_to(*emulator_).release();
    ScanRequest folders = plain(message_scan(100), "displayName");
    folders.path = "/me/mailFolders";
    folder_ids_ =
        new std::vector<std::string>(read_all(*make_collection_scan(*client_, folders)).ids);
    message_ids_ = new std::vector<std::string>(
        read_all(*make_collection_scan(*client_, plain(message_scan(100), "subject"))).ids);
  }
  static void TearDownTestSuite() {
    delete message_ids_;
    delete folder_ids_;
    delete client_;
    delete emulator_;
  }
  void SetUp() override {
    emulator_->control("DELETE", "/requests");
    emulator_->control("DELETE", "/stats");
  }
  void TearDown() override { emulator_->control("DELETE", "/faults"); }

  static std::vector<std::string> sorted(std::vector<std::string> ids) {
    std::sort(ids.begin(), ids.end());
    return ids;
  }
  static std::vector<std::string> first_ids(std::size_t count) {
    return {message_ids_->begin(), message_ids_->begin() + static_cast<std::ptrdiff_t>(count)};
  }
  static Outcome read_items(std::size_t count) {
    std::vector<ScanRequest> parts;
    for (const std::string& id : first_ids(count)) parts.push_back(item(id));
    return read_all(*make_batch_scan(*client_, std::move(parts)));
  }
  // "POST", or "GET" with "batch " in front for parts.
  static std::size_t logged(const std::string& what) {
    std::size_t count = 0;
    for (const Json& entry : Json::parse(emulator_->control("GET", "/requests"))) {
      const std::string method = entry.at("method");
      count += ((entry.at("batch_item").get<bool>() ? "batch " : "") + method) == what ? 1 : 0;
    }
    return count;
  }

  static test::EmulatorProcess* emulator_;
  static Client* client_;
  static std::vector<std::string>* folder_ids_;
  static std::vector<std::string>* message_ids_;
};

test::EmulatorProcess* EmulatorBatch::emulator_ = nullptr;
Client* EmulatorBatch::client_ = nullptr;
std::vector<std::string>* EmulatorBatch::folder_ids_ = nullptr;
std::vector<std::string>* EmulatorBatch::message_ids_ = nullptr;

TEST_F(EmulatorBatch, TwentyKeysAreOneRequest) {
  const Outcome outcome = read_items(20);
  EXPECT_EQ(sorted(outcome.ids), sorted(first_ids(20))) << outcome.message;
  EXPECT_EQ(logged("POST"), 1u);
  EXPECT_EQ(logged("batch GET"), 20u);
  EXPECT_EQ(logged("GET"), 0u);
}

TEST_F(EmulatorBatch, KeysThatAreNotThereAreNoRows) {
  std::vector<ScanRequest> parts = {item(first_ids(1)[0]), item("nonsense"),
                                    item(first_ids(1)[0] + "x")};
  const Outcome outcome = read_all(*make_batch_scan(*client_, parts));
  EXPECT_EQ(outcome.ids, first_ids(1)) << outcome.message;
}

// Fifty rows a page would take a folder of some hundred messages many requests.
TEST_F(EmulatorBatch, FoldersGiveTheSameRowsAsOneByOne) {
  ASSERT_GE(folder_ids_->size(), 4u);
  std::vector<std::string> expected;
  std::vector<ScanRequest> parts;
  for (const std::string& id : *folder_ids_) {
    const Outcome one = read_all(*make_collection_scan(*client_, folder(id)));
    ASSERT_TRUE(one.clean_end) << one.message;
    expected.insert(expected.end(), one.ids.begin(), one.ids.end());
    parts.push_back(folder(id));
  }
  const std::size_t singly = logged("GET");
  emulator_->control("DELETE", "/requests");
  const Outcome outcome = read_all(*make_batch_scan(*client_, parts));
  EXPECT_TRUE(outcome.clean_end) << outcome.message;
  EXPECT_EQ(sorted(outcome.ids), sorted(expected));
  EXPECT_LE(logged("POST") + logged("GET"), singly + 3);
}

struct ItemFault {
  const char* name;
  const char* action;
};
void PrintTo(const ItemFault& fault, std::ostream* out) {
  *out << fault.name;
}

class EmulatorBatchFault : public EmulatorBatch, public testing::WithParamInterface<ItemFault> {};

TEST_P(EmulatorBatchFault, PartsRecover) {
  emulator_->control("POST", "/faults",
                     std::string(R"({"match":{"path":"*/me/messages/*","batch_item":true,)") +
                         R"("nth":3,"every":9,"times":5},"action":)" + GetParam().action + "}");
  const Outcome outcome = read_items(45);
  EXPECT_TRUE(outcome.clean_end) << outcome.message;
  EXPECT_EQ(sorted(outcome.ids), sorted(first_ids(45)));
  EXPECT_NE(emulator_->control("GET", "/faults").find("\"hits\":"), std::string::npos);
  const Json stats = Json::parse(emulator_->control("GET", "/stats"));
  EXPECT_EQ(stats.at("retry_after_undercut"), 0);
  EXPECT_EQ(stats.dump().find("\"throttled\":1"), std::string::npos) << stats.dump();
}

constexpr ItemFault kItemFaults[] = {
    {"Throttled", R"({"status":429,"retry_after":0.05})"},
    {"Unavailable", R"({"status":503,"retry_after":0.05})"},
    {"GatewayTimeout", R"({"status":504})"},
    {"ExpiredToken", R"("expired_token")"},
};
INSTANTIATE_TEST_SUITE_P(All, EmulatorBatchFault, testing::ValuesIn(kItemFaults));

// Faults of the batch as a whole are the client's to repeat; a broken body is the scan's.
TEST_F(EmulatorBatch, WholeBatchesRecover) {
  for (const char* action :
       {R"({"status":429,"retry_after":0.05})", R"({"status":503})", R"("expired_token")",
        R"({"truncate":0.5})", R"("malformed_json")", R"({"connection_reset":100})"}) {
    emulator_->control("DELETE", "/faults");
    emulator_->control(
        "POST", "/faults",
        std::string(R"({"match":{"path":"*/$batch","nth":2},"action":)") + action + "}");
    const Outcome outcome = read_items(45);
    EXPECT_TRUE(outcome.clean_end) << action << ": " << outcome.message;
    EXPECT_EQ(sorted(outcome.ids), sorted(first_ids(45))) << action;
  }
}

}  // namespace
}  // namespace graphodbc::graph
