#include "graph/json_cell.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>
#include <string>

#include "base/datetime.h"
#include "base/json_text.h"

namespace graphodbc::graph {
namespace {

using base::Cell;
using base::CellKind;
using schema::EdmKind;

Cell invalid(std::string_view token) {
  return Cell::of_bytes(CellKind::kInvalid, token);
}

// Pairs of digits at fixed places of a text; `bad` when something else stood there.
struct DigitPairs {
  const char* at;
  bool bad = false;
  std::uint32_t operator()(std::size_t place) {
    const std::uint32_t tens = static_cast<unsigned char>(at[place]) - std::uint32_t{'0'};
    const std::uint32_t ones = static_cast<unsigned char>(at[place + 1]) - std::uint32_t{'0'};
    bad |= (tens > 9) | (ones > 9);
    return tens * 10 + ones;
  }
};

// `yyyy-mm-ddT` at `at` into `date`. False: it is something else.
bool read_date(const char* at, LastDate& date) {
  DigitPairs pair{at};
  const std::uint32_t year = pair(0) * 100 + pair(2);
  const std::uint32_t month = pair(5);
  const std::uint32_t day = pair(8);
  if (pair.bad || at[4] != '-' || at[7] != '-' || at[10] != 'T' ||
      !base::is_valid_date(year, month, day)) {
    return false;
  }
  std::memcpy(date.text, at, LastDate::kSize);
  date.ticks =
      base::days_from_civil({static_cast<std::int32_t>(year), month, day}) * base::kTicksPerDay;
  return true;
}

// `yyyy-mm-ddThh:mm:ss[.f…][Z]`, the form Graph writes; nullopt: let base decide.
std::optional<std::int64_t> common_timestamp(std::string_view text, LastDate& date) {
  if (text.size() < 19) return std::nullopt;
  const char* at = text.data();
  if (std::memcmp(at, date.text, LastDate::kSize) != 0 && !read_date(at, date)) {
    return std::nullopt;
  }
  DigitPairs pair{at};
  const std::uint32_t hour = pair(11);
  const std::uint32_t minute = pair(14);
  const std::uint32_t second = pair(17);
  if (pair.bad || at[13] != ':' || at[16] != ':' || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  std::size_t next = 19;
  std::int64_t ticks = 0;
  if (next < text.size() && text[next] == '.') {
    std::int64_t unit = base::kTicksPerSecond;
    for (++next; next < text.size() && text[next] >= '0' && text[next] <= '9'; ++next) {
      unit /= 10;
      ticks += unit * (text[next] - '0');
    }
    if (next == 20) return std::nullopt;
  }
  const bool ends = next == text.size() || (text[next] == 'Z' && next + 1 == text.size());
  if (!ends) return std::nullopt;
  const std::uint32_t seconds = (hour * 60 + minute) * 60 + second;
  return date.ticks + std::int64_t{seconds} * base::kTicksPerSecond + ticks;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// 8-4-4-4-12 hex digits to 16 bytes in the order they are written.
bool parse_guid(std::string_view text, char* out) {
  if (text.size() != 36) return false;
  std::size_t at = 0;
  for (std::size_t byte = 0; byte < 16; ++byte) {
    if (byte == 4 || byte == 6 || byte == 8 || byte == 10) {
      if (text[at++] != '-') return false;
    }
    const int high = hex_digit(text[at]);
    const int low = hex_digit(text[at + 1]);
    if (high < 0 || low < 0) return false;
    out[byte] = static_cast<char>(high * 16 + low);
    at += 2;
  }
  return true;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec == std::errc() && result.ptr == end) return value;
  if (result.ec == std::errc::result_out_of_range) return std::nullopt;
  // 5.0 and 1e3 are integers too, as far as a double is exact.
  constexpr double kExact = 9007199254740992.0;
  double real = 0;
  const auto real_result = std::from_chars(text.data(), end, real);
  if (real_result.ec != std::errc() || real_result.ptr != end) return std::nullopt;
  if (std::abs(real) > kExact || real != std::trunc(real)) return std::nullopt;
  return static_cast<std::int64_t>(real);
}

Cell integer_cell(EdmKind edm, std::string_view text, std::string_view token) {
  const auto value = parse_integer(text);
  if (!value) return invalid(token);
  const std::int64_t limit = edm == EdmKind::kInt16   ? std::numeric_limits<std::int16_t>::max()
                             : edm == EdmKind::kInt32 ? std::numeric_limits<std::int32_t>::max()
                                                      : std::numeric_limits<std::int64_t>::max();
  if (*value > limit || *value < -limit - 1) return invalid(token);
  return Cell::of_int64(*value);
}

Cell real_cell(EdmKind edm, std::string_view text, std::string_view token) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec == std::errc::result_out_of_range && result.ptr == end) {
    // from_chars does not tell a number too small for a double, which is zero, from one too large.
    value = std::strtod(std::string(text).c_str(), nullptr);
  } else if (result.ec != std::errc() || result.ptr != end) {
    return invalid(token);
  }
  if (!std::isfinite(value)) return invalid(token);
  if (edm == EdmKind::kSingle && std::abs(value) > std::numeric_limits<float>::max()) {
    return invalid(token);
  }
  return Cell::of_double(value);
}

// `digits[.digits][e±n]` with at most 38 digits and 38 places.
Cell decimal_cell(std::string_view text, std::string_view token, base::Arena& arena) {
  constexpr int kDigits = 38;
  std::size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) ++at;
  base::Int128 value = 0;
  int digits = 0;
  int scale = 0;
  bool any = false;
  bool after_point = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !after_point && any) {
      after_point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any = true;
    if (value != 0 || c != '0') ++digits;
    if (after_point) ++scale;
    if (digits > kDigits || scale > kDigits) return invalid(token);
    value = value * 10 + (c - '0');
  }
  if (!any || (after_point && text[at - 1] == '.')) return invalid(token);
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && text[at] == '+') ++at;
    int exponent = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data() + at, end, exponent);
    if (result.ec != std::errc() || result.ptr != end || std::abs(exponent) > 2 * kDigits) {
      return invalid(token);
    }
    at = text.size();
    scale -= exponent;
    for (; scale < 0; ++scale) {
      if (value != 0 && ++digits > kDigits) return invalid(token);
      value *= 10;
    }
    if (scale > kDigits) return invalid(token);
  }
  if (at != text.size()) return invalid(token);
  if (negative) value = -value;
  const auto places = static_cast<std::uint8_t>(scale);
  if (digits <= 18) return Cell::of_decimal(static_cast<std::int64_t>(value), places);
  return Cell::of_wide(arena.make(value), places);
}

