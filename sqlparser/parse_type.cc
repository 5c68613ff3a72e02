// Type names of CAST and CONVERT: ANSI, common dialects, and ODBC's SQL_ names (Appendix D).
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/sql_type.h"
#include "sqlparser/keywords.h"
#include "sqlparser/parser_impl.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::sqlparser {
namespace {

using base::SqlType;
using base::TypeInfo;

enum class Arguments : std::uint8_t { kNone, kLength, kPrecisionScale, kFloat, kFraction };

struct TypeName {
  std::string_view name;
  SqlType type;
  Arguments arguments = Arguments::kNone;
};

constexpr std::array kTypes = {
    TypeName{"BIT", SqlType::kBit},
    TypeName{"BOOLEAN", SqlType::kBit},
    TypeName{"BOOL", SqlType::kBit},
    TypeName{"TINYINT", SqlType::kSmallInt},
    TypeName{"SMALLINT", SqlType::kSmallInt},
    TypeName{"INTEGER", SqlType::kInteger},
    TypeName{"INT", SqlType::kInteger},
    TypeName{"BIGINT", SqlType::kBigInt},
    TypeName{"DECIMAL", SqlType::kDecimal, Arguments::kPrecisionScale},
    TypeName{"DEC", SqlType::kDecimal, Arguments::kPrecisionScale},
    TypeName{"NUMERIC", SqlType::kDecimal, Arguments::kPrecisionScale},
    TypeName{"REAL", SqlType::kReal},
    TypeName{"FLOAT", SqlType::kDouble, Arguments::kFloat},
    TypeName{"DOUBLE", SqlType::kDouble},
    TypeName{"DOUBLE PRECISION", SqlType::kDouble},
    TypeName{"CHAR", SqlType::kWChar, Arguments::kLength},
    TypeName{"CHARACTER", SqlType::kWChar, Arguments::kLength},
    TypeName{"NCHAR", SqlType::kWChar, Arguments::kLength},
    TypeName{"WCHAR", SqlType::kWChar, Arguments::kLength},
    TypeName{"NATIONAL CHAR", SqlType::kWChar, Arguments::kLength},
    TypeName{"NATIONAL CHARACTER", SqlType::kWChar, Arguments::kLength},
    TypeName{"VARCHAR", SqlType::kWVarChar, Arguments::kLength},
    TypeName{"NVARCHAR", SqlType::kWVarChar, Arguments::kLength},
    TypeName{"WVARCHAR", SqlType::kWVarChar, Arguments::kLength},
    TypeName{"CHAR VARYING", SqlType::kWVarChar, Arguments::kLength},
    TypeName{"CHARACTER VARYING", SqlType::kWVarChar, Arguments::kLength},
    TypeName{"NCHAR VARYING", SqlType::kWVarChar, Arguments::kLength},
    TypeName{"NATIONAL CHAR VARYING", SqlType::kWVarChar, Arguments::kLength},
    TypeName{"NATIONAL CHARACTER VARYING", SqlType::kWVarChar, Arguments::kLength},
    TypeName{"LONGVARCHAR", SqlType::kWLongVarChar},
    TypeName{"LONG VARCHAR", SqlType::kWLongVarChar},
    TypeName{"WLONGVARCHAR", SqlType::kWLongVarChar},
    TypeName{"TEXT", SqlType::kWLongVarChar},
    TypeName{"NTEXT", SqlType::kWLongVarChar},
    TypeName{"CLOB", SqlType::kWLongVarChar},
    TypeName{"CHAR LARGE OBJECT", SqlType::kWLongVarChar},
    TypeName{"CHARACTER LARGE OBJECT", SqlType::kWLongVarChar},
    TypeName{"BINARY", SqlType::kVarBinary, Arguments::kLength},
    TypeName{"VARBINARY", SqlType::kVarBinary, Arguments::kLength},
    TypeName{"BINARY VARYING", SqlType::kVarBinary, Arguments::kLength},
    TypeName{"LONGVARBINARY", SqlType::kLongVarBinary},
    TypeName{"LONG VARBINARY", SqlType::kLongVarBinary},
    TypeName{"BLOB", SqlType::kLongVarBinary},
    TypeName{"BINARY LARGE OBJECT", SqlType::kLongVarBinary},
    TypeName{"DATE", SqlType::kDate},
    TypeName{"TYPE_DATE", SqlType::kDate},
    TypeName{"TIME", SqlType::kTime, Arguments::kFraction},
    TypeName{"TYPE_TIME", SqlType::kTime, Arguments::kFraction},
    TypeName{"TIMESTAMP", SqlType::kTimestamp, Arguments::kFraction},
    TypeName{"TYPE_TIMESTAMP", SqlType::kTimestamp, Arguments::kFraction},
    TypeName{"DATETIME", SqlType::kTimestamp, Arguments::kFraction},
    TypeName{"DATETIME2", SqlType::kTimestamp, Arguments::kFraction},
    TypeName{"GUID", SqlType::kGuid},
    TypeName{"UUID", SqlType::kGuid},
    TypeName{"UNIQUEIDENTIFIER", SqlType::kGuid},
};

// Words that only continue a type name; the table above decides what they mean together.
constexpr std::array<std::string_view, 8> kContinuations = {
    "PRECISION", "VARYING", "LARGE", "OBJECT", "CHAR", "CHARACTER", "VARCHAR", "VARBINARY"};

const TypeName* find_type(std::string_view name) {
  const auto* found = std::find_if(kTypes.begin(), kTypes.end(),
                                   [&](const TypeName& entry) { return entry.name == name; });
  return found == kTypes.end() ? nullptr : found;
}

constexpr std::uint32_t kMaxPrecision = 38;
constexpr std::int16_t kMaxFraction = 7;  // ticks of 100 ns

// Numbers in the brackets after a type name; "MAX" (SQL Server) asks for the long type.
struct TypeArguments {
  std::optional<std::uint32_t> first;
  std::optional<std::uint32_t> second;
  bool max = false;
};

TypeInfo text_or_binary(SqlType type, const TypeArguments& arguments) {
  const bool text = base::is_text(type);
  const TypeInfo long_type = text ? base::long_text_type() : base::long_binary_type();
  if (arguments.max || arguments.first.value_or(0) > base::kMaxVarChar) return long_type;
  // Without a length CHAR must not cut: {fn CONVERT(x, SQL_CHAR)} cannot give one.
  if (!arguments.first) return {text ? SqlType::kWVarChar : type, base::kMaxVarChar, 0};
  return {type, *arguments.first, 0};
}

TypeInfo fixed_type(SqlType type) {
  static constexpr std::array kFixed = {
      base::bit_type(),       base::smallint_type(),   base::integer_type(), base::bigint_type(),
      base::real_type(),      base::double_type(),     base::date_type(),    base::guid_type(),
      base::long_text_type(), base::long_binary_type()};
  return *std::find_if(kFixed.begin(), kFixed.end(),
                       [&](const TypeInfo& info) { return info.type == type; });
}

TypeInfo fraction_type(SqlType type, const TypeArguments& arguments) {
  const bool time = type == SqlType::kTime;
  if (!arguments.first) return time ? base::time_type() : base::timestamp_type();
  const auto scale =
      static_cast<std::int16_t>(std::min<std::uint32_t>(*arguments.first, kMaxFraction));
  const std::uint32_t whole = time ? 8 : 19;
  return {type, scale == 0 ? whole : whole + 1 + static_cast<std::uint32_t>(scale), scale};
}

TypeInfo decimal_type(const TypeArguments& arguments) {
  if (!arguments.first) return base::decimal_type(28, 8);
  return base::decimal_type(*arguments.first,
                            static_cast<std::int16_t>(arguments.second.value_or(0)));
}

TypeInfo make_type(const TypeName& entry, const TypeArguments& arguments) {
  switch (entry.arguments) {
    case Arguments::kLength:
      return text_or_binary(entry.type, arguments);
    case Arguments::kPrecisionScale:
      return decimal_type(arguments);
    case Arguments::kFloat:
      // SQL-92: FLOAT(p) of up to 24 binary digits is REAL.
      return arguments.first.value_or(53) <= 24 ? base::real_type() : base::double_type();
    case Arguments::kFraction:
      return fraction_type(entry.type, arguments);
    default:
      return fixed_type(entry.type);
  }
}

std::uint32_t to_number(const Token& token, std::uint32_t least, std::uint32_t most) {
  std::uint64_t value = 0;
  for (const char c : token.text) {
    value = std::min<std::uint64_t>(value * 10 + static_cast<std::uint64_t>(c - '0'), 1U << 31U);
  }
  if (value < least || value > most) {
    fail_syntax(token.text, token.position,
                "expected a number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<std::uint32_t>(value);
}

}  // namespace

base::TypeInfo Parser::parse_type() {
  constexpr std::string_view kPrefix = "SQL_";
  if (peek().kind != TokenKind::kWord) fail_expected("a type name");
  const Token start = take();
  std::string name = to_upper_ascii(start.text);
  if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
  while (peek().kind == TokenKind::kWord &&
         std::find(kContinuations.begin(), kContinuations.end(), to_upper_ascii(peek().text)) !=
             kContinuations.end()) {
    name += " " + to_upper_ascii(take().text);
  }
  const TypeName* entry = find_type(name);
  if (entry == nullptr) {
    fail_syntax(start.text, start.position,
                "unknown type, expected for example INTEGER, BIGINT, DOUBLE, DECIMAL(p,s), "
                "VARCHAR(n), DATE, TIMESTAMP or SQL_VARCHAR");
  }
  TypeArguments arguments;
  if (entry->arguments != Arguments::kNone && at_symbol("(")) {
    const SourcePosition opened = take().position;
    const bool decimal = entry->arguments == Arguments::kPrecisionScale;
    const bool fraction = entry->arguments == Arguments::kFraction;
    arguments.max = entry->arguments == Arguments::kLength && accept_word("MAX");
    if (!arguments.max) {
      if (peek().kind != TokenKind::kInteger) fail_expected("a length or precision");
      const std::uint32_t most = decimal                                 ? kMaxPrecision
                                 : fraction                              ? 9
                                 : entry->arguments == Arguments::kFloat ? 53
                                                                         : base::kLongSize;
      arguments.first = to_number(take(), fraction ? 0 : 1, most);
    }
    if (decimal && accept_symbol(",")) {
      if (peek().kind != TokenKind::kInteger) fail_expected("a scale");
      arguments.second = to_number(take(), 0, *arguments.first);
    }
    expect_closing(")", opened);
  }
  if (entry->arguments == Arguments::kFraction && at_word("WITHOUT")) {
    take();
    expect_word("TIME");
    expect_word("ZONE");
  }
  return make_type(*entry, arguments);
}

}  // namespace graphodbc::sqlparser
