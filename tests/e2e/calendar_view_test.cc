// CalendarView through the driver manager: windows, occurrences, joins, metadata.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"

namespace graphodbc::test {
namespace {

constexpr const char* kMonth =
    "StartDateTime = {ts '2026-05-20 00:00:00'} AND EndDateTime = {ts '2026-06-20 00:00:00'}";

class CalendarView : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    tenant_ = new Tenant({"--messages", "50", "--users", "20", "--drive-items", "20"});
  }
  static void TearDownTestSuite() {
    delete tenant_;
    tenant_ = nullptr;
  }
  static std::vector<TextRow> sorted(const Connection& connection, const std::string& sql) {
    std::vector<TextRow> rows = connection.query(sql);
    std::sort(rows.begin(), rows.end());
    return rows;
  }
  static Tenant* tenant_;
};
Tenant* CalendarView::tenant_ = nullptr;

TEST_F(CalendarView, RowsAreWhatOverlapsTheWindow) {
  const Connection connection(tenant_->connection_string());
  const auto rows = connection.query(
      "SELECT Subject, StartDateTime, EndDateTime, Type FROM CalendarView WHERE StartDateTime = "
      "{ts '2026-06-01 09:00:00.5'} AND EndDateTime = {ts '2026-06-01 09:00:00.999'}");
  std::set<std::string> subjects;
  for (const TextRow& row : rows) {
    subjects.insert(row[0].value_or(""));
    EXPECT_EQ(row[1], "2026-06-01 09:00:00.5000000");
    EXPECT_EQ(row[2], "2026-06-01 09:00:00.9990000");
    EXPECT_NE(row[3], "seriesMaster");
  }
  // The last begins with the window's end.
  EXPECT_TRUE(subjects.contains("Boundary test 0 ms"));
  EXPECT_TRUE(subjects.contains("Boundary test 500 ms"));
  EXPECT_TRUE(subjects.contains("Offsite in Zürich"));
  EXPECT_FALSE(subjects.contains("Boundary test 999 ms"));
}

// All-day events are midnight of their own zones, which says nothing of when they are.
TEST_F(CalendarView, ANarrowWindowHoldsWhatOverlapsItInAWideOne) {
  const Connection connection(tenant_->connection_string());
  const std::string columns = "SELECT Id, Subject, Start_DateTime, End_DateTime FROM CalendarView ";
  const std::string timed = " AND IsAllDay = 0 AND Start_DateTime < End_DateTime";
  const struct {
    const char* from;
    const char* to;
  } kWindows[] = {{"{ts '2026-05-31 12:00:00'}", "{ts '2026-06-02 12:00:00'}"},
                  {"{d '2026-06-05'}", "{d '2026-06-12'}"},
                  {"{ts '2026-06-01 09:00:00'}", "{ts '2026-06-01 09:00:00.5'}"}};
  for (const auto& window : kWindows) {
    const auto narrow = sorted(connection, columns + "WHERE StartDateTime = " + window.from +
                                               " AND EndDateTime = " + window.to + timed);
    EXPECT_EQ(narrow,
              sorted(connection, columns + "WHERE " + kMonth + timed + " AND Start_DateTime < " +
                                     window.to + " AND End_DateTime > " + window.from))
        << window.from;
    EXPECT_FALSE(narrow.empty()) << window.from;
  }
}

