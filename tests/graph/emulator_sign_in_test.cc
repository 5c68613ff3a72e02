// sign_in() against the emulator's identity service, with a browser that does what pages say, and
// the connections that live on its token file.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "base/url.h"
#include "graph/client.h"
#include "graph/oauth/authorization_answer.h"
#include "graph/oauth/sign_in.h"
#include "tests/support/browser.h"
#include "tests/support/emulator_process.h"

namespace graphodbc::graph {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using std::chrono::steady_clock;

// A person with a browser.
class Person final : public SignInPrompt {
 public:
  ~Person() override { finish(); }
  Person() = default;
  Person(const Person&) = delete;
  Person& operator=(const Person&) = delete;

  // Joins the browser.
  void finish() {
    if (browser_.joinable()) browser_.join();
  }

  void show_address(const std::string& url) override {
    address = url;
    if (browse) {
      browser_ = std::thread([this] { page = browse(address); });
    }
  }
  void show_device_code(const DeviceCodePrompt& prompt) override {
    if (enter_code) enter_code(prompt);
  }
  std::string ask_for_redirected_address() override { return paste(); }
  bool keep_waiting() override { return patient; }

  std::function<test::BrowserPage(const std::string&)> browse;
  std::function<void(const DeviceCodePrompt&)> enter_code;
  std::function<std::string()> paste;
  bool patient = true;
  std::string address;
  test::BrowserPage page;

