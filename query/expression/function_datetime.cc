// Date and time functions. ODBC Appendix E "Time, Date, and Interval Functions"; sql-dialect.md
// section 6. Everything is UTC and exact to 100 ns.
#include <algorithm>
#include <array>
#include <limits>

#include "base/datetime.h"
#include "base/utf.h"
#include "query/expression/function.h"
#include "query/expression/internal.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::CellKind;
using base::Int128;
using base::kTicksPerDay;
using base::kTicksPerSecond;
using base::SqlType;
using base::TypeInfo;

// ---- Units ----

enum class Measure : std::uint8_t { kNanosecond, kTicks, kMonths };
struct Unit {
  std::string_view name;
  Measure measure;
  std::int64_t amount;  // of the measure
  bool whole_days;
};
constexpr Unit kUnits[] = {
    {"FRAC_SECOND", Measure::kNanosecond, 1, false},
    {"SECOND", Measure::kTicks, kTicksPerSecond, false},
    {"MINUTE", Measure::kTicks, 60 * kTicksPerSecond, false},
    {"HOUR", Measure::kTicks, 3600 * kTicksPerSecond, false},
    {"DAY", Measure::kTicks, kTicksPerDay, true},
    {"WEEK", Measure::kTicks, 7 * kTicksPerDay, true},
    {"MONTH", Measure::kMonths, 1, true},
    {"QUARTER", Measure::kMonths, 3, true},
    {"YEAR", Measure::kMonths, 12, true},
};
constexpr std::int64_t kNanosecondsPerTick = 100;

const Unit& unit_of(const Expression& node) {
  std::string_view name = node.child(0).cell.view();
  static constexpr std::string_view kPrefix = "SQL_TSI_";
  if (name.size() > kPrefix.size() && base::equal_nocase(name.substr(0, 8), kPrefix)) {
    name.remove_prefix(kPrefix.size());
  }
  for (const Unit& unit : kUnits) {
    if (base::equal_nocase(name, unit.name)) return unit;
  }
  fail("42000",
       quoted(name) +
           " is no unit: use SQL_TSI_FRAC_SECOND, _SECOND, _MINUTE, _HOUR, _DAY, _WEEK, "
           "_MONTH, _QUARTER or _YEAR",
       node.position);
}

// ---- Parts ----

std::int64_t ticks_of(const Cell& cell) {
  return cell.kind == CellKind::kDate ? cell.integer * kTicksPerDay : cell.integer;
}

std::int64_t days_of(const Cell& cell) {
  if (cell.kind == CellKind::kDate) return cell.integer;
  const std::int64_t days = cell.integer / kTicksPerDay;
  return cell.integer % kTicksPerDay < 0 ? days - 1 : days;
}

base::CivilDate date_of(const Cell& cell) {
  return base::civil_from_days(days_of(cell));
}

base::CivilTime time_of(const Cell& cell) {
  if (cell.kind == CellKind::kDate) return {};
  std::int64_t ticks = cell.integer % kTicksPerDay;
  if (ticks < 0) ticks += kTicksPerDay;
  return base::civil_from_day_ticks(ticks);
}

std::int64_t day_of_year(const Cell& cell) {
  return days_of(cell) - base::days_from_civil({date_of(cell).year, 1, 1}) + 1;
}

// 0 is Sunday; 1970-01-01 was a Thursday.
std::int64_t weekday(std::int64_t days) {
  return ((days + 4) % 7 + 7) % 7;
}

