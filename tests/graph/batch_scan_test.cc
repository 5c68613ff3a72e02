// Batches of reads against a scripted service: what is sent, in how many requests, and what comes
// of each part's answer.
#include "graph/batch_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "graph/page_fetcher.h"
#include "tests/graph/fake_mailbox.h"

namespace graphodbc::graph {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct PartReply {
  int status = 200;
  std::string body;
  std::string headers = "{}";
};
// Answers one part by its relative URL; `nth` counts from 0 how often that URL was asked for.
using PartService = std::function<PartReply(const Json& part, std::size_t nth)>;

PartReply refused(int status, const std::string& code, const std::string& headers = "{}") {
  return {status, R"({"error":{"code":")" + code + R"(","message":"no"}})", headers};
}

// A service that takes batches apart, answers the parts and shuffles their order.
class BatchService {
 public:
  explicit BatchService(PartService parts)
      : parts_(std::move(parts)), service_([this](const HttpRequest& request, std::size_t nth) {
          return answer(request, nth);
        }) {}

  Outcome read(std::vector<ScanRequest> parts, BatchLimits limits = {}) {
    const auto scan = make_batch_scan(share(), std::move(parts), limits);
    return read_all(*scan);
  }
  std::shared_ptr<PageFetcher> share() { return service_.lend(); }
  FakeService& service() { return service_; }

  // Requests as sent: "POST 20" or "GET /me/messages/x".
  std::vector<std::string> sent() {
    std::vector<std::string> out;
    for (const HttpRequest& request : service_.requests()) {
      out.push_back(request.json.empty() ? "GET " + request.url
                                         : "POST " + std::to_string(parts_of(request).size()));
    }
    return out;
  }
  static std::vector<Json> parts_of(const HttpRequest& request) {
    return Json::parse(request.json).at("requests").get<std::vector<Json>>();
  }

  // Changes a whole answer before it goes out.
  std::function<void(HttpResponse&, std::size_t nth)> spoil;

 private:
  HttpResponse answer(const HttpRequest& request, std::size_t nth) {
    HttpResponse response;
    if (request.json.empty()) {
      std::string url = request.url;
      const std::string root = "https://graph.test/v1.0";
      if (url.starts_with(root)) url.erase(0, root.size());
      const PartReply reply = parts_({{"url", url}}, asked_[url]++);
      response = respond(reply.status, reply.body);
    } else {
      std::vector<std::string> answers;
      for (const Json& part : parts_of(request)) {
        const PartReply reply = parts_(part, asked_[part.at("url")]++);
        std::string text = R"({"id":")" + part.at("id").get<std::string>() + R"(","status":)" +
                           std::to_string(reply.status) + R"(,"headers":)" + reply.headers;
        if (!reply.body.empty()) text += R"(,"body":)" + reply.body;
        answers.push_back(text + "}");
      }
      std::reverse(answers.begin(), answers.end());
      std::string body = R"({ "responses" : [)";
      for (const std::string& text : answers) body += (body.back() == '[' ? "" : ",\n ") + text;
      response = respond(200, body + "]}");
    }
    response.token = 1;
    if (spoil) spoil(response, nth);
    return response;
  }

