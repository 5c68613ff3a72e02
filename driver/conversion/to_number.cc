// Cells as numeric C types and SQL_C_BIT (Appendix D, "SQL to C: Numeric", "SQL to C: Character").
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "driver/conversion/target.h"
#include "query/expression/decimal.h"
#include "query/expression/number.h"

namespace graphodbc::driver {
namespace {

using base::Cell;
using base::CellKind;
using base::Int128;
using base::TypeInfo;
using query::Decimal;

// Text as the number it is; kOk and `number` set, or why not. `arena` holds wide decimals.
ConvertResult number_of_text(const Cell& cell, base::Arena& arena, Cell& number) {
  std::string room;
  switch (query::parse_number(plain_text(cell, room), arena, number)) {
    case query::ParseResult::kOk:
      return ConvertResult::kOk;
    case query::ParseResult::kOutOfRange:
      return ConvertResult::kOutOfRange;
    case query::ParseResult::kNotANumber:
      break;
  }
  return ConvertResult::kInvalidCharacter;
}

struct Whole {
  Int128 value = 0;
  bool fraction = false;
};

std::optional<Whole> whole_of_double(double value) {
  // 2^126 is far outside every C integer and inside Int128.
  if (!std::isfinite(value) || std::fabs(value) > 0x1p126) return std::nullopt;
  const double whole = std::trunc(value);
  return Whole{static_cast<Int128>(whole), whole != value};
}

Whole whole_of_decimal(const Decimal& number) {
  const Int128 divisor = query::power_of_ten(number.scale);
  return {number.value / divisor, number.value % divisor != 0};
}

template <typename T>
ConvertResult store_integer(const TargetBuffer& target, const std::optional<Whole>& whole) {
  if (!whole || whole->value < std::numeric_limits<T>::min() ||
      whole->value > std::numeric_limits<T>::max()) {
    return ConvertResult::kOutOfRange;
  }
  return store(target, static_cast<T>(whole->value),
               whole->fraction ? ConvertResult::kFractionLost : ConvertResult::kOk);
}

// Never through double: int64 does not survive it.
template <typename T>
struct Integer {
  static ConvertResult from_int64(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    if (!std::in_range<T>(cell.integer)) return ConvertResult::kOutOfRange;
    return store(target, static_cast<T>(cell.integer));
  }
  static ConvertResult from_double(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    return store_integer<T>(target, whole_of_double(cell.real));
  }
  static ConvertResult from_decimal(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    return store_integer<T>(target, whole_of_decimal(query::decimal_of(cell)));
  }
};

template <typename T>
struct Floating {
  static ConvertResult put(double value, const TargetBuffer& target) {
    if (std::isfinite(value) && std::fabs(value) > double{std::numeric_limits<T>::max()}) {
      return ConvertResult::kOutOfRange;
    }
    return store(target, static_cast<T>(value));
  }
  static ConvertResult from_int64(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    return put(static_cast<double>(cell.integer), target);
  }
  static ConvertResult from_double(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    return put(cell.real, target);
  }
  static ConvertResult from_decimal(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    return put(query::to_double(query::decimal_of(cell)), target);
  }
};

// SQL_C_BIT: 0 and 1 are exact, a fraction between is cut, everything else is out of range.
struct Bit {
  static ConvertResult put(const std::optional<Whole>& whole, bool negative,
                           const TargetBuffer& target) {
    if (!whole || negative || whole->value < 0 || whole->value > 1) {
      return ConvertResult::kOutOfRange;
    }
    return store(target, static_cast<unsigned char>(whole->value),
                 whole->fraction ? ConvertResult::kFractionLost : ConvertResult::kOk);
  }
  static ConvertResult from_int64(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    return put(Whole{cell.integer, false}, false, target);
  }
  static ConvertResult from_double(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    return put(whole_of_double(cell.real), cell.real < 0, target);
  }
  static ConvertResult from_decimal(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    const Decimal number = query::decimal_of(cell);
    return put(whole_of_decimal(number), number.value < 0, target);
  }
};

// Precision and scale come from the application's descriptor (odbc-pitfalls.md 7.5).
struct Numeric {
  static ConvertResult put(const Decimal& number, const TargetBuffer& target) {
    const int scale = target.scale < 0 ? 0 : target.scale;
    if (scale > query::kMaxDigits) return ConvertResult::kOutOfRange;
    const auto scaled = query::rescale(number, scale, query::Rounding::kTowardZero);
    if (!scaled) return ConvertResult::kOutOfRange;
    const int precision = target.precision > 0 ? target.precision : query::kMaxDigits;
    if (query::count_digits(scaled->value) > precision) return ConvertResult::kOutOfRange;
    SQL_NUMERIC_STRUCT out{};
    out.precision = static_cast<SQLCHAR>(precision);
    out.scale = static_cast<SQLSCHAR>(scale);
    out.sign = scaled->value < 0 ? 0 : 1;
    Int128 magnitude = scaled->value < 0 ? -scaled->value : scaled->value;
    for (auto& byte : out.val) {
      byte = static_cast<SQLCHAR>(magnitude & 0xFF);
      magnitude >>= 8;
    }
    const bool lost = query::compare(number, *scaled) != 0;
    return store(target, out, lost ? ConvertResult::kFractionLost : ConvertResult::kOk);
  }
  static ConvertResult from_int64(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    return put({cell.integer, 0}, target);
  }
  static ConvertResult from_double(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    const auto number = query::decimal_of_double(cell.real);
    return number ? put(*number, target) : ConvertResult::kOutOfRange;
  }
  static ConvertResult from_decimal(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
    return put(query::decimal_of(cell), target);
  }
};

// The whole range and precision of doubles, which a decimal of 38 digits does not have.
ConvertResult double_of_text(const Cell& cell, double& value) {
  base::Arena arena;
  Cell number;
  const ConvertResult parsed = number_of_text(cell, arena, number);
  if (parsed == ConvertResult::kInvalidCharacter) return parsed;
  std::string room;
  std::string_view text = plain_text(cell, room);
  text.remove_prefix(std::min(text.find_first_of("-.0123456789"), text.size()));
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc()) return ConvertResult::kOk;
  // Either too large, or so small that it is zero.
  if (parsed != ConvertResult::kOk) return parsed;
  value = query::double_of(number);
  return std::isfinite(value) ? ConvertResult::kOk : ConvertResult::kOutOfRange;
}

template <typename Target>
constexpr bool kIsFloating = false;
template <typename T>
constexpr bool kIsFloating<Floating<T>> = true;

template <typename Target>
ConvertResult from_text(const Cell& cell, const TypeInfo& type, const TargetBuffer& target) {
  if constexpr (kIsFloating<Target>) {
    double value = 0;
    const ConvertResult read = double_of_text(cell, value);
    return read == ConvertResult::kOk ? Target::put(value, target) : read;
  }
  base::Arena arena;
  Cell number;
  const ConvertResult parsed = number_of_text(cell, arena, number);
  if (parsed != ConvertResult::kOk) return parsed;
  if (number.kind == CellKind::kInt64) return Target::from_int64(number, type, target);
  if (number.kind == CellKind::kDouble) return Target::from_double(number, type, target);
  return Target::from_decimal(number, type, target);
}

// Order of base::CellKind: null, bool, int64, double, decimal, wide, date, time, timestamp, text,
// JSON text, JSON, binary, base64, GUID, invalid. JSON is text that is no number.
template <typename Target>
constexpr Converter kTable[] = {nullptr,
                                Target::from_int64,
                                Target::from_int64,
                                Target::from_double,
                                Target::from_decimal,
                                Target::from_decimal,
                                nullptr,
                                nullptr,
                                nullptr,
                                from_text<Target>,
                                from_text<Target>,
                                refuse,
                                nullptr,
                                nullptr,
                                nullptr,
                                refuse};

struct NumberType {
  SQLSMALLINT c_type;
  const Converter* converters;
};
constexpr NumberType kNumberTypes[] = {
    {SQL_C_STINYINT, kTable<Integer<std::int8_t>>},
    {SQL_C_TINYINT, kTable<Integer<std::int8_t>>},
    {SQL_C_UTINYINT, kTable<Integer<std::uint8_t>>},
    {SQL_C_SSHORT, kTable<Integer<std::int16_t>>},
    {SQL_C_SHORT, kTable<Integer<std::int16_t>>},
    {SQL_C_USHORT, kTable<Integer<std::uint16_t>>},
    {SQL_C_SLONG, kTable<Integer<std::int32_t>>},
    {SQL_C_LONG, kTable<Integer<std::int32_t>>},
    {SQL_C_ULONG, kTable<Integer<std::uint32_t>>},
    {SQL_C_SBIGINT, kTable<Integer<std::int64_t>>},
    {SQL_C_UBIGINT, kTable<Integer<std::uint64_t>>},
    {SQL_C_FLOAT, kTable<Floating<float>>},
    {SQL_C_DOUBLE, kTable<Floating<double>>},
    {SQL_C_BIT, kTable<Bit>},
    {SQL_C_NUMERIC, kTable<Numeric>},
};

}  // namespace

const Converter* number_converters(SQLSMALLINT c_type) {
  for (const NumberType& known : kNumberTypes) {
    if (known.c_type == c_type) return known.converters;
  }
  return nullptr;
}

}  // namespace graphodbc::driver
