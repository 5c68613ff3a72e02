// The client against a server that misbehaves on purpose.
#include "graph/client.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "graph/service_error.h"
#include "tests/support/scripted_server.h"

namespace graphodbc::graph {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using test::ScriptedReply;
using test::ScriptedRequest;
using test::ScriptedServer;

ScriptedReply reply(int status, std::string body = "{}",
                    std::vector<std::pair<std::string, std::string>> headers = {}) {
  ScriptedReply out;
  out.status = status;
  out.headers = std::move(headers);
  out.body = std::move(body);
  return out;
}

ClientSettings settings_for(const ScriptedServer& server, const char* mailbox_app = "app") {
  ClientSettings settings;
  settings.graph_url = server.url();
  settings.token_url = server.url() + "/t/oauth2/v2.0/token";
  settings.client_id = mailbox_app;
  settings.auth_mode = AuthMode::kAccessToken;
  settings.access_token = base::Secret("token-0");
  settings.token_expires_at =
      std::chrono::floor<seconds>(std::chrono::system_clock::now()) + std::chrono::hours(1);
  settings.retry.first_wait = milliseconds(10);
  settings.timeout = seconds(5);
  return settings;
}

HttpRequest get(std::string url, Deadline deadline = {}) {
  HttpRequest request;
  request.url = std::move(url);
  request.mailbox = "box";
  request.context = {"Messages", {"Mail.Read"}};
  request.deadline = deadline;
  return request;
}

std::string state_of_wait(PendingResponse& pending, std::string* message = nullptr) {
  try {
    (void)pending.wait();
  } catch (const base::Error& error) {
    if (message != nullptr) *message = error.message();
    return std::string(error.state().code());
  }
  return "";
}

TEST(Client, SendsTokenAndHeadersToTheVersionRoot) {
  ScriptedServer server([](const auto&) {
    return reply(200, "hello", {{"request-id", "r-1"}, {"Date", "d"}, {"Content-Type", "a/b"}});
  });
  ClientSettings settings = settings_for(server);
  settings.graph_url += "/";
  settings.user_agent = "graphodbc/0.1";
  Client client(settings);
  client.connect();
  HttpRequest request = get("/me/messages?$top=1");
  request.headers = {{"Prefer", "x"}};
  const HttpResponse response = client.start(request)->wait();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.view(), "hello");
  EXPECT_GE(response.body.capacity(), response.body.size() + ByteBuffer::kPadding);
  EXPECT_EQ(response.request_id, "r-1");
  EXPECT_EQ(response.content_type, "a/b");
  EXPECT_EQ(response.attempts, 1);
  EXPECT_EQ(response.url, server.url() + "/v1.0/me/messages?$top=1");
  const ScriptedRequest seen = server.requests().at(0);
  EXPECT_EQ(seen.target, "/v1.0/me/messages?$top=1");
  EXPECT_EQ(seen.header("authorization"), "Bearer token-0");
  EXPECT_EQ(seen.header("accept-encoding"), "gzip");
  EXPECT_EQ(seen.header("user-agent"), "graphodbc/0.1");
  EXPECT_EQ(seen.header("prefer"), "x");
  EXPECT_EQ(seen.header("client-request-id"), response.client_request_id);
  EXPECT_EQ(response.client_request_id.size(), 36u);
}

