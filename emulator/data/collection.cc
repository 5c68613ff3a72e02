#include "emulator/data/collection.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

#include "emulator/data/filter.h"
#include "emulator/data/random.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

struct OrderKey {
  std::size_t field;
  bool descending;
};

struct Query {
  std::optional<Filter> filter;
  std::vector<OrderKey> order;
  const std::string* search = nullptr;
  std::string key;  // of the row list in the cache; empty when the set is taken as it is
};

std::uint64_t text_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix(hash);
}

void refuse_unsupported_options(const QueryOptions& options, const ListSpec& spec) {
  const Family family = spec.set->schema().family;
  const struct {
    std::string_view name;
    unsigned takes;
  } kTable[] = {
      {"$filter", kTakesFilter | kIgnoresFilter},
      {"$orderby", kTakesOrder},
      {"$top", kTakesTop},
      {"$skip", kTakesSkip},
      {"$count", kTakesCount | kIgnoresCount},
      {"$search", kTakesSearch},
  };
  for (const auto& entry : kTable) {
    if (options.has(entry.name) && (spec.options & entry.takes) == 0) {
      throw unsupported_option(family, entry.name);
    }
  }
}

std::vector<OrderKey> parse_order(const SchemaBase& schema, const std::string& text,
                                  bool advanced) {
  std::vector<OrderKey> order;
  for (std::string_view piece : split(text, ',')) {
    piece = trim(piece);
    const std::size_t blank = piece.find(' ');
    const std::string_view path = piece.substr(0, blank);
    const std::string direction =
        blank == std::string_view::npos ? "asc" : ascii_lower(trim(piece.substr(blank)));
    if (path.empty() || (direction != "asc" && direction != "desc")) {
      throw parse_error(schema.family,
                        "Syntax error in the $orderby query option: '" + text + "'.");
    }
    const std::size_t field = schema.find_field(path);
    const Sort sort = field == SchemaBase::npos ? Sort::kNo : schema.fields[field].sort;
    if (sort == Sort::kYes || (sort == Sort::kAdvanced && advanced)) {
      order.push_back({field, direction == "desc"});
      continue;
    }
    if (schema.find_property(path.substr(0, path.find('/'))) == SchemaBase::npos) {
      throw parse_error(schema.family, "Could not find a property named '" + std::string(path) +
                                           "' on type 'microsoft.graph." +
                                           std::string(schema.type) + "'.");
    }
    if (schema.family == Family::kDirectory) {
      throw GraphError(400, "Request_UnsupportedQuery", "Sorting not supported for current query.");
    }
    throw unsupported_option(schema.family, "$orderby=" + std::string(path));
  }
  return order;
}

// Contract d.1: every sorted property stands in the filter, in the same order, before all others.
void check_outlook_order(const Query& query) {
  if (!query.filter || query.order.empty()) return;
  const auto& filtered = query.filter->fields;
  bool efficient = query.order.size() <= filtered.size() && !query.filter->uses_contains;
  for (std::size_t i = 0; efficient && i < query.order.size(); ++i) {
    efficient = query.order[i].field == filtered[i];
  }
  if (!efficient) {
    throw GraphError(400, "InefficientFilter",
                     "The restriction or sort order is too complex for this operation.");
  }
}

void check_outlook_search(const QueryOptions& options) {
  static constexpr struct {
    std::string_view option;
    std::string_view spelling;
    const char* code;
  } kExcluded[] = {{"$filter", "$filter", "SearchWithFilter"},
                   {"$orderby", "$orderBy", "SearchWithOrderBy"},
                   {"$skip", "$skip", "SearchWithSkip"}};
  for (const auto& entry : kExcluded) {
    if (options.has(entry.option)) {
      throw GraphError(400, entry.code,
                       "The query parameter '" + std::string(entry.spelling) +
                           "' is not supported with '$search'.");
    }
  }
}

void check_directory(const RequestContext& context, const Query& query, bool advanced) {
  if (query.search != nullptr && !context.eventual) {
    throw GraphError(400, "Request_UnsupportedQuery",
                     "Request with $search query parameter only works through MSGraph with a "
                     "special request header: 'ConsistencyLevel: eventual'");
  }
  if (query.filter && !query.order.empty() && !advanced) {
    throw GraphError(400, "Request_UnsupportedQuery", "Sorting not supported for current query.");
  }
  if (context.options.has("$expand") && (advanced || query.search != nullptr)) {
    throw GraphError(400, "Request_UnsupportedQuery",
                     "The query parameter '$expand' cannot be combined with advanced queries.");
  }
}

