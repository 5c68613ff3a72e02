#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "tests/emulator/test_tenant.h"

namespace graphodbc::emulator::testing {
namespace {

using Json = nlohmann::json;

class Batch : public EmulatorTest {
 protected:
  Reply post(const Json& requests) {
    return TestClient(port()).post_json("/v1.0/$batch", {{"requests", requests}}, bearer());
  }

  static Json item(const std::string& id, const std::string& url = "/me/messages?$top=2") {
    return {{"id", id}, {"method", "GET"}, {"url", url}};
  }

  static Json find(const Reply& reply, const std::string& id) {
    const Json body = reply.json();
    for (const auto& entry : body.at("responses")) {
      if (entry.at("id") == id) return entry;
    }
    return nullptr;
  }
};

TEST_F(Batch, AnswersEachItem) {
  start();
  const Reply reply = post({item("a"), item("b", "me/messages?$top=1"), item("c", "/nowhere"),
                            item("d", "/me/photo/$value")});
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.json().at("responses").size(), 4U);
  EXPECT_EQ(find(reply, "a").at("body").at("value").size(), 2U);
  EXPECT_EQ(find(reply, "b").at("body").at("value").size(), 1U);
  EXPECT_TRUE(find(reply, "b").at("headers").contains("Content-Type"));
  EXPECT_EQ(find(reply, "c").at("status"), 404);
  EXPECT_EQ(find(reply, "d").at("body"), "/9j/AA==");
  const Json entries = log();
  ASSERT_EQ(entries.size(), 5U) << entries;
  EXPECT_EQ(entries.at(0).at("path"), "/v1.0/$batch");
  EXPECT_EQ(entries.at(1).at("batch_item"), true);
  EXPECT_EQ(entries.at(1).at("batch_sequence"), entries.at(0).at("sequence"));
  EXPECT_EQ(entries.at(1).at("path"), "/v1.0/me/messages");
}

TEST_F(Batch, AcceptsAnEncodedDollar) {
  start();
  const Json body = {{"requests", Json::array({item("1")})}};
  EXPECT_EQ(TestClient(port()).post_json("/v1.0/%24batch", body, bearer()).status, 200);
}

TEST_F(Batch, ShufflesAnswers) {
  start();
  Json requests = Json::array();
  std::set<std::string> sent;
  for (int i = 0; i < 20; ++i) {
    requests.push_back(item(std::to_string(i)));
    sent.insert(std::to_string(i));
  }
  const Reply reply = post(requests);
  ASSERT_EQ(reply.status, 200) << reply.body;
  std::set<std::string> received;
  std::vector<std::string> order;
  const Json body = reply.json();
  for (const auto& entry : body.at("responses")) {
    EXPECT_EQ(entry.at("status"), 200);
    received.insert(entry.at("id").get<std::string>());
    order.push_back(entry.at("id"));
  }
  EXPECT_EQ(received, sent);
  bool moved = false;
  for (std::size_t i = 0; i < order.size(); ++i) moved = moved || order[i] != std::to_string(i);
  EXPECT_TRUE(moved);
}

TEST_F(Batch, RunsFourOfAMailboxAtOnce) {
  ApplicationOptions options;
  options.latency = std::chrono::milliseconds(100);
  start(options);
  Json requests = Json::array();
  for (int i = 0; i < 12; ++i) requests.push_back(item(std::to_string(i)));
  const auto began = std::chrono::steady_clock::now();
  const Reply reply = post(requests);
  const auto took = std::chrono::steady_clock::now() - began;
  const Json body = reply.json();
  for (const auto& entry : body.at("responses")) EXPECT_EQ(entry.at("status"), 200);
  EXPECT_GE(took, std::chrono::milliseconds(400));  // three waves and the batch itself
  EXPECT_LT(took, std::chrono::milliseconds(1100));
  EXPECT_EQ(control("GET", "/stats").json().at("buckets").at(0).at("max_concurrent"), 4);
}

TEST_F(Batch, FollowsDependencies) {
  start();
  Json second = item("2");
  second["dependsOn"] = {"1"};
  Json third = item("3");
  third["dependsOn"] = {"2"};
  Reply reply = post({third, item("1"), second});
  ASSERT_EQ(reply.status, 200) << reply.body;
  for (const char* id : {"1", "2", "3"}) EXPECT_EQ(find(reply, id).at("status"), 200);
  const Json entries = log();
  EXPECT_LT(entries.at(1).at("sequence"), entries.at(2).at("sequence"));

  reply = post({third, item("1", "/nowhere"), second, item("4")});
  EXPECT_EQ(find(reply, "1").at("status"), 404);
  EXPECT_EQ(find(reply, "2").at("status"), 424);
  EXPECT_EQ(find(reply, "3").at("status"), 424);
  EXPECT_EQ(find(reply, "4").at("status"), 200);
}

TEST_F(Batch, FailsItemsAlone) {
  start();
  add_fault({{"match", {{"batch_item", true}, {"nth", 2}}},
             {"action", {{"status", 429}, {"retry_after", "7"}}}});
  const Reply reply = post({item("1"), item("2"), item("3")});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(find(reply, "1").at("status"), 200);
  EXPECT_EQ(find(reply, "2").at("status"), 429);
  EXPECT_EQ(find(reply, "2").at("headers").at("Retry-After"), "7");
  EXPECT_EQ(find(reply, "3").at("status"), 200);
}

TEST_F(Batch, RefusesMalformedBatches) {
  start();
  Json many = Json::array();
  for (int i = 0; i < 21; ++i) many.push_back(item(std::to_string(i)));
  Json absolute = item("1", app_->base_url() + "/v1.0/me/messages");
  Json no_type = item("1");
  no_type["method"] = "POST";
  no_type["body"] = Json::object();
  Json lost = item("1");
  lost["dependsOn"] = {"9"};
  Json circle_a = item("a");
  circle_a["dependsOn"] = {"b"};
  Json circle_b = item("b");
  circle_b["dependsOn"] = {"a"};
  const std::vector<Json> cases = {many,
                                   {item("A"), item("a")},
                                   Json::array(),
                                   Json::array({absolute}),
                                   Json::array({no_type}),
                                   Json::array({lost}),
                                   {circle_a, circle_b},
                                   Json::array({{{"id", "1"}, {"url", "/me"}}}),
                                   Json::array({{{"id", 1}, {"method", "GET"}, {"url", "/me"}}}),
                                   Json::array({{{"id", "1"}, {"method", "EAT"}, {"url", "/me"}}}),
                                   "requests"};
  for (const auto& requests : cases) {
    const Reply reply = post(requests);
    EXPECT_EQ(reply.status, 400) << requests.dump();
    EXPECT_EQ(reply.json().at("error").at("code"), "BadRequest");
  }
  TestClient client(port());
  EXPECT_EQ(client.send("POST", "/v1.0/$batch", "{", bearer()).status, 400);
  EXPECT_EQ(client.get("/v1.0/$batch", bearer()).status, 405);
  EXPECT_EQ(client.post_json("/v1.0/$batch", {{"requests", {item("1"), item("2")}}}).status, 401);
}

}  // namespace
}  // namespace graphodbc::emulator::testing
