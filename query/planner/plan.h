// What one execution of a query asks Graph for, and what is left to do with the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/expression/expression.h"
#include "query/pushdown/pushed.h"
#include "query/session.h"
#include "schema/table.h"

namespace graphodbc::query {

using Options = std::vector<std::pair<std::string, std::string>>;

// One collection or item to read. The listings of a plan share `$batch`es.
struct Listing {
  std::string path;          // percent-encoded, below the version root
  std::string context_path;  // "/me", "/users/x": for the paths of a walk; may be empty
  // The same with {UserId} and the like for what listings of one kind differ in, for EXPLAIN.
  std::string pattern;
  std::string context_pattern;
  std::string mailbox;          // throttle bucket
  bool single = false;          // an item read: 404 is no row
  bool may_be_missing = false;  // a listing below a key that a condition named: 404 is no row
  // What this listing's $filter says beside the plan's (planner/in_batches.h); may be empty.
  std::string filter;
  // Of a key read: path of the item that is no row (schema::Table::unlisted_path), or of the list
  // whose rows tell what is one (schema::Listed::alike); may be empty.
  std::string unlisted;
  // Values that the scan puts into every row: table column and text, times as OData has them.
  // Columns of the roles context,
  // parent and input that are not here are null, or read from the row.
  std::vector<std::pair<std::uint32_t, std::string>> constants;
};

// A condition as it was pushed, for EXPLAIN.
struct PushNote {
  std::string sql;
  std::string odata;
  schema::PushClass push_class = schema::PushClass::kExact;
};

// How much of a plan the service may be asked for; lowered by the fallback (sql-dialect.md 9.5).
struct PushLevel {
  bool filter = true;
  bool order = true;  // of a query that can do without (TableQuery::for_engine)
};

struct ScanPlan {
  const schema::Table* table = nullptr;
  std::string nothing;  // why no row can come and no request is made; empty: rows can come
  std::vector<Listing> listings;
  bool walk = false;     // rows that can be descended into are (schema::Walk)
  bool fan_out = false;  // the listings are of the parents, whose pages hold the rows
  bool keyed = false;    // TableQuery::keyed

  Options query;       // of collection reads: $select, $filter, $orderby, $top ...
  Options item_query;  // of item reads
  Options headers;
  std::uint32_t page_size = 0;  // the $top in `query`; 0: none
  // Most requests in one $batch; 1: none are batched, because the rows are large.
  std::size_t lists_in_batch = 0;
  std::size_t items_in_batch = 0;

  // Table column of each scan column: first the outputs that are plain columns, in their order,
  // then what conditions, computed outputs, keys and walks need.
  std::vector<std::uint32_t> columns;
  std::optional<std::uint32_t> key_column;  // scan column of Id, where rows are de-duplicated
  // Scan column of Id, where listings have filters of their own: a row may come from several.
  std::optional<std::uint32_t> repeated_id;
  // Where a listing has `unlisted`: scan column of what is compared with its answer.
  std::optional<std::uint32_t> unlisted_column;
  std::optional<std::uint32_t> walk_id;  // scan columns that a walk reads
  std::optional<std::uint32_t> walk_condition;
  // Scan column of the context (UserId) when the signed-in user's id must be looked up for it.
  std::optional<std::uint32_t> lookup_column;

  // Over the scan's row. Everything is checked again, also what was pushed: a service that ignores
  // or widens a filter must not change the answer.
  ExpressionPtr check;
  // What every row meets if the service honoured $filter, as far as that can be told from a row;
  // null without $filter. A row that fails shows that the filter was ignored or widened, and then
  // the page links (positions in another list) cannot be trusted either.
  ExpressionPtr claim;
  std::optional<std::uint32_t> id_column;  // scan column of Id; set with `claim`
  std::vector<ExpressionPtr> outputs;
  bool plain = false;  // outputs are the first scan columns, in order

  std::uint64_t limit = UINT64_MAX;
  std::uint64_t offset = 0;
  // Why the service cannot give the rows in the order asked for; empty: it can, or none is asked
  // for. Such a plan is not run: the local engine sorts.
  std::string unsorted;

  // The rows' number instead of the rows: set where the service counts exactly what the conditions
  // keep (sql-dialect.md 9.4, decisions.md 10). The only listing is asked so.
  std::optional<Options> count_query;
  Options count_headers;

  std::vector<PushNote> pushed;
  std::string order_by;     // what was pushed of ORDER BY, for EXPLAIN
  std::string residual;     // conditions that Graph does not settle, for EXPLAIN
  bool has_filter = false;  // `query` has $filter
  bool has_order = false;   // `query` has $orderby
  bool has_search = false;  // `query` has $search
  std::string refusal_key;  // what the connection remembers when the service refuses the request
};

}  // namespace graphodbc::query