  PartService parts_;
  std::map<std::string, std::size_t> asked_;
  FakeService service_;
};

std::string item_body(const std::string& id) {
  return R"({"@odata.context":"c","id":")" + id + R"(","size":7})";
}

// The last segment of a URL's path.
std::string name_of(const Json& part) {
  std::string url = part.at("url");
  url = url.substr(0, url.find('?'));
  return url.substr(url.rfind('/') + 1);
}

PartReply any_item(const Json& part, std::size_t) {
  return {200, item_body(name_of(part))};
}

ScanRequest item_read(const std::string& id) {
  ScanRequest request = message_scan();
  request.path = "/me/messages/" + id;
  request.query = {{"$select", "id,subject"}};
  request.single_item = true;
  request.paging = schema::PagingStyle::kNone;
  request.page_size = 0;
  request.key_column.reset();
  request.least_permissions = {"Mail.Read"};
  return request;
}

std::vector<ScanRequest> item_reads(std::size_t count) {
  std::vector<ScanRequest> parts;
  for (std::size_t i = 0; i < count; ++i) parts.push_back(item_read("m" + std::to_string(i)));
  return parts;
}

// The messages of a user: ids "<user>-0", "<user>-1" ...
ScanRequest user_listing(const std::string& user) {
  ScanRequest request = message_scan(1000);
  request.path = "/users/" + user + "/messages";
  request.mailbox = user;
  ScanColumn constant;
  constant.name = "Messages.UserId";
  constant.constant = base::Value::text(user);
  request.columns.push_back(constant);
  return request;
}

// Mailboxes of these sizes, paged by $top and $skip.
PartService mailboxes(std::map<std::string, std::size_t> sizes) {
  return [sizes](const Json& part, std::size_t) -> PartReply {
    const std::string url = part.at("url");
    const std::string user = url.substr(7, url.find('/', 7) - 7);
    const std::size_t total = sizes.at(user);
    const std::size_t top = option_of(url, "$top", 10);
    const std::size_t skip = std::min(option_of(url, "$skip", 0), total);
    const std::size_t count = std::min(top, total - skip);
    std::string body = R"({"value":[)";
    for (std::size_t i = skip; i < skip + count; ++i) {
      if (i > skip) body += ',';
      body += item_body(user + "-" + std::to_string(i));
    }
    body += ']';
    if (skip + count < total) {
      body += R"(,"@odata.nextLink":"https://graph.test/v1.0/users/)" + user +
              "/messages?$top=" + std::to_string(top) + "&$skip=" + std::to_string(skip + count) +
              '"';
    }
    return {200, body + "}"};
  };
}

std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<std::string> rows_of(const std::map<std::string, std::size_t>& sizes) {
  std::vector<std::string> ids;
  for (const auto& [user, total] : sizes) {
    for (std::size_t i = 0; i < total; ++i) ids.push_back(user + "-" + std::to_string(i));
  }
  return sorted(std::move(ids));
}

TEST(BatchScan, TwentyItemsAreOneRequest) {
  BatchService service(any_item);
  const Outcome outcome = service.read(item_reads(20));
  EXPECT_TRUE(outcome.clean_end) << outcome.message;
  EXPECT_EQ(sorted(outcome.ids), sorted(ids_up_to(20)));
  EXPECT_EQ(service.sent(), std::vector<std::string>{"POST 20"});
  const HttpRequest request = service.service().requests()[0];
  EXPECT_EQ(request.url, "/$batch");
  ASSERT_EQ(request.shares.size(), 1u);
  EXPECT_EQ(request.shares[0].mailbox, "me");
  EXPECT_EQ(request.shares[0].slots, 4u);
  std::set<std::string> ids;
  for (const Json& part : BatchService::parts_of(request)) {
    ids.insert(part.at("id").get<std::string>());
    EXPECT_EQ(part.at("method"), "GET");
    EXPECT_EQ(part.at("headers").at("Prefer"), "IdType=\"ImmutableId\"");
  }
  EXPECT_EQ(ids.size(), 20u);
  EXPECT_EQ(BatchService::parts_of(request)[3].at("url"), "/me/messages/m3?$select=id,subject");
}

struct SplitRule {
  std::size_t parts;
  std::vector<std::string> sent;
};

TEST(BatchScan, PartsAreSentTwentyAtATime) {
  const SplitRule rules[] = {
      {0, {}},
      {1, {"GET /me/messages/m0?$select=id,subject"}},
      {2, {"POST 2"}},
      {21, {"POST 20", "GET /me/messages/m20?$select=id,subject"}},
      {45, {"POST 20", "POST 20", "POST 5"}},
  };
  for (const SplitRule& rule : rules) {
    BatchService service(any_item);
    const Outcome outcome = service.read(item_reads(rule.parts));
    EXPECT_TRUE(outcome.clean_end) << outcome.message;
    EXPECT_EQ(sorted(outcome.ids), sorted(ids_up_to(rule.parts)));
    EXPECT_EQ(service.sent(), rule.sent) << rule.parts;
  }
}

TEST(BatchScan, EachMailboxGivesItsPlaces) {
  BatchService service(mailboxes({{"a", 1}, {"b", 1}}));
  std::vector<ScanRequest> parts = {user_listing("a"), user_listing("b")};
  for (int i = 0; i < 5; ++i) parts.push_back(user_listing("b"));
  EXPECT_TRUE(service.read(parts).clean_end);
  std::map<std::string, std::size_t> slots;
  const HttpRequest request = service.service().requests()[0];
  for (const GateShare& share : request.shares) {
    slots[share.mailbox] = share.slots;
  }
  EXPECT_EQ(slots, (std::map<std::string, std::size_t>{{"a", 1}, {"b", 4}}));
}

// Constants are of each part, also where parts have columns of other shapes.
TEST(BatchScan, RowsCarryThePartsConstants) {
  BatchService service(mailboxes({{"a", 2}, {"b", 2}, {"c", 1}}));
  std::vector<ScanRequest> parts = {user_listing("a"), user_listing("b"), user_listing("c")};
  std::swap(parts[2].columns[1], parts[2].columns[2]);
  const auto scan = make_batch_scan(service.share(), parts, {});
  scan->open();
  std::vector<base::RowBatch> kept;  // read after the scan has gone on
  std::vector<std::size_t> origin;
  base::RowBatch batch;
  while (scan->next_batch(batch)) {
    kept.push_back(std::move(batch));
    origin.push_back(scan->part());
    batch = base::RowBatch();
  }
  const std::string users = "abc";
  std::size_t rows = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const std::size_t column = origin[i] == 2 ? 1 : 2;
    for (std::size_t row = 0; row < kept[i].row_count; ++row, ++rows) {
      const base::Cell* cells = kept[i].row(row);
      EXPECT_EQ(cells[column].view(), users.substr(origin[i], 1));
      EXPECT_EQ(cells[0].view().substr(0, 1), users.substr(origin[i], 1));
      EXPECT_EQ(cells[3 - column].integer, 7);
    }
  }
  EXPECT_EQ(rows, 5u);
}

