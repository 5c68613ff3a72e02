// The parts of a sign-in with a person present: PKCE, the answer of the sign-in page, the listener
// it is sent to, and polling for a device code.
#include "graph/oauth/sign_in.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <future>
#include <optional>
#include <set>
#include <thread>

#include "base/url.h"
#include "graph/oauth/authorization_answer.h"
#include "graph/oauth/interactive_flow.h"
#include "graph/oauth/loopback_listener.h"
#include "graph/oauth/loopback_request.h"
#include "graph/oauth/pkce.h"
#include "tests/support/browser.h"

namespace graphodbc::graph {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

TEST(Pkce, MatchesTheVectorOfTheStandard) {
  // RFC 7636 appendix B.
  EXPECT_EQ(code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(Pkce, VerifiersAreLongPlainAndNeverTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string verifier = new_random_text();
    EXPECT_GE(verifier.size(), 43u);
    EXPECT_LE(verifier.size(), 128u);
    EXPECT_EQ(verifier.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-._~"),
              std::string::npos);
    seen.insert(verifier);
  }
  EXPECT_EQ(seen.size(), 100u);
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

TEST(AuthorizationAnswer, IsReadFromQueries) {
  const auto answer = parse_answer("code=a%2Bb+c&state=x%3D&session_state=z");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->code, "a+b c");
  EXPECT_EQ(answer->state, "x=");
  EXPECT_EQ(parse_answer("error=access_denied&error_description=no%20way")->error_description,
            "no way");
  for (const char* form :
       {"", "state=x", "code=", "code=a&code=b", "code=a&state=1&state=1", "&&="}) {
    EXPECT_FALSE(parse_answer(form)) << form;
  }
}

TEST(AuthorizationAnswer, IsFoundInWhatWasPasted) {
  constexpr char kReturn[] = "https://zappysys.com/oauth";
  struct Case {
    const char* pasted;
    std::optional<std::string> query;
  };
  const Case cases[] = {
      {"https://zappysys.com/oauth?code=a&state=b", "code=a&state=b"},
      {"  \"https://zappysys.com/oauth?code=a%2Bb&state=c\"\n", "code=a%2Bb&state=c"},
      {"it was <https://zappysys.com/oauth/?code=a&state=b#x>.", "code=a&state=b"},
      {"https%3A%2F%2Fzappysys.com%2Foauth%3Fcode%3Da%26state%3Db", "code=a&state=b"},
      {"%20https://zappysys.com/oauth?code=a&state=b%20", "code=a&state=b%20"},
      {"https://zappysys.com/oauth", std::nullopt},
      {"https://zappysys.com/oauth2?code=a", std::nullopt},
      {"https://evil.example/?code=a&state=b", std::nullopt},
      {"a", std::nullopt},
      {"", std::nullopt},
  };
  for (const Case& entry : cases) {
    EXPECT_EQ(query_of_pasted(entry.pasted, kReturn), entry.query) << entry.pasted;
  }
}

TEST(LoopbackRequest, IsReadInPieces) {
  const std::string text =
      "POST /cb?x=1 HTTP/1.1\r\nHost: localhost\r\ncontent-LENGTH:  9\r\n\r\ncode=a&b=";
  LoopbackRequest request;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    ASSERT_EQ(request.append(text.substr(i, 1)), LoopbackRequest::State::kPartial) << i;
  }
  EXPECT_EQ(request.append(text.substr(text.size() - 1)), LoopbackRequest::State::kComplete);
  EXPECT_EQ(request.method(), "POST");
  EXPECT_EQ(request.path(), "/cb");
  EXPECT_EQ(request.form(), "code=a&b=");
}

TEST(LoopbackRequest, BoundsAndRefusesWhatIsNoBrowsers) {
  using State = LoopbackRequest::State;
  const auto state_of = [](const std::string& text) { return LoopbackRequest().append(text); };
  EXPECT_EQ(state_of("GET / HTTP/1.1\r\n\r\n"), State::kComplete);
  EXPECT_EQ(state_of("GET http://localhost:1/?code=a HTTP/1.1\r\n\r\n"), State::kComplete);
  EXPECT_EQ(state_of("\r\n\r\n"), State::kMalformed);
  EXPECT_EQ(state_of("GET /\r\n\r\n"), State::kMalformed);
  EXPECT_EQ(state_of("\x16\x03\x01\r\n\r\n"), State::kMalformed);
  EXPECT_EQ(state_of(" / HTTP/1.1\r\n\r\n"), State::kMalformed);
  EXPECT_EQ(state_of("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"), State::kMalformed);
  EXPECT_EQ(state_of("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), State::kMalformed);
  EXPECT_EQ(state_of("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"), State::kTooLarge);
  EXPECT_EQ(state_of("GET /" + std::string(LoopbackRequest::kMaxHeader + 1, 'a')),
            State::kTooLarge);
}

// However the largest head is cut, it is not too large.
TEST(LoopbackRequest, TheBoundIsTheSameInPieces) {
  const std::string line = "GET / HTTP/1.1\r\nX: ";
  for (const std::size_t over : {std::size_t{0}, std::size_t{1}}) {
    const std::string text =
        line + std::string(LoopbackRequest::kMaxHeader + over - line.size(), 'a') + "\r\n\r\n";
    const auto expected =
        over == 0 ? LoopbackRequest::State::kComplete : LoopbackRequest::State::kTooLarge;
    for (std::size_t rest = 0; rest <= 5; ++rest) {
      LoopbackRequest request;
      auto state = request.append(std::string_view(text).substr(0, text.size() - rest));
      if (state == LoopbackRequest::State::kPartial) {
        state = request.append(std::string_view(text).substr(text.size() - rest));
      }
      EXPECT_EQ(state, expected) << over << ' ' << rest;
    }
  }
}

// A listener that waits on a thread of its own for the state "s".
class Waiting {
 public:
  explicit Waiting(const std::string& return_url) : listener_(return_url) {
    answer_ = std::async(std::launch::async, [this] {
      return listener_.wait([](const AuthorizationAnswer& a) { return a.state == "s"; },
                            [this] { return !stop_.load(); });
    });
  }
  ~Waiting() {
    stop_ = true;
    if (answer_.valid()) answer_.wait();
  }

  const std::string& uri() const { return listener_.redirect_uri(); }
  int port() const { return base::parse_url(uri())->port; }
  std::optional<AuthorizationAnswer> answer() { return answer_.get(); }
  void stop() { stop_ = true; }

 private:
  LoopbackListener listener_;
  std::atomic<bool> stop_{false};
  std::future<std::optional<AuthorizationAnswer>> answer_;
};

TEST(LoopbackListener, PutsAFreePortIn) {
  const LoopbackListener plain("http://localhost");
  EXPECT_TRUE(plain.redirect_uri().starts_with("http://localhost:")) << plain.redirect_uri();
  EXPECT_EQ(plain.redirect_uri().find('/', 7), std::string::npos) << "no path is added";
  const LoopbackListener path("http://127.0.0.1/a?b=c");
  EXPECT_TRUE(path.redirect_uri().ends_with("/a?b=c")) << path.redirect_uri();
  try {
    const LoopbackListener taken(plain.redirect_uri());
    ADD_FAILURE() << "a port that is taken was had";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state().code(), "08001");
    EXPECT_NE(error.message().find("ReturnUrl"), std::string::npos);
  }
}

TEST(LoopbackListener, ServesPlainLoopbackOnly) {
  EXPECT_TRUE(LoopbackListener::can_serve("http://localhost/x"));
  EXPECT_TRUE(LoopbackListener::can_serve("http://127.0.0.1:8080"));
  EXPECT_FALSE(LoopbackListener::can_serve("https://localhost"));
  EXPECT_FALSE(LoopbackListener::can_serve("http://192.0.2.1/"));
  EXPECT_FALSE(LoopbackListener::can_serve("https://zappysys.com/oauth"));
}

TEST(LoopbackListener, PassesOverStrayRequests) {
  Waiting waiting("http://localhost/cb");
  const std::string host = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (const std::string target : {"/favicon.ico", "/", "/CB?code=x&state=s", "/cb", "/cb?x=1"}) {
    EXPECT_TRUE(
        test::exchange_bytes(waiting.port(), "GET " + target + host).starts_with("HTTP/1.1 404"))
        << target;
  }
  EXPECT_TRUE(test::exchange_bytes(waiting.port(), "HEAD /cb?code=x&state=s" + host)
                  .starts_with("HTTP/1.1 405"));
  EXPECT_TRUE(test::exchange_bytes(waiting.port(), "rubbish\r\n\r\n").starts_with("HTTP/1.1 400"));
  const test::BrowserPage page = test::browse(waiting.uri() + "?code=c&state=s&x=%3Cscript%3E");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body.find("script"), std::string::npos) << "nothing is reflected";
  EXPECT_EQ(page.body.find("src="), std::string::npos);
  const auto answer = waiting.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->code, "c");
  EXPECT_THROW((void)test::browse(waiting.uri()), std::runtime_error) << "it closes after one";
}

