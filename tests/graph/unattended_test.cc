// The ways of signing in without a person: how each proves itself, and what it notes and refuses.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/base64.h"
#include "graph/client.h"
#include "graph/oauth/azure_cli.h"
#include "graph/oauth/managed_identity.h"
#include "graph/oauth/token_endpoint.h"
#include "graph/oauth/token_file.h"
#include "graph/oauth/token_inspection.h"
#include "graph/oauth/workload_identity.h"
#include "graph/transport_poster.h"
#include "tests/graph/certificates.h"
#include "tests/graph/fake_poster.h"
#include "tests/support/scripted_server.h"

namespace graphodbc::graph {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;
using std::chrono::seconds;

// Sets environment variables for as long as it lives.
class Environment {
 public:
  explicit Environment(std::map<std::string, std::string> values) {
    for (const auto& [name, value] : values) {
      const char* old = std::getenv(name.c_str());
      before_[name] = old == nullptr ? std::string() : old;
      set(name, value);
    }
  }
  ~Environment() {
    for (const auto& [name, value] : before_) set(name, value);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  static void set(const std::string& name, const std::string& value) {
    if (value.empty()) {
      ::unsetenv(name.c_str());
    } else {
      ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  std::map<std::string, std::string> before_;
};

std::string jwt(const std::string& claims) {
  return "e30." + base::encode_base64url(claims) + ".sig";
}

class Unattended : public testing::Test {
 protected:
  Unattended() {
    settings_.auth_mode = AuthMode::kClientCredentials;
    settings_.token_url = "https://login.example.com/t/oauth2/v2.0/token";
    settings_.client_id = "app:id";
    std::string name = fs::temp_directory_path() / "graphodbc-flow-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~Unattended() override { fs::remove_all(folder_); }

  std::unique_ptr<TokenProvider> provider() {
    return make_token_provider(
        settings_, endpoint_, [this] { return now_; }, [] { return true; });
  }
  std::string write(const std::string& name, const std::string& text) const {
    const fs::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
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
  std::string state_of_failure() { return state_of_failure(*provider()); }
  static std::string notes(TokenProvider& from) {
    std::string text;
    for (const base::Warning& note : from.take_warnings()) {
      EXPECT_EQ(note.state.code(), "01000");
      text += note.message + "\n";
    }
    return text;
  }
  static bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }

  ClientSettings settings_;
  FakePoster poster_;
  WallTime now_ = std::chrono::system_clock::now();
  TokenEndpoint endpoint_{settings_, poster_, [this] { return now_; }};
  fs::path folder_;
  std::string message_;
};

TEST_F(Unattended, BasicAuthenticationEncodesBothHalves) {
  settings_.client_secret = base::Secret("s:e/c r~+t");
  settings_.basic_authentication = true;
  poster_.answers = {{200, tokens("a", "")}};
  (void)provider()->obtain(nullptr);
  EXPECT_EQ(poster_.header("Authorization"),
            "Basic " + test::base64("app%3Aid:s%3Ae%2Fc%20r~%2Bt"));
  EXPECT_EQ(poster_.forms[0],
            "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default");
}

TEST_F(Unattended, TheNextSecretTakesOver) {
  settings_.client_secret = base::Secret("old");
  settings_.client_secret_next = base::Secret("new");
  for (int code : {7000215, 7000222}) {
    poster_.forms.clear();
    poster_.answers = {
        {401, refusal("invalid_client", code)}, {200, tokens("a", "")}, {200, tokens("b", "")}};
    TokenEndpoint endpoint(settings_, poster_, [this] { return now_; });
    auto from = make_token_provider(
        settings_, endpoint, [this] { return now_; }, [] { return true; });
    EXPECT_EQ(from->obtain(nullptr).text.reveal(), "a");
    const std::string text = notes(*from);
    EXPECT_TRUE(holds(text, "ClientSecretNext is in use")) << text;
    EXPECT_TRUE(holds(text, std::to_string(code))) << text;
    EXPECT_FALSE(holds(text, "old") || holds(text, "new\"")) << text;
    EXPECT_EQ(from->obtain(nullptr).text.reveal(), "b");
    ASSERT_EQ(poster_.forms.size(), 3u);
    EXPECT_TRUE(holds(poster_.forms[0], "client_secret=old"));
    EXPECT_TRUE(holds(poster_.forms[1], "client_secret=new"));
    EXPECT_TRUE(holds(poster_.forms[2], "client_secret=new")) << "remembered";
    EXPECT_EQ(notes(*from), "");
  }
}

TEST_F(Unattended, TwoWrongSecretsAreTwoTries) {
  settings_.client_secret = base::Secret("old");
  settings_.client_secret_next = base::Secret("new");
  poster_.answers = {{401, refusal("invalid_client", 7000215)},
                     {401, refusal("invalid_client", 7000215)}};
  EXPECT_EQ(state_of_failure(), "28000");
  EXPECT_TRUE(holds(message_, "ClientSecretNext was tried too")) << message_;
  EXPECT_EQ(poster_.forms.size(), 2u);
  poster_.forms.clear();
  poster_.answers = {{400, refusal("unauthorized_client", 700016)}};
  EXPECT_EQ(state_of_failure(), "28000");
  EXPECT_EQ(poster_.forms.size(), 1u) << "another secret would not help";
}

TEST_F(Unattended, ASecretNearItsEndIsNoted) {
  settings_.client_secret = base::Secret("s");
  const auto today = std::chrono::floor<days>(now_);
  const std::pair<int, std::string_view> cases[] = {{15, ""},
                                                    {14, ""},
                                                    {13, "expires in 13 days"},
                                                    {1, "expires in 1 day ("},
                                                    {-1, "expired on"}};
  for (const auto& [left, part] : cases) {
    settings_.client_secret_expires = today + days(left);
    std::string text;
    for (const auto& note : inspect_settings(settings_, now_)) text += note.message;
    EXPECT_EQ(text.empty(), part.empty()) << left << text;
    EXPECT_TRUE(holds(text, part)) << left << text;
  }
}

TEST_F(Unattended, ParametersGoIntoTheBodyOnce) {
  settings_.auth_mode = AuthMode::kRefreshToken;
  settings_.refresh_token = base::Secret("r");
  settings_.scope = "Mail.Read";
  settings_.token_parameters = {{"scope", "Files.Read x&y"}, {"claims", "{}"}, {"mkt", "de"}};
  poster_.answers = {{200, tokens("a", "")}};
  (void)provider()->obtain(nullptr);
  EXPECT_EQ(poster_.forms[0],
            "client_id=app%3Aid&grant_type=refresh_token&refresh_token=r"
            "&scope=Files.Read%20x%26y&claims=%7B%7D&mkt=de");
}

TEST_F(Unattended, PermissionsInScopeAreNotedForAnApplication) {
  settings_.client_secret = base::Secret("s");
  settings_.scope = "offline_access Mail.Read";
  poster_.answers = {{200, tokens("a", "")}};
  auto from = provider();
  (void)from->obtain(nullptr);
  EXPECT_TRUE(holds(poster_.forms[0], "scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"));
  EXPECT_TRUE(holds(notes(*from), "Scope lists delegated permissions"));
}

TEST_F(Unattended, ACertificateSignsEveryRequestAnew) {
  settings_.auth_mode = AuthMode::kCertificate;
  const test::TestCertificate made;
  settings_.certificate_file = write("app.pem", made.certificate_pem() + made.key_pem());
  poster_.answers = {{200, tokens("a", "")}, {200, tokens("b", "")}};
  auto from = provider();
  (void)from->obtain(nullptr);
  (void)from->obtain(nullptr);
  const std::string_view start =
      "client_id=app%3Aid&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-"
      "type%3Ajwt-bearer&client_assertion=";
  ASSERT_EQ(poster_.forms[0].substr(0, start.size()), start);
  EXPECT_NE(poster_.forms[0], poster_.forms[1]);
  EXPECT_EQ(from->app_only(), true);
}

TEST_F(Unattended, ACertificateServesARefreshTokenToo) {
  settings_.auth_mode = AuthMode::kRefreshToken;
  settings_.refresh_token = base::Secret("r");
  const test::TestCertificate made;
  settings_.certificate_base64 = base::Secret(test::base64(made.pfx("p")));
  settings_.certificate_password = base::Secret("p");
  poster_.answers = {{200, tokens("a", "")}};
  (void)provider()->obtain(nullptr);
  EXPECT_TRUE(holds(poster_.forms[0], "&client_assertion="));
  EXPECT_FALSE(holds(poster_.forms[0], "client_secret"));
}

TEST_F(Unattended, ABadCertificateCostsNoRequest) {
  settings_.auth_mode = AuthMode::kCertificate;
  settings_.certificate_file = write("app.pfx", test::TestCertificate().pfx("right"));
  settings_.certificate_password = base::Secret("wrong");
  EXPECT_THROW((void)provider(), base::Error);
  EXPECT_TRUE(poster_.forms.empty());
}

TEST_F(Unattended, AFederatedTokenIsReadForEveryRequest) {
  settings_.auth_mode = AuthMode::kWorkloadIdentity;
  settings_.federated_token_file = write("token", "first\n");
  poster_.answers = {{200, tokens("a", "")}, {200, tokens("b", "")}};
  auto from = provider();
  (void)from->obtain(nullptr);
  (void)write("token", "second");
  (void)from->obtain(nullptr);
  EXPECT_TRUE(holds(poster_.forms[0], "client_assertion=first&grant_type=client_credentials"));
  EXPECT_TRUE(holds(poster_.forms[1], "client_assertion=second&"));
  fs::remove(folder_ / "token");
  EXPECT_EQ(state_of_failure(*from), "08001");
  EXPECT_TRUE(holds(message_, "FederatedTokenFile")) << message_;
}

TEST_F(Unattended, TheEnvironmentCompletesAWorkloadIdentity) {
  const Environment set({{"AZURE_CLIENT_ID", "env-app"},
                         {"AZURE_TENANT_ID", "env-tenant"},
                         {"AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/"},
                         {"AZURE_FEDERATED_TOKEN_FILE", "/env/token"}});
  ClientSettings bare;
  bare.auth_mode = AuthMode::kWorkloadIdentity;
  bare.token_url = "https://login.microsoftonline.com/common/oauth2/v2.0/token";
  const ClientSettings full = with_workload_identity(bare);
  EXPECT_EQ(full.client_id, "env-app");
  EXPECT_EQ(full.federated_token_file, "/env/token");
  EXPECT_EQ(full.token_url, "https://login.microsoftonline.us/env-tenant/oauth2/v2.0/token");

  settings_.auth_mode = AuthMode::kWorkloadIdentity;
  settings_.federated_token_file = "/own";
  const ClientSettings own = with_workload_identity(settings_);
  EXPECT_EQ(own.client_id, "app:id");
  EXPECT_EQ(own.federated_token_file, "/own");
  EXPECT_EQ(own.token_url, settings_.token_url);
}

TEST_F(Unattended, AnIncompleteWorkloadIdentityIsAnError) {
  const Environment none({{"AZURE_CLIENT_ID", ""}, {"AZURE_FEDERATED_TOKEN_FILE", ""}});
  settings_.auth_mode = AuthMode::kWorkloadIdentity;
  try {
    (void)with_workload_identity(settings_);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state().code(), "08001");
    EXPECT_TRUE(holds(error.message(), "AZURE_FEDERATED_TOKEN_FILE")) << error.message();
  }
}

TEST_F(Unattended, AMachinesIdentityIsAskedForByMetadata) {
  const Environment set({{"IDENTITY_ENDPOINT", ""},
                         {"IDENTITY_HEADER", ""},
                         {"AZURE_POD_IDENTITY_AUTHORITY_HOST", ""}});
  settings_.auth_mode = AuthMode::kManagedIdentity;
  settings_.client_id = "";
  const std::int64_t end =
      std::chrono::duration_cast<seconds>(now_.time_since_epoch()).count() + 86400;
  poster_.answers = {{404, ""},
                     {410, ""},
                     {429, ""},
                     {200, R"({"access_token":"m","expires_on":")" + std::to_string(end) + "\"}"}};
  auto from = provider();
  const AccessToken token = from->obtain(nullptr);
  EXPECT_EQ(token.text.reveal(), "m");
  EXPECT_EQ(token.lifetime, seconds(86400));
  EXPECT_EQ(poster_.forms[3],
            "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
            "&resource=https%3A%2F%2Fgraph.microsoft.com");
  EXPECT_EQ(poster_.header("Metadata"), "true");
  EXPECT_EQ(poster_.pauses,
            (std::vector<std::chrono::milliseconds>{seconds(1), seconds(10), seconds(4)}));
  EXPECT_EQ(from->app_only(), true);
}

TEST_F(Unattended, AnAppServiceHasAnEndpointOfItsOwn) {
  const Environment set(
      {{"IDENTITY_ENDPOINT", "http://127.0.0.1:41/msi/token"}, {"IDENTITY_HEADER", "hdr"}});
  settings_.auth_mode = AuthMode::kManagedIdentity;
  poster_.answers = {{200, tokens("m", "")}, {400, R"({"message":"no such identity"})"}};
  auto from = provider();
  EXPECT_EQ(from->obtain(nullptr).text.reveal(), "m");
  EXPECT_EQ(poster_.forms[0],
            "http://127.0.0.1:41/msi/token?api-version=2019-08-01"
            "&resource=https%3A%2F%2Fgraph.microsoft.com&client_id=app%3Aid");
  EXPECT_EQ(poster_.header("X-IDENTITY-HEADER"), "hdr");
  EXPECT_EQ(state_of_failure(*from), "28000");
  EXPECT_TRUE(holds(message_, "ClientId") && holds(message_, "no such identity")) << message_;
}

TEST_F(Unattended, ArcsAgentWantsToSeeThatItsFileCanBeRead) {
  const test::ScriptedServer server([&](const test::ScriptedRequest& request) {
    test::ScriptedReply reply;
    if (request.header("metadata") != "true") {
      reply.status = 400;
    } else if (request.header("authorization") == "Basic k3y") {
      reply.body = tokens("arc", "");
    } else {
      reply.status = 401;
      reply.headers = {{"WWW-Authenticate", "Basic realm=" + (folder_ / "0f.key").string()}};
    }
    return reply;
  });
  const Environment set({{"IDENTITY_ENDPOINT", server.url() + "/metadata/identity/oauth2/token"},
                         {"IMDS_ENDPOINT", server.url()},
                         {"IDENTITY_HEADER", ""}});
  settings_.auth_mode = AuthMode::kManagedIdentity;
  settings_.client_id = "";
  Transport transport(transport_options(settings_));
  TransportPoster poster(transport, nullptr);
  const auto from = make_managed_identity_provider(
      settings_, poster, [this] { return now_; }, folder_.string());
  write("0f.key", "k3y");
  EXPECT_EQ(from->obtain(nullptr).text.reveal(), "arc");
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.requests()[0].target,
            "/metadata/identity/oauth2/token?api-version=2019-11-01"
            "&resource=https%3A%2F%2Fgraph.microsoft.com");
  EXPECT_EQ(server.requests()[0].header("authorization"), "");

  write("0f.key", "another");
  EXPECT_EQ(state_of_failure(*from), "28000") << "a key that is not taken is not sent again";
  EXPECT_EQ(server.requests().size(), 4u);
  settings_.client_id = "app:id";
  EXPECT_EQ(state_of_failure(*from), "08001");
  EXPECT_TRUE(holds(message_, "ClientId")) << message_;
  transport.stop();
}

// The agent's word alone makes no file be sent.
TEST_F(Unattended, ArcsAgentGetsKeyFilesOnly) {
  const Environment set({{"IDENTITY_ENDPOINT", "http://localhost:40342/token"},
                         {"IMDS_ENDPOINT", "http://localhost:40342"},
                         {"IDENTITY_HEADER", ""}});
  settings_.auth_mode = AuthMode::kManagedIdentity;
  settings_.client_id = "";
  const std::string folder = folder_ / "tokens";
  fs::create_directories(folder + "/deeper.key");
  write("tokens/good.key", "k3y");
  write("tokens/full.key", std::string(4096, 'x'));
  write("tokens/large.key", std::string(4097, 'x'));
  write("tokens/lines.key", "a\r\nX: y");
  write("tokens/empty.key", "");
  write("tokens/other.txt", "secret");
  write("outside.key", "secret");
  write("tokens/deeper.key/x.key", "secret");
  fs::create_symlink(folder_ / "outside.key", folder + "/link.key");
  const struct {
    std::string challenge;
    bool answered;
  } cases[] = {
      {"Basic realm=" + folder + "/good.key", true},
      {"basic realm=\"" + folder + "/good.key\"", true},
      {"Basic realm=" + folder + "/full.key", true},
      {"Basic realm=" + folder + "/large.key", false},
      {"Basic realm=" + folder + "/lines.key", false},
      {"Basic realm=" + folder + "/empty.key", false},
      {"Basic realm=" + folder + "/other.txt", false},
      {"Basic realm=" + folder + "/absent.key", false},
      {"Basic realm=" + folder + "/link.key", false},
      {"Basic realm=" + folder + "/deeper.key", false},
      {"Basic realm=" + folder + "/deeper.key/x.key", false},
      {"Basic realm=" + folder + "/../outside.key", false},
      {"Basic realm=" + (folder_ / "outside.key").string(), false},
      {"Basic realm=" + folder + "x/good.key", false},
      {"Basic realm=/etc/passwd", false},
      {"Basic realm=", false},
      {"Bearer realm=" + folder + "/good.key", false},
      {"", false},
  };
  for (const auto& given : cases) {
    poster_.forms.clear();
    poster_.answers = {{401, "", Outcome::kOk, {{"www-authenticate", given.challenge}}},
                       {200, tokens("arc", "")}};
    const auto from = make_managed_identity_provider(
        settings_, poster_, [this] { return now_; }, folder);
    EXPECT_EQ(state_of_failure(*from), given.answered ? "" : "28000") << given.challenge;
    EXPECT_EQ(poster_.forms.size(), given.answered ? 2u : 1u) << given.challenge;
    if (!given.answered) {
      EXPECT_FALSE(holds(message_, "secret")) << message_;
      EXPECT_TRUE(holds(message_, "Azure Arc")) << message_;
    }
  }
}

TEST_F(Unattended, OutsideAzureThereIsNoManagedIdentity) {
  settings_.auth_mode = AuthMode::kManagedIdentity;
  poster_.answers = {{0, "", Outcome::kConnect}};
  EXPECT_EQ(state_of_failure(), "08001");
  EXPECT_TRUE(holds(message_, "inside Azure only")) << message_;
}

class AzureCli : public Unattended {
 protected:
  AzureCli() { settings_.auth_mode = AuthMode::kAzureCli; }

