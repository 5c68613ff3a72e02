// /users, /me and the relations of a user.
#include <algorithm>
#include <numeric>

#include "emulator/data/permissions.h"
#include "emulator/data/routes.h"
#include "emulator/data/text.h"
#include "emulator/data/user.h"

namespace graphodbc::emulator::data {
namespace {

std::vector<std::uint32_t> direct_reports(const Tenant& tenant, std::size_t user) {
  std::vector<std::uint32_t> reports;
  for (std::uint32_t i = 0; i < tenant.users().size(); ++i) {
    if (tenant.users()[i].manager == static_cast<int>(user)) reports.push_back(i);
  }
  return reports;
}

void write_directory_object(JsonWriter& json, const Tenant& tenant, std::uint32_t index,
                            const Selection& selection, const Render& render) {
  json.begin_object();
  json.member("@odata.type", "#microsoft.graph.user");
  write_entity(json, user_schema(), UserView{&tenant, index}, selection, render);
  json.end_object();
}

std::vector<Expander> user_expanders(const RequestContext& context, const Tenant& tenant,
                                     const std::vector<std::uint32_t>& rows) {
  std::vector<Expander> expanders;
  const std::string* expand = context.options.find("$expand");
  if (expand == nullptr) return expanders;
  const std::vector<ExpandItem> items = parse_expand(Family::kDirectory, *expand);
  // One relation a request (contract d.0).
  if (items.size() > 1) {
    throw GraphError(400, "Request_UnsupportedQuery",
                     "Only one $expand is supported for this resource.");
  }
  for (const ExpandItem& item : items) {
    const Selection selection =
        bind_select(user_schema(), item.select ? &*item.select : nullptr, true, false);
    const Render render = context.preferences.render;
    if (item.name == "manager") {
      expanders.push_back([=, &tenant, &rows](JsonWriter& json, std::size_t row) {
        const int manager = tenant.users()[rows[row]].manager;
        if (manager < 0) return;
        json.key("manager");
        write_directory_object(json, tenant, static_cast<std::uint32_t>(manager), selection,
                               render);
      });
    } else if (item.name == "directReports") {
      expanders.push_back([=, &tenant, &rows](JsonWriter& json, std::size_t row) {
        json.key("directReports");
        json.begin_array();
        std::vector<std::uint32_t> reports = direct_reports(tenant, rows[row]);
        // Silently cut at 20 (contract (c)).
        if (reports.size() > 20) reports.resize(20);
        for (std::uint32_t report : reports) {
          write_directory_object(json, tenant, report, selection, render);
        }
        json.end_array();
      });
    } else if (item.name == "extensions" || item.name == "memberOf") {
      const std::string name = item.name;
      expanders.push_back(
          [name](JsonWriter& json, std::size_t) { json.key(name), json.raw("[]"); });
    } else {
      throw parse_error(Family::kDirectory,
                        "Parsing OData Select and Expand failed: Could not find a property named "
                        "'" +
                            item.name + "' on type 'microsoft.graph.user'.");
    }
  }
  return expanders;
}

struct Clause {
  std::string_view property;
  std::string text;
  bool alternative;
};

// "displayName:wa" OR "mail:x": quoted clauses joined by AND and OR.
std::vector<Clause> parse_search(const std::string& search, std::vector<std::string>& storage) {
  const auto refuse = [&]() -> GraphError {
    return {400, "Request_BadRequest", "Syntax error in the $search value: " + search};
  };
  std::vector<Clause> clauses;
  std::string_view rest = trim(search);
  bool alternative = false;
  storage.reserve(16);
  while (!rest.empty()) {
    if (rest.front() != '"') throw refuse();
    const std::size_t close = rest.find('"', 1);
    const std::size_t colon = rest.find(':');
    if (close == std::string_view::npos || colon == std::string_view::npos || colon > close ||
        clauses.size() == 15) {
      throw refuse();
    }
    storage.emplace_back(rest.substr(1, colon - 1));
    clauses.push_back(
        {storage.back(), std::string(rest.substr(colon + 1, close - colon - 1)), alternative});
    rest = trim(rest.substr(close + 1));
    if (rest.starts_with("AND ")) {
      alternative = false;
      rest = trim(rest.substr(4));
    } else if (rest.starts_with("OR ")) {
      alternative = true;
      rest = trim(rest.substr(3));
    } else if (!rest.empty()) {
      throw refuse();
    }
  }
  if (clauses.empty()) throw refuse();
  return clauses;
}

bool clause_matches(const EntitySet& set, std::size_t row, std::size_t field,
                    const Clause& clause) {
  const std::vector<std::string> words = words_of(set.value(row, field).text);
  const std::vector<std::string> wanted = words_of(clause.text);
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& part) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return word.starts_with(part); });
  });
}

