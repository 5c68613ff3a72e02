// Every way in which an unattended sign-in can fail, through the driver manager: the SQLSTATE, a
// message that a person can act on, one request where no other can help, and that within two
// seconds (requirements A-T10..A-T13, A-N30, A-P01..A-P30). And the ways in which it succeeds.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"
#include "tests/graph/certificates.h"

namespace graphodbc::test {
namespace {

using std::chrono::steady_clock;

class SignIn : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    tenant_ = new Tenant({"--messages", "5", "--drive-items", "5"});
    folder_ = std::filesystem::temp_directory_path() / "graphodbc-signin-XXXXXX";
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
  }
  static void TearDownTestSuite() {
    std::filesystem::remove_all(folder_);
    delete tenant_;
  }
  void SetUp() override { tenant_->forget(); }
  void TearDown() override { tenant_->clear_faults(); }

  static std::string fact(const std::string& name) { return tenant_->fact(name); }
  // Addresses alone.
  static std::string base() {
    return "Driver=graphodbc;GraphUrl=" + fact("graph_url") + ";TokenUrl=" + fact("token_url") +
           ";AuthUrl=" + fact("auth_url") + ";Account=" + fact("account");
  }
  static std::string secret(const std::string& name = "client_secret") {
    return ";ClientSecret={" + fact(name) + "}";
  }
  static std::string app() {
    return base() + ";AuthMode=ClientCredentials;ClientId=" + fact("client_id") + secret();
  }
  static std::string user() {
    return base() + ";ClientId=" + fact("client_id") + secret() +
           ";RefreshToken=" + fact("refresh_token");
  }
  static std::string write(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    return path;
  }

  struct Failure {
    std::string state;
    std::string message;
    std::int32_t native = 0;
    std::chrono::milliseconds time{0};
    std::size_t requests = 0;
  };
  static Failure failure(const std::string& connection_string) {
    tenant_->forget();
    const auto start = steady_clock::now();
    Failure found;
    try {
      const Connection connection(connection_string);
    } catch (const OdbcError& error) {
      found.state = error.records.front().state;
      found.message = error.records.front().message;
      found.native = error.records.front().native;
    }
    found.time = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start);
    found.requests = tenant_->token_requests();
    return found;
  }
  // What a connection that succeeds has to note.
  static std::string notes(const Connection& connection) {
    std::string text;
    for (const Diagnostic& each : diagnostics(SQL_HANDLE_DBC, connection.handle())) {
      text += each.state + " " + each.message + "\n";
    }
    return text;
  }
  static void expect_rows(const Connection& connection) {
    EXPECT_EQ(connection.query("SELECT Id FROM Messages").size(), 5u);
  }

  static Tenant* tenant_;
  static std::string folder_;
};

Tenant* SignIn::tenant_ = nullptr;
std::string SignIn::folder_;

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct Refusal {
  int code;
  std::string_view error;
  bool app;  // signing in as the application, else by refresh token
  std::vector<std::string_view> says;
};

// Names the case in ctest's list.
void PrintTo(const Refusal& given, std::ostream* out) {
  *out << given.error << ' ' << given.code;
}

class Refused : public SignIn, public testing::WithParamInterface<Refusal> {};

