// Providers and the authenticator over a scripted token endpoint and a clock that is moved by hand.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>

#include "graph/oauth/authenticator.h"
#include "graph/oauth/jwt.h"
#include "graph/oauth/token_endpoint.h"
#include "graph/oauth/token_file.h"
#include "tests/graph/fake_poster.h"

namespace graphodbc::graph {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

class AuthTest : public testing::Test {
 protected:
  AuthTest() {
    settings_.token_url = "https://login.example.com/t/oauth2/v2.0/token";
    settings_.client_id = "app id";
    std::string name = fs::temp_directory_path() / "graphodbc-auth-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~AuthTest() override { fs::remove_all(folder_); }

  std::unique_ptr<TokenProvider> provider() {
    return make_token_provider(settings_, endpoint_, clock(), [] { return true; });
  }
  WallClock clock() {
    return [this] { return now_.load(); };
  }
  void use_file(std::string_view text) {
    settings_.refresh_token_file = folder_ / "t.json";
    std::ofstream(settings_.refresh_token_file, std::ios::binary) << text;
  }
  std::string state_of_failure(TokenProvider& from, const base::Secret* rejected = nullptr) {
    try {
      (void)from.obtain(rejected);
    } catch (const base::Error& error) {
      message_ = error.message();
      return std::string(error.state().code());
    }
    return "";
  }

  ClientSettings settings_;
  FakePoster poster_;
  std::atomic<WallTime> now_{std::chrono::system_clock::now()};
  TokenEndpoint endpoint_{settings_, poster_, [this] { return now_.load(); }};
  fs::path folder_;
  std::string message_;
};

TEST_F(AuthTest, AValidTokenOfTheFileCostsNoCall) {
  use_file(R"({"access_token":"a1","refresh_token":"r1","expires_in":3600})");
  EXPECT_EQ(provider()->obtain(nullptr).text.reveal(), "a1");
  EXPECT_TRUE(poster_.forms.empty());
}

TEST_F(AuthTest, AnExpiredTokenCostsOneCallAndRotates) {
  use_file(R"({"access_token":"a1","refresh_token":"r+1/=","expires_in":3600,"extra":true})");
  now_ = now_.load() + seconds(3400);  // within the skew of 300 s
  poster_.answers.push_back({200, tokens("a2", "r2")});
  auto from = provider();
  EXPECT_EQ(from->obtain(nullptr).text.reveal(), "a2");
  ASSERT_EQ(poster_.forms.size(), 1u);
  EXPECT_EQ(poster_.forms[0],
            "client_id=app%20id&grant_type=refresh_token&refresh_token=r%2B1%2F%3D");
  EXPECT_EQ(from->obtain(nullptr).text.reveal(), "a2");
  EXPECT_EQ(poster_.forms.size(), 1u);
  EXPECT_EQ(TokenFile(settings_.refresh_token_file).read().refresh_token.reveal(), "r2");
}

TEST_F(AuthTest, SecretAndScopeAreSentWhenGiven) {
  use_file(R"({"refresh_token":"r1"})");
  settings_.client_secret = base::Secret("s&=");
  settings_.scope = "Mail.Read offline_access";
  poster_.answers.push_back({200, tokens("a2", "")});
  EXPECT_EQ(provider()->obtain(nullptr).text.reveal(), "a2");
  EXPECT_EQ(poster_.forms[0],
            "client_id=app%20id&client_secret=s%26%3D&grant_type=refresh_token&refresh_token=r1"
            "&scope=Mail.Read%20offline_access");
  EXPECT_EQ(TokenFile(settings_.refresh_token_file).read().refresh_token.reveal(), "r1")
      << "no new refresh token: the old one stays";
}

// RFC 6749 section 6: a scope that was not granted with the token may be refused.
TEST_F(AuthTest, AStrictServiceIsAskedWithoutScope) {
  use_file(R"({"refresh_token":"r1"})");
  settings_.scope = "Mail.Read offline_access";
  poster_.answers.push_back({400, R"({"error":"invalid_scope","error_description":"missing"})"});
  poster_.answers.push_back({200, tokens("a2", "r2")});
  poster_.answers.push_back({200, tokens("a3", "r3")});
  auto from = provider();
  EXPECT_EQ(from->obtain(nullptr).text.reveal(), "a2");
  ASSERT_EQ(poster_.forms.size(), 2u);
  EXPECT_EQ(poster_.forms[1], "client_id=app%20id&grant_type=refresh_token&refresh_token=r1");
  const base::Secret rejected("a2");
  EXPECT_EQ(from->obtain(&rejected).text.reveal(), "a3");
  EXPECT_EQ(poster_.forms.size(), 3u) << "it is known from then on";
}

TEST_F(AuthTest, AScopeThatEntraRefusesIsNotLeftOut) {
  use_file(R"({"refresh_token":"r1"})");
  settings_.scope = "Mail.Raed";
  poster_.answers.push_back({400, refusal("invalid_scope", 70011)});
  auto from = provider();
  EXPECT_EQ(state_of_failure(*from), "28000");
  EXPECT_EQ(poster_.forms.size(), 1u);
}

TEST_F(AuthTest, ARejectedTokenThatSomebodyReplacedCostsNoCall) {
  use_file(R"({"access_token":"a2","refresh_token":"r2","expires_in":3600})");
  const base::Secret rejected("a1");
  EXPECT_EQ(provider()->obtain(&rejected).text.reveal(), "a2");
  EXPECT_TRUE(poster_.forms.empty());
  const base::Secret current("a2");
  poster_.answers.push_back({200, tokens("a3", "r3")});
  EXPECT_EQ(provider()->obtain(&current).text.reveal(), "a3");
}

TEST_F(AuthTest, ARevokedTokenIsTriedOnceAndTheFileStays) {
  const std::string content = R"({"refresh_token":"r1","access_token":"a1"})";
  use_file(content);
  poster_.answers.push_back(
      {400, R"({"error":"invalid_grant","error_description":"AADSTS50173: x"})"});
  auto from = provider();
  EXPECT_EQ(state_of_failure(*from), "28000");
  EXPECT_EQ(poster_.forms.size(), 1u);
  EXPECT_EQ(message_.find("r1"), std::string::npos);
  std::ifstream in(settings_.refresh_token_file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), content);
}

TEST_F(AuthTest, AStumblingEndpointIsAskedAFewTimes) {
  settings_.refresh_token = base::Secret("r1");
  poster_.answers = {{503, ""}, {429, "{}"}, {200, tokens("a2", "r2")}};
  EXPECT_EQ(provider()->obtain(nullptr).text.reveal(), "a2");
  EXPECT_EQ(poster_.forms.size(), 3u);
  EXPECT_EQ(poster_.pauses.size(), 2u);

  poster_.forms.clear();
  EXPECT_EQ(state_of_failure(*provider()), "08001");
  EXPECT_EQ(poster_.forms.size(), 4u);
}

TEST_F(AuthTest, AnUnreachableEndpointIs08001) {
  settings_.refresh_token = base::Secret("r1");
  poster_.answers = std::deque<Answer>(4, Answer{0, "", Outcome::kResolve});
  EXPECT_EQ(state_of_failure(*provider()), "08001");
  EXPECT_NE(message_.find("TokenUrl"), std::string::npos) << message_;
  EXPECT_EQ(poster_.forms.size(), 3u);
}

TEST_F(AuthTest, RefreshTokenRotatesInMemory) {
  settings_.refresh_token = base::Secret("r1");
  poster_.answers = {{200, tokens("a1", "r2")}, {200, tokens("a2", "")}};
  auto from = provider();
  (void)from->obtain(nullptr);
  (void)from->obtain(nullptr);
  EXPECT_NE(poster_.forms[1].find("refresh_token=r2"), std::string::npos);
}

TEST_F(AuthTest, AccessTokenIsUsedUntilRefused) {
  settings_.auth_mode = AuthMode::kAccessToken;
  settings_.access_token = base::Secret("given");
  auto from = provider();
  const AccessToken token = from->obtain(nullptr);
  EXPECT_EQ(token.text.reveal(), "given");
  EXPECT_TRUE(is_fresh(token, now_.load() + seconds(1'000'000)));
  EXPECT_EQ(state_of_failure(*from, &token.text), "28000");
  EXPECT_NE(message_.find("AccessToken"), std::string::npos);
  EXPECT_TRUE(poster_.forms.empty());
}

TEST_F(AuthTest, ClientCredentialsAskForTheDefaultScope) {
  settings_.auth_mode = AuthMode::kClientCredentials;
  settings_.client_secret = base::Secret("s");
  settings_.graph_url = "https://graph.microsoft.us/v1.0";
  settings_.scope = "Mail.Read";
  poster_.answers.push_back({200, tokens("a1", "")});
  auto from = provider();
  EXPECT_EQ(from->obtain(nullptr).text.reveal(), "a1");
  EXPECT_EQ(from->app_only(), true);
  EXPECT_EQ(poster_.forms[0],
            "client_id=app%20id&client_secret=s&grant_type=client_credentials"
            "&scope=https%3A%2F%2Fgraph.microsoft.us%2F.default");
}

TEST_F(AuthTest, AutoRefreshOffMakesNoCall) {
  use_file(R"({"access_token":"a1","refresh_token":"r1","expires_in":3600})");
  settings_.auto_refresh = false;
  auto from = provider();
  EXPECT_EQ(from->obtain(nullptr).text.reveal(), "a1");
  now_ = now_.load() + seconds(3599);  // in the skew: still good
  EXPECT_EQ(from->obtain(nullptr).text.reveal(), "a1");
  now_ = now_.load() + seconds(2);
  EXPECT_EQ(state_of_failure(*from), "28000");
  EXPECT_NE(message_.find("AutoRefresh"), std::string::npos);
  EXPECT_TRUE(poster_.forms.empty());
}

TEST_F(AuthTest, AnswersWithoutATokenNameTokenUrl) {
  settings_.refresh_token = base::Secret("r1");
  for (std::string body :
       {"", "<html>", "{}", R"({"access_token":""})", R"({"access_token":"a\r\nb"})"}) {
    poster_.answers = {{200, body}};
    EXPECT_EQ(state_of_failure(*provider()), "08001") << body;
  }
}

TEST(TokenTime, SkewIsAQuarterAtMostFiveMinutes) {
  const WallTime now(seconds(1000));
  const auto fresh_for = [&](int lifetime, int left_ms) {
    return is_fresh(
        {base::Secret("x"), now + std::chrono::milliseconds(left_ms), seconds(lifetime)}, now);
  };
  EXPECT_TRUE(fresh_for(3600, 301'000));
  EXPECT_FALSE(fresh_for(3600, 299'000));
  EXPECT_TRUE(fresh_for(2, 501));
  EXPECT_FALSE(fresh_for(2, 499));
}

// A provider whose answers are given by the test.
class FakeProvider final : public TokenProvider {
 public:
  explicit FakeProvider(std::function<AccessToken(const base::Secret*)> obtain)
      : obtain_(std::move(obtain)) {}
  AccessToken obtain(const base::Secret* rejected, const std::string&) override {
    return obtain_(rejected);
  }

 private:
  std::function<AccessToken(const base::Secret*)> obtain_;
};

std::shared_ptr<const CurrentToken> renewed(Authenticator& authenticator, std::uint64_t refused) {
  std::promise<std::shared_ptr<const CurrentToken>> promise;
  authenticator.renew(refused, [&](auto token, std::exception_ptr failure) {
    if (failure) {
      promise.set_exception(failure);
    } else {
      promise.set_value(token);
    }
  });
  return promise.get_future().get();
}

TEST(Authenticator, OneRenewalServesAll) {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::atomic<int> calls{0};
  Authenticator authenticator(std::make_unique<FakeProvider>([&](const base::Secret*) {
                                ++calls;
                                released.wait();
                                return AccessToken{base::Secret("a"), std::nullopt, {}};
                              }),
                              [] { return WallTime(); });
  std::atomic<int> served{0};
  std::promise<void> all;
  for (int i = 0; i < 10; ++i) {
    authenticator.renew(0, [&](auto token, auto) {
      EXPECT_EQ(token->generation, 1u);
      if (++served == 10) all.set_value();
    });
  }
  release.set_value();
  all.get_future().wait();
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(authenticator.fresh());
}

TEST(Authenticator, ARefusedGenerationIsReplacedOnce) {
  std::atomic<int> calls{0};
  Authenticator authenticator(
      std::make_unique<FakeProvider>([&](const base::Secret* rejected) {
        const int call = ++calls;
        EXPECT_EQ(rejected != nullptr, call > 1);
        return AccessToken{base::Secret("a" + std::to_string(call)), std::nullopt, {}};
      }),
      [] { return WallTime(); });
  EXPECT_EQ(renewed(authenticator, 0)->generation, 1u);
  EXPECT_EQ(renewed(authenticator, 1)->generation, 2u);
  EXPECT_EQ(renewed(authenticator, 1)->token.text.reveal(), "a2") << "replaced already";
  EXPECT_EQ(calls, 2);
}

TEST(Authenticator, ATokenInItsLastMinutesOutlivesAFailedRenewal) {
  std::atomic<WallTime> now{WallTime(seconds(0))};
  std::atomic<int> calls{0};
  Authenticator authenticator(
      std::make_unique<FakeProvider>([&](const base::Secret*) {
        if (++calls > 1) throw base::Error("08001", "down");
        return AccessToken{base::Secret("a"), now.load() + seconds(1000), seconds(1000)};
      }),
      [&] { return now.load(); });
  (void)renewed(authenticator, 0);
  now = WallTime(seconds(800));
  EXPECT_FALSE(authenticator.fresh());
  EXPECT_EQ(renewed(authenticator, 0)->token.text.reveal(), "a");
  EXPECT_EQ(calls, 2);
  EXPECT_TRUE(authenticator.fresh()) << "no further try for a while";
  now = WallTime(seconds(1001));
  EXPECT_FALSE(authenticator.fresh());
  EXPECT_THROW((void)renewed(authenticator, 0), base::Error);
}

TEST(Authenticator, StoppingAnswersWhoWaits) {
  std::promise<void> release;
  std::future<void> released = release.get_future();
  std::atomic<bool> failed{false};
  std::thread releaser;
  {
    Authenticator authenticator(std::make_unique<FakeProvider>([&](const base::Secret*) {
                                  released.wait();
                                  return AccessToken{};
                                }),
                                [] { return WallTime(); });
    authenticator.renew(0, [](auto, auto) {});
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    authenticator.renew(0, [&](auto, std::exception_ptr failure) { failed = failure != nullptr; });
    releaser = std::thread([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      release.set_value();
    });
  }
  releaser.join();
  EXPECT_TRUE(failed);
}

TEST(Jwt, IsAHint) {
  // {"upn":"a@b","scp":"Mail.Read"} and {"idtyp":"app","roles":["x"]}
  const Identity user = identity_from_token("e30.eyJ1cG4iOiJhQGIiLCJzY3AiOiJNYWlsLlJlYWQifQ.sig");
  EXPECT_EQ(user.user_name, "a@b");
  EXPECT_FALSE(user.app_only);
  const Identity app = identity_from_token("e30.eyJpZHR5cCI6ImFwcCIsInJvbGVzIjpbIngiXX0.sig");
  EXPECT_TRUE(app.app_only);
  for (std::string_view text :
       {"", "opaque", "a.b.c", "..", "e30.!!!.x", "e30.e30.x", "e30.W10.x"}) {
    EXPECT_EQ(identity_from_token(text).user_name, "") << text;
    EXPECT_FALSE(identity_from_token(text).app_only) << text;
  }
}

}  // namespace
}  // namespace graphodbc::graph
