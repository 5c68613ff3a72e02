#include "base/time_zone.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/datetime.h"

namespace graphodbc::base {
namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::size_t kHeaderSize = 44;
constexpr std::size_t kLargestFile = 1 << 20;

// A day of each year and the second of it when clocks change (POSIX TZ, "date[/time]").
struct Change {
  enum class Form : std::uint8_t { kMonthWeekDay, kJulian, kZeroBased };
  Form form = Form::kMonthWeekDay;
  int month = 0;
  int week = 0;  // 5: the last
  int day = 0;   // of the week, 0 Sunday; or of the year
  std::int64_t time = 2 * kHour;
};

std::int64_t day_of(const Change& change, std::int32_t year) {
  const std::int64_t first = days_from_civil({year, 1, 1});
  if (change.form == Change::Form::kZeroBased) return first + change.day;
  if (change.form == Change::Form::kJulian) {
    // 29 February is never counted.
    const bool leap = days_in_month(year, 2) == 29;
    return first + change.day - 1 + (leap && change.day >= 60 ? 1 : 0);
  }
  const auto month = static_cast<std::uint32_t>(change.month);
  const std::int64_t begin = days_from_civil({year, month, 1});
  const std::int64_t weekday = ((begin + 4) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
  std::int64_t day = (change.day - weekday + 7) % 7 + std::int64_t{7} * (change.week - 1);
  while (day >= days_in_month(year, month)) day -= 7;
  return begin + day;
}

// What holds after the last transition of the file: its footer (RFC 8536 3.3).
struct Footer {
  std::int64_t standard = 0;
  std::optional<std::int64_t> summer;
  Change begin;
  Change end;
};

std::int64_t offset_by(const Footer& footer, std::int64_t utc) {
  if (!footer.summer) return footer.standard;
  std::int64_t days = (utc + footer.standard) / kDay;
  days = std::clamp(days, kMinDay, kMaxDay);
  const std::int32_t year = civil_from_days(days).year;
  const std::int64_t begin =
      day_of(footer.begin, year) * kDay + footer.begin.time - footer.standard;
  const std::int64_t end = day_of(footer.end, year) * kDay + footer.end.time - *footer.summer;
  const bool summer = begin < end ? utc >= begin && utc < end : utc >= begin || utc < end;
  return summer ? *footer.summer : footer.standard;
}

// Reads text from its front; every read fails at its end.
class Text {
 public:
  explicit Text(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }
  bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool take(char c) {
    if (!at(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::optional<int> number(int most) {
    int value = 0;
    std::size_t digits = 0;
    while (digits < rest_.size() && digits < 3 && rest_[digits] >= '0' && rest_[digits] <= '9') {
      value = value * 10 + (rest_[digits++] - '0');
    }
    if (digits == 0 || value > most) return std::nullopt;
    rest_.remove_prefix(digits);
    return value;
  }
  // An abbreviation: letters, or anything in <>.
  bool name() {
    std::size_t length = 0;
    if (at('<')) {
      length = rest_.find('>');
      if (length == std::string_view::npos) return false;
      ++length;
    } else {
      const auto is_letter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      };
      while (length < rest_.size() && is_letter(rest_[length])) ++length;
    }
    rest_.remove_prefix(length);
    return length >= 3;
  }
  // hh[:mm[:ss]] with a sign, as seconds.
  std::optional<std::int64_t> time() {
    const bool negative = take('-');
    if (!negative) take('+');
    const auto hours = number(167);
    if (!hours) return std::nullopt;
    std::int64_t seconds = *hours * kHour;
    for (const std::int64_t unit : {std::int64_t{60}, std::int64_t{1}}) {
      if (!take(':')) break;
      const auto part = number(59);
      if (!part) return std::nullopt;
      seconds += *part * unit;
    }
    return negative ? -seconds : seconds;
  }

 private:
  std::string_view rest_;
};

std::optional<Change> read_change(Text& text) {
  if (!text.take(',')) return std::nullopt;
  Change change;
  if (text.take('M')) {
    const auto month = text.number(12);
    if (!month || *month == 0 || !text.take('.')) return std::nullopt;
    const auto week = text.number(5);
    if (!week || *week == 0 || !text.take('.')) return std::nullopt;
    const auto day = text.number(6);
    if (!day) return std::nullopt;
    change.month = *month;
    change.week = *week;
    change.day = *day;
  } else {
    const bool julian = text.take('J');
    const auto day = text.number(365);
    if (!day || (julian && *day == 0)) return std::nullopt;
    change.form = julian ? Change::Form::kJulian : Change::Form::kZeroBased;
    change.day = *day;
  }
  if (text.take('/')) {
    const auto time = text.time();
    if (!time) return std::nullopt;
    change.time = *time;
  }
  return change;
}

// "CET-1CEST,M3.5.0,M10.5.0/3": offsets count to the west.
std::optional<Footer> read_footer(std::string_view line) {
  Text text(line);
  Footer footer;
  if (!text.name()) return std::nullopt;
  const auto standard = text.time();
  if (!standard) return std::nullopt;
  footer.standard = -*standard;
  if (text.done()) return footer;
  if (!text.name()) return std::nullopt;
  footer.summer = footer.standard + kHour;
  if (!text.at(',')) {
    const auto summer = text.time();
    if (!summer) return std::nullopt;
    footer.summer = -*summer;
  }
  const auto begin = read_change(text);
  const auto end = begin ? read_change(text) : std::nullopt;
  if (!end || !text.done()) return std::nullopt;
  footer.begin = *begin;
  footer.end = *end;
  return footer;
}

// Big-endian, with sign.
std::int64_t number_at(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  if (width == 8) return static_cast<std::int64_t>(value);
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
}

struct Header {
  std::size_t utc_flags = 0, standard_flags = 0, leaps = 0, transitions = 0, types = 0, letters = 0;

  std::size_t body(std::size_t width) const {
    return transitions * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard_flags +
           utc_flags;
  }
};

std::optional<Header> read_header(std::string_view bytes) {
  if (bytes.size() < kHeaderSize || bytes.substr(0, 4) != "TZif") return std::nullopt;
  Header header;
  std::size_t at = 20;
  for (std::size_t* count : {&header.utc_flags, &header.standard_flags, &header.leaps,
                             &header.transitions, &header.types, &header.letters}) {
    const std::int64_t number = number_at(bytes, at, 4);
    if (number < 0 || number > static_cast<std::int64_t>(kLargestFile)) return std::nullopt;
    *count = static_cast<std::size_t>(number);
    at += 4;
  }
  return header;
}

std::optional<std::int64_t> offset_text(std::string_view text) {
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const std::string digits = text.size() == 6 && text[3] == ':'
                                 ? std::string(text.substr(1, 2)) + std::string(text.substr(4))
                                 : std::string(text.substr(1));
  const bool good = digits.size() == 4 && std::all_of(digits.begin(), digits.end(),
                                                      [](char c) { return c >= '0' && c <= '9'; });
  if (!good) return std::nullopt;
  const int hours = (digits[0] - '0') * 10 + (digits[1] - '0');
  const int minutes = (digits[2] - '0') * 10 + (digits[3] - '0');
  if (hours > 14 || minutes > 59) return std::nullopt;
  const std::int64_t seconds = hours * kHour + minutes * std::int64_t{60};
  return text[0] == '-' ? -seconds : seconds;
}

// Only names below the folder: no other file is ever opened.
bool is_zone_name(std::string_view name) {
  return !name.empty() && name.size() < 128 && name.front() != '/' &&
         name.find("..") == std::string_view::npos &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '+' || c == '/';
         });
}

}  // namespace

struct ZoneRules {
  struct Transition {
    std::int64_t utc;     // seconds since 1970
    std::int64_t offset;  // from then on
  };
  std::int64_t first = 0;  // before all transitions
  std::vector<Transition> transitions;
  std::optional<Footer> footer;
};

std::optional<TimeZone> TimeZone::read(std::string_view file) {
  auto header = read_header(file);
  if (!header) return std::nullopt;
  const bool wide = file[4] >= '2';
  std::size_t start = kHeaderSize;
  if (wide) {
    // The first block, with times of four bytes, is for older readers.
    start += header->body(4);
    if (start > file.size()) return std::nullopt;
    header = read_header(file.substr(start));
    if (!header) return std::nullopt;
    start += kHeaderSize;
  }
  const std::size_t width = wide ? 8 : 4;
  const std::size_t end = start + header->body(width);
  if (end > file.size() || header->types == 0) return std::nullopt;
  const std::size_t indexes = start + header->transitions * width;
  const std::size_t types = indexes + header->transitions;
  const auto offset_of = [&](std::size_t type) { return number_at(file, types + type * 6, 4); };
  auto rules = std::make_shared<ZoneRules>();
  rules->first = offset_of(0);
  rules->transitions.reserve(header->transitions);
  for (std::size_t i = 0; i < header->transitions; ++i) {
    const std::size_t type = static_cast<unsigned char>(file[indexes + i]);
    if (type >= header->types) return std::nullopt;
    rules->transitions.push_back({number_at(file, start + i * width, width), offset_of(type)});
  }
  if (wide && end < file.size() && file[end] == '\n') {
    const std::string_view footer = file.substr(end + 1, file.find('\n', end + 1) - end - 1);
    rules->footer = read_footer(footer);
  }
  TimeZone zone;
  zone.rules_ = std::move(rules);
  return zone;
}

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  if (name == "UTC" || name == "utc" || name == "Z" || name == "z") return TimeZone();
  if (const auto seconds = offset_text(name)) {
    TimeZone zone;
    zone.fixed_ = *seconds;
    return zone;
  }
  if (!is_zone_name(name)) return std::nullopt;
  std::ifstream file("/usr/share/zoneinfo/" + std::string(name), std::ios::binary);
  if (!file) return std::nullopt;
  std::string bytes(kLargestFile, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return read(bytes);
}

std::int64_t TimeZone::offset(std::int64_t utc_ticks) const {
  if (!rules_) return fixed_ * kTicksPerSecond;
  std::int64_t utc = utc_ticks / kTicksPerSecond;
  if (utc_ticks % kTicksPerSecond < 0) --utc;
  const auto& transitions = rules_->transitions;
  const auto after =
      std::upper_bound(transitions.begin(), transitions.end(), utc,
                       [](std::int64_t at, const auto& transition) { return at < transition.utc; });
  std::int64_t seconds = after == transitions.begin() ? rules_->first : std::prev(after)->offset;
  if (after == transitions.end() && rules_->footer) seconds = offset_by(*rules_->footer, utc);
  return seconds * kTicksPerSecond;
}

}  // namespace graphodbc::base