Cell year(const Call& call) {
  return Cell::of_int64(date_of(call.args[0]).year);
}
Cell quarter(const Call& call) {
  return Cell::of_int64((std::int64_t{date_of(call.args[0]).month} + 2) / 3);
}
Cell month(const Call& call) {
  return Cell::of_int64(date_of(call.args[0]).month);
}
Cell day_of_month(const Call& call) {
  return Cell::of_int64(date_of(call.args[0]).day);
}
Cell day_of_year_cell(const Call& call) {
  return Cell::of_int64(day_of_year(call.args[0]));
}
Cell day_of_week(const Call& call) {
  return Cell::of_int64(weekday(days_of(call.args[0])) + 1);
}
Cell hour(const Call& call) {
  return Cell::of_int64(time_of(call.args[0]).hour);
}
Cell minute(const Call& call) {
  return Cell::of_int64(time_of(call.args[0]).minute);
}
Cell second(const Call& call) {
  return Cell::of_int64(time_of(call.args[0]).second);
}

// Weeks start on Sunday, and 1 January is in week 1.
Cell week(const Call& call) {
  const std::int64_t day = day_of_year(call.args[0]);
  const std::int64_t first = weekday(days_of(call.args[0]) - day + 1);
  return Cell::of_int64((day + first - 1) / 7 + 1);
}

constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

Cell day_name(const Call& call) {
  return Cell::of_text(kDays[static_cast<std::size_t>(weekday(days_of(call.args[0])))]);
}
Cell month_name(const Call& call) {
  return Cell::of_text(kMonths[date_of(call.args[0]).month - 1]);
}

void bind_day_text(BindContext&, Expression& node) {
  node.type = base::text_type(9);
}

// ---- Now ----

std::int16_t precision_of(const Expression& node, std::int16_t standard) {
  if (node.children.empty()) return standard;
  const Expression& precision = node.child(0);
  if (!precision.is_literal() || precision.cell.is_null() || precision.cell.integer < 0 ||
      precision.cell.integer > 9) {
    fail("42000", std::string(node.function->name) + " takes a precision from 0 to 9",
         node.position);
  }
  return static_cast<std::int16_t>(std::min<std::int64_t>(precision.cell.integer, 7));
}

std::uint32_t width(std::uint32_t plain, std::int16_t scale) {
  return scale == 0 ? plain : plain + 1 + static_cast<std::uint32_t>(scale);
}

void bind_date(BindContext&, Expression& node) {
  node.type = base::date_type();
}
void bind_time(BindContext&, Expression& node) {
  const std::int16_t scale = precision_of(node, 0);
  node.type = {SqlType::kTime, width(8, scale), scale};
}
void bind_now(BindContext&, Expression& node) {
  const std::int16_t scale = precision_of(node, 7);
  node.type = {SqlType::kTimestamp, width(19, scale), scale};
}

std::int64_t cut(std::int64_t ticks, std::int16_t scale) {
  std::int64_t unit = 1;
  for (int digit = scale; digit < 7; ++digit) unit *= 10;
  return ticks - ticks % unit;
}

// In the connection's zone; NOW is UTC, as all timestamps are.
std::int64_t local_start(const Call& call) {
  return call.context.statement_start + call.context.zone_offset;
}

Cell current_date(const Call& call) {
  return Cell::of_integer(CellKind::kDate, local_start(call) / kTicksPerDay);
}
Cell current_time(const Call& call) {
  return Cell::of_integer(CellKind::kTime,
                          cut(local_start(call) % kTicksPerDay, call.node.type.scale));
}
Cell now(const Call& call) {
  return Cell::of_integer(CellKind::kTimestamp,
                          cut(call.context.statement_start, call.node.type.scale));
}

// ---- Arithmetic ----

constexpr Int128 kFirstTick = Int128{base::kMinDay} * kTicksPerDay;
constexpr Int128 kLastTick = Int128{base::kMaxDay + 1} * kTicksPerDay - 1;

[[noreturn]] void out_of_calendar(const Call& call) {
  call.fail("22008", "the result is outside the years 1 to 9999");
}