TEST(Client, BodiesArriveAsSent) {
  std::string packed(1000, '\0');
  const std::string text(50'000, 'a');
  z_stream stream = {};
  ASSERT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  ASSERT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  ScriptedServer server([&](const ScriptedRequest& request) {
    ScriptedReply out = reply(200, packed, {{"Content-Encoding", "GZIP"}});
    if (request.target.ends_with("chunked")) out.chunked = true;
    if (request.target.ends_with("big")) out = reply(200, std::string(3'000'000, 'b'));
    return out;
  });
  Client client(settings_for(server));
  for (const char* path : {"/plain", "/chunked"}) {
    const HttpResponse response = client.start(get(path))->wait();
    EXPECT_EQ(response.content_encoding, "gzip");
    EXPECT_EQ(response.body.view(), packed);
  }
  const HttpResponse big = client.start(get("/big"))->wait();
  EXPECT_EQ(big.body.size(), 3'000'000u);
  EXPECT_EQ(big.content_encoding, "");
}

// Requirements A-Z12: exactly 1 + RetryCountMax.
TEST(Client, RetriesListedStatusesExactly) {
  ScriptedServer server([](const auto&) { return reply(503, ""); });
  Client client(settings_for(server));
  const HttpResponse response = client.start(get("/me"))->wait();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.attempts, 6);
  EXPECT_EQ(server.requests().size(), 6u);
  std::set<std::string> ids;
  for (const ScriptedRequest& request : server.requests()) {
    ids.insert(request.header("client-request-id"));
  }
  EXPECT_EQ(ids.size(), 6u);
  const ServiceError error = make_service_error(response, {"Messages", {}});
  EXPECT_NE(error.message().find("6 attempts"), std::string::npos);
}

TEST(Client, ModeNoneSendsOnce) {
  ScriptedServer server([](const ScriptedRequest& request) {
    ScriptedReply out = reply(503, "");
    out.reset = request.target.ends_with("reset");
    return out;
  });
  ClientSettings settings = settings_for(server);
  settings.retry.mode = RetryMode::kNone;
  Client client(settings);
  EXPECT_EQ(client.start(get("/me"))->wait().attempts, 1);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(Client, RecoversFromLostConnections) {
  for (const char* kind : {"reset", "cut", "cut chunked", "garbage"}) {
    std::atomic<int> served{0};
    ScriptedServer server([&](const auto&) {
      ScriptedReply out = reply(200, "whole");
      if (++served > 2) return out;
      const std::string_view what = kind;
      out.reset = what == "reset";
      out.chunked = what == "cut chunked";
      if (what.starts_with("cut")) out.cut_after = 3;
      if (what == "garbage") out.raw = "not http at all\r\n\r\n";
      return out;
    });
    Client client(settings_for(server));
    const HttpResponse response = client.start(get("/me"))->wait();
    EXPECT_EQ(response.body.view(), "whole") << kind;
    EXPECT_EQ(response.attempts, 3) << kind;
  }
}

TEST(Client, ReportsConnectionsThatStayLost) {
  ScriptedServer server([](const auto&) {
    ScriptedReply out = reply(200, "whole");
    out.cut_after = 3;
    return out;
  });
  ClientSettings settings = settings_for(server);
  settings.retry.count = 1;
  Client client(settings);
  std::string message;
  EXPECT_EQ(state_of_wait(*client.start(get("/me/messages?$top=5")), &message), "08S01");
  for (std::string_view part : {"Messages: ", "cut off", "/v1.0/me/messages?$top,", "2 attempts"}) {
    EXPECT_NE(message.find(part), std::string::npos) << part << "\n" << message;
  }
}

TEST(Client, AStallIsATimeout) {
  ScriptedServer server([](const auto&) {
    ScriptedReply out = reply(200, "whole");
    out.stall_after = 2;
    return out;
  });
  ClientSettings settings = settings_for(server);
  settings.timeout = seconds(1);
  settings.retry.count = 0;
  Client client(settings);
  const auto start = steady_clock::now();
  EXPECT_EQ(state_of_wait(*client.start(get("/me"))), "HYT00");
  const auto time = steady_clock::now() - start;
  EXPECT_GE(time, milliseconds(950));
  EXPECT_LT(time, seconds(3));
}

TEST(Client, AnUnreachableHostIs08S01) {
  std::string url;
  {
    const ScriptedServer server([](const auto&) { return reply(200); });
    url = server.url();
  }
  ClientSettings settings;
  settings.graph_url = url;
  settings.auth_mode = AuthMode::kAccessToken;
  settings.access_token = base::Secret("t");
  settings.retry.first_wait = milliseconds(1);
  Client client(settings);
  std::string message;
  EXPECT_EQ(state_of_wait(*client.start(get("/me")), &message), "08S01");
  EXPECT_NE(message.find("3 attempts"), std::string::npos) << message;
}

TEST(Client, RedirectsAreNotFollowed) {
  ScriptedServer other([](const auto&) { return reply(200); });
  ScriptedServer server([&](const auto&) {
    return reply(302, "", {{"Location", other.url() + "/x"}});
  });
  Client client(settings_for(server));
  EXPECT_EQ(client.start(get("/me"))->wait().status, 302);
  EXPECT_TRUE(other.requests().empty());
}

TEST(Client, TheTokenStaysAtItsOrigin) {
  ScriptedServer server([](const auto&) { return reply(200); });
  ScriptedServer other([](const auto&) { return reply(200); });
  Client client(settings_for(server));
  for (const std::string& url :
       {other.url() + "/v1.0/me", std::string("https://evil.example/v1.0/me"), std::string("x"),
        server.url() + "@evil.example/", std::string()}) {
    EXPECT_FALSE(client.same_origin(url)) << url;
    EXPECT_THROW((void)client.start(get(url)), base::Error) << url;
  }
  EXPECT_TRUE(other.requests().empty());
  EXPECT_EQ(client.start(get(server.url() + "/v1.0/me?$skip=10"))->wait().status, 200);
  EXPECT_EQ(server.requests().at(0).target, "/v1.0/me?$skip=10");
}

TEST(Client, RefusesImpossibleSettings) {
  const auto refused = [](auto change) {
    ClientSettings settings;
    settings.auth_mode = AuthMode::kAccessToken;
    settings.access_token = base::Secret("t");
    change(settings);
    try {
      Client client(settings);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state().code(), "08001");
      return error.message();
    }
    return std::string();
  };
  EXPECT_EQ(refused([](ClientSettings&) {}), "");
  EXPECT_NE(refused([](auto& s) { s.graph_url = "http://graph.microsoft.com"; }), "");
  EXPECT_NE(refused([](auto& s) { s.graph_url = "graph"; }), "");
  EXPECT_NE(refused([](auto& s) { s.token_url = "http://10.0.0.1/token"; }), "");
  EXPECT_NE(refused([](auto& s) { s.ca_file = "/does/not/exist"; }), "");
  EXPECT_NE(refused([](auto& s) { s.access_token = base::Secret("a\nb"); }), "");
  EXPECT_NE(refused([](auto& s) { s.access_token = {}; }), "");
  EXPECT_EQ(refused([](auto& s) { s.graph_url = "http://[::1]:8080"; }), "");
}

