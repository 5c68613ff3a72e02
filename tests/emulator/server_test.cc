#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "emulator/server/fault_bodies.h"
#include "emulator/server/gzip.h"
#include "emulator/server/text.h"
#include "tests/emulator/test_tenant.h"

namespace graphodbc::emulator::testing {
namespace {

using Server = EmulatorTest;
using namespace std::chrono_literals;

TEST_F(Server, KeepsOneConnectionForManyRequests) {
  start();
  TestClient client(port());
  const HeaderList headers = bearer();
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(client.get("/v1.0/me/messages?$top=1", headers).status, 200);
  }
  EXPECT_EQ(client.connections(), 1);
}

TEST_F(Server, ServesHundredsOfConnectionsAtOnce) {
  start();
  const HeaderList headers = bearer();
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 300; ++i) {
    clients.push_back(std::make_unique<TestClient>(port()));
    ASSERT_EQ(clients.back()->get("/v1.0/me/messages", headers).status, 200) << i;
  }
  for (auto& client : clients) {
    ASSERT_EQ(client->get("/v1.0/me/messages", headers).status, 200);
    ASSERT_EQ(client->connections(), 1);
  }
  EXPECT_GE(control("GET", "/stats").json().at("connections_accepted"), 300);
}

TEST_F(Server, StopsAtOnceWithOpenConnections) {
  start();
  TestClient idle(port());
  idle.get("/v1.0/me/messages", bearer());
  const auto began = std::chrono::steady_clock::now();
  app_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
  EXPECT_FALSE(idle.get("/v1.0/me/messages").complete);
}

TEST_F(Server, TakesQueriesOf16KiBAndRefusesLongerTargets) {
  start();
  TestClient client(port());
  const HeaderList headers = bearer();
  EXPECT_EQ(client.get("/v1.0/me/messages?$filter=" + std::string(16384, 'x'), headers).status,
            200);
  EXPECT_EQ(client.get("/v1.0/me/messages?$filter=" + std::string(30000, 'x'), headers).status,
            414);
  EXPECT_EQ(client
                .get("/v1.0/me/messages",
                     {{"X-One", std::string(40000, 'x')}, {"X-Two", std::string(40000, 'x')}})
                .status,
            431);
}

TEST_F(Server, CompressesWhenAsked) {
  start();
  TestClient client(port());
  HeaderList headers = bearer();
  const Reply plain = client.get("/v1.0/me/messages?$top=50", headers);
  headers.emplace_back("Accept-Encoding", "deflate, gzip");
  const Reply packed = client.get("/v1.0/me/messages?$top=50", headers);
  EXPECT_EQ(plain.header("Content-Encoding"), "");
  EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
  EXPECT_LT(packed.wire_size, plain.wire_size / 3);
  EXPECT_EQ(packed.body, plain.body);
  const auto entries = log();
  EXPECT_EQ(entries.at(0).at("response_bytes"), plain.wire_size);
  EXPECT_EQ(entries.at(1).at("response_bytes"), packed.wire_size);
}

TEST(Gzip, ReadsAcceptEncoding) {
  const std::vector<std::pair<std::string, bool>> cases = {
      {"gzip", true},      {"GZIP", true},      {"deflate, gzip;q=0.5", true},
      {"gzip;q=0", false}, {"identity", false}, {"*", true},
      {"*;q=0", false},    {"br, zstd", false}, {"gzip;q=0.000, *", false},
      {"x-gzip", true},    {"", false}};
  for (const auto& [value, accepted] : cases) {
    EXPECT_EQ(accepts_gzip({{"accept-encoding", value}}), accepted) << value;
  }
  EXPECT_FALSE(accepts_gzip({}));
}

TEST_F(Server, AnswersHeadWithoutBody) {
  start();
  TestClient client(port());
  const Reply reply = client.send("HEAD", "/v1.0/me/messages", "", bearer());
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(client.get("/v1.0/me/messages", bearer()).status, 200);
  EXPECT_EQ(client.connections(), 1);
}

