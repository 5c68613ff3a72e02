// The scan without faults: requests, prefetch, limits, life cycle.
#include "graph/collection_scan.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "graph/service_error.h"
#include "tests/graph/fake_mailbox.h"
#include "tests/graph/fake_service.h"

namespace graphodbc::graph {
namespace {

std::shared_ptr<FakeService> serve(std::size_t total) {
  return std::make_shared<FakeService>(
      [total](const HttpRequest& request, std::size_t) { return Mailbox{total}(request); });
}

TEST(CollectionScan, ReturnsEveryRowOnce) {
  const struct {
    std::size_t rows;
    std::size_t requests;
  } cases[] = {
      {0, 1},  {1, 1},  {9, 1},    {10, 2},  // a full last page is verified
      {11, 2}, {25, 3}, {100, 11},
  };
  for (const auto& c : cases) {
    const auto service = serve(c.rows);
    const auto scan = make_collection_scan(service->lend(), message_scan());
    const Outcome outcome = read_all(*scan);
    EXPECT_TRUE(outcome.clean_end) << outcome.message;
    EXPECT_EQ(outcome.ids, ids_up_to(c.rows));
    EXPECT_EQ(service->settled(), c.requests) << c.rows;
    EXPECT_TRUE(outcome.warnings.empty());
    base::RowBatch batch;
    EXPECT_FALSE(scan->next_batch(batch));
  }
}

TEST(CollectionScan, AsksAndFollowsLinksVerbatim) {
  const auto service = std::make_shared<FakeService>([](const HttpRequest&, std::size_t nth) {
    return respond(
        200,
        nth == 0
            ? page_of(0, 2,
                      R"(https://graph.test/v1.0/me/messages?a%2fb=+%20\u0026c=%E2%82%AC&$skip=2)")
            : page_of(2, 1, ""));
  });
  ScanRequest request = message_scan();
  request.query.push_back({"$filter", "subject eq 'a & b+c' and isRead eq false"});
  const auto scan = make_collection_scan(service->lend(), request);
  EXPECT_EQ(read_all(*scan).ids, ids_up_to(3));
  const std::vector<std::string> expected = {
      "/me/messages?$select=id,subject&$top=10&$filter=subject%20eq%20'a%20%26%20b%2Bc'%20and%20"
      "isRead%20eq%20false",
      "https://graph.test/v1.0/me/messages?a%2fb=+%20&c=%E2%82%AC&$skip=2"};
  EXPECT_EQ(service->urls(), expected);
  for (const HttpRequest& sent : service->requests()) {
    EXPECT_EQ(sent.headers, request.headers);
    EXPECT_EQ(sent.mailbox, "me");
    EXPECT_EQ(sent.context.table_name, "Messages");
  }
}

TEST(CollectionScan, RequestsOnePageAheadOnceTheApplicationReads) {
  const auto service = serve(100);
  const auto scan = make_collection_scan(service->lend(), message_scan());
  EXPECT_EQ(service->settled(), 0u);
  scan->open();
  EXPECT_EQ(service->settled(), 1u);
  base::RowBatch batch;
  for (std::size_t page = 1; page <= 5; ++page) {
    ASSERT_TRUE(scan->next_batch(batch));
    EXPECT_EQ(batch.row_count, 10u);
    EXPECT_EQ(service->settled(), page + 1);
  }
}

TEST(CollectionScan, RequestsTheNextPageBeforeThePageIsRead) {
  const auto service = serve(100);
  const auto scan = make_collection_scan(service->lend(), message_scan());
  service->hold_after(2);
  scan->open();
  base::RowBatch batch;
  ASSERT_TRUE(scan->next_batch(batch));  // page 0; page 1 is on its way
  ASSERT_EQ(service->settled(), 2u);
  // The application waits for page 2 while page 1 is handed over: as soon as page 2 is there,
  // page 3 is asked for on the service's thread.
  ASSERT_TRUE(scan->next_batch(batch));
  std::thread reader([&] { EXPECT_TRUE(scan->next_batch(batch)); });
  while (service->requests().size() < 3) std::this_thread::yield();
  service->hold_after(3);
  reader.join();
  EXPECT_EQ(service->settled(), 4u);
  service->hold_after(SIZE_MAX);
}

TEST(CollectionScan, StopsAtTheLimit) {
  const struct {
    std::uint64_t limit;
    std::size_t rows;
    std::size_t requests;
  } cases[] = {{0, 0, 0},   {1, 1, 1},   {10, 10, 1}, {11, 11, 2},        {20, 20, 2},
               {25, 25, 3}, {40, 40, 4}, {41, 40, 5}, {UINT64_MAX, 40, 5}};
  for (const auto& c : cases) {
    const auto service = serve(40);
    ScanRequest request = message_scan();
    request.row_limit = c.limit;
    const auto scan = make_collection_scan(service->lend(), request);
    const Outcome outcome = read_all(*scan);
    EXPECT_TRUE(outcome.clean_end);
    EXPECT_EQ(outcome.ids, ids_up_to(c.rows));
    EXPECT_EQ(service->settled(), c.requests) << c.limit;
  }
}

TEST(CollectionScan, RequestsNothingAheadOfEnoughRows) {
  const auto service = serve(40);
  ScanRequest request = message_scan();
  request.enough_rows = 15;
  const auto scan = make_collection_scan(service->lend(), request);
  scan->open();
  base::RowBatch batch;
  ASSERT_TRUE(scan->next_batch(batch));
  EXPECT_EQ(service->settled(), 2u);
  ASSERT_TRUE(scan->next_batch(batch));
  EXPECT_EQ(service->settled(), 2u);
  ASSERT_TRUE(scan->next_batch(batch));  // the reader wanted more after all
  EXPECT_EQ(service->settled(), 3u);
}

TEST(CollectionScan, TrustsTheParserNotTheHint) {
  // The last members of the page look like a link of the page, but belong to a row.
  const auto service = std::make_shared<FakeService>([](const HttpRequest&, std::size_t nth) {
    if (nth > 1) return respond(200, page_of(2, 1, ""));
    if (nth == 1) return respond(200, page_of(1, 1, link_to(10, 2)));
    return respond(200, R"({"@odata.nextLink":")" + link_to(10, 1) +
                            R"(","value":[{"id":"m0","size":0,"x":{"@odata.nextLink":")" +
                            link_to(10, 77) + R"("}}]})");
  });
  const auto scan = make_collection_scan(service->lend(), message_scan());
  EXPECT_EQ(read_all(*scan).ids, ids_up_to(3));
}

