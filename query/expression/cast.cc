#include "query/expression/cast.h"

#include <cmath>
#include <limits>

#include "base/datetime.h"
#include "base/json_text.h"
#include "base/utf.h"
#include "query/expression/number.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::CellKind;
using base::SqlState;
using base::SqlType;
using base::TypeInfo;

constexpr char kLowerHex[] = "0123456789abcdef";
constexpr char kUpperHex[] = "0123456789ABCDEF";

[[noreturn]] void refuse(SqlState state, const std::string& message, const CastJob& job) {
  if (job.what.empty()) fail(state, message, job.position);
  throw base::Error(state, std::string(job.what) + ": " + message);
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_text_cell(CellKind kind) {
  return kind == CellKind::kText || kind == CellKind::kJsonText || kind == CellKind::kJson;
}

[[noreturn]] void refuse_types(const CastJob& job) {
  refuse("42000", "no conversion from " + type_name(job.from) + " to " + type_name(job.to), job);
}

[[noreturn]] void out_of_range(const Cell& cell, const CastJob& job) {
  refuse("22003",
         std::string(cell_text(cell, job.from, job.arena)) + " is out of the range of " +
             type_name(job.to),
         job);
}

Cell to_bit(const Cell& cell, const CastJob& job) {
  if (is_text_cell(cell.kind)) {
    const std::string_view text = trimmed(text_of(cell, job.arena));
    if (text == "1" || base::equal_nocase(text, "true")) return Cell::of_bool(true);
    if (text == "0" || base::equal_nocase(text, "false")) return Cell::of_bool(false);
    refuse("22018", quoted(text) + " is no truth value: write 1, 0, 'true' or 'false'", job);
  }
  if (!is_number_cell(cell.kind)) refuse_types(job);
  const Cell one = Cell::of_int64(1);
  const Cell zero = Cell::of_int64(0);
  if (compare_numbers(cell, zero) == 0) return Cell::of_bool(false);
  if (compare_numbers(cell, one) != 0) out_of_range(cell, job);
  return Cell::of_bool(true);
}

Cell number_from(const Cell& cell, const CastJob& job) {
  if (is_number_cell(cell.kind)) return cell;
  if (!is_text_cell(cell.kind)) refuse_types(job);
  return text_to_number(cell, job);
}

Cell to_integer(const Cell& cell, const CastJob& job) {
  const Cell number = number_from(cell, job);
  const auto value = int64_of(number);
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  if (job.to.type == SqlType::kInteger) {
    low = std::numeric_limits<std::int32_t>::min();
    high = std::numeric_limits<std::int32_t>::max();
  } else if (job.to.type == SqlType::kSmallInt) {
    low = std::numeric_limits<std::int16_t>::min();
    high = std::numeric_limits<std::int16_t>::max();
  }
  if (!value || *value < low || *value > high) out_of_range(cell, job);
  return Cell::of_int64(*value);
}

Cell to_decimal(const Cell& cell, const CastJob& job) {
  const Cell number = number_from(cell, job);
  const auto exact = number.kind == CellKind::kDouble ? decimal_of_double(number.real)
                                                      : std::optional(decimal_of(number));
  if (!exact) out_of_range(cell, job);
  const auto scaled = rescale(*exact, job.to.scale, Rounding::kHalfAwayFromZero);
  if (!scaled || count_digits(scaled->value) > static_cast<int>(job.to.size)) {
    out_of_range(cell, job);
  }
  return decimal_cell(*scaled, job.arena);
}

Cell to_double_cell(const Cell& cell, const CastJob& job) {
  return Cell::of_double(double_of(number_from(cell, job)));
}

Cell to_real(const Cell& cell, const CastJob& job) {
  const double value = double_of(number_from(cell, job));
  if (std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max()) {
    out_of_range(cell, job);
  }
  return Cell::of_double(static_cast<double>(static_cast<float>(value)));
}

Cell to_date(const Cell& cell, const CastJob& job) {
  if (cell.kind == CellKind::kDate) return cell;
  std::optional<std::int64_t> ticks;
  if (cell.kind == CellKind::kTimestamp) {
    ticks = cell.integer;
  } else if (is_text_cell(cell.kind)) {
    const std::string_view text = trimmed(text_of(cell, job.arena));
    ticks = base::parse_timestamp(text);
    if (!ticks) refuse("22007", quoted(text) + " is no date: write yyyy-mm-dd", job);
  } else {
    refuse_types(job);
  }
  const std::int64_t days = *ticks / base::kTicksPerDay - (*ticks % base::kTicksPerDay < 0 ? 1 : 0);
  return Cell::of_integer(CellKind::kDate, days);
}

std::int64_t cut_fraction(std::int64_t ticks, std::int16_t scale) {
  std::int64_t unit = 1;
  for (int digit = scale; digit < 7; ++digit) unit *= 10;
  std::int64_t rest = ticks % unit;
  if (rest < 0) rest += unit;
  return ticks - rest;
}

Cell to_time(const Cell& cell, const CastJob& job) {
  std::optional<std::int64_t> ticks;
  if (cell.kind == CellKind::kTime) {
    ticks = cell.integer;
  } else if (cell.kind == CellKind::kTimestamp) {
    ticks = cell.integer;
  } else if (is_text_cell(cell.kind)) {
    const std::string_view text = trimmed(text_of(cell, job.arena));
    ticks = base::parse_time(text);
    if (!ticks && text.size() > 10) ticks = base::parse_timestamp(text);
    if (!ticks) refuse("22007", quoted(text) + " is no time: write hh:mm:ss", job);
  } else {
    refuse_types(job);
  }
  std::int64_t of_day = *ticks % base::kTicksPerDay;
  if (of_day < 0) of_day += base::kTicksPerDay;
  return Cell::of_integer(CellKind::kTime, cut_fraction(of_day, job.to.scale));
}

Cell to_timestamp(const Cell& cell, const CastJob& job) {
  std::optional<std::int64_t> ticks;
  if (cell.kind == CellKind::kTimestamp) {
    ticks = cell.integer;
  } else if (cell.kind == CellKind::kDate) {
    ticks = cell.integer * base::kTicksPerDay;
  } else if (cell.kind == CellKind::kTime) {
    const std::int64_t start = job.statement_start;
    ticks = start - start % base::kTicksPerDay + cell.integer;
  } else if (is_text_cell(cell.kind)) {
    const std::string_view text = trimmed(text_of(cell, job.arena));
    ticks = base::parse_timestamp(text);
    if (!ticks) refuse("22007", quoted(text) + " is no timestamp: write yyyy-mm-dd hh:mm:ss", job);
  } else {
    refuse_types(job);
  }
  return Cell::of_integer(CellKind::kTimestamp, cut_fraction(*ticks, job.to.scale));
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Cell to_guid(const Cell& cell, const CastJob& job) {
  if (cell.kind == CellKind::kGuid) return cell;
  if (is_text_cell(cell.kind)) {
    const std::string_view given = trimmed(text_of(cell, job.arena));
    std::string_view text = given;
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
    char* bytes = job.arena.allocate(16);
    std::size_t written = 0;
    bool good = text.size() == 36;
    for (std::size_t at = 0; good && at < 36;) {
      if (at == 8 || at == 13 || at == 18 || at == 23) {
        good = text[at++] == '-';
        continue;
      }
      const int high = hex_value(text[at]);
      const int low = hex_value(text[at + 1]);
      good = high >= 0 && low >= 0;
      bytes[written++] = static_cast<char>(high * 16 + low);
      at += 2;
    }
    if (!good) refuse("22018", quoted(given) + " is no GUID", job);
    return Cell::of_bytes(CellKind::kGuid, {bytes, 16});
  }
  if (cell.kind != CellKind::kBinary && cell.kind != CellKind::kBase64) refuse_types(job);
  const std::string_view bytes = bytes_of(cell, job.arena);
  if (bytes.size() != 16) refuse("22018", "a GUID has 16 bytes", job);
  return Cell::of_bytes(CellKind::kGuid, bytes);
}

// Once a statement and type: a hundred thousand cut rows are one note.
void warn_cut(const CastJob& job) {
  if (job.warnings == nullptr) return;
  const std::string message = "text cut to " + type_name(job.to);
  for (const base::Warning& warning : *job.warnings) {
    if (warning.message == message) return;
  }
  job.warnings->push_back({"01004", message});
}

Cell to_binary(const Cell& cell, const CastJob& job) {
  std::string_view bytes;
  if (cell.kind == CellKind::kBinary || cell.kind == CellKind::kBase64) {
    bytes = bytes_of(cell, job.arena);
  } else if (cell.kind == CellKind::kGuid) {
    bytes = cell.view();
  } else if (is_text_cell(cell.kind)) {
    const std::string_view text = text_of(cell, job.arena);
    char* out = job.arena.allocate(text.size() / 2 + 1);
    bool good = text.size() % 2 == 0;
    for (std::size_t at = 0; good && at < text.size(); at += 2) {
      const int high = hex_value(text[at]);
      const int low = hex_value(text[at + 1]);
      good = high >= 0 && low >= 0;
      out[at / 2] = static_cast<char>(high * 16 + low);
    }
    if (!good) refuse("22018", quoted(text) + " is no pairs of hex digits", job);
    bytes = {out, text.size() / 2};
  } else {
    refuse_types(job);
  }
  if (job.to.size > 0 && bytes.size() > job.to.size) {
    warn_cut(job);
    bytes = bytes.substr(0, job.to.size);
  }
  return Cell::of_bytes(CellKind::kBinary, bytes);
}

// Bytes of the first `limit` code points.
std::size_t prefix_bytes(std::string_view text, std::size_t limit) {
  std::size_t at = 0;
  for (; limit > 0 && at < text.size(); --limit) base::next_code_point(text, at);
  return at;
}

Cell to_text(const Cell& cell, const CastJob& job) {
  if (job.to.size == 0 || cell.length <= job.to.size) {
    if (is_text_cell(cell.kind)) return cell;  // cannot have more characters than bytes
  }
  std::string_view text = cell_text(cell, job.from, job.arena);
  const std::size_t limit = job.to.size == 0 ? base::kLongSize : job.to.size;
  const std::size_t kept = text.size() <= limit ? text.size() : prefix_bytes(text, limit);
  if (kept == text.size()) return Cell::of_text(text);
  if (is_text_cell(cell.kind)) {
    // SQL-92 6.10: blanks may go silently.
    if (!trimmed(text.substr(kept)).empty()) warn_cut(job);
    return Cell::of_text(text.substr(0, kept));
  }
  // Appendix D: fractions of seconds and of decimals may be cut, nothing before the point.
  const std::size_t point = text.find('.');
  const bool plain = text.find('e') == std::string_view::npos;
  const bool has_fraction = cell.kind != CellKind::kGuid && cell.kind != CellKind::kBinary &&
                            cell.kind != CellKind::kBase64;
  if (has_fraction && plain && point != std::string_view::npos && kept >= point) {
    warn_cut(job);
    return Cell::of_text(text.substr(0, kept == point + 1 ? point : kept));
  }
  refuse("22001", quoted(text) + " does not fit " + type_name(job.to), job);
}

struct Caster {
  SqlType to;
  Cell (*run)(const Cell& cell, const CastJob& job);
};
constexpr Caster kCasters[] = {
    {SqlType::kBit, to_bit},
    {SqlType::kSmallInt, to_integer},
    {SqlType::kInteger, to_integer},
    {SqlType::kBigInt, to_integer},
    {SqlType::kDecimal, to_decimal},
    {SqlType::kReal, to_real},
    {SqlType::kDouble, to_double_cell},
    {SqlType::kWChar, to_text},
    {SqlType::kWVarChar, to_text},
    {SqlType::kWLongVarChar, to_text},
    {SqlType::kVarBinary, to_binary},
    {SqlType::kLongVarBinary, to_binary},
    {SqlType::kDate, to_date},
    {SqlType::kTime, to_time},
    {SqlType::kTimestamp, to_timestamp},
    {SqlType::kGuid, to_guid},
};

std::string_view hex_text(std::string_view bytes, base::Arena& arena) {
  char* out = arena.allocate(bytes.size() * 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out[2 * i] = kUpperHex[byte >> 4];
    out[2 * i + 1] = kUpperHex[byte & 15];
  }
  return {out, bytes.size() * 2};
}

std::string_view guid_text(std::string_view bytes, base::Arena& arena) {
  char* out = arena.allocate(36);
  std::size_t written = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out[written++] = '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out[written++] = kLowerHex[byte >> 4];
    out[written++] = kLowerHex[byte & 15];
  }
  return {out, 36};
}

}  // namespace

