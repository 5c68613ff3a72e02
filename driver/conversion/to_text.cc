// Cells as SQL_C_CHAR (UTF-8), SQL_C_WCHAR (UTF-16) and SQL_C_BINARY.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "base/datetime.h"
#include "base/json_text.h"
#include "base/utf.h"
#include "driver/conversion/c_structs.h"
#include "driver/conversion/target.h"
#include "query/expression/decimal.h"
#include "query/expression/number.h"

namespace graphodbc::driver {
namespace {

using base::Cell;
using base::CellKind;
using base::TypeInfo;

// Text of a number, date, time or GUID. `whole` characters must fit; the rest is a fraction that
// may be cut (Appendix D, "SQL to C: Numeric", "SQL to C: Timestamp").
struct ShortText {
  std::array<char, 64> text;
  std::size_t length = 0;
  std::size_t whole = 0;
  std::string_view view() const { return {text.data(), length}; }
};

std::size_t format_guid(std::string_view bytes, char* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::size_t at = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out[at++] = '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out[at++] = kDigits[byte >> 4];
    out[at++] = kDigits[byte & 15];
  }
  return at;
}

ShortText short_text(const Cell& cell, const TypeInfo& type) {
  ShortText result;
  char* out = result.text.data();
  switch (cell.kind) {
    case CellKind::kBool:
      out[0] = cell.integer != 0 ? '1' : '0';
      result.length = 1;
      break;
    case CellKind::kInt64:
    case CellKind::kDecimal:
    case CellKind::kDecimalWide:
      result.length = query::format_decimal(query::decimal_of(cell), out);
      break;
    case CellKind::kDouble:
      result.length = type.type == base::SqlType::kReal ? query::format_real(cell.real, out)
                                                        : query::format_double(cell.real, out);
      break;
    case CellKind::kDate:
      result.length = base::format_date(cell.integer, out);
      break;
    case CellKind::kTime:
      result.length = base::format_time(cell.integer, type.scale, out);
      break;
    case CellKind::kTimestamp:
      result.length = base::format_timestamp(cell.integer, type.scale, ' ', out);
      break;
    case CellKind::kGuid:
      result.length = format_guid(cell.view(), out);
      break;
    default:
      break;
  }
  const std::string_view text = result.view();
  const std::size_t point = text.find('.');
  const bool exponent = text.find('e') != std::string_view::npos;
  result.whole = point == std::string_view::npos || exponent ? text.size() : point;
  return result;
}

std::size_t char_room(const TargetBuffer& target) {
  return target.buffer_length > 0 ? static_cast<std::size_t>(target.buffer_length) - 1 : 0;
}
std::size_t wchar_room(const TargetBuffer& target) {
  const auto units = static_cast<std::size_t>(std::max<SQLLEN>(target.buffer_length, 0)) / 2;
  return units > 0 ? units - 1 : 0;
}

std::string_view limited(std::string_view text, SQLULEN max_length) {
  if (max_length == 0 || text.size() <= max_length) return text;
  return text.substr(0, base::utf8_prefix(text, max_length));
}

// A whole text to a bound SQL_C_CHAR column: cut at a character, because the rest is lost
// (decisions.md 26).
ConvertResult put_char(std::string_view text, const TargetBuffer& target) {
  text = limited(text, target.max_length);
  set_length(target, text.size());
  if (target.pointer == nullptr) return ConvertResult::kOk;
  if (target.buffer_length <= 0) return ConvertResult::kTruncated;
  auto* out = static_cast<char*>(target.pointer);
  const std::size_t room = char_room(target);
  const std::size_t count = text.size() <= room ? text.size() : base::utf8_prefix(text, room);
  if (count > 0) std::memcpy(out, text.data(), count);
  out[count] = 0;
  return count < text.size() ? ConvertResult::kTruncated : ConvertResult::kOk;
}

ConvertResult text_to_char(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  return put_char(cell.view(), target);
}

ConvertResult json_text_to_char(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  const std::string_view raw = cell.view();
  // No escape is shorter than what it stands for, so the text can be resolved in place.
  if (target.pointer != nullptr && target.max_length == 0 && raw.size() <= char_room(target)) {
    auto* out = static_cast<char*>(target.pointer);
    const std::size_t length = base::unescape_json(raw, out);
    out[length] = 0;
    set_length(target, length);
    return ConvertResult::kOk;
  }
  if (!base::has_json_escape(raw)) return put_char(raw, target);
  std::string text;
  base::unescape_json(raw, text);
  return put_char(text, target);
}

ConvertResult short_to_char(const Cell& cell, const TypeInfo& type, const TargetBuffer& target) {
  const ShortText text = short_text(cell, type);
  if (target.pointer != nullptr && text.whole > char_room(target))
    return ConvertResult::kOutOfRange;
  TargetBuffer whole = target;
  whole.max_length = 0;
  return put_char(text.view(), whole);
}

// Writes UTF-16 through `fill(out, capacity, consumed)`, which converts from the start of the
// input, and `rest(consumed)`, which counts the units that did not fit.
template <typename Fill, typename Rest>
ConvertResult put_wchar(const TargetBuffer& target, std::size_t input_size, Fill fill, Rest rest) {
  if (target.pointer == nullptr || target.buffer_length < 2) {
    set_length(target, rest(0) * sizeof(SQLWCHAR));
    return target.pointer == nullptr ? ConvertResult::kOk : ConvertResult::kTruncated;
  }
  const std::size_t room = wchar_room(target);
  const bool aligned = reinterpret_cast<std::uintptr_t>(target.pointer) % alignof(char16_t) == 0;
  std::u16string copy;
  char16_t* out = static_cast<char16_t*>(target.pointer);
  if (!aligned) {
    copy.resize(room + 1);
    out = copy.data();
  }
  std::size_t consumed = 0;
  const std::size_t written = fill(out, room, consumed);
  out[written] = 0;
  if (!aligned) std::memcpy(target.pointer, out, (written + 1) * sizeof(char16_t));
  const std::size_t left = consumed < input_size ? rest(consumed) : 0;
  set_length(target, (written + left) * sizeof(SQLWCHAR));
  return left > 0 ? ConvertResult::kTruncated : ConvertResult::kOk;
}

ConvertResult put_wide_text(std::string_view text, const TargetBuffer& target) {
  return put_wchar(
      target, text.size(),
      [&](char16_t* out, std::size_t capacity, std::size_t& consumed) {
        return base::utf8_to_utf16(text, out, capacity, consumed);
      },
      [&](std::size_t consumed) { return base::utf16_length(text.substr(consumed)); });
}

// SQL_ATTR_MAX_LENGTH counts UTF-16 units here; it is rare, so it may cost a copy.
ConvertResult put_limited_wide_text(std::string_view text, const TargetBuffer& target) {
  std::u16string wide = base::utf8_to_utf16(text);
  wide.resize(base::utf16_prefix(wide, target.max_length));
  return put_wide_text(base::utf16_to_utf8(wide), target);
}

ConvertResult text_to_wchar(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  return target.max_length != 0 ? put_limited_wide_text(cell.view(), target)
                                : put_wide_text(cell.view(), target);
}

ConvertResult json_text_to_wchar(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  const std::string_view raw = cell.view();
  if (target.max_length != 0) {
    std::string room;
    return put_limited_wide_text(plain_text(cell, room), target);
  }
  if (!base::has_json_escape(raw)) return put_wide_text(raw, target);
  return put_wchar(
      target, raw.size(),
      [&](char16_t* out, std::size_t capacity, std::size_t& consumed) {
        return base::unescape_json_utf16(raw, out, capacity, consumed);
      },
      [&](std::size_t consumed) { return base::json_utf16_length(raw.substr(consumed)); });
}

ConvertResult short_to_wchar(const Cell& cell, const TypeInfo& type, const TargetBuffer& target) {
  const ShortText text = short_text(cell, type);
  if (target.pointer != nullptr && text.whole > wchar_room(target)) {
    return ConvertResult::kOutOfRange;
  }
  TargetBuffer whole = target;
  whole.max_length = 0;
  return put_wide_text(text.view(), whole);
}

ConvertResult put_binary(std::string_view bytes, const TargetBuffer& target) {
  if (target.max_length != 0) bytes = bytes.substr(0, target.max_length);
  set_length(target, bytes.size());
  if (target.pointer == nullptr) return ConvertResult::kOk;
  const auto room = static_cast<std::size_t>(std::max<SQLLEN>(target.buffer_length, 0));
  const std::size_t count = std::min(bytes.size(), room);
  if (count > 0) std::memcpy(target.pointer, bytes.data(), count);
  return count < bytes.size() ? ConvertResult::kTruncated : ConvertResult::kOk;
}

// Binary forms have a fixed size in C ("SQL to C: Binary", and each type's own page): it must fit.
template <typename T>
ConvertResult fixed_bytes(const T& value, std::string& out) {
  out.assign(reinterpret_cast<const char*>(&value), sizeof(value));
  return ConvertResult::kOk;
}

void wide_bytes(std::string_view utf8, std::string& out) {
  const std::u16string wide = base::utf8_to_utf16(utf8);
  out.assign(reinterpret_cast<const char*>(wide.data()), wide.size() * sizeof(char16_t));
}

ConvertResult binary_form(const Cell& cell, const TypeInfo& type, std::string& out) {
  switch (cell.kind) {
    case CellKind::kBool:
      return fixed_bytes(static_cast<unsigned char>(cell.integer != 0), out);
    case CellKind::kInt64:
      if (type.type == base::SqlType::kSmallInt)
        return fixed_bytes(static_cast<SQLSMALLINT>(cell.integer), out);
      if (type.type == base::SqlType::kInteger)
        return fixed_bytes(static_cast<SQLINTEGER>(cell.integer), out);
      return fixed_bytes(cell.integer, out);
    case CellKind::kDouble:
      if (type.type == base::SqlType::kReal) return fixed_bytes(static_cast<float>(cell.real), out);
      return fixed_bytes(cell.real, out);
    case CellKind::kDate:
      return fixed_bytes(date_struct(base::civil_from_days(cell.integer)), out);
    case CellKind::kTime:
      return fixed_bytes(time_struct(base::civil_from_day_ticks(cell.integer)), out);
    case CellKind::kTimestamp:
      return fixed_bytes(timestamp_struct(base::civil_from_ticks(cell.integer)), out);
    case CellKind::kGuid:
      return fixed_bytes(guid_struct(cell.view()), out);
    case CellKind::kBinary:
      out = cell.view();
      return ConvertResult::kOk;
    case CellKind::kBase64:
      return base::decode_base64(cell.view(), out) ? ConvertResult::kOk
                                                   : ConvertResult::kInvalidCharacter;
    case CellKind::kText:
    case CellKind::kJsonText:
    case CellKind::kJson: {
      // Our text is wide: its binary form is UTF-16 (odbc-pitfalls.md 7.7).
      std::string room;
      wide_bytes(plain_text(cell, room), out);
      return ConvertResult::kOk;
    }
    default: {
      const ShortText text = short_text(cell, type);
      out = text.view();
      return ConvertResult::kOk;
    }
  }
}

ConvertResult to_binary(const Cell& cell, const TypeInfo& type, const TargetBuffer& target) {
  if (cell.kind == CellKind::kBinary) return put_binary(cell.view(), target);
  std::string bytes;
  const ConvertResult result = binary_form(cell, type, bytes);
  if (result != ConvertResult::kOk) return result;
  const bool variable = cell.kind == CellKind::kText || cell.kind == CellKind::kJsonText ||
                        cell.kind == CellKind::kJson || cell.kind == CellKind::kBase64;
  if (!variable && target.pointer != nullptr &&
      static_cast<SQLLEN>(bytes.size()) > target.buffer_length) {
    return ConvertResult::kOutOfRange;
  }
  return put_binary(bytes, target);
}

// Binary as character data is its hexadecimal form ("SQL to C: Binary").
void hexadecimal(std::string_view bytes, std::string& out) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  out.clear();
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

ConvertResult hex_form(const Cell& cell, std::string& out) {
  if (cell.kind == CellKind::kBinary) {
    hexadecimal(cell.view(), out);
    return ConvertResult::kOk;
  }
  std::string bytes;
  if (!base::decode_base64(cell.view(), bytes)) return ConvertResult::kInvalidCharacter;
  hexadecimal(bytes, out);
  return ConvertResult::kOk;
}

ConvertResult binary_to_char(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  std::string text;
  const ConvertResult result = hex_form(cell, text);
  return result == ConvertResult::kOk ? put_char(text, target) : result;
}
ConvertResult binary_to_wchar(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  std::string text;
  const ConvertResult result = hex_form(cell, text);
  if (result != ConvertResult::kOk) return result;
  return put_wide_text(limited(text, target.max_length), target);
}

}  // namespace

