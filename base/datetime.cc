#include "base/datetime.h"

#include <array>

namespace graphodbc::base {
namespace {

// Reads `count` digits at `at`; -1 when one is missing.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    const char c = text[i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool character(std::string_view text, std::size_t at, char expected) {
  return at < text.size() && text[at] == expected;
}

// `.f…` at `at`: ticks of 100 ns; moves `at` past it. nullopt when there is no digit.
std::optional<std::uint32_t> fraction(std::string_view text, std::size_t& at) {
  std::size_t count = 0;
  std::uint32_t ticks = 0;
  std::size_t i = at + 1;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, ++count) {
    if (count < 7) ticks = ticks * 10 + static_cast<std::uint32_t>(text[i] - '0');
  }
  if (count == 0) return std::nullopt;
  for (; count < 7; ++count) ticks *= 10;
  at = i;
  return ticks;
}

// `hh:mm[:ss[.f…]]` at `at`, which is moved past it; ticks of the day.
std::optional<std::int64_t> time_at(std::string_view text, std::size_t& at) {
  const int hour = digits(text, at, 2);
  if (hour < 0 || hour > 23 || !character(text, at + 2, ':')) return std::nullopt;
  const int minute = digits(text, at + 3, 2);
  if (minute < 0 || minute > 59) return std::nullopt;
  at += 5;
  CivilTime time{static_cast<std::uint32_t>(hour), static_cast<std::uint32_t>(minute), 0, 0};
  if (character(text, at, ':')) {
    const int second = digits(text, at + 1, 2);
    if (second < 0 || second > 59) return std::nullopt;
    time.second = static_cast<std::uint32_t>(second);
    at += 3;
    if (character(text, at, '.')) {
      const auto ticks = fraction(text, at);
      if (!ticks) return std::nullopt;
      time.ticks = *ticks;
    }
  }
  return day_ticks(time);
}