TEST_F(Server, EchoesRequestIds) {
  start();
  TestClient client(port());
  HeaderList headers = bearer();
  headers.emplace_back("client-request-id", "0a0b0c0d-1111-4222-8333-444455556666");
  const Reply reply = client.get("/v1.0/nowhere", headers);
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.header("client-request-id"), "0a0b0c0d-1111-4222-8333-444455556666");
  const auto inner = reply.json().at("error").at("innerError");
  EXPECT_EQ(inner.at("request-id"), reply.header("request-id"));
  EXPECT_EQ(inner.at("client-request-id"), "0a0b0c0d-1111-4222-8333-444455556666");
  EXPECT_NE(reply.header("Date"), "");
  EXPECT_NE(reply.header("x-ms-ags-diagnostic"), "");
}

TEST_F(Server, RefusesBadTokens) {
  ApplicationOptions options;
  options.identity.token_lifetime = 1s;
  start(options);
  TestClient client(port());
  const HeaderList soon_expired = bearer();
  const std::string foreign = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.AAAA";
  const std::vector<std::pair<HeaderList, std::string>> cases = {
      {{}, "Access token is empty."},
      {{{"Authorization", "Basic abc"}}, "Access token is empty."},
      {{{"Authorization", "Bearer "}}, "Access token is empty."},
      {{{"Authorization", "Bearer rubbish"}},
       "CompactToken parsing failed with error code: 80049217"},
      {{{"Authorization", "Bearer " + foreign}},
       "Access token validation failure. Invalid signature."},
  };
  for (const auto& [headers, message] : cases) {
    const Reply reply = client.get("/v1.0/me/messages", headers);
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(reply.json().at("error").at("code"), "InvalidAuthenticationToken");
    EXPECT_EQ(reply.json().at("error").at("message"), message);
  }
  EXPECT_EQ(client.get("/v1.0/me/messages", soon_expired).status, 200);
  std::this_thread::sleep_for(1100ms);
  const Reply expired = client.get("/v1.0/me/messages", soon_expired);
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(expired.json().at("error").at("message"),
            "Lifetime validation failed, the token is expired.");
}

TEST_F(Server, ChallengesRevokedTokens) {
  start();
  TestClient client(port());
  const HeaderList old_token = bearer();
  EXPECT_EQ(control("POST", "/revoke", {{"what", "access"}}).status, 200);
  const Reply reply = client.get("/v1.0/me/messages", old_token);
  EXPECT_EQ(reply.status, 401);
  EXPECT_NE(reply.header("WWW-Authenticate").find("claims=\"eyJ"), std::string::npos);
  EXPECT_EQ(client.get("/v1.0/me/messages", bearer()).status, 200);
}

TEST_F(Server, LetsFourRequestsOfAMailboxRunAtOnce) {
  ApplicationOptions options;
  options.latency = 400ms;
  start(options);
  const HeaderList headers = bearer();
  std::atomic<int> served = 0;
  std::atomic<int> throttled = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      TestClient client(port());
      const Reply reply = client.get("/v1.0/me/messages", headers);
      if (reply.status == 200) ++served;
      if (reply.status != 429) return;
      ++throttled;
      EXPECT_EQ(reply.header("Retry-After"), "1");
      EXPECT_EQ(reply.json().at("error").at("code"), "ApplicationThrottled");
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(served, 4);
  EXPECT_EQ(throttled, 2);
  // Too early for the Retry-After just given.
  TestClient client(port());
  EXPECT_EQ(client.get("/v1.0/me/messages", headers).status, 200);
  const auto stats = control("GET", "/stats").json();
  EXPECT_GE(stats.at("retry_after_undercut_in_bucket"), 1);
  EXPECT_EQ(stats.at("buckets").at(0).at("max_concurrent"), 5);
  EXPECT_EQ(stats.at("buckets").at(0).at("throttled"), 2);
}

