// Pages: every row once, the forms of nextLinks, sizes and their limits (contract (c)).
#include <gtest/gtest.h>

#include <ostream>
#include <set>

#include "data_support.h"

namespace graphodbc::emulator::testing {
namespace {

TenantOptions medium() {
  TenantOptions options;
  options.messages = 2345;
  options.drive_items = 1500;
  options.users = 250;
  return options;
}

const Asker& tenant() {
  static const Asker asker(medium());
  return asker;
}

struct Scan {
  const char* url;
  std::size_t rows;   // 0: not checked
  std::size_t pages;  // 0: not checked
  HeaderList headers = {};
};

// Names the case in ctest's list.
void PrintTo(const Scan& scan, std::ostream* out) {
  *out << scan.url;
}

class PagingTest : public ::testing::TestWithParam<Scan> {};

TEST_P(PagingTest, ReturnsEachRowOnce) {
  const Scan& scan = GetParam();
  const auto rows = tenant().all(scan.url, scan.headers);
  std::set<std::string> ids;
  for (const auto& row : rows) ids.insert(row["id"].get<std::string>());
  EXPECT_EQ(ids.size(), rows.size());
  EXPECT_FALSE(rows.empty());
  if (scan.rows != 0) {
    EXPECT_EQ(rows.size(), scan.rows);
  }
  if (scan.pages != 0) {
    EXPECT_EQ(tenant().pages(), scan.pages);
  }
}

const HeaderList kEventual = {{"ConsistencyLevel", "eventual"}};

INSTANTIATE_TEST_SUITE_P(
    Collections, PagingTest,
    ::testing::Values(
        Scan{"/me/messages?$select=id", 2345, 235},
        Scan{"/me/messages?$select=id&$top=1000", 2345, 3},
        Scan{"/me/messages?$select=id&$top=469", 2345, 5},
        Scan{"/me/messages?$select=id&$top=100&$filter=isRead eq false", 0, 0},
        Scan{"/me/messages?$select=id&$top=100&$orderby=subject desc", 2345, 24},
        Scan{"/me/messages?$select=id&$top=700", 2345, 12, {{"Prefer", "odata.maxpagesize=200"}}},
        Scan{"/me/mailFolders/inbox/messages?$select=id&$top=50", 0, 0},
        Scan{"/me/mailFolders('sentitems')/messages?$select=id&$top=7", 0, 0},
        Scan{"/me/messages?$select=id&$top=25&$search=\"invoice\"", 0, 0},
        Scan{"/me/mailFolders?$top=3", 11, 4}, Scan{"/me/events", 0, 0},
        Scan{"/me/calendarView?startDateTime=2026-01-01&endDateTime=2026-03-01&$top=9", 0, 0},
        Scan{"/me/contacts", 0, 0}, Scan{"/users", 250, 3}, Scan{"/users?$top=17", 250, 15},
        Scan{"/users?$top=5&$count=true&$filter=userType ne 'Guest'&$orderby=createdDateTime", 0, 0,
             kEventual},
        Scan{"/me/drive/items/root/search(q='')?$top=400", 1500, 4},
        Scan{"/me/drive/root:/Pictures:/children?$top=13", 0, 0}, Scan{"/me/drives", 3, 1},
        Scan{"/me/drive/root/delta", 1501, 8}, Scan{"/me/drive/root/delta?$top=1000", 1501, 2}));

TEST(Paging, OutlookLinksCarrySkipAndTheOriginalOptions) {
  const Answer answer =
      tenant().get("/me/messages?$select=subject,isRead&$filter=isRead eq true&$top=4");
  EXPECT_EQ(answer.next_link(),
            "https://graph.test:8443/v1.0/me/messages?$select=subject%2cisRead&$filter="
            "isRead+eq+true&$top=4&$skip=4");
}

TEST(Paging, FolderLinksUseTheKeyInParentheses) {
  const Answer answer = tenant().get("/me/mailFolders/inbox/messages?$top=2");
  EXPECT_EQ(answer.next_link(),
            "https://graph.test:8443/v1.0/me/mailFolders('inbox')/messages?$top=2&$skip=2");
}

TEST(Paging, DirectoryAndDriveLinksCarryOpaqueTokens) {
  for (const char* url : {"/users?$top=2", "/me/drive/root/children?$top=2"}) {
    const std::string link = tenant().get(url).next_link();
    EXPECT_NE(link.find("$skiptoken="), std::string::npos) << link;
    EXPECT_EQ(link.find("$skip="), std::string::npos) << link;
  }
}

// A streaming reader meets nextLink before and after `value`.
TEST(Paging, MessageLinksStandAfterAndBeforeTheRowsInTurn) {
  for (const auto& [skip, first] : {std::pair{0, false}, {10, true}, {20, false}}) {
    const std::string text =
        tenant().get("/me/messages?$select=id&$skip=" + std::to_string(skip)).text;
    EXPECT_EQ(text.find("@odata.nextLink") < text.find("\"value\""), first) << skip;
  }
}

TEST(Paging, CountComesOnEveryOutlookPageButOnlyOnTheFirstOfTheDirectory) {
  const Answer mail = tenant().get("/me/messages?$select=id&$count=true&$skip=20");
  EXPECT_EQ(mail.json["@odata.count"], 2345);
  const Answer first = tenant().get("/users?$count=true&$top=9", kEventual);
  EXPECT_EQ(first.json["@odata.count"], 250);
  EXPECT_FALSE(tenant().follow(first.next_link(), kEventual).json.contains("@odata.count"));
}

TEST(Paging, DeltaEndsInALinkThatAnswersNothingMore) {
  Answer answer = tenant().get("/me/drive/root/delta?$top=1000&$select=id,name");
  EXPECT_FALSE(answer.json.contains("@odata.deltaLink"));
  answer = tenant().follow(answer.next_link());
  ASSERT_TRUE(answer.json.contains("@odata.deltaLink"));
  const Answer after = tenant().follow(answer.json["@odata.deltaLink"].get<std::string>());
  EXPECT_TRUE(after.json["value"].empty());
  EXPECT_TRUE(after.json.contains("@odata.deltaLink"));
}

TEST(Paging, BadTokensAreRefused) {
  EXPECT_EQ(tenant().get("/users?$skiptoken=abc").code(), "Directory_ExpiredPageToken");
  EXPECT_EQ(tenant().get("/me/drive/root/children?$skiptoken=abc").status, 400);
  const Answer delta = tenant().get("/me/drive/root/delta(token='nonsense')");
  EXPECT_EQ(delta.status, 410);
  EXPECT_EQ(delta.code(), "resyncRequired");
  // A token of one query is worth nothing in another.
  const std::string link = tenant().get("/users?$top=2").next_link();
  const std::string token = link.substr(link.find("$skiptoken="));
  EXPECT_EQ(tenant().get("/users?$filter=userType eq 'Member'&" + token).code(),
            "Directory_ExpiredPageToken");
}

TEST(Paging, PageSizesOutsideTheirRange) {
  EXPECT_EQ(tenant().get("/me/messages?$top=1001").code(), "ErrorInvalidUrlQuery");
  EXPECT_EQ(tenant().get("/users?$top=1000").status, 400);
  EXPECT_EQ(tenant().get("/users?$top=0").status, 400);
  EXPECT_EQ(tenant().get("/me/messages?$top=-1").status, 400);
  EXPECT_EQ(tenant().get("/me/messages?$top=x").status, 400);
  // SharePoint caps instead of refusing.
  EXPECT_EQ(tenant().get("/me/drive/root/search(q='')?$top=5000").json["value"].size(), 999U);
  EXPECT_EQ(tenant().get("/me/messages").json["value"].size(), 10U);
  EXPECT_EQ(tenant().get("/users").json["value"].size(), 100U);
}

}  // namespace
}  // namespace graphodbc::emulator::testing
