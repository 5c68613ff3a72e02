// Time zones by offset or by the system's zoneinfo files (RFC 8536), without the process's own
// zone, which a library in somebody else's process neither knows nor may change.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace graphodbc::base {

struct ZoneRules;

// Copies share what a file held; it never changes. Default: UTC.
class TimeZone {
 public:
  TimeZone() = default;

  // "UTC" or "Z", "+02:00", "-0530", or a file of /usr/share/zoneinfo ("Europe/Zurich"); nullopt
  // for what is none of these.
  static std::optional<TimeZone> find(std::string_view name);
  // The bytes of a TZif file; nullopt when they are none.
  static std::optional<TimeZone> read(std::string_view file);

  // What to add to UTC at that moment. Both in ticks of 100 ns; the moment since 1970.
  std::int64_t offset(std::int64_t utc_ticks) const;

 private:
  std::int64_t fixed_ = 0;  // seconds
  std::shared_ptr<const ZoneRules> rules_;
};

}  // namespace graphodbc::base
