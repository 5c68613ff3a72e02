// `$filter` and `$orderby`: what they mean, and what each service refuses (contract d.0 to d.3).
#include <gtest/gtest.h>

#include <functional>

#include "data_support.h"

namespace graphodbc::emulator::testing {
namespace {

using nlohmann::json;

const Asker& tenant() {
  static const Asker asker([] {
    TenantOptions options;
    options.messages = 800;
    return options;
  }());
  return asker;
}

const HeaderList kEventual = {{"ConsistencyLevel", "eventual"}};

std::string text_of(const json& row, const char* name) {
  return row[name].is_null() ? std::string() : row[name].get<std::string>();
}

struct Meaning {
  const char* base;  // collection and options
  const char* filter;
  std::function<bool(const json&)> expected;
};

void PrintTo(const Meaning& meaning, std::ostream* out) {
  *out << meaning.filter;
}

class FilterMeaning : public ::testing::TestWithParam<Meaning> {};

// The filter picks exactly the rows that the predicate picks from the whole collection.
TEST_P(FilterMeaning, PicksTheRightRows) {
  const Meaning& meaning = GetParam();
  const std::string base = meaning.base;
  const bool directory = base.starts_with("/users");
  const std::string count = directory ? "&$count=true" : "";
  std::set<std::string> expected;
  const auto everything = tenant().all(base);
  for (const auto& row : everything) {
    if (meaning.expected(row)) expected.insert(row["id"].get<std::string>());
  }
  std::set<std::string> found;
  for (const auto& row : tenant().all(base + count + "&$filter=" + meaning.filter, kEventual)) {
    found.insert(row["id"].get<std::string>());
  }
  EXPECT_EQ(found, expected);
  EXPECT_FALSE(expected.empty()) << "the case shows nothing";
  EXPECT_LT(expected.size(), everything.size()) << "the case shows nothing";
}

constexpr const char* kMail =
    "/me/messages?$top=1000&$select=id,subject,isRead,hasAttachments,importance,receivedDateTime,"
    "from,categories,flag";
constexpr const char* kEvents = "/me/events?$top=1000";
constexpr const char* kContacts = "/me/contacts?$top=1000";
constexpr const char* kUsers =
    "/users?$top=999&$select=id,displayName,mail,userType,accountEnabled,companyName,"
    "createdDateTime,"
    "jobTitle,city";

std::string sender(const json& row) {
  return row["from"].is_null() ? std::string()
                               : row["from"]["emailAddress"]["address"].get<std::string>();
}

INSTANTIATE_TEST_SUITE_P(
    Table, FilterMeaning,
    ::testing::Values(
        Meaning{kMail, "isRead eq false", [](const json& r) { return !r["isRead"]; }},
        Meaning{kMail, "isRead", [](const json& r) { return r["isRead"].get<bool>(); }},
        Meaning{kMail, "not(isRead eq true)", [](const json& r) { return !r["isRead"]; }},
        Meaning{kMail, "importance eq 'high'",
                [](const json& r) { return r["importance"] == "high"; }},
        Meaning{kMail, "isRead eq false and importance ne 'normal'",
                [](const json& r) { return !r["isRead"] && r["importance"] != "normal"; }},
        Meaning{kMail, "importance eq 'low' or hasAttachments eq true and isRead eq true",
                [](const json& r) {
                  return r["importance"] == "low" || (r["hasAttachments"] && r["isRead"]);
                }},
        Meaning{kMail, "(importance eq 'low' or hasAttachments eq true) and isRead eq true",
                [](const json& r) {
                  return (r["importance"] == "low" || r["hasAttachments"]) && r["isRead"];
                }},
        Meaning{kMail, "receivedDateTime ge 2026-01-01T00:00:00Z",
                [](const json& r) { return r["receivedDateTime"] >= "2026-01-01T00:00:00Z"; }},
        Meaning{kMail, "receivedDateTime lt 2026-01-01T02:00:00%2B02:00",
                [](const json& r) { return r["receivedDateTime"] < "2026-01-01T00:00:00Z"; }},
        Meaning{kMail, "receivedDateTime ge 2026-01-01",
                [](const json& r) { return r["receivedDateTime"] >= "2026-01-01T00:00:00Z"; }},
        Meaning{kMail, "subject eq 'O''Brien''s \"50%25\" %26 co'",
                [](const json& r) { return r["subject"] == "O'Brien's \"50%\" & co"; }},
        Meaning{kMail, "startswith(subject,'INVOICE')",
                [](const json& r) { return text_of(r, "subject").starts_with("Invoice"); }},
        Meaning{kMail, "contains(subject,'status')",
                [](const json& r) {
                  return text_of(r, "subject").find("status") != std::string::npos;
                }},
        // A comparison with null is not true, under ne neither; not() inverts.
        Meaning{kMail, "subject ne 'It''''s already doubled'",
                [](const json& r) {
                  return !r["subject"].is_null() && r["subject"] != "It''s already doubled";
                }},
        Meaning{kMail, "not(subject eq 'It''''s already doubled')",
                [](const json& r) { return r["subject"] != "It''s already doubled"; }},
        Meaning{kMail, "from/emailAddress/address eq 'ADELE.VANCE@contoso.example'",
                [](const json& r) { return sender(r) == "adele.vance@contoso.example"; }},
        Meaning{kMail, "categories/any(c:c eq 'Project Ω')",
                [](const json& r) {
                  return std::find(r["categories"].begin(), r["categories"].end(), "Project Ω") !=
                         r["categories"].end();
                }},
        Meaning{kMail, "flag/flagStatus eq 'flagged'",
                [](const json& r) { return r["flag"]["flagStatus"] == "flagged"; }},
        Meaning{kEvents, "isAllDay eq true",
                [](const json& r) { return r["isAllDay"].get<bool>(); }},
        Meaning{kEvents, "start/dateTime ge '2026-06-01T09:00:00.5' and isAllDay eq false",
                [](const json& r) {
                  return r["start"]["dateTime"] >= "2026-06-01T09:00:00.5000000" && !r["isAllDay"];
                }},
        Meaning{kEvents, "type eq 'seriesMaster'",
                [](const json& r) { return r["type"] == "seriesMaster"; }},
        Meaning{kContacts, "startswith(displayName,'a')",
                [](const json& r) { return text_of(r, "displayName").starts_with("A"); }},
        Meaning{
            kContacts, "emailAddresses/any(a:a/address eq 'kenta.yoshino@fabrikam.example.com')",
            [](const json& r) {
              return r["emailAddresses"].dump().find("kenta.yoshino@fabrikam") != std::string::npos;
            }},
        Meaning{kUsers, "userType eq 'Guest'",
                [](const json& r) { return r["userType"] == "Guest"; }},
        Meaning{kUsers, "userType ne 'Guest'",
                [](const json& r) { return r["userType"] != "Guest"; }},
        Meaning{kUsers, "displayName in ('adele vance','Alex Wilber')",
                [](const json& r) {
                  return r["displayName"] == "Adele Vance" || r["displayName"] == "Alex Wilber";
                }},
        Meaning{kUsers, "companyName eq null",
                [](const json& r) { return r["companyName"].is_null(); }},
        Meaning{kUsers, "companyName ne 'Contoso, Ltd.'",
                [](const json& r) {
                  return !r["companyName"].is_null() && r["companyName"] != "Contoso, Ltd.";
                }},
        Meaning{
            kUsers, "endswith(mail,'@fabrikam.example.com')",
            [](const json& r) { return text_of(r, "mail").ends_with("@fabrikam.example.com"); }},
        Meaning{kUsers, "createdDateTime le 2022-06-30T00:00:00Z",
                [](const json& r) { return r["createdDateTime"] <= "2022-06-30T00:00:00Z"; }}));

struct Refusal {
  const char* url;
  int status;
  const char* code;
  bool eventual = false;
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
  *out << refusal.url << (refusal.eventual ? " (eventual)" : "");
}

class QueryRefusal : public ::testing::TestWithParam<Refusal> {};

TEST_P(QueryRefusal, AnswersAsTheServiceDoes) {
  const Refusal& refusal = GetParam();
  const Answer answer = tenant().get(refusal.url, refusal.eventual ? kEventual : HeaderList());
  EXPECT_EQ(answer.status, refusal.status) << answer.text;
  EXPECT_EQ(answer.code(), refusal.code) << answer.text;
}

constexpr const char* kParse = "RequestBroker--ParseUri";

INSTANTIATE_TEST_SUITE_P(
    Outlook, QueryRefusal,
    ::testing::Values(
        // The three conditions on $filter with $orderby.
        Refusal{"/me/messages?$filter=isRead eq false&$orderby=receivedDateTime desc", 400,
                "InefficientFilter"},
        Refusal{"/me/messages?$filter=isRead eq false and receivedDateTime ge 2000-01-01T00:00:00Z"
                "&$orderby=receivedDateTime",
                400, "InefficientFilter"},
        Refusal{"/me/messages?$filter=receivedDateTime ge 2000-01-01T00:00:00Z and isRead eq true"
                "&$orderby=isRead,receivedDateTime",
                400, "InefficientFilter"},
        Refusal{"/me/messages?$filter=receivedDateTime ge 2000-01-01T00:00:00Z and isRead eq true"
                "&$orderby=receivedDateTime desc&$top=1",
                200, ""},
        Refusal{"/me/messages?$filter=contains(subject,'a')&$orderby=subject", 400,
                "InefficientFilter"},
        Refusal{"/me/messages?$search=\"a\"&$filter=isRead eq true", 400, "SearchWithFilter"},
        Refusal{"/me/messages?$search=\"a\"&$orderby=subject", 400, "SearchWithOrderBy"},
        Refusal{"/me/messages?$search=budget", 400, "BadRequest"},
        Refusal{"/me/messages?$filter=bodyPreview eq 'x'", 400, "ErrorInvalidUrlQueryFilter"},
        Refusal{"/me/messages?$filter=toRecipients/any(r:r/emailAddress/address eq 'x')", 400,
                "ErrorInvalidUrlQueryFilter"},
        Refusal{"/me/messages?$filter=subject in ('a')", 400, "ErrorInvalidUrlQueryFilter"},
        Refusal{"/me/messages?$filter=endswith(subject,'a')", 400, "ErrorInvalidUrlQueryFilter"},
        Refusal{"/me/messages?$filter=nosuch eq 1", 400, kParse},
        Refusal{"/me/messages?$filter=receivedDateTime ge '2026-01-01T00:00:00Z'", 400, kParse},
        Refusal{"/me/messages?$filter=isRead eq 'true'", 400, kParse},
        Refusal{"/me/messages?$filter=isRead eq 1", 400, kParse},
        Refusal{"/me/messages?$filter=subject eq abc", 400, kParse},
        Refusal{"/me/messages?$filter=importance eq 'urgent'", 400, kParse},
        Refusal{"/me/messages?$filter=importance eq high", 400, kParse},
        Refusal{"/me/messages?$filter=subject eq 'open", 400, kParse},
        Refusal{"/me/messages?$filter=(isRead eq true", 400, kParse},
        Refusal{"/me/messages?$filter=isRead eq true true", 400, kParse},
        Refusal{"/me/messages?$filter=", 400, kParse},
        Refusal{"/me/messages?$filter=tolower(subject) eq 'x'", 400, kParse},
        Refusal{"/me/messages?$orderby=body", 400, "ErrorInvalidUrlQuery"},
        Refusal{"/me/messages?$orderby=subject sideways", 400, kParse},
        Refusal{"/me/messages?$select=id,nosuch", 400, kParse},
        Refusal{"/me/messages?$select=from/emailAddress", 400, kParse},
        Refusal{"/me/messages?$nosuch=1", 400, "BadRequest"},
        Refusal{"/me/messages?$top=1&$top=2", 400, "BadRequest"},
        Refusal{"/me/messages?$expand=nosuch", 400, kParse},
        Refusal{"/me/events?$filter=start/dateTime ge 2026-01-01T00:00:00Z", 400, kParse},
        Refusal{"/me/contacts?$filter=emailAddresses/any(a:startswith(a/address,'x'))", 400,
                "ErrorInvalidUrlQueryFilter"},
        Refusal{"/me/contacts?$filter=emailAddresses/any(a:a/name eq 'x')", 400,
                "ErrorInvalidUrlQueryFilter"},
        Refusal{"/me/calendarView?startDateTime=2026-01-01", 400, "ErrorInvalidParameter"},
        Refusal{"/me/calendarView?startDateTime=2020-01-01&endDateTime=2026-01-01", 400,
                "ErrorCalendarViewRangeTooBig"},
        Refusal{"/me/mailFolders?$search=\"x\"", 400, "ErrorInvalidUrlQuery"}));

INSTANTIATE_TEST_SUITE_P(
    Directory, QueryRefusal,
    ::testing::Values(
        Refusal{"/users?$filter=userType ne 'Guest'", 400, "Request_UnsupportedQuery"},
        Refusal{"/users?$filter=userType ne 'Guest'&$count=true", 400, "Request_UnsupportedQuery"},
        Refusal{"/users?$filter=userType ne 'Guest'", 400, "Request_UnsupportedQuery", true},
        Refusal{"/users?$filter=userType ne 'Guest'&$count=true", 200, "", true},
        Refusal{"/users?$filter=not(userType eq 'Guest')", 400, "Request_UnsupportedQuery"},
        Refusal{"/users?$filter=endswith(mail,'x')", 400, "Request_UnsupportedQuery"},
        Refusal{"/users?$filter=mail eq null&$count=true", 400, "Request_UnsupportedQuery", true},
        Refusal{"/users?$filter=companyName eq 'x'", 400, "Request_UnsupportedQuery"},
        Refusal{"/users?$filter=contains(displayName,'x')&$count=true", 400,
                "Request_UnsupportedQuery", true},
        Refusal{"/users?$filter=startswith(jobTitle,'x')", 400, "Request_UnsupportedQuery"},
        Refusal{"/users?$filter=userType eq 'Guest'&$orderby=displayName", 400,
                "Request_UnsupportedQuery"},
        Refusal{"/users?$filter=userType eq 'Guest'&$orderby=displayName&$count=true", 200, "",
                true},
        Refusal{"/users?$orderby=displayName", 200, ""},
        Refusal{"/users?$orderby=createdDateTime", 400, "Request_UnsupportedQuery"},
        Refusal{"/users?$orderby=createdDateTime&$count=true", 200, "", true},
        Refusal{"/users?$search=\"displayName:a\"", 400, "Request_UnsupportedQuery"},
        Refusal{"/users?$search=\"displayName:a\"", 200, "", true},
        Refusal{"/users?$skip=5", 400, "Request_UnsupportedQuery"},
        Refusal{"/users?$select=aboutMe", 501, "NotImplemented"},
        Refusal{"/users?$select=nosuch", 400, "Request_BadRequest"},
        Refusal{"/users?$filter=id eq 5", 400, "Request_BadRequest"},
        Refusal{"/users?$filter=createdDateTime ge 2020-01-01", 400, "Request_BadRequest"},
        Refusal{"/users?$count=true", 200, ""}, Refusal{"/users/$count", 400, "Request_BadRequest"},
        Refusal{"/users?$expand=manager,directReports", 400, "Request_UnsupportedQuery"},
        Refusal{"/users?$expand=manager&$count=true", 400, "Request_UnsupportedQuery", true},
        Refusal{
            "/users?$filter=id in ('1','2','3','4','5','6','7','8','9','10','11','12','13','14',"
            "'15','16')",
            400, "Request_UnsupportedQuery"}));

INSTANTIATE_TEST_SUITE_P(
    Drive, QueryRefusal,
    ::testing::Values(Refusal{"/me/drive/root/children?$skip=1", 400, "invalidRequest"},
                      Refusal{"/me/drive/root/children?$filter=file ne null", 501, "notSupported"},
                      Refusal{"/me/drive/root/children?$filter=size gt 5", 501, "notSupported"},
                      Refusal{"/me/drive/root/children?$filter=folder ne null", 200, ""},
                      Refusal{"/me/drive/root/children?$orderby=name desc", 200, ""},
                      Refusal{"/me/drive/root/children?$orderby=size", 400, "invalidRequest"},
                      Refusal{"/me/drive/root/children?$search=x", 400, "invalidRequest"},
                      Refusal{"/me/drive/root/children?$select=nosuch", 400, "invalidRequest"}));

TEST(FilterPlan, TheServerChoosesTheOrderUnderAFilterAlone) {
  const auto times =
      tenant()
          .get("/me/messages?$top=1000&$select=receivedDateTime&$filter=isRead eq true")
          .column("receivedDateTime");
  ASSERT_GT(times.size(), 10U);
  EXPECT_LT(times.front(), times.back());
}

TEST(FilterPlan, OrdersByTheKeysInTurn) {
  const Answer answer = tenant().get(
      "/me/messages?$top=1000&$select=importance,receivedDateTime&$filter=importance ne 'low' and "
      "receivedDateTime ge 2025-06-01T00:00:00Z&$orderby=importance desc,receivedDateTime");
  ASSERT_EQ(answer.status, 200) << answer.text;
  const auto importance = answer.column("importance");
  ASSERT_GT(importance.size(), 10U);
  EXPECT_TRUE(std::is_sorted(importance.begin(), importance.end()));  // "high" before "normal"
}

// A header that is missing on a later page of an advanced query is missed.
TEST(FilterPlan, AdvancedQueriesNeedTheirHeaderOnEveryPage) {
  const Answer first =
      tenant().get("/users?$top=3&$count=true&$filter=userType ne 'Guest'", kEventual);
  ASSERT_FALSE(first.next_link().empty());
  EXPECT_EQ(tenant().follow(first.next_link(), kEventual).status, 200);
  EXPECT_EQ(tenant().follow(first.next_link()).code(), "Request_UnsupportedQuery");
}

}  // namespace
}  // namespace graphodbc::emulator::testing
