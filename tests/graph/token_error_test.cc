#include "graph/oauth/token_error.h"

#include <gtest/gtest.h>

#include <ostream>
#include <set>

#include "graph/oauth/scope.h"

namespace graphodbc::graph {
namespace {

ClientSettings make_settings() {
  ClientSettings settings;
  settings.data_source = "Office";
  settings.token_url = "https://login.example.com/tenant-1/oauth2/v2.0/token";
  settings.client_id = "app 1";
  settings.scope = "offline_access Mail.Read https://graph.microsoft.com/User.Read";
  settings.return_url = "http://localhost";
  return settings;
}

std::string body_of(std::string_view error, int code, std::string_view text = "Something.") {
  const std::string number = std::to_string(code);
  return R"({"error":")" + std::string(error) + R"(","error_description":"AADSTS)" + number + ": " +
         std::string(text) + R"(\r\nTrace ID: t\r\nTimestamp: 2026-01-09 02:02:12Z",)" +
         R"("error_codes":[)" + number +
         R"(],"timestamp":"2026-01-09 02:02:12Z","trace_id":"t-1","correlation_id":"c-1"})";
}

base::Error error_of(int status, std::string_view json,
                     const ClientSettings& settings = make_settings()) {
  return token_error(status, parse_token_error(json), "renewing the access token", settings);
}

bool holds(const base::Error& error, std::string_view part) {
  return error.message().find(part) != std::string::npos;
}

struct Case {
  int code;
  std::string_view error;
  std::string_view says;
};

// Names the case in ctest's list.
void PrintTo(const Case& given, std::ostream* out) {
  *out << given.error << ' ' << given.code;
}

class Advice : public testing::TestWithParam<Case> {};

TEST_P(Advice, IsPlain) {
  const base::Error error = error_of(400, body_of(GetParam().error, GetParam().code));
  EXPECT_EQ(error.state().code(), "28000");
  EXPECT_EQ(error.native(), GetParam().code);
  EXPECT_TRUE(holds(error, GetParam().says)) << error.message();
  EXPECT_TRUE(holds(error, "AADSTS" + std::to_string(GetParam().code))) << error.message();
  EXPECT_TRUE(holds(error, "correlation id c-1")) << error.message();
  EXPECT_FALSE(holds(error, "{")) << error.message();
}

INSTANTIATE_TEST_SUITE_P(
    Codes, Advice,
    testing::Values(Case{700016, "unauthorized_client", "ClientId"},
                    Case{7000215, "invalid_client", "secret's ID instead of its value"},
                    Case{7000222, "invalid_client", "has expired"},
                    Case{700082, "invalid_grant", "not used for too long"},
                    Case{50173, "invalid_grant", "password changed"},
                    Case{70008, "invalid_grant", "expired by age"},
                    Case{700084, "invalid_grant", "single-page app"},
                    Case{50078, "invalid_grant", "multi-factor sign-in has expired"},
                    Case{9002313, "invalid_grant", "garbled"},
                    Case{9002313, "invalid_request", "malformed"},
                    Case{50126, "invalid_grant", "User name or password rejected"},
                    Case{50034, "invalid_grant", "User name or password rejected"},
                    Case{50076, "interaction_required", "Multi-factor"},
                    Case{53003, "interaction_required", "Conditional Access"},
                    Case{90002, "invalid_request", "TenantId"},
                    Case{50194, "invalid_request", "TenantId"},
                    Case{700027, "invalid_client", "CertificatePath"},
                    Case{700213, "invalid_client", "FederatedTokenFile"},
                    Case{70011, "invalid_scope", "check Scope"},
                    Case{650053, "invalid_client", "Scope names a permission"},
                    Case{900144, "invalid_request", "ClientId"},
                    Case{123456, "invalid_grant", "sign in again"}));

TEST(TokenError, EachDeadRefreshTokenReadsDifferently) {
  std::set<std::string> texts;
  for (int code : {700082, 50173, 70008, 700084, 50078, 70043, 9002313}) {
    const base::Error error = error_of(400, body_of("invalid_grant", code));
    EXPECT_TRUE(holds(error, "graphodbc login --dsn Office")) << error.message();
    texts.insert(error.message().substr(0, error.message().find("The identity service refused")));
  }
  EXPECT_EQ(texts.size(), 7u);
}

TEST(TokenError, TheCommandNamesTheDataSourceWhenThereIsOne) {
  ClientSettings settings = make_settings();
  settings.data_source = "My Mail";
  EXPECT_EQ(login_command(settings), "`graphodbc login --dsn \"My Mail\"`");
  settings.data_source = "";
  EXPECT_EQ(login_command(settings), "`graphodbc login --connection` with this connection string");
}