TEST(CollectionScan, RefusesForeignLinks) {
  for (const char* link :
       {"https://evil.test/v1.0/me/messages?secret=1", "http://graph.test/v1.0/me",
        "https://graph.test:444/v1.0", "/v1.0/me/messages", "https://graph.test.evil.test/"}) {
    for (const std::size_t bad_page : {0u, 2u}) {
      const auto service =
          std::make_shared<FakeService>([&](const HttpRequest& request, std::size_t nth) {
            return nth == bad_page ? respond(200, page_of(nth * 10, 10, link))
                                   : Mailbox{50}(request);
          });
      const auto scan = make_collection_scan(service->lend(), message_scan());
      const Outcome outcome = read_all(*scan);
      EXPECT_FALSE(outcome.clean_end);
      EXPECT_EQ(outcome.state, "08S01");
      EXPECT_NE(outcome.message.find("https://graph.test"), std::string::npos);
      EXPECT_EQ(outcome.message.find("secret"), std::string::npos);
      EXPECT_NE(outcome.message.find("page " + std::to_string(bad_page + 1) + " of Messages"),
                std::string::npos)
          << outcome.message;
      service->settled();
      for (const std::string& url : service->urls()) EXPECT_NE(url, link);
      base::RowBatch batch;
      EXPECT_THROW(scan->next_batch(batch), base::Error);
    }
  }
}

