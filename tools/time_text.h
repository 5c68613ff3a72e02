// Times for people.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace graphodbc::tools {

using WallTime = std::chrono::system_clock::time_point;

// "2026-11-21 17:30:00 UTC"
std::string utc_text(WallTime time);
// "45 seconds", "12 minutes", "3 hours", "61 days": the largest unit that is at least two of,
// rounded down.
std::string duration_text(std::chrono::seconds duration);
// The Date header (RFC 9110 5.6.7, IMF-fixdate).
std::optional<WallTime> parse_http_date(const std::string& text);

}  // namespace graphodbc::tools
