// Dates and times as integers: days and 100 ns ticks since 1970-01-01, years 1..9999, and their
// text forms. Nothing here looks at a locale or a time zone database.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace graphodbc::base {

inline constexpr std::int64_t kTicksPerSecond = 10'000'000;
inline constexpr std::int64_t kTicksPerDay = 86'400 * kTicksPerSecond;
inline constexpr std::int64_t kMinDay = -719'162;   // 0001-01-01
inline constexpr std::int64_t kMaxDay = 2'932'896;  // 9999-12-31

struct CivilDate {
  std::int32_t year = 1970;
  std::uint32_t month = 1;
  std::uint32_t day = 1;
};
struct CivilTime {
  std::uint32_t hour = 0;
  std::uint32_t minute = 0;
  std::uint32_t second = 0;
  std::uint32_t ticks = 0;  // 100 ns, 0..9,999,999
};
struct CivilTimestamp {
  CivilDate date;
  CivilTime time;
};

std::int64_t days_from_civil(const CivilDate& date);
CivilDate civil_from_days(std::int64_t days);
bool is_valid_date(std::int64_t year, std::int64_t month, std::int64_t day);
std::uint32_t days_in_month(std::int64_t year, std::uint32_t month);
CivilTime civil_from_day_ticks(std::int64_t ticks);
std::int64_t day_ticks(const CivilTime& time);
CivilTimestamp civil_from_ticks(std::int64_t ticks);
std::int64_t ticks_from_civil(const CivilTimestamp& timestamp);

// ISO 8601 and SQL forms: `yyyy-mm-dd[(T| )hh:mm[:ss[.f…]][Z|±hh:mm]]`. Digits of the fraction past
// the seventh are dropped. A text without an offset is UTC. nullopt when it is no timestamp or out
// of range. `offset_given` (may be null) tells whether an offset or Z was there.
std::optional<std::int64_t> parse_timestamp(std::string_view text, bool* offset_given = nullptr);
std::optional<std::int64_t> parse_date(std::string_view text);  // days; `yyyy-mm-dd` only
std::optional<std::int64_t> parse_time(std::string_view text);  // ticks; `hh:mm[:ss[.f…]]`

// Longest texts: date 10, time 16, timestamp 27 characters. `scale` 0..7 fraction digits; no point
// when 0. Return the number of characters written; no terminator.
std::size_t format_date(std::int64_t days, char* out);
std::size_t format_time(std::int64_t ticks, int scale, char* out);
// `separator` ' ' for SQL text, 'T' for OData.
std::size_t format_timestamp(std::int64_t ticks, int scale, char separator, char* out);

}  // namespace graphodbc::base