TEST(CollectionScan, ReadsSingleItems) {
  const struct {
    int status;
    const char* code;
    schema::Service service;
    std::size_t rows;
    const char* state;
  } cases[] = {
      {200, "", schema::Service::kOutlook, 1, ""},
      {404, "ErrorItemNotFound", schema::Service::kOutlook, 0, ""},
      {404, "Request_ResourceNotFound", schema::Service::kDirectory, 0, ""},
      {400, "ErrorInvalidIdMalformed", schema::Service::kOutlook, 0, ""},
      {400, "invalidRequest", schema::Service::kFiles, 0, ""},
      {400, "invalidRequest", schema::Service::kOutlook, 0, "error"},
      {400, "BadRequest", schema::Service::kOutlook, 0, "error"},
      {404, "MailboxNotEnabledForRESTAPI", schema::Service::kOutlook, 0, "error"},
      {403, "ErrorAccessDenied", schema::Service::kOutlook, 0, "error"},
      {504, "UnknownError", schema::Service::kOutlook, 0, "error"},
  };
  for (const auto& c : cases) {
    const auto service = std::make_shared<FakeService>([&](const HttpRequest&, std::size_t) {
      return c.status == 200 ? respond(200, R"({"id":"m0","size":3})") : refuse(c.status, c.code);
    });
    ScanRequest request = message_scan();
    request.path = "/me/messages/m0";
    request.single_item = true;
    request.page_size = 0;
    request.service = c.service;
    const auto scan = make_collection_scan(service->lend(), request);
    const Outcome outcome = read_all(*scan);
    EXPECT_EQ(outcome.clean_end, std::string_view(c.state).empty()) << c.status << c.code;
    EXPECT_EQ(outcome.ids, ids_up_to(c.rows));
    EXPECT_EQ(service->settled(), 1u);
  }
}

TEST(CollectionScan, ReportsRefusalsOnOpen) {
  const auto service = std::make_shared<FakeService>(
      [](const HttpRequest&, std::size_t) { return refuse(400, "InefficientFilter"); });
  const auto scan = make_collection_scan(service->lend(), message_scan());
  try {
    scan->open();
    FAIL();
  } catch (const ServiceError& error) {
    EXPECT_EQ(error.http_status(), 400);
    EXPECT_EQ(error.code(), "InefficientFilter");
  }
}

TEST(CollectionScan, RowsOutliveTheScan) {
  const auto service = serve(25);
  ScanRequest request = message_scan();
  ScanColumn constant;
  constant.constant =
      base::Value::text("a text that is too long to be kept inside a string object");
  request.columns.push_back(constant);
  std::vector<base::RowBatch> batches;
  {
    const auto scan = make_collection_scan(service->lend(), request);
    scan->open();
    base::RowBatch batch;
    while (scan->next_batch(batch)) batches.push_back(std::move(batch));
  }
  ASSERT_EQ(batches.size(), 3u);
  EXPECT_EQ(batches[0].row(9)[0].view(), "m9");
  EXPECT_EQ(batches[2].row(4)[0].view(), "m24");
  EXPECT_EQ(batches[1].row(0)[2].view(), constant.constant.cell().view());
}

TEST(CollectionScan, CancelWakesTheReader) {
  const auto service = serve(100);
  service->hold_after(1);
  const auto scan = make_collection_scan(service->lend(), message_scan());
  scan->open();
  base::RowBatch batch;
  ASSERT_TRUE(scan->next_batch(batch));
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    scan->cancel();
  });
  for (int i = 0; i < 2; ++i) {
    try {
      scan->next_batch(batch);
      ADD_FAILURE() << "a cancelled scan went on";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state(), base::SqlState("HY008"));
    }
  }
  canceller.join();
}

TEST(CollectionScan, CancelBeforeOpen) {
  const auto service = serve(100);
  const auto scan = make_collection_scan(service->lend(), message_scan());
  scan->cancel();
  EXPECT_EQ(read_all(*scan).state, "HY008");
  EXPECT_EQ(service->settled(), 0u);
}

TEST(CollectionScan, CancelledRowsInHandAreNotHandedOut) {
  const auto service = serve(100);
  const auto scan = make_collection_scan(service->lend(), message_scan());
  scan->open();
  scan->cancel();
  base::RowBatch batch;
  EXPECT_THROW(scan->next_batch(batch), base::Error);
}

TEST(CollectionScan, DestructionDoesNotWait) {
  const auto service = serve(100);
  service->hold_after(1);
  {
    const auto scan = make_collection_scan(service->lend(), message_scan());
    scan->open();
    base::RowBatch batch;
    ASSERT_TRUE(scan->next_batch(batch));
    EXPECT_EQ(service->requests().size(), 2u);
  }
  service->hold_after(SIZE_MAX);
  EXPECT_EQ(service->settled(), 2u);
}