TEST(LoopbackListener, WaitsForSlowBrowsersBesideTheRest) {
  Waiting waiting("http://localhost");
  std::vector<std::future<std::string>> idle;
  idle.reserve(5);
  for (int i = 0; i < 5; ++i) {
    idle.push_back(std::async(std::launch::async, [&] {
      return test::exchange_bytes(waiting.port(), "GET /?code=never");
    }));
  }
  EXPECT_EQ(test::browse(waiting.uri() + "/?code=c&state=s").status, 200);
  ASSERT_TRUE(waiting.answer());
}

TEST(LoopbackListener, PassesOverAnswersOfOtherSignIns) {
  Waiting waiting("http://localhost");
  for (const char* query : {"code=c&state=other", "code=c", "code=c&state=", "error=access_denied",
                            "error=access_denied&state=other"}) {
    const test::BrowserPage page = test::browse(waiting.uri() + "/?" + query);
    EXPECT_EQ(page.status, 400) << query;
    EXPECT_NE(page.body.find("does not belong"), std::string::npos) << page.body;
  }
  EXPECT_EQ(test::browse(waiting.uri() + "/?code=mine&state=s").status, 200);
  EXPECT_EQ(waiting.answer()->code, "mine");
}

TEST(LoopbackListener, AnswersAtBothAddressesOfLocalhost) {
  Waiting waiting("http://localhost");
  try {
    EXPECT_EQ(test::browse(waiting.uri() + "/?error=access_denied&state=s", "", true).status, 400);
  } catch (const std::runtime_error&) {
    waiting.stop();
    GTEST_SKIP() << "this machine has no ::1";
  }
  EXPECT_EQ(waiting.answer()->error, "access_denied");
}

