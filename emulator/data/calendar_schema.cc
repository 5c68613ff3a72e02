// microsoft.graph.event and microsoft.graph.calendar as JSON.
#include "emulator/data/calendar.h"
#include "emulator/data/message.h"
#include "emulator/data/phrases.h"
#include "emulator/data/random.h"
#include "emulator/data/tenant.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

using W = JsonWriter;
using E = EventView;
using R = Render;

constexpr std::string_view kShowAs[] = {"unknown", "free", "tentative",
                                        "busy",    "oof",  "workingElsewhere"};
constexpr std::string_view kSensitivity[] = {"normal", "personal", "private", "confidential"};
constexpr std::string_view kTypes[] = {"singleInstance", "occurrence", "exception", "seriesMaster"};
constexpr std::string_view kDays[] = {"sunday",   "monday", "tuesday", "wednesday",
                                      "thursday", "friday", "saturday"};

std::int64_t type_of(const E& e) {
  if (e.is_master()) return 3;
  if (e.occurrence < 0) return 0;
  return e.is_exception() ? 2 : 1;
}
std::int64_t show_as(const E& e) {
  return e.event().all_day ? 1 : 3 + (e.event().hash % 11 == 0);
}
std::int64_t sensitivity(const E& e) {
  return e.event().hash % 13 == 0 ? 2 : 0;
}
std::int64_t importance(const E& e) {
  return e.event().hash % 10 == 0 ? 2 : 1;
}
bool online(const E& e) {
  return e.event().location == "Microsoft Teams Meeting";
}

std::string change_key(const E& e) {
  return base64(guid_text(mix(e.event().hash, 1), mix(e.event().hash, 2)).substr(0, 18));
}

// All-day events show midnight whatever zone is asked for; their instants differ from that, which
// is why filters on start/dateTime miss some of them (sql-dialect 9.6).
void write_time(W& json, const E& e, Ticks instant, const R& render) {
  const Ticks shift = zone_shift(e.event().all_day ? *e.event().zone : *render.zone);
  write_zoned(json, instant + shift, render.zone->windows_name);
}

Person owner_of(const E& e) {
  const User& owner = e.calendar->tenant().users()[e.calendar->box().owner()];
  return {owner.display_name, owner.mail};
}

Person organizer(const E& e) {
  if (e.event().organized_by_me) return owner_of(e);
  const auto& people = e.calendar->tenant().people();
  return people[mix(e.event().hash, 3) % people.size()];
}

void write_response(W& json, std::string_view response, Ticks time) {
  json.begin_object();
  json.member("response", response);
  json.key("time");
  json.instant(time);
  json.end_object();
}

void write_attendees(W& json, const E& e, const R&) {
  static constexpr std::string_view kAnswers[] = {"none", "accepted", "tentativelyAccepted",
                                                  "declined", "notResponded"};
  static constexpr std::string_view kRoles[] = {"required", "optional", "resource"};
  const auto& people = e.calendar->tenant().people();
  const std::uint64_t hash = e.event().hash;
  json.begin_array();
  for (std::uint64_t i = 0; i < hash % 5; ++i) {
    const std::uint64_t roll = mix(hash, 4, i);
    const std::string_view answer = kAnswers[roll % 5];
    json.begin_object();
    json.member("type", kRoles[roll % 17 == 0 ? 2 : roll % 4 == 0 ? 1 : 0]);
    json.key("status");
    write_response(json, answer, roll % 5 == 0 || roll % 5 == 4 ? no_time() : e.created() + kHour);
    const Person& person = people[roll % people.size()];
    json.key("emailAddress");
    json.begin_object();
    json.member("name", person.name);
    json.member("address", person.address);
    json.end_object();
    json.end_object();
  }
  json.end_array();
}

void write_location(W& json, const E& e, const R&) {
  const std::string_view name = e.event().location;
  json.begin_object();
  json.member("displayName", name);
  json.member("locationType", name.starts_with("Conf") ? "conferenceRoom" : "default");
  if (!name.empty()) json.member("uniqueId", name);
  json.member("uniqueIdType", name.empty() ? "unknown" : "private");
  if (name == "Zürich 4.12") {
    json.key("address");
    json.begin_object();
    json.member("street", "Bahnhofstrasse 12");
    json.member("city", "Zürich");
    json.member("countryOrRegion", "Switzerland");
    json.member("postalCode", "8001");
    json.end_object();
    json.key("coordinates");
    json.raw("{\"latitude\":47.36667,\"longitude\":8.55}");
  }
  json.end_object();
}