TEST(CollectionScan, DestructionRacesWithAnswers) {
  const auto service = serve(1000);
  for (int i = 0; i < 200; ++i) {
    const auto scan = make_collection_scan(service->lend(), message_scan());
    scan->open();
    base::RowBatch batch;
    for (int page = 0; page < i % 4; ++page) ASSERT_TRUE(scan->next_batch(batch));
  }
}

TEST(CollectionScan, CancelRacesWithAnswers) {
  const auto service = serve(1000);
  for (int i = 0; i < 100; ++i) {
    const auto scan = make_collection_scan(service->lend(), message_scan());
    std::thread canceller([&] {
      for (int spin = 0; spin < i * 20; ++spin) std::this_thread::yield();
      scan->cancel();
    });
    const Outcome outcome = read_all(*scan);
    EXPECT_TRUE(outcome.clean_end || outcome.state == "HY008") << outcome.message;
    canceller.join();
  }
}

TEST(CollectionScan, ObeysTheDeadline) {
  const auto service = serve(100);
  ScanRequest request = message_scan();
  request.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  const auto scan = make_collection_scan(service->lend(), request);
  EXPECT_EQ(read_all(*scan).state, "HYT00");
}

TEST(CollectionScan, WarnsOnceAboutNumbersThatAreNone) {
  const auto service = std::make_shared<FakeService>([](const HttpRequest&, std::size_t) {
    return respond(200, R"({"value":[{"id":"m0","size":"NaN"},{"id":"m1","size":"INF"}]})");
  });
  ScanRequest request = message_scan();
  request.columns[1].edm = schema::EdmKind::kDouble;
  const auto scan = make_collection_scan(service->lend(), request);
  const Outcome outcome = read_all(*scan);
  EXPECT_EQ(outcome.ids, ids_up_to(2));
  ASSERT_EQ(outcome.warnings.size(), 1u);
  EXPECT_EQ(outcome.warnings[0].state, base::SqlState("01000"));
  EXPECT_NE(outcome.warnings[0].message.find("Messages.Size"), std::string::npos);
}

// Rows that stand in objects: objects that come again are known by their own keys, pages count by
// objects, and a full last page is verified by the number of objects.
TEST(CollectionScan, ReadsRowsOfExpandedObjects) {
  const auto object = [](std::size_t n) {
    const std::string name = std::to_string(n);
    std::string parts;
    for (std::size_t i = 0; i < n % 3; ++i) {
      parts += (i == 0 ? "" : ",") + (R"({"id":"a)" + std::to_string(i) + R"("})");
    }
    return R"({"id":"m)" + name + R"(","parts":[)" + parts + "]}";
  };
  FakeService service([&](const HttpRequest& request, std::size_t) {
    const std::size_t skip = option_of(request.url, "$skip", 0);
    std::string json = R"({"value":[)";
    // The second page begins with the last object of the first, as pages that shift do.
    const std::size_t first = skip == 10 ? 9 : skip;
    const std::size_t end = std::min<std::size_t>(skip + 10, 20);
    for (std::size_t n = first; n < end; ++n) json += (n == first ? "" : ",") + object(n);
    json += "]";
    if (skip == 0) json += R"(,"@odata.nextLink":")" + link_to(10, 10) + "\"";
    return respond(200, json + "}");
  });
  ScanRequest request = message_scan();
  request.key_column.reset();
  request.expansion = Expansion{"parts", "id"};
  request.columns[1].json_path.clear();
  request.columns[1].parent_key = true;
  const auto scan = make_collection_scan(service.lend(), request);
  scan->open();
  std::vector<std::string> rows;
  base::RowBatch batch;
  while (scan->next_batch(batch)) {
    for (std::size_t i = 0; i < batch.row_count; ++i) {
      rows.push_back(std::string(batch.row(i)[1].view()) + "/" +
                     std::string(batch.row(i)[0].view()));
    }
  }
  std::vector<std::string> expected;
  for (std::size_t n = 0; n < 20; ++n) {
    for (std::size_t i = 0; i < n % 3; ++i) {
      expected.push_back("m" + std::to_string(n) + "/a" + std::to_string(i));
    }
  }
  EXPECT_EQ(rows, expected);
  // The repeated object counts, as rows that shifted do: position 21 is past the end.
  EXPECT_EQ(service.urls().size(), 3u);
}

}  // namespace
}  // namespace graphodbc::graph