Query bind_query(const RequestContext& context, const ListSpec& spec) {
  const SchemaBase& schema = spec.set->schema();
  const QueryOptions& options = context.options;
  refuse_unsupported_options(options, spec);
  const bool advanced = context.eventual && options.count_requested(schema.family);
  Query query;
  query.search = options.find("$search");
  if (query.search != nullptr && schema.family == Family::kOutlook) {
    // "Does not include permissions to search messages" (Graph permissions reference,
    // Mail.ReadBasic).
    if (spec.basic) throw access_denied(Family::kOutlook);
    check_outlook_search(options);
  }
  const std::string* filter = options.find("$filter");
  if (filter != nullptr && (spec.options & kTakesFilter) != 0) {
    query.filter = parse_filter(schema, *filter, advanced);
    query.key += "|f:" + *filter;
  }
  if (const std::string* order = options.find("$orderby")) {
    query.order = parse_order(schema, *order, advanced);
    query.key += "|o:" + *order;
  }
  if (query.search != nullptr) query.key += "|s:" + *query.search;
  if (schema.family == Family::kOutlook) check_outlook_order(query);
  if (schema.family == Family::kDirectory) check_directory(context, query, advanced);
  return query;
}

int compare_values(const Value& a, const Value& b) {
  if (a.kind != b.kind) return a.kind == Value::Kind::kNull ? -1 : 1;
  if (a.kind == Value::Kind::kNumber) return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
  return a.text.compare(b.text);
}

// Nulls first ascending; text without case; equal rows keep the set's order.
void sort_rows(const EntitySet& set, const std::vector<OrderKey>& order,
               std::vector<std::uint32_t>& rows) {
  for (auto key = order.rbegin(); key != order.rend(); ++key) {
    std::vector<Value> values(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      values[i] = set.value(rows[i], key->field);
      if (values[i].kind == Value::Kind::kText) values[i].text = fold_case(values[i].text);
    }
    std::vector<std::uint32_t> positions(rows.size());
    std::iota(positions.begin(), positions.end(), 0U);
    std::stable_sort(positions.begin(), positions.end(), [&](std::uint32_t a, std::uint32_t b) {
      const int compared = compare_values(values[a], values[b]);
      return key->descending ? compared > 0 : compared < 0;
    });
    std::vector<std::uint32_t> sorted(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) sorted[i] = rows[positions[i]];
    rows = std::move(sorted);
  }
}

// The rows as a token with a ReadBasic permission finds them: properties that it may not read
// behave as absent (contract d.0).
class BasicSet final : public EntitySet {
 public:
  explicit BasicSet(const EntitySet& all) : all_(all) {}

  const SchemaBase& schema() const override { return all_.schema(); }
  std::size_t size() const override { return all_.size(); }
  Value value(std::size_t row, std::size_t field) const override {
    const std::string_view path = schema().fields[field].path;
    const std::size_t property = schema().find_property(path.substr(0, path.find('/')));
    const bool hidden =
        property != SchemaBase::npos && (schema().properties[property].flags & kNotBasic) != 0;
    return hidden ? Value::null() : all_.value(row, field);
  }
  void write(JsonWriter& json, std::size_t row, const Selection& selection,
             const Render& render) const override {
    all_.write(json, row, selection, render);
  }

 private:
  const EntitySet& all_;
};

// Null when the set is taken whole, in its own order.
RowList find_rows(const ListSpec& spec, const Query& query, RowCache& cache) {
  if (query.key.empty()) return nullptr;
  const std::string key = spec.cache_key + query.key + (spec.basic ? "|basic" : "");
  if (RowList cached = cache.find(key)) return cached;
  std::vector<std::uint32_t> rows;
  if (query.search != nullptr) {
    rows = spec.search(*query.search);
  } else {
    rows.resize(spec.set->size());
    std::iota(rows.begin(), rows.end(), 0U);
  }
  const BasicSet basic(*spec.set);
  const EntitySet& set = spec.basic ? basic : *spec.set;
  if (query.filter) {
    std::erase_if(rows, [&](std::uint32_t row) { return !matches(*query.filter->root, set, row); });
    if (spec.reversed_when_filtered && query.order.empty()) std::reverse(rows.begin(), rows.end());
  }
  sort_rows(set, query.order, rows);
  auto list = std::make_shared<const std::vector<std::uint32_t>>(std::move(rows));
  cache.store(key, list);
  return list;
}

