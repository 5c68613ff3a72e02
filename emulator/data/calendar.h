// Calendars and events of one user: single events and series, whose occurrences are worked out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/data/clock.h"
#include "emulator/data/mailbox.h"
#include "emulator/data/resource.h"

namespace graphodbc::emulator::data {

struct Event {
  std::string subject;
  bool has_subject = true;
  Ticks start = 0;  // instants; of an all-day event midnight in its own zone
  Ticks end = 0;
  const TimeZone* zone = &utc_zone();
  std::string_view location;
  std::uint64_t hash = 0;
  std::uint8_t calendar = 0;
  bool all_day = false;
  bool cancelled = false;
  bool organized_by_me = false;
  int repeat_days = 0;  // 0: single; 1 daily, 7 weekly, 14 every other week
  int occurrences = 0;  // of a series; a series without end is cut off here
  bool endless = false;
};

// One event of a listing: a single event, a series master, or an occurrence of a series.
struct EventView {
  const class Calendar* calendar;
  std::uint32_t index;
  int occurrence = -1;  // from 0

  const Event& event() const;
  bool is_master() const { return occurrence < 0 && event().repeat_days > 0; }
  // The third occurrence of every other series was moved by an hour.
  bool is_exception() const;
  Ticks start() const;
  Ticks end() const;
  ItemRef ref() const;
  std::string subject() const;
  Ticks created() const;
};

class Calendar {
 public:
  Calendar(const Tenant& tenant, const Mailbox& box, std::uint64_t seed, std::size_t events);

  const Tenant& tenant() const { return tenant_; }
  const Mailbox& box() const { return box_; }
  const std::vector<Event>& events() const { return events_; }
  static const std::vector<std::string_view>& calendar_names();

  std::vector<EventView> masters_and_singles(int calendar) const;
  // What overlaps [from, to), by start; series are expanded.
  std::vector<EventView> view(int calendar, Ticks from, Ticks to) const;
  std::vector<EventView> instances(std::uint32_t master, Ticks from, Ticks to) const;
  // nullopt when the id names nothing here.
  std::optional<EventView> find(std::string_view id) const;
  int find_calendar(std::string_view id) const;  // -1 when unknown

 private:
  void make_fixed_events();
  void make_event(std::size_t number);

  const Tenant& tenant_;
  const Mailbox& box_;
  std::uint64_t seed_;
  std::vector<Event> events_;
};

struct CalendarView {
  const Calendar* calendar;
  std::uint8_t index;
};

const Schema<EventView>& event_schema();
const Schema<CalendarView>& calendar_schema();

}  // namespace graphodbc::emulator::data
