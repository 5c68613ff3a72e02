// The oracle: the emulator's rows in plain SQLite tables, queried by SQLite alone.
//
// Storage: text as TEXT, timestamps as text "YYYY-MM-DD HH:MM:SS.fffffff", dates as text, numbers
// and BIT as numbers. Columns that compare without case have the collation FOLD.
//
// Every table stands in an attached database "graph", so that `Messages`, `graph.Messages` and
// `"graph"."Messages"."Id"` all resolve. `Messages` holds the rows of the signed-in account, as a
// plain `FROM Messages` means; `Messages_all` those of every user, for the statements that bind
// UserId to a column of Users; so too for the other tables of a mailbox or drive.
//
// Functions of our dialect that SQLite lacks or means otherwise are registered (oracle.cc).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "tests/e2e/odbc.h"
#include "tests/e2e/result.h"

struct sqlite3;

namespace graphodbc::test {

using OracleValue = std::variant<std::nullptr_t, std::int64_t, double, std::string>;

// The window of the oracle's CalendarView.
inline constexpr const char* kCalendarWindow =
    "StartDateTime = {ts '2026-06-01 00:00:00'} AND EndDateTime = {ts '2026-06-15 00:00:00'}";

struct TooExpensive : std::runtime_error {
  TooExpensive() : std::runtime_error("oracle: the query takes too long or gives too many rows") {}
};

class Oracle {
 public:
  Oracle();
  ~Oracle();
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  // Reads Users, Messages, MailFolders, Events, Contacts, DriveItems, Drives and Attachments of the
  // account, and CalendarView of kCalendarWindow. With `everybody` also the _all tables.
  void load(const Connection& connection, bool everybody);

  // Runs one statement; markers take `values` in order. Throws std::runtime_error, and
  // TooExpensive when it takes more than the limits allow.
  std::vector<TextRow> query(const std::string& sql,
                             const std::vector<OracleValue>& values = {}) const;
  void limit(std::size_t instructions, std::size_t rows);

  // The first value of the first row; throws where there is none.
  Text value(const std::string& sql) const;

  const std::map<std::string, std::vector<ColumnInfo>>& tables() const { return tables_; }

 private:
  void run(const std::string& sql) const;
  void create(const std::string& table, const std::string& name,
              const std::vector<ColumnInfo>& columns);
  void insert(const std::string& name, const Result& rows) const;
  void load_table(const Connection& connection, const std::string& table, bool everybody);
  void load_attachments(const Connection& connection);

  sqlite3* database_ = nullptr;
  std::size_t instructions_ = 0;  // 0: no limit
  std::size_t rows_ = SIZE_MAX;
  std::map<std::string, std::vector<ColumnInfo>> tables_;
};

// '2026-01-01', '2026-01-01T00:00:00Z' and the like inside of `sql` in the form in which the oracle
// keeps timestamps.
std::string with_oracle_timestamps(const std::string& sql);

}  // namespace graphodbc::test
