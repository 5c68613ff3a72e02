// The streaming path over rows in memory.
#include <gtest/gtest.h>

#include "base/utf.h"
#include "graph/request_url.h"
#include "graph/service_error.h"
#include "schema/registry.h"
#include "tests/query/fake_graph.h"

namespace graphodbc::query {
namespace {

using Lines = std::vector<std::string>;

std::vector<FakeRow> mails(std::size_t count) {
  std::vector<FakeRow> rows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    rows.push_back(
        {{"id", text("m" + number)},
         {"subject", i % 5 == 4 ? base::Value() : text("Subject " + number)},
         {"isRead", flag(i % 2 == 0)},
         {"receivedDateTime", timestamp("2026-01-01T00:00:0" + std::to_string(i % 10) + "Z")}});
  }
  return rows;
}

class Execute : public ::testing::Test {
 protected:
  Execute() {
    graph_.answer = [](const graph::ScanRequest&) { return mails(10); };
  }

  Lines run(const std::string& sql, const std::vector<base::Value>& parameters = {},
            const ExecuteOptions& options = {}) {
    graph_.requests.clear();
    graph_.batches.clear();
    graph_.pages_read = 0;
    source_ = session_.prepare(sql)->execute(parameters, options);
    return read_all(*source_);
  }

  FakeGraph graph_;
  Session session_{graph_.scans(), schema::Registry::builtin(), {}};
  std::unique_ptr<base::RowSource> source_;
};

TEST_F(Execute, RowsPassThrough) {
  EXPECT_EQ(run("SELECT Subject, Id, Id FROM Messages LIMIT 2"),
            (Lines{"Subject 0|m0|m0", "Subject 1|m1|m1"}));
  EXPECT_EQ(graph_.requests.size(), 1u);
}

TEST_F(Execute, ConditionsAreCheckedEvenWhereTheServiceIgnoresThem) {
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE IsRead = 0"), (Lines{"m1", "m3", "m5", "m7", "m9"}));
  // $top=2 comes back with rows that do not fit: reading goes on.
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE IsRead = 0 LIMIT 2"), (Lines{"m1", "m3"}));
  EXPECT_EQ(graph_.requests[0].enough_rows, 2u);
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE Subject IS NULL"), (Lines{"m4", "m9"}));
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE NOT (Subject > 'Subject 2')"),
            (Lines{"m0", "m1", "m2"}));
}

TEST_F(Execute, ComputedColumns) {
  EXPECT_EQ(run("SELECT UCASE(Subject) || '!', LENGTH(Id) + 1 FROM Messages WHERE Id = 'm3'"),
            (Lines{"SUBJECT 3!|3"}));
  EXPECT_EQ(graph_.requests[0].path, "/me/messages/m3");
  EXPECT_TRUE(graph_.requests[0].single_item);
}

TEST_F(Execute, RangesOfRows) {
  EXPECT_EQ(run("SELECT Id FROM Messages LIMIT 2 OFFSET 3"), (Lines{"m3", "m4"}));
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE IsRead = 1 LIMIT 2 OFFSET 1"), (Lines{"m2", "m4"}));
  EXPECT_EQ(run("SELECT Id FROM Messages LIMIT 3 OFFSET 9"), (Lines{"m9"}));
  EXPECT_EQ(run("SELECT Id FROM Messages LIMIT ? OFFSET ?", {whole(1), whole(2)}), (Lines{"m2"}));
  ExecuteOptions two;
  two.max_rows = 2;
  EXPECT_EQ(run("SELECT Id FROM Messages", {}, two), (Lines{"m0", "m1"}));
  EXPECT_EQ(run("SELECT Id FROM Messages LIMIT 1", {}, two), (Lines{"m0"}));
  EXPECT_EQ(run("SELECT Id FROM Messages LIMIT 0"), Lines());
  EXPECT_TRUE(graph_.requests.empty());
  EXPECT_THROW(run("SELECT Id FROM Messages LIMIT ?", {whole(-1)}), base::Error);
}

