// /events, /calendars, /calendar and /calendarView.
#include <algorithm>

#include "emulator/data/calendar.h"
#include "emulator/data/permissions.h"
#include "emulator/data/routes.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

struct Scope {
  const RequestContext& context;
  const Services& services;
  const Calendar& calendar;
  Access access;
  std::string owner;
  std::string key;
};

struct Window {
  Ticks from;
  Ticks to;
};

Window required_window(const RequestContext& context) {
  Window window{};
  const std::pair<std::string_view, Ticks*> bounds[] = {{"startDateTime", &window.from},
                                                        {"endDateTime", &window.to}};
  for (const auto& [name, into] : bounds) {
    const std::string* text = context.options.find(name);
    const auto time = text == nullptr ? std::nullopt : parse_time(*text);
    if (!time) {
      throw GraphError(400, "ErrorInvalidParameter",
                       "This request requires a time window specified by the query string "
                       "parameters StartDateTime and EndDateTime.");
    }
    *into = time->ticks;
  }
  if (window.to < window.from) {
    throw GraphError(400, "ErrorInvalidParameter", "EndDateTime must not be before StartDateTime.");
  }
  if (window.to - window.from > 1825 * kDay) {
    throw GraphError(400, "ErrorCalendarViewRangeTooBig",
                     "The requested time window is longer than 1825 days.");
  }
  return window;
}

std::vector<Expander> event_expanders(const Scope& scope, const std::vector<EventView>& rows) {
  std::vector<Expander> expanders;
  const std::string* expand = scope.context.options.find("$expand");
  if (expand == nullptr) return expanders;
  for (const ExpandItem& item : parse_expand(Family::kOutlook, *expand)) {
    if (item.name == "attachments" || item.name == "extensions") {
      const std::string name = item.name;
      expanders.push_back(
          [name](JsonWriter& json, std::size_t) { json.key(name), json.raw("[]"); });
    } else if (item.name == "instances") {
      const Selection selection =
          bind_select(event_schema(), item.select ? &*item.select : nullptr, true, false);
      const Render render = scope.context.preferences.render;
      // An expansion is one page: the first ten occurrences.
      expanders.push_back([=, &rows](JsonWriter& json, std::size_t row) {
        json.key("instances");
        json.begin_array();
        const int count = rows[row].is_master() ? std::min(rows[row].event().occurrences, 10) : 0;
        for (int k = 0; k < count; ++k) {
          json.begin_object();
          write_entity(json, event_schema(), EventView{rows[row].calendar, rows[row].index, k},
                       selection, render);
          json.end_object();
        }
        json.end_array();
      });
    } else {
      throw parse_error(Family::kOutlook,
                        "Parsing OData Select and Expand failed: Could not find a property named "
                        "'" +
                            item.name + "' on type 'microsoft.graph.event'.");
    }
  }
  return expanders;
}

enum class Answer { kList, kCount, kSingle };

Response answer_events(const Scope& scope, const std::vector<EventView>& rows,
                       const std::string& context, const std::string& key, bool is_view,
                       Answer answer) {
  const TypedSet<EventView> set(event_schema(), rows.size(),
                                [&rows](std::size_t i) { return rows[i]; });
  ListSpec spec;
  spec.set = &set;
  spec.context = scope.owner + context;
  spec.cache_key = "ev:" + scope.key + key;
  spec.is_view = is_view;
  spec.basic = scope.access == Access::kBasic;
  spec.expansions = event_expanders(scope, rows);
  switch (answer) {
    case Answer::kCount:
      return count_rows(scope.context, spec, scope.services.cache);
    case Answer::kSingle:
      return single_row(scope.context, spec, 0);
    case Answer::kList:
      break;
  }
  return list_rows(scope.context, spec, scope.services.cache);
}

std::string window_key(const Window& window) {
  return std::to_string(window.from) + "-" + std::to_string(window.to);
}

