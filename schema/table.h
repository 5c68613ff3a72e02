// Plain descriptions of tables and columns. They hold no behaviour and know neither network nor
// SQL text; the registry fills them from schema/tables/*.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/sql_type.h"

namespace graphodbc::schema {

// How a JSON value is read (contract sheet (i), "JSON facts").
enum class EdmKind : std::uint8_t {
  kBoolean,
  kInt16,
  kInt32,
  kInt64,  // JSON number or string
  kSingle,
  kDouble,
  kDecimal,
  kString,
  kGuid,
  kDateTimeOffset,
  kDateTimeText,  // dateTimeTimeZone.dateTime: no offset, UTC by the Prefer header
  kDate,
  kTimeOfDay,
  kDuration,
  kBinary,  // base64
  kJson,    // collections, open types: the raw JSON
  kFacet,   // an object whose presence is the value: BIT (folder, file, package ...)
};

// How exact a pushed comparison is (sql-dialect.md 9.1).
enum class PushClass : std::uint8_t { kNone, kExact, kSuperset, kLossy };

// Operators of a column that Graph takes, each with its class. kNone: not pushable.
struct Pushable {
  PushClass equal = PushClass::kNone;
  PushClass not_equal = PushClass::kNone;
  PushClass range = PushClass::kNone;  // lt le gt ge
  bool inclusive_only = false;         // of those only le and ge are taken
  PushClass in_list = PushClass::kNone;
  bool or_chain = false;  // `in` is not supported; expand to eq ... or eq ...
  PushClass starts_with = PushClass::kNone;
  PushClass ends_with = PushClass::kNone;
  PushClass contains = PushClass::kNone;
  PushClass is_null = PushClass::kNone;
  PushClass is_not_null = PushClass::kNone;
  bool advanced = false;      // every operator here needs the advanced query (d.3)
  bool advanced_not = false;  // ne / endswith / null tests need it, eq and startswith do not
};

enum class ColumnRole : std::uint8_t {
  kProperty,  // read from the row's JSON
  // UserId, DriveId: filled by the scan from the path (decisions.md 5), or, where the path is the
  // signed-in user's, from json_path when the rows carry the object's id.
  kContext,
  kParent,  // parent key (MessageId): filled by the scan from the path
  // Chooses the path (CalendarId) or a query option of the list (StartDateTime); rows repeat it,
  // null where it was not given.
  kInput,
};

struct Column {
  std::string name;  // PascalCase, `_` per step
  std::vector<std::string>
      json_path;  // {"from","emailAddress","address"}; empty for non-properties
  EdmKind edm = EdmKind::kString;
  base::TypeInfo type;
  bool nullable = true;
  bool explicit_only = false;  // listed by SQLColumns but no part of `*` (sql-dialect.md 9.4)
  ColumnRole role = ColumnRole::kProperty;
  Pushable push;
  bool sortable = false;  // `$orderby` gives SQL's order (nulls low, no text)
  // `$orderby` is taken, but gives the service's own order of texts (OrderByText=server).
  bool sortable_text = false;
  bool sort_advanced = false;  // `$orderby` on it needs the advanced query
  std::string filter_path;     // OData spelling: from/emailAddress/address
  // Query option of the list that an input column's value fills. The list cannot be read without it
  // unless the column is nullable.
  std::string option;
  // Rows lack it where they are asked for with `$select` (contract sheet d.1).
  bool lost_by_select = false;
  std::string select_name;  // what `$select` names: the top property, or a cast and a property
  std::vector<std::string> members;  // of an enumeration; other values never reach Graph
  std::uint32_t max_page =
      0;  // largest `$top` when the column is read or filtered; 0: no own limit
  std::string description;
};

// A Graph path with {Name} holes, filled with percent-encoded values. `{context}` stands for the
// table's context prefix; other names are column names: "{context}/messages/{Id}".
using PathTemplate = std::string;

// Where a table's rows live: below the signed-in user, or below an object named by a column
// (decisions.md 5). Both empty: the paths are absolute (/users).
struct Context {
  std::string column;       // UserId or DriveId; empty when there is none
  PathTemplate signed_in;   // "/me", "/me/drive"
  PathTemplate by_value;    // "/users/{UserId}", "/drives/{DriveId}"
  PathTemplate by_account;  // for a connection with Account: "/users/{Account}/drive"; empty:
                            // by_value with the account as its value
};

enum class PagingStyle : std::uint8_t { kSkip, kSkipToken, kNone };
// What must hold for `$orderby` (contract sheet d.1, d.3).
enum class OrderRule : std::uint8_t { kNone, kMail, kDirectory, kPlain };
// Which service's throttle gate the requests pass (contract sheet (g)).
enum class Service : std::uint8_t { kOutlook, kDirectory, kFiles };

// Reaching rows below other rows of the same kind: mail folders in mail folders, drive items in
// folders. For each row where `descend_if` (a column name) is not null, not false and not zero,
// `children` is listed too with {Id} replaced by the row's key.
struct Walk {
  PathTemplate children;
  std::string descend_if;
};

// Rows whose parent keys no condition gives: read from the list of all parents, which is asked to
// hold them ($expand).
struct FanOut {
  PathTemplate list;              // of the parents: "{context}/messages"
  std::string expand;             // member of each that holds the rows: "attachments"
  std::string key;                // member of each that is the parent key: "id"
  std::uint32_t max_page = 1000;  // largest `$top` of the parents
  PagingStyle paging = PagingStyle::kSkip;
  // Rows that meet `narrow_when` (as it would be pushed: "isInline eq false") are certain to have
  // parents that meet `narrow_filter`. Empty: nothing is certain.
  std::string narrow_when;
  std::string narrow_filter;
};

// What the list holds of that which a key read finds: the rows where a column has one of these
// values, or (`alike`) the value that it has in every row of the list. Others are no rows. Empty:
// everything.
struct Listed {
  std::string column;
  std::vector<std::string> values;
  bool alike = false;
};

// How a listing's value fills its path.
enum class ListingForm : std::uint8_t {
  kValue,      // as one percent-encoded segment
  kDrivePath,  // "/drive/root:/A/B" or "/drives/{id}/root:/A/B", as root or as root:/A/B:
};

struct Table {
  std::string name;         // plural PascalCase
  std::string description;  // REMARKS, with the least permission
  std::vector<Column> columns;
  std::vector<std::string> key;  // primary key columns, Id first unless composite

