#include "tests/e2e/oracle.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <regex>
#include <stdexcept>

#include "tests/e2e/oracle_functions.h"

namespace graphodbc::test {
namespace {

constexpr int kInstructionsACall = 1000;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementPointer = std::unique_ptr<sqlite3_stmt, Finalize>;

[[noreturn]] void fail(sqlite3* database, const std::string& sql) {
  throw std::runtime_error(std::string("oracle: ") + sqlite3_errmsg(database) + " in " + sql);
}

StatementPointer prepare(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int length = static_cast<int>(sql.size());
  if (sqlite3_prepare_v2(database, sql.c_str(), length, &statement, nullptr) != SQLITE_OK) {
    fail(database, sql);
  }
  return StatementPointer(statement);
}

void bind(sqlite3_stmt* statement, int index, const OracleValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    sqlite3_bind_int64(statement, index, *number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    sqlite3_bind_double(statement, index, *real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    sqlite3_bind_text(statement, index, text->data(), static_cast<int>(text->size()),
                      SQLITE_TRANSIENT);
  } else {
    sqlite3_bind_null(statement, index);
  }
}

Text column_text(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return std::nullopt;
    case SQLITE_FLOAT: {
      char buffer[40];
      std::snprintf(buffer, sizeof buffer, "%.17g", sqlite3_column_double(statement, column));
      return buffer;
    }
    default: {
      const auto* text = sqlite3_column_text(statement, column);
      const int length = sqlite3_column_bytes(statement, column);
      return std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
    }
  }
}

bool is_number(SQLSMALLINT type) {
  return type == SQL_BIT || type == SQL_SMALLINT || type == SQL_INTEGER || type == SQL_BIGINT ||
         type == SQL_REAL || type == SQL_DOUBLE || type == SQL_TINYINT;
}

OracleValue stored(const Text& cell, const ColumnInfo& column) {
  if (!cell) return nullptr;
  if (column.type == SQL_TYPE_TIMESTAMP) return seven_digits(*cell);
  const std::string& text = *cell;
  if (column.type == SQL_REAL || column.type == SQL_DOUBLE) {
    return std::strtod(text.c_str(), nullptr);
  }
  if (is_number(column.type)) return static_cast<std::int64_t>(std::atoll(text.c_str()));
  return text;
}

Result read(const Connection& connection, const std::string& sql) {
  Statement statement(connection);
  statement.execute(sql);
  Result result;
  result.columns = describe(statement);
  result.rows = statement.fetch_all();
  return result;
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

// The tables of a mailbox or drive: rows of one context at a time.
struct ContextTable {
  const char* name;
  const char* context;
  const char* contexts;  // all of them
};
constexpr ContextTable kContextTables[] = {
    {"Messages", "UserId", "SELECT Id FROM graph.Users"},
    {"MailFolders", "UserId", "SELECT Id FROM graph.Users"},
    {"Events", "UserId", "SELECT Id FROM graph.Users"},
    {"Contacts", "UserId", "SELECT Id FROM graph.Users"},
    {"DriveItems", "DriveId", "SELECT Id FROM graph.Drives"},
};

}  // namespace

Oracle::Oracle() {
  if (sqlite3_open(":memory:", &database_) != SQLITE_OK) {
    throw std::runtime_error("oracle: SQLite does not open");
  }
  register_oracle_functions(database_);
  run("ATTACH ':memory:' AS graph");
}

Oracle::~Oracle() {
  sqlite3_close_v2(database_);
}

void Oracle::run(const std::string& sql) const {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(database_, sql);
  }
}

std::vector<TextRow> Oracle::query(const std::string& sql,
                                   const std::vector<OracleValue>& values) const {
  const StatementPointer statement = prepare(database_, sql);
  for (std::size_t i = 0; i < values.size(); ++i) {
    bind(statement.get(), static_cast<int>(i + 1), values[i]);
  }
  struct Counter {
    std::size_t left;
  } counter{instructions_ / kInstructionsACall};
  const auto count = [](void* data) { return static_cast<Counter*>(data)->left-- == 0 ? 1 : 0; };
  sqlite3_progress_handler(database_, instructions_ == 0 ? 0 : kInstructionsACall, count, &counter);
  std::vector<TextRow> rows;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    if (rows.size() == rows_) throw TooExpensive();
    TextRow row;
    const int columns = sqlite3_column_count(statement.get());
    for (int i = 0; i < columns; ++i) row.push_back(column_text(statement.get(), i));
    rows.push_back(std::move(row));
  }
  sqlite3_progress_handler(database_, 0, nullptr, nullptr);
  if (code == SQLITE_INTERRUPT) throw TooExpensive();
  if (code != SQLITE_DONE) fail(database_, sql);
  return rows;
}

