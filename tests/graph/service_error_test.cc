#include "graph/service_error.h"

#include <gtest/gtest.h>

#include <memory>
#include <ostream>

#include "graph/oauth/identity.h"
#include "graph/transport_error.h"

namespace graphodbc::graph {
namespace {

struct Case {
  int status;
  std::string_view code;
  std::string_view state;
};

// Names the case in ctest's list.
void PrintTo(const Case& given, std::ostream* out) {
  *out << given.status << ' ' << given.code;
}

class StateTable : public testing::TestWithParam<Case> {};

TEST_P(StateTable, Maps) {
  EXPECT_EQ(state_of(GetParam().status, GetParam().code).code(), GetParam().state);
}

INSTANTIATE_TEST_SUITE_P(
    All, StateTable,
    testing::Values(Case{302, "", "08S01"}, Case{400, "InefficientFilter", "42000"},
                    Case{400, "directory_expiredpagetoken", "08S01"},
                    Case{400, "BadRequest", "42000"}, Case{401, "", "28000"},
                    Case{402, "", "42000"}, Case{403, "ErrorAccessDenied", "42000"},
                    Case{404, "ErrorItemNotFound", "42000"},
                    Case{404, "MailboxNotEnabledForRESTAPI", "42000"}, Case{405, "", "42000"},
                    Case{406, "", "42000"}, Case{407, "", "08S01"}, Case{408, "", "HYT00"},
                    Case{409, "", "23000"}, Case{410, "SyncStateNotFound", "08S01"},
                    Case{412, "", "23000"}, Case{413, "", "42000"}, Case{416, "", "42000"},
                    Case{422, "", "42000"}, Case{423, "", "42000"}, Case{429, "", "HYT00"},
                    Case{451, "", "42000"}, Case{500, "", "08S01"}, Case{501, "", "42000"},
                    Case{502, "", "08S01"}, Case{503, "", "08S01"}, Case{504, "", "HYT00"},
                    Case{507, "", "42000"}, Case{509, "", "HYT00"}, Case{599, "", "08S01"},
                    Case{0, "", "08S01"}, Case{204, "", "08S01"}));

TEST(ErrorBody, TakesTheDeepestName) {
  const ErrorBody body = parse_error_body(
      R"({"error":{"code":"BadRequest","message":"Outer","innerError":{"code":"Deep",)"
      R"("innererror":{"code":"Deepest","request-id":"r1","date":"d1"}}}})");
  EXPECT_EQ(body.code, "Deepest");
  EXPECT_EQ(body.message, "Outer");
  EXPECT_EQ(body.request_id, "r1");
  EXPECT_EQ(body.date, "d1");
}

TEST(ErrorBody, AStatusIsNoName) {
  const ErrorBody body = parse_error_body(
      R"({"error":{"code":"TooManyRequests","innerError":{"code":"429","message":"Please"}}})");
  EXPECT_EQ(body.code, "TooManyRequests");
  EXPECT_EQ(body.message, "Please");
}

TEST(ErrorBody, SurvivesAnything) {
  for (std::string_view text :
       {"", "<html>Bad gateway</html>", "{", "[]", "null", R"({"error":"text"})", R"({"error":{}})",
        R"({"error":{"code":"","message":null,"innerError":7}})", "\xff\xfe"}) {
    EXPECT_EQ(parse_error_body(text).code, "") << text;
  }
}

HttpResponse answer(int status, std::string_view body) {
  HttpResponse response;
  response.status = status;
  response.body.append(body);
  response.url = "https://graph.microsoft.com/v1.0/me/messages?$select=id&%24filter=secret%20text";
  response.request_id = "abc-1";
  response.attempts = 6;
  return response;
}

TEST(ServiceError, SaysWhatWhereAndWhatToDo) {
  const ServiceError error = make_service_error(
      answer(403, R"({"error":{"code":"ErrorAccessDenied","message":"Access is denied."}})"),
      {"Messages", {"Mail.ReadBasic", "Mail.Read"}});
  EXPECT_EQ(error.state().code(), "42000");
  EXPECT_EQ(error.native(), 403);
  EXPECT_EQ(error.code(), "ErrorAccessDenied");
  for (std::string_view part :
       {"Messages: ", "403 ErrorAccessDenied", "/v1.0/me/messages?$select&$filter",
        "Access is denied", "Mail.ReadBasic or Mail.Read", "request-id abc-1", "6 attempts"}) {
    EXPECT_NE(error.message().find(part), std::string::npos) << part << "\n" << error.message();
  }
  EXPECT_EQ(error.message().find("secret"), std::string::npos) << error.message();
}

struct Lacking {
  const char* path;
  bool app_only;
  const char* needed;  // after "least permission: "
};

// Who asks for whose data decides what is needed (requirements A-U07, A-U10).
TEST(ServiceError, NamesWhatIsNeededAndWhatIsThere) {
  const RequestContext mail = {"Messages", {"Mail.Read"}, {"Mail.Read.Shared"}};
  const Lacking cases[] = {
      {"/v1.0/me/messages", false, "Mail.Read; "},
      {"/v1.0/users/ME%40contoso.com/messages", false, "Mail.Read; "},
      {"/v1.0/users/11-22/messages", false, "Mail.Read; "},
      {"/v1.0/users/ann%40contoso.com/messages", false,
       "Mail.Read.Shared, as it is another user's (who must share mail and files too); "},
      {"/v1.0/drives/b!1/root/children", false,
       "Mail.Read, or Mail.Read.Shared where it is another's; "},
      {"/v1.0/users/ann%40contoso.com/messages", true, "Mail.Read; "},
  };
  for (const Lacking& given : cases) {
    HttpResponse response = answer(403, "");
    response.url = std::string("https://graph.microsoft.com") + given.path;
    auto identity = std::make_shared<Identity>();
    identity->user_name = "me@contoso.com";
    identity->object_id = "11-22";
    identity->audience = "https://graph.microsoft.com";
    identity->app_only = given.app_only;
    identity->scopes = {"User.Read", "<script>", "", "Mail.ReadBasic"};
    response.identity = identity;
    const std::string message = make_service_error(response, mail).message();
    const std::string granted =
        given.app_only ? "no permission at all" : "User.Read Mail.ReadBasic";
    EXPECT_NE(message.find("least permission: " + std::string(given.needed) + "the token has " +
                           granted + " ("),
              std::string::npos)
        << given.path << "\n"
        << message;
  }
}

TEST(ServiceError, SaysNothingOfTokensThatCannotBeRead) {
  HttpResponse response = answer(403, "");
  response.identity = std::make_shared<Identity>();
  const std::string message =
      make_service_error(response, {"Messages", {"Mail.Read"}, {"Mail.Read.Shared"}}).message();
  EXPECT_EQ(message.find("the token has"), std::string::npos) << message;
  EXPECT_NE(message.find("least permission: Mail.Read "), std::string::npos) << message;
}

TEST(ServiceError, NeverEmptyAndNeverLong) {
  for (int status : {302, 400, 401, 429, 500, 502, 503, 504}) {
    const ServiceError error =
        make_service_error(answer(status, std::string(100'000, 'x')), {"Users", {}});
    EXPECT_NE(error.message().find(std::to_string(status)), std::string::npos);
    EXPECT_LT(error.message().size(), 1500u);
  }
}

TEST(ServiceError, CutsServiceTextAtCharacters) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "\xC3\xA4";
  const ServiceError error = make_service_error(
      answer(400, R"({"error":{"code":"x)" + std::string("y") + R"(","message":")" + text + "\"}}"),
      {});
  EXPECT_NE(error.message().find("..."), std::string::npos);
  EXPECT_EQ(error.message().find("\xC3..."), std::string::npos);
}

TEST(ServiceError, NamesAClaimsChallenge) {
  HttpResponse response = answer(401, "");
  response.headers.emplace_back("www-authenticate", "Bearer error=\"x\", claims=\"e30=\"");
  EXPECT_NE(make_service_error(response, {}).message().find("claims challenge"), std::string::npos);
}

TEST(DescribeUrl, NamesOptionsWithoutValues) {
  EXPECT_EQ(describe_url("https://h:8080/v1.0/me/messages?$top=1&$filter=a%20eq%20'b'"),
            "/v1.0/me/messages?$top&$filter");
  EXPECT_EQ(describe_url("/me?x"), "/me?x");
  EXPECT_EQ(describe_url("/me"), "/me");
  EXPECT_EQ(describe_url(""), "");
}

TEST(TransportError, MapsOutcomes) {
  const RequestContext context{"Messages", {}};
  const auto state = [&](Outcome outcome) {
    return std::string(transport_error(outcome, "x", "https://h/a", context, 1).state().code());
  };
  EXPECT_EQ(state(Outcome::kReset), "08S01");
  EXPECT_EQ(state(Outcome::kTruncated), "08S01");
  EXPECT_EQ(state(Outcome::kTls), "08S01");
  EXPECT_EQ(state(Outcome::kTimeout), "HYT00");
  EXPECT_EQ(state(Outcome::kMemory), "HY001");
  EXPECT_EQ(connect_error(Outcome::kResolve, "x", "https://h/a", "TokenUrl").state().code(),
            "08001");
}

}  // namespace
}  // namespace graphodbc::graph