template <typename Parsed>
Cell parsed_cell(CellKind kind, const Parsed& value, std::string_view token) {
  return value ? Cell::of_integer(kind, *value) : invalid(token);
}

Cell guid_cell(std::string_view text, std::string_view token, base::Arena& arena) {
  char bytes[16];
  if (!parse_guid(text, bytes)) return invalid(token);
  return Cell::of_bytes(CellKind::kGuid, arena.copy({bytes, sizeof bytes}));
}

Cell real_string_cell(std::string_view text, std::string_view token, bool& not_finite) {
  if (text == "INF" || text == "-INF" || text == "NaN") {
    not_finite = true;
    return Cell::null();
  }
  return invalid(token);
}

}  // namespace

Cell cell_of_string(EdmKind edm, std::string_view token, base::Arena& arena, LastDate& last_date,
                    bool& not_finite) {
  std::string_view text = token.substr(1, token.size() - 2);
  switch (edm) {
    case EdmKind::kString:
    case EdmKind::kDuration:
      return Cell::of_bytes(CellKind::kJsonText, text);
    case EdmKind::kBinary:
      return Cell::of_bytes(CellKind::kBase64, text);
    case EdmKind::kJson:
      return Cell::of_bytes(CellKind::kJson, token);
    default:
      break;
  }
  const bool is_timestamp = edm == EdmKind::kDateTimeOffset || edm == EdmKind::kDateTimeText;
  if (is_timestamp) {
    const auto ticks = common_timestamp(text, last_date);
    if (ticks) return Cell::of_integer(CellKind::kTimestamp, *ticks);
  }
  if (base::has_json_escape(text)) text = base::unescape_json(text, arena);
  if (is_timestamp) return parsed_cell(CellKind::kTimestamp, base::parse_timestamp(text), token);
  switch (edm) {
    case EdmKind::kDate:
      return parsed_cell(CellKind::kDate, base::parse_date(text), token);
    case EdmKind::kTimeOfDay:
      return parsed_cell(CellKind::kTime, base::parse_time(text), token);
    case EdmKind::kGuid:
      return guid_cell(text, token, arena);
    case EdmKind::kInt64:
      return integer_cell(edm, text, token);
    case EdmKind::kDecimal:
      return decimal_cell(text, token, arena);
    case EdmKind::kSingle:
    case EdmKind::kDouble:
      return real_string_cell(text, token, not_finite);
    default:
      return invalid(token);
  }
}

Cell cell_of_number(EdmKind edm, std::string_view token, base::Arena& arena) {
  switch (edm) {
    case EdmKind::kInt16:
    case EdmKind::kInt32:
    case EdmKind::kInt64:
      return integer_cell(edm, token, token);
    case EdmKind::kSingle:
    case EdmKind::kDouble:
      return real_cell(edm, token, token);
    case EdmKind::kDecimal:
      return decimal_cell(token, token, arena);
    case EdmKind::kJson:
      return Cell::of_bytes(CellKind::kJson, token);
    default:
      return invalid(token);
  }
}

Cell cell_of_bool(EdmKind edm, std::string_view token) {
  const bool value = token == "true";
  if (!value && token != "false") return invalid(token);
  switch (edm) {
    case EdmKind::kBoolean:
    case EdmKind::kFacet:
      return Cell::of_bool(value);
    case EdmKind::kJson:
      return Cell::of_bytes(CellKind::kJson, token);
    default:
      return invalid(token);
  }
}

}  // namespace graphodbc::graph