TEST_P(Refused, IsExplainedAtOnce) {
  const Refusal& given = GetParam();
  tenant_->add_faults({{"match", {{"path", "*/token"}, {"times", -1}}},
                       {"action",
                        {{"status", given.error == "invalid_client" ? 401 : 400},
                         {"aadsts", given.code},
                         {"code", given.error}}}});
  const Failure found = failure(given.app ? app() : user());
  EXPECT_EQ(found.state, "28000") << found.message;
  EXPECT_EQ(found.native, given.code);
  EXPECT_EQ(found.requests, 1u) << "no other try can help";
  EXPECT_LT(found.time, std::chrono::seconds(2));
  for (std::string_view part : given.says) EXPECT_TRUE(holds(found.message, part)) << found.message;
  for (std::string_view part : {"AADSTS", "correlation id "}) {
    EXPECT_TRUE(holds(found.message, part)) << found.message;
  }
  for (const char* name : {"client_secret", "refresh_token"}) {
    EXPECT_FALSE(holds(found.message, fact(name)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Codes, Refused,
    testing::Values(
        Refusal{700016, "unauthorized_client", true, {"ClientId"}},
        Refusal{90002, "invalid_request", false, {"TenantId"}},
        Refusal{50194, "invalid_request", false, {"single-tenant", "TenantId"}},
        Refusal{50126, "invalid_grant", false, {"User name or password rejected"}},
        Refusal{50034, "invalid_grant", false, {"User name or password rejected"}},
        Refusal{7000215, "invalid_client", true, {"secret's ID instead of its value"}},
        Refusal{7000222, "invalid_client", true, {"ClientSecret has expired"}},
        Refusal{7000218, "invalid_client", false, {"give ClientSecret or CertificatePath"}},
        Refusal{700025, "invalid_client", false, {"remove ClientSecret"}},
        Refusal{700027, "invalid_client", true, {"CertificatePath"}},
        Refusal{65001, "invalid_grant", false, {"consent", "/v2.0/adminconsent?client_id="}},
        Refusal{90094, "invalid_grant", false, {"administrator", "/v2.0/adminconsent?client_id="}},
        Refusal{650053, "invalid_client", false, {"Scope names a permission"}},
        Refusal{70011, "invalid_scope", false, {"check Scope"}},
        Refusal{500011, "invalid_resource", true, {"wrong cloud?"}},
        Refusal{90038, "invalid_request", false, {"Environment"}},
        Refusal{700082, "invalid_grant", false, {"90 days", "graphodbc login", "keepalive"}},
        Refusal{70008, "invalid_grant", false, {"expired by age", "graphodbc login"}},
        Refusal{50173, "invalid_grant", false, {"password changed", "graphodbc login"}},
        Refusal{70043, "invalid_grant", false, {"sign-in frequency", "graphodbc login"}},
        Refusal{50078, "invalid_grant", false, {"multi-factor", "graphodbc login"}},
        Refusal{700084, "invalid_grant", false, {"single-page app", "graphodbc login"}},
        Refusal{9002313, "invalid_grant", false, {"garbled", "graphodbc login"}},
        Refusal{50076, "interaction_required", false, {"Multi-factor", "graphodbc login"}},
        Refusal{53003, "interaction_required", false, {"Conditional Access", "administrator"}},
        Refusal{50105, "invalid_grant", false, {"not assigned to this application"}},
        Refusal{50057, "invalid_grant", false, {"disabled"}}));

// What the emulated service finds out by itself.
TEST_F(SignIn, WrongSettingsAreNamed) {
  const auto expect = [](const std::string& settings, int code, std::string_view part) {
    const Failure found = failure(settings);
    EXPECT_EQ(found.state, "28000") << found.message;
    EXPECT_EQ(found.native, code) << found.message;
    EXPECT_TRUE(holds(found.message, part)) << found.message;
    EXPECT_EQ(found.requests, 1u);
    EXPECT_LT(found.time, std::chrono::seconds(2));
  };
  expect("ClientId=00000000-0000-0000-0000-000000000000;" + app(), 700016, "ClientId");
  expect("ClientSecret=wrong;" + app(), 7000215, "secret's ID");
  expect("ClientSecret={" + fact("expired_client_secret") + "};ClientSecretExpires=2026-01-31;" +
             app(),
         7000222, "ClientSecret expired on 2026-01-31");
  const std::string nowhere = fact("graph_url") + "/nowhere.example/oauth2/v2.0/token";
  expect("TokenUrl=" + nowhere + ";" + app(), 90002, "TenantId");
  expect("RefreshToken=1.cut;" + user(), 9002313, "garbled");
  expect("Scope=Mail.Raed;" + user(), 70011, "Scope");
  expect("Scope=Mail.ReadWrite;" + user(), 65001, "Mail.ReadWrite");
  expect(base() + ";ClientId=" + fact("public_client_id") + secret() +
             ";RefreshToken=" + fact("public_refresh_token"),
         700025, "remove ClientSecret");
  expect(base() + ";ClientId=" + fact("client_id") + ";RefreshToken=" + fact("refresh_token"),
         7000218, "give ClientSecret");
}

TEST_F(SignIn, TroubleOfTheServiceIsTriedAgainAndIsNoRefusal) {
  tenant_->add_faults({{"match", {{"path", "*/token"}, {"times", 1}}},
                       {"action", {{"status", 503}, {"aadsts", 90033}}}});
  EXPECT_EQ(failure(app()).state, "");
  EXPECT_EQ(failure("TokenUrl=http://127.0.0.1:9/t/oauth2/v2.0/token;" + app()).state, "08001");
}

TEST_F(SignIn, ARevokedSessionMakesTheConnectionDead) {
  // Last of its kind: the tokens issued so far are of no use to others.
  Tenant tenant({"--messages", "5"});
  const Connection connection(tenant.connection_string());
  EXPECT_EQ(connection.query("SELECT Id FROM Messages").size(), 5u);
  tenant.control("POST", "/revoke", R"({"what":"access"})");
  tenant.control("POST", "/revoke", R"({"what":"refresh","code":50173})");
  Statement statement(connection);
  try {
    statement.query("SELECT Subject FROM Messages");
    FAIL();
  } catch (const OdbcError& error) {
    EXPECT_EQ(error.state(), "28000");
    EXPECT_TRUE(holds(error.records.front().message, "password changed")) << error.what();
  }
  SQLUINTEGER dead = SQL_CD_FALSE;
  SQLGetConnectAttr(connection.handle(), SQL_ATTR_CONNECTION_DEAD, &dead, 0, nullptr);
  EXPECT_EQ(dead, static_cast<SQLUINTEGER>(SQL_CD_TRUE));
}

TEST_F(SignIn, TheNextSecretMakesRotationSeamless) {
  const Connection connection("ClientSecret={" + fact("expired_client_secret") +
                              "};ClientSecretNext={" + fact("client_secret") + "};" + app());
  EXPECT_TRUE(holds(notes(connection), "01000")) << notes(connection);
  EXPECT_TRUE(holds(notes(connection), "ClientSecretNext is in use")) << notes(connection);
  EXPECT_EQ(tenant_->token_requests(), 2u);
  expect_rows(connection);
  const Failure both = failure("ClientSecret=wrong;ClientSecretNext=wrong2;" + app());
  EXPECT_EQ(both.state, "28000");
  EXPECT_TRUE(holds(both.message, "ClientSecretNext was tried too")) << both.message;
}

TEST_F(SignIn, ASecretNearItsEndIsNoted) {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day soon(today + std::chrono::days(3));
  char date[16];
  std::snprintf(date, sizeof date, "%04d-%02u-%02u", static_cast<int>(soon.year()),
                static_cast<unsigned>(soon.month()), static_cast<unsigned>(soon.day()));
  const Connection connection("ClientSecretExpires=" + std::string(date) + ";" + app());
  EXPECT_TRUE(holds(notes(connection), "expires in 3 days")) << notes(connection);
}

TEST_F(SignIn, TheSecretMayGoIntoAHeader) {
  const Connection connection("ClientAuthentication=Basic;" + app());
  expect_rows(connection);
  for (const auto& entry : tenant_->log()) {
    if (!entry.contains("form")) continue;
    for (const auto& name : entry["form"]["names"]) EXPECT_NE(name, "client_secret");
  }
}

TEST_F(SignIn, PermissionsInScopeAreNotedForAnApplication) {
  const Connection connection("Scope=Mail.Read~Files.Read~;" + app());
  EXPECT_TRUE(holds(notes(connection), "Scope lists delegated permissions")) << notes(connection);
  expect_rows(connection);
}

TEST_F(SignIn, AnApplicationWithoutPermissionsIsNoted) {
  Tenant tenant({"--messages", "5"});
  tenant.control("POST", "/consent", R"({"roles":[]})");
  const Connection connection(
      "Driver=graphodbc;GraphUrl=" + tenant.fact("graph_url") +
      ";TokenUrl=" + tenant.fact("token_url") + ";ClientId=" + tenant.fact("client_id") +
      ";AuthMode=ClientCredentials" + ";ClientSecret={" + tenant.fact("client_secret") + "}");
  EXPECT_TRUE(holds(notes(connection), "no application permissions")) << notes(connection);
  EXPECT_TRUE(holds(notes(connection), "adminconsent")) << notes(connection);
}

TEST_F(SignIn, ACertificateSignsIn) {
  const TestCertificate certificate;
  tenant_->control("POST", "/certificates", certificate.certificate_pem());
  const std::string start =
      base() + ";AuthMode=Certificate;ClientId=" + fact("client_id") + ";CertificatePassword=hush";
  const std::string pfx = write("app.pfx", certificate.pfx("hush"));
  const std::string pem = write("app.pem", certificate.certificate_pem() + certificate.key_pem());
  expect_rows(Connection(start + ";CertificatePath=" + pfx));
  expect_rows(Connection(start + ";CertificatePath=" + pem));
  expect_rows(Connection(start + ";CertificatePath=" + pfx + ";AssertionAlgorithm=RS256"));
  expect_rows(Connection(start + ";CertificateBase64={" + base64(certificate.pfx("hush")) + "}"));
  // Of a confidential application, instead of its secret.
  expect_rows(Connection(base() + ";ClientId=" + fact("client_id") + ";CertificatePath=" + pem +
                         ";AuthMode=RefreshToken;RefreshToken=" + fact("refresh_token")));

  const Failure unknown =
      failure(start + ";CertificatePath=" + write("other.pfx", TestCertificate().pfx("hush")));
  EXPECT_EQ(unknown.native, 700027) << unknown.message;
  EXPECT_EQ(unknown.state, "28000");
  EXPECT_EQ(unknown.requests, 1u);
}

TEST_F(SignIn, ABadCertificateCostsNoRequest) {
  const std::string start =
      base() + ";AuthMode=Certificate;ClientId=" + fact("client_id") + ";CertificatePath=";
  const TestCertificate good;
  const std::pair<std::string, std::string_view> cases[] = {
      {write("good.pfx", good.pfx("right")) + ";CertificatePassword=wrong",
       "CertificatePassword is wrong"},
      {write("keyless.pem", good.certificate_pem()), "no private key"},
      {write("past.pfx", TestCertificate(-7200, -3600).pfx("")), "expired on 20"},
      {write("future.pfx", TestCertificate(3600, 7200).pfx("")), "not valid before 20"},
      {folder_ + "/none.pfx", "cannot be read"},
  };
  for (const auto& [path, part] : cases) {
    const Failure found = failure(start + path);
    EXPECT_EQ(found.state, "08001") << path;
    EXPECT_TRUE(holds(found.message, part)) << found.message;
    EXPECT_EQ(found.requests, 0u);
  }
}

TEST_F(SignIn, AWorkloadsTokenSignsIn) {
  const auto token_of = [](const std::string& body) {
    return nlohmann::json::parse(tenant_->control("POST", "/federated-token", body))["token"]
        .get<std::string>();
  };
  const std::string start =
      base() + ";AuthMode=WorkloadIdentity;ClientId=" + fact("client_id") + ";FederatedTokenFile=";
  expect_rows(Connection(start + write("workload", token_of("{}") + "\n")));
  const Failure other = failure(start + write("other", token_of(R"({"subject":"somebody"})")));
  EXPECT_EQ(other.native, 700213) << other.message;
  EXPECT_TRUE(holds(other.message, "federated credential")) << other.message;
  const Failure stale = failure(start + write("stale", token_of(R"({"seconds":-600})")));
  EXPECT_EQ(stale.native, 700024) << stale.message;
}

TEST_F(SignIn, AManagedIdentitySignsIn) {
  const std::string start = base() + ";AuthMode=ManagedIdentity";
  ::setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", fact("graph_url").c_str(), 1);
  expect_rows(Connection(start));
  expect_rows(Connection(start + ";ClientId=" + fact("user_assigned_client_id")));
  const Failure unknown = failure(start + ";ClientId=" + fact("client_id"));
  EXPECT_EQ(unknown.state, "28000") << unknown.message;
  EXPECT_TRUE(holds(unknown.message, "no user-assigned identity")) << unknown.message;
  ::unsetenv("AZURE_POD_IDENTITY_AUTHORITY_HOST");
  ::setenv("IDENTITY_ENDPOINT", (fact("graph_url") + "/msi/token").c_str(), 1);
  ::setenv("IDENTITY_HEADER", fact("identity_header").c_str(), 1);
  expect_rows(Connection(start));
  ::unsetenv("IDENTITY_ENDPOINT");
  ::unsetenv("IDENTITY_HEADER");
}

TEST_F(SignIn, TheAzureCliSignsIn) {
  const std::string program =
      write("az", "#!/bin/sh\necho '{\"accessToken\":\"" + fact("access_token") +
                      "\",\"expires_on\":4102444800}'\n");
  std::filesystem::permissions(program, std::filesystem::perms(0700));
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", (folder_ + ":" + path).c_str(), 1);
  expect_rows(Connection(base() + ";AuthMode=AzureCli"));
  ::setenv("PATH", "/nowhere", 1);
  const Failure found = failure(base() + ";AuthMode=AzureCli");
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(found.state, "08001");
  EXPECT_TRUE(holds(found.message, "install azure-cli")) << found.message;
}

TEST_F(SignIn, ATokenFileThatOthersReadIsNoted) {
  const std::string path =
      write("token.json", R"({"refresh_token":")" + fact("refresh_token") + "\"}");
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  const std::string settings =
      base() + ";ClientId=" + fact("client_id") + secret() + ";RefreshTokenFilePath=" + path;
  {
    const Connection connection(settings);
    EXPECT_TRUE(holds(notes(connection), "Other users can read")) << notes(connection);
    expect_rows(connection);
  }
  const Connection again(settings);
  EXPECT_EQ(notes(again), "") << "repaired by the renewal";
  EXPECT_EQ(tenant_->token_requests(), 1u);
}

TEST_F(SignIn, AutoRefreshOffMakesNoTokenCall) {
  const std::string path =
      write("stale.json", R"({"access_token":"x","expires_at":1000,"refresh_token":"r"})");
  const Failure found = failure(base() + ";AutoRefresh=no;RefreshTokenFilePath=" + path);
  EXPECT_EQ(found.state, "28000");
  EXPECT_TRUE(holds(found.message, "AutoRefresh")) << found.message;
  EXPECT_EQ(found.requests, 0u);
}

// What a query fails with, and that it was sent or not.
std::string refusal(const Connection& connection, const std::string& sql) {
  Statement statement(connection);
  try {
    (void)statement.query(sql);
  } catch (const OdbcError& error) {
    return error.records.front().state + " " + error.records.front().message;
  }
  return {};
}

TEST_F(SignIn, AMissingPermissionIsNamedBesideThoseThatAreThere) {
  std::string other;
  for (const TextRow& row : Connection(user()).query("SELECT Id, UserPrincipalName FROM Users")) {
    if (row[1] != fact("account")) other = *row[0];
  }
  const std::string scopes = user() + ";Scope={Mail.Read User.Read}";
  const Connection connection(scopes);
  expect_rows(connection);
  const std::string contacts = refusal(connection, "SELECT Id FROM Contacts");
  EXPECT_TRUE(holds(contacts, "42000 ")) << contacts;
  EXPECT_TRUE(holds(contacts, "least permission: Contacts.Read; the token has Mail.Read User.Read"))
      << contacts;
  const std::string shared =
      refusal(connection, "SELECT Id FROM Messages WHERE UserId = '" + other + "'");
  EXPECT_TRUE(holds(shared, "42000 ")) << shared;
  EXPECT_TRUE(holds(shared, "Mail.ReadBasic.Shared or Mail.Read.Shared, as it is another user's"))
      << shared;

  const Connection validated("ValidateScopes=yes;" + scopes);
  expect_rows(validated);
  tenant_->forget();
  const std::string before = refusal(validated, "SELECT Id FROM Contacts");
  EXPECT_TRUE(holds(before, "42000 ")) << before;
  EXPECT_TRUE(holds(before, "Contacts needs Contacts.Read. It has Mail.Read User.Read")) << before;
  EXPECT_TRUE(tenant_->requests().empty());
}

TEST_F(SignIn, WhoReadsIsTheUserOrTheApplication) {
  for (const auto& [settings, name] :
       {std::pair(user(), fact("account")), std::pair(app(), fact("client_id"))}) {
    const Connection connection(settings);
    char text[200] = "";
    SQLGetInfo(connection.handle(), SQL_USER_NAME, text, sizeof text, nullptr);
    EXPECT_EQ(text, name);
    EXPECT_EQ(connection.query("SELECT {fn USER()}"), (std::vector<TextRow>{{name}}));
  }
}

}  // namespace
}  // namespace graphodbc::test
