#include "query/expression/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace graphodbc::query {
namespace {

using base::Int128;
__extension__ typedef unsigned __int128 Uint128;

constexpr std::array<Int128, kMaxDigits + 1> kPowers = [] {
  std::array<Int128, kMaxDigits + 1> powers{};
  Int128 power = 1;
  for (std::size_t i = 0; i < powers.size(); ++i) {
    powers[i] = power;
    if (i + 1 < powers.size()) power *= 10;
  }
  return powers;
}();

constexpr Int128 kLimit = kPowers[kMaxDigits];  // 10^38 < 2^127

bool in_range(Int128 value) {
  return value < kLimit && value > -kLimit;
}

Uint128 magnitude(Int128 value) {
  return value < 0 ? Uint128{0} - static_cast<Uint128>(value) : static_cast<Uint128>(value);
}

struct Wide {  // 256 bits
  Uint128 high = 0;
  Uint128 low = 0;
};

Wide multiply_wide(Uint128 a, Uint128 b) {
  static constexpr Uint128 kMask = ~std::uint64_t{0};
  const Uint128 a0 = a & kMask, a1 = a >> 64, b0 = b & kMask, b1 = b >> 64;
  const Uint128 low = a0 * b0;
  const Uint128 middle = a1 * b0 + (low >> 64);
  const Uint128 middle2 = a0 * b1 + (middle & kMask);
  return {a1 * b1 + (middle >> 64) + (middle2 >> 64), (middle2 << 64) | (low & kMask)};
}

struct Quotient {
  Wide quotient;
  Uint128 rest = 0;
};

// Shift and subtract. divisor < 2^127, so the remainder never loses its top bit.
Quotient divide_wide(Wide value, Uint128 divisor) {
  if (value.high == 0) return {{0, value.low / divisor}, value.low % divisor};
  Quotient result;
  for (int bit = 255; bit >= 0; --bit) {
    const Uint128 next = bit >= 128 ? (value.high >> (bit - 128)) & 1 : (value.low >> bit) & 1;
    result.rest = (result.rest << 1) | next;
    const bool fits = result.rest >= divisor;
    if (fits) result.rest -= divisor;
    result.quotient.high = (result.quotient.high << 1) | (result.quotient.low >> 127);
    result.quotient.low = (result.quotient.low << 1) | (fits ? 1 : 0);
  }
  return result;
}

// value / divisor as a signed number, rounded; nullopt over 38 digits.
std::optional<Int128> divide_rounded(const Wide& value, Uint128 divisor, bool negative,
                                     Rounding rounding) {
  Quotient result = divide_wide(value, divisor);
  if (result.quotient.high != 0 || result.quotient.low > static_cast<Uint128>(kLimit)) {
    return std::nullopt;
  }
  if (rounding == Rounding::kHalfAwayFromZero && result.rest >= divisor - result.rest) {
    ++result.quotient.low;
  }
  const auto magnitude_of_result = static_cast<Int128>(result.quotient.low);
  if (magnitude_of_result >= kLimit) return std::nullopt;
  return negative ? -magnitude_of_result : magnitude_of_result;
}

std::optional<Decimal> in_scale(std::optional<Int128> value, int scale) {
  if (!value) return std::nullopt;
  return Decimal{*value, scale};
}

// Both numbers at one scale, as 256-bit magnitudes would be needed beyond; nullopt then.
std::optional<Int128> scaled_up(const Decimal& number, int scale) {
  Int128 result;
  if (__builtin_mul_overflow(number.value, power_of_ten(scale - number.scale), &result)) {
    return std::nullopt;
  }
  return result;
}

}  // namespace

Int128 power_of_ten(int exponent) {
  return kPowers[static_cast<std::size_t>(exponent)];
}

int count_digits(Int128 value) {
  const Uint128 size = magnitude(value);
  int digits = 1;
  while (digits < kMaxDigits && size >= static_cast<Uint128>(power_of_ten(digits))) ++digits;
  return digits;
}

std::optional<Decimal> rescale(const Decimal& number, int scale, Rounding rounding) {
  if (scale >= number.scale) {
    const auto value = scaled_up(number, scale);
    if (!value || !in_range(*value)) return std::nullopt;
    return Decimal{*value, scale};
  }
  return in_scale(divide_rounded({0, magnitude(number.value)},
                                 static_cast<Uint128>(power_of_ten(number.scale - scale)),
                                 number.value < 0, rounding),
                  scale);
}

std::optional<Decimal> add(const Decimal& left, const Decimal& right, int scale) {
  const int common = std::max(left.scale, right.scale);
  const auto a = scaled_up(left, common);
  const auto b = scaled_up(right, common);
  Int128 sum;
  if (a && b && !__builtin_add_overflow(*a, *b, &sum)) {
    return rescale({sum, common}, scale, Rounding::kHalfAwayFromZero);
  }
  if (common <= scale) return std::nullopt;
  // Too many digits in between, yet the result's smaller scale may hold the sum.
  const auto short_left = rescale(left, scale, Rounding::kHalfAwayFromZero);
  const auto short_right = rescale(right, scale, Rounding::kHalfAwayFromZero);
  if (!short_left || !short_right) return std::nullopt;
  sum = short_left->value + short_right->value;  // each below 10^38: no overflow of 2^127
  if (!in_range(sum)) return std::nullopt;
  return Decimal{sum, scale};
}

std::optional<Decimal> subtract(const Decimal& left, const Decimal& right, int scale) {
  return add(left, {-right.value, right.scale}, scale);
}