void Oracle::limit(std::size_t instructions, std::size_t rows) {
  instructions_ = instructions;
  rows_ = rows;
}

Text Oracle::value(const std::string& sql) const {
  const auto rows = query(sql);
  if (rows.empty()) throw std::runtime_error("oracle: no row from " + sql);
  return rows.front().front();
}

void Oracle::create(const std::string& table, const std::string& name,
                    const std::vector<ColumnInfo>& columns) {
  std::string sql;
  for (const ColumnInfo& column : columns) {
    sql += (sql.empty() ? "\"" : ", \"") + column.name + "\"";
    sql += column.type == SQL_REAL || column.type == SQL_DOUBLE ? " REAL"
           : is_number(column.type)                             ? " INTEGER"
                                                                : " TEXT";
    if (column.nocase) sql += " COLLATE FOLD";
  }
  run("CREATE TABLE graph.\"" + name + "\" (" + sql + ")");
  tables_[table] = columns;
}

void Oracle::insert(const std::string& name, const Result& rows) const {
  std::string markers;
  for (std::size_t i = 0; i < rows.columns.size(); ++i) markers += i == 0 ? "?" : ", ?";
  const std::string sql = "INSERT INTO graph.\"" + name + "\" VALUES (" + markers + ")";
  run("BEGIN");
  const StatementPointer statement = prepare(database_, sql);
  for (const TextRow& row : rows.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      bind(statement.get(), static_cast<int>(i + 1), stored(row[i], rows.columns[i]));
    }
    if (sqlite3_step(statement.get()) != SQLITE_DONE) fail(database_, sql);
    sqlite3_reset(statement.get());
  }
  run("COMMIT");
}

void Oracle::load_table(const Connection& connection, const std::string& table, bool everybody) {
  const Result account = read(connection, "SELECT * FROM " + table);
  create(table, table, account.columns);
  insert(table, account);
  const auto* context =
      std::find_if(std::begin(kContextTables), std::end(kContextTables),
                   [&](const ContextTable& candidate) { return table == candidate.name; });
  if (!everybody || context == std::end(kContextTables)) return;
  create(table, table + "_all", account.columns);
  for (const TextRow& row : query(context->contexts)) {
    try {
      insert(table + "_all", read(connection, "SELECT * FROM " + table + " WHERE " +
                                                  context->context + " = " + quoted(*row[0])));
    } catch (const OdbcError& error) {
      // Rooms and guests have no mailbox, and so no rows.
      if (std::string(error.what()).find("MailboxNotEnabled") == std::string::npos) throw;
    }
  }
}

// Message by message, which needs no more of the driver than the path of one parent.
void Oracle::load_attachments(const Connection& connection) {
  bool created = false;
  for (const TextRow& message : query("SELECT Id FROM graph.Messages")) {
    const Result rows =
        read(connection, "SELECT * FROM Attachments WHERE MessageId = " + quoted(*message[0]));
    if (!created) create("Attachments", "Attachments", rows.columns);
    created = true;
    insert("Attachments", rows);
  }
}

void Oracle::load(const Connection& connection, bool everybody) {
  for (const char* table :
       {"Users", "Drives", "Messages", "MailFolders", "Events", "Contacts", "DriveItems"}) {
    load_table(connection, table, everybody);
  }
  const Result occurrences =
      read(connection, std::string("SELECT * FROM CalendarView WHERE ") + kCalendarWindow);
  create("CalendarView", "CalendarView", occurrences.columns);
  insert("CalendarView", occurrences);
  load_attachments(connection);
}

std::string with_oracle_timestamps(const std::string& sql) {
  static const std::regex kLiteral(R"('(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(\.\d+)?Z?)?')");
  std::string out;
  std::size_t done = 0;
  for (std::sregex_iterator found(sql.begin(), sql.end(), kLiteral), end; found != end; ++found) {
    const std::string text = found->str();
    const auto at = static_cast<std::size_t>(found->position());
    out += sql.substr(done, at - done) + "'" + seven_digits(text.substr(1, text.size() - 2)) + "'";
    done = at + text.size();
  }
  return out + sql.substr(done);
}

}  // namespace graphodbc::test