TEST_F(Execute, MarkersDecideThePushAtExecute) {
  auto query = session_.prepare("SELECT Id FROM Messages WHERE Id = ?");
  for (const char* id : {"m1", "m2"}) {
    const std::vector<base::Value> values = {text(id)};
    const auto rows = query->execute(values, {});
    query->parameters();
    EXPECT_EQ(read_all(*rows), Lines{id});
    EXPECT_EQ(graph_.requests.back().path, std::string("/me/messages/") + id);
  }
  graph_.requests.clear();
  const std::vector<base::Value> none = {base::Value()};
  EXPECT_TRUE(read_all(*query->execute(none, {})).empty());
  EXPECT_TRUE(graph_.requests.empty());
}

TEST_F(Execute, RowsOutliveTheQueryAndTheSession) {
  auto session =
      std::make_unique<Session>(graph_.scans(), schema::Registry::builtin(), SessionOptions());
  auto query = session->prepare("SELECT 'literal', Id FROM Messages LIMIT 1");
  auto rows = query->execute({}, {});
  query.reset();
  session.reset();
  base::RowBatch batch;
  rows->open();
  ASSERT_TRUE(rows->next_batch(batch));
  rows.reset();
  EXPECT_EQ(batch.row(0)[0].view(), "literal");
  EXPECT_EQ(batch.row(0)[1].view(), "m0");
}

TEST_F(Execute, WalksDescendIntoFolders) {
  graph_.answer = [](const graph::ScanRequest& request) -> std::vector<FakeRow> {
    if (request.path == "/me/drive/root") {
      return {{{"id", text("r")}, {"name", text("root")}, {"folder", flag(true)}}};
    }
    if (request.path == "/me/drive/items/r/children") {
      return {{{"id", text("a")}, {"name", text("A")}, {"folder", flag(true)}},
              {{"id", text("f")}, {"name", text("F")}, {"folder", flag(false)}}};
    }
    if (request.path == "/me/drive/items/a/children") {
      return {{{"id", text("r")}, {"name", text("again")}, {"folder", flag(true)}},
              {{"id", text("g")}, {"name", text("G")}, {"folder", flag(false)}}};
    }
    ADD_FAILURE() << request.path;
    return {};
  };
  EXPECT_EQ(run("SELECT Name FROM DriveItems"), (Lines{"root", "A", "F", "again", "G"}));
  EXPECT_EQ(graph_.requests.size(), 3u);
  EXPECT_EQ(run("SELECT Name FROM DriveItems WHERE Folder = 0"), (Lines{"F", "G"}));
  // Enough rows end the walk.
  EXPECT_EQ(run("SELECT Name FROM DriveItems LIMIT 2"), (Lines{"root", "A"}));
  EXPECT_EQ(graph_.requests.size(), 2u);
}

TEST_F(Execute, KeysAreReadInBatches) {
  graph_.answer = [](const graph::ScanRequest& request) -> std::vector<FakeRow> {
    const std::string id = request.path.substr(request.path.rfind('/') + 1);
    if (id == "none") return {};
    return {{{"id", text(id)}, {"subject", text("about " + id)}}};
  };
  std::string keys = "'none'";
  for (int i = 0; i < 24; ++i) keys += ", 'k" + std::to_string(i) + "'";
  EXPECT_EQ(run("SELECT Subject FROM Messages WHERE Id IN (" + keys + ")").size(), 24u);
  EXPECT_EQ(graph_.batches, (std::vector<std::size_t>{20, 5}));
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE (Id = 'a' OR Id = 'none' OR Id = 'b')"),
            (Lines{"a", "b"}));
  // Some rows are enough, and no second batch is asked for.
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE Id IN (" + keys + ") LIMIT 19").size(), 19u);
  EXPECT_EQ(graph_.requests.size(), 20u);
}

