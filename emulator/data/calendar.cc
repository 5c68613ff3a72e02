#include "emulator/data/calendar.h"

#include <algorithm>

#include "emulator/data/phrases.h"
#include "emulator/data/random.h"
#include "emulator/data/tenant.h"

namespace graphodbc::emulator::data {
namespace {

constexpr std::string_view kZoneNames[] = {"UTC", "Pacific Standard Time",
                                           "W. Europe Standard Time", "India Standard Time",
                                           "Tokyo Standard Time"};
constexpr std::uint32_t kOccurrenceBits = 12;

bool overlaps(const EventView& view, Ticks from, Ticks to) {
  return view.start() < to && (view.end() > from || view.start() >= from);
}

void sort_by_start(std::vector<EventView>& views) {
  std::stable_sort(views.begin(), views.end(),
                   [](const EventView& a, const EventView& b) { return a.start() < b.start(); });
}

}  // namespace

const Event& EventView::event() const {
  return calendar->events()[index];
}

bool EventView::is_exception() const {
  return occurrence == 2 && index % 2 == 0;
}

Ticks EventView::start() const {
  const Event& e = event();
  const Ticks shift = occurrence > 0 ? occurrence * e.repeat_days * kDay : 0;
  return e.start + shift + (is_exception() ? kHour : 0);
}

Ticks EventView::end() const {
  return start() + (event().end - event().start);
}

ItemRef EventView::ref() const {
  return {ItemKind::kEvent, 0,
          index << kOccurrenceBits | static_cast<std::uint32_t>(occurrence + 1)};
}

std::string EventView::subject() const {
  return is_exception() ? event().subject + " (moved)" : event().subject;
}

Ticks EventView::created() const {
  const Event& e = event();
  const Ticks before =
      static_cast<Ticks>(1 + e.hash % 40) * kDay + static_cast<Ticks>(e.hash % 9999) * kSecond;
  return std::min(e.start / kSecond * kSecond - before, reference_now());
}

Calendar::Calendar(const Tenant& tenant, const Mailbox& box, std::uint64_t seed, std::size_t events)
    : tenant_(tenant), box_(box), seed_(seed) {
  make_fixed_events();
  while (events_.size() < events) make_event(events_.size());
}

const std::vector<std::string_view>& Calendar::calendar_names() {
  static const std::vector<std::string_view> names = {"Calendar", "Birthdays", "Team 🏖️"};
  return names;
}

// Around one bound, for tests of < and <=: on the second, half a second later, and just before the
// next; then a long event that straddles it and an all-day one.
void Calendar::make_fixed_events() {
  const Ticks bound = ticks_of(2026, 6, 1, 9);
  for (const Ticks fraction : {Ticks{0}, kSecond / 2, kSecond / 1000 * 999}) {
    Event event;
    event.hash = mix(seed_, events_.size());
    event.subject = "Boundary test " + std::to_string(fraction / 10'000) + " ms";
    event.start = bound + fraction;
    event.end = event.start + 30 * kMinute;
    event.organized_by_me = true;
    events_.push_back(std::move(event));
  }
  Event trip;
  trip.hash = mix(seed_, 3);
  trip.subject = "Offsite in Zürich";
  trip.start = bound - 3 * kDay;
  trip.end = bound + 2 * kDay;
  trip.location = "Zürich 4.12";
  events_.push_back(std::move(trip));
  Event day;
  day.hash = mix(seed_, 4);
  day.subject = "Company holiday";
  day.all_day = true;
  day.zone = find_zone("Pacific Standard Time");
  day.start = ticks_of(2026, 7, 3) - zone_shift(*day.zone);
  day.end = day.start + kDay;
  events_.push_back(std::move(day));
}

void Calendar::make_event(std::size_t number) {
  Rng rng(mix(seed_, number, 81));
  Event event;
  event.hash = rng.next();
  event.has_subject = !rng.percent(2);
  event.subject = rng.pick(meeting_titles());
  event.zone = find_zone(rng.pick(std::span<const std::string_view>(kZoneNames)));
  const Ticks day = ticks_of(2025, 7, 1) + rng.between(0, 540) * kDay;
  event.all_day = rng.percent(12);
  if (event.all_day) {
    event.start = day - zone_shift(*event.zone);
    event.end = event.start + rng.between(1, 5) * kDay;
  } else {
    event.start = day + rng.between(6, 18) * kHour + rng.between(0, 3) * 15 * kMinute;
    event.end = event.start + rng.between(0, 8) * 15 * kMinute;
  }
  event.location = rng.pick(locations());
  event.calendar =
      number < 40 || rng.percent(85) ? 0 : static_cast<std::uint8_t>(rng.between(1, 2));
  event.cancelled = rng.percent(4);
  event.organized_by_me = rng.percent(35);
  if (!event.all_day && rng.percent(14)) {
    static constexpr int kSteps[] = {1, 7, 7, 14};
    event.repeat_days = kSteps[rng.below(4)];
    event.endless = rng.percent(25);
    event.occurrences = event.endless ? 1000 : static_cast<int>(rng.between(3, 30));
  }
  events_.push_back(std::move(event));
}

std::vector<EventView> Calendar::masters_and_singles(int calendar) const {
  std::vector<EventView> views;
  for (std::uint32_t i = 0; i < events_.size(); ++i) {
    if (events_[i].calendar == calendar) views.push_back({this, i});
  }
  return views;
}

std::vector<EventView> Calendar::instances(std::uint32_t master, Ticks from, Ticks to) const {
  std::vector<EventView> views;
  const Event& event = events_[master];
  for (int k = 0; k < event.occurrences; ++k) {
    const EventView view{this, master, k};
    if (overlaps(view, from, to)) views.push_back(view);
    if (event.start + k * event.repeat_days * kDay >= to) break;
  }
  return views;
}

std::vector<EventView> Calendar::view(int calendar, Ticks from, Ticks to) const {
  std::vector<EventView> views;
  for (std::uint32_t i = 0; i < events_.size(); ++i) {
    if (events_[i].calendar != calendar) continue;
    if (events_[i].repeat_days > 0) {
      const auto expanded = instances(i, from, to);
      views.insert(views.end(), expanded.begin(), expanded.end());
    } else if (const EventView single{this, i}; overlaps(single, from, to)) {
      views.push_back(single);
    }
  }
  sort_by_start(views);
  return views;
}

std::optional<EventView> Calendar::find(std::string_view id) const {
  const auto ref = box_.ids().read(id);
  if (!ref || ref->kind != ItemKind::kEvent) return std::nullopt;
  const std::uint32_t index = ref->index >> kOccurrenceBits;
  const int occurrence = static_cast<int>(ref->index & ((1U << kOccurrenceBits) - 1)) - 1;
  if (index >= events_.size() || occurrence >= events_[index].occurrences) return std::nullopt;
  return EventView{this, index, occurrence};
}

int Calendar::find_calendar(std::string_view id) const {
  const auto ref = box_.ids().read(id);
  if (!ref || ref->kind != ItemKind::kCalendar || ref->index >= calendar_names().size()) return -1;
  return static_cast<int>(ref->index);
}

}  // namespace graphodbc::emulator::data