std::vector<std::uint32_t> search_users(const EntitySet& set, const std::string& search) {
  std::vector<std::string> storage;
  const std::vector<Clause> clauses = parse_search(search, storage);
  std::vector<std::size_t> fields;
  for (const Clause& clause : clauses) {
    const std::size_t field = set.schema().find_field(clause.property);
    if (field == SchemaBase::npos || set.schema().fields[field].type != FieldType::kString) {
      throw unsupported_filter(Family::kDirectory, clause.property, "user");
    }
    fields.push_back(field);
  }
  std::vector<std::uint32_t> hits;
  for (std::size_t row = 0; row < set.size(); ++row) {
    bool result = true;
    for (std::size_t i = 0; i < clauses.size(); ++i) {
      const bool found = clause_matches(set, row, fields[i], clauses[i]);
      result = clauses[i].alternative ? result || found : result && found;
    }
    if (result) hits.push_back(static_cast<std::uint32_t>(row));
  }
  return hits;
}

enum class Answer { kList, kCount, kSingle };

Response answer_users(const RequestContext& context, const Services& services,
                      const std::vector<std::uint32_t>& rows, const std::string& metadata,
                      const std::string& key, Access access, Answer answer) {
  const Tenant& tenant = services.tenant;
  const TypedSet<UserView> set(user_schema(), rows.size(), [&](std::size_t i) {
    return UserView{&tenant, rows[i]};
  });
  ListSpec spec;
  spec.set = &set;
  spec.context = metadata;
  spec.cache_key = "usr:" + key;
  spec.options = kTakesFilter | kTakesOrder | kTakesTop | kTakesCount | kTakesSearch;
  spec.paging = Paging::kDirectoryToken;
  spec.link_place = LinkPlace::kBefore;
  spec.basic = access == Access::kBasic;
  spec.expansions = user_expanders(context, tenant, rows);
  spec.search = [&](const std::string& search) { return search_users(set, search); };
  switch (answer) {
    case Answer::kCount:
      return count_rows(context, spec, services.cache);
    case Answer::kSingle:
      return single_row(context, spec, 0);
    case Answer::kList:
      break;
  }
  return list_rows(context, spec, services.cache);
}

Response mailbox_settings(const RequestContext& context, const Tenant& tenant, std::size_t user) {
  if (settings_access(context.principal, is_own(context, tenant, user)) == Access::kNone) {
    throw access_denied(Family::kOutlook);
  }
  require_mailbox(tenant, user);
  Response response = json_response(context, Family::kOutlook);
  JsonWriter json(response.body);
  json.begin_object();
  json.member("@odata.context", context.request.base_url + "/v1.0/$metadata#" +
                                    user_context(tenant, user) + "/mailboxSettings");
  json.member("archiveFolder", tenant.mailbox(user).ids().text({ItemKind::kFolder, 0, 1}));
  json.member("timeZone", "UTC");
  json.member("dateFormat", "yyyy-MM-dd");
  json.member("timeFormat", "HH:mm");
  json.member("delegateMeetingMessageDeliveryOptions", "sendToDelegateOnly");
  json.member("userPurpose", "user");
  json.key("language");
  json.raw("{\"locale\":\"en-US\",\"displayName\":\"English (United States)\"}");
  json.key("workingHours");
  json.raw(
      "{\"daysOfWeek\":[\"monday\",\"tuesday\",\"wednesday\",\"thursday\",\"friday\"],"
      "\"startTime\":\"08:00:00.0000000\",\"endTime\":\"17:00:00.0000000\","
      "\"timeZone\":{\"name\":\"Pacific Standard Time\"}}");
  json.end_object();
  return response;
}