// Graph does not tell cases apart, so that one row may be in the answers for two values.
TEST_F(Execute, RowsOfAListInBatchesComeOnce) {
  bool honoured = true;
  graph_.answer = [&](const graph::ScanRequest& request) {
    const std::string filter = option(graph::request_url("", request.query), "$filter");
    std::vector<FakeRow> rows;
    for (const char* name : {"Bonn", "BONN", "bonn", "Ulm"}) {
      const bool asked =
          base::fold_case(decoded(filter)).find(base::fold_case(name)) != std::string::npos;
      if (asked || !honoured || filter.empty()) {
        rows.push_back({{"id", text(std::string("u") + name)}, {"city", text(name)}});
      }
    }
    return rows;
  };
  std::string values = "'Bonn'";
  for (int i = 0; i < 15; ++i) values += ", 'c" + std::to_string(i) + "'";
  const std::string sql = "SELECT City FROM Users WHERE City IN (" + values + ", 'BONN')";
  EXPECT_EQ(run(sql), (Lines{"Bonn", "BONN"}));
  EXPECT_EQ(graph_.batches, std::vector<std::size_t>{2});
  EXPECT_EQ(run(sql + " LIMIT 1"), (Lines{"Bonn"}));
  EXPECT_EQ(run("SELECT COUNT(*) FROM Users WHERE City IN (" + values + ", 'BONN')"), (Lines{"2"}));
  // An ignored filter ends the batches.
  honoured = false;
  EXPECT_EQ(run(sql), (Lines{"Bonn", "BONN"}));
  EXPECT_EQ(source_->take_warnings().size(), 1u);
}

TEST_F(Execute, ALongListThatIsRefusedIsCheckedHere) {
  graph_.answer = [](const graph::ScanRequest& request) -> std::vector<FakeRow> {
    if (!option(graph::request_url("", request.query), "$filter").empty()) {
      throw graph::ServiceError("42000", "too complex", 400, "Request_BadRequest");
    }
    return {{{"id", text("a")}, {"city", text("c7")}}, {{"id", text("b")}, {"city", text("x")}}};
  };
  std::string values = "'c0'";
  for (int i = 1; i < 40; ++i) values += ", 'c" + std::to_string(i) + "'";
  const std::string sql = "SELECT Id FROM Users WHERE City IN (" + values + ")";
  EXPECT_EQ(run(sql), (Lines{"a"}));
  EXPECT_EQ(run(sql), (Lines{"a"}));
  EXPECT_EQ(graph_.requests.size(), 1u);  // remembered
}

TEST_F(Execute, AnOccurrenceIsNoEvent) {
  graph_.answer = [](const graph::ScanRequest& request) -> std::vector<FakeRow> {
    const std::string id = request.path.substr(request.path.rfind('/') + 1);
    return {{{"id", text(id)}, {"type", text(id)}}};
  };
  const std::string all = "'singleInstance', 'occurrence', 'exception', 'seriesMaster'";
  EXPECT_EQ(run("SELECT Id FROM Events WHERE Id IN (" + all + ")"),
            (Lines{"singleInstance", "seriesMaster"}));
  EXPECT_EQ(graph_.requests.size(), 4u);
  EXPECT_EQ(run("SELECT Id FROM Events WHERE Id IN (" + all + ") LIMIT 1 OFFSET 1"),
            (Lines{"seriesMaster"}));
  EXPECT_EQ(run("SELECT COUNT(*) FROM Events WHERE Id = 'occurrence'"), (Lines{"0"}));
}