TEST(LoopbackListener, EndsWhenNobodyWaits) {
  Waiting waiting("http://127.0.0.1");
  waiting.stop();
  EXPECT_FALSE(waiting.answer());
}

struct Reply {
  int status = 200;
  std::string body;
  Outcome outcome = Outcome::kOk;
};

// Time passes in pauses only.
class FakePoster final : public FormPoster {
 public:
  explicit FakePoster(WallTime& now) : now_(now) {}

  std::shared_ptr<Exchange> post(const std::string& url, const base::Secret& form,
                                 const Headers&) override {
    urls.push_back(url);
    forms.push_back(form.reveal());
    const Reply reply = replies.empty() ? last : replies.front();
    if (!replies.empty()) replies.pop_front();
    auto exchange = std::make_shared<Exchange>();
    exchange->outcome = reply.outcome;
    exchange->response.status = reply.status;
    exchange->response.body.append(reply.body);
    return exchange;
  }
  std::shared_ptr<Exchange> get(const std::string&, const Headers&) override {
    return std::make_shared<Exchange>();
  }
  bool pause(std::chrono::milliseconds time) override {
    waits.push_back(std::chrono::duration_cast<seconds>(time).count());
    now_ += time;
    return true;
  }

  std::deque<Reply> replies;
  Reply last{400, R"({"error":"authorization_pending"})"};
  std::vector<std::string> urls;
  std::vector<std::string> forms;
  std::vector<long> waits;

 private:
  WallTime& now_;
};

class FakePrompt final : public SignInPrompt {
 public:
  void show_address(const std::string&) override {}
  void show_device_code(const DeviceCodePrompt& prompt) override { shown = prompt; }
  std::string ask_for_redirected_address() override { return {}; }

  DeviceCodePrompt shown;
};

class DeviceFlow : public testing::Test {
 protected:
  DeviceFlow() {
    settings_.auth_mode = AuthMode::kDeviceCode;
    settings_.token_url = "https://login.example.com/t/oauth2/v2.0/token";
    settings_.device_code_url = "https://login.example.com/t/oauth2/v2.0/devicecode";
    settings_.client_id = "app";
    settings_.default_scope = "offline_access Mail.Read";
    settings_.data_source = "work";
  }

  void start(const std::string& more = R"(,"interval":5,"expires_in":900)") {
    poster_.replies.push_front(
        {200, R"({"device_code":"d/1","user_code":"ABC","verification_uri":"https://x/y")" + more +
                  "}"});
  }
  std::string run(const std::string& claims = "") {
    try {
      DeviceCodeFlow flow(settings_, endpoint_, poster_, prompt_, [this] { return now_; });
      return flow.run(claims).access.text.reveal();
    } catch (const base::Error& error) {
      message_ = error.message();
      return std::string(error.state().code());
    }
  }