 private:
  std::thread browser_;
};

class EmulatorSignIn : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    emulator_ = new test::EmulatorProcess(
        GRAPHODBC_EMULATOR, {"--messages", "20", "--seed", "5", "--token-lifetime", "2"});
  }
  static void TearDownTestSuite() { delete emulator_; }

  EmulatorSignIn() {
    std::string name = fs::temp_directory_path() / "graphodbc-sign-in-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    settings_.data_source = "work";
    settings_.graph_url = emulator_->fact("graph_url");
    settings_.token_url = emulator_->fact("token_url");
    const std::string base = settings_.token_url.substr(0, settings_.token_url.rfind('/'));
    settings_.auth_url = base + "/authorize";
    settings_.device_code_url = base + "/devicecode";
    settings_.client_id = emulator_->fact("public_client_id");
    settings_.scope = "offline_access openid Mail.Read User.Read";
    settings_.auth_mode = AuthMode::kAuthorizationCode;
    settings_.refresh_token_file = folder_ / "state" / "graphodbc" / "work.json";
    person_.browse = [](const std::string& url) { return test::browse(url); };
  }
  ~EmulatorSignIn() override {
    person_.finish();
    fs::remove_all(folder_);
  }

  std::string failure(Deadline deadline = {}) {
    try {
      (void)sign_in(settings_, person_, deadline);
    } catch (const base::Error& error) {
      message_ = error.message();
      return std::string(error.state().code());
    }
    return "";
  }
  std::string parameter(const std::string& name) const {
    const auto url = base::parse_url(person_.address);
    const std::string query = "&" + url->query;
    const std::size_t at = query.find("&" + name + "=");
    if (at == std::string::npos) return "(none)";
    EXPECT_EQ(query.find("&" + name + "=", at + 1), std::string::npos) << name << " is there twice";
    const std::size_t start = at + name.size() + 2;
    return base::form_decode(query.substr(start, query.find('&', start) - start));
  }
  std::string text_of_file() const {
    std::ifstream in(settings_.refresh_token_file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  int query() const {
    Client client(settings_);
    client.connect();
    HttpRequest request;
    request.url = "/me/messages?$top=1&$select=id";
    return client.start(request)->wait().status;
  }

  static test::EmulatorProcess* emulator_;
  ClientSettings settings_;
  Person person_;
  fs::path folder_;
  std::string message_;
};

test::EmulatorProcess* EmulatorSignIn::emulator_ = nullptr;

TEST_F(EmulatorSignIn, InTheBrowserAndQueriesLongAfter) {
  settings_.login_hint = emulator_->fact("account");
  settings_.authorize_parameters = {{"prompt", "select_account"}, {"state", "mine"}};
  const SignedIn result = sign_in(settings_, person_);
  person_.finish();
  EXPECT_EQ(person_.page.status, 200);
  EXPECT_TRUE(result.can_refresh);
  EXPECT_EQ(result.identity.user_name, emulator_->fact("account"));
  EXPECT_EQ(result.lifetime, seconds(2));
  EXPECT_NE(result.granted_scope.find("Mail.Read"), std::string::npos);
  EXPECT_EQ(result.warnings.size(), 1u) << "state is not to be replaced";
  EXPECT_EQ(parameter("response_type"), "code");
  EXPECT_EQ(parameter("response_mode"), "query");
  EXPECT_EQ(parameter("code_challenge_method"), "S256");
  EXPECT_EQ(parameter("code_challenge").size(), 43u);
  EXPECT_EQ(parameter("scope"), settings_.scope);
  EXPECT_EQ(parameter("prompt"), "select_account");
  EXPECT_NE(parameter("state"), "mine");
  EXPECT_TRUE(parameter("redirect_uri").starts_with("http://localhost:"));

  struct stat status = {};
  ASSERT_EQ(::stat(settings_.refresh_token_file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat((folder_ / "state").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  EXPECT_EQ(text_of_file().find("id_token"), std::string::npos);

  EXPECT_EQ(query(), 200);
  std::this_thread::sleep_for(seconds(3));
  EXPECT_EQ(query(), 200) << "with a token that was renewed";
}

TEST_F(EmulatorSignIn, ByFormPost) {
  settings_.authorize_parameters = {{"response_mode", "form_post"}};
  EXPECT_TRUE(sign_in(settings_, person_).can_refresh);
  person_.finish();
  EXPECT_EQ(person_.page.status, 200);
}

TEST_F(EmulatorSignIn, AsAWebAppWithASecret) {
  settings_.client_id = emulator_->fact("client_id");
  settings_.client_secret = base::Secret(emulator_->fact("client_secret"));
  settings_.return_url = "http://localhost/callback";
  EXPECT_TRUE(sign_in(settings_, person_).can_refresh);
  person_.finish();
  EXPECT_EQ(query(), 200);
}

TEST_F(EmulatorSignIn, ByPastingTheAddress) {
  settings_.return_url = "https://login.microsoftonline.com/common/oauth2/nativeclient";
  person_.browse = nullptr;
  person_.paste = [this] {
    return " \"" + test::browse(person_.address, settings_.return_url).url + "\"\n";
  };
  EXPECT_TRUE(sign_in(settings_, person_).can_refresh);
  EXPECT_EQ(parameter("redirect_uri"), settings_.return_url);
  EXPECT_EQ(query(), 200);

  person_.paste = [this] { return settings_.return_url + "?code=x&state=forged"; };
  EXPECT_EQ(failure(), "28000");
  EXPECT_NE(message_.find("state"), std::string::npos) << message_;
  person_.paste = [] { return "https://evil.example/?code=x"; };
  EXPECT_EQ(failure(), "28000");
  EXPECT_NE(message_.find("ReturnUrl"), std::string::npos) << message_;
  person_.paste = [] { return ""; };
  EXPECT_EQ(failure(), "HY008");
}

TEST_F(EmulatorSignIn, ByDeviceCode) {
  settings_.auth_mode = AuthMode::kDeviceCode;
  emulator_->control("POST", "/devicecode", R"({"interval":1})");
  person_.enter_code = [](const DeviceCodePrompt& prompt) {
    emulator_->control("POST", "/devicecode/approve",
                       R"({"user_code":")" + prompt.user_code + "\"}");
  };
  EXPECT_TRUE(sign_in(settings_, person_).can_refresh);
  EXPECT_EQ(query(), 200);

  person_.enter_code = [](const DeviceCodePrompt& prompt) {
    emulator_->control("POST", "/devicecode/decline",
                       R"({"user_code":")" + prompt.user_code + "\"}");
  };
  EXPECT_EQ(failure(), "28000");
  person_.enter_code = nullptr;
  EXPECT_EQ(failure(steady_clock::now() + seconds(2)), "HYT00");
}

TEST_F(EmulatorSignIn, DeclinedIs28000) {
  settings_.login_hint = "deny@example.com";
  EXPECT_EQ(failure(), "28000");
  person_.finish();
  EXPECT_EQ(person_.page.status, 400);
  EXPECT_NE(message_.find("AADSTS65004"), std::string::npos) << message_;
  EXPECT_NE(message_.find("declined"), std::string::npos) << message_;
  EXPECT_FALSE(fs::exists(settings_.refresh_token_file));
}

// Contract sheet b.1, point 5: such errors stay in the browser.
TEST_F(EmulatorSignIn, ErrorsThatOnlyTheBrowserSeesEndByTime) {
  settings_.return_url = "http://localhost/elsewhere";
  EXPECT_EQ(failure(steady_clock::now() + seconds(2)), "HYT00");
  person_.finish();
  EXPECT_NE(person_.page.body.find("AADSTS50011"), std::string::npos);
  for (const char* text : {"AADSTS50011", "AADSTS", "http://localhost/elsewhere"}) {
    EXPECT_NE(message_.find(text), std::string::npos) << message_;
  }
}

TEST_F(EmulatorSignIn, EndsWhenThePersonGivesUp) {
  person_.browse = nullptr;
  person_.patient = false;
  EXPECT_EQ(failure(), "HY008");
}

// RFC 6749 10.12: neither taken nor the end of what it is not part of.
TEST_F(EmulatorSignIn, AnAnswerWithAForeignStateIsPassedOver) {
  person_.browse = [this](const std::string& url) {
    for (const char* query : {"code=x&state=forged", "code=x", "error=access_denied&state=no"}) {
      EXPECT_EQ(test::browse(parameter("redirect_uri") + "/?" + query).status, 400) << query;
    }
    return test::browse(url);
  };
  EXPECT_EQ(failure(), "") << message_;
  person_.finish();
  EXPECT_EQ(person_.page.status, 200);
  EXPECT_EQ(query(), 200);

  person_.browse = [this](const std::string&) {
    return test::browse(parameter("redirect_uri") + "/?code=x&state=forged");
  };
  EXPECT_EQ(failure(steady_clock::now() + seconds(1)), "HYT00");
}

TEST_F(EmulatorSignIn, WithoutOfflineAccessWarns) {
  settings_.scope = "openid Mail.Read";
  const SignedIn result = sign_in(settings_, person_);
  EXPECT_FALSE(result.can_refresh);
  ASSERT_EQ(result.warnings.size(), 1u);
  EXPECT_NE(result.warnings[0].message.find("offline_access"), std::string::npos);
  EXPECT_EQ(query(), 200);

  // Its end is the end of the sign-in, before a connection and in the middle of one.
  Client client(settings_);
  client.connect();
  std::this_thread::sleep_for(seconds(3));
  EXPECT_TRUE(stored_sign_in(settings_).empty());
  for (const auto& attempt : {std::function<void()>([this] { (void)query(); }),
                              std::function<void()>([&] { client.renew(); })}) {
    try {
      attempt();
      ADD_FAILURE() << "connected";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state().code(), "28000");
      for (const char* text : {"offline_access", "graphodbc login --dsn work"}) {
        EXPECT_NE(error.message().find(text), std::string::npos) << error.message();
      }
    }
  }
}

TEST_F(EmulatorSignIn, KeepsOtherMembersAndUsesClaimsOnce) {
  fs::create_directories(fs::path(settings_.refresh_token_file).parent_path());
  std::ofstream(settings_.refresh_token_file)
      << R"({"note":"mine","refresh_token":"old","claims":"{\"access_token\":{}}"})";
  (void)sign_in(settings_, person_);
  EXPECT_EQ(parameter("claims"), R"({"access_token":{}})");
  const std::string text = text_of_file();
  EXPECT_NE(text.find(R"("note": "mine")"), std::string::npos) << text;
  EXPECT_EQ(text.find("\"old\""), std::string::npos);
  EXPECT_EQ(text.find("claims"), std::string::npos);
  EXPECT_FALSE(stored_sign_in(settings_).empty());
  EXPECT_TRUE(sign_out(settings_));
  EXPECT_TRUE(stored_sign_in(settings_).empty());
  EXPECT_FALSE(sign_out(settings_));
  EXPECT_NE(text_of_file().find("mine"), std::string::npos);
}

