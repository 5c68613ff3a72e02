// Numbers as text and text as numbers, without a locale; comparison across number kinds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/arena.h"
#include "base/cell.h"
#include "query/expression/decimal.h"

namespace graphodbc::query {

enum class ParseResult : std::uint8_t { kOk, kNotANumber, kOutOfRange };

// `[+-]digits[.digits][E[+-]digits]`, blanks around it allowed. An integer that fits becomes
// kInt64, other plain digits kDecimal (up to 38 digits, more are kOutOfRange before the point and
// rounded after it), with an exponent kDouble.
ParseResult parse_number(std::string_view text, base::Arena& arena, base::Cell& number);

// Shortest text that reads back as the same double: 0.1, 1e+20, -3. Returns the characters written.
inline constexpr std::size_t kDoubleText = 32;
std::size_t format_double(double value, char* out);
// Shortest for single precision, for REAL.
std::size_t format_real(double value, char* out);

// The decimal that format_double shows; nullopt over 38 digits before the point, or not finite.
// Digits past the 38th decimal place are rounded off.
std::optional<Decimal> decimal_of_double(double value);

// Rounds the decimal text of a double: round(2.675, 2) is 2.68. `value` itself where there is
// nothing to round.
double round_double(double value, std::int64_t digits, Rounding rounding);

// Any number or kBool.
double double_of(const base::Cell& cell);
// Toward zero; nullopt out of range or not finite.
std::optional<std::int64_t> int64_of(const base::Cell& cell);
// Exact comparison of any two of kBool, kInt64, kDecimal, kDecimalWide, kDouble.
int compare_numbers(const base::Cell& left, const base::Cell& right);
bool is_number_cell(base::CellKind kind);

}  // namespace graphodbc::query