std::size_t page_size(const RequestContext& context, const ListSpec& spec) {
  const SchemaBase& schema = spec.set->schema();
  if (spec.paging == Paging::kNone) return spec.set->size();
  std::size_t size = schema.default_page;
  if (const auto top = context.options.number("$top", schema.family)) {
    if (schema.family == Family::kDirectory && (*top == 0 || *top > schema.max_page)) {
      throw GraphError(400, "Request_BadRequest",
                       "Invalid page size specified: '" + std::to_string(*top) +
                           "'. Must be between 1 and " + std::to_string(schema.max_page) +
                           " inclusive.");
    }
    if (schema.family == Family::kOutlook && *top > schema.max_page) {
      throw GraphError(400, "ErrorInvalidUrlQuery",
                       "The limit of '" + std::to_string(schema.max_page) +
                           "' for Top query has been exceeded. The value from the incoming "
                           "request is '" +
                           std::to_string(*top) + "'.");
    }
    if (schema.family == Family::kDrive && *top == 0) {
      throw parse_error(schema.family, "Invalid value '0' for $top.");
    }
    size = std::min(*top, schema.max_page);
  }
  // Mail, calendar and contacts honour the preference, also on a link that carries $top.
  if (schema.family == Family::kOutlook && context.preferences.max_page_size) {
    const std::size_t asked = std::min(*context.preferences.max_page_size, schema.max_page);
    size = context.options.has("$top") ? std::min(size, asked) : asked;
  }
  return size;
}

std::uint32_t token_check(const ListSpec& spec, const Query& query) {
  return static_cast<std::uint32_t>(text_hash(spec.cache_key + query.key));
}

constexpr std::string_view kDirectoryMagic("DSpt\x02\x00\x01\x00", 8);
constexpr std::string_view kDriveMagic = "Paged=TRUE&p_SortBehavior=0&p_ID=";

std::string make_token(Paging paging, std::size_t offset, std::uint32_t check) {
  std::string bytes;
  if (paging == Paging::kDriveToken) {
    bytes = std::string(kDriveMagic) + std::to_string(offset) + "&p_C=" + std::to_string(check);
    return base64(bytes);
  }
  bytes = kDirectoryMagic;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(offset >> shift & 0xff);
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(check >> shift & 0xff);
  return base64_url(bytes);
}

std::optional<std::size_t> read_token(Paging paging, const std::string& token,
                                      std::uint32_t check) {
  const auto bytes = base64_decode(token);
  if (!bytes) return std::nullopt;
  const std::string_view magic = paging == Paging::kDriveToken ? kDriveMagic : kDirectoryMagic;
  if (!bytes->starts_with(magic)) return std::nullopt;
  const std::string_view rest = std::string_view(*bytes).substr(magic.size());
  std::size_t offset = 0;
  if (paging == Paging::kDriveToken) {
    const auto end = std::from_chars(rest.data(), rest.data() + rest.size(), offset);
    if (end.ec != std::errc()) return std::nullopt;
    const std::string expected = std::to_string(offset) + "&p_C=" + std::to_string(check);
    return rest == expected ? std::optional(offset) : std::nullopt;
  }
  if (rest.size() != 8) return std::nullopt;
  std::uint32_t found = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    offset = offset << 8 | static_cast<unsigned char>(rest[i]);
    found = found << 8 | static_cast<unsigned char>(rest[i + 4]);
  }
  return found == check ? std::optional(offset) : std::nullopt;
}

