// What the driver sees of the query engine: a session a connection, a query a statement.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/row_source.h"
#include "base/sql_type.h"
#include "base/time_zone.h"
#include "base/value.h"

namespace graphodbc::graph {
class Client;
struct ScanRequest;
class BatchScan;
struct BatchLimits;
}  // namespace graphodbc::graph
namespace graphodbc::schema {
class Registry;
}

namespace graphodbc::query {

enum class Nullability : std::uint8_t { kNoNulls = 0, kNullable = 1, kUnknown = 2 };

// One column of a result; known after prepare, without a request.
struct ResultColumn {
  std::string name;   // alias, else the schema's spelling; empty for an unnamed expression
  std::string label;  // same as name, or the expression's position name when unnamed
  base::TypeInfo type;
  Nullability nullability = Nullability::kUnknown;
  bool searchable = true;
  bool case_sensitive = true;
  std::string base_table;  // empty for expressions
  std::string base_column;
};

// One parameter marker, left to right.
struct ParameterInfo {
  base::TypeInfo type;  // WVARCHAR(4000) when nothing determines it
  bool inferred = false;
  Nullability nullability = Nullability::kNullable;
};

struct SessionOptions {
  bool pushdown = true;           // Pushdown=on|off
  bool pushdown_fallback = true;  // sql-dialect.md 9.5
  bool server_count = false;      // CountMode=server (decisions.md 10)
  bool read_only = true;          // decisions.md 14
  bool immutable_ids = true;      // decisions.md 29
  bool nocase = false;            // Collation=nocase
  bool order_by_text = false;     // OrderByText=server: texts in the service's order
  base::TimeZone time_zone;       // TimeZone: of CURRENT_DATE and CURRENT_TIME
  // Bytes that the local engine may hold for the whole process; the last session's counts.
  std::uint64_t max_local_memory = std::uint64_t{1} << 30;
  // Distinct values of one side of a join that the other side is read by; with more it is read as a
  // whole. 0: always.
  std::size_t max_dependent_keys = 500;
  std::string account;    // Account; empty: /me
  bool app_only = false;  // no signed-in user: /me is never called (decisions.md 5)
  std::string user_name;  // USER(): signed-in UPN, an application's id, or empty
  // ValidateScopes: what the token grants. A statement whose tables need more is refused with 42000
  // when it is executed, before any request. nullopt: Graph decides.
  std::optional<std::vector<std::string>> granted;
  bool account_is_another = false;  // Account is not the signed-in user
  std::shared_ptr<base::Log> log;
};

struct ExecuteOptions {
  std::uint64_t max_rows = 0;                                     // SQL_ATTR_MAX_ROWS; 0: no limit
  std::optional<std::chrono::steady_clock::time_point> deadline;  // query timeout
};

// A prepared statement. Not thread-safe: the statement's mutex guards it.
class Query {
 public:
  virtual ~Query() = default;
  // Empty when the statement gives no result set.
  virtual const std::vector<ResultColumn>& columns() const = 0;
  virtual const std::vector<ParameterInfo>& parameters() const = 0;
  // The statement with the application's types for the markers that nothing determined, whose
  // columns may differ (sql-dialect.md 4.7). `types` has one a marker; unknown ones, and those of
  // other markers, do not count. Made without network and kept for the next time; null when nothing
  // changes. Throws Error as prepare() does.
  virtual std::shared_ptr<Query> with_types(std::span<const base::TypeInfo> types) = 0;
  // One value a marker, in order. The rows keep what they need: the query may be executed again or
  // destroyed while they live. Throws Error (07002 when too few, 22xxx for bad constants).
  virtual std::unique_ptr<base::RowSource> execute(std::span<const base::Value> parameters,
                                                   const ExecuteOptions& options) = 0;
};

// Where the rows of a scan come from: the Graph client, or a test's own.
using ScanFactory = std::function<std::unique_ptr<base::RowSource>(graph::ScanRequest)>;
// The rows of several requests that share `$batch`es.
using BatchFactory = std::function<std::unique_ptr<graph::BatchScan>(
    std::vector<graph::ScanRequest>, const graph::BatchLimits&)>;

class Session {
 public:
  // `client` may be null for sessions that only prepare; then execute() of a table is 08003.
  // `registry` must outlive the session.
  Session(const std::shared_ptr<graph::Client>& client, const schema::Registry& registry,
          SessionOptions options);
  // A type of its own, so that a null client is not ambiguous.
  struct Scans {
    ScanFactory make;
    BatchFactory make_batch;
  };
  Session(Scans scans, const schema::Registry& registry, SessionOptions options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Parses, binds and plans, without network. Throws Error (42000, 42S02, 42S22, HYC00, 25006 ...).
  // Thread-safe.
  std::shared_ptr<Query> prepare(std::string_view sql);
  // The statement with escapes resolved, in our dialect (SQLNativeSql).
  std::string native_sql(std::string_view sql) const;

  const schema::Registry& registry() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // shared: queries and running sources outlive a session's handle
};

}  // namespace graphodbc::query