TEST_F(Server, LogsWithoutSecrets) {
  start();
  TestClient client(port());
  client.get("/v1.0/me/messages?$top=2", bearer());
  client.post_form(oauth("token"), {{"grant_type", "client_credentials"},
                                    {"client_id", web_app().client_id},
                                    {"client_secret", web_app().secret},
                                    {"scope", "https://graph.microsoft.com/.default"}});
  control("GET", "/faults");
  const Reply reply = control("GET", "/requests");
  const auto entries = reply.json();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].at("path"), "/v1.0/me/messages");
  EXPECT_EQ(entries[0].at("query"), "$top=2");
  EXPECT_EQ(entries[0].at("status"), 200);
  EXPECT_EQ(entries[0].at("headers").at("authorization"), "Bearer ***");
  EXPECT_EQ(entries[1].at("form").at("grant_type"), "client_credentials");
  EXPECT_EQ(entries[1].at("form").at("scope"), "https://graph.microsoft.com/.default");
  EXPECT_EQ(entries[1].at("form").at("names").size(), 4U);
  EXPECT_EQ(reply.body.find(web_app().secret), std::string::npos);
  EXPECT_EQ(reply.body.find(percent_encode(web_app().secret)), std::string::npos);
  EXPECT_EQ(reply.body.find("eyJ"), std::string::npos);
  EXPECT_EQ(control("GET", "/requests?path=*/token").json().size(), 1U);
  control("DELETE", "/requests");
  EXPECT_EQ(log().size(), 0U);
}

TEST_F(Server, TellsHowToUseIt) {
  start();
  const std::string text = app_->ready_line();
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const auto line = nlohmann::json::parse(text);
  for (const char* name : {"graph_url", "auth_url", "token_url", "device_code_url", "tenant_id",
                           "client_id", "client_secret", "public_client_id", "account",
                           "control_url", "connection_string", "refresh_token", "access_token"}) {
    EXPECT_FALSE(line.at(name).get<std::string>().empty()) << name;
  }
  TestClient client(port());
  const Reply tokens = client.post_form(target_of(line.at("token_url")),
                                        {{"grant_type", "refresh_token"},
                                         {"client_id", line.at("client_id")},
                                         {"client_secret", line.at("client_secret")},
                                         {"refresh_token", line.at("refresh_token")}});
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  const std::string access = tokens.json().at("access_token");
  EXPECT_EQ(client.get("/v1.0/me/messages", {{"Authorization", "Bearer " + access}}).status, 200);
}

TEST_F(Server, RefusesUnknownControlCalls) {
  start();
  EXPECT_EQ(control("GET", "/nothing").status, 404);
  EXPECT_EQ(control("POST", "/revoke", {{"what", "everything"}}).status, 400);
  EXPECT_EQ(control("POST", "/token-lifetime", {{"seconds", "two"}}).status, 400);
  EXPECT_EQ(TestClient(port()).send("POST", "/_control/faults", "{no json").status, 400);
}

TEST(Text, MatchesGlobs) {
  const std::vector<std::tuple<std::string, std::string, bool>> cases = {
      {"*", "", true},
      {"/me/messages", "/me/messages", true},
      {"/me/messages", "/me/messages/1", false},
      {"/me/*", "/me/messages/1", true},
      {"*/messages", "/users/a/messages", true},
      {"*/messages*", "/users/a/messages/1", true},
      {"/ME/m?ssages", "/me/messages", true},
      {"*a*b*c", "xxaxxbxxc", true},
      {"*a*b*c", "xxaxxcxxb", false},
  };
  for (const auto& [pattern, text, expected] : cases) {
    EXPECT_EQ(glob_matches(pattern, text), expected) << pattern << " " << text;
  }
}

TEST(Text, DecodesForms) {
  const Parameters form = parse_form("a=1+2&b=%7E%2B%2F%3D&c&=x&d=%zz");
  EXPECT_EQ(find_parameter(form, "a"), "1 2");
  EXPECT_EQ(find_parameter(form, "b"), "~+/=");
  EXPECT_EQ(find_parameter(form, "c"), "");
  EXPECT_EQ(find_parameter(form, "d"), "%zz");
  EXPECT_EQ(percent_encode("~+/= a"), "~%2B%2F%3D%20a");
}

}  // namespace
}  // namespace graphodbc::emulator::testing