void fail(SqlState state, const std::string& message, const Position& position) {
  throw base::Error(state, message + " at " + std::to_string(position.line) + ":" +
                               std::to_string(position.column));
}

std::string quoted(std::string_view text) {
  static constexpr std::size_t kShown = 40;
  const std::size_t kept = prefix_bytes(text, kShown);
  std::string result = "'";
  result += text.substr(0, kept);
  if (kept < text.size()) result += "...";
  result += "'";
  return result;
}

TypeInfo type_of_cell(const Cell& cell) {
  switch (cell.kind) {
    case CellKind::kNull:
      return {};
    case CellKind::kBool:
      return base::bit_type();
    case CellKind::kInt64:
      return cell.integer >= std::numeric_limits<std::int32_t>::min() &&
                     cell.integer <= std::numeric_limits<std::int32_t>::max()
                 ? base::integer_type()
                 : base::bigint_type();
    case CellKind::kDouble:
      return base::double_type();
    case CellKind::kDecimal:
    case CellKind::kDecimalWide: {
      const int digits = count_digits(decimal_of(cell).value);
      return base::decimal_type(static_cast<std::uint32_t>(std::max<int>(digits, cell.scale)),
                                cell.scale);
    }
    case CellKind::kDate:
      return base::date_type();
    case CellKind::kTime:
      return cell.integer % base::kTicksPerSecond == 0 ? base::time_type()
                                                       : TypeInfo{SqlType::kTime, 16, 7};
    case CellKind::kTimestamp:
      return base::timestamp_type();
    case CellKind::kText:
      return base::text_type(static_cast<std::uint32_t>(base::count_code_points(cell.view())));
    case CellKind::kJsonText:
      return base::text_type(cell.length);
    case CellKind::kJson:
    case CellKind::kInvalid:
      return base::long_text_type();
    case CellKind::kBinary:
    case CellKind::kBase64:
      return base::long_binary_type();
    case CellKind::kGuid:
      return base::guid_type();
  }
  return {};
}

