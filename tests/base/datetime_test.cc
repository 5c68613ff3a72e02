#include "base/datetime.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace graphodbc::base {
namespace {

TEST(Datetime, CivilDatesRoundTripOverTheWholeRange) {
  for (std::int64_t day = kMinDay; day <= kMaxDay; day += 13) {
    const CivilDate date = civil_from_days(day);
    ASSERT_TRUE(is_valid_date(date.year, date.month, date.day)) << day;
    ASSERT_EQ(days_from_civil(date), day);
  }
  EXPECT_EQ(days_from_civil({1, 1, 1}), kMinDay);
  EXPECT_EQ(days_from_civil({9999, 12, 31}), kMaxDay);
  EXPECT_EQ(days_from_civil({1970, 1, 1}), 0);
  EXPECT_EQ(days_from_civil({2000, 2, 29}), 11016);
}

struct TimestampCase {
  const char* text;
  const char* formatted;  // with 7 digits; empty: refused
};

// Names the case in ctest's list.
void PrintTo(const TimestampCase& given, std::ostream* out) {
  *out << '"' << given.text << '"';
}
class ParseTimestamp : public testing::TestWithParam<TimestampCase> {};

TEST_P(ParseTimestamp, GivesTicksInUtc) {
  const auto ticks = parse_timestamp(GetParam().text);
  if (std::string(GetParam().formatted).empty()) {
    EXPECT_FALSE(ticks.has_value());
    return;
  }
  ASSERT_TRUE(ticks.has_value());
  char out[32];
  EXPECT_EQ(std::string(out, format_timestamp(*ticks, 7, ' ', out)), GetParam().formatted);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ParseTimestamp,
    testing::Values(TimestampCase{"2026-01-02T03:04:05Z", "2026-01-02 03:04:05.0000000"},
                    TimestampCase{"2026-01-02 03:04:05", "2026-01-02 03:04:05.0000000"},
                    TimestampCase{"2026-01-02T03:04:05.5Z", "2026-01-02 03:04:05.5000000"},
                    TimestampCase{"2026-01-02T03:04:05.1234567Z", "2026-01-02 03:04:05.1234567"},
                    TimestampCase{"2026-01-02T03:04:05.123456789Z", "2026-01-02 03:04:05.1234567"},
                    TimestampCase{"2026-01-02T03:04:05+02:00", "2026-01-02 01:04:05.0000000"},
                    TimestampCase{"2026-01-01T00:30:00+0130", "2025-12-31 23:00:00.0000000"},
                    TimestampCase{"2026-01-02T03:04Z", "2026-01-02 03:04:00.0000000"},
                    TimestampCase{"2026-01-02", "2026-01-02 00:00:00.0000000"},
                    TimestampCase{"0001-01-01T00:00:00Z", "0001-01-01 00:00:00.0000000"},
                    TimestampCase{"9999-12-31T23:59:59.9999999Z", "9999-12-31 23:59:59.9999999"},
                    TimestampCase{"1969-12-31T23:59:59.9Z", "1969-12-31 23:59:59.9000000"},
                    TimestampCase{"2025-02-29T00:00:00Z", ""}, TimestampCase{"2026-13-01", ""},
                    TimestampCase{"2026-01-02T24:00:00Z", ""}, TimestampCase{"2026-01-02T", ""},
                    TimestampCase{"2026-01-02T03:04:05.Z", ""}, TimestampCase{"", ""},
                    TimestampCase{"2026-01-02T03:04:05Zx", ""}, TimestampCase{"2026-1-2", ""},
                    TimestampCase{"0001-01-01T00:00:00+01:00", ""},
                    TimestampCase{"9999-12-31T23:30:00-01:00", ""},
                    TimestampCase{"2026-01-02T03:04:05+1", ""}));

TEST(Datetime, ParseTellsWhetherAnOffsetWasGiven) {
  bool given = true;
  parse_timestamp("2026-01-02 03:04:05", &given);
  EXPECT_FALSE(given);
  parse_timestamp("2026-01-02T03:04:05Z", &given);
  EXPECT_TRUE(given);
}

TEST(Datetime, TimesAndScales) {
  EXPECT_EQ(parse_time("23:59:59.9999999"), kTicksPerDay - 1);
  EXPECT_EQ(parse_time("08:30"), std::int64_t{8 * 3600 + 30 * 60} * kTicksPerSecond);
  EXPECT_FALSE(parse_time("8:30").has_value());
  EXPECT_FALSE(parse_time("08:60").has_value());
  char out[32];
  EXPECT_EQ(std::string(out, format_time(kTicksPerDay - 1, 3, out)), "23:59:59.999");
  EXPECT_EQ(std::string(out, format_time(0, 0, out)), "00:00:00");
  EXPECT_EQ(std::string(out, format_date(-1, out)), "1969-12-31");
}

}  // namespace
}  // namespace graphodbc::base
