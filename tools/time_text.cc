#include "tools/time_text.h"

#include <time.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace graphodbc::tools {

std::string utc_text(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  (void)::gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

std::string duration_text(std::chrono::seconds duration) {
  struct Unit {
    std::int64_t seconds;
    const char* one;
    const char* many;
  };
  constexpr Unit kUnits[] = {{86'400, " day", " days"},
                             {3'600, " hour", " hours"},
                             {60, " minute", " minutes"},
                             {1, " second", " seconds"}};
  const std::int64_t total = std::max<std::int64_t>(duration.count(), 0);
  for (const Unit& unit : kUnits) {
    const std::int64_t count = total / unit.seconds;
    if (count < 2 && unit.seconds != 1) continue;
    return std::to_string(count) + (count == 1 ? unit.one : unit.many);
  }
  return {};
}

std::optional<WallTime> parse_http_date(const std::string& text) {
  // The names of days and months are those of the C locale, which this program never leaves.
  std::tm parts{};
  const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

}  // namespace graphodbc::tools
