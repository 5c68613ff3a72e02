// Instants as ticks of 100 ns since 1970-01-01T00:00:00Z, and their Graph spellings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace graphodbc::emulator::data {

using Ticks = std::int64_t;
inline constexpr Ticks kSecond = 10'000'000;
inline constexpr Ticks kMinute = 60 * kSecond;
inline constexpr Ticks kHour = 60 * kMinute;
inline constexpr Ticks kDay = 24 * kHour;

Ticks ticks_of(int year, int month, int day, int hour = 0, int minute = 0, int second = 0);

// The end of the seeded data. Nothing depends on the machine's clock.
Ticks reference_now();  // 2026-06-30T17:45:12Z
// "none" in Outlook's responseStatus.time: 0001-01-01T00:00:00Z.
Ticks no_time();

// 2026-01-02T03:04:05Z with 0 to 7 fraction digits, trailing zeros dropped (Edm.DateTimeOffset).
void append_instant(std::string& out, Ticks ticks);
// 2026-01-02T03:04:05.0000000, no offset (dateTimeTimeZone/dateTime).
void append_local(std::string& out, Ticks ticks);
// 2026-01-02
void append_date(std::string& out, Ticks ticks);

// Day of the week, 0 = Sunday.
int weekday_of(Ticks ticks);

// ISO 8601: a date, or date and time with optional seconds, fraction (up to 7 digits, more are cut)
// and offset. A text without offset is taken as UTC; `has_offset` and `date_only` tell which it
// was.
struct ParsedTime {
  Ticks ticks = 0;
  bool has_offset = false;
  bool date_only = false;
};
std::optional<ParsedTime> parse_time(std::string_view text);

// A time zone with a fixed offset. The emulator knows no daylight saving; docs/emulator.md says so.
struct TimeZone {
  std::string_view windows_name;
  std::string_view iana_name;
  int offset_minutes;
};
// By Windows or IANA name, without case; nullptr when unknown.
const TimeZone* find_zone(std::string_view name);
const TimeZone& utc_zone();
inline Ticks zone_shift(const TimeZone& zone) {
  return zone.offset_minutes * kMinute;
}

}  // namespace graphodbc::emulator::data
