#include "schema/table_reader.h"

namespace graphodbc::schema {
namespace {

constexpr std::pair<std::string_view, EdmKind> kEdmWords[] = {
    {"Boolean", EdmKind::kBoolean},
    {"Int16", EdmKind::kInt16},
    {"Int32", EdmKind::kInt32},
    {"Int64", EdmKind::kInt64},
    {"Single", EdmKind::kSingle},
    {"Double", EdmKind::kDouble},
    {"Decimal", EdmKind::kDecimal},
    {"String", EdmKind::kString},
    {"Guid", EdmKind::kGuid},
    {"DateTimeOffset", EdmKind::kDateTimeOffset},
    {"DateTimeText", EdmKind::kDateTimeText},
    {"Date", EdmKind::kDate},
    {"TimeOfDay", EdmKind::kTimeOfDay},
    {"Duration", EdmKind::kDuration},
    {"Binary", EdmKind::kBinary},
    {"Json", EdmKind::kJson},
    {"Facet", EdmKind::kFacet},
};
constexpr std::pair<std::string_view, ColumnRole> kRoleWords[] = {
    {"property", ColumnRole::kProperty},
    {"context", ColumnRole::kContext},
    {"parent", ColumnRole::kParent},
    {"input", ColumnRole::kInput},
};
constexpr std::pair<std::string_view, PushClass> kClassWords[] = {
    {"exact", PushClass::kExact},
    {"superset", PushClass::kSuperset},
    {"lossy", PushClass::kLossy},
};

// sql-dialect.md section 3, the table of types.
base::TypeInfo sql_type(const JsonObject& object, EdmKind edm) {
  switch (edm) {
    case EdmKind::kBoolean:
    case EdmKind::kFacet:
      return base::bit_type();
    case EdmKind::kInt16:
      return base::smallint_type();
    case EdmKind::kInt32:
      return base::integer_type();
    case EdmKind::kInt64:
      return base::bigint_type();
    case EdmKind::kSingle:
      return base::real_type();
    case EdmKind::kDouble:
      return base::double_type();
    case EdmKind::kDecimal:
      return base::decimal_type(object.number("precision", 28),
                                static_cast<std::int16_t>(object.number("scale", 8)));
    case EdmKind::kGuid:
      return base::guid_type();
    case EdmKind::kDateTimeOffset:
    case EdmKind::kDateTimeText:
      return base::timestamp_type();
    case EdmKind::kDate:
      return base::date_type();
    case EdmKind::kTimeOfDay:
      return base::time_type();
    case EdmKind::kDuration:
      return base::text_type(64);
    case EdmKind::kBinary:
      return base::long_binary_type();
    case EdmKind::kJson:
      return base::long_text_type();
    case EdmKind::kString:
      break;
  }
  if (object.flag("long")) {
    base::TypeInfo type = base::long_text_type();
    type.nocase = object.flag("nocase");
    return type;
  }
  const std::uint32_t size = object.number("size", 255);
  if (size == 0) object.fail("\"size\" must be at least 1; write \"long\": true for long text");
  return base::text_type(size, object.flag("nocase"));
}

PushClass class_of(const JsonObject& push, std::string_view key) {
  const std::string word = push.text(key);
  return word.empty() ? PushClass::kNone : word_value(push, key, word, kClassWords);
}

Pushable read_push(simdjson::dom::element element, const std::string& where) {
  const JsonObject push(element, where + ", push");
  push.allow_only({"equal", "notEqual", "range", "inclusiveOnly", "inList", "orChain", "startsWith",
                   "endsWith", "contains", "isNull", "isNotNull", "advanced", "advancedNot"});
  Pushable result;
  result.equal = class_of(push, "equal");
  result.not_equal = class_of(push, "notEqual");
  result.range = class_of(push, "range");
  result.inclusive_only = push.flag("inclusiveOnly");
  result.in_list = class_of(push, "inList");
  result.or_chain = push.flag("orChain");
  result.starts_with = class_of(push, "startsWith");
  result.ends_with = class_of(push, "endsWith");
  result.contains = class_of(push, "contains");
  result.is_null = class_of(push, "isNull");
  result.is_not_null = class_of(push, "isNotNull");
  result.advanced = push.flag("advanced");
  result.advanced_not = push.flag("advancedNot");
  return result;
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> steps;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    steps.emplace_back(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return steps;
}

}  // namespace

Column read_column(simdjson::dom::element element, const std::string& file) {
  const std::string name = JsonObject(element, file + ", column").required_text("name");
  const JsonObject object(element, file + ", column " + name);
  object.allow_only({"name",       "path",       "edm",          "size",         "long",
                     "precision",  "scale",      "nocase",       "nullable",     "explicit",
                     "role",       "push",       "sortable",     "sortableText", "sortAdvanced",
                     "filterPath", "option",     "lostBySelect", "select",       "members",
                     "maxPage",    "description"});
  Column column;
  column.name = name;
  column.json_path = split_path(object.text("path"));
  column.edm = word_value(object, "edm", object.required_text("edm"), kEdmWords);
  column.type = sql_type(object, column.edm);
  column.nullable = object.flag("nullable", true);
  column.explicit_only = object.flag("explicit");
  column.role = word_value(object, "role", object.text("role", "property"), kRoleWords);
  if (const auto push = object.find("push")) column.push = read_push(*push, object.where());
  column.sortable = object.flag("sortable");
  column.sortable_text = object.flag("sortableText");
  column.sort_advanced = object.flag("sortAdvanced");
  column.filter_path = object.text("filterPath", object.text("path"));
  column.option = object.text("option");
  column.lost_by_select = object.flag("lostBySelect");
  column.select_name =
      object.text("select", column.json_path.empty() ? "" : column.json_path.front());
  column.members = object.texts("members");
  column.max_page = object.number("maxPage");
  column.description = object.text("description");
  return column;
}

}  // namespace graphodbc::schema