  const Reply pending_{400, R"({"error":"authorization_pending","error_codes":[70016]})"};
  const Reply slow_{400, R"({"error":"slow_down","error_codes":[90055]})"};
  const Reply tokens_{200, R"({"token_type":"Bearer","access_token":"a","expires_in":3600})"};

  ClientSettings settings_;
  WallTime now_ = WallTime(seconds(1'000'000'000));
  FakePoster poster_{now_};
  FakePrompt prompt_;
  TokenEndpoint endpoint_{settings_, poster_, [this] { return now_; }};
  std::string message_;
};

TEST_F(DeviceFlow, PollsAtTheIntervalAndSlowsDown) {
  poster_.replies = {pending_, slow_, pending_, slow_, tokens_};
  start();
  EXPECT_EQ(run(R"({"a":1})"), "a");
  EXPECT_EQ(prompt_.shown.user_code, "ABC");
  EXPECT_EQ(prompt_.shown.verification_url, "https://x/y");
  EXPECT_EQ(prompt_.shown.expires_in, seconds(900));
  EXPECT_EQ(poster_.waits, (std::vector<long>{5, 5, 10, 10, 15}));
  EXPECT_EQ(poster_.urls[0], settings_.device_code_url);
  EXPECT_EQ(poster_.forms[0], "client_id=app&scope=offline_access%20Mail.Read");
  EXPECT_EQ(poster_.forms[1],
            "client_id=app&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
            "&device_code=d%2F1&claims=%7B%22a%22%3A1%7D");
}

TEST_F(DeviceFlow, BacksOffFromNetworkTrouble) {
  poster_.replies = {
      {0, "", Outcome::kTimeout}, {0, "", Outcome::kConnect}, {502, "<html>"}, pending_, tokens_};
  start(",\"interval\":2,\"expires_in\":900");
  EXPECT_EQ(run(), "a");
  EXPECT_EQ(poster_.waits, (std::vector<long>{2, 4, 8, 16, 2}));
}

TEST_F(DeviceFlow, EndsWithEachRefusal) {
  struct Case {
    Reply reply;
    const char* state;
  };
  const Case cases[] = {
      {{400, R"({"error":"authorization_declined","error_codes":[90120]})"}, "28000"},
      {{400, R"({"error":"access_denied"})"}, "28000"},
      {{400, R"({"error":"bad_verification_code","error_codes":[70018]})"}, "28000"},
      {{400, R"({"error":"expired_token","error_codes":[70019]})"}, "HYT00"},
      {{401, R"({"error":"invalid_client","error_codes":[7000218]})"}, "28000"},
      {{0, "", Outcome::kTls}, "08001"},
  };
  for (const Case& entry : cases) {
    poster_.replies = {pending_, entry.reply};
    start();
    EXPECT_EQ(run(), entry.state) << entry.reply.body;
    EXPECT_TRUE(poster_.replies.empty()) << entry.reply.body;
    EXPECT_FALSE(message_.empty());
  }
}

TEST_F(DeviceFlow, EndsWhenTheCodeIsTooOld) {
  start(",\"interval\":5,\"expires_in\":60");
  EXPECT_EQ(run(), "HYT00");
  EXPECT_EQ(poster_.waits.size(), 11u);
  EXPECT_NE(message_.find("--dsn work"), std::string::npos) << message_;
}

TEST_F(DeviceFlow, AnIncompleteAnswerIsNone) {
  poster_.replies = {{200, R"({"device_code":"d"})"}};
  EXPECT_EQ(run(), "08001");
  EXPECT_NE(message_.find("DeviceCodeUrl"), std::string::npos) << message_;
}

TEST(TokenFileName, IsSafeAndItsOwnForEachSource) {
  ASSERT_EQ(::setenv("XDG_STATE_HOME", "/state", 1), 0);
  EXPECT_EQ(default_token_file("Work"), "/state/graphodbc/work.json");
  EXPECT_EQ(default_token_file("../etc/x"), "/state/graphodbc/%2E.%2Fetc%2Fx.json");
  EXPECT_EQ(default_token_file("a b"), "/state/graphodbc/a%20b.json");
  EXPECT_NE(default_token_file("a%20b"), default_token_file("a b"));
  EXPECT_NE(default_token_file(""), default_token_file("default"));
  EXPECT_THROW((void)default_token_file(std::string(300, 'x')), base::Error);
  ASSERT_EQ(::setenv("XDG_STATE_HOME", "relative", 1), 0);
  ASSERT_EQ(::setenv("HOME", "/home/x", 1), 0);
  EXPECT_EQ(default_token_file("a"), "/home/x/.local/state/graphodbc/a.json");
}

}  // namespace
}  // namespace graphodbc::graph