// `Z`, `±hh:mm` or `±hhmm` at `at`, which is moved past it; seconds east of UTC.
std::optional<std::int64_t> offset_at(std::string_view text, std::size_t& at) {
  if (character(text, at, 'Z') || character(text, at, 'z')) {
    ++at;
    return 0;
  }
  const bool negative = text[at] == '-';
  const int hours = digits(text, at + 1, 2);
  std::size_t next = at + 3;
  if (character(text, next, ':')) ++next;
  const int minutes = digits(text, next, 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return std::nullopt;
  at = next + 2;
  const std::int64_t seconds = (hours * 60 + minutes) * 60;
  return negative ? -seconds : seconds;
}

void put(char* out, std::uint32_t value, std::size_t width) {
  for (std::size_t i = width; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

std::optional<std::int64_t> date_at(std::string_view text) {
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  if (year < 0 || month < 0 || day < 0 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!is_valid_date(year, month, day)) return std::nullopt;
  return days_from_civil(
      {year, static_cast<std::uint32_t>(month), static_cast<std::uint32_t>(day)});
}

}  // namespace

namespace {

// After Cassio Neri and Lorenz Schneider, "Euclidean affine functions and their application to
// calendar algorithms" (2022): three divisions by constants in 32 bits. For kMinDay to kMaxDay.
CivilDate civil_from_sql_days(std::int64_t days) {
  constexpr std::uint32_t kEra = 146097;  // days of 400 years
  // From 0000-03-01 of the proleptic Gregorian calendar.
  const auto since = static_cast<std::uint32_t>(days + 719468);
  const std::uint32_t quarters = 4 * since + 3;
  const std::uint32_t century = quarters / kEra;
  const std::uint32_t day_quarters = quarters % kEra | 3;
  const std::uint64_t product = std::uint64_t{2939745} * day_quarters;
  const auto year_of_century = static_cast<std::uint32_t>(product >> 32);
  const std::uint32_t day_of_year = static_cast<std::uint32_t>(product) / 2939745 / 4;
  const std::uint32_t shifted = 2141 * day_of_year + 197913;
  const bool next_year = day_of_year >= 306;  // January and February belong to the year after
  return {static_cast<std::int32_t>(100 * century + year_of_century + (next_year ? 1 : 0)),
          (shifted >> 16) - (next_year ? 12 : 0), (shifted & 0xFFFF) / 2141 + 1};
}

}  // namespace

// Both directions after Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
std::int64_t days_from_civil(const CivilDate& date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = date.month;
  const std::int64_t day_of_year =
      (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDate civil_from_days(std::int64_t days) {
  if (days >= kMinDay && days <= kMaxDay) return civil_from_sql_days(days);
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {static_cast<std::int32_t>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)),
          static_cast<std::uint32_t>(month),
          static_cast<std::uint32_t>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

std::uint32_t days_in_month(std::int64_t year, std::uint32_t month) {
  static constexpr std::array<std::uint32_t, 12> kDays = {31, 28, 31, 30, 31, 30,
                                                          31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool is_valid_date(std::int64_t year, std::int64_t month, std::int64_t day) {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
         day <= days_in_month(year, static_cast<std::uint32_t>(month));
}

CivilTime civil_from_day_ticks(std::int64_t ticks) {
  const std::int64_t seconds = ticks / kTicksPerSecond;
  return {static_cast<std::uint32_t>(seconds / 3600), static_cast<std::uint32_t>(seconds / 60 % 60),
          static_cast<std::uint32_t>(seconds % 60),
          static_cast<std::uint32_t>(ticks % kTicksPerSecond)};
}

std::int64_t day_ticks(const CivilTime& time) {
  return (std::int64_t{time.hour} * 3600 + time.minute * 60 + time.second) * kTicksPerSecond +
         time.ticks;
}

CivilTimestamp civil_from_ticks(std::int64_t ticks) {
  std::int64_t days = ticks / kTicksPerDay;
  std::int64_t rest = ticks % kTicksPerDay;
  if (rest < 0) {
    rest += kTicksPerDay;
    --days;
  }
  return {civil_from_days(days), civil_from_day_ticks(rest)};
}

std::int64_t ticks_from_civil(const CivilTimestamp& timestamp) {
  return days_from_civil(timestamp.date) * kTicksPerDay + day_ticks(timestamp.time);
}

std::optional<std::int64_t> parse_timestamp(std::string_view text, bool* offset_given) {
  if (offset_given != nullptr) *offset_given = false;
  if (text.size() < 10) return std::nullopt;
  const auto days = date_at(text);
  if (!days) return std::nullopt;
  std::int64_t ticks = *days * kTicksPerDay;
  std::size_t at = 10;
  if (at == text.size()) return ticks;
  if (text[at] != 'T' && text[at] != 't' && text[at] != ' ') return std::nullopt;
  ++at;
  const auto time = time_at(text, at);
  if (!time) return std::nullopt;
  ticks += *time;
  if (at < text.size()) {
    if (text[at] != 'Z' && text[at] != 'z' && text[at] != '+' && text[at] != '-')
      return std::nullopt;
    const auto offset = offset_at(text, at);
    if (!offset || at != text.size()) return std::nullopt;
    if (offset_given != nullptr) *offset_given = true;
    ticks -= *offset * kTicksPerSecond;
  }
  if (ticks < kMinDay * kTicksPerDay || ticks >= (kMaxDay + 1) * kTicksPerDay) return std::nullopt;
  return ticks;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  return date_at(text);
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  std::size_t at = 0;
  const auto ticks = time_at(text, at);
  return at == text.size() ? ticks : std::nullopt;
}

std::size_t format_date(std::int64_t days, char* out) {
  const CivilDate date = civil_from_days(days);
  put(out, static_cast<std::uint32_t>(date.year), 4);
  out[4] = '-';
  put(out + 5, date.month, 2);
  out[7] = '-';
  put(out + 8, date.day, 2);
  return 10;
}

std::size_t format_time(std::int64_t ticks, int scale, char* out) {
  const CivilTime time = civil_from_day_ticks(ticks);
  put(out, time.hour, 2);
  out[2] = ':';
  put(out + 3, time.minute, 2);
  out[5] = ':';
  put(out + 6, time.second, 2);
  if (scale <= 0) return 8;
  const std::size_t width = static_cast<std::size_t>(scale > 7 ? 7 : scale);
  char all[7];
  put(all, time.ticks, 7);
  out[8] = '.';
  for (std::size_t i = 0; i < width; ++i) out[9 + i] = all[i];
  return 9 + width;
}

std::size_t format_timestamp(std::int64_t ticks, int scale, char separator, char* out) {
  std::int64_t days = ticks / kTicksPerDay;
  std::int64_t rest = ticks % kTicksPerDay;
  if (rest < 0) {
    rest += kTicksPerDay;
    --days;
  }
  format_date(days, out);
  out[10] = separator;
  return 11 + format_time(rest, scale, out + 11);
}

}  // namespace graphodbc::base
