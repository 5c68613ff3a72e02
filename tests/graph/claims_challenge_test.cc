// Claims challenges, from the header of a 401 to the token request.
#include "graph/oauth/claims_challenge.h"

#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "graph/batch_scan.h"
#include "graph/client.h"
#include "tests/support/scripted_server.h"

namespace graphodbc::graph {
namespace {

using test::ScriptedReply;
using test::ScriptedRequest;

constexpr char kClaims[] = R"({"access_token":{"nbf":{"essential":true}}})";

TEST(ClaimsChallenge, IsReadFromTheHeader) {
  const std::string encoded = base::encode_base64url(kClaims);
  struct Case {
    std::string header;
    std::string claims;
  };
  const Case cases[] = {
      {"Bearer realm=\"\", error=\"insufficient_claims\", claims=\"" + encoded + "==\"", kClaims},
      {"Bearer claims=" + encoded + ", error=\"x\"", kClaims},
      {"Bearer claims = \"" + encoded + "\"", kClaims},
      {R"(Bearer claims="{\"a\":{}}")", R"({"a":{}})"},
      {"Bearer authorization_uri=\"https://x/?claims=1\"", ""},
      {"Bearer xclaims=\"" + encoded + "\"", ""},
      {"Bearer claims=\"not base64!\"", ""},
      {"Bearer claims=\"" + base::encode_base64url("[]") + "\"", ""},
      {"Bearer claims=\"", ""},
      {"", ""},
  };
  for (const Case& entry : cases) {
    EXPECT_EQ(challenged_claims({{"date", "x"}, {"www-authenticate", entry.header}}), entry.claims)
        << entry.header;
  }
}

// An application that signs in at the same server.
ClientSettings app_at(const test::ScriptedServer& server) {
  ClientSettings settings;
  settings.graph_url = server.url();
  settings.token_url = server.url() + "/token";
  settings.client_id = "app";
  settings.auth_mode = AuthMode::kClientCredentials;
  settings.client_secret = base::Secret("s");
  return settings;
}

// Of a request by it.
int status_of_users(const test::ScriptedServer& server) {
  Client client(app_at(server));
  client.connect();
  HttpRequest request;
  request.url = "/users";
  return client.start(request)->wait().status;
}

// What the token endpoint answers: a good token to who asks with claims.
std::string token_for(bool has_claims) {
  return std::string(R"({"token_type":"Bearer","expires_in":3600,"access_token":")") +
         (has_claims ? "good" : "plain") + "\"}";
}
bool asks_with_claims(const ScriptedRequest& request) {
  return request.body.find("claims=%7B%22access_token%22") != std::string::npos;
}

// The service challenges until a token comes that was asked for with the claims.
TEST(ClaimsChallenge, GoesToTheTokenEndpointOnce) {
  std::atomic<int> plain{0};
  std::atomic<int> claimed{0};
  const test::ScriptedServer server([&](const ScriptedRequest& request) {
    ScriptedReply reply;
    if (request.target == "/token") {
      const bool has_claims = asks_with_claims(request);
      ++(has_claims ? claimed : plain);
      reply.body = token_for(has_claims);
    } else if (request.header("authorization") == "Bearer good") {
      reply.body = "{}";
    } else {
      reply.status = 401;
      reply.headers = {{"WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"" +
                                                base::encode_base64url(kClaims) + "\""}};
    }
    return reply;
  });
  EXPECT_EQ(status_of_users(server), 200);
  EXPECT_EQ(plain, 1);
  EXPECT_EQ(claimed, 1);
}

// Parts of a batch are challenged in their own headers; those that were not are not asked for
// again.
TEST(ClaimsChallenge, OfABatchesPartsIsAnsweredToo) {
  std::atomic<int> claimed{0};
  const test::ScriptedServer server([&](const ScriptedRequest& request) {
    ScriptedReply reply;
    if (request.target == "/token") {
      const bool has_claims = asks_with_claims(request);
      claimed += has_claims ? 1 : 0;
      reply.body = token_for(has_claims);
      return reply;
    }
    const bool good = request.header("authorization") == "Bearer good";
    reply.body = R"({"responses":[)";
    const auto sent = nlohmann::json::parse(request.body);
    for (const auto& part : sent.at("requests")) {
      const std::string id = part.at("id");
      const std::string url = part.at("url");
      if (reply.body.back() != '[') reply.body += ',';
      reply.body += R"({"id":")" + id + "\",";
      if (good || url.find("/m0") != std::string::npos) {
        reply.body += R"("status":200,"body":{"id":")" + url.substr(url.find("/m") + 1, 2) + "\"}}";
      } else {
        reply.body += R"("status":401,"headers":{"WWW-Authenticate":"Bearer claims=\")" +
                      base::encode_base64url(kClaims) + R"(\""},"body":{"error":{}}})";
      }
    }
    reply.body += "]}";
    return reply;
  });
  Client client(app_at(server));
  client.connect();
  std::vector<ScanRequest> parts(3);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    ScanColumn id;
    id.json_path = {"id"};
    parts[i].columns.push_back(std::move(id));
    parts[i].path = "/users/m" + std::to_string(i);
    parts[i].single_item = true;
    parts[i].paging = schema::PagingStyle::kNone;
  }
  const auto scan = make_batch_scan(client, std::move(parts));
  base::RowBatch batch;
  std::size_t rows = 0;
  scan->open();
  while (scan->next_batch(batch)) rows += batch.row_count;
  EXPECT_EQ(rows, 3u);
  EXPECT_EQ(claimed, 1);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 4u);  // a token each, a batch each
  EXPECT_NE(requests[1].body.find("/users/m0"), std::string::npos);
  EXPECT_EQ(requests[3].body.find("/users/m0"), std::string::npos) << requests[3].body;
}

TEST(ClaimsChallenge, ThatNoTokenSatisfiesEnds) {
  std::atomic<int> tokens{0};
  const test::ScriptedServer server([&](const ScriptedRequest& request) {
    ScriptedReply reply;
    if (request.target == "/token") {
      reply.body = R"({"token_type":"Bearer","expires_in":3600,"access_token":"t)" +
                   std::to_string(++tokens) + "\"}";
    } else {
      reply.status = 401;
      reply.headers = {
          {"WWW-Authenticate", "Bearer claims=\"" + base::encode_base64url(kClaims) + "\""}};
    }
    return reply;
  });
  EXPECT_EQ(status_of_users(server), 401);
  EXPECT_EQ(tokens, 3);
}

}  // namespace
}  // namespace graphodbc::graph
