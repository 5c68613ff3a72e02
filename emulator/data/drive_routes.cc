// /drive, /drives, their items by id and by path, search and delta.
#include <algorithm>
#include <charconv>
#include <optional>

#include "emulator/data/drive.h"
#include "emulator/data/permissions.h"
#include "emulator/data/random.h"
#include "emulator/data/routes.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

struct Scope {
  const RequestContext& context;
  const Services& services;
  const Drive& drive;
  std::string key;    // of the drive in cache keys
  std::string owner;  // context prefix
};

constexpr unsigned kItemOptions = kTakesFilter | kTakesOrder | kTakesTop | kIgnoresCount;

using RowAt = std::function<std::uint32_t(std::size_t)>;

std::vector<Expander> item_expanders(const Scope& scope, const RowAt& row_at) {
  std::vector<Expander> expanders;
  const std::string* expand = scope.context.options.find("$expand");
  if (expand == nullptr) return expanders;
  for (const ExpandItem& item : parse_expand(Family::kDrive, *expand)) {
    if (item.name == "thumbnails" || item.name == "permissions") {
      const std::string name = item.name;
      expanders.push_back(
          [name](JsonWriter& json, std::size_t) { json.key(name), json.raw("[]"); });
      continue;
    }
    if (item.name != "children") {
      throw parse_error(Family::kDrive,
                        "Parsing OData Select and Expand failed: Could not find a property named "
                        "'" +
                            item.name + "' on type 'microsoft.graph.driveItem'.");
    }
    const Selection selection =
        bind_select(drive_item_schema(), item.select ? &*item.select : nullptr, true, false);
    const Render render = scope.context.preferences.render;
    const Drive& drive = scope.drive;
    const std::size_t most = std::min<std::size_t>(item.top.value_or(200), 200);
    const std::string link = scope.context.request.base_url + "/v1.0/drives/" +
                             encode_path_segment(drive.ids().drive_id()) + "/items/";
    expanders.push_back([=, &drive](JsonWriter& json, std::size_t row) {
      const std::uint32_t folder = row_at(row);
      const std::size_t count = drive.nodes()[folder].child_count;
      json.key("children");
      json.begin_array();
      for (std::size_t i = 0; i < std::min(count, most); ++i) {
        json.begin_object();
        write_entity(json, drive_item_schema(), DriveItem{&drive, drive.child(folder, i)},
                     selection, render);
        json.end_object();
      }
      json.end_array();
      // The rest is not reachable by token here: the link lists the folder from its start.
      if (count > most) {
        json.member("children@odata.nextLink", link + drive.ids().item_id(folder) + "/children");
      }
    });
  }
  return expanders;
}

ListSpec item_spec(const Scope& scope, const EntitySet& set, const RowAt& row_at,
                   const std::string& context, const std::string& key) {
  ListSpec spec;
  spec.set = &set;
  spec.context = scope.owner + context;
  spec.cache_key = "drv:" + scope.key + ":" + key;
  spec.options = kItemOptions;
  spec.paging = Paging::kDriveToken;
  spec.link_place = LinkPlace::kBefore;
  spec.expansions = item_expanders(scope, row_at);
  return spec;
}

Response list_children(const Scope& scope, std::uint32_t folder) {
  const Drive& drive = scope.drive;
  const RowAt at = [&drive, folder](std::size_t i) { return drive.child(folder, i); };
  const TypedSet<DriveItem> set(drive_item_schema(), drive.nodes()[folder].child_count,
                                [&](std::size_t i) {
                                  return DriveItem{&drive, at(i)};
                                });
  const ListSpec spec =
      item_spec(scope, set, at, "/items('" + drive.ids().item_id(folder) + "')/children",
                "c" + std::to_string(folder));
  return list_rows(scope.context, spec, scope.services.cache);
}

// RFC 9110, 13.1.2: `*` or a list of tags, compared weakly: `W/` before the quotes means nothing.
// A drive item takes both of its tags.
bool names_tag_of(std::string_view list, const DriveItem& item) {
  if (list == "*") return true;
  for (auto opening = list.find('"'); opening != std::string_view::npos;
       opening = list.find('"', opening)) {
    const auto closing = list.find('"', opening + 1);
    if (closing == std::string_view::npos) return false;
    const std::string_view tag = list.substr(opening, closing - opening + 1);
    if (tag == item.etag() || (!item.is_folder() && tag == item.content_tag())) return true;
    opening = closing + 1;
  }
  return false;
}

Response single_item(const Scope& scope, std::uint32_t index) {
  const Drive& drive = scope.drive;
  const auto known = find_header(scope.context.request.headers, "if-none-match");
  if (known && names_tag_of(*known, DriveItem{&drive, index})) {
    Response unchanged;
    unchanged.status = 304;
    unchanged.headers.emplace_back("ETag", DriveItem{&drive, index}.etag());
    return unchanged;
  }
  const RowAt at = [index](std::size_t) { return index; };
  const TypedSet<DriveItem> set(drive_item_schema(), 1, [&](std::size_t) {
    return DriveItem{&drive, index};
  });
  return single_row(scope.context, item_spec(scope, set, at, "/items", "one"), 0);
}