// The root of the folders has a key, and is no row because no list holds it.
TEST_F(Execute, AKeyReadLeavesOutWhatTheListDoesNotHold) {
  bool has_root = true;
  graph_.answer = [&](const graph::ScanRequest& request) -> std::vector<FakeRow> {
    const std::string id = request.path.substr(request.path.rfind('/') + 1);
    if (id == "none") return {};
    if (id == "msgfolderroot") {
      return has_root ? std::vector<FakeRow>{{{"id", text("r")}}} : std::vector<FakeRow>{};
    }
    return {{{"id", text(id == "inbox" ? "i" : id)}, {"displayName", text("folder " + id)}}};
  };
  const auto requests_of = [&](const std::string& sql, const Lines& expected) {
    EXPECT_EQ(run(sql), expected) << sql;
    return graph_.requests.size();
  };
  const std::string keys = "SELECT DisplayName FROM MailFolders WHERE Id IN (";
  // Neither a key that is not found nor another name for one asks for the root.
  EXPECT_EQ(requests_of(keys + "'none')", {}), 1u);
  EXPECT_EQ(requests_of(keys + "'inbox')", {}), 1u);
  EXPECT_EQ(requests_of(keys + "'r', 'a', 'none', 'b')", {"folder a", "folder b"}), 5u);
  EXPECT_EQ(graph_.requests.back().path, "/me/mailFolders/msgfolderroot");
  EXPECT_EQ(requests_of(keys + "'r')", {}), 1u);  // remembered
  EXPECT_EQ(requests_of("SELECT Id FROM MailFolders WHERE Id = 'a'", {"a"}), 1u);
  EXPECT_EQ(requests_of("SELECT COUNT(*) FROM MailFolders WHERE Id = 'r'", {"0"}), 1u);
  // A mailbox each.
  const std::string others = keys + "'r', 'a') AND UserId = ";
  EXPECT_EQ(requests_of(others + "'u'", {"folder a"}), 3u);
  EXPECT_EQ(graph_.requests.back().path, "/users/u/mailFolders/msgfolderroot");
  EXPECT_EQ(graph_.requests.back().mailbox, "u");
  EXPECT_EQ(requests_of(others + "'u'", {"folder a"}), 2u);
  has_root = false;
  EXPECT_EQ(requests_of(others + "'v'", {"folder r", "folder a"}), 3u);
  EXPECT_EQ(requests_of(others + "'v'", {"folder r", "folder a"}), 2u);
}

TEST_F(Execute, ChildrenOfManyParentsAreReadInBatches) {
  graph_.answer = [](const graph::ScanRequest& request) -> std::vector<FakeRow> {
    return {{{"id", text("a")}, {"name", text(request.path)}}};
  };
  const Lines lines = run("SELECT MessageId, Name FROM Attachments WHERE MessageId IN ('x', 'y')");
  EXPECT_EQ(lines, (Lines{"x|/me/messages/x/attachments", "y|/me/messages/y/attachments"}));
  EXPECT_EQ(graph_.batches, std::vector<std::size_t>{2});
  // Binary content is read one message at a time.
  run("SELECT ContentBytes FROM Attachments WHERE MessageId IN ('x', 'y')");
  EXPECT_TRUE(graph_.batches.empty());
  EXPECT_EQ(graph_.requests.size(), 2u);
}

TEST_F(Execute, ContextColumnsHoldTheTextGiven) {
  EXPECT_EQ(run("SELECT UserId, Id FROM Messages WHERE UserId IN ('a', 'b') LIMIT 11").back(),
            "b|m0");
  graph_.answer = [](const graph::ScanRequest& request) -> std::vector<FakeRow> {
    if (request.path == "/me") return {{{"id", text("u-1")}}};
    return mails(1);
  };
  EXPECT_EQ(run("SELECT UserId, Id FROM Messages"), (Lines{"u-1|m0"}));
  EXPECT_EQ(graph_.requests.size(), 2u);
  EXPECT_EQ(run("SELECT UserId, Id FROM Messages"), (Lines{"u-1|m0"}));
  EXPECT_EQ(graph_.requests.size(), 1u);  // remembered
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE UserId = 'x'"), (Lines{"m0"}));
  EXPECT_EQ(graph_.requests[0].mailbox, "x");
}

TEST_F(Execute, MissingParentsGiveNoRows) {
  graph_.answer = [](const graph::ScanRequest& request) -> std::vector<FakeRow> {
    if (request.path == "/me/messages/b/attachments") return {{{"id", text("x")}}};
    throw graph::ServiceError("42S02", "not found", 404, "ErrorItemNotFound");
  };
  EXPECT_EQ(run("SELECT MessageId, Id FROM Attachments WHERE MessageId IN ('a', 'b')"),
            (Lines{"b|x"}));
  EXPECT_THROW(run("SELECT Id FROM Messages WHERE UserId = 'nobody'"), graph::ServiceError);
}