Cell text_to_number(const Cell& cell, const CastJob& job) {
  if (cell.is_null()) return cell;
  const std::string_view text = text_of(cell, job.arena);
  Cell number;
  switch (parse_number(text, job.arena, number)) {
    case ParseResult::kOk:
      return number;
    case ParseResult::kOutOfRange:
      refuse("22003", quoted(text) + " is out of range", job);
    case ParseResult::kNotANumber:
      break;
  }
  refuse("22018", quoted(text) + " is no number", job);
}

std::string_view cell_text(const Cell& cell, const TypeInfo& type, base::Arena& arena) {
  switch (cell.kind) {
    case CellKind::kNull:
      return {};
    case CellKind::kBool:
      return cell.integer != 0 ? "1" : "0";
    case CellKind::kInt64:
    case CellKind::kDecimal:
    case CellKind::kDecimalWide: {
      char* out = arena.allocate(kDecimalText);
      return {out, format_decimal(decimal_of(cell), out)};
    }
    case CellKind::kDouble: {
      char* out = arena.allocate(kDoubleText);
      const bool real = type.type == SqlType::kReal;
      return {out, real ? format_real(cell.real, out) : format_double(cell.real, out)};
    }
    case CellKind::kDate: {
      char* out = arena.allocate(10);
      return {out, base::format_date(cell.integer, out)};
    }
    case CellKind::kTime: {
      char* out = arena.allocate(16);
      return {out, base::format_time(cell.integer, type.scale, out)};
    }
    case CellKind::kTimestamp: {
      char* out = arena.allocate(27);
      const int scale = type.type == SqlType::kTimestamp ? type.scale : 7;
      return {out, base::format_timestamp(cell.integer, scale, ' ', out)};
    }
    case CellKind::kText:
    case CellKind::kJsonText:
    case CellKind::kJson:
    case CellKind::kInvalid:
      return text_of(cell, arena);
    case CellKind::kBinary:
    case CellKind::kBase64:
      return hex_text(bytes_of(cell, arena), arena);
    case CellKind::kGuid:
      return guid_text(cell.view(), arena);
  }
  return {};
}