// The text between the quotes of name='...'; nullopt when the segment is not name(argument='...').
std::optional<std::string> function_argument(const std::string& segment, std::string_view name,
                                             std::string_view argument) {
  std::string opening = std::string(name) + "(" + std::string(argument) + "='";
  if (!segment.starts_with(opening) || !segment.ends_with("')")) return std::nullopt;
  const std::string inner = segment.substr(opening.size(), segment.size() - opening.size() - 2);
  std::string text;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    text += inner[i];
    if (inner[i] == '\'' && i + 1 < inner.size() && inner[i + 1] == '\'') ++i;
  }
  return text;
}

bool is_below(const Drive& drive, std::uint32_t index, std::uint32_t folder) {
  while (index != folder && index != 0) index = drive.nodes()[index].parent;
  return index == folder;
}

// Every word of the text begins a word of the name; an empty text finds everything.
Response search_items(const Scope& scope, std::uint32_t folder, const std::string& text) {
  const Drive& drive = scope.drive;
  const std::vector<std::string> wanted = words_of(text);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 1; i < drive.nodes().size(); ++i) {
    if (folder != 0 && (i == folder || !is_below(drive, i, folder))) continue;
    const std::vector<std::string> words =
        wanted.empty() ? std::vector<std::string>() : words_of(drive.item_name(i));
    const bool hit = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& part) {
      return std::any_of(words.begin(), words.end(),
                         [&](const std::string& word) { return word.starts_with(part); });
    });
    if (hit) rows.push_back(i);
  }
  const RowAt at = [&rows](std::size_t i) { return rows[i]; };
  const TypedSet<DriveItem> set(drive_item_schema(), rows.size(), [&](std::size_t i) {
    return DriveItem{&drive, rows[i]};
  });
  ListSpec spec = item_spec(scope, set, at, "/items", "s" + std::to_string(folder) + ":" + text);
  spec.options &= ~static_cast<unsigned>(kTakesFilter);
  return list_rows(scope.context, spec, scope.services.cache);
}

// ---- delta

std::string delta_token(const Scope& scope, std::size_t offset) {
  return base64_url("4%230;" + std::to_string(offset) + ";" +
                    std::to_string(mix(scope.drive.seed(), offset, 97) % 100'000'000));
}

std::size_t read_delta_token(const Scope& scope, const std::string& token,
                             const std::string& restart) {
  const std::size_t total = scope.drive.nodes().size();
  if (token == "latest") return total;
  if (const auto bytes = base64_decode(token); bytes && bytes->starts_with("4%230;")) {
    std::size_t offset = 0;
    const char* begin = bytes->data() + 6;
    const auto end = std::from_chars(begin, bytes->data() + bytes->size(), offset);
    if (end.ec == std::errc() && delta_token(scope, offset) == token) return offset;
  }
  GraphError error(410, "resyncRequired",
                   "Resync required. Replace any local items with the "
                   "server's version (including deletes) if you're sure "
                   "that the service was up to date with your local "
                   "changes when you last sync'd.");
  error.headers.emplace_back("Location", restart);
  throw error;
}

// The whole tree flat, then a deltaLink. The data never changes, so that link answers no rows.
Response delta_items(const Scope& scope, const std::optional<std::string>& token) {
  const Drive& drive = scope.drive;
  const std::size_t total = drive.nodes().size();
  const std::string& path = scope.context.request.path;
  std::string plain = path.substr(0, path.rfind('/'));
  const std::string root = scope.context.request.base_url + plain + "/delta";
  const std::size_t begin = token ? read_delta_token(scope, *token, root) : 0;
  const auto top = scope.context.options.number("$top", Family::kDrive);
  const std::size_t size = std::clamp<std::size_t>(top.value_or(200), 1, 1000);
  const std::size_t end = std::min(total, begin + size);

  const TypedSet<DriveItem> set(drive_item_schema(), total, [&](std::size_t i) {
    return DriveItem{&drive, static_cast<std::uint32_t>(i)};
  });
  RequestContext flat = scope.context;
  flat.preferences.render.delta = true;
  ListSpec spec = item_spec(
      scope, set, [](std::size_t i) { return static_cast<std::uint32_t>(i); }, "/items", "delta");
  spec.options = kTakesTop;
  // The token stands in the path, the other options stay in the query.
  std::string query;
  for (const auto& [name, value] : scope.context.options.pairs) {
    if (name == "token") continue;
    query +=
        (query.empty() ? "?" : "&") + encode_query_value(name) + "=" + encode_query_value(value);
  }
  const bool more = end < total;
  return row_window(flat, spec, begin, end,
                    {{more ? "@odata.nextLink" : "@odata.deltaLink",
                      root + "(token='" + delta_token(scope, end) + "')" + query}});
}

// ---- paths