TEST(Client, RenewsATokenThatTheServiceRefuses) {
  std::atomic<int> tokens{0};
  ScriptedServer server([&](const ScriptedRequest& request) {
    if (request.method == "POST") {
      const std::string n = std::to_string(++tokens);
      return reply(
          200, R"({"access_token":"token-)" + n + R"(","refresh_token":"r","expires_in":3600})");
    }
    return reply(request.header("authorization") == "Bearer token-0" ? 401 : 200);
  });
  ClientSettings settings = settings_for(server);
  settings.auth_mode = AuthMode::kRefreshToken;
  settings.refresh_token = base::Secret("r");
  Client client(settings);
  client.connect();
  EXPECT_EQ(tokens, 0);
  std::vector<std::shared_ptr<PendingResponse>> pending;
  for (int i = 0; i < 4; ++i) pending.push_back(client.start(get("/me")));
  for (const auto& one : pending) EXPECT_EQ(one->wait().status, 200);
  EXPECT_EQ(tokens, 1) << "one renewal serves all";
}

TEST(Client, PostsJsonAndRepeatsIt) {
  std::atomic<int> seen{0};
  ScriptedServer server([&](const auto&) { return reply(++seen == 1 ? 503 : 200, "{}"); });
  Client client(settings_for(server));
  HttpRequest request = get("/$batch");
  request.json = R"({"requests":[]})";
  const HttpResponse response = client.start(request)->wait();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.attempts, 2);
  EXPECT_EQ(response.method, "POST");
  ASSERT_EQ(server.requests().size(), 2u);
  for (const ScriptedRequest& sent : server.requests()) {
    EXPECT_EQ(sent.method, "POST");
    EXPECT_EQ(sent.target, "/v1.0/$batch");
    EXPECT_EQ(sent.body, request.json);
    EXPECT_EQ(sent.header("content-type"), "application/json");
    EXPECT_EQ(sent.header("authorization"), "Bearer token-0");
  }
}

