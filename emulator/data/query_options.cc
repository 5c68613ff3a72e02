#include "emulator/data/query_options.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

constexpr std::array<std::string_view, 12> kSystemOptions = {
    "$select", "$filter", "$orderby",   "$top",        "$skip",   "$count",
    "$search", "$expand", "$skiptoken", "$deltatoken", "$format", "$apply"};

std::optional<std::size_t> to_number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) {
    return std::nullopt;
  }
  return value;
}

std::string unquote(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

void append_applied(std::string& list, std::string_view preference) {
  if (!list.empty()) list += ", ";
  list += preference;
}

// Commas inside quotes do not separate preferences.
std::vector<std::string> split_preferences(std::string_view header) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (char c : header) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

void apply_preference(Preferences& into, std::string_view preference) {
  const std::size_t equals = preference.find('=');
  if (equals == std::string_view::npos) return;
  const std::string name = ascii_lower(trim(preference.substr(0, equals)));
  const std::string value = unquote(preference.substr(equals + 1));
  if (name == "outlook.timezone") {
    into.render.zone = find_zone(value);
    if (into.render.zone == nullptr) {
      throw GraphError(400, "TimeZoneNotSupportedException",
                       "A valid TimeZone value must be specified. The following TimeZone value is "
                       "not supported: '" +
                           value + "'.");
    }
    append_applied(into.applied_outlook, "outlook.timezone=\"" + value + "\"");
  } else if (name == "outlook.body-content-type") {
    into.render.text_bodies = equals_ignore_ascii_case(value, "text");
    append_applied(into.applied_outlook, "outlook.body-content-type=\"" + value + "\"");
  } else if (name == "idtype") {
    into.render.immutable_ids = equals_ignore_ascii_case(value, "ImmutableId");
    append_applied(into.applied_outlook, "IdType=\"" + value + "\"");
  } else if (name == "odata.maxpagesize") {
    const auto size = to_number(value);
    if (!size || *size == 0) return;
    into.max_page_size = size;
    append_applied(into.applied_outlook, "odata.maxpagesize=" + value);
  }
}

}  // namespace

QueryOptions QueryOptions::parse(std::string_view query) {
  QueryOptions options;
  if (query.empty()) return options;
  for (std::string_view part : split(query, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    auto name = percent_decode(part.substr(0, equals), true);
    auto value = percent_decode(
        equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1), true);
    if (!name || !value) {
      throw GraphError(400, "BadRequest", "The query string holds an invalid escape or no UTF-8.");
    }
    if (name->starts_with('$')) {
      *name = ascii_lower(*name);
      if (std::find(kSystemOptions.begin(), kSystemOptions.end(), *name) == kSystemOptions.end() ||
          *name == "$apply") {
        throw GraphError(400, "BadRequest",
                         "The query parameter '" + *name + "' is not supported.");
      }
      if (options.has(*name)) {
        throw GraphError(400, "BadRequest",
                         "Query option '" + *name +
                             "' was specified more than once, but it must "
                             "be specified at most once.");
      }
    }
    options.pairs.emplace_back(std::move(*name), std::move(*value));
  }
  return options;
}

const std::string* QueryOptions::find(std::string_view name) const {
  for (const auto& [key, value] : pairs) {
    if (equals_ignore_ascii_case(key, name)) return &value;
  }
  return nullptr;
}

std::optional<std::size_t> QueryOptions::number(std::string_view name, Family family) const {
  const std::string* text = find(name);
  if (text == nullptr) return std::nullopt;
  const auto value = to_number(*text);
  if (!value) {
    throw parse_error(family, "Invalid value '" + *text + "' for " + std::string(name) +
                                  " query option found. It must be a non-negative integer.");
  }
  return value;
}

bool QueryOptions::count_requested(Family family) const {
  const std::string* text = find("$count");
  if (text == nullptr || *text == "false") return false;
  if (*text == "true") return true;
  throw parse_error(family, "Invalid value '" + *text +
                                "' for $count query option found. Valid "
                                "values are 'true' and 'false'.");
}