// --- Refused parts ------------------------------------------------------------------------------

struct RefusalRule {
  const char* name;
  int status;
  const char* code;
  bool may_be_missing;  // of a list; items may always be missing
  const char* state;    // empty: no row
  const char* says;
};

TEST(BatchScan, ARefusedPartIsNoRowOrAnError) {
  const RefusalRule rules[] = {
      {"item not found", 404, "ErrorItemNotFound", false, "", ""},
      {"malformed id", 400, "ErrorInvalidIdMalformed", false, "", ""},
      {"no mailbox", 404, "MailboxNotEnabledForRESTAPI", false, "42000", "/me/messages/m1"},
      {"forbidden", 403, "ErrorAccessDenied", false, "42000", "Mail.Read"},
      {"bad request", 400, "BadRequest", false, "42000", "/me/messages/m1"},
      {"gone wrong", 500, "InternalServerError", false, "08S01", "/me/messages/m1"},
  };
  for (const RefusalRule& rule : rules) {
    BatchService service([&](const Json& part, std::size_t nth) {
      return name_of(part) == "m1" ? refused(rule.status, rule.code) : any_item(part, nth);
    });
    const Outcome outcome = service.read(item_reads(3));
    if (*rule.state == '\0') {
      EXPECT_EQ(sorted(outcome.ids), (std::vector<std::string>{"m0", "m2"})) << rule.name;
      EXPECT_TRUE(outcome.clean_end) << rule.name;
    } else {
      EXPECT_FALSE(outcome.state.empty()) << rule.name;
      EXPECT_NE(outcome.message.find(rule.says), std::string::npos) << outcome.message;
      EXPECT_NE(outcome.message.find(rule.code), std::string::npos) << outcome.message;
    }
    EXPECT_EQ(service.sent().size(), 1u) << rule.name;
  }
}

