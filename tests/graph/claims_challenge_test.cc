// Claims challenges, from the header of a 401 to the token request.
#include "graph/oauth/claims_challenge.h"

#include <gtest/gtest.h>

#include <atomic>

#include "base/base64.h"
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

// The service challenges until a token comes that was asked for with the claims.
// Of a request by an application that signs in at the same server.
int status_of_users(const test::ScriptedServer& server) {
  ClientSettings settings;
  settings.graph_url = server.url();
  settings.token_url = server.url() + "/token";
  settings.client_id = "app";
  settings.auth_mode = AuthMode::kClientCredentials;
  settings.client_secret = base::Secret("s");
  Client client(settings);
  client.connect();
  HttpRequest request;
  request.url = "/users";
  return client.start(request)->wait().status;
}

TEST(ClaimsChallenge, GoesToTheTokenEndpointOnce) {
  std::atomic<int> plain{0};
  std::atomic<int> claimed{0};
  const test::ScriptedServer server([&](const ScriptedRequest& request) {
    ScriptedReply reply;
    if (request.target == "/token") {
      const bool has_claims =
          request.body.find("claims=%7B%22access_token%22") != std::string::npos;
      ++(has_claims ? claimed : plain);
      reply.body = std::string(R"({"token_type":"Bearer","expires_in":3600,"access_token":")") +
                   (has_claims ? "good" : "plain") + "\"}";
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
