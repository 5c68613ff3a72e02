#include "emulator/data/clock.h"

#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

struct Civil {
  int year;
  int month;
  int day;
};

// Days since 1970-01-01 of a proleptic Gregorian date, and back; the usual era arithmetic on
// 400-year cycles with the year starting in March.
std::int64_t days_from_civil(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

Civil civil_from_days(std::int64_t days) {
  const std::int64_t z = days + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const std::int64_t day_of_era = z - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t m = (5 * day_of_year + 2) / 153;
  const int month = static_cast<int>(m < 10 ? m + 3 : m - 9);
  const int year = static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
  return {year, month, static_cast<int>(day_of_year - (153 * m + 2) / 5 + 1)};
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

char* put_digits(char* at, std::int64_t value, int width) {
  for (int i = width - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return at + width;
}

// Writes date and time up to the seconds; returns the fraction in ticks.
Ticks put_seconds(std::string& out, Ticks ticks) {
  const std::int64_t days = floor_div(ticks, kDay);
  const Ticks in_day = ticks - days * kDay;
  const Civil date = civil_from_days(days);
  char buffer[19];
  char* at = put_digits(buffer, date.year, 4);
  *at++ = '-';
  at = put_digits(at, date.month, 2);
  *at++ = '-';
  at = put_digits(at, date.day, 2);
  *at++ = 'T';
  at = put_digits(at, in_day / kHour, 2);
  *at++ = ':';
  at = put_digits(at, in_day / kMinute % 60, 2);
  *at++ = ':';
  put_digits(at, in_day / kSecond % 60, 2);
  out.append(buffer, sizeof buffer);
  return in_day % kSecond;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool digits(int width, int& value) {
    if (text_.size() < static_cast<std::size_t>(width)) return false;
    value = 0;
    for (int i = 0; i < width; ++i) {
      const char c = text_[static_cast<std::size_t>(i)];
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    text_.remove_prefix(static_cast<std::size_t>(width));
    return true;
  }
  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool done() const { return text_.empty(); }
  bool fraction(Ticks& ticks) {
    Ticks unit = kSecond / 10;
    bool any = false;
    while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9') {
      ticks += (text_.front() - '0') * unit;
      unit /= 10;
      text_.remove_prefix(1);
      any = true;
    }
    return any;
  }

 private:
  std::string_view text_;
};

int days_in_month(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool parse_offset(Scanner& in, ParsedTime& parsed) {
  if (in.take('Z') || in.take('z')) {
    parsed.has_offset = true;
    return true;
  }
  const bool minus = in.take('-');
  if (!minus && !in.take('+')) return true;
  int hours = 0;
  int minutes = 0;
  if (!in.digits(2, hours) || !in.take(':') || !in.digits(2, minutes)) return false;
  if (hours > 14 || minutes > 59) return false;
  const Ticks shift = hours * kHour + minutes * kMinute;
  parsed.ticks += minus ? shift : -shift;
  parsed.has_offset = true;
  return true;
}

constexpr TimeZone kZones[] = {
    {"UTC", "Etc/UTC", 0},
    {"GMT Standard Time", "Europe/London", 0},
    {"Pacific Standard Time", "America/Los_Angeles", -480},
    {"Mountain Standard Time", "America/Denver", -420},
    {"Central Standard Time", "America/Chicago", -360},
    {"Eastern Standard Time", "America/New_York", -300},
    {"Newfoundland Standard Time", "America/St_Johns", -210},
    {"W. Europe Standard Time", "Europe/Berlin", 60},
    {"Romance Standard Time", "Europe/Paris", 60},
    {"India Standard Time", "Asia/Kolkata", 330},
    {"Nepal Standard Time", "Asia/Kathmandu", 345},
    {"China Standard Time", "Asia/Shanghai", 480},
    {"Tokyo Standard Time", "Asia/Tokyo", 540},
    {"AUS Eastern Standard Time", "Australia/Sydney", 600},
};

}  // namespace

Ticks ticks_of(int year, int month, int day, int hour, int minute, int second) {
  return days_from_civil(year, month, day) * kDay + hour * kHour + minute * kMinute +
         second * kSecond;
}

Ticks reference_now() {
  return ticks_of(2026, 6, 30, 17, 45, 12);
}
Ticks no_time() {
  return ticks_of(1, 1, 1);
}

void append_instant(std::string& out, Ticks ticks) {
  Ticks fraction = put_seconds(out, ticks);
  if (fraction != 0) {
    char digits[7];
    put_digits(digits, fraction, 7);
    std::size_t length = 7;
    while (digits[length - 1] == '0') --length;
    out += '.';
    out.append(digits, length);
  }
  out += 'Z';
}

void append_local(std::string& out, Ticks ticks) {
  char digits[7];
  put_digits(digits, put_seconds(out, ticks), 7);
  out += '.';
  out.append(digits, 7);
}

void append_date(std::string& out, Ticks ticks) {
  put_seconds(out, ticks);
  out.resize(out.size() - 9);
}

int weekday_of(Ticks ticks) {
  const std::int64_t days = floor_div(ticks, kDay);
  return static_cast<int>(((days % 7) + 11) % 7);  // 1970-01-01 was a Thursday
}

std::optional<ParsedTime> parse_time(std::string_view text) {
  Scanner in(text);
  int year = 0;
  int month = 0;
  int day = 0;
  if (!in.digits(4, year) || !in.take('-') || !in.digits(2, month) || !in.take('-') ||
      !in.digits(2, day)) {
    return std::nullopt;
  }
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
    return std::nullopt;
  }
  ParsedTime parsed;
  parsed.ticks = ticks_of(year, month, day);
  if (in.done()) {
    parsed.date_only = true;
    return parsed;
  }
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!in.take('T') && !in.take('t')) return std::nullopt;
  if (!in.digits(2, hour) || !in.take(':') || !in.digits(2, minute)) return std::nullopt;
  if (in.take(':') && !in.digits(2, second)) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  parsed.ticks += hour * kHour + minute * kMinute + second * kSecond;
  if (in.take('.') && !in.fraction(parsed.ticks)) return std::nullopt;
  if (!parse_offset(in, parsed) || !in.done()) return std::nullopt;
  return parsed;
}

const TimeZone* find_zone(std::string_view name) {
  for (const TimeZone& zone : kZones) {
    if (equals_ignore_ascii_case(zone.windows_name, name) ||
        equals_ignore_ascii_case(zone.iana_name, name)) {
      return &zone;
    }
  }
  return nullptr;
}

const TimeZone& utc_zone() {
  return kZones[0];
}

}  // namespace graphodbc::emulator::data