// Nobody is sent anywhere, and nothing is sent, for tokens that could not be kept.
TEST_F(EmulatorSignIn, ATokenFileThatCannotBeWrittenIsToldFirst) {
  std::ofstream(folder_ / "file") << "text";
  bool shown = false;
  person_.browse = nullptr;
  person_.enter_code = [&](const DeviceCodePrompt&) { shown = true; };
  for (const char* path : {"file/work.json", "file/below/work.json", "."}) {
    for (const AuthMode mode : {AuthMode::kAuthorizationCode, AuthMode::kDeviceCode}) {
      settings_.auth_mode = mode;
      settings_.refresh_token_file = folder_ / path;
      emulator_->control("DELETE", "/requests");
      EXPECT_EQ(failure(), "08001") << path;
      EXPECT_NE(message_.find(settings_.refresh_token_file), std::string::npos) << message_;
      EXPECT_EQ(nlohmann::json::parse(emulator_->control("GET", "/requests")).size(), 0U) << path;
    }
  }
  EXPECT_EQ(person_.address, "");
  EXPECT_FALSE(shown);
}

// What connects later says the same as a sign-in would, not that nobody is signed in.
TEST_F(EmulatorSignIn, ATokenFileThatIsNoneIsNotTakenForAMissingOne) {
  settings_.refresh_token_file = folder_ / "work.json";
  std::ofstream(settings_.refresh_token_file) << "{\"refresh_token\": \"cut";
  try {
    (void)query();
    ADD_FAILURE() << "connected";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state().code(), "08001");
    EXPECT_NE(error.message().find("is not a JSON object"), std::string::npos) << error.message();
  }
  EXPECT_THROW((void)stored_sign_in(settings_), base::Error);
  EXPECT_THROW((void)sign_out(settings_), base::Error);
  EXPECT_TRUE(sign_in(settings_, person_).can_refresh) << "who signs in by hand rewrites it";
  EXPECT_EQ(query(), 200);
}

TEST_F(EmulatorSignIn, NobodySignedInSaysWhatToRun) {
  for (const AuthMode mode : {AuthMode::kAuthorizationCode, AuthMode::kDeviceCode}) {
    settings_.auth_mode = mode;
    try {
      (void)query();
      ADD_FAILURE() << "connected";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state().code(), "28000");
      EXPECT_NE(error.message().find("graphodbc login --dsn work"), std::string::npos)
          << error.message();
    }
  }
}

}  // namespace
}  // namespace graphodbc::graph
