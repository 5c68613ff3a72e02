// The query string and the Prefer header of one request, read and checked for form.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/data/errors.h"
#include "emulator/data/resource.h"
#include "emulator/http_types.h"

namespace graphodbc::emulator::data {

struct QueryOptions {
  // System options are known by their lower-case name with '$'. Throws 400 for an unknown or
  // repeated one and for broken escapes.
  static QueryOptions parse(std::string_view query);

  const std::string* find(std::string_view name) const;  // exact for '$', without case for others
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // A non-negative number; throws 400 otherwise.
  std::optional<std::size_t> number(std::string_view name, Family family) const;
  bool count_requested(Family family) const;

  // The query of a nextLink: every option as it came, `paging` replaced by `value`.
  std::string with(std::string_view paging, std::string_view value) const;

  std::vector<std::pair<std::string, std::string>> pairs;  // decoded, in the order given
};

struct Preferences {
  static Preferences parse(const Request& request);

  Render render;
  std::optional<std::size_t> max_page_size;
  std::string applied_outlook;  // what Preference-Applied says of mail, calendar and contacts
  bool no_metadata = false;     // Accept: ...;odata.metadata=none
};

// Names of a `$select` list bound to a schema. `collection` makes single-only properties a 501;
// without `select` the default set.
Selection bind_select(const SchemaBase& schema, const std::string* select, bool collection,
                      bool basic);

struct ExpandItem {
  std::string name;
  std::optional<std::string> select;
  std::optional<std::size_t> top;
};
// "a($select=x,y;$top=5),b"; throws 400 for other nested options.
std::vector<ExpandItem> parse_expand(Family family, std::string_view text);

}  // namespace graphodbc::emulator::data
