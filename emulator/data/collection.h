// Answers a GET of a collection or of one object: select, filter, order, page, links.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "emulator/data/query_options.h"
#include "emulator/data/resource.h"
#include "emulator/http_types.h"

namespace graphodbc::emulator::data {

using RowList = std::shared_ptr<const std::vector<std::uint32_t>>;

// Filtered and sorted row lists of the last queries, so that a scan sorts once and not once a page.
// The data never changes, so entries never go stale. Thread-safe.
class RowCache {
 public:
  RowList find(const std::string& key);
  void store(const std::string& key, RowList rows);

 private:
  static constexpr std::size_t kEntries = 24;
  std::mutex mutex_;
  std::list<std::pair<std::string, RowList>> entries_;  // newest first
};

// One request on its way through the routes.
struct RequestContext {
  const Request& request;
  const Principal& principal;
  QueryOptions options;
  Preferences preferences;
  bool eventual = false;  // ConsistencyLevel: eventual
};

enum ListOption : unsigned {
  kTakesFilter = 1,
  kTakesOrder = 2,
  kTakesTop = 4,
  kTakesSkip = 8,
  kTakesCount = 16,
  kTakesSearch = 32,
  kIgnoresFilter = 64,
  kIgnoresCount = 128,
};
inline constexpr unsigned kOutlookOptions =
    kTakesFilter | kTakesOrder | kTakesTop | kTakesSkip | kTakesCount;

enum class Paging { kNone, kSkip, kDirectoryToken, kDriveToken };
enum class LinkPlace { kBefore, kAfter, kAlternate };  // where nextLink stands beside `value`

struct ListSpec {
  const EntitySet* set = nullptr;
  std::string context;    // what follows $metadata#
  std::string cache_key;  // names the set among all sets of the tenant
  std::string link_path;  // path of nextLinks; the request's own when empty
  unsigned options = kOutlookOptions;
  Paging paging = Paging::kSkip;
  LinkPlace link_place = LinkPlace::kAfter;
  bool basic = false;    // see Render::basic
  bool is_view = false;  // calendarView: created and modified times are lost under $select
  // Under $filter alone the server chooses the order (contract d.1): here the reverse one.
  bool reversed_when_filtered = false;
  std::vector<Expander> expansions;
  // Rows of a `$search`; throws for a search text that does not parse.
  std::function<std::vector<std::uint32_t>(const std::string&)> search;
};

Response list_rows(const RequestContext& context, const ListSpec& spec, RowCache& cache);
// The `/$count` segment: a bare number as text.
Response count_rows(const RequestContext& context, const ListSpec& spec, RowCache& cache);
// Row `row` of the set as an object of its own.
Response single_row(const RequestContext& context, const ListSpec& spec, std::size_t row);

// Rows [begin, end) of the set without paging of its own: `links` (name and URL) stand before the
// rows.
Response row_window(const RequestContext& context, const ListSpec& spec, std::size_t begin,
                    std::size_t end, const std::vector<std::pair<std::string, std::string>>& links);

// Content type, version and Preference-Applied of a JSON answer.
Response json_response(const RequestContext& context, Family family);

}  // namespace graphodbc::emulator::data