  Context context;
  PathTemplate list_path;  // empty: rows cannot be listed
  PathTemplate item_path;  // by key; empty when there is no key read
  // The item that a key read finds and the list does not hold: it is no row. Empty: there is none.
  PathTemplate unlisted_path;
  Listed listed;
  std::vector<std::string> parents;  // parent key columns that list_path needs (MessageId)
  std::optional<Walk> walk;
  std::optional<FanOut> fan_out;  // for tables with one parent key
  // An item read that gives one row before the list: the drive's root (decisions.md 7).
  PathTemplate root_path;
  // Narrower listings: `where column = value` lists this path instead of walking everything
  // (children of one folder by its key or by its path).
  struct Listing {
    std::string column;  // ParentReference_Id, ParentReference_Path
    PathTemplate path;   // "{context}/items/{ParentReference_Id}/children"
    ListingForm form = ListingForm::kValue;
  };
  std::vector<Listing> listings;

  std::uint32_t default_page = 10;
  std::uint32_t max_page = 1000;  // largest `$top`; 0: `$top` is not supported
  PagingStyle paging = PagingStyle::kSkip;
  // `@odata.count` is the number of rows that reading them all gives (decisions.md 10).
  bool counts_exactly = false;
  bool repeats_rows = false;  // pages shift under the reader: de-duplicate by key (decisions.md 9)
  bool select_supported = true;
  bool filter_supported = true;
  bool search_supported = false;  // `$search` with KQL (GRAPH_SEARCH)
  OrderRule order_rule = OrderRule::kNone;
  Service service = Service::kOutlook;
  std::vector<std::pair<std::string, std::string>> headers;  // sent on every page
  std::vector<std::pair<std::string, std::string>> query;    // fixed options (includeHiddenFolders)
  bool immutable_ids = false;                                // Prefer: IdType="ImmutableId" applies
  std::vector<std::string> least_delegated;                  // permissions
  std::vector<std::string> least_for_others;  // delegated ones for what is another user's
  std::vector<std::string> least_application;

  // Index of a column, compared without case; nullopt when there is none.
  std::optional<std::size_t> find(std::string_view column_name) const;
};

}  // namespace graphodbc::schema
