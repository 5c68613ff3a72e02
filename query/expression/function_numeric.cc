// Numeric functions. ODBC Appendix E "Numeric Functions"; sql-dialect.md section 6.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "query/expression/function.h"
#include "query/expression/internal.h"
#include "query/expression/number.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::CellKind;
using base::SqlType;
using base::TypeInfo;

// ---- Result types ----

void bind_as_number(BindContext&, Expression& node) {
  node.type = node.child(0).type;
  if (node.type.type == SqlType::kBit) node.type = base::smallint_type();
}

// Rounding up can need one digit more: 9.5 gives 10.0.
void bind_rounded(BindContext& context, Expression& node) {
  bind_as_number(context, node);
  if (node.type.type == SqlType::kDecimal) {
    node.type.size = std::min<std::uint32_t>(node.type.size + 1, 38);
  }
}

void bind_mod(BindContext& context, Expression& node) {
  bind_as_number(context, node);
  const TypeInfo& other = node.child(1).type;
  if (node.type.type == SqlType::kDecimal || other.type == SqlType::kDecimal ||
      base::is_approximate(other.type)) {
    const TypeInfo common = common_type(node.type, other, node.position);
    node.type = base::is_approximate(common.type) ? base::double_type() : common;
  }
}

// ---- Whole and exact numbers ----

[[noreturn]] void overflow(const Call& call) {
  call.fail("22003", "the result is out of the range of " + type_name(call.node.type));
}

bool in_type(const TypeInfo& type, std::int64_t value) {
  if (type.type == SqlType::kSmallInt) {
    return value >= std::numeric_limits<std::int16_t>::min() &&
           value <= std::numeric_limits<std::int16_t>::max();
  }
  if (type.type == SqlType::kInteger) {
    return value >= std::numeric_limits<std::int32_t>::min() &&
           value <= std::numeric_limits<std::int32_t>::max();
  }
  return true;
}

bool is_whole(const Cell& cell) {
  return cell.kind == CellKind::kInt64 || cell.kind == CellKind::kBool;
}

Cell whole_cell(const Call& call, base::Int128 value) {
  if (value < std::numeric_limits<std::int64_t>::min() ||
      value > std::numeric_limits<std::int64_t>::max() ||
      !in_type(call.node.type, static_cast<std::int64_t>(value))) {
    overflow(call);
  }
  return Cell::of_int64(static_cast<std::int64_t>(value));
}

Cell exact_cell(const Call& call, const std::optional<Decimal>& value) {
  if (!value) overflow(call);
  return decimal_cell(*value, *call.context.arena);
}

Cell absolute(const Call& call) {
  const Cell& value = call.args[0];
  if (value.kind == CellKind::kDouble) return Cell::of_double(std::abs(value.real));
  if (is_whole(value)) {
    return whole_cell(call, value.integer < 0 ? -base::Int128{value.integer} : value.integer);
  }
  Decimal number = decimal_of(value);
  number.value = number.value < 0 ? -number.value : number.value;
  return exact_cell(call, number);
}

Cell sign(const Call& call) {
  return Cell::of_int64(compare_numbers(call.args[0], Cell::of_int64(0)));
}

// Toward the given side by one where a fraction is lost.
Cell to_whole(const Call& call, int side) {
  const Cell& value = call.args[0];
  if (value.kind == CellKind::kDouble) {
    return Cell::of_double(side > 0 ? std::ceil(value.real) : std::floor(value.real));
  }
  if (is_whole(value)) return Cell::of_int64(value.integer);
  const Decimal number = decimal_of(value);
  const base::Int128 unit = power_of_ten(number.scale);
  base::Int128 whole = number.value / unit;
  const base::Int128 rest = number.value - whole * unit;
  if (side > 0 ? rest > 0 : rest < 0) whole += side;
  return exact_cell(call, rescale({whole, 0}, number.scale, Rounding::kTowardZero));
}
Cell ceiling(const Call& call) {
  return to_whole(call, 1);
}
Cell floor(const Call& call) {
  return to_whole(call, -1);
}

Cell mod(const Call& call) {
  const Cell& left = call.args[0];
  const Cell& right = call.args[1];
  if (compare_numbers(right, Cell::of_int64(0)) == 0) call.fail("22012", "division by zero");
  if (is_whole(left) && is_whole(right)) {
    return Cell::of_int64(right.integer == -1 ? 0 : left.integer % right.integer);
  }
  if (left.kind == CellKind::kDouble || right.kind == CellKind::kDouble) {
    return Cell::of_double(std::fmod(double_of(left), double_of(right)));
  }
  const Decimal a = decimal_of(left);
  const Decimal b = decimal_of(right);
  return exact_cell(call, remainder(a, b, std::max(a.scale, b.scale)));
}

Cell rounded(const Call& call, Rounding rounding) {
  const Cell& value = call.args[0];
  const std::int64_t digits = std::clamp<std::int64_t>(call.integer(1), -400, 400);
  if (value.kind == CellKind::kDouble) {
    const double result = round_double(value.real, digits, rounding);
    if (!std::isfinite(result) && std::isfinite(value.real)) overflow(call);
    return Cell::of_double(result);
  }
  const auto result = round_to(decimal_of(value), digits, rounding);
  if (!result) overflow(call);
  return is_whole(value) ? whole_cell(call, result->value) : exact_cell(call, result);
}
Cell round(const Call& call) {
  return rounded(call, Rounding::kHalfAwayFromZero);
}
Cell truncate(const Call& call) {
  return rounded(call, Rounding::kTowardZero);
}

// ---- Functions of DOUBLE ----