std::optional<Decimal> multiply(const Decimal& left, const Decimal& right, int scale) {
  const bool negative = (left.value < 0) != (right.value < 0);
  Wide product = multiply_wide(magnitude(left.value), magnitude(right.value));
  const int excess = left.scale + right.scale - scale;
  if (excess >= 0) {
    // A scale sum of up to 76 comes down in two steps; only the last one rounds.
    if (excess > kMaxDigits) {
      product =
          divide_wide(product, static_cast<Uint128>(power_of_ten(excess - kMaxDigits))).quotient;
    }
    return in_scale(
        divide_rounded(product, static_cast<Uint128>(power_of_ten(std::min(excess, kMaxDigits))),
                       negative, Rounding::kHalfAwayFromZero),
        scale);
  }
  const auto exact = divide_rounded(product, 1, negative, Rounding::kTowardZero);
  if (!exact) return std::nullopt;
  return rescale({*exact, left.scale + right.scale}, scale, Rounding::kHalfAwayFromZero);
}

std::optional<Decimal> divide(const Decimal& left, const Decimal& right, int scale) {
  // left/10^ls / (right/10^rs) = left * 10^(scale + rs - ls) / right, at `scale`.
  const bool negative = (left.value < 0) != (right.value < 0);
  const int shift = scale + right.scale - left.scale;
  if (shift < 0) {
    Int128 divisor;
    if (__builtin_mul_overflow(right.value, power_of_ten(-shift), &divisor)) {
      return Decimal{0, scale};
    }
    return in_scale(divide_rounded({0, magnitude(left.value)}, magnitude(divisor), negative,
                                   Rounding::kHalfAwayFromZero),
                    scale);
  }
  Wide numerator{0, magnitude(left.value)};
  if (shift > kMaxDigits) {
    // 10^76 does not fit beside 38 digits in 256 bits, but then the quotient is too large anyhow
    // unless the numerator is small.
    Int128 first;
    if (__builtin_mul_overflow(left.value, power_of_ten(shift - kMaxDigits), &first)) {
      return std::nullopt;
    }
    numerator.low = magnitude(first);
  }
  numerator =
      multiply_wide(numerator.low, static_cast<Uint128>(power_of_ten(std::min(shift, kMaxDigits))));
  return in_scale(
      divide_rounded(numerator, magnitude(right.value), negative, Rounding::kHalfAwayFromZero),
      scale);
}

std::optional<Decimal> remainder(const Decimal& left, const Decimal& right, int scale) {
  const int common = std::max(left.scale, right.scale);
  const auto a = scaled_up(left, common);
  const auto b = scaled_up(right, common);
  if (!b) return rescale(left, scale, Rounding::kTowardZero);  // |right| is larger than any left
  if (!a) return std::nullopt;
  return rescale({*a % *b, common}, scale, Rounding::kTowardZero);
}

std::optional<Decimal> round_to(const Decimal& number, std::int64_t digits, Rounding rounding) {
  if (digits >= number.scale) return number;
  const std::int64_t dropped = number.scale - digits;
  if (dropped > kMaxDigits) return Decimal{0, number.scale};
  const Int128 unit = power_of_ten(static_cast<int>(dropped));
  Int128 kept = number.value / unit;
  const Int128 rest = number.value - kept * unit;
  if (rounding == Rounding::kHalfAwayFromZero) {
    const Uint128 size = magnitude(rest);
    if (size >= static_cast<Uint128>(unit) - size) kept += number.value < 0 ? -1 : 1;
  }
  Int128 value;
  if (__builtin_mul_overflow(kept, unit, &value) || !in_range(value)) return std::nullopt;
  return Decimal{value, number.scale};
}

int compare(const Decimal& left, const Decimal& right) {
  const int common = std::max(left.scale, right.scale);
  const auto a = scaled_up(left, common);
  const auto b = scaled_up(right, common);
  // Only the number of the smaller scale can overflow, and then it is the larger magnitude.
  if (!a) return left.value < 0 ? -1 : 1;
  if (!b) return right.value < 0 ? 1 : -1;
  return *a < *b ? -1 : (*a > *b ? 1 : 0);
}

std::size_t format_decimal(const Decimal& number, char* out) {
  char digits[kMaxDigits + 2];
  std::size_t count = 0;
  Uint128 rest = magnitude(number.value);
  do {
    digits[count++] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  } while (rest != 0);
  const auto scale = static_cast<std::size_t>(number.scale);
  while (count <= scale) digits[count++] = '0';
  std::size_t written = 0;
  if (number.value < 0) out[written++] = '-';
  while (count > 0) {
    if (count == scale) out[written++] = '.';
    out[written++] = digits[--count];
  }
  return written;
}

double to_double(const Decimal& number) {
  // Both exact in double: one correctly rounded division (IEEE 754).
  static constexpr Int128 kExact = Int128{1} << 53;
  if (number.value <= kExact && number.value >= -kExact && number.scale <= 22) {
    return static_cast<double>(number.value) / static_cast<double>(power_of_ten(number.scale));
  }
  char text[kDecimalText];
  const std::size_t size = format_decimal(number, text);
  double result = 0;
  std::from_chars(text, text + size, result);
  return result;
}

Decimal decimal_of(const base::Cell& cell) {
  if (cell.kind == base::CellKind::kDecimalWide) return {*cell.wide, cell.scale};
  return {cell.integer, cell.kind == base::CellKind::kDecimal ? cell.scale : 0};
}

base::Cell decimal_cell(const Decimal& number, base::Arena& arena) {
  const auto scale = static_cast<std::uint8_t>(number.scale);
  if (number.value >= std::numeric_limits<std::int64_t>::min() &&
      number.value <= std::numeric_limits<std::int64_t>::max()) {
    return base::Cell::of_decimal(static_cast<std::int64_t>(number.value), scale);
  }
  return base::Cell::of_wide(arena.make(number.value), scale);
}

}  // namespace graphodbc::query
