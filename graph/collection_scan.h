// Reading one Graph collection, or one item, as rows.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/row_source.h"
#include "base/value.h"
#include "schema/table.h"

namespace graphodbc::graph {

class Client;
struct RequestContext;
struct ScanStatistics;

// One value to take out of every row.
struct ScanColumn {
  std::vector<std::string> json_path;  // empty: `constant` in every row
  schema::EdmKind edm = schema::EdmKind::kString;
  base::Value constant;
  std::string name;  // for messages: "Messages.Subject"
  // The key of the object that the row was expanded in; `json_path` is empty.
  bool parent_key = false;
};

// Rows that stand inside of a collection's objects ($expand).
struct Expansion {
  std::string member;  // of each object: an array of the rows, "attachments"
  std::string key;     // of each object: the member that identifies it, "id"
  bool operator==(const Expansion&) const = default;
};

struct ScanRequest {
  // Below the version root, percent-encoded segments: "/me/messages".
  std::string path;
  // Decoded pairs in the order they are sent: {"$select","id,subject"}, {"$top","1000"}.
  std::vector<std::pair<std::string, std::string>> query;
  // Resent on every page (contract sheet (c) 4): Prefer, ConsistencyLevel.
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<ScanColumn> columns;

  // The answer is one object, not a collection. 404 and a malformed-id 400 give zero rows
  // (decisions.md 8).
  bool single_item = false;
  // A collection below an object that a condition named: the same answers to its first page give
  // zero rows.
  bool may_be_missing = false;
  // The object above it was found in a table, not named: where it is gone or has no mailbox, 404 to
  // the first page gives zero rows too.
  bool owner_may_lack_it = false;
  // The rows are not the collection's objects but stand in them. Objects that come twice are then
  // known by their own key, whatever key_column is.
  std::optional<Expansion> expansion;
  schema::PagingStyle paging = schema::PagingStyle::kSkip;
  std::uint32_t page_size = 0;  // the $top that was sent; 0: none
  // Column that identifies a row; set when repeated rows must be dropped (decisions.md 9).
  std::optional<std::size_t> key_column;
  // Rows after which no more are wanted; prefetch stops when the pages in hand satisfy it.
  std::uint64_t row_limit = UINT64_MAX;
  // Rows that the reader expects to be enough: none are requested ahead beyond them, but reading on
  // gives more. Serves a LIMIT over rows that are checked again after the scan.
  std::uint64_t enough_rows = UINT64_MAX;
  schema::Service service = schema::Service::kOutlook;
  std::string mailbox;     // throttle bucket within the service: "me", a user id, a drive id
  std::string table_name;  // for messages
  std::vector<std::string> least_permissions;  // named when the service answers 403
  std::vector<std::string> least_for_others;   // instead, where the data is another user's
  std::optional<std::chrono::steady_clock::time_point> deadline;  // HYT00 when passed
  // Told what the scan costs; null: nobody wants to know. Shared with requests in flight. The parts
  // of a batch have the same.
  std::shared_ptr<ScanStatistics> statistics;
};

// What messages about the scan's requests need to know.
RequestContext context_of(const ScanRequest& request);

// The rows of the request. Nothing is sent before open(). `client` must outlive the source.
// Errors: 08S01, HYT00, HY008, 28000, 42000 ... as graph/service_error.h maps them, always
// base::Error, ServiceError when the service answered.
std::unique_ptr<base::RowSource> make_collection_scan(Client& client, ScanRequest request);

}  // namespace graphodbc::graph