TEST_F(CalendarView, HoldsOccurrencesOfTheMastersOfEvents) {
  const Connection connection(tenant_->connection_string());
  const std::string view = std::string("FROM CalendarView v ");
  EXPECT_FALSE(
      connection.query("SELECT Id " + view + "WHERE SeriesMasterId IS NOT NULL AND " + kMonth)
          .empty());
  EXPECT_TRUE(
      connection
          .query("SELECT v.Id " + view +
                 "LEFT JOIN Events e ON e.Id = v.SeriesMasterId AND e.Type = "
                 "'seriesMaster' WHERE v.SeriesMasterId IS NOT NULL AND e.Id IS NULL AND v." +
                 std::string("StartDateTime = {d '2026-05-20'} AND v.EndDateTime = "
                             "{d '2026-06-20'}"))
          .empty());
  // Single events are the same rows there and here.
  EXPECT_EQ(sorted(connection,
                   "SELECT Id, Subject, Start_DateTime, CreatedDateTime FROM Events WHERE Type = "
                   "'singleInstance' AND IsAllDay = 0 AND Start_DateTime < {d '2026-06-20'} AND "
                   "End_DateTime > {d '2026-05-20'} AND Start_DateTime < End_DateTime"),
            sorted(connection, std::string("SELECT Id, Subject, Start_DateTime, CreatedDateTime ") +
                                   "FROM CalendarView WHERE Type = 'singleInstance' AND IsAllDay = "
                                   "0 AND Start_DateTime < End_DateTime AND " +
                                   kMonth));
}

// A key read finds occurrences, which no list of events holds.
TEST_F(CalendarView, ItsOccurrencesAreNoRowsOfEvents) {
  const auto expected = [](const Connection& connection) {
    const std::vector<TextRow> events = connection.query("SELECT Id FROM Events");
    const std::set<TextRow> known(events.begin(), events.end());
    std::vector<TextRow> shared;
    for (const TextRow& row :
         sorted(connection, std::string("SELECT Id FROM CalendarView WHERE ") + kMonth)) {
      if (known.count(row) != 0) shared.push_back(row);
    }
    return shared;
  };
  for (const char* pushdown : {"Pushdown=on", "Pushdown=off"}) {
    const Connection connection(tenant_->connection_string(pushdown));
    const std::vector<TextRow> shared = expected(connection);
    EXPECT_FALSE(shared.empty());
    EXPECT_EQ(sorted(connection, std::string("SELECT e.Id FROM CalendarView JOIN Events e ON e.Id "
                                             "= CalendarView.Id WHERE ") +
                                     kMonth),
              shared)
        << pushdown;
    const TextRow occurrence =
        connection.query(std::string("SELECT Id FROM CalendarView WHERE Type = 'occurrence' AND ") +
                         kMonth + " LIMIT 1")[0];
    EXPECT_TRUE(
        connection.query("SELECT Id FROM Events WHERE Id = '" + *occurrence[0] + "'").empty());
  }
}

// $select loses these two there.
TEST_F(CalendarView, GivesTheTimesThatSelectLoses) {
  const Connection connection(tenant_->connection_string());
  for (const TextRow& row : connection.query(
           std::string("SELECT CreatedDateTime, LastModifiedDateTime FROM CalendarView WHERE ") +
           kMonth)) {
    EXPECT_TRUE(row[0].has_value());
    EXPECT_TRUE(row[1].has_value());
  }
}

