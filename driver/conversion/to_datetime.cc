// Cells as SQL_C_TYPE_DATE, SQL_C_TYPE_TIME, SQL_C_TYPE_TIMESTAMP and SQL_C_GUID
// (Appendix D, "SQL to C: Date", "SQL to C: Time", "SQL to C: Timestamp", "SQL to C: GUID").
#include <array>
#include <chrono>
#include <optional>
#include <string>

#include "base/datetime.h"
#include "driver/conversion/c_structs.h"
#include "driver/conversion/target.h"

namespace graphodbc::driver {
namespace {

using base::Cell;
using base::CellKind;
using base::TypeInfo;

std::int64_t floor_days(std::int64_t ticks) {
  const std::int64_t days = ticks / base::kTicksPerDay;
  return ticks % base::kTicksPerDay < 0 ? days - 1 : days;
}

ConvertResult lost_if(bool lost) {
  return lost ? ConvertResult::kFractionLost : ConvertResult::kOk;
}

ConvertResult put_date(std::int64_t ticks, const TargetBuffer& target) {
  const std::int64_t days = floor_days(ticks);
  return store(target, date_struct(base::civil_from_days(days)),
               lost_if(ticks != days * base::kTicksPerDay));
}

ConvertResult put_time(std::int64_t day_ticks, const TargetBuffer& target) {
  const base::CivilTime time = base::civil_from_day_ticks(day_ticks);
  return store(target, time_struct(time), lost_if(time.ticks != 0));
}

ConvertResult put_timestamp(std::int64_t ticks, const TargetBuffer& target) {
  return store(target, timestamp_struct(base::civil_from_ticks(ticks)));
}

std::int64_t today() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::hours>(now).count() / 24;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

ConvertResult date_to_date(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  return store(target, date_struct(base::civil_from_days(cell.integer)));
}
ConvertResult timestamp_to_date(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  return put_date(cell.integer, target);
}
ConvertResult text_to_date(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  std::string room;
  const auto ticks = base::parse_timestamp(trimmed(plain_text(cell, room)));
  return ticks ? put_date(*ticks, target) : ConvertResult::kInvalidCharacter;
}

ConvertResult time_to_time(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  return put_time(cell.integer, target);
}
ConvertResult timestamp_to_time(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  return put_time(cell.integer - floor_days(cell.integer) * base::kTicksPerDay, target);
}
ConvertResult text_to_time(const Cell& cell, const TypeInfo& type, const TargetBuffer& target) {
  std::string room;
  const std::string_view text = trimmed(plain_text(cell, room));
  if (const auto ticks = base::parse_time(text)) return put_time(*ticks, target);
  const auto ticks = base::parse_timestamp(text);
  if (!ticks) return ConvertResult::kInvalidCharacter;
  return timestamp_to_time(Cell::of_integer(CellKind::kTimestamp, *ticks), type, target);
}

ConvertResult date_to_timestamp(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  return put_timestamp(cell.integer * base::kTicksPerDay, target);
}
// The date is the current one ("SQL to C: Time", note on SQL_C_TYPE_TIMESTAMP).
ConvertResult time_to_timestamp(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  return put_timestamp(today() * base::kTicksPerDay + cell.integer, target);
}
ConvertResult timestamp_to_timestamp(const Cell& cell, const TypeInfo&,
                                     const TargetBuffer& target) {
  return put_timestamp(cell.integer, target);
}
ConvertResult text_to_timestamp(const Cell& cell, const TypeInfo& type,
                                const TargetBuffer& target) {
  std::string room;
  const std::string_view text = trimmed(plain_text(cell, room));
  if (const auto ticks = base::parse_timestamp(text)) return put_timestamp(*ticks, target);
  const auto ticks = base::parse_time(text);
  if (!ticks) return ConvertResult::kInvalidCharacter;
  return time_to_timestamp(Cell::of_integer(CellKind::kTime, *ticks), type, target);
}

ConvertResult guid_to_guid(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  if (cell.length != 16) return ConvertResult::kInvalidCharacter;
  return store(target, guid_struct(cell.view()));
}
ConvertResult text_to_guid(const Cell& cell, const TypeInfo&, const TargetBuffer& target) {
  std::string room;
  const auto bytes = guid_bytes(trimmed(plain_text(cell, room)));
  if (!bytes) return ConvertResult::kInvalidCharacter;
  return store(target, guid_struct({bytes->data(), bytes->size()}));
}

}  // namespace

std::optional<std::array<char, 16>> guid_bytes(std::string_view text) {
  if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
  if (text.size() != 36) return std::nullopt;
  std::array<char, 16> bytes{};
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return std::nullopt;
      continue;
    }
    int value = -1;
    if (c >= '0' && c <= '9') value = c - '0';
    if (c >= 'a' && c <= 'f') value = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') value = c - 'A' + 10;
    if (value < 0) return std::nullopt;
    char& byte = bytes[nibble / 2];
    byte = static_cast<char>((static_cast<unsigned char>(byte) << 4) | value);
    ++nibble;
  }
  return bytes;
}

// Order of base::CellKind: null, bool, int64, double, decimal, wide, date, time, timestamp, text,
// JSON text, JSON, binary, base64, GUID, invalid. JSON is text that is no date, time or GUID.
const Converter kToDate[] = {
    nullptr,           nullptr,      nullptr,      nullptr, nullptr, nullptr, date_to_date, nullptr,
    timestamp_to_date, text_to_date, text_to_date, refuse,  nullptr, nullptr, nullptr,      refuse};
const Converter kToTime[] = {
    nullptr,           nullptr,      nullptr,      nullptr, nullptr, nullptr, nullptr, time_to_time,
    timestamp_to_time, text_to_time, text_to_time, refuse,  nullptr, nullptr, nullptr, refuse};
const Converter kToTimestamp[] = {nullptr,
                                  nullptr,
                                  nullptr,
                                  nullptr,
                                  nullptr,
                                  nullptr,
                                  date_to_timestamp,
                                  time_to_timestamp,
                                  timestamp_to_timestamp,
                                  text_to_timestamp,
                                  text_to_timestamp,
                                  refuse,
                                  nullptr,
                                  nullptr,
                                  nullptr,
                                  refuse};
const Converter kToGuid[] = {nullptr, nullptr, nullptr,      nullptr,      nullptr,      nullptr,
                             nullptr, nullptr, nullptr,      text_to_guid, text_to_guid, refuse,
                             nullptr, nullptr, guid_to_guid, refuse};

}  // namespace graphodbc::driver
