// Offsets of zones, by name and by the bytes of a zoneinfo file.
#include "base/time_zone.h"

#include <gtest/gtest.h>

#include <string>

#include "base/datetime.h"

namespace graphodbc::base {
namespace {

std::string number(std::int64_t value, std::size_t width) {
  std::string bytes;
  for (std::size_t i = width; i-- > 0;) {
    bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
  return bytes;
}

std::string header(std::int64_t transitions, std::int64_t types) {
  return "TZif2" + std::string(15, '\0') + number(0, 4) + number(0, 4) + number(0, 4) +
         number(transitions, 4) + number(types, 4) + number(4, 4);
}

// One hour east until 2000-01-01, two from then on, then what the footer says.
std::string file(const std::string& footer) {
  const std::string types =
      number(3600, 4) + std::string(2, '\0') + number(7200, 4) + std::string(2, '\0');
  return header(0, 1) + number(0, 4) + std::string(2, '\0') + "AAA" + std::string(1, '\0') +
         header(1, 2) + number(946684800, 8) + "\x01" + types + "AAA" + std::string(1, '\0') +
         "\n" + footer + "\n";
}

double hours(const TimeZone& zone, const char* utc) {
  return static_cast<double>(zone.offset(parse_timestamp(utc).value())) /
         static_cast<double>(3600 * kTicksPerSecond);
}

TEST(TimeZone, ByOffset) {
  const struct {
    const char* name;
    double hours;
  } kCases[] = {{"UTC", 0}, {"Z", 0}, {"+02:00", 2}, {"-0530", -5.5}, {"+14:00", 14}};
  for (const auto& c : kCases) {
    const auto zone = TimeZone::find(c.name);
    ASSERT_TRUE(zone) << c.name;
    EXPECT_EQ(hours(*zone, "2026-06-01T00:00:00Z"), c.hours) << c.name;
  }
  for (const char* name : {"", "+2", "+15:00", "+01:60", "+ab:cd", "Nowhere/Nothing", "../passwd",
                           "/etc/passwd", "Europe", "Europe/Zurich\n"}) {
    EXPECT_FALSE(TimeZone::find(name)) << name;
  }
}

TEST(TimeZone, ByTransitionsAndFooter) {
  const struct {
    const char* footer;
    const char* utc;
    double hours;
  } kCases[] = {
      {"AAA-9", "1999-12-31T23:59:59Z", 1},
      {"", "2026-01-01T00:00:00Z", 2},
      {"AAA-9", "2000-01-01T00:00:00Z", 9},
      {"<+0530>-5:30", "2026-01-01T00:00:00Z", 5.5},
      // The last Sundays of March and October, at 01:00 UTC.
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z", 1},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 2},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T00:59:59Z", 2},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:00Z", 1},
      // Summer over the turn of the year.
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-15T00:00:00Z", 11},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-15T00:00:00Z", 10},
      {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z", -5},
      {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", -4},
      {"AAA0BBB-2,J60,J300", "2024-02-29T12:00:00Z", 0},
      {"AAA0BBB-2,J60,J300", "2024-03-01T12:00:00Z", 2},
      {"AAA0BBB-2,59,299", "2024-02-29T12:00:00Z", 2},
      // What cannot be read leaves the last transition.
      {"AAA0BBB", "2026-01-01T00:00:00Z", 2},
  };
  for (const auto& c : kCases) {
    const auto zone = TimeZone::read(file(c.footer));
    ASSERT_TRUE(zone) << c.footer;
    EXPECT_EQ(hours(*zone, c.utc), c.hours) << c.footer << " " << c.utc;
  }
}

TEST(TimeZone, RefusesWhatIsNoZoneFile) {
  const std::string whole = file("AAA-9");
  for (std::size_t length = 0; length + 8 < whole.size(); ++length) {
    EXPECT_FALSE(TimeZone::read(whole.substr(0, length))) << length;
  }
  EXPECT_FALSE(TimeZone::read(std::string(200, 'x')));
  EXPECT_FALSE(TimeZone::read(header(1 << 30, 1) + std::string(100, '\0')));
}

TEST(TimeZone, ByName) {
  const auto zurich = TimeZone::find("Europe/Zurich");
  if (!zurich) GTEST_SKIP() << "no zoneinfo on this system";
  EXPECT_EQ(hours(*zurich, "2026-01-15T00:00:00Z"), 1);
  EXPECT_EQ(hours(*zurich, "2026-07-15T00:00:00Z"), 2);
  EXPECT_EQ(hours(*zurich, "2100-07-15T00:00:00Z"), 2);
}

}  // namespace
}  // namespace graphodbc::base