Cell finite(const Call& call, double value) {
  if (!std::isfinite(value)) call.fail("22003", "the argument is out of range");
  return Cell::of_double(value);
}

double real(const Call& call, std::size_t at) {
  return call.args[at].real;
}

// Domain errors give NaN and overflow infinity, both 22003.
template <double (*function)(double)>
Cell of_one(const Call& call) {
  return finite(call, function(real(call, 0)));
}

double arc_cosine(double x) {
  return std::acos(x);
}
double arc_sine(double x) {
  return std::asin(x);
}
double arc_tangent(double x) {
  return std::atan(x);
}
double cosine(double x) {
  return std::cos(x);
}
double degrees(double x) {
  return x * (180.0 / std::numbers::pi);
}
double exponential(double x) {
  return std::exp(x);
}
double logarithm(double x) {
  return std::log(x);
}
double logarithm10(double x) {
  return std::log10(x);
}
double radians(double x) {
  return x * (std::numbers::pi / 180.0);
}
double sine(double x) {
  return std::sin(x);
}
double square_root(double x) {
  return std::sqrt(x);
}
double tangent(double x) {
  return std::tan(x);
}

Cell arc_tangent2(const Call& call) {
  return finite(call, std::atan2(real(call, 0), real(call, 1)));
}

Cell cotangent(const Call& call) {
  if (real(call, 0) == 0) call.fail("22012", "division by zero");
  return finite(call, 1.0 / std::tan(real(call, 0)));
}

Cell power(const Call& call) {
  if (real(call, 0) == 0 && real(call, 1) < 0) call.fail("22012", "zero to a negative power");
  return finite(call, std::pow(real(call, 0), real(call, 1)));
}

Cell pi(const Call&) {
  return Cell::of_double(std::numbers::pi);
}

// SplitMix64 (Steele, Lea, Flood 2014): small state, and equal seeds give equal numbers anywhere.
std::uint64_t next_random(std::uint64_t& state) {
  std::uint64_t mixed = (state += 0x9E3779B97F4A7C15ULL);
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  return mixed ^ (mixed >> 31);
}

Cell random(const Call& call) {
  std::uint64_t seeded = 0;
  std::uint64_t* state = &call.context.random_state;
  if (call.args.size() == 1) {
    seeded = static_cast<std::uint64_t>(call.integer(0));
    state = &seeded;
  } else if (*state == 0) {
    std::random_device device;
    *state = (std::uint64_t{device()} << 32 | device()) | 1;
  }
  return Cell::of_double(static_cast<double>(next_random(*state) >> 11) * 0x1.0p-53);
}

// Text beside a number in a comparison: 1.5 stays 1.5 beside an INTEGER.
Cell to_number(const Call& call) {
  const Expression& from = call.node.child(0);
  return text_to_number(call.args[0],
                        {from.type, call.node.type, *call.context.arena, call.node.position, {}});
}

constexpr Function kFunctions[] = {
    {FunctionId::kAbs, "ABS", 1, 1, "n", bind_as_number, absolute},
    {FunctionId::kAcos, "ACOS", 1, 1, "d", bind_double, of_one<arc_cosine>},
    {FunctionId::kAsin, "ASIN", 1, 1, "d", bind_double, of_one<arc_sine>},
    {FunctionId::kAtan, "ATAN", 1, 1, "d", bind_double, of_one<arc_tangent>},
    {FunctionId::kAtan2, "ATAN2", 2, 2, "d", bind_double, arc_tangent2},
    {FunctionId::kCeiling, "CEILING", 1, 1, "n", bind_rounded, ceiling},
    {FunctionId::kCos, "COS", 1, 1, "d", bind_double, of_one<cosine>},
    {FunctionId::kCot, "COT", 1, 1, "d", bind_double, cotangent},
    {FunctionId::kDegrees, "DEGREES", 1, 1, "d", bind_double, of_one<degrees>},
    {FunctionId::kExp, "EXP", 1, 1, "d", bind_double, of_one<exponential>},
    {FunctionId::kFloor, "FLOOR", 1, 1, "n", bind_rounded, floor},
    {FunctionId::kLog, "LOG", 1, 1, "d", bind_double, of_one<logarithm>},
    {FunctionId::kLog10, "LOG10", 1, 1, "d", bind_double, of_one<logarithm10>},
    {FunctionId::kMod, "MOD", 2, 2, "n", bind_mod, mod},
    {FunctionId::kPi, "PI", 0, 0, "x", bind_double, pi},
    {FunctionId::kPower, "POWER", 2, 2, "d", bind_double, power},
    {FunctionId::kRadians, "RADIANS", 1, 1, "d", bind_double, of_one<radians>},
    {FunctionId::kRand, "RAND", 0, 1, "i", bind_double, random, Volatility::kVolatile},
    {FunctionId::kRound, "ROUND", 2, 2, "ni", bind_rounded, round},
    {FunctionId::kSign, "SIGN", 1, 1, "n", bind_integer, sign},
    {FunctionId::kSin, "SIN", 1, 1, "d", bind_double, of_one<sine>},
    {FunctionId::kSqrt, "SQRT", 1, 1, "d", bind_double, of_one<square_root>},
    {FunctionId::kTan, "TAN", 1, 1, "d", bind_double, of_one<tangent>},
    {FunctionId::kTruncate, "TRUNCATE", 2, 2, "ni", bind_rounded, truncate},
    {FunctionId::kToNumber, "$NUMBER", 1, 1, "t", bind_double, to_number},
};

}  // namespace

std::span<const Function> numeric_functions() {
  return kFunctions;
}

}  // namespace graphodbc::query
