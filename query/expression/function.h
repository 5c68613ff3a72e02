// The one table of scalar functions. sql-dialect.md section 6; ODBC Appendix E "Scalar Functions".
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "query/expression/expression.h"

namespace graphodbc::query {

// What the planner tells apart; names that mean the same share one.
enum class FunctionId : std::uint8_t {
  kAbs,
  kAcos,
  kAddInterval,
  kAscii,
  kAsin,
  kAtan,
  kAtan2,
  kBitLength,
  kCeiling,
  kChar,
  kCharLength,
  kCos,
  kCot,
  kCurDate,
  kCurTime,
  kDatabase,
  kDayName,
  kDayOfMonth,
  kDayOfWeek,
  kDayOfYear,
  kDegrees,
  kDifference,
  kExp,
  kFloor,
  kHour,
  kInsert,
  kJsonExtract,
  kJsonValid,
  kJsonValue,
  kLcase,
  kLeft,
  kLength,
  kLocate,  // also POSITION: (what, where [, start])
  kLog,
  kLog10,
  kLtrim,
  kMinute,
  kMod,
  kMonth,
  kMonthName,
  kNow,
  kOctetLength,
  kPi,
  kPower,
  kQuarter,
  kRadians,
  kRand,
  kRepeat,
  kReplace,
  kRight,
  kRound,
  kRtrim,
  kSecond,
  kSign,
  kSin,
  kSoundex,
  kSpace,
  kSqrt,
  kSubstring,
  kTan,
  kTimestampAdd,
  kTimestampDiff,
  kToNumber,  // text beside a number, put in by comparisons
  kTrim,
  kTruncate,
  kUcase,
  kUser,
  kWeek,
  kYear,
  // Become other nodes while they are bound:
  kCoalesce,
  kConcat,
  kExtract,
  kIfNull,
  kNullIf,
};

// One call at run time. No argument is null unless the function takes nulls.
struct Call {
  const Expression& node;
  std::span<const base::Cell> args;
  EvalContext& context;

  std::string_view text(std::size_t at) const { return text_of(args[at], *context.arena); }
  // Toward zero: a marker declared as a whole number may come with a fraction.
  std::int64_t integer(std::size_t at) const;
  [[noreturn]] void fail(base::SqlState state, const std::string& message) const;
};

enum class Volatility : std::uint8_t {
  kImmutable,
  kStable,    // one value an execution: NOW(), USER()
  kVolatile,  // RAND()
};

struct Function {
  FunctionId id;
  std::string_view name;
  std::uint8_t min_args;
  std::uint8_t max_args;
  // One letter an argument, the last one repeats: t text, b text or binary, i whole number, n any
  // number, d number as DOUBLE, D date or timestamp, T time or timestamp (a date is midnight),
  // A any of date, time, timestamp, u unit literal, x anything.
  std::string_view arguments;
  // Sets type and nullability of the node; arguments are checked already. May throw.
  void (*bind)(BindContext& context, Expression& node);
  base::Cell (*evaluate)(const Call& call);
  Volatility volatility = Volatility::kImmutable;
};

inline constexpr std::size_t kMaxArguments = 8;  // of functions that stay function nodes

// Families; each lives in its own file.
std::span<const Function> string_functions();
std::span<const Function> numeric_functions();
std::span<const Function> datetime_functions();
std::span<const Function> system_functions();
std::span<const Function> json_functions();

// Without case; null when there is none.
const Function* find_function(std::string_view name);
const Function& function_of(FunctionId id);  // its first name

// Result rules that families share.
void bind_bit(BindContext& context, Expression& node);
void bind_integer(BindContext& context, Expression& node);
void bind_bigint(BindContext& context, Expression& node);
void bind_double(BindContext& context, Expression& node);
void bind_as_first(BindContext& context, Expression& node);

// Builds the node without looking at names: used by lowering and EXTRACT.
ExpressionPtr make_call(BindContext& context, const Function& function,
                        std::vector<ExpressionPtr> arguments, Position position);

}  // namespace graphodbc::query