Access require_profile(const RequestContext& context, bool own) {
  const Access access = profile_access(context.principal, own);
  if (access == Access::kNone) throw access_denied(Family::kDirectory);
  return access;
}

using Route = Response (*)(const RequestContext&, const Services&, std::size_t, Segments);

constexpr struct {
  std::string_view segment;
  Route route;
} kRoutes[] = {
    {"messages", route_mail},      {"mailFolders", route_mail},
    {"events", route_calendar},    {"calendar", route_calendar},
    {"calendars", route_calendar}, {"calendarView", route_calendar},
    {"contacts", route_contacts},  {"contactFolders", route_contacts},
    {"drive", route_user_drives},  {"drives", route_user_drives},
};

}  // namespace

std::string user_context(const Tenant& tenant, std::size_t user) {
  return "users('" + tenant.users()[user].id + "')";
}

bool is_own(const RequestContext& context, const Tenant& tenant, std::size_t user) {
  return !context.principal.app_only && context.principal.user_id == tenant.users()[user].id;
}

const Mailbox& require_mailbox(const Tenant& tenant, std::size_t user) {
  if (!tenant.users()[user].has_mailbox) {
    throw GraphError(404, "MailboxNotEnabledForRESTAPI",
                     "REST API is not yet supported for this mailbox.");
  }
  return tenant.mailbox(user);
}

Response route_user(const RequestContext& context, const Services& services, std::size_t user,
                    Segments segments) {
  const Tenant& tenant = services.tenant;
  const bool own = is_own(context, tenant, user);
  if (segments.empty()) {
    const Access access = require_profile(context, own);
    return answer_users(context, services, {static_cast<std::uint32_t>(user)}, "users", "one",
                        access, Answer::kSingle);
  }
  for (const auto& entry : kRoutes) {
    if (segments[0] == entry.segment) return entry.route(context, services, user, segments);
  }
  if (segments.size() > 1) throw unknown_segment(segments[0]);
  if (segments[0] == "mailboxSettings") return mailbox_settings(context, tenant, user);
  if (segments[0] == "manager") {
    const Access access = require_profile(context, false);
    const int manager = tenant.users()[user].manager;
    if (manager < 0) throw not_found(Family::kDirectory);
    return answer_users(context, services, {static_cast<std::uint32_t>(manager)},
                        "directoryObjects", "mgr", access, Answer::kSingle);
  }
  if (segments[0] == "directReports") {
    const Access access = require_profile(context, false);
    return answer_users(context, services, direct_reports(tenant, user), "directoryObjects",
                        "rep" + std::to_string(user), access, Answer::kList);
  }
  throw unknown_segment(segments[0]);
}

Response route_users(const RequestContext& context, const Services& services, Segments segments) {
  const Tenant& tenant = services.tenant;
  const bool counting = segments.size() == 1 && segments[0] == "$count";
  if (segments.empty() || counting) {
    const Access access = require_profile(context, false);
    std::vector<std::uint32_t> all(tenant.users().size());
    std::iota(all.begin(), all.end(), 0U);
    return answer_users(context, services, all, "users", "all", access,
                        counting ? Answer::kCount : Answer::kList);
  }
  const std::size_t user = tenant.find_user(segments[0]);
  if (user == Tenant::npos) {
    throw GraphError(404, "Request_ResourceNotFound",
                     "Resource '" + segments[0] +
                         "' does not exist or one of its queried "
                         "reference-property objects are not present.");
  }
  return route_user(context, services, user, segments.subspan(1));
}

}  // namespace graphodbc::emulator::data