// A day that the month does not have becomes its last.
std::int64_t add_months(const Call& call, std::int64_t ticks, Int128 months) {
  base::CivilTimestamp at = base::civil_from_ticks(ticks);
  const Int128 total = Int128{at.date.year} * 12 + (at.date.month - 1) + months;
  if (total < 12 || total >= Int128{10000} * 12) out_of_calendar(call);
  at.date.year = static_cast<std::int32_t>(total / 12);
  at.date.month = static_cast<std::uint32_t>(total % 12) + 1;
  at.date.day = std::min(at.date.day, base::days_in_month(at.date.year, at.date.month));
  return base::ticks_from_civil(at);
}

std::int64_t add_ticks(const Call& call, std::int64_t ticks, Int128 added) {
  const Int128 result = ticks + added;
  if (result < kFirstTick || result > kLastTick) out_of_calendar(call);
  return static_cast<std::int64_t>(result);
}

// A time of day stands on the day of the statement (Appendix E, TIMESTAMPADD).
std::int64_t timestamp_of(const Call& call, std::size_t at) {
  const Cell& cell = call.args[at];
  if (cell.kind != CellKind::kTime) return ticks_of(cell);
  const std::int64_t start = local_start(call);
  return start - start % kTicksPerDay + cell.integer;
}

void bind_timestamp_add(BindContext&, Expression& node) {
  const Unit& unit = unit_of(node);
  const bool stays_date = unit.whole_days && node.child(2).type.type == SqlType::kDate;
  node.type = stays_date ? base::date_type() : base::timestamp_type();
}

Cell timestamp_cell(const Call& call, std::int64_t ticks) {
  if (call.node.type.type == SqlType::kDate) {
    return Cell::of_integer(CellKind::kDate,
                            days_of(Cell::of_integer(CellKind::kTimestamp, ticks)));
  }
  return Cell::of_integer(CellKind::kTimestamp, ticks);
}

Cell timestamp_add(const Call& call) {
  const Unit& unit = unit_of(call.node);
  const Int128 count = call.integer(1);
  const std::int64_t ticks = timestamp_of(call, 2);
  switch (unit.measure) {
    case Measure::kMonths:
      return timestamp_cell(call, add_months(call, ticks, count * unit.amount));
    case Measure::kNanosecond:
      return timestamp_cell(call, add_ticks(call, ticks, count / kNanosecondsPerTick));
    case Measure::kTicks:
      break;
  }
  return timestamp_cell(call, add_ticks(call, ticks, count * unit.amount));
}

void bind_timestamp_diff(BindContext&, Expression& node) {
  unit_of(node);
  node.type = base::bigint_type();
}

// Whole months from `from` to `to`, toward zero: the last one counts once its day and time are
// reached.
std::int64_t months_between(std::int64_t from, std::int64_t to) {
  if (from > to) return -months_between(to, from);
  const base::CivilTimestamp a = base::civil_from_ticks(from);
  const base::CivilTimestamp b = base::civil_from_ticks(to);
  const std::int64_t months =
      (std::int64_t{b.date.year} - a.date.year) * 12 + (std::int64_t{b.date.month} - a.date.month);
  const auto reached = [](const base::CivilTimestamp& at) {
    return at.date.day * kTicksPerDay + base::day_ticks(at.time);
  };
  return reached(b) < reached(a) ? months - 1 : months;
}

Cell timestamp_diff(const Call& call) {
  const Unit& unit = unit_of(call.node);
  const std::int64_t from = timestamp_of(call, 1);
  const std::int64_t to = timestamp_of(call, 2);
  if (unit.measure == Measure::kMonths) {
    return Cell::of_int64(months_between(from, to) / unit.amount);
  }
  const Int128 difference = Int128{to} - from;
  if (unit.measure == Measure::kTicks) {
    return Cell::of_int64(static_cast<std::int64_t>(difference / unit.amount));
  }
  const Int128 nanoseconds = difference * kNanosecondsPerTick;
  if (nanoseconds > std::numeric_limits<std::int64_t>::max() ||
      nanoseconds < std::numeric_limits<std::int64_t>::min()) {
    call.fail("22003", "the difference in FRAC_SECOND is out of the range of BIGINT");
  }
  return Cell::of_int64(static_cast<std::int64_t>(nanoseconds));
}