TEST(TokenError, AnExpiredSecretComesWithItsDate) {
  for (std::string_view text : {"The keys expired on 2026-01-31.", "expired at 1/31/2026 10:00"}) {
    const base::Error error = error_of(401, body_of("invalid_client", 7000222, text));
    EXPECT_TRUE(holds(error, "ClientSecret expired on 2026-01-31")) << error.message();
  }
  ClientSettings settings = make_settings();
  settings.client_secret_expires =
      std::chrono::sys_days(std::chrono::year(2026) / std::chrono::February / 3);
  EXPECT_TRUE(
      holds(error_of(401, body_of("invalid_client", 7000222), settings), "expired on 2026-02-03"));
}

TEST(TokenError, ConsentComesWithItsPage) {
  for (int code : {65001, 90094}) {
    const base::Error error = error_of(400, body_of("invalid_grant", code));
    EXPECT_TRUE(holds(error,
                      "https://login.example.com/tenant-1/v2.0/adminconsent?client_id=app%201"
                      "&scope=offline_access%20https%3A%2F%2Fgraph.microsoft.com%2FMail.Read%20"
                      "https%3A%2F%2Fgraph.microsoft.com%2FUser.Read"
                      "&redirect_uri=http%3A%2F%2Flocalhost"))
        << error.message();
  }
  ClientSettings settings = make_settings();
  settings.token_url = "https://login.example.com/common/oauth2/v2.0/token";
  settings.auth_mode = AuthMode::kClientCredentials;
  EXPECT_EQ(admin_consent_url(settings),
            "https://login.example.com/organizations/v2.0/adminconsent?client_id=app%201"
            "&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
            "&redirect_uri=http%3A%2F%2Flocalhost");
}

TEST(TokenError, OnlyTroubleOfTheServiceIsTransient) {
  EXPECT_TRUE(is_transient(400, parse_token_error(body_of("invalid_request", 90033))));
  EXPECT_TRUE(is_transient(503, {}));
  EXPECT_TRUE(is_transient(429, {}));
  EXPECT_TRUE(is_transient(400, parse_token_error(R"({"error":"temporarily_unavailable"})")));
  EXPECT_FALSE(is_transient(500, parse_token_error(R"({"error":"invalid_grant"})")));
  EXPECT_FALSE(is_transient(400, parse_token_error(body_of("invalid_grant", 700082))));
  EXPECT_FALSE(is_transient(401, parse_token_error(body_of("invalid_client", 7000215))));
  EXPECT_FALSE(is_transient(404, {}));
  const base::Error error = error_of(503, body_of("invalid_request", 90033));
  EXPECT_EQ(error.state().code(), "08001");
}

TEST(TokenError, ForeignAnswersNameTheKey) {
  for (std::string_view text : {"", "<html>", "{}", "[1]", R"({"error":{"code":"x"}})"}) {
    const base::Error error = error_of(502, text);
    EXPECT_EQ(error.state().code(), "08001") << text;
    EXPECT_TRUE(holds(error, "TokenUrl"));
  }
  EXPECT_TRUE(holds(token_error(404, {}, "asking for a code", make_settings(), "DeviceCodeUrl"),
                    "DeviceCodeUrl"));
}

TEST(TokenError, NumberIsReadFromTheText) {
  const TokenErrorBody body = parse_token_error(
      R"({"error":"invalid_client","error_description":"AADSTS7000222: expired on 2026-01-01\r\nx"})");
  EXPECT_EQ(body.codes, std::vector<int>({7000222}));
  EXPECT_EQ(body.description, "AADSTS7000222: expired on 2026-01-01");
}

TEST(Scope, TheApplicationAsksForAllItHas) {
  ClientSettings settings;
  EXPECT_EQ(app_scope(settings).text, "https://graph.microsoft.com/.default");
  EXPECT_FALSE(app_scope(settings).replaced);
  settings.graph_url = "https://graph.microsoft.us/v1.0";
  settings.scope = "Mail.Read";
  EXPECT_EQ(app_scope(settings).text, "https://graph.microsoft.us/.default");
  EXPECT_TRUE(app_scope(settings).replaced);
  settings.scope = "https://own.example/.default";
  EXPECT_EQ(app_scope(settings).text, "https://own.example/.default");
  EXPECT_FALSE(app_scope(settings).replaced);
}

}  // namespace
}  // namespace graphodbc::graph