std::string QueryOptions::with(std::string_view paging, std::string_view value) const {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view text) {
    out += out.empty() ? '?' : '&';
    out += encode_query_value(name);
    out += '=';
    out += encode_query_value(text);
  };
  for (const auto& [name, text] : pairs) {
    if (name != paging) add(name, text);
  }
  add(paging, value);
  return out;
}

Preferences Preferences::parse(const Request& request) {
  Preferences preferences;
  for (const auto& [name, value] : request.headers) {
    if (!equals_ignore_ascii_case(name, "Prefer")) continue;
    for (const std::string& part : split_preferences(value)) apply_preference(preferences, part);
  }
  preferences.render.base_url = request.base_url;
  const auto accept = find_header(request.headers, "Accept");
  preferences.no_metadata =
      accept && ascii_lower(*accept).find("odata.metadata=none") != std::string::npos;
  return preferences;
}

Selection bind_select(const SchemaBase& schema, const std::string* select, bool collection,
                      bool basic) {
  Selection selection;
  std::vector<bool> chosen(schema.properties.size(), false);
  const bool all = select == nullptr || trim(*select) == "*" || trim(*select).empty();
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const unsigned flags = schema.properties[i].flags;
    chosen[i] = (flags & kAlways) != 0 || (all && (flags & (kExplicit | kSingleOnly)) == 0);
  }
  if (!all) {
    for (std::string_view piece : split(*select, ',')) {
      std::string_view name = trim(piece);
      // A property of a derived type is named behind a cast:
      // microsoft.graph.fileAttachment/contentId (OData URL Conventions 4.11).
      const std::size_t cast = name.find('/');
      if (name.starts_with("microsoft.graph.") && cast != std::string_view::npos) {
        name.remove_prefix(cast + 1);
      }
      const std::size_t index = schema.find_property(name);
      if (index == SchemaBase::npos || (schema.properties[index].flags & kAnnotation) != 0) {
        if (name.starts_with("@microsoft.graph.")) continue;
        throw parse_error(schema.family,
                          "Parsing OData Select and Expand failed: Could not find a property named "
                          "'" +
                              std::string(name) + "' on type 'microsoft.graph." +
                              std::string(schema.type) + "'.");
      }
      if (collection && (schema.properties[index].flags & kSingleOnly) != 0) {
        throw GraphError(501, "NotImplemented",
                         "The request contains a property that is not "
                         "supported on a collection: '" +
                             std::string(name) + "'.");
      }
      chosen[index] = true;
      selection.named.emplace_back(name);
    }
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    // Outlook leaves hidden properties out. The directory answers null, and an empty list of phones
    // (field reports: microsoft-graph-docs issues 2155, 2833 and 4993).
    const bool hidden = basic && (schema.properties[i].flags & kNotBasic) != 0;
    if (hidden && schema.family != Family::kDirectory) continue;
    if (chosen[i]) selection.properties.push_back(i);
  }
  return selection;
}

std::vector<ExpandItem> parse_expand(Family family, std::string_view text) {
  std::vector<ExpandItem> items;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t end = std::min(text.find_first_of(",(", i), text.size());
    ExpandItem item{std::string(trim(text.substr(i, end - i))), {}, {}};
    i = end;
    if (i < text.size() && text[i] == '(') {
      const std::size_t close = text.find(')', i);
      if (close == std::string_view::npos) {
        throw parse_error(family, "Parsing OData Select and Expand failed: missing ')'.");
      }
      for (std::string_view option : split(text.substr(i + 1, close - i - 1), ';')) {
        option = trim(option);
        const std::size_t equals = option.find('=');
        const std::string name = ascii_lower(option.substr(0, equals));
        const auto value =
            equals == std::string_view::npos ? std::string_view() : option.substr(equals + 1);
        if (name == "$select") {
          item.select = std::string(value);
        } else if (name == "$top" && to_number(value)) {
          item.top = to_number(value);
        } else {
          throw parse_error(family, "Parsing OData Select and Expand failed: the option '" + name +
                                        "' is not supported inside $expand.");
        }
      }
      i = close + 1;
    }
    if (i < text.size() && text[i] != ',') {
      throw parse_error(family,
                        "Parsing OData Select and Expand failed: syntax error at position " +
                            std::to_string(i) + ".");
    }
    ++i;
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace graphodbc::emulator::data