// Page links of a filtered list mean other positions than those of the whole list, so a page that
// shows rows the filter excludes makes the scan begin anew.
TEST_F(Execute, AnIgnoredFilterMakesTheScanBeginAnew) {
  std::size_t honoured = 2;  // rows of the filtered list that come before the filter is ignored
  graph_.answer = [&](const graph::ScanRequest& request) {
    std::vector<FakeRow> rows = mails(10);
    const bool filtered = !option(graph::request_url("", request.query), "$filter").empty();
    if (!filtered) return rows;
    std::vector<FakeRow> page;
    for (const FakeRow& row : rows) {
      if (row.at("isRead").cell().integer == 0 && page.size() < honoured) page.push_back(row);
    }
    page.insert(page.end(), rows.begin() + 6, rows.end());
    return page;
  };
  const Lines wanted = {"m1", "m3", "m5", "m7", "m9"};
  for (honoured = 0; honoured < 3; ++honoured) {
    EXPECT_EQ(run("SELECT Id FROM Messages WHERE IsRead = 0"), wanted) << honoured;
    EXPECT_EQ(graph_.requests.size(), 2u);
    EXPECT_EQ(source_->take_warnings().size(), 1u);
    EXPECT_EQ(run("SELECT Id || '' FROM Messages WHERE IsRead = 0 LIMIT 2 OFFSET 3"),
              (Lines{"m7", "m9"}));
  }
}

TEST_F(Execute, RowsBeforeAnIgnoredFilterAreNotRepeated) {
  // One row a page, so that rows are out before the filter is ignored.
  graph_.answer = [&](const graph::ScanRequest& request) {
    std::vector<FakeRow> rows = mails(10);
    if (option(graph::request_url("", request.query), "$filter").empty()) return rows;
    return std::vector<FakeRow>{rows[1], rows[3], rows[6], rows[9]};
  };
  graph_.largest_batch = 1;
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE IsRead = 0"), (Lines{"m1", "m3", "m5", "m7", "m9"}));
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE Subject LIKE 'Subject 3%'"), (Lines{"m3"}));
}

TEST_F(Execute, RefusedFiltersAreLeftOutAndRemembered) {
  graph_.answer = [](const graph::ScanRequest& request) {
    for (const auto& [name, value] : request.query) {
      if (name == "$filter") {
        throw graph::ServiceError("42000", "too complex", 400, "InefficientFilter");
      }
    }
    return mails(4);
  };
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE IsRead = 0"), (Lines{"m1", "m3"}));
  EXPECT_EQ(graph_.requests.size(), 2u);
  const auto warnings = source_->take_warnings();
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].state, base::SqlState("01000"));
  EXPECT_NE(warnings[0].message.find("InefficientFilter"), std::string::npos);
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE IsRead = 1"), (Lines{"m0", "m2"}));
  EXPECT_EQ(graph_.requests.size(), 1u);
  EXPECT_EQ(run("SELECT Id FROM Messages WHERE IsRead = 0 ORDER BY ReceivedDateTime"),
            (Lines{"m1", "m3"}));
  EXPECT_EQ(option(graph_.urls().back(), "$orderby"), "receivedDateTime");
}

TEST_F(Execute, OtherRefusalsAreErrors) {
  graph_.answer = [](const graph::ScanRequest&) -> std::vector<FakeRow> {
    throw graph::ServiceError("42000", "forbidden", 403, "ErrorAccessDenied");
  };
  EXPECT_THROW(run("SELECT Id FROM Messages WHERE IsRead = 0"), graph::ServiceError);
  EXPECT_EQ(graph_.requests.size(), 1u);
  SessionOptions strict;
  strict.pushdown_fallback = false;
  Session session(graph_.scans(), schema::Registry::builtin(), strict);
  graph_.answer = [](const graph::ScanRequest&) -> std::vector<FakeRow> {
    throw graph::ServiceError("42000", "no", 400, "BadRequest");
  };
  EXPECT_THROW(
      read_all(*session.prepare("SELECT Id FROM Messages WHERE IsRead = 0")->execute({}, {})),
      graph::ServiceError);
}

