#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string_view>
#include <tuple>

#include "base/datetime.h"
#include "tests/driver/conversion_fixture.h"

namespace graphodbc::driver {
namespace {

using base::Cell;
using base::CellKind;

using R = ConvertResult;

constexpr std::int64_t kSecond = base::kTicksPerSecond;
constexpr std::int64_t kDay = base::kTicksPerDay;

const char kGuidBytes[] = "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff";
constexpr std::string_view kGuidText = "00112233-4455-6677-8899-aabbccddeeff";

Cell guid_cell() {
  return Cell::of_bytes(CellKind::kGuid, {kGuidBytes, 16});
}
Cell timestamp_cell(int year, unsigned month, unsigned day, std::int64_t day_ticks = 0) {
  const base::CivilDate date{year, month, day};
  return Cell::of_integer(CellKind::kTimestamp,
                          base::days_from_civil(date) * base::kTicksPerDay + day_ticks);
}

TEST(ConversionDatetime, Dates) {
  struct Case {
    Cell cell;
    R result;
    SQL_DATE_STRUCT wanted;
  };
  const Case cases[] = {
      {Cell::of_integer(CellKind::kDate, 0), R::kOk, {1970, 1, 1}},
      {Cell::of_integer(CellKind::kDate, -1), R::kOk, {1969, 12, 31}},
      {Cell::of_integer(CellKind::kDate, base::kMinDay), R::kOk, {1, 1, 1}},
      {Cell::of_integer(CellKind::kDate, base::kMaxDay), R::kOk, {9999, 12, 31}},
      {timestamp_cell(2024, 2, 29), R::kOk, {2024, 2, 29}},
      {timestamp_cell(2024, 2, 29, 1), R::kFractionLost, {2024, 2, 29}},
      {timestamp_cell(1969, 7, 20, kDay - 1), R::kFractionLost, {1969, 7, 20}},
      {Cell::of_text("2024-05-06"), R::kOk, {2024, 5, 6}},
      {Cell::of_text(" 2024-05-06 "), R::kOk, {2024, 5, 6}},
      {Cell::of_text("2024-05-06 00:00:00"), R::kOk, {2024, 5, 6}},
      {Cell::of_text("2024-05-06 00:00:01"), R::kFractionLost, {2024, 5, 6}},
      {Cell::of_text("2024-02-30"), R::kInvalidCharacter, {}},
      {Cell::of_text("10:11:12"), R::kInvalidCharacter, {}},
      {Cell::of_text(""), R::kInvalidCharacter, {}},
      {Cell::of_bytes(CellKind::kJson, "{}"), R::kInvalidCharacter, {}},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    SQL_DATE_STRUCT out{};
    Delivery delivery(cases[i].cell, base::date_type());
    ASSERT_EQ(delivery.fixed(SQL_C_TYPE_DATE, out), cases[i].result) << "case " << i;
    EXPECT_TRUE(delivery.guards_hold());
    if (is_error(cases[i].result)) continue;
    EXPECT_EQ(delivery.length(), 6);
    EXPECT_EQ(out.year, cases[i].wanted.year) << "case " << i;
    EXPECT_EQ(out.month, cases[i].wanted.month) << "case " << i;
    EXPECT_EQ(out.day, cases[i].wanted.day) << "case " << i;
  }
}

TEST(ConversionDatetime, Times) {
  struct Case {
    Cell cell;
    R result;
    SQL_TIME_STRUCT wanted;
  };
  const std::int64_t noon = 12 * 3600 * kSecond;
  const Case cases[] = {
      {Cell::of_integer(CellKind::kTime, 0), R::kOk, {0, 0, 0}},
      {Cell::of_integer(CellKind::kTime, kDay - kSecond), R::kOk, {23, 59, 59}},
      {Cell::of_integer(CellKind::kTime, noon + 1), R::kFractionLost, {12, 0, 0}},
      {timestamp_cell(2024, 1, 1, noon), R::kOk, {12, 0, 0}},
      {timestamp_cell(1960, 1, 1, noon + 5), R::kFractionLost, {12, 0, 0}},
      {Cell::of_text("10:11:12"), R::kOk, {10, 11, 12}},
      {Cell::of_text("10:11:12.5"), R::kFractionLost, {10, 11, 12}},
      {Cell::of_text("2024-01-01 10:11:12"), R::kOk, {10, 11, 12}},
      {Cell::of_text("25:00:00"), R::kInvalidCharacter, {}},
      {Cell::of_text("noon"), R::kInvalidCharacter, {}},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    SQL_TIME_STRUCT out{};
    Delivery delivery(cases[i].cell, base::time_type());
    ASSERT_EQ(delivery.fixed(SQL_C_TYPE_TIME, out), cases[i].result) << "case " << i;
    if (is_error(cases[i].result)) continue;
    EXPECT_EQ(delivery.length(), 6);
    EXPECT_EQ(out.hour, cases[i].wanted.hour) << "case " << i;
    EXPECT_EQ(out.minute, cases[i].wanted.minute) << "case " << i;
    EXPECT_EQ(out.second, cases[i].wanted.second) << "case " << i;
  }
}

TEST(ConversionDatetime, Timestamps) {
  struct Case {
    Cell cell;
    R result;
    SQL_TIMESTAMP_STRUCT wanted;
  };
  const Case cases[] = {
      {timestamp_cell(2024, 2, 29, 3 * 3600 * kSecond + 1'234'567),
       R::kOk,
       {2024, 2, 29, 3, 0, 0, 123'456'700}},
      {timestamp_cell(1969, 12, 31, kDay - 1), R::kOk, {1969, 12, 31, 23, 59, 59, 999'999'900}},
      {Cell::of_integer(CellKind::kDate, 1), R::kOk, {1970, 1, 2, 0, 0, 0, 0}},
      {Cell::of_text("2024-05-06T07:08:09.25Z"), R::kOk, {2024, 5, 6, 7, 8, 9, 250'000'000}},
      {Cell::of_text("2024-05-06"), R::kOk, {2024, 5, 6, 0, 0, 0, 0}},
      {Cell::of_text("2024-05-06 00:30:00+01:00"), R::kOk, {2024, 5, 5, 23, 30, 0, 0}},
      {Cell::of_text("yesterday"), R::kInvalidCharacter, {}},
      {Cell::of_bytes(CellKind::kInvalid, "true"), R::kInvalidCharacter, {}},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    SQL_TIMESTAMP_STRUCT out{};
    Delivery delivery(cases[i].cell, base::timestamp_type());
    ASSERT_EQ(delivery.fixed(SQL_C_TYPE_TIMESTAMP, out), cases[i].result) << "case " << i;
    if (is_error(cases[i].result)) continue;
    EXPECT_EQ(delivery.length(), 16);
    const SQL_TIMESTAMP_STRUCT& wanted = cases[i].wanted;
    EXPECT_EQ(
        std::tie(out.year, out.month, out.day, out.hour, out.minute, out.second, out.fraction),
        std::tie(wanted.year, wanted.month, wanted.day, wanted.hour, wanted.minute, wanted.second,
                 wanted.fraction))
        << "case " << i;
  }
}

TEST(ConversionDatetime, ATimeAsTimestampIsOfToday) {
  for (const Cell& cell :
       {Cell::of_integer(CellKind::kTime, 3600 * kSecond), Cell::of_text("01:00:00")}) {
    SQL_TIMESTAMP_STRUCT out{};
    Delivery delivery(cell, base::time_type());
    ASSERT_EQ(delivery.fixed(SQL_C_TYPE_TIMESTAMP, out), R::kOk);
    EXPECT_GE(out.year, 2024);
    EXPECT_EQ(out.hour, 1);
    EXPECT_EQ(out.minute, 0);
  }
}

TEST(ConversionGuid, FieldsAreIntegersOfTheHost) {
  for (const Cell& cell : {guid_cell(), Cell::of_text(kGuidText),
                           Cell::of_text(" 00112233-4455-6677-8899-AABBCCDDEEFF"),
                           Cell::of_text("{00112233-4455-6677-8899-aabbccddeeff}")}) {
    SQLGUID out{};
    Delivery delivery(cell, base::guid_type());
    ASSERT_EQ(delivery.fixed(SQL_C_GUID, out), R::kOk);
    EXPECT_EQ(delivery.length(), 16);
    EXPECT_EQ(out.Data1, 0x00112233U);
    EXPECT_EQ(out.Data2, 0x4455);
    EXPECT_EQ(out.Data3, 0x6677);
    EXPECT_EQ(std::memcmp(out.Data4, "\x88\x99\xaa\xbb\xcc\xdd\xee\xff", 8), 0);
  }
  for (const std::string_view bad :
       {"", "00112233445566778899aabbccddeeff", "00112233-4455-6677-8899-aabbccddeefg",
        "00112233-4455-6677-8899_aabbccddeeff", "{00112233-4455-6677-8899-aabbccddeeff"}) {
    Delivery delivery(Cell::of_text(bad), base::guid_type());
    EXPECT_EQ(delivery.bound(SQL_C_GUID, 16), R::kInvalidCharacter) << bad;
  }
}

}  // namespace
}  // namespace graphodbc::driver
