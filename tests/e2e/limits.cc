#include "tests/e2e/limits.h"

#include <algorithm>
#include <utility>

#include "tests/e2e/odbc.h"

namespace graphodbc::test {
namespace {

using Probe = std::function<LimitOutcome(const Tenant&)>;

std::string repeat(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}
std::string list(const std::string& item, int count) {
  return item + repeat(", " + item, count - 1);
}
// 'prefix1', 'prefix2', ...
std::string values(const std::string& prefix, int count) {
  std::string out;
  for (int i = 1; i <= count; ++i) {
    out += (out.empty() ? "'" : ", '") + prefix + std::to_string(i) + "'";
  }
  return out;
}

LimitOutcome first_of(const std::vector<Diagnostic>& found) {
  if (found.empty()) return {};
  return {found.front().state, found.front().message};
}

// Runs the statement to its end. What was seen is the first value.
LimitOutcome outcome_of(const std::string& connection_string, const std::string& sql) {
  try {
    const std::vector<TextRow> rows = Connection(connection_string).query(sql);
    return {"", rows.empty() ? "no row" : rows.front().front().value_or("NULL")};
  } catch (const OdbcError& error) {
    return first_of(error.records);
  }
}
Probe run(std::string sql, std::string keys = "") {
  return [sql = std::move(sql), keys = std::move(keys)](const Tenant& tenant) {
    return outcome_of(tenant.connection_string(keys), sql);
  };
}

// The same; what was seen are the requests that the statement sent.
Probe requests_of(const std::string& sql, const std::string& keys = "") {
  return [probe = run(sql, keys)](const Tenant& tenant) {
    tenant.forget();
    LimitOutcome outcome = probe(tenant);
    if (!outcome.state.empty()) return outcome;
    outcome.message.clear();
    for (const auto& request : tenant.requests()) {
      outcome.message +=
          (outcome.message.empty() ? "" : ", ") + request.method + ' ' + request.path;
    }
    return outcome;
  };
}

// Runs `call` on a statement; what counts is its first record, also after a success.
Probe on_statement(std::function<void(SQLHSTMT)> call) {
  return [call = std::move(call)](const Tenant& tenant) {
    const Connection connection(tenant.connection_string());
    const Statement statement(connection);
    call(statement.handle());
    return first_of(statement.diagnostics());
  };
}
Probe on_connection(std::function<void(SQLHDBC)> call) {
  return [call = std::move(call)](const Tenant& tenant) {
    const Connection connection(tenant.connection_string());
    call(connection.handle());
    return first_of(diagnostics(SQL_HANDLE_DBC, connection.handle()));
  };
}
Probe statement_attribute(SQLINTEGER attribute, SQLULEN value) {
  return on_statement([=](SQLHSTMT statement) {
    SQLSetStmtAttr(statement, attribute, reinterpret_cast<SQLPOINTER>(value), 0);
  });
}
Probe connection_attribute(SQLINTEGER attribute, SQLULEN value) {
  return on_connection([=](SQLHDBC connection) {
    SQLSetConnectAttr(connection, attribute, reinterpret_cast<SQLPOINTER>(value), 0);
  });
}
// Runs `call` on a statement with a fetched row.
Probe on_row(std::function<void(SQLHSTMT)> call) {
  return on_statement([call = std::move(call)](SQLHSTMT statement) {
    std::string sql = "SELECT Id FROM Messages";
    SQLExecDirect(statement, reinterpret_cast<SQLCHAR*>(sql.data()), SQL_NTS);
    SQLFetch(statement);
    call(statement);
  });
}
// Connects, with `keys` before those of the tenant.
Probe connecting(std::string keys) {
  return [keys = std::move(keys)](const Tenant& tenant) -> LimitOutcome {
    try {
      const Connection connection(tenant.connection_string(keys));
      return first_of(diagnostics(SQL_HANDLE_DBC, connection.handle()));
    } catch (const OdbcError& error) {
      return first_of(error.records);
    }
  };
}

std::string code(const std::string& text) {
  return '`' + text + '`';
}

class Table {
 public:
  explicit Table(std::vector<Limit>& limits, std::string section)
      : limits_(limits), section_(std::move(section)) {}
  // A statement that stands in the page as it is run.
  Table& sql(const std::string& text, const char* state, const char* says, const char* instead) {
    return add(code(text), state, says, instead, run(text));
  }
  Table& add(std::string what, const char* state, const char* says, const char* instead,
             Probe probe) {
    limits_.push_back({section_, std::move(what), state, says, instead, std::move(probe)});
    return *this;
  }