Response route_item(const Scope& scope, std::uint32_t index, Segments rest) {
  if (rest.empty()) return single_item(scope, index);
  const std::string& name = rest[0];
  if (name == "children") {
    if (rest.size() == 1) return list_children(scope, index);
    if (rest[1] == "$count") throw unsupported_option(Family::kDrive, "$count");
    const auto child = scope.drive.find_item(rest[1]);
    if (!child || *child == 0 || scope.drive.nodes()[*child].parent != index)
      throw not_found(Family::kDrive);
    return route_item(scope, *child, rest.subspan(2));
  }
  if (const auto text = function_argument(name, "search", "q")) {
    return search_items(scope, index, *text);
  }
  if (name == "delta" || name == "delta()" || name == "microsoft.graph.delta()") {
    const std::string* token = scope.context.options.find("token");
    return delta_items(scope, token == nullptr ? std::nullopt : std::optional(*token));
  }
  if (const auto token = function_argument(name, "delta", "token"))
    return delta_items(scope, token);
  if (name == "thumbnails" || name == "permissions") {
    const TypedSet<DriveItem> none(drive_item_schema(), 0, nullptr);
    const RowAt at = [](std::size_t) { return 0U; };
    return list_rows(scope.context, item_spec(scope, none, at, "/" + name, name),
                     scope.services.cache);
  }
  throw unknown_segment(name);
}

// `rest` follows "root:" or "items/{id}:". The path ends at a segment that closes with a colon.
Response route_path(const Scope& scope, std::uint32_t from, Segments rest) {
  std::uint32_t at = from;
  while (!rest.empty()) {
    std::string name = rest[0];
    const bool last = name.ends_with(':');
    if (last) name.pop_back();
    rest = rest.subspan(1);
    if (!name.empty()) {
      const auto child = scope.drive.find_child(at, name);
      if (!child) throw not_found(Family::kDrive);
      at = *child;
    }
    if (last) break;
  }
  return route_item(scope, at, rest);
}

Response single_drive(const RequestContext& context, const Drive& drive) {
  const TypedSet<DriveView> set(drive_schema(), 1, [&](std::size_t) { return DriveView{&drive}; });
  ListSpec spec;
  spec.set = &set;
  spec.context = "drives";
  return single_row(context, spec, 0);
}

Response route_drive(const RequestContext& context, const Services& services, std::size_t index,
                     Segments rest) {
  const Tenant& tenant = services.tenant;
  const Drive& drive = tenant.drive(index);
  const bool own = is_own(context, tenant, drive.owner());
  if (files_access(context.principal, own) == Access::kNone) throw access_denied(Family::kDrive);
  if (rest.empty()) return single_drive(context, drive);
  const Scope scope{context, services, drive, std::to_string(index),
                    "drives('" + encode_query_value(drive.ids().drive_id()) + "')"};
  if (rest[0] == "root") return route_item(scope, 0, rest.subspan(1));
  if (rest[0] == "root:") return route_path(scope, 0, rest.subspan(1));
  if (rest[0].starts_with("search(") || rest[0].starts_with("delta")) {
    return route_item(scope, 0, rest);
  }
  if (rest[0] != "items" || rest.size() < 2) throw unknown_segment(rest[0]);
  std::string id = rest[1];
  const bool by_path = id.ends_with(':');
  if (by_path) id.pop_back();
  const auto item = drive.find_item(id);
  if (!item) throw not_found(Family::kDrive);
  return by_path ? route_path(scope, *item, rest.subspan(2))
                 : route_item(scope, *item, rest.subspan(2));
}

}  // namespace

Response route_user_drives(const RequestContext& context, const Services& services,
                           std::size_t user, Segments segments) {
  const Tenant& tenant = services.tenant;
  if (files_access(context.principal, is_own(context, tenant, user)) == Access::kNone) {
    throw access_denied(Family::kDrive);
  }
  const std::vector<std::size_t> drives = tenant.drives_of(user);
  if (drives.empty()) throw GraphError(404, "ResourceNotFound", "User's mysite not found.");
  if (segments[0] == "drive") return route_drive(context, services, drives[0], segments.subspan(1));
  if (segments.size() > 1) {
    const std::size_t index = tenant.find_drive(segments[1]);
    if (std::find(drives.begin(), drives.end(), index) == drives.end()) {
      throw not_found(Family::kDrive);
    }
    return route_drive(context, services, index, segments.subspan(2));
  }
  const TypedSet<DriveView> set(drive_schema(), drives.size(),
                                [&](std::size_t i) { return DriveView{&tenant.drive(drives[i])}; });
  ListSpec spec;
  spec.set = &set;
  spec.context = "drives";
  spec.cache_key = "drives:" + std::to_string(user);
  spec.options = kTakesTop | kIgnoresFilter | kIgnoresCount;
  spec.paging = Paging::kDriveToken;
  spec.link_place = LinkPlace::kBefore;
  return list_rows(context, spec, services.cache);
}

Response route_drives(const RequestContext& context, const Services& services, Segments segments) {
  if (segments.empty()) {
    throw GraphError(400, "invalidRequest", "Drives can be listed for a user or a site only.");
  }
  const std::size_t index = services.tenant.find_drive(segments[0]);
  if (index == Tenant::npos) throw not_found(Family::kDrive);
  return route_drive(context, services, index, segments.subspan(1));
}

}  // namespace graphodbc::emulator::data