TEST(Client, ARequestWaitsForItsTime) {
  ScriptedServer server([](const auto&) { return reply(200); });
  Client client(settings_for(server));
  HttpRequest request = get("/me");
  const auto time = steady_clock::now() + milliseconds(150);
  request.not_before = time;
  EXPECT_EQ(client.start(request)->wait().status, 200);
  EXPECT_GE(server.requests().at(0).at, time);
  // Nor is it sent at all when its deadline comes first, or when it is cancelled meanwhile.
  request.not_before = steady_clock::now() + seconds(60);
  request.deadline = steady_clock::now() + seconds(30);
  EXPECT_EQ(state_of_wait(*client.start(request)), "HYT00");
  request.deadline.reset();
  const auto pending = client.start(request);
  pending->cancel();
  EXPECT_EQ(state_of_wait(*pending), "HY008");
  EXPECT_EQ(server.requests().size(), 1u);
}

// Two requests that need the same two mailboxes, named in other orders, do not block each other.
TEST(Client, ABatchTakesPlacesInAllItsMailboxes) {
  ScriptedServer server([](const auto&) {
    ScriptedReply out = reply(200);
    out.delay = milliseconds(20);
    return out;
  });
  Client client(settings_for(server, "places"));
  std::vector<std::shared_ptr<PendingResponse>> pending;
  for (int i = 0; i < 8; ++i) {
    HttpRequest request = get("/$batch");
    request.json = "{}";
    request.shares = {{schema::Service::kOutlook, i % 2 == 0 ? "a" : "b", 4},
                      {schema::Service::kOutlook, i % 2 == 0 ? "b" : "a", 3}};
    pending.push_back(client.start(request));
  }
  for (const auto& one : pending) EXPECT_EQ(one->wait().status, 200);
  EXPECT_EQ(server.peak(), 1u);
}

TEST(Client, AClosedGateHoldsRequestsBack) {
  ScriptedServer server([](const auto&) { return reply(200); });
  Client client(settings_for(server, "closed"));
  const auto time = steady_clock::now() + milliseconds(150);
  client.close_gate({schema::Service::kOutlook, "box", 1}, time);
  EXPECT_EQ(client.start(get("/me"))->wait().status, 200);
  EXPECT_GE(server.requests().at(0).at, time);
}

// A part of a batch can refuse the token although the batch itself was let in.
TEST(Client, RenewsATokenOnRequest) {
  ScriptedServer server([](const ScriptedRequest& request) {
    if (request.method != "POST") return reply(200);
    return reply(200, R"({"access_token":"token-1","refresh_token":"r","expires_in":3600})");
  });
  ClientSettings settings = settings_for(server);
  settings.auth_mode = AuthMode::kRefreshToken;
  settings.refresh_token = base::Secret("r");
  Client client(settings);
  client.connect();
  HttpRequest request = get("/me");
  const HttpResponse first = client.start(request)->wait();
  request.refused_token = first.token;
  const HttpResponse second = client.start(request)->wait();
  EXPECT_GT(second.token, first.token);
  EXPECT_EQ(server.requests().back().header("authorization"), "Bearer token-1");
}