TEST(BatchScan, AListMayBeMissingOnlyWhereThatIsSaid) {
  for (const bool may_be_missing : {true, false}) {
    BatchService service([](const Json& part, std::size_t nth) {
      const std::string url = part.at("url");
      return url.starts_with("/users/gone/") ? refused(404, "ErrorItemNotFound")
                                             : mailboxes({{"a", 2}})(part, nth);
    });
    std::vector<ScanRequest> parts = {user_listing("gone"), user_listing("a")};
    parts[0].may_be_missing = may_be_missing;
    const Outcome outcome = service.read(parts);
    EXPECT_EQ(outcome.clean_end, may_be_missing);
    EXPECT_EQ(outcome.ids.size(), may_be_missing ? 2u : 0u);
  }
}

TEST(BatchScan, ThrottledPartsGoTogetherIntoALaterBatch) {
  for (const int status : {429, 503, 504}) {
    BatchService service([&](const Json& part, std::size_t nth) {
      const bool busy = nth == 0 && (name_of(part) == "m3" || name_of(part) == "m4");
      return busy ? refused(status, "ApplicationThrottled", R"({"Retry-After":"0.2"})")
                  : any_item(part, nth);
    });
    const auto before = steady_clock::now();
    const Outcome outcome = service.read(item_reads(24));
    EXPECT_TRUE(outcome.clean_end) << outcome.message;
    EXPECT_EQ(sorted(outcome.ids), sorted(ids_up_to(24)));
    EXPECT_EQ(service.sent(), (std::vector<std::string>{"POST 20", "POST 6"})) << status;
    const HttpRequest second = service.service().requests()[1];
    ASSERT_TRUE(second.not_before.has_value());
    EXPECT_GE(*second.not_before, before + milliseconds(200));
    EXPECT_EQ(service.service().closed().contains("me"), status != 504);
  }
}

TEST(BatchScan, RetriesAreCountedByPart) {
  BatchService service([](const Json& part, std::size_t nth) {
    return name_of(part) == "m1" ? refused(429, "ApplicationThrottled") : any_item(part, nth);
  });
  const Outcome outcome = service.read(item_reads(2));
  EXPECT_EQ(outcome.state, "HYT00");
  EXPECT_NE(outcome.message.find("attempts"), std::string::npos) << outcome.message;
  // The first is a batch; then it is alone and the client itself would repeat it.
  EXPECT_EQ(service.sent(),
            (std::vector<std::string>{"POST 2", "GET /me/messages/m1?$select=id,subject"}));

  BatchService busy([](const Json& part, std::size_t nth) {
    return name_of(part) == "m0" ? any_item(part, nth) : refused(503, "serviceNotAvailable");
  });
  EXPECT_FALSE(busy.read(item_reads(3)).clean_end);
  EXPECT_EQ(busy.sent(),
            (std::vector<std::string>{"POST 3", "POST 2", "POST 2", "POST 2", "POST 2", "POST 2"}));
}

TEST(BatchScan, NothingIsRepeatedWithoutRetries) {
  BatchService service([](const Json& part, std::size_t nth) {
    return name_of(part) == "m1" ? refused(429, "ApplicationThrottled") : any_item(part, nth);
  });
  service.service().resend = false;
  EXPECT_EQ(service.read(item_reads(3)).state, "HYT00");
  EXPECT_EQ(service.sent().size(), 1u);
}

