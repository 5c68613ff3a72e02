#include "graph/oauth/token_error.h"

#include <gtest/gtest.h>

#include <ostream>

namespace graphodbc::graph {
namespace {

constexpr std::string_view kUrl = "https://login.example.com/tenant-1/oauth2/v2.0/token";

std::string body_of(std::string_view error, int code) {
  const std::string number = std::to_string(code);
  return R"({"error":")" + std::string(error) + R"(","error_description":"AADSTS)" + number +
         R"(: Something.\r\nTrace ID: t","error_codes":[)" + number +
         R"(],"timestamp":"2026-01-09 02:02:12Z","trace_id":"t-1","correlation_id":"c-1"})";
}

base::Error error_of(int status, std::string_view json) {
  return token_error(status, parse_token_error(json), "renewing the access token", kUrl, "app 1");
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
  EXPECT_NE(error.message().find(GetParam().says), std::string::npos) << error.message();
  EXPECT_NE(error.message().find("AADSTS" + std::to_string(GetParam().code)), std::string::npos);
  EXPECT_NE(error.message().find("correlation id c-1"), std::string::npos) << error.message();
}

INSTANTIATE_TEST_SUITE_P(
    Codes, Advice,
    testing::Values(Case{700016, "unauthorized_client", "ClientId"},
                    Case{7000215, "invalid_client", "secret's ID instead of its value"},
                    Case{7000222, "invalid_client", "has expired"},
                    Case{700082, "invalid_grant", "not used for too long"},
                    Case{50173, "invalid_grant", "password changed"},
                    Case{70008, "invalid_grant", "sign in again"},
                    Case{50126, "invalid_grant", "User name or password rejected"},
                    Case{50034, "invalid_grant", "User name or password rejected"},
                    Case{90002, "invalid_request", "TenantId"},
                    Case{70011, "invalid_scope", "check Scope"},
                    Case{900144, "invalid_request", "ClientId"},
                    Case{123456, "invalid_grant", "sign in again"}));

TEST(TokenError, ConsentComesWithItsPage) {
  const base::Error error = error_of(400, body_of("invalid_grant", 65001));
  EXPECT_NE(
      error.message().find("https://login.example.com/tenant-1/adminconsent?client_id=app%201"),
      std::string::npos)
      << error.message();
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
}

TEST(TokenError, ForeignAnswersNameTokenUrl) {
  for (std::string_view text : {"", "<html>", "{}", "[1]", R"({"error":{"code":"x"}})"}) {
    const base::Error error = error_of(502, text);
    EXPECT_EQ(error.state().code(), "08001") << text;
    EXPECT_NE(error.message().find("TokenUrl"), std::string::npos);
  }
}

TEST(TokenError, NumberIsReadFromTheText) {
  const TokenErrorBody body = parse_token_error(
      R"({"error":"invalid_client","error_description":"AADSTS7000222: expired on 2026-01-01\r\nx"})");
  EXPECT_EQ(body.codes, std::vector<int>({7000222}));
  EXPECT_EQ(body.description, "AADSTS7000222: expired on 2026-01-01");
}

}  // namespace
}  // namespace graphodbc::graph