TEST(Client, AServiceThatRefusesEveryTokenEndsWith401) {
  std::atomic<int> tokens{0};
  ScriptedServer server([&](const ScriptedRequest& request) {
    if (request.method != "POST") return reply(401);
    return reply(
        200, R"({"access_token":"token-)" + std::to_string(++tokens) + R"(","expires_in":3600})");
  });
  ClientSettings settings = settings_for(server);
  settings.access_token = {};
  settings.auth_mode = AuthMode::kRefreshToken;
  settings.refresh_token = base::Secret("r");
  Client client(settings);
  client.connect();
  const HttpResponse response = client.start(get("/me"))->wait();
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.attempts, 2);
  EXPECT_EQ(tokens, 2);
}

TEST(Client, ARefusedAccessTokenIs28000) {
  ScriptedServer server([](const auto&) { return reply(401); });
  Client client(settings_for(server));
  EXPECT_EQ(state_of_wait(*client.start(get("/me"))), "28000");
  EXPECT_EQ(server.requests().size(), 1u);
  EXPECT_TRUE(client.is_dead());
}

TEST(Client, BadCredentialsFailAtConnect) {
  ScriptedServer server([](const auto&) {
    return reply(401, R"({"error":"invalid_client","error_description":"AADSTS7000215: no",)"
                      R"("error_codes":[7000215],"correlation_id":"c-9"})");
  });
  ClientSettings settings = settings_for(server);
  settings.access_token = {};
  settings.auth_mode = AuthMode::kClientCredentials;
  settings.client_secret = base::Secret("hush");
  Client client(settings);
  try {
    client.connect();
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state().code(), "28000");
    EXPECT_EQ(error.native(), 7000215);
    EXPECT_NE(error.message().find("c-9"), std::string::npos);
    EXPECT_EQ(error.message().find("hush"), std::string::npos);
  }
  EXPECT_EQ(server.requests().size(), 1u);
  EXPECT_TRUE(client.identity().app_only);
}

TEST(Client, ShortLivedTokensAreRenewedAhead) {
  std::atomic<int> tokens{0};
  std::mutex mutex;
  std::map<std::string, steady_clock::time_point> issued;
  ScriptedServer server([&](const ScriptedRequest& request) {
    const std::lock_guard lock(mutex);
    if (request.method == "POST") {
      const std::string token = "t" + std::to_string(++tokens);
      issued["Bearer " + token] = steady_clock::now();
      return reply(200, R"({"access_token":")" + token + R"(","expires_in":"1"})");
    }
    const bool old = steady_clock::now() - issued[request.header("authorization")] > seconds(1);
    ScriptedReply out = reply(old ? 401 : 200);
    out.delay = milliseconds(20);
    return out;
  });
  ClientSettings settings = settings_for(server);
  settings.access_token = {};
  settings.auth_mode = AuthMode::kRefreshToken;
  settings.refresh_token = base::Secret("r");
  Client client(settings);
  const auto end = steady_clock::now() + milliseconds(2500);
  while (steady_clock::now() < end) {
    const HttpResponse response = client.start(get("/me"))->wait();
    ASSERT_EQ(response.status, 200);
    ASSERT_EQ(response.attempts, 1) << "no 401 was needed";
  }
  EXPECT_GE(tokens, 3);
}

TEST(Client, FourAtOnceInAMailbox) {
  ScriptedServer server([](const auto&) {
    ScriptedReply out = reply(200);
    out.delay = milliseconds(40);
    return out;
  });
  Client first(settings_for(server, "four"));
  Client second(settings_for(server, "four"));
  std::vector<std::shared_ptr<PendingResponse>> pending;
  for (int i = 0; i < 8; ++i) {
    pending.push_back(first.start(get("/a")));
    pending.push_back(second.start(get("/b")));
  }
  for (const auto& one : pending) EXPECT_EQ(one->wait().status, 200);
  EXPECT_EQ(server.peak(), 4u);
}