TEST(BatchScan, A401RenewsTheTokenOnce) {
  for (const bool for_good : {false, true}) {
    BatchService service([&](const Json& part, std::size_t nth) {
      const bool refuse = name_of(part) != "m0" && (for_good || nth == 0);
      return refuse ? refused(401, "InvalidAuthenticationToken") : any_item(part, nth);
    });
    const Outcome outcome = service.read(item_reads(3));
    EXPECT_EQ(service.sent(), (std::vector<std::string>{"POST 3", "POST 2"}));
    EXPECT_EQ(service.service().requests()[0].refused_token, 0u);
    EXPECT_EQ(service.service().requests()[1].refused_token, 1u);
    EXPECT_EQ(outcome.state, for_good ? "28000" : "");
  }
}

TEST(BatchScan, AClaimsChallengeIsAnsweredWithItsClaims) {
  const PartReply challenge =
      refused(401, "InvalidAuthenticationToken", R"({"WWW-Authenticate":"Bearer claims=\"e30\""})");
  for (const bool for_good : {false, true}) {
    BatchService service([&](const Json& part, std::size_t nth) {
      const bool refuse = name_of(part) != "m0" && (for_good || nth == 0);
      return refuse ? challenge : any_item(part, nth);
    });
    const Outcome outcome = service.read(item_reads(3));
    std::vector<std::string> sent = {"POST 3", "POST 2"};
    if (for_good) sent.emplace_back("POST 2");
    EXPECT_EQ(service.sent(), sent);
    EXPECT_EQ(outcome.state, for_good ? "28000" : "") << outcome.message;
    const std::vector<HttpRequest> requests = service.service().requests();
    ASSERT_EQ(requests.size(), sent.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const HttpRequest& request = requests[i];
      EXPECT_EQ(request.refused_token, i == 0 ? 0u : 1u);
      EXPECT_EQ(request.refused_claims, i == 0 ? "" : "{}");
    }
    if (for_good) {
      EXPECT_NE(outcome.message.find("claims challenge"), std::string::npos) << outcome.message;
    }
  }
}

// --- Broken answers -----------------------------------------------------------------------------

TEST(BatchScan, ABrokenAnswerIsAskedForOnceMore) {
  const std::vector<std::pair<const char*, std::string>> answers = {
      {"cut", R"({"responses":[{"id":"1","status":200,"body":{"id":"m0"})"},
      {"html", "<html>"},
      {"empty", ""},
      {"no batch", R"({"value":[]})"},
      {"nothing answered", R"({"responses":[]})"},
      {"twice", R"({"responses":[{"id":"1","status":200,"body":{"id":"m0"}},
                                 {"id":"1","status":200,"body":{"id":"m0"}}]})"},
      {"no status", R"({"responses":[{"id":"1","body":{"id":"m0"}}]})"},
      {"garbage", R"({"responses":[]}x)"},
      {"bodies missing", R"({"responses":[{"id":"1","status":200},{"id":"2","status":200}]})"},
      {"text", R"({"responses":[{"id":"1","status":200,"body":"aGk="},
                                {"id":"2","status":200,"body":[]}]})"},
  };
  for (const auto& [name, body] : answers) {
    for (const bool for_good : {false, true}) {
      BatchService service(any_item);
      service.spoil = [for_good, &text = body](HttpResponse& response, std::size_t nth) {
        if (nth == 0 || for_good) response = respond(200, text);
      };
      const Outcome outcome = service.read(item_reads(2));
      EXPECT_EQ(outcome.clean_end, !for_good) << name << ": " << outcome.message;
      if (for_good) {
        EXPECT_EQ(outcome.state, "08S01") << name << ": " << outcome.message;
        EXPECT_NE(outcome.message.find("/me/messages/m"), std::string::npos) << outcome.message;
      } else {
        EXPECT_EQ(sorted(outcome.ids), sorted(ids_up_to(2))) << name;
      }
    }
  }
}