std::string_view plain_text(const Cell& cell, std::string& room) {
  if (cell.kind != CellKind::kJsonText || !base::has_json_escape(cell.view())) return cell.view();
  room.clear();
  base::unescape_json(cell.view(), room);
  return room;
}

ConvertResult materialize(const Cell& cell, const TypeInfo& type, const TargetBuffer& target,
                          std::string& delivered) {
  if (cell.kind == CellKind::kInvalid) return ConvertResult::kInvalidCharacter;
  if (target.c_type == SQL_C_BINARY) {
    const ConvertResult result = binary_form(cell, type, delivered);
    if (target.max_length != 0 && delivered.size() > target.max_length) {
      delivered.resize(target.max_length);
    }
    return result;
  }
  std::string text;
  if (cell.kind == CellKind::kBinary || cell.kind == CellKind::kBase64) {
    const ConvertResult result = hex_form(cell, text);
    if (result != ConvertResult::kOk) return result;
  } else if (cell.kind == CellKind::kText || cell.kind == CellKind::kJson) {
    text = cell.view();
  } else if (cell.kind == CellKind::kJsonText) {
    base::unescape_json(cell.view(), text);
  } else {
    text = short_text(cell, type).view();
  }
  if (target.c_type == SQL_C_CHAR) {
    delivered = limited(text, target.max_length);
    return ConvertResult::kOk;
  }
  std::u16string wide = base::utf8_to_utf16(text);
  if (target.max_length != 0) wide.resize(base::utf16_prefix(wide, target.max_length));
  delivered.assign(reinterpret_cast<const char*>(wide.data()), wide.size() * sizeof(char16_t));
  return ConvertResult::kOk;
}

// Order of base::CellKind: null, bool, int64, double, decimal, wide, date, time, timestamp, text,
// JSON text, JSON, binary, base64, GUID, invalid.
const Converter kToChar[] = {nullptr,        short_to_char,  short_to_char,     short_to_char,
                             short_to_char,  short_to_char,  short_to_char,     short_to_char,
                             short_to_char,  text_to_char,   json_text_to_char, text_to_char,
                             binary_to_char, binary_to_char, short_to_char,     refuse};
const Converter kToWchar[] = {nullptr,         short_to_wchar,  short_to_wchar,     short_to_wchar,
                              short_to_wchar,  short_to_wchar,  short_to_wchar,     short_to_wchar,
                              short_to_wchar,  text_to_wchar,   json_text_to_wchar, text_to_wchar,
                              binary_to_wchar, binary_to_wchar, short_to_wchar,     refuse};
const Converter kToBinary[] = {nullptr,   to_binary, to_binary, to_binary, to_binary, to_binary,
                               to_binary, to_binary, to_binary, to_binary, to_binary, to_binary,
                               to_binary, to_binary, to_binary, refuse};

}  // namespace graphodbc::driver