TEST(Client, NobodySendsBeforeRetryAfter) {
  std::atomic<int> served{0};
  ScriptedServer server([&](const auto&) {
    if (++served == 1) return reply(429, "", {{"Retry-After", "0.4"}});
    return reply(200);
  });
  Client first(settings_for(server, "gate"));
  Client second(settings_for(server, "gate"));
  const auto one = first.start(get("/a"));
  while (server.requests().empty()) std::this_thread::sleep_for(milliseconds(5));
  std::this_thread::sleep_for(milliseconds(50));
  const auto two = second.start(get("/b"));
  EXPECT_EQ(one->wait().attempts, 2);
  EXPECT_EQ(two->wait().attempts, 1);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_GE(requests[1].at - requests[0].at, milliseconds(395));
  EXPECT_GE(requests[2].at - requests[0].at, milliseconds(395));
}

TEST(Client, TheDeadlineEndsWaitsAtOnce) {
  ScriptedServer server([](const ScriptedRequest& request) {
    ScriptedReply out = reply(429, "", {{"Retry-After", "30"}});
    if (request.target.ends_with("slow")) {
      out = reply(200);
      out.delay = seconds(5);
    }
    return out;
  });
  Client client(settings_for(server, "deadline"));
  std::string message;
  auto start = steady_clock::now();
  EXPECT_EQ(state_of_wait(*client.start(get("/slow", start + milliseconds(200))), &message),
            "HYT00");
  EXPECT_LT(steady_clock::now() - start, seconds(2));
  start = steady_clock::now();
  const auto pending = client.start(get("/busy", start + seconds(5)));
  EXPECT_EQ(state_of_wait(*pending, &message), "HYT00");
  EXPECT_LT(steady_clock::now() - start, seconds(2));
  EXPECT_NE(message.find("429"), std::string::npos) << message;
}

TEST(Client, CancelWakesAtOnce) {
  ScriptedServer server([](const ScriptedRequest& request) {
    ScriptedReply out = reply(200);
    if (request.target.ends_with("slow")) out.delay = seconds(5);
    if (request.target.ends_with("busy")) out = reply(429, "", {{"Retry-After", "30"}});
    return out;
  });
  Client client(settings_for(server, "cancel"));
  for (const char* path : {"/slow", "/busy"}) {
    const auto pending = client.start(get(path));
    auto waiting = std::async(std::launch::async, [&] { return state_of_wait(*pending); });
    std::this_thread::sleep_for(milliseconds(100));
    const auto start = steady_clock::now();
    pending->cancel();
    EXPECT_EQ(waiting.get(), "HY008");
    EXPECT_LT(steady_clock::now() - start, milliseconds(500));
  }
}

TEST(Client, ClosingEndsEverything) {
  ScriptedServer server([](const auto&) {
    ScriptedReply out = reply(200);
    out.delay = seconds(5);
    return out;
  });
  auto client = std::make_unique<Client>(settings_for(server, "close"));
  std::vector<std::shared_ptr<PendingResponse>> pending;
  for (int i = 0; i < 6; ++i) pending.push_back(client->start(get("/me")));
  std::this_thread::sleep_for(milliseconds(100));
  const auto start = steady_clock::now();
  client.reset();
  EXPECT_LT(steady_clock::now() - start, seconds(1));
  for (const auto& one : pending) {
    EXPECT_TRUE(one->ready());
    EXPECT_NE(state_of_wait(*one), "");
  }
}

TEST(Client, ClosingDuringSignInIsPrompt) {
  ScriptedServer server([](const auto&) {
    ScriptedReply out = reply(200);
    out.delay = seconds(5);
    return out;
  });
  ClientSettings settings = settings_for(server, "signin");
  settings.access_token = {};
  settings.auth_mode = AuthMode::kRefreshToken;
  settings.refresh_token = base::Secret("r");
  auto client = std::make_unique<Client>(settings);
  EXPECT_THROW(client->connect(steady_clock::now() + milliseconds(100)), base::Error);
  const auto start = steady_clock::now();
  client.reset();
  EXPECT_LT(steady_clock::now() - start, seconds(1));
}