void write_locations(W& json, const E& e, const R& render) {
  json.begin_array();
  if (!e.event().location.empty()) write_location(json, e, render);
  json.end_array();
}

void write_online_meeting(W& json, const E& e, const R&) {
  if (!online(e)) return json.null();
  json.begin_object();
  json.member("joinUrl", "https://teams.example/l/meetup-join/" + change_key(e));
  json.end_object();
}

void write_recurrence(W& json, const E& e, const R&) {
  if (!e.is_master()) return json.null();
  const Event& event = e.event();
  const bool daily = event.repeat_days == 1;
  std::string start;
  std::string end;
  append_date(start, event.start);
  append_date(end, event.start + (event.occurrences - 1) * event.repeat_days * kDay);
  json.begin_object();
  json.key("pattern");
  json.begin_object();
  json.member("type", daily ? "daily" : "weekly");
  json.number("interval", daily ? 1 : event.repeat_days / 7);
  json.number("month", 0);
  json.number("dayOfMonth", 0);
  if (!daily) {
    json.key("daysOfWeek");
    json.begin_array();
    json.plain(kDays[weekday_of(event.start)]);
    json.end_array();
  }
  json.member("firstDayOfWeek", "sunday");
  json.member("index", "first");
  json.end_object();
  json.key("range");
  json.begin_object();
  json.member("type", event.endless ? "noEnd" : "numbered");
  json.member("startDate", start);
  json.member("endDate", event.endless ? "0001-01-01" : end);
  json.member("recurrenceTimeZone", event.zone->windows_name);
  json.number("numberOfOccurrences", event.endless ? 0 : event.occurrences);
  json.end_object();
  json.end_object();
}

std::string body_text(const E& e) {
  const auto pool = paragraphs();
  return std::string(pool[mix(e.event().hash, 5) % pool.size()]);
}

void write_body(W& json, const E& e, const R& render) {
  json.begin_object();
  json.member("contentType", render.text_bodies ? "text" : "html");
  json.member("content", render.text_bodies ? body_text(e)
                                            : "<html><head></head><body><p>" + body_text(e) +
                                                  "</p></body></html>");
  json.end_object();
}

std::vector<std::string> categories_of(const E& e) {
  if (e.event().hash % 6 != 0) return {};
  return {std::string(categories()[e.event().hash / 6 % categories().size()])};
}

void write_id(W& json, const E& e, ItemRef ref, const R& render) {
  json.plain(e.calendar->box().ids().text(ref, render.immutable_ids));
}