std::size_t page_offset(const RequestContext& context, const ListSpec& spec, const Query& query,
                        Paging paging) {
  const Family family = spec.set->schema().family;
  if (const std::string* token = context.options.find("$skiptoken")) {
    std::optional<std::size_t> offset;
    if (paging == Paging::kDirectoryToken || paging == Paging::kDriveToken) {
      offset = read_token(paging, *token, token_check(spec, query));
    }
    if (offset) return *offset;
    if (family == Family::kDirectory) {
      throw GraphError(400, "Directory_ExpiredPageToken",
                       "The specified page token value has "
                       "expired and can no longer be included in your request.");
    }
    throw parse_error(family, "The $skiptoken value is not valid for this request.");
  }
  return context.options.number("$skip", family).value_or(0);
}

std::string context_names(const Selection& selection) {
  if (selection.named.empty()) return {};
  std::string out = "(";
  for (const std::string& name : selection.named) {
    if (out.size() > 1) out += ',';
    out += name;
  }
  return out + ")";
}

void drop_annotations(const SchemaBase& schema, Selection& selection) {
  std::erase_if(selection.properties, [&](std::size_t index) {
    return (schema.properties[index].flags & kAnnotation) != 0;
  });
}

Selection bind_selection(const RequestContext& context, const ListSpec& spec, bool collection) {
  const SchemaBase& schema = spec.set->schema();
  const std::string* select = context.options.find("$select");
  Selection selection = bind_select(schema, select, collection, spec.basic);
  if (spec.is_view && select != nullptr) {
    std::erase_if(selection.properties, [&](std::size_t index) {
      return (schema.properties[index].flags & kLostOnView) != 0;
    });
  }
  if (context.preferences.no_metadata) drop_annotations(schema, selection);
  selection.expansions = spec.expansions;
  return selection;
}

struct Page {
  std::size_t offset;
  std::size_t end;
  std::size_t total;
  std::size_t number;  // from 0
  Paging paging;
};

std::string next_link(const RequestContext& context, const ListSpec& spec, const Query& query,
                      const Page& page) {
  const std::string path = spec.link_path.empty() ? context.request.path : spec.link_path;
  const std::string query_text =
      page.paging == Paging::kSkip
          ? context.options.with("$skip", std::to_string(page.end))
          : context.options.with("$skiptoken",
                                 make_token(page.paging, page.end, token_check(spec, query)));
  return context.request.base_url + path + query_text;
}

void write_rows(JsonWriter& json, const ListSpec& spec, const RowList& rows, const Page& page,
                const Selection& selection, const Render& render) {
  json.key("value");
  json.begin_array();
  for (std::size_t i = page.offset; i < page.end; ++i) {
    const std::size_t row = rows ? (*rows)[i] : i;
    json.begin_object();
    spec.set->write(json, row, selection, render);
    json.end_object();
  }
  json.end_array();
}

bool link_comes_first(const ListSpec& spec, const Page& page) {
  if (spec.link_place == LinkPlace::kAlternate) return page.number % 2 == 1;
  return spec.link_place == LinkPlace::kBefore;
}

}  // namespace

RowList RowCache::find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  for (auto it = entries_.begin(); it != entries_.end(); ++it) {
    if (it->first != key) continue;
    entries_.splice(entries_.begin(), entries_, it);
    return it->second;
  }
  return nullptr;
}

void RowCache::store(const std::string& key, RowList rows) {
  const std::lock_guard lock(mutex_);
  entries_.emplace_front(key, std::move(rows));
  if (entries_.size() > kEntries) entries_.pop_back();
}

Response json_response(const RequestContext& context, Family family) {
  Response response;
  const char* metadata = context.preferences.no_metadata ? "none" : "minimal";
  response.headers.emplace_back("Content-Type",
                                "application/json;odata.metadata=" + std::string(metadata) +
                                    ";odata.streaming=true;IEEE754Compatible=false;charset=utf-8");
  response.headers.emplace_back("OData-Version", "4.0");
  if (family == Family::kOutlook && !context.preferences.applied_outlook.empty()) {
    response.headers.emplace_back("Preference-Applied", context.preferences.applied_outlook);
  }
  return response;
}

