#include "schema/withheld.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace graphodbc::schema {
namespace {

// By the top properties, as `$select` names them. Graph permissions reference: mail comes "except
// for body, bodyPreview, uniqueBody, attachments, extensions, and any extended properties", events
// "except for properties such as body, attachments, and extensions"; of users only the basic
// profile is read (displayName, givenName, id, mail, photo, securityIdentifier, surname,
// userPrincipalName). Headers of mail are kept as extended properties are.
struct Rule {
  std::string_view table;
  bool others;  // all but these
  std::vector<std::string_view> properties;
};

const std::vector<Rule>& rules() {
  static const std::vector<std::string_view> profile = {
      "displayName", "givenName",         "id", "mail", "securityIdentifier",
      "surname",     "userPrincipalName",
  };
  static const std::vector<Rule> all = {
      {"Messages", false, {"body", "bodyPreview", "uniqueBody", "internetMessageHeaders"}},
      {"Events", false, {"body", "bodyPreview"}},
      {"CalendarView", false, {"body", "bodyPreview"}},
      {"Users", true, profile},
      {"Me", true, profile},
  };
  return all;
}

}  // namespace

bool is_basic_permission(const std::string& permission) {
  return permission.find(".ReadBasic") != std::string::npos;
}

std::vector<std::string> full_permissions(const std::vector<std::string>& permissions) {
  std::vector<std::string> full;
  std::copy_if(permissions.begin(), permissions.end(), std::back_inserter(full),
               [](const std::string& name) { return !is_basic_permission(name); });
  return full;
}

bool is_withheld(const Table& table, const Column& column) {
  if (column.role != ColumnRole::kProperty) return false;
  const auto rule = std::find_if(rules().begin(), rules().end(),
                                 [&](const Rule& entry) { return entry.table == table.name; });
  if (rule == rules().end()) return false;
  const auto& names = rule->properties;
  const bool named = std::find(names.begin(), names.end(), column.select_name) != names.end();
  return named != rule->others;
}

}  // namespace graphodbc::schema
