#include "query/expression/number.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace graphodbc::query {
namespace {

using base::Cell;
using base::CellKind;
using base::Int128;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

struct NumberText {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  bool has_exponent = false;
  std::string_view unsigned_text;
};

bool split(std::string_view text, NumberText& parts) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    parts.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  parts.unsigned_text = text;
  std::size_t at = 0;
  while (at < text.size() && is_digit(text[at])) ++at;
  parts.whole = text.substr(0, at);
  if (at < text.size() && text[at] == '.') {
    const std::size_t start = ++at;
    while (at < text.size() && is_digit(text[at])) ++at;
    parts.fraction = text.substr(start, at - start);
  }
  if (parts.whole.empty() && parts.fraction.empty()) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    parts.has_exponent = true;
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == start) return false;
  }
  return at == text.size();
}

// Digits of whole and fraction as one decimal; nullopt over 38 digits before the point.
std::optional<Decimal> decimal_of_digits(std::string_view whole, std::string_view fraction) {
  while (!whole.empty() && whole.front() == '0') whole.remove_prefix(1);
  if (whole.size() > static_cast<std::size_t>(kMaxDigits)) return std::nullopt;
  Int128 value = 0;
  for (const char c : whole) value = value * 10 + (c - '0');
  int scale = 0;
  const int room = kMaxDigits - static_cast<int>(whole.size());
  for (const char c : fraction) {
    if (scale == room) {
      if (c >= '5') ++value;
      break;
    }
    value = value * 10 + (c - '0');
    ++scale;
  }
  if (value >= power_of_ten(kMaxDigits)) return std::nullopt;
  return Decimal{value, scale};
}

// Significant digits d1 d2 ... of the shortest text, with value = 0.d1d2... * 10^exponent.
struct Digits {
  bool negative = false;
  std::string digits;
  int exponent = 0;
};

Digits shortest_digits(double value) {
  char text[kDoubleText];
  const auto end = std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific);
  Digits result;
  const char* at = text;
  if (*at == '-') {
    result.negative = true;
    ++at;
  }
  for (; at != end.ptr && *at != 'e'; ++at) {
    if (*at != '.') result.digits += *at;
  }
  int exponent = 0;
  if (at != end.ptr) {
    ++at;
    if (*at == '+') ++at;
    std::from_chars(at, end.ptr, exponent);
  }
  result.exponent = exponent + 1;
  return result;
}

int sign_of(int order) {
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

int compare_int_double(std::int64_t left, double right) {
  // 2^63 is exact in double; inside that range the integral part is exact in int64.
  static constexpr double kTwo63 = 9223372036854775808.0;
  if (std::isnan(right)) return 1;
  if (right >= kTwo63) return -1;
  if (right < -kTwo63) return 1;
  const double whole = std::trunc(right);
  const auto integral = static_cast<std::int64_t>(whole);
  if (left != integral) return left < integral ? -1 : 1;
  const double rest = right - whole;
  return rest > 0 ? -1 : (rest < 0 ? 1 : 0);
}

int compare_doubles(double left, double right) {
  if (left < right) return -1;
  if (left > right) return 1;
  if (left == right) return 0;
  return static_cast<int>(std::isnan(right)) - static_cast<int>(std::isnan(left));  // NaN is low
}

bool is_whole(CellKind kind) {
  return kind == CellKind::kInt64 || kind == CellKind::kBool;
}

}  // namespace

bool is_number_cell(CellKind kind) {
  return is_whole(kind) || kind == CellKind::kDouble || kind == CellKind::kDecimal ||
         kind == CellKind::kDecimalWide;
}

ParseResult parse_number(std::string_view text, base::Arena& arena, Cell& number) {
  text = trim(text);
  NumberText parts;
  if (!split(text, parts)) return ParseResult::kNotANumber;
  if (parts.has_exponent) {
    double value = 0;
    const std::string_view digits = parts.unsigned_text;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    // Underflow is reported as out of range too, but it is zero, near enough.
    if (end.ec == std::errc::result_out_of_range) {
      if (digits.find('-') == std::string_view::npos) return ParseResult::kOutOfRange;
      value = 0;
    }
    number = Cell::of_double(parts.negative ? -value : value);
    return ParseResult::kOk;
  }
  auto value = decimal_of_digits(parts.whole, parts.fraction);
  if (!value) return ParseResult::kOutOfRange;
  if (parts.negative) value->value = -value->value;
  number = decimal_cell(*value, arena);
  if (value->scale == 0 && number.kind == CellKind::kDecimal) number.kind = CellKind::kInt64;
  return ParseResult::kOk;
}