TEST(BatchScan, APartThatIsLeftOutIsAskedForAgain) {
  BatchService service(any_item);
  service.spoil = [&](HttpResponse& response, std::size_t nth) {
    if (nth != 0) return;
    Json body = Json::parse(response.body.view());
    body.at("responses").erase(1);
    response = respond(200, body.dump());
  };
  const Outcome outcome = service.read(item_reads(3));
  EXPECT_EQ(sorted(outcome.ids), sorted(ids_up_to(3)));
  EXPECT_EQ(service.sent().size(), 2u);
}

TEST(BatchScan, ARefusedBatchIsReportedAsSuch) {
  BatchService service(any_item);
  service.spoil = [](HttpResponse& response, std::size_t) { response = refuse(400, "BadRequest"); };
  const Outcome outcome = service.read(item_reads(3));
  EXPECT_EQ(outcome.state, "42000");
  EXPECT_NE(outcome.message.find("/$batch"), std::string::npos) << outcome.message;
}

TEST(BatchScan, ABatchThatTakesTooLongIsCutInTwo) {
  BatchService service(any_item);
  service.spoil = [](HttpResponse& response, std::size_t nth) {
    if (nth == 0) response = refuse(504, "gatewayTimeout");
  };
  const Outcome outcome = service.read(item_reads(20));
  EXPECT_EQ(sorted(outcome.ids), sorted(ids_up_to(20))) << outcome.message;
  EXPECT_EQ(service.sent(), (std::vector<std::string>{"POST 20", "POST 10", "POST 10"}));
}

// --- Lists --------------------------------------------------------------------------------------

TEST(BatchScan, ListsAreReadWithSmallPages) {
  const std::map<std::string, std::size_t> sizes = {{"a", 3}, {"b", 0}, {"c", 49}};
  BatchService service(mailboxes(sizes));
  std::vector<ScanRequest> parts;
  for (const auto& [user, total] : sizes) parts.push_back(user_listing(user));
  const Outcome outcome = service.read(parts);
  EXPECT_TRUE(outcome.clean_end) << outcome.message;
  EXPECT_EQ(sorted(outcome.ids), rows_of(sizes));
  EXPECT_EQ(service.sent(), std::vector<std::string>{"POST 3"});
  EXPECT_EQ(BatchService::parts_of(service.service().requests()[0])[0].at("url"),
            "/users/a/messages?$select=id,subject&$top=50");
}

TEST(BatchScan, FurtherPagesOfManyListsShareBatches) {
  std::map<std::string, std::size_t> sizes;
  std::vector<ScanRequest> parts;
  for (int i = 0; i < 30; ++i) {
    const std::string user = "u" + std::to_string(100 + i);
    sizes[user] = i < 25 ? 60 : 5;
    parts.push_back(user_listing(user));
  }
  BatchService service(mailboxes(sizes));
  const Outcome outcome = service.read(parts);
  EXPECT_TRUE(outcome.clean_end) << outcome.message;
  EXPECT_EQ(sorted(outcome.ids), rows_of(sizes));
  EXPECT_EQ(service.sent(), (std::vector<std::string>{"POST 20", "POST 20", "POST 15"}));
}

// A full last page without a link is verified, as in a scan of one list (decisions.md 17).
TEST(BatchScan, AFullLastPageIsVerified) {
  BatchService service(mailboxes({{"a", 50}, {"b", 50}, {"c", 1}}));
  const Outcome outcome = service.read({user_listing("a"), user_listing("b"), user_listing("c")});
  EXPECT_EQ(outcome.ids.size(), 101u);
  EXPECT_EQ(service.sent(), (std::vector<std::string>{"POST 3", "POST 2"}));
}

