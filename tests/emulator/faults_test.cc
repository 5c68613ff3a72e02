#include <gtest/gtest.h>

#include <chrono>

#include "emulator/server/fault_bodies.h"
#include "tests/emulator/test_tenant.h"

namespace graphodbc::emulator::testing {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

class Faults : public EmulatorTest {
 protected:
  void SetUp() override { start(); }

  static constexpr const char* kMessages = "/v1.0/me/messages?$top=20";

  Reply get(const std::string& target = kMessages, bool gzip = false) {
    HeaderList headers = bearer();
    if (gzip) headers.emplace_back("Accept-Encoding", "gzip");
    return TestClient(port(), 3).get(target, headers);
  }
};

TEST_F(Faults, PickRequestsByPathAndOccurrence) {
  add_fault({{"match", {{"method", "GET"}, {"path", "/me/messages"}, {"nth", 2}, {"times", 2}}},
             {"action", {{"status", 503}}}});
  get("/v1.0/other");
  std::vector<int> seen;
  for (int i = 0; i < 5; ++i) seen.push_back(get().status);
  EXPECT_EQ(seen, (std::vector<int>{200, 503, 503, 200, 200}));
  const Json rules = control("GET", "/faults").json();
  EXPECT_EQ(rules.at(0).at("seen"), 5);
  EXPECT_EQ(rules.at(0).at("hits"), 2);
  EXPECT_EQ(control("DELETE", "/faults").status, 200);
  EXPECT_EQ(control("GET", "/faults").json().size(), 0U);
}

TEST_F(Faults, RepeatForEverAndEveryNth) {
  add_fault({{"match", {{"path", "^/v1\\.0/.*messages$"}, {"query", "*$skip=20*"}, {"times", -1}}},
             {"action", {{"status", 500}}}});
  add_fault({{"match", {{"every", 2}, {"times", -1}}}, {"action", {{"status", 504}}}});
  EXPECT_EQ(get().status, 504);
  EXPECT_EQ(get().status, 200);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(get("/v1.0/me/messages?$skip=20").status, 500);
}

TEST_F(Faults, AnswerWithStatusAndRetryAfter) {
  const std::vector<std::pair<Json, std::string>> cases = {
      {1, "1"}, {0.5, "0.5"}, {"3", "3"}, {"soon", "soon"}};
  for (const auto& [given, sent] : cases) {
    add_fault(
        {{"action", {{"status", 429}, {"retry_after", given}, {"code", "activityLimitReached"}}}});
    const Reply reply = get();
    EXPECT_EQ(reply.status, 429);
    EXPECT_EQ(reply.header("Retry-After"), sent);
    EXPECT_EQ(reply.json().at("error").at("code"), "activityLimitReached");
  }
  add_fault({{"action", {{"status", 503}, {"retry_after", {{"http_date_in", 2}}}}}});
  const Reply dated = get();
  EXPECT_NE(dated.header("Retry-After").find(" GMT"), std::string::npos);
  EXPECT_EQ(dated.json().at("error").at("code"), "serviceNotAvailable");
  EXPECT_EQ(control("GET", "/stats").json().at("retry_after_undercut").get<int>() > 0, true);
}

TEST_F(Faults, ResetConnections) {
  add_fault({{"action", "connection_reset"}});
  const Reply before = get();
  EXPECT_EQ(before.status, 0);
  EXPECT_EQ(before.error, boost::asio::error::connection_reset);
  add_fault({{"action", {{"connection_reset", {{"after_bytes", 100}}}}}});
  const Reply during = get();
  EXPECT_EQ(during.status, 200);
  EXPECT_FALSE(during.complete);
  EXPECT_EQ(log().at(0).at("status"), 0);
  EXPECT_EQ(log().at(1).at("fault"), "connection_reset");
}

TEST_F(Faults, TruncateBodies) {
  const std::string whole = get().body;
  add_fault({{"action", {{"truncate", 0.5}}}});
  const Reply cut = get();
  EXPECT_EQ(cut.status, 200);
  EXPECT_FALSE(cut.complete);
  EXPECT_EQ(cut.body, whole.substr(0, whole.size() / 2));
  EXPECT_EQ(cut.header("Content-Length"), std::to_string(whole.size()));

  add_fault({{"action", {{"kind", "truncate"}, {"chunked", true}}}});
  const Reply chunked = get();
  EXPECT_FALSE(chunked.complete);
  EXPECT_EQ(chunked.header("Transfer-Encoding"), "chunked");

  add_fault({{"action", {{"kind", "truncate"}, {"gzip", true}, {"content_length", "actual"}}}});
  const Reply gzip = get();
  EXPECT_TRUE(gzip.complete);
  EXPECT_EQ(gzip.header("Content-Encoding"), "gzip");
  EXPECT_EQ(gzip.body.rfind("\x1f\x8b", 0), 0U);  // could not be decompressed
  EXPECT_EQ(get(kMessages, true).body, whole);
}

TEST_F(Faults, SendWholeBodiesInChunks) {
  const std::string whole = get().body;
  add_fault({{"action", {{"delay_ms", 1}, {"chunked", true}}}});
  const Reply reply = get();
  EXPECT_TRUE(reply.complete);
  EXPECT_EQ(reply.header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(reply.body, whole);
}

TEST_F(Faults, Stall) {
  add_fault({{"action", {{"stall", {{"seconds", 0.4}, {"then", "continue"}}}}}});
  auto began = Clock::now();
  EXPECT_TRUE(get().complete);
  EXPECT_GE(Clock::now() - began, std::chrono::milliseconds(400));

  add_fault({{"action", {{"stall", {{"seconds", 0.3}, {"before_headers", true}}}}}});
  began = Clock::now();
  EXPECT_EQ(get().status, 0);
  EXPECT_GE(Clock::now() - began, std::chrono::milliseconds(300));

  add_fault({{"action", {{"stall", 0.3}}}});
  const Reply part = get();
  EXPECT_EQ(part.status, 200);
  EXPECT_FALSE(part.complete);
  EXPECT_FALSE(part.body.empty());
}

TEST_F(Faults, DelayAnswers) {
  add_fault({{"action", {{"delay_ms", 300}}}});
  const auto began = Clock::now();
  EXPECT_EQ(get().status, 200);
  EXPECT_GE(Clock::now() - began, std::chrono::milliseconds(300));
}

TEST_F(Faults, DamageJson) {
  const std::string whole = get().body;
  for (const char* mode : {"cut", "garbage", "empty"}) {
    add_fault({{"action", {{"malformed_json", mode}}}});
    const Reply reply = get();
    EXPECT_TRUE(reply.complete) << mode;
    EXPECT_TRUE(reply.json().is_discarded()) << mode;
  }
}

TEST_F(Faults, ServeAnEmptyPageThatGoesOn) {
  add_fault({{"match", {{"nth", 2}}}, {"action", "empty_page"}});
  TestClient client(port());
  EXPECT_EQ(read_all(client, kMessages).size(), 100U);
  const Json entries = log();
  ASSERT_EQ(entries.size(), 6U);
  EXPECT_EQ(entries.at(1).at("fault"), "empty_page");
  EXPECT_EQ(entries.at(2).at("query"),
            entries.at(1).at("query").get<std::string>() + "&emulatorpage=1");
}

TEST_F(Faults, TamperWithNextLinks) {
  add_fault({{"action", "missing_next_link"}});
  EXPECT_FALSE(get().json().contains("@odata.nextLink"));

  add_fault({{"action", "looping_next_link"}});
  EXPECT_EQ(get().json().at("@odata.nextLink"), app_->base_url() + kMessages);

  add_fault({{"action", "foreign_next_link"}});
  EXPECT_EQ(get().json().at("@odata.nextLink"),
            "https://evil.example/v1.0/me/messages?$top=20&$skip=20");

  add_fault({{"action", {{"foreign_next_link", "127.0.0.2"}}}});
  EXPECT_EQ(get().json().at("@odata.nextLink"),
            "http://127.0.0.2:" + std::to_string(port()) + "/v1.0/me/messages?$top=20&$skip=20");
}

TEST_F(Faults, IgnoreOrWidenFilters) {
  const std::string target = "/v1.0/me/messages?$filter=a%20eq%201%20and%20b%20eq%202&$top=5";
  EXPECT_EQ(get(target).json().at("filter"), "a eq 1 and b eq 2");
  add_fault({{"action", "ignore_filter"}});
  EXPECT_EQ(get(target).json().at("filter"), "");
  add_fault({{"action", {{"widen_filter", 0}}}});
  const Json wide = get(target).json();
  EXPECT_EQ(wide.at("filter"), "b eq 2");
  EXPECT_EQ(wide.at("value").size(), 5U);
}

TEST(WidenedFilter, DropsOneConjunct) {
  const std::vector<std::tuple<std::string, int, std::string>> cases = {
      {"a eq 1", -1, ""},
      {"a eq 1 and b eq 2", -1, "a eq 1"},
      {"a eq 1 and b eq 2 and c eq 3", 1, "a eq 1 and c eq 3"},
      {"a eq 1 and b eq 2", 9, "a eq 1"},
      {"a eq 1 or b eq 2", -1, ""},
      {"(a eq 1 and b eq 2)", -1, ""},
      {"(a eq 1 or x eq 2) and b eq 'o''r and d'", 0, "b eq 'o''r and d'"},
      {"s eq ' and ' and t eq 1", -1, "s eq ' and '"},
  };
  for (const auto& [filter, drop, expected] : cases) {
    EXPECT_EQ(widened_filter(filter, drop), expected) << filter;
  }
}

TEST_F(Faults, RepeatRowsOfThePageBefore) {
  add_fault(
      {{"match", {{"path", "/me/messages"}, {"nth", 2}}}, {"action", {{"duplicate_rows", 2}}}});
  TestClient client(port());
  const auto ids = read_all(client, kMessages);
  ASSERT_EQ(ids.size(), 102U);
  EXPECT_EQ(ids.at(19), "19");
  EXPECT_EQ(ids.at(20), "18");
  EXPECT_EQ(ids.at(21), "19");
  EXPECT_EQ(ids.at(22), "20");
}

TEST_F(Faults, BreakOffWithAnErrorInTheBody) {
  add_fault({{"action", "error_in_body"}});
  const Reply reply = get();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.json().at("value").size(), 10U);
  EXPECT_TRUE(reply.json().contains("error"));
  EXPECT_FALSE(reply.json().contains("@odata.nextLink"));
  EXPECT_GT(reply.body.find("\"error\""), reply.body.find("\"value\""));
}

TEST_F(Faults, ShowHtmlAndExpireTokens) {
  add_fault({{"action", "html_error"}});
  const Reply html = get();
  EXPECT_EQ(html.status, 502);
  EXPECT_EQ(html.header("Content-Type"), "text/html; charset=utf-8");
  add_fault({{"action", "expired_token"}});
  const Reply expired = get();
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(expired.json().at("error").at("message"),
            "Lifetime validation failed, the token is expired.");
}

TEST_F(Faults, HitTheTokenEndpoint) {
  add_fault(
      {{"match", {{"path", "*/token"}}}, {"action", {{"status", 503}, {"retry_after", "1"}}}});
  TestClient client(port());
  const Reply reply = client.post_form(oauth("token"), {{"grant_type", "x"}});
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.header("Retry-After"), "1");
  EXPECT_EQ(reply.json().at("error"), "temporarily_unavailable");
  EXPECT_EQ(reply.json().at("error_codes").at(0), 90033);
}

