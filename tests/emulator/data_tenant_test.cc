// The seeded data itself, the paths to it, and who may read it.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "data_support.h"

namespace graphodbc::emulator::testing {
namespace {

using nlohmann::json;

const Asker& tenant() {
  static const Asker asker([] {
    TenantOptions options;
    options.messages = 1500;
    return options;
  }());
  return asker;
}

TEST(Seed, EqualSeedsGiveEqualAnswersAndOthersDoNot) {
  const std::vector<std::string> urls = {"/me/messages?$top=50",
                                         "/users?$select=id,displayName,city,createdDateTime",
                                         "/me/events",
                                         "/me/contacts",
                                         "/me/drive/root/search(q='')",
                                         "/me/mailFolders?$top=30"};
  TenantOptions options;
  const Asker first(options);
  const Asker second(options);
  options.seed = 2;
  const Asker other(options);
  for (const std::string& url : urls) {
    EXPECT_EQ(first.get(url).text, second.get(url).text) << url;
    EXPECT_NE(first.get(url).text, other.get(url).text) << url;
  }
}

// Numbers, not the library's: a change here changes every id that scripts may have kept.
TEST(Seed, IsTheSameOnEveryPlatform) {
  const Asker asker;
  EXPECT_EQ(asker.service.account_upn(), "adele.vance@contoso.example");
  EXPECT_EQ(asker.service.account_id(), "b972dc4e-374a-4a2b-8a45-58b0e33f7403");
  EXPECT_EQ(asker.get("/me/drive?$select=id").json["id"],
            "b!3u_3XoaN2icIt_9P-eVAhHlm__-7N1MsxstVdnufzS0BJ0mCHb8CGJgwITzUguds");
  EXPECT_EQ(asker.get("/me/messages?$top=1&$select=receivedDateTime").column("receivedDateTime"),
            std::vector<std::string>{"2026-06-30T17:45:12Z"});
}

TEST(Messages, HoldTheCasesThatBreakReaders) {
  const auto rows = tenant().all("/me/messages?$top=1000");
  ASSERT_EQ(rows.size(), 1500U);
  std::map<std::string, int> subjects;
  std::map<std::string, int> times;
  std::set<std::size_t> fraction_digits;
  int null_subject = 0;
  int null_from = 0;
  int attachments = 0;
  std::size_t longest = 0;
  std::size_t shortest = 1'000'000;
  for (const json& row : rows) {
    row["subject"].is_null() ? ++null_subject : ++subjects[row["subject"].get<std::string>()];
    const std::string time = row["receivedDateTime"];
    ++times[time];
    const std::size_t dot = time.find('.');
    fraction_digits.insert(dot == std::string::npos ? 0 : time.size() - dot - 2);
    null_from += row["from"].is_null();
    attachments += row["hasAttachments"].get<bool>();
    const std::size_t length = row["body"]["content"].get<std::string>().size();
    longest = std::max(longest, length);
    shortest = std::min(shortest, length);
  }
  const auto most = [](const std::map<std::string, int>& counts) {
    return std::max_element(counts.begin(), counts.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->second;
  };
  EXPECT_GT(null_subject, 0);
  EXPECT_GT(null_from, 0);
  EXPECT_GT(attachments, 100);
  EXPECT_GT(most(subjects), 1);
  EXPECT_GT(most(times), 1);
  EXPECT_EQ(fraction_digits, (std::set<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_GT(longest, 40'000U);
  EXPECT_LT(shortest, 2'000U);
  for (const char* subject :
       {"O'Brien's \"50%\" & co", "C:\\Users\\adele\\Desktop\\plan_v2_final.docx",
        "Tab\there, line\nbreak, return\rand bell\x07", ""}) {
    EXPECT_TRUE(subjects.contains(subject)) << subject;
  }
}

TEST(Messages, ComeNewestFirst) {
  auto times = tenant().get("/me/messages?$top=1000&$select=receivedDateTime");
  auto seconds = times.column("receivedDateTime");
  for (std::string& text : seconds) text.resize(19);
  EXPECT_TRUE(std::is_sorted(seconds.rbegin(), seconds.rend()));
}

TEST(Messages, APreviewCutInAnEmojiEndsInALoneSurrogate) {
  const std::string text = tenant().get("/me/messages?$top=1000&$select=bodyPreview").text;
  EXPECT_NE(text.find("hello again he\\ud83d\""), std::string::npos);
}

TEST(Messages, SomeRowsEscapeTheirUnicode) {
  const std::string text = tenant().get("/me/messages?$top=1000&$select=bodyPreview").text;
  EXPECT_NE(text.find("\\ud83c\\udf89"), std::string::npos);
  EXPECT_NE(text.find("🎉"), std::string::npos);
}

TEST(Messages, FoldersAddUp) {
  std::size_t total = 0;
  std::vector<std::string> open = {"msgfolderroot"};
  std::size_t depth_found = 0;
  std::map<std::string, std::size_t> depth = {{"msgfolderroot", 0}};
  while (!open.empty()) {
    const std::string id = open.back();
    open.pop_back();
    for (const json& folder : tenant().all("/me/mailFolders/" + id +
                                           "/childFolders?$top=100&includeHiddenFolders=true")) {
      const std::string child = folder["id"];
      depth[child] = depth[id] + 1;
      depth_found = std::max(depth_found, depth[child]);
      open.push_back(child);
      if (!folder.contains("@odata.type")) total += folder["totalItemCount"].get<std::size_t>();
    }
  }
  EXPECT_EQ(total, 1500U);
  EXPECT_GE(depth_found, 5U);
}

TEST(Messages, AttachmentsFollowTheirFlag) {
  std::set<std::string> kinds;
  int inline_only = 0;
  for (const json& row : tenant().all(
           "/me/"
           "messages?$top=500&$select=id,hasAttachments&$expand=attachments($select=isInline)")) {
    bool real = false;
    for (const json& attachment : row["attachments"]) {
      kinds.insert(attachment["@odata.type"].get<std::string>());
      EXPECT_FALSE(attachment.contains("contentBytes"));
      real = real || !attachment["isInline"];
    }
    EXPECT_EQ(row["hasAttachments"].get<bool>(), real);
    inline_only += !real && !row["attachments"].empty();
  }
  EXPECT_EQ(kinds.size(), 3U);
  EXPECT_GT(inline_only, 0);
}

TEST(Messages, AttachmentBytesAreTheSameInAllForms) {
  const Answer page = tenant().get("/me/messages?$top=1&$filter=hasAttachments eq true&$select=id");
  const std::string base = "/me/messages/" + page.column("id").at(0) + "/attachments";
  const Answer list = tenant().get(base);
  ASSERT_FALSE(list.json["value"].empty());
  const json first = list.json["value"][0];
  const std::string url = base + "/" + first["id"].get<std::string>();
  EXPECT_EQ(tenant().get(url).json["name"], first["name"]);
  const std::size_t size = first["contentBytes"].get<std::string>().size();
  EXPECT_EQ((tenant().get(url + "/$value").text.size() + 2) / 3 * 4, size);
  EXPECT_EQ(tenant().get(base + "?$top=1").code(), "ErrorInvalidUrlQuery");
}

TEST(Ids, BothFormsAreTakenAndCaseMatters) {
  const HeaderList immutable = {{"Prefer", "IdType=\"ImmutableId\""}};
  const std::string regular = tenant().get("/me/messages?$top=1&$select=id").column("id").at(0);
  const Answer other = tenant().get("/me/messages?$top=1&$select=id", immutable);
  const std::string fixed = other.column("id").at(0);
  EXPECT_NE(regular, fixed);
  EXPECT_EQ(tenant().get("/me/messages/" + fixed + "?$select=subject").json["subject"],
            tenant().get("/me/messages/" + regular + "?$select=subject").json["subject"]);
  std::string shouted = regular;
  for (char& c : shouted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(tenant().get("/me/messages/" + shouted).code(), "ErrorItemNotFound");
  EXPECT_EQ(tenant().get("/me/messages/nonsense").code(), "ErrorInvalidIdMalformed");
  const bool applied = std::any_of(other.headers.begin(), other.headers.end(), [](const auto& h) {
    return h.first == "Preference-Applied" && h.second == "IdType=\"ImmutableId\"";
  });
  EXPECT_TRUE(applied);
}

TEST(Events, TimesFollowThePreferredZone) {
  const std::string url = "/me/events?$top=1&$select=start&$filter=subject eq 'Boundary test 0 ms'";
  const auto start = [&](const char* zone) {
    const HeaderList headers = {{"Prefer", std::string("outlook.timezone=\"") + zone + "\""}};
    return tenant().get(url, headers).json["value"][0]["start"];
  };
  EXPECT_EQ(start("UTC")["dateTime"], "2026-06-01T09:00:00.0000000");
  EXPECT_EQ(start("Pacific Standard Time")["dateTime"], "2026-06-01T01:00:00.0000000");
  EXPECT_EQ(start("Asia/Kolkata")["dateTime"], "2026-06-01T14:30:00.0000000");
  EXPECT_EQ(tenant().get(url, {{"Prefer", "outlook.timezone=\"Mars\""}}).status, 400);
}

TEST(Events, AllDayEventsShowMidnightButFilterByTheirInstant) {
  const Answer answer = tenant().get("/me/events?$filter=subject eq 'Company holiday'");
  EXPECT_EQ(answer.json["value"][0]["start"]["dateTime"], "2026-07-03T00:00:00.0000000");
  EXPECT_TRUE(tenant()
                  .get("/me/events?$filter=start/dateTime eq '2026-07-03T00:00:00' and subject eq "
                       "'Company holiday'")
                  .json["value"]
                  .empty());
}

TEST(Events, ViewsExpandSeriesAndSelectByOverlap) {
  const auto rows = tenant().all(
      "/me/"
      "calendarView?startDateTime=2026-06-01T00:00:00Z&endDateTime=2026-06-08T00:00:00Z&$top=1000");
  std::set<std::string> types;
  bool straddles = false;
  for (const json& row : rows) {
    types.insert(row["type"].get<std::string>());
    straddles = straddles || row["subject"] == "Offsite in Zürich";
    EXPECT_NE(row["type"], "seriesMaster");
  }
  EXPECT_TRUE(types.contains("occurrence"));
  EXPECT_TRUE(straddles);
  const Answer selected = tenant().get(
      "/me/"
      "calendarView?startDateTime=2026-06-01&endDateTime=2026-06-08&$select=subject,"
      "createdDateTime");
  EXPECT_FALSE(selected.json["value"][0].contains("createdDateTime"));
}

TEST(Drives, ReachItemsByIdPathAndParent) {
  const Answer item = tenant().get(
      "/me/drive/root:/Documents/Projects%20%26%20plans/Q1%20%231/100%25%20done/O'Brien's");
  ASSERT_EQ(item.status, 200) << item.text;
  EXPECT_EQ(item.json["name"], "O'Brien's");
  EXPECT_TRUE(item.json.contains("folder"));
  EXPECT_FALSE(item.json.contains("file"));
  const std::string id = item.json["id"];
  EXPECT_EQ(tenant().get("/me/drive/items/" + id).json["name"], "O'Brien's");
  const Answer below = tenant().get("/me/drive/items/" + id + "/children");
  ASSERT_FALSE(below.json["value"].empty());
  EXPECT_EQ(below.json["value"][0]["parentReference"]["id"], id);
  EXPECT_TRUE(below.json["value"][0]["parentReference"]["path"].get<std::string>().ends_with(
      "/root:/Documents/Projects & plans/Q1 #1/100% done/O'Brien's"));
  EXPECT_EQ(tenant().get("/me/drive/root:/nosuch").code(), "itemNotFound");
}

TEST(Drives, WalkingTheFoldersFindsWhatDeltaLists) {
  std::set<std::string> walked;
  std::vector<std::string> open = {"root"};
  std::size_t largest = 0;
  std::size_t empty = 0;
  while (!open.empty()) {
    const std::string id = open.back();
    open.pop_back();
    const auto children = tenant().all("/me/drive/items/" + id + "/children?$top=999");
    empty += children.empty();
    for (const json& child : children) {
      walked.insert(child["id"].get<std::string>());
      largest = std::max(largest, child["size"].get<std::size_t>());
      EXPECT_EQ(child.contains("folder") + child.contains("file") + child.contains("package"), 1);
      if (child.contains("folder")) open.push_back(child["id"]);
    }
  }
  std::set<std::string> flat;
  for (const json& item : tenant().all("/me/drive/root/delta?$top=1000")) {
    EXPECT_FALSE(item["parentReference"].contains("path"));
    if (!item.contains("root")) flat.insert(item["id"].get<std::string>());
  }
  EXPECT_EQ(walked, flat);
  EXPECT_EQ(walked.size(), 300U);
  EXPECT_GT(largest, std::size_t{4} << 30);
  EXPECT_GT(empty, 0U);
}

TEST(DriveItems, TakeAnEncodedPathForAnId) {
  const std::string plain = "/me/drive/root:/Documents/Projects%20%26%20plans";
  const std::string encoded = "/me/drive/items/root%3A%2FDocuments%2FProjects%20%26%20plans";
  const json id = tenant().get(plain).json.at("id");
  EXPECT_EQ(tenant().get(encoded).json.at("id"), id);
  EXPECT_EQ(tenant().get(encoded + "%3A").json.at("id"), id);
  const json children = tenant().get(plain + ":/children").json.at("value");
  EXPECT_FALSE(children.empty());
  EXPECT_EQ(tenant().get(encoded + "%3A/children").json.at("value"), children);
  EXPECT_EQ(tenant().get("/me/drive/items/root%3A%2Fnosuch%3A").code(), "itemNotFound");
  EXPECT_EQ(tenant().get("/me/messages/root%3A%2FDocuments%3A").status, 400);
}

TEST(DriveItems, AreNotSentToWhoHoldsTheirTag) {
  json file;
  for (const json& item : tenant().all("/me/drive/root/delta")) {
    if (item.contains("file")) file = item;
  }
  const std::string url = "/me/drive/items/" + file.at("id").get<std::string>();
  const auto etag = file.at("eTag").get<std::string>();
  const auto content_tag = file.at("cTag").get<std::string>();
  const auto status = [&](const std::string& known) {
    return tenant().get(url, {{"If-None-Match", known}}).status;
  };
  EXPECT_EQ(status(etag), 304);
  EXPECT_EQ(status(content_tag), 304);
  EXPECT_EQ(status("W/" + etag), 304);
  EXPECT_EQ(status("*"), 304);
  EXPECT_EQ(status("\"other\", " + etag), 304);
  EXPECT_EQ(status("\"other\""), 200);
  EXPECT_EQ(status(etag.substr(1, etag.size() - 2)), 200);  // without its quotes it is no tag
  const Answer unchanged = tenant().get(url, {{"If-None-Match", etag}});
  EXPECT_TRUE(unchanged.text.empty());
  EXPECT_EQ(find_header(unchanged.headers, "ETag"), etag);
}

TEST(Selection, ReturnsTheIdAndWhatWasNamed) {
  const json row = tenant().get("/me/messages?$top=1&$select=subject").json["value"][0];
  EXPECT_EQ(row.size(), 3U);  // with @odata.etag
  EXPECT_TRUE(row.contains("id") && row.contains("subject"));
  const json plain = tenant()
                         .get("/me/messages?$top=1&$select=subject",
                              {{"Accept", "application/json;odata.metadata=none"}})
                         .json;
  EXPECT_FALSE(plain.contains("@odata.context"));
  EXPECT_FALSE(plain["value"][0].contains("@odata.etag"));
  EXPECT_FALSE(tenant().get("/users?$top=1").json["value"][0].contains("city"));
  EXPECT_EQ(tenant().get("/users?$top=1").json["value"][0].size(), 11U);
  const json text = tenant()
                        .get("/me/messages?$top=1&$select=body",
                             {{"Prefer", "outlook.body-content-type=\"text\""}})
                        .json["value"][0]["body"];
  EXPECT_EQ(text["contentType"], "text");
  EXPECT_EQ(text["content"].get<std::string>().find("<html>"), std::string::npos);
}

struct Path {
  const char* url;
  int status;
  const char* code;
};

TEST(Paths, UnknownOnesAreRefusedAsTheServicesDo) {
  for (const auto& [url, status, code] :
       {Path{"/nosuch", 400, "BadRequest"}, Path{"/me/nosuch", 400, "BadRequest"},
        Path{"/me/mailFolders/inbox/nosuch", 400, "BadRequest"},
        Path{"/users/nobody@contoso.example", 404, "Request_ResourceNotFound"},
        Path{"/users/nobody@contoso.example/messages", 404, "Request_ResourceNotFound"},
        Path{"/drives/b!nosuch/root", 404, "itemNotFound"},
        Path{"/me/drive/items/nosuch", 404, "itemNotFound"},
        Path{"/me/drive/items/root/children/root", 404, "itemNotFound"},
        Path{"/me/%FF", 400, "BadRequest"}, Path{"/me/messages?$filter=%C3", 400, "BadRequest"},
        Path{"/me/manager", 404, "Request_ResourceNotFound"},
        Path{"/users('adele.vance@contoso.example')/mailFolders('inbox')", 200, ""},
        Path{"/users/ADELE.VANCE@CONTOSO.EXAMPLE?$select=id", 200, ""},
        Path{"/me/messages/$count", 200, ""}, Path{"/me/mailFolders/INBOX", 200, ""}}) {
    const Answer answer = tenant().get(url);
    EXPECT_EQ(answer.status, status) << url << answer.text;
    EXPECT_EQ(answer.code(), code) << url;
  }
  EXPECT_EQ(tenant().get("/me/messages/$count").text, "1500");
  EXPECT_EQ(tenant().send("DELETE", "/me/messages").status, 405);
  EXPECT_EQ(
      tenant().get("/me/messages?$filter=subject eq '" + std::string(16'000, 'x') + "'").status,
      414);
}

TEST(Paths, UsersWithoutAMailboxAnswerSo) {
  int without = 0;
  for (const json& user : tenant().all("/users?$select=id,mail,userType")) {
    Asker app;
    app.principal.app_only = true;
    app.principal.permissions = {"mail.read", "files.read.all"};
    const std::string base = "/users/" + user["id"].get<std::string>();
    const Answer answer = app.get(base + "/messages?$top=1&$select=id");
    if (answer.status == 200) continue;
    EXPECT_EQ(answer.code(), "MailboxNotEnabledForRESTAPI");
    EXPECT_EQ(app.get(base + "/drive").code(), "ResourceNotFound");
    ++without;
    if (without > 2) break;
  }
  EXPECT_GT(without, 0);
}

struct Grant {
  const char* url;
  const char* permission;
  bool app_only;
  int status;
  const char* code;
};

TEST(Permissions, DecideWhatIsRead) {
  for (const Grant& grant :
       {Grant{"/me/messages", "mail.read", false, 200, ""},
        Grant{"/me/messages", "mail.readwrite", false, 200, ""},
        Grant{"/me/messages", "mail.readbasic", false, 200, ""},
        Grant{"/me/messages", "user.read", false, 403, "ErrorAccessDenied"},
        Grant{"/me/messages", "mail.read", true, 400, "BadRequest"},
        Grant{"/users/alex.wilber@contoso.example/messages", "mail.read", false, 403,
              "ErrorAccessDenied"},
        Grant{"/users/alex.wilber@contoso.example/messages", "mail.read.shared", false, 200, ""},
        Grant{"/users/alex.wilber@contoso.example/messages", "mail.read", true, 200, ""},
        Grant{"/me/events", "mail.read", false, 403, "ErrorAccessDenied"},
        Grant{"/me/contacts", "mail.read", false, 403, "ErrorAccessDenied"},
        Grant{"/me/drive", "mail.read", false, 403, "accessDenied"},
        Grant{"/me/drive", "files.read", false, 200, ""},
        Grant{"/users/alex.wilber@contoso.example/drive", "files.read", false, 403, "accessDenied"},
        Grant{"/users/alex.wilber@contoso.example/drive", "files.read.all", true, 200, ""},
        Grant{"/me", "user.read", false, 200, ""},
        Grant{"/users", "user.read", false, 403, "Authorization_RequestDenied"},
        Grant{"/users", "user.readbasic.all", false, 200, ""}}) {
    Asker asker;
    asker.principal.permissions = {grant.permission};
    asker.principal.app_only = grant.app_only;
    if (grant.app_only) asker.principal.user_id.clear();
    const Answer answer = asker.get(grant.url);
    EXPECT_EQ(answer.status, grant.status) << grant.url << " with " << grant.permission;
    EXPECT_EQ(answer.code(), grant.code) << grant.url << " with " << grant.permission;
  }
}

TEST(Permissions, ReadBasicHidesBodies) {
  Asker asker;
  asker.principal.permissions = {"mail.readbasic"};
  const json row = asker.get("/me/messages?$top=1").json["value"][0];
  EXPECT_TRUE(row.contains("subject"));
  EXPECT_FALSE(row.contains("body") || row.contains("bodyPreview"));
  EXPECT_EQ(asker.get("/me/messages?$expand=attachments").code(), "ErrorAccessDenied");
  EXPECT_EQ(asker.get("/me/messages?$search=\"report\"").code(), "ErrorAccessDenied");
  const json named = asker.get("/me/messages?$top=1&$select=subject,body").json["value"][0];
  EXPECT_TRUE(named.contains("subject"));
  EXPECT_FALSE(named.contains("body"));
}

TEST(Permissions, ReadBasicHidesTheProfile) {
  Asker asker;
  const std::string enabled = "/users?$filter=accountEnabled eq true";
  EXPECT_FALSE(asker.get(enabled).json["value"].empty());
  asker.principal.permissions = {"user.readbasic.all"};
  EXPECT_TRUE(asker.get(enabled).json["value"].empty());
  const json row =
      asker.get("/users?$top=20&$select=displayName,department,businessPhones,securityIdentifier")
          .json["value"][0];
  EXPECT_TRUE(row["displayName"].is_string());
  EXPECT_TRUE(row["securityIdentifier"].is_string());
  EXPECT_TRUE(row["department"].is_null());
  EXPECT_EQ(row["businessPhones"], json::array());
}

TEST(Throttling, BucketsNameTheMailboxTheDriveOrTheDirectory) {
  const Asker& asker = tenant();
  const auto bucket = [&](const std::string& path) {
    Request request;
    request.method = "GET";
    request.path = "/v1.0" + path;
    return asker.service.throttle_bucket(request, asker.principal);
  };
  const std::string mailbox = "mailbox:" + asker.service.account_id();
  EXPECT_EQ(bucket("/me/messages"), mailbox);
  EXPECT_EQ(bucket("/users/adele.vance@contoso.example/events"), mailbox);
  EXPECT_EQ(bucket("/me/drive/root/children"),
            bucket("/drives/" + asker.get("/me/drive").json["id"].get<std::string>() + "/root"));
  EXPECT_EQ(bucket("/users"), "directory");
  EXPECT_EQ(bucket("/me"), "directory");
}

}  // namespace
}  // namespace graphodbc::emulator::testing