std::size_t format_double(double value, char* out) {
  if (std::isnan(value)) return std::string_view("NaN").copy(out, 3);
  if (std::isinf(value)) return std::string_view(value < 0 ? "-INF" : "INF").copy(out, 4);
  return static_cast<std::size_t>(std::to_chars(out, out + kDoubleText, value).ptr - out);
}

std::size_t format_real(double value, char* out) {
  if (!std::isfinite(value)) return format_double(value, out);
  return static_cast<std::size_t>(
      std::to_chars(out, out + kDoubleText, static_cast<float>(value)).ptr - out);
}

std::optional<Decimal> decimal_of_double(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  const Digits parts = shortest_digits(value);
  std::string whole = parts.digits;
  std::string fraction;
  if (parts.exponent <= 0) {
    if (parts.exponent < -kMaxDigits) return Decimal{0, 0};
    fraction.assign(static_cast<std::size_t>(-parts.exponent), '0');
    fraction += whole;
    whole.clear();
  } else {
    const auto point = static_cast<std::size_t>(parts.exponent);
    if (point > static_cast<std::size_t>(kMaxDigits)) {
      return value == 0 ? std::optional<Decimal>(Decimal{}) : std::nullopt;
    }
    if (point < whole.size()) {
      fraction = whole.substr(point);
      whole.resize(point);
    } else {
      whole.resize(point, '0');
    }
  }
  auto result = decimal_of_digits(whole, fraction);
  if (result && parts.negative) result->value = -result->value;
  return result;
}

double round_double(double value, std::int64_t digits, Rounding rounding) {
  if (!std::isfinite(value) || value == 0) return value;
  Digits parts = shortest_digits(value);
  const std::int64_t kept = parts.exponent + digits;  // significant digits that stay
  if (kept >= static_cast<std::int64_t>(parts.digits.size())) return value;
  if (kept < 0) return 0;
  const auto count = static_cast<std::size_t>(kept);
  const bool up = rounding == Rounding::kHalfAwayFromZero && parts.digits[count] >= '5';
  std::string rounded(1, '0');
  rounded += std::string_view(parts.digits).substr(0, count);
  if (up) {
    std::size_t at = rounded.size();
    while (rounded[--at] == '9') rounded[at] = '0';
    ++rounded[at];
  }
  // 0.d1d2.. with one more digit in front is d0.d1d2..
  std::string text =
      rounded.substr(0, 1) + "." + rounded.substr(1) + "e" + std::to_string(parts.exponent);
  if (rounded.size() == 1) text = rounded + "e" + std::to_string(parts.exponent);
  double result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return parts.negative ? -result : result;
}

double double_of(const Cell& cell) {
  if (cell.kind == CellKind::kDouble) return cell.real;
  if (is_whole(cell.kind)) return static_cast<double>(cell.integer);
  return to_double(decimal_of(cell));
}

std::optional<std::int64_t> int64_of(const Cell& cell) {
  if (is_whole(cell.kind)) return cell.integer;
  if (cell.kind == CellKind::kDouble) {
    static constexpr double kTwo63 = 9223372036854775808.0;
    if (!(cell.real < kTwo63 && cell.real >= -kTwo63)) return std::nullopt;
    return static_cast<std::int64_t>(cell.real);
  }
  const Decimal number = decimal_of(cell);
  const Int128 whole = number.value / power_of_ten(number.scale);
  if (whole < std::numeric_limits<std::int64_t>::min() ||
      whole > std::numeric_limits<std::int64_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(whole);
}

int compare_numbers(const Cell& left, const Cell& right) {
  const bool left_whole = is_whole(left.kind);
  const bool right_whole = is_whole(right.kind);
  if (left_whole && right_whole) {
    return left.integer < right.integer ? -1 : (left.integer > right.integer ? 1 : 0);
  }
  if (left.kind == CellKind::kDouble && right.kind == CellKind::kDouble) {
    return compare_doubles(left.real, right.real);
  }
  if (left.kind == CellKind::kDouble) {
    if (right_whole) return sign_of(-compare_int_double(right.integer, left.real));
    return compare_doubles(left.real, double_of(right));
  }
  if (right.kind == CellKind::kDouble) {
    if (left_whole) return compare_int_double(left.integer, right.real);
    return compare_doubles(double_of(left), right.real);
  }
  return compare(decimal_of(left), decimal_of(right));
}

}  // namespace graphodbc::query