  // An `az` of our own in front of the others.
  void install(const std::string& script) const {
    const std::string path = write("az", "#!/bin/sh\n" + script);
    fs::permissions(path, fs::perms::owner_all);
  }
  Environment path_{{{"PATH", folder_.string() + ":/usr/bin:/bin"}}};
};

TEST_F(AzureCli, PrintsTheToken) {
  install(R"(echo "$@" >> )" + folder_.string() + R"(/seen
echo '{"accessToken":"cli","expires_on":4102444800,"expiresOn":"2100-01-01 00:00:00.000000"}')");
  settings_.tenant_id = "contoso; rm -rf x";
  const AccessToken token = provider()->obtain(nullptr);
  EXPECT_EQ(token.text.reveal(), "cli");
  EXPECT_EQ(token.expires_at, WallTime(seconds(4102444800)));
  std::ifstream in(folder_ / "seen");
  std::string seen;
  std::getline(in, seen);
  EXPECT_EQ(seen,
            "account get-access-token --scope https://graph.microsoft.com/.default --output json "
            "--tenant contoso; rm -rf x");
}

TEST_F(AzureCli, ItsFailuresAreExplained) {
  EXPECT_EQ(state_of_failure(), "08001");
  EXPECT_TRUE(holds(message_, "install azure-cli")) << message_;
  install("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1");
  EXPECT_EQ(state_of_failure(), "28000");
  EXPECT_TRUE(holds(message_, "Nobody is signed in")) << message_;
  install("echo 'ERROR: AADSTS50076: mfa' >&2; exit 1");
  EXPECT_EQ(state_of_failure(), "28000");
  EXPECT_TRUE(holds(message_, "AADSTS50076")) << message_;
  install("echo nothing");
  EXPECT_EQ(state_of_failure(), "08001");
}

TEST_F(AzureCli, TheSameTokenAgainIsNoAnswer) {
  install("echo '{\"accessToken\":\"cli\",\"expires_on\":4102444800}'");
  auto from = provider();
  const AccessToken token = from->obtain(nullptr);
  EXPECT_EQ(state_of_failure(*from, &token.text), "28000");
}

TEST_F(AzureCli, ClosingEndsTheProgram) {
  install("sleep 30");
  TokenEndpoint endpoint(settings_, poster_, [this] { return now_; });
  auto from = make_token_provider(
      settings_, endpoint, [this] { return now_; }, [] { return false; });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(state_of_failure(*from), "08S01");
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(5));
}

TEST(CliToken, LocalTimeServesWhereThereIsNoOther) {
  const auto token = parse_cli_token(R"({"accessToken":"t","expiresOn":"2100-01-01 00:00:00.5"})");
  ASSERT_TRUE(token);
  EXPECT_GT(token->expires_at, WallTime(seconds(4102444800 - 86400)));
  EXPECT_FALSE(parse_cli_token(R"({"accessToken":"t\r\nX"})"));
  EXPECT_FALSE(parse_cli_token("nothing"));
}

TEST_F(Unattended, AnotherCloudsTokenIsRefusedBeforeGraphDoes) {
  settings_.auth_mode = AuthMode::kAccessToken;
  settings_.graph_url = "https://graph.microsoft.us";
  settings_.access_token = base::Secret(jwt(R"({"aud":"https://graph.microsoft.com/","scp":"x"})"));
  EXPECT_EQ(state_of_failure(), "28000");
  EXPECT_TRUE(holds(message_, "Environment=Global")) << message_;
  settings_.graph_url = "https://graph.microsoft.com";
  EXPECT_EQ(state_of_failure(), "");
  settings_.graph_url = "http://127.0.0.1:1";
  EXPECT_EQ(state_of_failure(), "") << "who knows what is behind it";
  settings_.access_token =
      base::Secret(jwt(R"({"aud":"00000003-0000-0000-c000-000000000000","scp":"x"})"));
  settings_.graph_url = "https://graph.microsoft.us";
  EXPECT_EQ(state_of_failure(), "");
}

TEST_F(Unattended, TokensOfTheWrongKindAreNoted) {
  const auto note_of = [this](AuthMode mode, const std::string& claims) {
    settings_.auth_mode = mode;
    settings_.access_token = base::Secret("given");
    std::string text;
    Identity identity;
    if (claims.find("scp") != std::string::npos) identity.scopes = {"Mail.Read"};
    if (claims.find("roles") != std::string::npos) identity.roles = {"Mail.Read"};
    identity.app_only = claims.find("app") != std::string::npos;
    identity.audience = "https://graph.microsoft.com";
    for (const auto& note : inspect_token(settings_, identity)) text += note.message;
    return text;
  };
  EXPECT_EQ(note_of(AuthMode::kRefreshToken, "scp"), "");
  EXPECT_EQ(note_of(AuthMode::kClientCredentials, "app roles"), "");
  EXPECT_TRUE(holds(note_of(AuthMode::kClientCredentials, "app"), "no application permissions"));
  EXPECT_TRUE(holds(note_of(AuthMode::kAccessToken, "app"), "no application permissions"));
  EXPECT_TRUE(holds(note_of(AuthMode::kClientCredentials, "scp"), "delegated permissions (scp)"));
  EXPECT_TRUE(holds(note_of(AuthMode::kRefreshToken, "app roles"), "is an application's"));
}

class TokenFileNotes : public Unattended {
 protected:
  TokenFileNotes() { settings_.auth_mode = AuthMode::kRefreshToken; }
  std::string note_of(const std::string& text, fs::perms mode = fs::perms::owner_all) {
    settings_.refresh_token_file = write("t.json", text);
    fs::permissions(settings_.refresh_token_file, mode & ~fs::perms::owner_exec);
    auto from = provider();
    state_ = state_of_failure(*from);
    return notes(*from);
  }
  std::string state_;
};

constexpr std::string_view kGood = R"({"access_token":"a","refresh_token":"r","expires_in":3600})";

TEST_F(TokenFileNotes, ModesAreChecked) {
  EXPECT_EQ(note_of(std::string(kGood)), "");
  const std::string text = note_of(std::string(kGood), fs::perms(0644));
  EXPECT_TRUE(holds(text, "Other users can read the token file")) << text;
  fs::permissions(folder_, fs::perms(0777));
  EXPECT_TRUE(holds(note_of(std::string(kGood)), "Other users can replace the token file"));
}

TEST_F(TokenFileNotes, AMissingRefreshTokenIsNotedWhileTheAccessTokenLasts) {
  const std::string text = note_of(R"({"access_token":"a","expires_in":3600})");
  EXPECT_EQ(state_, "");
  EXPECT_TRUE(holds(text, "offline_access")) << text;
  (void)note_of(R"({"access_token":"a","expires_at":1000})");
  EXPECT_EQ(state_, "08001");
  EXPECT_TRUE(holds(message_, "offline_access")) << message_;
  EXPECT_TRUE(poster_.forms.empty());
}

TEST_F(TokenFileNotes, AnOldRefreshTokenIsNoted) {
  now_ += days(61);
  poster_.answers = {{200, tokens("a2", "r2")}};
  const std::string text = note_of(std::string(kGood));
  EXPECT_TRUE(holds(text, "61 days old")) << text;
  EXPECT_TRUE(holds(text, "graphodbc keepalive")) << text;
  EXPECT_EQ(TokenFile(settings_.refresh_token_file).read().refresh_token_since,
            std::chrono::floor<seconds>(now_))
      << "renewed, so young again";
}

TEST_F(TokenFileNotes, TheSameRefusedTokenAgainIsAnError) {
  settings_.refresh_token_file = write("t.json", std::string(kGood));
  poster_.answers = {{200, tokens("a", "r2")}};
  auto from = provider();
  const base::Secret rejected("a");
  EXPECT_EQ(state_of_failure(*from, &rejected), "28000");
  EXPECT_TRUE(holds(message_, "the very same one")) << message_;
}

TEST_F(Unattended, AKnownEndOfAnAccessTokenIsHeeded) {
  settings_.auth_mode = AuthMode::kAccessToken;
  settings_.access_token = base::Secret("given");
  settings_.token_expires_at = std::chrono::floor<seconds>(now_) - seconds(5);
  EXPECT_EQ(state_of_failure(), "28000");
  EXPECT_TRUE(holds(message_, "TokenExpiresAt")) << message_;

  settings_.auth_mode = AuthMode::kRefreshToken;
  settings_.refresh_token = base::Secret("r");
  poster_.answers = {{200, tokens("a2", "r2")}};
  EXPECT_EQ(provider()->obtain(nullptr).text.reveal(), "a2");
  settings_.token_expires_at = std::chrono::floor<seconds>(now_) + seconds(500);
  EXPECT_EQ(provider()->obtain(nullptr).text.reveal(), "given");
  settings_.token_expires_at.reset();
  poster_.answers = {{200, tokens("a3", "r3")}};
  EXPECT_EQ(provider()->obtain(nullptr).text.reveal(), "a3") << "unknown counts as over";
}

TEST_F(Unattended, AutoRefreshOffMakesNoTokenCall) {
  settings_.auth_mode = AuthMode::kRefreshToken;
  settings_.auto_refresh = false;
  settings_.refresh_token = base::Secret("r");
  EXPECT_EQ(state_of_failure(), "28000");
  EXPECT_TRUE(holds(message_, "AutoRefresh")) << message_;
  EXPECT_TRUE(poster_.forms.empty());
}

}  // namespace
}  // namespace graphodbc::graph
