// Exact DECIMAL arithmetic: up to 38 digits as a scaled 128-bit integer, never via double.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/arena.h"
#include "base/cell.h"

namespace graphodbc::query {

inline constexpr int kMaxDigits = 38;

// value / 10^scale; |value| < 10^38, 0 <= scale <= 38.
struct Decimal {
  base::Int128 value = 0;
  int scale = 0;
};

base::Int128 power_of_ten(int exponent);  // 0..38

enum class Rounding : std::uint8_t { kHalfAwayFromZero, kTowardZero };

// All give nullopt when the result needs more than 38 digits.
std::optional<Decimal> rescale(const Decimal& number, int scale, Rounding rounding);
std::optional<Decimal> add(const Decimal& left, const Decimal& right, int scale);
std::optional<Decimal> subtract(const Decimal& left, const Decimal& right, int scale);
std::optional<Decimal> multiply(const Decimal& left, const Decimal& right, int scale);
// right.value != 0 is required by these two. The remainder has the sign of `left`.
std::optional<Decimal> divide(const Decimal& left, const Decimal& right, int scale);
std::optional<Decimal> remainder(const Decimal& left, const Decimal& right, int scale);
// Rounds to 10^-digits (digits < 0: left of the point); the scale stays.
std::optional<Decimal> round_to(const Decimal& number, std::int64_t digits, Rounding rounding);

int compare(const Decimal& left, const Decimal& right);
int count_digits(base::Int128 value);  // of the magnitude; 1 for 0
double to_double(const Decimal& number);

// Longest text: sign, 38 digits, point, leading zero. Returns the characters written.
inline constexpr std::size_t kDecimalText = 41;
std::size_t format_decimal(const Decimal& number, char* out);

// Of kBool, kInt64, kDecimal and kDecimalWide.
Decimal decimal_of(const base::Cell& cell);
// kDecimal when the value fits 64 bits, else kDecimalWide in the arena.
base::Cell decimal_cell(const Decimal& number, base::Arena& arena);

}  // namespace graphodbc::query