TEST_F(CalendarView, PushdownChangesNoRow) {
  const Connection on(tenant_->connection_string("Pushdown=on"));
  const Connection off(tenant_->connection_string("Pushdown=off"));
  const std::string where = std::string("WHERE ") + kMonth;
  const std::string kQueries[] = {
      "SELECT * FROM CalendarView " + where,
      "SELECT Id, Subject FROM CalendarView " + where + " AND IsAllDay = 1",
      "SELECT Id, Subject FROM CalendarView " + where + " AND Subject LIKE 'Boundary%'",
      "SELECT Id FROM CalendarView " + where + " AND LastModifiedDateTime < {d '2026-04-01'}",
      "SELECT Id FROM CalendarView " + where + " AND Start_DateTime >= {d '2026-06-01'}",
      "SELECT Type, COUNT(*) FROM CalendarView " + where + " GROUP BY Type",
      "SELECT Id FROM CalendarView " + where + " AND Id IN (SELECT Id FROM Events)",
      "SELECT a.Id FROM CalendarView a JOIN CalendarView b ON a.Id = b.Id AND a.StartDateTime = "
      "b.StartDateTime AND a.EndDateTime = b.EndDateTime WHERE b.StartDateTime = {d '2026-06-01'} "
      "AND b.EndDateTime = {d '2026-06-08'}",
      "SELECT u.Id, c.Id FROM Users u JOIN CalendarView c ON c.UserId = u.Id WHERE "
      "c.StartDateTime = {d '2026-06-01'} AND c.EndDateTime = {d '2026-06-08'} AND u.Mail LIKE "
      "'a%'",
  };
  for (const std::string& sql : kQueries) {
    const auto rows = sorted(off, sql);
    EXPECT_EQ(sorted(on, sql), rows) << sql;
    EXPECT_FALSE(rows.empty()) << sql;
  }
  EXPECT_EQ(on.query("SELECT Id FROM CalendarView " + where + " ORDER BY Start_DateTime, Id"),
            off.query("SELECT Id FROM CalendarView " + where + " ORDER BY Start_DateTime, Id"));
}

TEST_F(CalendarView, IsSortedByTheTimesItShows) {
  const Connection connection(tenant_->connection_string());
  for (const std::string& table :
       {"CalendarView WHERE " + std::string(kMonth), std::string("Events")}) {
    const auto rows =
        connection.query("SELECT Start_DateTime FROM " + table + " ORDER BY Start_DateTime");
    EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end())) << table;
  }
}

TEST_F(CalendarView, TakesMarkers) {
  const Connection connection(tenant_->connection_string());
  Statement statement(connection);
  statement.prepare(
      "SELECT COUNT(*) FROM CalendarView WHERE StartDateTime = ? AND EndDateTime = ?");
  SQLSMALLINT type = 0;
  SQLULEN size = 0;
  SQLSMALLINT digits = 0;
  SQLSMALLINT nullable = 0;
  statement.check(SQLDescribeParam(statement.handle(), 1, &type, &size, &digits, &nullable));
  EXPECT_EQ(type, SQL_TYPE_TIMESTAMP);
  SQL_TIMESTAMP_STRUCT bounds[] = {{2026, 6, 1, 0, 0, 0, 0}, {2026, 6, 8, 0, 0, 0, 0}};
  for (SQLUSMALLINT i = 0; i < 2; ++i) {
    statement.check(SQLBindParameter(statement.handle(), static_cast<SQLUSMALLINT>(i + 1),
                                     SQL_PARAM_INPUT, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 27,
                                     7, &bounds[i], 0, nullptr));
  }
  tenant_->forget();
  statement.execute();
  const auto week = statement.fetch_all();
  EXPECT_EQ(tenant_->requests().size(), 1u);
  EXPECT_EQ(week, connection.query("SELECT COUNT(*) FROM CalendarView WHERE StartDateTime = "
                                   "'2026-06-01' AND EndDateTime = '2026-06-08'"));
  EXPECT_NE(week[0][0], "0");
  SQLFreeStmt(statement.handle(), SQL_CLOSE);
  bounds[0].year = 2025;
  statement.execute();
  EXPECT_NE(statement.fetch_all(), week);
}

// Pages are small where all properties have to come along.
TEST_F(CalendarView, ReadsAllPages) {
  const Connection connection(tenant_->connection_string());
  const std::string years =
      "FROM CalendarView WHERE StartDateTime = {d '2024-01-01'} AND EndDateTime = {d '2028-01-01'}";
  tenant_->forget();
  const auto rows = connection.query("SELECT Id, CreatedDateTime " + years);
  EXPECT_GT(rows.size(), 300u);
  EXPECT_EQ(tenant_->requests().size(), (rows.size() + 99) / 100);
  EXPECT_EQ(std::set<TextRow>(rows.begin(), rows.end()).size(), rows.size());
}

}  // namespace
}  // namespace graphodbc::test