// Two long lists: by pages of 50 that would be 2 x 60 pages, by pages of 1000 it is 2 x 3.
TEST(BatchScan, AFewLongListsAreReadWithLargePages) {
  const std::map<std::string, std::size_t> sizes = {{"a", 3000}, {"b", 2500}, {"c", 10}};
  BatchService service(mailboxes(sizes));
  const Outcome outcome = service.read({user_listing("a"), user_listing("b"), user_listing("c")});
  EXPECT_TRUE(outcome.clean_end) << outcome.message;
  EXPECT_EQ(sorted(outcome.ids), rows_of(sizes));
  const std::vector<std::string> sent = service.sent();
  EXPECT_EQ(sent[0], "POST 3");
  EXPECT_EQ(sent[1], "POST 2");
  EXPECT_EQ(sent[2], "GET /users/a/messages?$select=id,subject&$top=1000");
  EXPECT_LE(sent.size(), 2u + 4u + 3u);
}

// Without a key rows cannot be told apart, so the small pages are followed to their end.
TEST(BatchScan, ListsWithoutKeysStayWithTheirLinks) {
  const std::map<std::string, std::size_t> sizes = {{"a", 210}, {"b", 10}};
  BatchService service(mailboxes(sizes));
  std::vector<ScanRequest> parts = {user_listing("a"), user_listing("b")};
  for (ScanRequest& part : parts) part.key_column.reset();
  const Outcome outcome = service.read(parts);
  EXPECT_TRUE(outcome.clean_end) << outcome.message;
  EXPECT_EQ(sorted(outcome.ids), rows_of(sizes));
  EXPECT_EQ(service.sent().size(), 5u);
}

TEST(BatchScan, RepeatedRowsAreDroppedInEachPart) {
  BatchService service([](const Json& part, std::size_t nth) -> PartReply {
    PartReply reply = mailboxes({{"a", 60}, {"b", 60}})(part, nth);
    const std::string url = part.at("url");
    if (url.find("$skip=50") == std::string::npos) return reply;
    // The page begins with the last row of the page before.
    reply.body.insert(reply.body.find('[') + 1, item_body(url.substr(7, 1) + "-49") + ",");
    return reply;
  });
  const Outcome outcome = service.read({user_listing("a"), user_listing("b")});
  EXPECT_EQ(sorted(outcome.ids), rows_of({{"a", 60}, {"b", 60}}));
}

TEST(BatchScan, LinksElsewhereAndInCirclesAreErrors) {
  const std::vector<std::pair<std::string, const char*>> links = {
      {"https://evil.example/v1.0/users/a/messages?$skip=1", "https://evil.example"},
      {"https://graph.test/v1.0/users/a/messages?again", "circle"},
  };
  for (const auto& [link, says] : links) {
    BatchService service([&next = link](const Json& part, std::size_t nth) -> PartReply {
      const std::string url = part.at("url");
      if (!url.starts_with("/users/a/")) return mailboxes({{"b", 1}})(part, nth);
      return {200, R"({"value":[{"id":"a-0"}],"@odata.nextLink":")" + next + "\"}"};
    });
    ScanRequest a = user_listing("a");
    a.paging = schema::PagingStyle::kSkipToken;
    const Outcome outcome = service.read({a, user_listing("b")});
    EXPECT_EQ(outcome.state, "08S01");
    EXPECT_NE(outcome.message.find(says), std::string::npos) << outcome.message;
    for (const std::string& sent : service.sent()) {
      EXPECT_EQ(sent.find("evil"), std::string::npos) << sent;
    }
  }
}

// A link below another path of the same service fits into no batch and is followed by itself.
TEST(BatchScan, ALinkOutsideTheVersionRootGoesAlone) {
  const std::string link = "https://graph.test/beta/users/a/messages?x=1";
  BatchService service([&](const Json& part, std::size_t nth) -> PartReply {
    const std::string url = part.at("url");
    if (url == link) return {200, R"({"value":[{"id":"a-1"}]})"};
    if (!url.starts_with("/users/a/")) return mailboxes({{"b", 60}})(part, nth);
    return {200, R"({"value":[{"id":"a-0"}],"@odata.nextLink":")" + link + "\"}"};
  });
  const Outcome outcome = service.read({user_listing("a"), user_listing("b")});
  EXPECT_TRUE(outcome.clean_end) << outcome.message;
  EXPECT_EQ(outcome.ids.size(), 62u);
  EXPECT_EQ(service.sent()[1], "GET " + link);
}