Cell cast(const Cell& cell, const CastJob& job) {
  if (cell.is_null() || job.to.type == SqlType::kUnknown) return cell;
  for (const Caster& caster : kCasters) {
    if (caster.to == job.to.type) return caster.run(cell, job);
  }
  refuse_types(job);
}

std::string_view text_of(const Cell& cell, base::Arena& arena) {
  if (cell.kind == CellKind::kJsonText) return base::unescape_json(cell.view(), arena);
  if (cell.kind == CellKind::kInvalid) {
    throw base::Error("22018", "a value from the service does not fit the type of its column");
  }
  return cell.view();
}

std::string_view bytes_of(const Cell& cell, base::Arena& arena) {
  if (cell.kind != CellKind::kBase64) return cell.view();
  const auto bytes = base::decode_base64(cell.view(), arena);
  if (!bytes) throw base::Error("22018", "a binary value from the service is no base64");
  return *bytes;
}

Cell cast_cell(const Cell& cell, const TypeInfo& from, const TypeInfo& to, base::Arena& arena,
               std::string_view what) {
  const TypeInfo known = from.type == SqlType::kUnknown ? type_of_cell(cell) : from;
  return cast(cell, {known, to, arena, {}, what, 0, nullptr});
}

base::Value cast_parameter(const base::Value& value, const TypeInfo& to, std::size_t number) {
  if (value.is_null() || to.type == SqlType::kUnknown) return value;
  base::Arena arena;
  const Cell cell = value.cell();
  const TypeInfo from = type_of_cell(cell);
  const std::string what = "parameter " + std::to_string(number);
  if (!can_convert(from.type, to.type)) {
    throw base::Error("07006",
                      what + ": no conversion from " + type_name(from) + " to " + type_name(to));
  }
  TypeInfo target = to;
  // A marker's size comes from what it is compared with; a longer value is simply not equal.
  if (base::is_text(to.type) || base::is_binary(to.type)) target.size = 0;
  const CastJob job{from, target, arena, {}, what, 0, nullptr};
  if (base::is_numeric(to.type)) {
    // `Size > ?` with 1.5 for an INTEGER column compares with 1.5: only exact conversions happen.
    const Cell exact = is_text_cell(cell.kind) ? text_to_number(cell, job) : cell;
    try {
      const Cell converted = cast(exact, job);
      if (compare_numbers(converted, exact) == 0) return base::Value(converted);
    } catch (const base::Error&) {
      // Out of the type's range: the value itself still compares.
    }
    return base::Value(exact);
  }
  const Cell converted = cast(cell, job);
  if (to.type == SqlType::kDate && cell.kind == CellKind::kTimestamp &&
      converted.integer * base::kTicksPerDay != cell.integer) {
    throw base::Error("22008", what + ": a DATE takes no time of day");
  }
  return base::Value(converted);
}

}  // namespace graphodbc::query