TEST(Client, TheLogTellsRequestsWithoutSecrets) {
  ScriptedServer server([](const ScriptedRequest& request) {
    if (request.method == "POST") {
      return reply(200, R"({"access_token":"hush-access","refresh_token":"hush-refresh",)"
                        R"("expires_in":3600})");
    }
    return reply(200, R"({"value":"tell"})", {{"request-id", "r-77"}});
  });
  std::string path = std::filesystem::temp_directory_path() / "graphodbc-log-XXXXXX";
  ::close(::mkstemp(path.data()));
  {
    ClientSettings settings = settings_for(server, "log");
    settings.access_token = {};
    settings.auth_mode = AuthMode::kRefreshToken;
    settings.refresh_token = base::Secret("hush-refresh");
    settings.client_secret = base::Secret("hush-secret");
    settings.log = base::Log::open(path, base::LogLevel::kAll);
    Client client(settings);
    (void)client.start(get("/me"))->wait();
  }
  std::ifstream in(path);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  std::filesystem::remove(path);
  for (std::string_view part : {"POST ", "GET ", "/v1.0/me", "200", "r-77", "tell"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("hush"), std::string::npos) << text;
}

// A handler that asks for the next page from the I/O thread.
class Chain final : public ResponseHandler {
 public:
  Chain(Client& client, int left) : client_(client), left_(left) {}
  void on_response(HttpResponse& response) override {
    if (left_ < 0) throw base::Error("22018", "handler");
    const std::lock_guard lock(mutex_);
    response.body.append("!");
    if (left_ == 0) return;
    HttpRequest next = get("/page");
    next.handler = std::make_shared<Chain>(client_, left_ - 1);
    next_ = client_.start(std::move(next));
  }
  std::shared_ptr<PendingResponse> next() {
    const std::lock_guard lock(mutex_);
    return next_;
  }

 private:
  Client& client_;
  int left_;
  std::mutex mutex_;
  std::shared_ptr<PendingResponse> next_;
};

TEST(Client, HandlersRunBeforeWaitersAndMayGoOn) {
  ScriptedServer server([](const auto&) { return reply(200, "page"); });
  Client client(settings_for(server));
  auto chain = std::make_shared<Chain>(client, 2);
  HttpRequest request = get("/page");
  request.handler = chain;
  EXPECT_EQ(client.start(request)->wait().body.view(), "page!");
  ASSERT_TRUE(chain->next());
  EXPECT_EQ(chain->next()->wait().body.view(), "page!");
  request.handler = std::make_shared<Chain>(client, -1);
  EXPECT_EQ(state_of_wait(*client.start(request)), "22018");
}

TEST(Client, AChildProcessHasToConnectAgain) {
  ScriptedServer server([](const auto&) { return reply(200); });
  auto client = std::make_unique<Client>(settings_for(server, "fork"));
  EXPECT_EQ(client->start(get("/me"))->wait().status, 200);
  const auto pending = client->start(get("/me"));
  const pid_t child = ::fork();
  if (child == 0) {
    bool good = client->is_dead();
    try {
      (void)client->start(get("/me"));
      good = false;
    } catch (const base::Error& error) {
      good = good && error.state().code() == "08S01";
    }
    client.reset();
#ifndef __SANITIZE_THREAD__  // it allows no new threads after fork
    Client fresh(settings_for(server, "fork"));
    good = good && fresh.start(get("/me"))->wait().status == 200;
#endif
    ::_exit(good ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(pending->wait().status, 200);
}

TEST(Client, ManyThreadsShareOneClient) {
  ScriptedServer server([](const ScriptedRequest& request) { return reply(200, request.target); });
  Client client(settings_for(server, "threads"));
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string path = "/" + std::to_string(t) + "/" + std::to_string(i);
        const auto pending = client.start(get(path));
        if (i % 7 == 0) {
          pending->cancel();
          ++right;
        } else if (pending->wait().body.view() == "/v1.0" + path) {
          ++right;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 200);
}

}  // namespace
}  // namespace graphodbc::graph
