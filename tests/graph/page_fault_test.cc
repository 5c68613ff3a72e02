// Every fault a chain of pages can have: recovered without a lost or repeated row, or reported;
// never a clean end that was not reached (requirements D-01..D-05, D-09, D2-13..D2-15).
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "graph/page_trail.h"
#include "graph/request_url.h"
#include "graph/seen_keys.h"
#include "graph/service_error.h"
#include "tests/graph/fake_mailbox.h"
#include "tests/graph/fake_service.h"

namespace graphodbc::graph {
namespace {

constexpr std::size_t kTotal = 95;  // ten pages, the last one short

struct Fault {
  const char* name;
  // What the n-th request gets; status 0: the true page.
  std::function<HttpResponse(const HttpRequest&, std::size_t nth, HttpResponse right)> answer;
  // SQLSTATE, or empty when all rows come. `keyless` when rows cannot be told apart.
  const char* with_key;
  const char* keyless;
  std::size_t total = kTotal;
  std::size_t most_requests = 30;
  bool warns = false;
};

// Names the case in ctest's list.
void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

// The n-th request, and only it, gets the fault.
auto once(std::size_t which, std::function<HttpResponse(HttpResponse)> change) {
  return
      [which, change = std::move(change)](const HttpRequest&, std::size_t nth, HttpResponse right) {
        return nth == which ? change(std::move(right)) : std::move(right);
      };
}
auto from(std::size_t which, std::function<HttpResponse(HttpResponse)> change) {
  return
      [which, change = std::move(change)](const HttpRequest&, std::size_t nth, HttpResponse right) {
        return nth >= which ? change(std::move(right)) : std::move(right);
      };
}
auto body(std::string text) {
  return [text = std::move(text)](HttpResponse) { return respond(200, text); };
}
auto status(int code, const char* name) {
  return [code, name](HttpResponse) { return refuse(code, name); };
}

std::vector<Fault> faults() {
  const std::string html = "<!DOCTYPE html><html><body>Service unavailable</body></html>";
  const auto cut = [](HttpResponse right) {
    return respond(200, right.body.view().substr(0, right.body.size() / 2));
  };
  const auto corrupt = [](HttpResponse) {
    HttpResponse response = respond(200, std::string("\x1f\x8b\x08") + std::string(40, 'x'));
    response.content_encoding = "gzip";
    return response;
  };
  const auto broken_off = [](HttpResponse right) {
    std::string text(right.body.view());
    text.pop_back();
    return respond(200, text + R"(,"error":{"code":"generalException","message":"broke"}})");
  };
  return {
      {"None", [](auto&, auto, HttpResponse right) { return right; }, "", "", kTotal, 10},
      {"HtmlOnce", once(3, body(html)), "", ""},
      {"HtmlFirst", once(0, body(html)), "", ""},
      {"HtmlForGood", from(3, body(html)), "08S01", "08S01"},
      {"CutOnce", once(4, cut), "", ""},
      {"CutForGood", from(4, cut), "08S01", "08S01"},
      {"EmptyBody", from(2, body("")), "08S01", "08S01"},
      {"NoValueOnce", once(2, body("{}")), "", ""},
      {"NoValueForGood", from(2, body("{}")), "08S01", "08S01"},
      {"CorruptGzipOnce", once(1, corrupt), "", ""},
      {"CorruptGzipForGood", from(1, corrupt), "08S01", "08S01"},
      {"BrokenOffOnce", once(5, broken_off), "", ""},
      {"BrokenOffForGood", from(5, broken_off), "08S01", "08S01"},
      {"EmptyPages",
       [](const HttpRequest& request, std::size_t nth, HttpResponse right) {
         // Pages in between that bring nothing but a link, each under a link of its own.
         if (nth % 2 == 1) {
           return respond(200, page_of(0, 0,
                                       link_to(10, option_of(request.url, "$skip", 0)) +
                                           "&n=" + std::to_string(nth)));
         }
         return right;
       },
       "", ""},
      {"MissingLinkOnFullPage",
       [](const HttpRequest& request, std::size_t nth, HttpResponse right) {
         return nth == 4 ? respond(200, page_of(option_of(request.url, "$skip", 0), 10, ""))
                         : std::move(right);
       },
       "", ""},
      {"MissingLinkThenEmptyPage",
       [](const HttpRequest& request, std::size_t nth, HttpResponse right) {
         const std::size_t skip = option_of(request.url, "$skip", 0);
         if (nth == 4) return respond(200, page_of(skip, 10, ""));
         // The page that makes sure of the end is empty, but names a next one.
         if (nth == 5) return respond(200, page_of(0, 0, link_to(10, skip) + "&again"));
         return right;
       },
       "", ""},
      {"LinksToItselfOnce",
       [](const HttpRequest& request, std::size_t nth, HttpResponse right) {
         return nth == 4 ? respond(200, page_of(40, 10, request.url)) : std::move(right);
       },
       "", ""},
      {"LinksBackOnce",
       [](const HttpRequest&, std::size_t nth, HttpResponse right) {
         return nth == 5 ? respond(200, page_of(50, 10, link_to(10, 20))) : std::move(right);
       },
       "", ""},
      {"LinksToItselfByOnePage",
       [](const HttpRequest& request, std::size_t, HttpResponse right) {
         // Asked for by position the rest is still there.
         return request.url == link_to(10, 40) ? respond(200, page_of(40, 10, request.url))
                                               : std::move(right);
       },
       "", ""},
      {"CircleForGood",
       [](const HttpRequest& request, std::size_t, HttpResponse right) {
         return option_of(request.url, "$skip", 0) >= 60
                    ? respond(200, page_of(60, 10, link_to(10, 30)))
                    : std::move(right);
       },
       "08S01", "08S01"},
      {"SameLinkNewRows",
       [](const HttpRequest&, std::size_t nth, HttpResponse) {
         return respond(200, page_of(nth * 10, nth < 9 ? 10 : 5, nth < 9 ? link_to(10, 7) : ""));
       },
       "", ""},
      {"RowsShift",
       [](const HttpRequest&, std::size_t nth, HttpResponse) {
         // New mail pushes two rows of each page onto the next.
         const std::size_t first = nth * 10 - (nth > 0 ? 2 : 0);
         return respond(200, page_of(first, std::min<std::size_t>(12, kTotal - first),
                                     nth < 9 ? link_to(10, nth * 10 + 10) : ""));
       },
       "", nullptr},
      {"LinkExpires410", once(5, status(410, "resyncRequired")), "", "error", kTotal, 30, true},
      {"LinkExpires400", once(5, status(400, "Directory_ExpiredPageToken")), "", "error", kTotal,
       30, true},
      {"SkipTokenRefused", once(5, status(400, "InvalidSkipToken")), "", "error", kTotal, 30, true},
      {"LinkExpiresForGood",
       [](const HttpRequest& request, std::size_t, HttpResponse right) {
         return option_of(request.url, "$skip", 0) >= 50 ? refuse(410, "resyncRequired")
                                                         : std::move(right);
       },
       "error", "error", kTotal, 40, true},
      {"FirstPageTooLarge",
       [](const HttpRequest& request, std::size_t, HttpResponse right) {
         return option_of(request.url, "$top", 0) > 3 ? refuse(504, "UnknownError")
                                                      : std::move(right);
       },
       "", "", kTotal, 60},
      {"GatewayTimesOutForGood", from(0, status(504, "UnknownError")), "error", "error"},
      {"LaterPageTooLarge",
       [](const HttpRequest& request, std::size_t, HttpResponse right) {
         const bool small =
             request.headers[0].second.find("odata.maxpagesize=5") != std::string::npos;
         return option_of(request.url, "$skip", 0) == 50 && !small ? refuse(504, "UnknownError")
                                                                   : std::move(right);
       },
       "", ""},
      {"LaterPageTooLargeForItsLink",
       [](const HttpRequest& request, std::size_t, HttpResponse right) {
         return option_of(request.url, "$skip", 0) == 50 && option_of(request.url, "$top", 0) == 10
                    ? refuse(504, "UnknownError")
                    : std::move(right);
       },
       "", "error", kTotal, 60, true},
      {"LaterPageTimesOutForGood",
       [](const HttpRequest& request, std::size_t, HttpResponse right) {
         return option_of(request.url, "$skip", 0) >= 50 ? refuse(504, "UnknownError")
                                                         : std::move(right);
       },
       "error", "error", kTotal, 200, true},
      {"Forbidden", from(3, status(403, "ErrorAccessDenied")), "error", "error"},
      {"ConnectionLost",
       [](const HttpRequest&, std::size_t nth, HttpResponse right) {
         if (nth >= 3) throw base::Error("08S01", "the connection was reset");
         return right;
       },
       "08S01", "08S01"},
      {"EndlessDrought",
       [](const HttpRequest&, std::size_t nth, HttpResponse) {
         return respond(200, page_of(0, 0, link_to(10, nth)));
       },
       "08S01", "08S01", kTotal, 1100},
  };
}

class PageFault : public testing::TestWithParam<Fault> {
 protected:
  static void run(const Fault& fault, bool keyed, const std::string& expected) {
    const auto service =
        std::make_shared<FakeService>([&](const HttpRequest& request, std::size_t nth) {
          return fault.answer(request, nth, Mailbox{fault.total}(request));
        });
    ScanRequest request = message_scan();
    if (!keyed) request.key_column.reset();
    const auto scan = make_collection_scan(service->lend(), request);
    const Outcome outcome = read_all(*scan);
    const std::size_t sent = service->settled();
    EXPECT_LE(sent, fault.most_requests);
    if (expected.empty()) {
      EXPECT_TRUE(outcome.clean_end) << outcome.message;
      EXPECT_EQ(outcome.ids, ids_up_to(fault.total));
      EXPECT_EQ(!outcome.warnings.empty(), fault.warns && keyed);
      return;
    }
    EXPECT_FALSE(outcome.clean_end);
    if (expected != "error") {
      EXPECT_EQ(outcome.state, expected) << outcome.message;
    }
    EXPECT_NE(outcome.message.find("Messages"), std::string::npos) << outcome.message;
    // What was handed out is a correct beginning.
    ASSERT_LE(outcome.ids.size(), fault.total);
    EXPECT_EQ(outcome.ids, ids_up_to(outcome.ids.size()));
    base::RowBatch batch;
    EXPECT_THROW(scan->next_batch(batch), base::Error);
  }
};

TEST_P(PageFault, WithKey) {
  run(GetParam(), true, GetParam().with_key);
}

TEST_P(PageFault, WithoutKey) {
  if (GetParam().keyless == nullptr) return;  // repeated rows cannot be told apart
  run(GetParam(), false, GetParam().keyless);
}

INSTANTIATE_TEST_SUITE_P(All, PageFault, testing::ValuesIn(faults()));

TEST(PageFaults, NoSecondRequestWhenRetryIsOff) {
  const auto service = std::make_shared<FakeService>(
      [](const HttpRequest&, std::size_t) { return respond(200, "<html>"); });
  service->resend = false;
  const auto scan = make_collection_scan(service->lend(), message_scan());
  const Outcome outcome = read_all(*scan);
  EXPECT_EQ(outcome.state, "08S01");
  EXPECT_NE(outcome.message.find("HTML"), std::string::npos) << outcome.message;
  EXPECT_NE(outcome.message.find("page 1 of Messages (/v1.0/me/messages"), std::string::npos)
      << outcome.message;
  EXPECT_EQ(service->settled(), 1u);
}

// A server without `$skip` answers the position check with its first page again.
TEST(PageFaults, PositionCheckAgainstAServerThatIgnoresSkip) {
  for (const bool keyed : {true, false}) {
    const auto service = std::make_shared<FakeService>(
        [](const HttpRequest&, std::size_t) { return respond(200, page_of(0, 10, "")); });
    ScanRequest request = message_scan();
    if (!keyed) request.key_column.reset();
    const auto scan = make_collection_scan(service->lend(), request);
    const Outcome outcome = read_all(*scan);
    EXPECT_TRUE(outcome.clean_end) << outcome.message;
    EXPECT_EQ(outcome.ids, ids_up_to(10));
    EXPECT_EQ(service->settled(), 2u);
  }
}

// Services without `$skip` refuse the position check; that the page named no next one then stands.
TEST(PageFaults, RefusedPositionCheck) {
  const struct {
    int status;
    bool clean_end;
  } cases[] = {{400, true}, {404, true}, {501, true}, {403, false}, {408, false}, {500, false}};
  for (const auto& c : cases) {
    const auto service = std::make_shared<FakeService>([&](const HttpRequest&, std::size_t nth) {
      return nth == 0 ? respond(200, page_of(0, 10, "")) : refuse(c.status, "BadRequest");
    });
    const auto scan = make_collection_scan(service->lend(), message_scan());
    const Outcome outcome = read_all(*scan);
    EXPECT_EQ(outcome.clean_end, c.clean_end) << c.status;
    EXPECT_EQ(outcome.ids, ids_up_to(10));
  }
}

TEST(PageFaults, PositionCheckAddsToAnOffset) {
  const auto service = std::make_shared<FakeService>(
      [](const HttpRequest& request, std::size_t) { return Mailbox{30}(request); });
  ScanRequest request = message_scan();
  request.query.push_back({"$skip", "20"});
  const auto scan = make_collection_scan(service->lend(), request);
  EXPECT_EQ(read_all(*scan).ids.size(), 10u);
  ASSERT_EQ(service->settled(), 2u);
  EXPECT_EQ(service->urls()[1], "/me/messages?$select=id,subject&$top=10&$skip=30");
}

TEST(PageFaults, SmallerPagesKeepOtherPreferences) {
  const auto service =
      std::make_shared<FakeService>([](const HttpRequest& request, std::size_t nth) {
        return nth == 1 ? refuse(504, "UnknownError") : Mailbox{20}(request);
      });
  const auto scan = make_collection_scan(service->lend(), message_scan());
  EXPECT_EQ(read_all(*scan).ids, ids_up_to(20));
  const HttpRequest again = service->requests().at(2);
  EXPECT_EQ(again.url, service->requests().at(1).url);
  ASSERT_EQ(again.headers.size(), 1u);
  EXPECT_EQ(again.headers[0].second, "IdType=\"ImmutableId\", odata.maxpagesize=5");
}

TEST(SeenKeys, TellsKeysApartInLittleMemory) {
  SeenKeys seen;
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(seen.insert(hash_text("AAMkAGUAAAwTW09AAA" + std::to_string(i))));
    if (i > 1000 && i % 997 == 0) {
      ASSERT_LE(seen.memory(), seen.size() * 32 + 4096) << i;
    }
  }
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_FALSE(seen.insert(hash_text("AAMkAGUAAAwTW09AAA" + std::to_string(i))));
  }
  EXPECT_EQ(seen.size(), 100'000u);
  EXPECT_FALSE(seen.contains(hash_text("another")));
}

TEST(SeenKeys, HashesEveryByteAndTheLength) {
  std::vector<Hash128> hashes;
  for (std::size_t size = 0; size < 70; ++size) {
    std::string text(size, '\0');
    hashes.push_back(hash_text(text));
    for (std::size_t i = 0; i < size; ++i) {
      std::string changed = text;
      changed[i] = 1;
      hashes.push_back(hash_text(changed));
    }
  }
  SeenKeys seen;
  for (const Hash128& hash : hashes) EXPECT_TRUE(seen.insert(hash));
}

TEST(RequestUrl, EncodesWhatAQueryMayNotHold) {
  EXPECT_EQ(request_url("/me/messages", {}), "/me/messages");
  EXPECT_EQ(request_url("/me", {{"$filter", "a/b eq 'x''y&z=1#%é'"}, {"$top", "5"}}),
            "/me?$filter=a/b%20eq%20'x''y%26z%3D1%23%25%C3%A9'&$top=5");
  EXPECT_EQ(request_url("/me?x=1", {{"$top", "5"}}), "/me?x=1&$top=5");
}

}  // namespace
}  // namespace graphodbc::graph
