// Rows sorted where they lie, and result columns read from kept rows, against what SQLite does with
// rows of its own.
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "query/engine/memory.h"
#include "tests/query/engine_helper.h"

namespace graphodbc::query {
namespace {

using testing::EngineRun;
using testing::TableRow;

std::vector<TableRow> random_items(int count) {
  std::mt19937 random(20261121);
  const auto pick = [&](const std::vector<const char*>& from) {
    return from[random() % from.size()];
  };
  std::vector<TableRow> rows;
  for (int at = 0; at < count; ++at) {
    TableRow row{{"Id", "'i" + std::to_string(at) + "'"}};
    const auto set = [&](const char* column, const std::vector<const char*>& values) {
      if (const char* value = pick(values); *value != '\0') row[column] = value;
    };
    set("Name",
        {"", "''", "'a'", "'A'", "'Ä'", "'ä'", "'same first bytes 1'", "'same first bytes 2'",
         "'same first bytes'", "'\xF0\x9F\x98\x80'", "'\xEF\xBF\xBD'"});
    set("File_MimeType", {"", "'text/PLAIN'", "'text/plain'", "'TEXT/html'", "'image/png'"});
    set("Size", {"", "0", "-1", "9223372036854775807", "-9223372036854775807", "7"});
    set("Location_Latitude", {"", "0E0", "-1.5E0", "2.5E0", "1E300", "-1E300"});
    set("LastModifiedDateTime", {"", "ts:2026-01-01 10:00:00.5", "ts:2026-01-01 10:00:00.4999999",
                                 "ts:1999-12-31 23:59:59"});
    rows.push_back(std::move(row));
  }
  return rows;
}

constexpr const char* kColumns =
    "Id, Name, File_MimeType, Size, Location_Latitude, LastModifiedDateTime";

TEST(EngineSort, SortsWhereTheRowsLieAsSqliteDoes) {
  const std::vector<TableRow> rows = random_items(300);
  for (const std::string column :
       {"Name", "File_MimeType", "Size", "Location_Latitude", "LastModifiedDateTime"}) {
    for (const std::string way :
         {"", " DESC", " NULLS LAST", " NULLS FIRST", " DESC NULLS FIRST", " DESC NULLS LAST"}) {
      for (const std::string further :
           {", Id", ", Size DESC, File_MimeType DESC NULLS FIRST, Id"}) {
        const std::string sql = std::string("SELECT ") + kColumns + " FROM DriveItems ORDER BY " +
                                column + way + further;
        EngineRun lying;
        EngineRun hosted;
        lying.tables = hosted.tables = {{"DriveItems", rows}};
        lying.batch_rows = hosted.batch_rows = 17;
        lying.streams = true;
        EXPECT_EQ(lying.rows(sql), hosted.rows(sql)) << sql;
        EXPECT_EQ(lying.sql, "") << sql;
        EXPECT_NE(hosted.sql, "") << sql;
      }
    }
  }
}

TEST(EngineSort, EqualKeysKeepTheOrderOfTheRows) {
  EngineRun run;
  run.streams = true;
  run.batch_rows = 2;
  for (const char* id : {"'5'", "'3'", "'4'", "'1'", "'2'"}) {
    run.tables["DriveItems"].push_back({{"Id", id}, {"File_MimeType", "'a/B'"}});
  }
  run.tables["DriveItems"][2]["File_MimeType"] = "'A/b'";
  EXPECT_EQ(run.rows("SELECT Id FROM DriveItems ORDER BY File_MimeType"), "5 3 4 1 2");
  EXPECT_EQ(run.rows("SELECT Id, File_MimeType FROM DriveItems ORDER BY 2 DESC"),
            "5|a/B 3|a/B 4|A/b 1|a/B 2|a/B");
}

// What only SQLite can do, or does with less memory.
TEST(EngineSort, LeavesTheRestToSqlite) {
  const char* const statements[] = {
      "SELECT Id FROM DriveItems ORDER BY Name || 'x', Id",
      "SELECT Id, UCASE(Name) FROM DriveItems ORDER BY Name, Id",
      "SELECT Id, Name FROM DriveItems ORDER BY Name, Id LIMIT 10",
      "SELECT Id, Name FROM DriveItems ORDER BY Name, Id LIMIT 10 OFFSET 3",
      "SELECT DISTINCT Name FROM DriveItems ORDER BY Name",
      "SELECT Name, COUNT(*) FROM DriveItems GROUP BY Name ORDER BY Name",
      "SELECT Id, Description, UCASE(Name) AS n, WebUrl FROM DriveItems ORDER BY n DESC, 1",
      "SELECT Id, Description, WebUrl, Name FROM DriveItems ORDER BY LENGTH(Name), 4, 1",
      "SELECT Id, ROW_NUMBER() OVER (ORDER BY Name, Id) FROM DriveItems ORDER BY Size, Id",
  };
  std::vector<TableRow> rows = random_items(100);
  for (std::size_t at = 0; at < rows.size(); ++at) {
    rows[at]["Description"] = "'about " + std::to_string(at) + "'";
    if (at % 3 == 0) rows[at]["WebUrl"] = "'https://contoso.example/" + std::to_string(at) + "'";
  }
  for (const char* sql : statements) {
    EngineRun streamed;
    EngineRun stored;
    streamed.tables = stored.tables = {{"DriveItems", rows}};
    streamed.streams = true;
    EXPECT_EQ(streamed.rows(sql), stored.rows(sql)) << sql;
    EXPECT_NE(streamed.sql, "") << sql;
  }
  EngineRun limited;
  limited.streams = true;
  limited.max_rows = 2;
  limited.tables["DriveItems"] = {{{"Id", "'b'"}}, {{"Id", "'c'"}}, {{"Id", "'a'"}}};
  EXPECT_EQ(limited.rows("SELECT Id FROM DriveItems ORDER BY Id"), "a b");
}

// Text that is only handed on does not go through SQLite; what it computes with does.
TEST(EngineSort, JoinsCarryRowNumbers) {
  EngineRun run;
  run.batch_rows = 2;
  run.tables["Users"] = {{{"Id", "'1'"}, {"DisplayName", "'Ada'"}, {"Mail", "'a@x'"}},
                         {{"Id", "'2'"}, {"DisplayName", "'Bob'"}, {"Mail", "'B@x'"}},
                         {{"Id", "'3'"}, {"Mail", "'c@x'"}}};
  run.tables["Messages"] = {
      {{"Subject", "'one'"}, {"From_EmailAddress_Address", "'b@x'"}, {"BodyPreview", "'p1'"}},
      {{"Subject", "'two'"}, {"From_EmailAddress_Address", "'z@x'"}, {"BodyPreview", "'p2'"}},
      {{"Subject", "'three'"}, {"From_EmailAddress_Address", "'A@X'"}},
      {{"Subject", "'four'"}, {"From_EmailAddress_Address", "'b@x'"}, {"BodyPreview", "invalid"}}};
  const std::string on = " JOIN Messages m ON m.From_EmailAddress_Address = u.Mail ";
  EXPECT_EQ(run.rows("SELECT u.DisplayName, m.BodyPreview, m.Subject FROM Users u" + on +
                     "WHERE m.Subject <> 'four' ORDER BY m.Subject"),
            "Bob|p1|one Ada|NULL|three");
  EXPECT_NE(run.sql.find("row_number"), std::string::npos) << run.sql;
  EXPECT_EQ(run.rows("SELECT u.Id, u.DisplayName, m.BodyPreview FROM Users u LEFT" + on +
                     "AND m.Subject <> 'four' ORDER BY u.Id"),
            "1|Ada|NULL 2|Bob|p1 3|NULL|NULL");
  EXPECT_EQ(run.rows("SELECT m.Subject, u.DisplayName, u.Id FROM Users u RIGHT" + on +
                     "ORDER BY m.Subject DESC"),
            "two|NULL|NULL three|Ada|1 one|Bob|2 four|Bob|2");
  EXPECT_EQ(run.rows("SELECT m.BodyPreview, u.DisplayName FROM Users u FULL" + on +
                     "AND m.Subject = 'one' WHERE m.Subject IS NULL OR m.Subject <> 'four' "
                     "ORDER BY m.Subject, u.Id"),
            "NULL|Ada NULL|NULL p1|Bob NULL|NULL p2|NULL");
  EXPECT_EQ(run.rows("SELECT m.BodyPreview, u.DisplayName FROM Users u" + on +
                     "ORDER BY m.Subject LIMIT 1 OFFSET 1"),
            "p1|Bob");
}

// A body that SQLite searches is not kept here as well.
TEST(EngineSort, LongTextIsHeldOnce) {
  EngineRun run;
  run.tables["Messages"] = {{{"WebLink", "'w'"}, {"Body_Content", "'about u1'"}},
                            {{"WebLink", "'x'"}, {"Body_Content", "'about u2'"}}};
  run.tables["Users"] = {{{"Id", "'u2'"}, {"DisplayName", "'Bob'"}}};
  const std::string tables = " FROM Messages m JOIN Users u ON ";
  EXPECT_EQ(run.rows("SELECT m.WebLink" + tables + "m.Body_Content LIKE '%' || u.Id"), "x");
  EXPECT_EQ(run.sql.find("row_number"), std::string::npos) << run.sql;
  EXPECT_EQ(run.rows("SELECT m.Body_Content" + tables + "m.WebLink = 'x'"), "about u2");
  EXPECT_NE(run.sql.find("row_number"), std::string::npos) << run.sql;
}

TEST(EngineSort, HandsOnWhatDoesNotFitAndRefusesToSortByIt) {
  EngineRun run;
  run.streams = true;
  run.tables["DriveItems"] = {{{"Id", "'1'"}, {"Size", "invalid"}}, {{"Id", "'0'"}, {"Size", "1"}}};
  EXPECT_EQ(run.rows("SELECT Id FROM DriveItems ORDER BY Size"), "!22018");
  const auto source = run.source("SELECT Id, Size FROM DriveItems ORDER BY Id DESC");
  source->open();
  base::RowBatch batch;
  ASSERT_TRUE(source->next_batch(batch));
  ASSERT_EQ(batch.row_count, 2U);
  EXPECT_EQ(batch.row(0)[1].kind, base::CellKind::kInvalid);
  EXPECT_EQ(batch.row(1)[1].kind, base::CellKind::kInt64);
}

// A batch's cells outlive the source's end and the source.
TEST(EngineSort, BatchesKeepTheirRows) {
  EngineRun run;
  run.streams = true;
  run.tables["DriveItems"] = random_items(50);
  auto source = run.source("SELECT Id FROM DriveItems ORDER BY Name, Id DESC");
  source->open();
  base::RowBatch batch;
  ASSERT_TRUE(source->next_batch(batch));
  base::RowBatch none;
  EXPECT_FALSE(source->next_batch(none));
  source.reset();
  std::size_t bytes = 0;
  for (std::size_t row = 0; row < batch.row_count; ++row) bytes += batch.row(row)[0].view().size();
  EXPECT_EQ(bytes, 50U * 3 - 10);
}

TEST(EngineSort, StopsWhenToldTo) {
  EngineRun run;
  run.streams = true;
  run.batch_rows = 1;
  run.tables["DriveItems"] = random_items(40);
  run.before_batch = [](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  const std::string sql = "SELECT Id, Name FROM DriveItems ORDER BY Name";
  run.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  EXPECT_EQ(run.rows(sql), "!HYT00");
  run.deadline = {};
  const auto source = run.source(sql);
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    source->cancel();
  });
  EXPECT_THROW(source->open(), base::Error);
  canceller.join();
}

TEST(EngineSort, StaysUnderTheMemoryLimit) {
  EngineRun run;
  run.streams = true;
  run.batch_rows = 1000;
  for (int at = 0; at < 5000; ++at) {
    run.tables["DriveItems"].push_back({{"Id", "'" + std::string(400, 'x') + "'"}});
  }
  initialize_sqlite();
  const std::uint64_t before = local_memory_in_use();
  set_local_memory_limit(before + (1 << 20));
  EXPECT_EQ(run.rows("SELECT Id FROM DriveItems ORDER BY Id"), "!HY001");
  set_local_memory_limit(kDefaultLocalMemory);
  EXPECT_EQ(local_memory_in_use(), before);
}

}  // namespace
}  // namespace graphodbc::query