std::vector<Property<E>> properties() {
  return {
      {"@odata.etag", kAlways | kAnnotation,
       [](W& j, const E& e, const R&) { j.string("W/\"" + change_key(e) + "\""); }},
      {"id", kAlways, [](W& j, const E& e, const R& r) { write_id(j, e, e.ref(), r); }},
      {"createdDateTime", kLostOnView, [](W& j, const E& e, const R&) { j.instant(e.created()); }},
      {"lastModifiedDateTime", kLostOnView,
       [](W& j, const E& e, const R&) { j.instant(e.created() + 2 * kHour); }},
      {"changeKey", 0, [](W& j, const E& e, const R&) { j.plain(change_key(e)); }},
      {"categories", 0, [](W& j, const E& e, const R&) { write_text_list(j, categories_of(e)); }},
      {"transactionId", 0, [](W& j, const E&, const R&) { j.null(); }},
      {"originalStartTimeZone", 0,
       [](W& j, const E& e, const R&) { j.plain(e.event().zone->windows_name); }},
      {"originalEndTimeZone", 0,
       [](W& j, const E& e, const R&) { j.plain(e.event().zone->windows_name); }},
      {"iCalUId", 0,
       [](W& j, const E& e, const R&) {
         j.plain("040000008200E00074C5B7101A82E008" + change_key(e));
       }},
      {"reminderMinutesBeforeStart", 0, [](W& j, const E&, const R&) { j.integer(15); }},
      {"isReminderOn", 0, [](W& j, const E& e, const R&) { j.boolean(!e.event().all_day); }},
      {"hasAttachments", 0, [](W& j, const E&, const R&) { j.boolean(false); }},
      {"subject", 0,
       [](W& j, const E& e, const R&) {
         e.event().has_subject ? j.string(e.subject()) : j.null();
       }},
      {"bodyPreview", kNotBasic,
       [](W& j, const E& e, const R&) { j.string(utf16_prefix(body_text(e), 255)); }},
      {"importance", 0,
       [](W& j, const E& e, const R&) {
         j.plain(importance_names()[static_cast<std::size_t>(importance(e))]);
       }},
      {"sensitivity", 0, [](W& j, const E& e, const R&) { j.plain(kSensitivity[sensitivity(e)]); }},
      {"isAllDay", 0, [](W& j, const E& e, const R&) { j.boolean(e.event().all_day); }},
      {"isCancelled", 0, [](W& j, const E& e, const R&) { j.boolean(e.event().cancelled); }},
      {"isOrganizer", 0, [](W& j, const E& e, const R&) { j.boolean(e.event().organized_by_me); }},
      {"isDraft", 0, [](W& j, const E&, const R&) { j.boolean(false); }},
      {"responseRequested", 0, [](W& j, const E&, const R&) { j.boolean(true); }},
      {"seriesMasterId", 0,
       [](W& j, const E& e, const R& r) {
         if (e.occurrence < 0) return j.null();
         write_id(j, e, EventView{e.calendar, e.index}.ref(), r);
       }},
      {"showAs", 0, [](W& j, const E& e, const R&) { j.plain(kShowAs[show_as(e)]); }},
      {"type", 0, [](W& j, const E& e, const R&) { j.plain(kTypes[type_of(e)]); }},
      {"webLink", 0,
       [](W& j, const E& e, const R&) {
         j.string("https://outlook.office365.example/owa/?itemid=" +
                  e.calendar->box().ids().text(e.ref()) + "&exvsurl=1&path=/calendar/item");
       }},
      {"onlineMeetingUrl", 0, [](W& j, const E&, const R&) { j.null(); }},
      {"isOnlineMeeting", 0, [](W& j, const E& e, const R&) { j.boolean(online(e)); }},
      {"onlineMeetingProvider", 0,
       [](W& j, const E& e, const R&) { j.plain(online(e) ? "teamsForBusiness" : "unknown"); }},
      {"allowNewTimeProposals", 0, [](W& j, const E&, const R&) { j.boolean(true); }},
      {"hideAttendees", 0, [](W& j, const E&, const R&) { j.boolean(false); }},
      {"cancelledOccurrences", kExplicit, [](W& j, const E&, const R&) { j.raw("[]"); }},
      {"originalStart", 0, [](W& j, const E& e, const R&) { j.instant(e.start()); },
       [](const E& e) { return e.occurrence >= 0; }},
      {"recurrence", 0, write_recurrence},
      {"responseStatus", 0,
       [](W& j, const E& e, const R&) {
         const bool own = e.event().organized_by_me;
         write_response(j, own ? "organizer" : "accepted", own ? no_time() : e.created() + kHour);
       }},
      {"body", kNotBasic, write_body},
      {"start", 0, [](W& j, const E& e, const R& r) { write_time(j, e, e.start(), r); }},
      {"end", 0, [](W& j, const E& e, const R& r) { write_time(j, e, e.end(), r); }},
      {"location", 0, write_location},
      {"locations", 0, write_locations},
      {"attendees", 0, write_attendees},
      {"organizer", 0,
       [](W& j, const E& e, const R&) {
         const Person person = organizer(e);
         write_person(j, &person);
       }},
      {"onlineMeeting", 0, write_online_meeting},
  };
}

