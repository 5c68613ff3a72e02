// INTERVAL literals beside + and -. SQL-92 5.3 <interval literal>, as far as years to seconds go.
#include <array>
#include <charconv>

#include "base/datetime.h"
#include "query/expression/function.h"
#include "query/expression/internal.h"

namespace graphodbc::query {
namespace {

using base::Int128;
using sqlparser::DateUnit;

struct Field {
  DateUnit unit;
  char before;          // what parts it from the field to its left
  std::int64_t months;  // one of the two is set
  std::int64_t ticks;
  std::int64_t highest;  // as an inner field; the first one is free
};
constexpr std::array<Field, 6> kFields = {{
    {DateUnit::kYear, 0, 12, 0, 0},
    {DateUnit::kMonth, '-', 1, 0, 11},
    {DateUnit::kDay, 0, 0, base::kTicksPerDay, 0},
    {DateUnit::kHour, ' ', 0, 3600 * base::kTicksPerSecond, 23},
    {DateUnit::kMinute, ':', 0, 60 * base::kTicksPerSecond, 59},
    {DateUnit::kSecond, ':', 0, base::kTicksPerSecond, 59},
}};

std::size_t field_index(DateUnit unit, Position position) {
  for (std::size_t at = 0; at < kFields.size(); ++at) {
    if (kFields[at].unit == unit) return at;
  }
  fail("42000", "INTERVAL takes YEAR, MONTH, DAY, HOUR, MINUTE and SECOND", position);
}

struct Amount {
  Int128 months = 0;
  Int128 ticks = 0;
};

[[noreturn]] void bad_text(std::string_view text, Position position) {
  fail("22007", quoted(text) + " does not fit the fields of the INTERVAL", position);
}

std::int64_t digits_at(std::string_view text, std::size_t& at, Position position) {
  std::int64_t value = 0;
  const auto end = std::from_chars(text.data() + at, text.data() + text.size(), value);
  const bool is_digit = at < text.size() && text[at] >= '0' && text[at] <= '9';
  if (end.ec != std::errc() || !is_digit) bad_text(text, position);
  at = static_cast<std::size_t>(end.ptr - text.data());
  return value;
}

std::int64_t fraction_at(std::string_view text, std::size_t& at, Position position) {
  const std::size_t start = at;
  std::int64_t ticks = 0;
  std::int64_t unit = base::kTicksPerSecond;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    unit /= 10;
    ticks += unit * (text[at] - '0');  // past the seventh digit the unit is 0
  }
  if (at == start) bad_text(text, position);
  return ticks;
}

Amount parse(std::string_view text, std::size_t first, std::size_t last, Position position) {
  std::size_t at = 0;
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) negative = text[at++] == '-';
  Amount amount;
  for (std::size_t field = first; field <= last; ++field) {
    if (field != first) {
      if (at >= text.size() || text[at] != kFields[field].before) bad_text(text, position);
      ++at;
    }
    const std::int64_t value = digits_at(text, at, position);
    if (field != first && value > kFields[field].highest) bad_text(text, position);
    amount.months += Int128{value} * kFields[field].months;
    amount.ticks += Int128{value} * kFields[field].ticks;
  }
  if (kFields[last].unit == DateUnit::kSecond && at < text.size() && text[at] == '.') {
    amount.ticks += fraction_at(text, ++at, position);
  }
  if (at != text.size()) bad_text(text, position);
  if (negative) amount = {-amount.months, -amount.ticks};
  return amount;
}

}  // namespace

ExpressionPtr make_interval_add(BindContext& context, ExpressionPtr datetime, bool subtract,
                                std::string_view text, const sqlparser::IntervalQualifier& fields,
                                Position position) {
  const std::size_t first = field_index(fields.first, position);
  const std::size_t last = fields.last ? field_index(*fields.last, position) : first;
  const bool months_first = kFields[first].months != 0;
  if (last < first || months_first != (kFields[last].months != 0)) {
    fail("42000", "the fields of an INTERVAL go from YEAR to MONTH or from DAY to SECOND",
         position);
  }
  Amount amount = parse(text, first, last, position);
  if (subtract != fields.negative) amount = {-amount.months, -amount.ticks};
  // Ten thousand years in either measure leaves the calendar anyhow.
  static constexpr Int128 kMost = Int128{10000} * 366 * base::kTicksPerDay;
  if (amount.ticks > kMost || amount.ticks < -kMost || amount.months > kMost ||
      amount.months < -kMost) {
    fail("22008", "the INTERVAL " + quoted(text) + " is longer than the calendar", position);
  }
  if (datetime->type.type == base::SqlType::kTime && months_first) {
    fail("42000", "a TIME has no years or months to add", position);
  }
  std::vector<ExpressionPtr> arguments;
  arguments.push_back(std::move(datetime));
  arguments.push_back(make_integer(static_cast<std::int64_t>(amount.months), position));
  arguments.push_back(make_integer(static_cast<std::int64_t>(amount.ticks), position));
  return make_call(context, function_of(FunctionId::kAddInterval), std::move(arguments), position);
}

}  // namespace graphodbc::query