Response route_events(const Scope& scope, int calendar, const std::string& container,
                      Segments rest) {
  const std::string context = container + "/events";
  const std::string key = ":e" + std::to_string(calendar);
  if (rest.empty() || rest[0] == "$count") {
    return answer_events(scope, scope.calendar.masters_and_singles(calendar), context, key, false,
                         rest.empty() ? Answer::kList : Answer::kCount);
  }
  const auto event = scope.calendar.find(rest[0]);
  if (!event) throw not_found(Family::kOutlook);
  if (rest.size() == 1) {
    return answer_events(scope, {*event}, context, key + ":one", false, Answer::kSingle);
  }
  if (rest[1] == "attachments") {
    return answer_events(scope, {}, context + "/attachments", key + ":none", false, Answer::kList);
  }
  if (rest[1] != "instances") throw unknown_segment(rest[1]);
  const Window window = required_window(scope.context);
  return answer_events(scope, scope.calendar.instances(event->index, window.from, window.to),
                       context + "('" + encode_query_value(rest[0]) + "')/instances",
                       key + ":i" + std::to_string(event->index) + window_key(window), true,
                       Answer::kList);
}

Response route_view(const Scope& scope, int calendar, const std::string& container, Segments rest) {
  if (!rest.empty() && rest[0] != "$count") throw unknown_segment(rest[0]);
  const Window window = required_window(scope.context);
  return answer_events(scope, scope.calendar.view(calendar, window.from, window.to),
                       container + "/calendarView",
                       ":v" + std::to_string(calendar) + window_key(window), true,
                       rest.empty() ? Answer::kList : Answer::kCount);
}

Response route_calendars(const Scope& scope, Segments rest) {
  const TypedSet<CalendarView> set(
      calendar_schema(), Calendar::calendar_names().size(), [&](std::size_t i) {
        return CalendarView{&scope.calendar, static_cast<std::uint8_t>(i)};
      });
  ListSpec spec;
  spec.set = &set;
  spec.context = scope.owner + "/calendars";
  spec.cache_key = "cal:" + scope.key;
  if (rest.empty()) return list_rows(scope.context, spec, scope.services.cache);
  if (rest[0] == "$count") return count_rows(scope.context, spec, scope.services.cache);
  const int calendar = scope.calendar.find_calendar(rest[0]);
  if (calendar < 0) throw not_found(Family::kOutlook);
  if (rest.size() == 1) return single_row(scope.context, spec, static_cast<std::size_t>(calendar));
  const std::string container = "/calendars('" + encode_query_value(rest[0]) + "')";
  if (rest[1] == "events") return route_events(scope, calendar, container, rest.subspan(2));
  if (rest[1] == "calendarView") return route_view(scope, calendar, container, rest.subspan(2));
  throw unknown_segment(rest[1]);
}

}  // namespace

Response route_calendar(const RequestContext& context, const Services& services, std::size_t user,
                        Segments segments) {
  const Access access = calendar_access(context.principal, is_own(context, services.tenant, user));
  if (access == Access::kNone) throw access_denied(Family::kOutlook);
  require_mailbox(services.tenant, user);
  const Scope scope{context,
                    services,
                    services.tenant.calendar(user),
                    access,
                    user_context(services.tenant, user),
                    std::to_string(user)};
  const Segments rest = segments.subspan(1);
  if (segments[0] == "events") return route_events(scope, 0, "", rest);
  if (segments[0] == "calendarView") return route_view(scope, 0, "", rest);
  if (segments[0] == "calendars") return route_calendars(scope, rest);
  // "calendar" is the default one.
  if (!rest.empty() && rest[0] == "events")
    return route_events(scope, 0, "/calendar", rest.subspan(1));
  if (!rest.empty() && rest[0] == "calendarView") {
    return route_view(scope, 0, "/calendar", rest.subspan(1));
  }
  if (!rest.empty()) throw unknown_segment(rest[0]);
  const std::string id = scope.calendar.box().ids().text({ItemKind::kCalendar, 0, 0});
  return route_calendars(scope, std::span<const std::string>(&id, 1));
}

}  // namespace graphodbc::emulator::data