 private:
  std::vector<Limit>& limits_;
  std::string section_;
};

void add_writing(std::vector<Limit>& all) {
  const char* const read_only = "This version only reads: change it in Outlook or through Graph.";
  const std::string insert = "INSERT INTO Contacts (DisplayName) VALUES ('Ann')";
  Table(all, "writing")
      .sql(insert, "25006", "ReadOnly=yes", read_only)
      .sql("UPDATE Messages SET IsRead = 1 WHERE Id = 'x'", "25006", "ReadOnly=yes", read_only)
      .sql("DELETE FROM Events WHERE Id = 'x'", "25006", "ReadOnly=yes", read_only)
      .sql("{CALL p(1)}", "25006", "ReadOnly=yes", "There are no procedures.")
      .add("the same with `ReadOnly=no`", "HYC00", "this version only reads",
           "The key moves no limit yet; leave it out.", run(insert, "ReadOnly=no"))
      .sql("DELETE FROM Events", "42000", "needs a WHERE",
           "UPDATE and DELETE of a whole table are refused before anything else.")
      .sql("CREATE TABLE t (n INTEGER)", "HYC00", "CREATE is not supported",
           "Nothing is stored here: use WITH for a result that a statement needs twice.")
      .sql("SELECT Id INTO t FROM Messages", "HYC00", "SELECT INTO is not supported",
           "Insert what is fetched into another data source.")
      .sql("DROP TABLE Messages", "HYC00", "the tables are Graph's", "The set of tables is fixed.")
      .sql("SELECT Id FROM Messages FOR UPDATE", "HYC00", "FOR UPDATE is not supported",
           "Leave it out: rows are read, never locked.")
      .sql("DELETE FROM Events WHERE CURRENT OF c", "HYC00", "CURRENT OF", "See DELETE.");
}

void add_sql(std::vector<Limit>& all) {
  const std::string calendar = "SELECT Id FROM CalendarView";
  Table(all, "sql")
      .sql("SELECT 1; SELECT 2", "42000", "1:", "One statement at a time.")
      .sql("SET x = 1", "42000", "expected SELECT", "Settings are connection keys and attributes.")
      .sql("SELECT 1 INTERSECT ALL SELECT 1", "HYC00", "INTERSECT ALL is not supported",
           "INTERSECT without ALL, or a join on counted groups.")
      .sql("SELECT 1 EXCEPT ALL SELECT 1", "HYC00", "EXCEPT ALL is not supported",
           "EXCEPT without ALL, or NOT EXISTS.")
      .sql("SELECT IsRead, COUNT(*) FROM Messages GROUP BY ROLLUP(IsRead)", "HYC00",
           "ROLLUP is not supported", "UNION ALL of one GROUP BY each; so for CUBE, GROUPING SETS.")
      .sql("SELECT COUNT(DISTINCT IsRead) OVER () FROM Messages", "42000", "takes no DISTINCT",
           "COUNT(DISTINCT ...) in a sub-query.")
      .sql("SELECT SUM(1) OVER (ORDER BY Subject RANGE 1 PRECEDING) FROM Messages", "42000",
           "needs one ORDER BY key, a number", "ROWS or GROUPS with an offset.")
      .sql(
          "SELECT SUM(n) OVER (ORDER BY n RANGE 1 PRECEDING) FROM (SELECT CAST(1 AS DECIMAL(38, "
          "20)) AS n) t",
          "HYC00", "use ROWS or GROUPS",
          "RANGE with an offset takes numbers of at most 18 decimals.")
      .sql("SELECT Subject FROM Messages GROUP BY IsRead", "42000", "neither grouped nor",
           "Every column of the result is grouped or in an aggregate.")
      .sql("SELECT 1 FROM other.graph.Messages", "42S02", "can be left out",
           "There are no catalogs; the one schema is `graph`.")
      .sql("SELECT Id FROM Messages WHERE GRAPH_SEARCH('a') OR IsRead = 1", "42000",
           "among the ANDs of a WHERE", "Search in Messages alone, once, beside ANDs.");
  Table(all, "tables")
      .sql(calendar, "42000", "add WHERE StartDateTime",
           "CalendarView is read for one window: give both bounds by `=`.")
      .sql(calendar + " WHERE StartDateTime = {d '2020-01-01'} AND EndDateTime = {d '2025-01-01'}",
           "42000", "1825",
           "Graph expands at most 1825 days: split the window; UNION keeps what is in both once.")
      .sql(calendar + " WHERE StartDateTime > {d '2026-01-01'}", "42000", "StartDateTime = ",
           "A range gives no window; `Start_DateTime` is what conditions compare.")
      .add(
          "a table of a mailbox, signed in as the application", "42000", "set Account",
          "An application has no mailbox: `Account` in the connection, or `WHERE UserId = '...'`.",
          [](const Tenant& tenant) {
            const std::string keys =
                "Driver=graphodbc;AuthMode=ClientCredentials;GraphUrl=" + tenant.fact("graph_url") +
                ";TokenUrl=" + tenant.fact("token_url") + ";ClientId=" + tenant.fact("client_id") +
                ";ClientSecret={" + tenant.fact("client_secret") + "}";
            return outcome_of(keys, "SELECT Id FROM Messages");
          });
}

void add_sizes(std::vector<Limit>& all) {
  const auto select = [](const std::string& what) { return run("SELECT " + what); };
  Table(all, "sizes")
      .add("a statement of more than 1 MB", "42000", "the limit is 1048576 bytes",
           "Pass long values as parameters.", select("'" + std::string(1 << 20, 'x') + "'"))
      .add("more than 1000 parameter markers", "42000", "the limit is 1000 parameter markers",
           "Several statements, or literals.",
           run("SELECT Id FROM Messages WHERE Id IN (" + list("?", 1001) + ")"))
      .add("more than 16384 members of an IN list or of VALUES", "42000",
           "the limit is 16384 list members", "A sub-query, or several statements.",
           run("SELECT Id FROM Messages WHERE Id IN (" + list("'x'", 16385) + ")"))
      .add("more than 500 columns in a SELECT list", "42000", "the limit is 500 select items",
           "Name the columns that are needed.", select(list("1", 501)))
      .add("more than 64 tables in a FROM", "42000", "the limit is 64 tables",
           "Several derived tables, each with a FROM of its own.",
           select("1 FROM " + list("Me", 65)))
      .add("more than 200 nesting levels", "42000", "the limit is 200 nesting levels",
           "WITH names instead of nested sub-queries.",
           select(repeat("(", 201) + "1" + repeat(")", 201)))
      .add("more than 32 nested ODBC escapes", "42000", "the limit is 32 nested escapes",
           "The functions without `{fn }`.",
           select(repeat("{fn UCASE(", 33) + "'a'" + repeat(")}", 33)))
      .add("more than 2000 columns in a result", "42000", "more than 2000 result columns",
           "Name columns instead of `*`.", select(list("m.*", 60) + " FROM Messages m WHERE 1 = 0"))
      .add("more than 200 windows in one SELECT", "42000", "more than 200 windows",
           "Compute some in a derived table.",
           [] {
             std::string names;
             for (int i = 0; i < 201; ++i) {
               names += (i == 0 ? "w" : ", w") + std::to_string(i) + " AS (ORDER BY 1)";
             }
             return run("SELECT 1 FROM Me WINDOW " + names);
           }())
      .add("a number of more than 38 digits", "22003", "", "DOUBLE, or text.",
           select("CAST('" + std::string(39, '9') + "' AS DECIMAL(38, 0))"))
      .add("a type of more than 38 digits", "42000", "38", "DECIMAL(38, n) at most.",
           select("CAST(1 AS DECIMAL(39, 0))"))
      .add("joins, sorts and groups that hold more than `MaxLocalMemory`", "HY001",
           "or raise MaxLocalMemory",
           "Narrow the WHERE, select fewer or shorter columns, or raise the key (MiB, for all "
           "connections of the process; 1024).",
           run("SELECT a.Id FROM Messages a, Messages b ORDER BY b.Subject, a.Subject",
               "MaxLocalMemory=1"));
}

void add_calls(std::vector<Limit>& all) {
  static SQLULEN number = 1;
  static SQLLEN indicator = SQL_NTS;
  const char* const forward = "Only SQL_FETCH_NEXT: keep rows that are needed again.";
  Table(all, "calls")
      .add("SQL_ATTR_CURSOR_TYPE other than SQL_CURSOR_FORWARD_ONLY", "01S02", "was changed to 0",
           forward, statement_attribute(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC))
      .add("SQL_ATTR_CURSOR_SCROLLABLE", "01S02", "was changed to 0", forward,
           statement_attribute(SQL_ATTR_CURSOR_SCROLLABLE, SQL_SCROLLABLE))
      .add("SQLFetchScroll with anything but SQL_FETCH_NEXT", "HY106", "SQL_FETCH_NEXT", forward,
           on_row([](SQLHSTMT s) { SQLFetchScroll(s, SQL_FETCH_PRIOR, 0); }))
      .add("SQL_ATTR_CONCURRENCY other than SQL_CONCUR_READ_ONLY", "01S02", "was changed to 1",
           "Nothing is locked.", statement_attribute(SQL_ATTR_CONCURRENCY, SQL_CONCUR_LOCK))
      .add("SQL_ATTR_USE_BOOKMARKS", "01S02", "was changed to 0", "Keep the key columns.",
           statement_attribute(SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE))
      .add("SQLSetPos with anything but SQL_POSITION", "HYC00", "not changed, refreshed or locked",
           "Rows can be positioned on for SQLGetData.",
           on_row([](SQLHSTMT s) { SQLSetPos(s, 1, SQL_REFRESH, SQL_LOCK_NO_CHANGE); }))
      .add("SQLBulkOperations", "HYC00", "cannot be changed through a cursor",
           "Rows cannot be written.", on_row([](SQLHSTMT s) { SQLBulkOperations(s, SQL_ADD); }))
      .add("SQL_ATTR_PARAMSET_SIZE over 1 with a query", "HYC00", "execute once for each set",
           "Execute once for each set, or use IN.", on_statement([](SQLHSTMT s) {
             SQLSetStmtAttr(s, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(2), 0);
             SQLBindParameter(s, 1, SQL_PARAM_INPUT, SQL_C_ULONG, SQL_INTEGER, 0, 0, &number, 0,
                              nullptr);
             std::string sql = "SELECT ?";
             SQLExecDirect(s, reinterpret_cast<SQLCHAR*>(sql.data()), SQL_NTS);
           }))
      .add("output parameters", "HYC00", "parameters are input only", "There are no procedures.",
           on_statement([](SQLHSTMT s) {
             SQLBindParameter(s, 1, SQL_PARAM_OUTPUT, SQL_C_ULONG, SQL_INTEGER, 0, 0, &number, 0,
                              &indicator);
           }))
      .add("SQL_ATTR_ASYNC_ENABLE", "HYC00", "is not supported",
           "Run statements on threads of your own; SQLCancel may be called from another.",
           statement_attribute(SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON))
      .add("SQL_ATTR_ENABLE_AUTO_IPD", "HYC00", "is not supported", "SQLDescribeParam.",
           statement_attribute(SQL_ATTR_ENABLE_AUTO_IPD, SQL_TRUE))
      .add("SQL_ATTR_TXN_ISOLATION", "HYC00", "there are no transactions",
           "Each request sees the mailbox of its moment; there are no snapshots.",
           connection_attribute(SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE))
      .add("SQL_ATTR_AUTOCOMMIT off, then SQLEndTran", "", "",
           "Taken without effect, because some clients insist on it.", on_connection([](SQLHDBC c) {
             SQLSetConnectAttr(c, SQL_ATTR_AUTOCOMMIT,
                               reinterpret_cast<SQLPOINTER>(SQL_AUTOCOMMIT_OFF), 0);
             SQLEndTran(SQL_HANDLE_DBC, c, SQL_ROLLBACK);
           }))
      .add("SQL_ATTR_CURRENT_CATALOG", "HYC00", "no catalogs", "Choose a mailbox by `UserId`.",
           on_connection([](SQLHDBC c) {
             std::string name = "other";
             SQLSetConnectAttr(c, SQL_ATTR_CURRENT_CATALOG, name.data(), SQL_NTS);
           }))
      .add("an unknown connection key", "01S00", "NoSuchKey", "`graphodbc help keys` lists them.",
           connecting("NoSuchKey=1"));
}

// What happens without a word; the outcome says how it was seen.
void add_quiet(std::vector<Limit>& all) {
  Table(all, "quiet")
      .add("`Id IN (...)` of more than 20 values", "", "POST /$batch, POST /$batch",
           "A `$batch` holds 20 reads: one request for each 20 values.",
           requests_of("SELECT Id FROM Users WHERE Id IN (" + values("a", 22) + ")"))
      .add("`Id IN (...)` of more than 500 values", "", "GET /users",
           "The table is read whole instead, and compared here.",
           requests_of("SELECT Id FROM Users WHERE Id IN (" + values("a", 501) + ")"))
      .add("another column's IN of more than 15 values", "", "POST /$batch",
           "15 values to a request, in one `$batch`.",
           requests_of("SELECT Id FROM Users WHERE Mail IN (" + values("a", 16) + ")"))
      .add("a join over more keys than `MaxDependentKeys` (500)", "", "GET /users, GET /users",
           "The other table is read whole instead of by its keys.",
           requests_of("SELECT Id FROM Users WHERE Id IN (SELECT Id FROM Users LIMIT 2)",
                       "MaxDependentKeys=1"))
      .add("long text and JSON, `Body_Content` for example", "", "-10",
           "Described as SQL_WLONGVARCHAR: SQLGetData in parts.",
           [](const Tenant& tenant) -> LimitOutcome {
             const Connection connection(tenant.connection_string());
             Statement statement(connection);
             statement.prepare("SELECT Body_Content FROM Messages");
             SQLSMALLINT type = 0;
             SQLDescribeCol(statement.handle(), 1, nullptr, 0, nullptr, &type, nullptr, nullptr,
                            nullptr);
             return {"", std::to_string(type)};
           })
      .add("a timestamp of more than 7 decimals", "", "2026-01-02 03:04:05.1234567",
           "Graph counts in 100 ns; what is finer is cut.",
           run("SELECT CAST('2026-01-02 03:04:05.123456789' AS TIMESTAMP(9))"))
      .add("`GRAPH_SEARCH` that finds more than 1000 messages", "", "1000",
           "Graph hands out the first 1000: narrow the search, by dates (`received>=...`) for "
           "example.",
           run("SELECT COUNT(*) FROM Messages WHERE GRAPH_SEARCH('a')"))
      .add("SQLRowCount after a query", "", "-1", "Rows stream, and nobody knows yet: COUNT(*).",
           [](const Tenant& tenant) -> LimitOutcome {
             const Connection connection(tenant.connection_string());
             Statement statement(connection);
             statement.execute("SELECT Id FROM Messages");
             SQLLEN count = 0;
             SQLRowCount(statement.handle(), &count);
             return {"", std::to_string(count)};
           })
      .add("SQLMoreResults", "", "100", "SQL_NO_DATA: a statement has one result.",
           [](const Tenant& tenant) -> LimitOutcome {
             const Connection connection(tenant.connection_string());
             Statement statement(connection);
             statement.execute("SELECT Id FROM Messages");
             return {"", std::to_string(SQLMoreResults(statement.handle()))};
           });
}

}  // namespace

const std::vector<Limit>& limits() {
  static const std::vector<Limit> kLimits = [] {
    std::vector<Limit> all;
    add_writing(all);
    add_sql(all);
    add_sizes(all);
    add_calls(all);
    add_quiet(all);
    return all;
  }();
  return kLimits;
}

std::vector<std::string> limit_sections() {
  return {"writing", "sql", "tables", "sizes", "calls", "quiet"};
}

std::string limits_as_markdown(const std::string& section) {
  const bool quiet = section == "quiet";
  std::string text = quiet ? "| what | instead |\n| --- | --- |"
                           : "| what | SQLSTATE | instead |\n| --- | --- | --- |";
  for (const Limit& limit : limits()) {
    if (limit.section != section) continue;
    text += "\n| " + limit.what;
    if (!quiet) text += " | " + (limit.state.empty() ? "none" : limit.state);
    text += " | " + limit.instead + " |";
  }
  return text;
}

}  // namespace graphodbc::test