std::vector<FieldOf<E>> fields() {
  using enum FieldType;
  constexpr std::uint16_t kTwoWay = kEq | kNe;
  return {
      {{"subject", kString, kCompare | kStartsWith | kContains | kNull, 0, Sort::kYes},
       [](const E& e) { return e.event().has_subject ? Value::of(e.subject()) : Value::null(); }},
      {{"start/dateTime", kLocalTime, kCompare, 0, Sort::kYes},
       [](const E& e) { return Value::of(e.start()); }},
      {{"end/dateTime", kLocalTime, kCompare, 0, Sort::kYes},
       [](const E& e) { return Value::of(e.end()); }},
      {{"createdDateTime", kInstant, kCompare, 0, Sort::kYes},
       [](const E& e) { return Value::of(e.created()); }},
      {{"lastModifiedDateTime", kInstant, kCompare, 0, Sort::kYes},
       [](const E& e) { return Value::of(e.created() + 2 * kHour); }},
      {{"isAllDay", kBoolean, kTwoWay}, [](const E& e) { return Value::of(e.event().all_day); }},
      {{"isCancelled", kBoolean, kTwoWay},
       [](const E& e) { return Value::of(e.event().cancelled); }},
      {{"isOrganizer", kBoolean, kTwoWay},
       [](const E& e) { return Value::of(e.event().organized_by_me); }},
      {{"hasAttachments", kBoolean, kTwoWay}, [](const E&) { return Value::of(false); }},
      {{"importance", kEnum, kTwoWay, 0, Sort::kNo, importance_names()},
       [](const E& e) { return Value::of(importance(e)); }},
      {{"sensitivity", kEnum, kTwoWay, 0, Sort::kNo, kSensitivity},
       [](const E& e) { return Value::of(sensitivity(e)); }},
      {{"showAs", kEnum, kTwoWay, 0, Sort::kNo, kShowAs},
       [](const E& e) { return Value::of(show_as(e)); }},
      {{"type", kEnum, kTwoWay, 0, Sort::kNo, kTypes},
       [](const E& e) { return Value::of(type_of(e)); }},
      {{"organizer/emailAddress/address", kString, kTwoWay},
       [](const E& e) { return Value::of(organizer(e).address); }},
      {{"iCalUId", kString, kTwoWay},
       [](const E& e) { return Value::of("040000008200E00074C5B7101A82E008" + change_key(e)); }},
      {{"seriesMasterId", kString, kTwoWay},
       [](const E& e) {
         if (e.occurrence < 0) return Value::null();
         return Value::of(e.calendar->box().ids().text(EventView{e.calendar, e.index}.ref()));
       }},
      {{"categories", kList, kEq}, [](const E& e) { return Value::of(categories_of(e)); }},
  };
}

using C = CalendarView;

std::vector<Property<C>> calendar_properties() {
  return {
      {"id", kAlways,
       [](W& j, const C& c, const R&) {
         j.plain(c.calendar->box().ids().text({ItemKind::kCalendar, 0, c.index}));
       }},
      {"name", 0,
       [](W& j, const C& c, const R&) { j.string(Calendar::calendar_names()[c.index]); }},
      {"color", 0,
       [](W& j, const C& c, const R&) { j.plain(c.index == 0 ? "auto" : "lightGreen"); }},
      {"hexColor", 0, [](W& j, const C& c, const R&) { j.plain(c.index == 0 ? "" : "#87d28e"); }},
      {"isDefaultCalendar", 0, [](W& j, const C& c, const R&) { j.boolean(c.index == 0); }},
      {"changeKey", 0,
       [](W& j, const C& c, const R&) { j.plain("CalKey" + std::to_string(c.index)); }},
      {"canShare", 0, [](W& j, const C& c, const R&) { j.boolean(c.index == 0); }},
      {"canViewPrivateItems", 0, [](W& j, const C&, const R&) { j.boolean(true); }},
      {"canEdit", 0, [](W& j, const C& c, const R&) { j.boolean(c.index != 1); }},
      {"allowedOnlineMeetingProviders", 0,
       [](W& j, const C&, const R&) { j.raw("[\"teamsForBusiness\"]"); }},
      {"defaultOnlineMeetingProvider", 0,
       [](W& j, const C&, const R&) { j.plain("teamsForBusiness"); }},
      {"isTallyingResponses", 0, [](W& j, const C& c, const R&) { j.boolean(c.index == 0); }},
      {"isRemovable", 0, [](W& j, const C& c, const R&) { j.boolean(c.index != 0); }},
      {"owner", 0,
       [](W& j, const C& c, const R&) {
         const User& owner = c.calendar->tenant().users()[c.calendar->box().owner()];
         j.begin_object();
         j.member("name", owner.display_name);
         j.member("address", owner.mail);
         j.end_object();
       }},
  };
}

}  // namespace

const Schema<EventView>& event_schema() {
  static const Schema<EventView> schema("event", Family::kOutlook, 10, 1000, properties(),
                                        fields());
  return schema;
}

const Schema<CalendarView>& calendar_schema() {
  static const Schema<CalendarView> schema(
      "calendar", Family::kOutlook, 10, 1000, calendar_properties(),
      {{{"name", FieldType::kString, kEq | kStartsWith, 0, Sort::kYes},
        [](const C& c) { return Value::of(Calendar::calendar_names()[c.index]); }}});
  return schema;
}

}  // namespace graphodbc::emulator::data