Response list_rows(const RequestContext& context, const ListSpec& spec, RowCache& cache) {
  const SchemaBase& schema = spec.set->schema();
  const Query query = bind_query(context, spec);
  const Selection selection = bind_selection(context, spec, true);
  Page page{};
  // Mail pages a $search by token (contract (c)).
  page.paging = query.search != nullptr && schema.family == Family::kOutlook
                    ? Paging::kDirectoryToken
                    : spec.paging;
  const std::size_t size = page_size(context, spec);
  page.offset = page_offset(context, spec, query, page.paging);
  const RowList rows = find_rows(spec, query, cache);
  page.total = rows ? rows->size() : spec.set->size();
  page.offset = std::min(page.offset, page.total);
  page.end = page.offset + std::min(size, page.total - page.offset);
  page.number = size == 0 ? 0 : page.offset / size;

  Response response = json_response(context, schema.family);
  response.body.reserve((page.end - page.offset) * 256 + 512);
  JsonWriter json(response.body);
  json.begin_object();
  if (!context.preferences.no_metadata) {
    json.member("@odata.context", context.request.base_url + "/v1.0/$metadata#" + spec.context +
                                      context_names(selection));
  }
  const bool counts =
      (spec.options & kTakesCount) != 0 && context.options.count_requested(schema.family) &&
      (schema.family != Family::kDirectory || (context.eventual && page.offset == 0));
  if (counts) json.number("@odata.count", static_cast<std::int64_t>(page.total));
  const bool more = page.end < page.total && page.end > page.offset;
  const std::string link = more ? next_link(context, spec, query, page) : std::string();
  const bool first = link_comes_first(spec, page);
  if (more && first) json.member("@odata.nextLink", link);
  Render render = context.preferences.render;
  render.basic = spec.basic;
  write_rows(json, spec, rows, page, selection, render);
  if (more && !first) json.member("@odata.nextLink", link);
  json.end_object();
  return response;
}

Response count_rows(const RequestContext& context, const ListSpec& spec, RowCache& cache) {
  const Family family = spec.set->schema().family;
  if (family == Family::kDirectory && !context.eventual) {
    throw GraphError(400, "Request_BadRequest", "$count is not currently supported.");
  }
  RequestContext counting = context;
  // On this segment the header alone makes a query advanced.
  if (family == Family::kDirectory && !counting.options.has("$count")) {
    counting.options.pairs.emplace_back("$count", "true");
  }
  const Query query = bind_query(counting, spec);
  const RowList rows = find_rows(spec, query, cache);
  Response response;
  response.headers.emplace_back("Content-Type", "text/plain");
  response.body = std::to_string(rows ? rows->size() : spec.set->size());
  return response;
}

Response single_row(const RequestContext& context, const ListSpec& spec, std::size_t row) {
  const SchemaBase& schema = spec.set->schema();
  for (std::string_view option : {"$filter", "$orderby", "$top", "$skip", "$count", "$search"}) {
    if (context.options.has(option)) {
      throw GraphError(400, "BadRequest",
                       "The query specified in the URI is not valid. Query options $select and "
                       "$expand are the only ones for a single object; found '" +
                           std::string(option) + "'.");
    }
  }
  const Selection selection = bind_selection(context, spec, false);
  Response response = json_response(context, schema.family);
  JsonWriter json(response.body);
  json.begin_object();
  if (!context.preferences.no_metadata) {
    json.member("@odata.context", context.request.base_url + "/v1.0/$metadata#" + spec.context +
                                      context_names(selection) + "/$entity");
  }
  Render render = context.preferences.render;
  render.basic = spec.basic;
  spec.set->write(json, row, selection, render);
  json.end_object();
  return response;
}

Response row_window(const RequestContext& context, const ListSpec& spec, std::size_t begin,
                    std::size_t end,
                    const std::vector<std::pair<std::string, std::string>>& links) {
  const SchemaBase& schema = spec.set->schema();
  refuse_unsupported_options(context.options, spec);
  const Selection selection = bind_selection(context, spec, true);
  Response response = json_response(context, schema.family);
  JsonWriter json(response.body);
  json.begin_object();
  if (!context.preferences.no_metadata) {
    json.member("@odata.context", context.request.base_url + "/v1.0/$metadata#" + spec.context);
  }
  for (const auto& [name, url] : links) json.member(name, url);
  const Page page{begin, end, end, 0, Paging::kNone};
  write_rows(json, spec, nullptr, page, selection, context.preferences.render);
  json.end_object();
  return response;
}

}  // namespace graphodbc::emulator::data