TEST_F(Faults, RefuseBadRules) {
  const std::vector<std::pair<Json, std::string>> cases = {
      {Json::object(), "'action' is missing"},
      {{{"action", "explode"}}, "names no known kind"},
      {{{"action", {{"status", "503"}}}}, "'status' must be a whole number"},
      {{{"action", {{"status", 42}}}}, "'status' must be 200 to 599"},
      {{{"action", {{"kind", "stall"}, {"colour", 1}}}}, "unknown parameter 'colour'"},
      {{{"action", "stall"}, {"match", {{"verb", "GET"}}}}, "unknown member 'verb'"},
      {{{"action", "stall"}, {"match", {{"path", "^("}}}}, "'path'"},
      {{{"action", {{"truncate", 2.5}}}}, "'fraction'"},
  };
  for (const auto& [rule, text] : cases) {
    const Reply reply = control("POST", "/faults", rule);
    EXPECT_EQ(reply.status, 400) << rule.dump();
    EXPECT_NE(reply.body.find(text), std::string::npos) << reply.body;
  }
  EXPECT_EQ(
      control("POST", "/faults", Json::array({{{"action", "stall"}}, {{"action", "explode"}}}))
          .status,
      400);
  EXPECT_EQ(control("GET", "/faults").json().size(), 0U);
}

}  // namespace
}  // namespace graphodbc::emulator::testing