TEST_F(Execute, RowsBeforeAFailingOneAreGiven) {
  source_ = session_.prepare("SELECT 1 / (LENGTH(Id) - 3), Id FROM Messages")->execute({}, {});
  graph_.answer = [](const graph::ScanRequest&) -> std::vector<FakeRow> {
    return {{{"id", text("a")}}, {{"id", text("bbb")}}, {{"id", text("c")}}};
  };
  source_->open();
  base::RowBatch batch;
  ASSERT_TRUE(source_->next_batch(batch));
  EXPECT_EQ(batch.row_count, 1u);
  for (int i = 0; i < 2; ++i) {
    try {
      source_->next_batch(batch);
      FAIL();
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state(), base::SqlState("22012"));
    }
  }
}

TEST_F(Execute, CancelEndsTheRows) {
  source_ = session_.prepare("SELECT Id FROM Messages")->execute({}, {});
  source_->open();
  source_->cancel();
  base::RowBatch batch;
  try {
    source_->next_batch(batch);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state(), base::SqlState("HY008"));
  }
}

TEST_F(Execute, PushdownOffGivesTheSameRows) {
  SessionOptions off;
  off.pushdown = false;
  Session plain(graph_.scans(), schema::Registry::builtin(), off);
  for (const char* where :
       {"IsRead = 0", "IsRead = 0 OR Subject LIKE '%3'", "Subject IS NOT NULL AND NOT IsRead",
        "ReceivedDateTime > {ts '2026-01-01 00:00:03'}", "Id IN ('m1', 'm2', 'M3')",
        "Subject LIKE 'Subject _' AND LOCATE('7', Subject) > 0", "IsRead IS NOT TRUE",
        "CASE WHEN IsRead = 1 THEN Subject ELSE Id END > 'n'"}) {
    const std::string sql = "SELECT Id, Subject FROM Messages WHERE " + std::string(where);
    graph_.answer = [](const graph::ScanRequest& request) {
      std::vector<FakeRow> rows = mails(10);
      if (!request.single_item) return rows;
      std::erase_if(rows, [&](const FakeRow& row) {
        return !base::equal_nocase(std::string(row.at("id").cell().view()),
                                   request.path.substr(request.path.rfind('/') + 1));
      });
      return rows;
    };
    EXPECT_EQ(run(sql), read_all(*plain.prepare(sql)->execute({}, {}))) << where;
  }
}

// ValidateScopes (requirements A-U10).
TEST(Granted, StatementsThatNeedMoreAreRefusedBeforeAnyRequest) {
  FakeGraph graph;
  graph.answer = [](const graph::ScanRequest&) { return mails(3); };
  const auto refusal = [&](const SessionOptions& options, const std::string& sql) {
    graph.requests.clear();
    Session session(graph.scans(), schema::Registry::builtin(), options);
    try {
      (void)read_all(*session.prepare(sql)->execute({}, {}));
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state().code(), "42000");
      EXPECT_TRUE(graph.requests.empty());
      return error.message();
    }
    return std::string();
  };
  const std::string mail = "SELECT Id FROM Messages";
  const std::string join =
      "SELECT m.Id FROM Messages m JOIN Users u ON u.Mail = m.From_EmailAddress_Address "
      "JOIN Contacts c ON c.DisplayName = u.DisplayName";
  SessionOptions options;
  options.granted = {"User.Read", "Mail.Read"};
  EXPECT_EQ(refusal(options, mail), "");
  EXPECT_EQ(refusal(options, "EXPLAIN " + join), "");
  const std::string missing = refusal(options, join);
  EXPECT_EQ(missing.find("Messages needs"), std::string::npos) << missing;
  EXPECT_NE(missing.find("Users needs User.ReadBasic.All or User.Read.All; Contacts needs "
                         "Contacts.Read. It has User.Read Mail.Read."),
            std::string::npos)
      << missing;
  options.account_is_another = true;
  EXPECT_NE(refusal(options, mail).find("Mail.ReadBasic.Shared or Mail.Read.Shared"),
            std::string::npos);
  options.granted = {"Mail.ReadWrite.Shared"};
  EXPECT_EQ(refusal(options, mail), "");
  options = {};
  options.app_only = true;
  options.account = "ann@contoso.com";
  options.granted.emplace();
  EXPECT_NE(refusal(options, mail).find("It has none"), std::string::npos);
  options.granted.reset();
  EXPECT_EQ(refusal(options, mail), "");
}

}  // namespace
}  // namespace graphodbc::query