// (datetime, months, ticks): what INTERVAL literals become.
void bind_add_interval(BindContext&, Expression& node) {
  const TypeInfo& type = node.child(0).type;
  const bool whole_days = node.child(2).cell.integer % kTicksPerDay == 0;
  if (type.type == SqlType::kTime) {
    node.type = TypeInfo{SqlType::kTime, 16, 7};
  } else {
    node.type = type.type == SqlType::kDate && whole_days ? type : base::timestamp_type();
  }
}

Cell add_interval(const Call& call) {
  const std::int64_t months = call.integer(1);
  const std::int64_t added = call.integer(2);
  if (call.args[0].kind == CellKind::kTime) {
    // A time of day goes round the clock (SQL-92 6.14).
    const Int128 sum = (Int128{call.args[0].integer} + added) % kTicksPerDay;
    return Cell::of_integer(CellKind::kTime,
                            static_cast<std::int64_t>(sum < 0 ? sum + kTicksPerDay : sum));
  }
  std::int64_t ticks = ticks_of(call.args[0]);
  if (months != 0) ticks = add_months(call, ticks, months);
  return timestamp_cell(call, add_ticks(call, ticks, added));
}

constexpr auto kStable = Volatility::kStable;
constexpr Function kFunctions[] = {
    {FunctionId::kCurDate, "CURDATE", 0, 0, "x", bind_date, current_date, kStable},
    {FunctionId::kCurDate, "CURRENT_DATE", 0, 0, "x", bind_date, current_date, kStable},
    {FunctionId::kCurTime, "CURTIME", 0, 1, "i", bind_time, current_time, kStable},
    {FunctionId::kCurTime, "CURRENT_TIME", 0, 1, "i", bind_time, current_time, kStable},
    {FunctionId::kNow, "NOW", 0, 1, "i", bind_now, now, kStable},
    {FunctionId::kNow, "CURRENT_TIMESTAMP", 0, 1, "i", bind_now, now, kStable},
    {FunctionId::kDayName, "DAYNAME", 1, 1, "D", bind_day_text, day_name},
    {FunctionId::kDayOfMonth, "DAYOFMONTH", 1, 1, "D", bind_integer, day_of_month},
    {FunctionId::kDayOfWeek, "DAYOFWEEK", 1, 1, "D", bind_integer, day_of_week},
    {FunctionId::kDayOfYear, "DAYOFYEAR", 1, 1, "D", bind_integer, day_of_year_cell},
    {FunctionId::kHour, "HOUR", 1, 1, "T", bind_integer, hour},
    {FunctionId::kMinute, "MINUTE", 1, 1, "T", bind_integer, minute},
    {FunctionId::kMonth, "MONTH", 1, 1, "D", bind_integer, month},
    {FunctionId::kMonthName, "MONTHNAME", 1, 1, "D", bind_day_text, month_name},
    {FunctionId::kQuarter, "QUARTER", 1, 1, "D", bind_integer, quarter},
    {FunctionId::kSecond, "SECOND", 1, 1, "T", bind_integer, second},
    {FunctionId::kTimestampAdd, "TIMESTAMPADD", 3, 3, "uiA", bind_timestamp_add, timestamp_add},
    {FunctionId::kTimestampDiff, "TIMESTAMPDIFF", 3, 3, "uAA", bind_timestamp_diff, timestamp_diff},
    {FunctionId::kWeek, "WEEK", 1, 1, "D", bind_integer, week},
    {FunctionId::kYear, "YEAR", 1, 1, "D", bind_integer, year},
    {FunctionId::kAddInterval, "$INTERVAL", 3, 3, "Aii", bind_add_interval, add_interval},
};

}  // namespace

std::span<const Function> datetime_functions() {
  return kFunctions;
}

}  // namespace graphodbc::query
