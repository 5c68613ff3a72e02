// Requests through a proxy: Proxy, its credentials, NoProxy.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "graph/client.h"
#include "tests/support/scripted_server.h"

namespace graphodbc::graph {
namespace {

using test::ScriptedReply;
using test::ScriptedRequest;
using test::ScriptedServer;

ClientSettings through(const ScriptedServer& proxy, const std::string& graph_url) {
  ClientSettings settings;
  settings.graph_url = graph_url;
  settings.auth_mode = AuthMode::kAccessToken;
  settings.access_token = base::Secret("the-token");
  settings.proxy.url = proxy.url();
  settings.retry.first_wait = std::chrono::milliseconds(10);
  settings.timeout = std::chrono::seconds(5);
  return settings;
}

HttpRequest get(const std::string& path) {
  HttpRequest request;
  request.url = path;
  request.mailbox = "box";
  request.context = {"Messages", {"Mail.Read"}};
  return request;
}

ScriptedReply reply(int status, std::vector<std::pair<std::string, std::string>> headers = {}) {
  ScriptedReply out;
  out.status = status;
  out.headers = std::move(headers);
  out.body = "{}";
  return out;
}

// user:pa:ss
constexpr char kBasic[] = "Basic dXNlcjpwYTpzcw==";

TEST(Proxy, GetsTheRequestAndItsOwnCredentials) {
  ScriptedServer proxy([](const ScriptedRequest& request) {
    const bool known = request.header("proxy-authorization") == kBasic;
    return known ? reply(200) : reply(407, {{"Proxy-Authenticate", "Basic realm=\"p\""}});
  });
  ScriptedServer server([](const ScriptedRequest&) { return reply(500); });
  ClientSettings settings = through(proxy, server.url());
  settings.proxy.credentials = base::Secret("user:pa:ss");
  Client client(settings);
  EXPECT_EQ(client.start(get("/me"))->wait().status, 200);
  EXPECT_TRUE(server.requests().empty());
  EXPECT_EQ(proxy.requests().back().target, server.url() + "/v1.0/me");
}

TEST(Proxy, ThatWantsOtherCredentialsIsNamed) {
  ScriptedServer proxy([](const ScriptedRequest&) {
    return reply(407, {{"Proxy-Authenticate", "Basic realm=\"p\""}});
  });
  Client client(through(proxy, "https://graph.example"));
  try {
    (void)client.start(get("/me"))->wait();
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state().code(), "08S01");
    EXPECT_NE(error.message().find("check Proxy"), std::string::npos) << error.message();
  }
  EXPECT_EQ(proxy.requests().size(), 1u) << "asking again cannot help";
}

// The token is for the service behind the tunnel.
TEST(Proxy, NeverSeesTheToken) {
  ScriptedServer proxy([](const ScriptedRequest&) { return reply(403); });
  Client client(through(proxy, "https://graph.example"));
  EXPECT_THROW((void)client.start(get("/me"))->wait(), base::Error);
  const ScriptedRequest seen = proxy.requests().at(0);
  EXPECT_EQ(seen.method, "CONNECT");
  EXPECT_EQ(seen.target, "graph.example:443");
  EXPECT_EQ(seen.header("authorization"), "");
}

TEST(Proxy, IsTriedAgainAfterAStumble) {
  ScriptedServer proxy([](const ScriptedRequest&) { return reply(503); });
  Client client(through(proxy, "https://graph.example"));
  EXPECT_THROW((void)client.start(get("/me"))->wait(), base::Error);
  EXPECT_EQ(proxy.requests().size(), 3u);
}

TEST(Proxy, IsLeftOutForItsExceptions) {
  ScriptedServer proxy([](const ScriptedRequest&) { return reply(500); });
  ScriptedServer server([](const ScriptedRequest&) { return reply(200); });
  ClientSettings settings = through(proxy, server.url());
  settings.proxy.exceptions = "other.example,127.0.0.1,localhost";
  EXPECT_EQ(Client(settings).start(get("/me"))->wait().status, 200);
  settings = through(proxy, server.url());
  settings.proxy = {.disabled = true, .url = "", .credentials = {}, .exceptions = ""};
  ASSERT_EQ(setenv("http_proxy", proxy.url().c_str(), 1), 0);
  EXPECT_EQ(Client(settings).start(get("/me"))->wait().status, 200);
  unsetenv("http_proxy");
  EXPECT_TRUE(proxy.requests().empty());
}

}  // namespace
}  // namespace graphodbc::graph