TEST(BatchScan, A504OfAListAsksForASmallerPage) {
  BatchService service([](const Json& part, std::size_t nth) -> PartReply {
    const std::string url = part.at("url");
    if (url.starts_with("/users/a/") && option_of(url, "$top", 0) > 25) return refused(504, "");
    return mailboxes({{"a", 30}, {"b", 1}})(part, nth);
  });
  const Outcome outcome = service.read({user_listing("a"), user_listing("b")});
  EXPECT_TRUE(outcome.clean_end) << outcome.message;
  EXPECT_EQ(outcome.ids.size(), 31u);
}

// --- Limits and reading ahead -------------------------------------------------------------------

TEST(BatchScan, RequestsOneBatchAheadOnceRowsAreRead) {
  BatchService service(any_item);
  const auto scan = make_batch_scan(service.share(), item_reads(100), {});
  scan->open();
  EXPECT_EQ(service.service().settled(), 1u);
  base::RowBatch batch;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(scan->next_batch(batch));
    EXPECT_EQ(service.service().settled(), 2u) << "row " << i;
  }
  ASSERT_TRUE(scan->next_batch(batch));
  EXPECT_EQ(service.service().settled(), 3u);
}

TEST(BatchScan, LimitsEndTheRequests) {
  struct Rule {
    BatchLimits limits;
    std::size_t read;  // rows that the reader takes
    std::size_t rows, requests;
  };
  const Rule rules[] = {
      {{.row_limit = 5}, SIZE_MAX, 5, 1},   {{.row_limit = 20}, SIZE_MAX, 20, 1},
      {{.row_limit = 21}, SIZE_MAX, 21, 2}, {{.enough_rows = 20}, 20, 20, 1},
      {{.enough_rows = 21}, 20, 20, 2},     {{.enough_rows = 10}, SIZE_MAX, 60, 3},
      {{.row_limit = 0}, SIZE_MAX, 0, 0},
  };
  for (const Rule& rule : rules) {
    BatchService service(any_item);
    const auto scan = make_batch_scan(service.share(), item_reads(60), rule.limits);
    scan->open();
    base::RowBatch batch;
    std::size_t rows = 0;
    while (rows < rule.read && scan->next_batch(batch)) rows += batch.row_count;
    EXPECT_EQ(rows, rule.rows);
    EXPECT_EQ(service.service().settled(), rule.requests);
  }
}

// Rows that arrived before the failure are handed out, and then the failure, every time.
TEST(BatchScan, FailuresComeAfterTheRowsAndStay) {
  BatchService service([](const Json& part, std::size_t nth) {
    return name_of(part) == "m25" ? refused(403, "ErrorAccessDenied") : any_item(part, nth);
  });
  const auto scan = make_batch_scan(service.share(), item_reads(60), {});
  scan->open();
  base::RowBatch batch;
  std::size_t rows = 0;
  const auto read = [&] {
    while (scan->next_batch(batch)) rows += batch.row_count;
  };
  EXPECT_THROW(read(), base::Error);
  EXPECT_EQ(rows, 25u);
  EXPECT_THROW(scan->next_batch(batch), base::Error);
  EXPECT_THROW(scan->next_batch(batch), base::Error);
}

TEST(BatchScan, CancelEndsAWaitingRead) {
  BatchService service(any_item);
  service.service().hold_after(1);
  const auto scan = make_batch_scan(service.share(), item_reads(40), {});
  scan->open();
  base::RowBatch batch;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(scan->next_batch(batch));
  std::thread canceller([&] { scan->cancel(); });
  try {
    while (scan->next_batch(batch)) {
    }
    ADD_FAILURE() << "a clean end";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state(), base::SqlState("HY008"));
  }
  canceller.join();
}

}  // namespace
}  // namespace graphodbc::graph
