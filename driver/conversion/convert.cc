// Choice of the converter, and SQLGetData's pieces.
#include "driver/conversion/convert.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/utf.h"
#include "driver/conversion/target.h"

namespace graphodbc::driver {
namespace {

using base::CellKind;

struct Family {
  SQLSMALLINT c_type;
  const Converter* converters;
};
constexpr Family kFamilies[] = {
    {SQL_C_CHAR, kToChar},      {SQL_C_WCHAR, kToWchar},    {SQL_C_BINARY, kToBinary},
    {SQL_C_TYPE_DATE, kToDate}, {SQL_C_TYPE_TIME, kToTime}, {SQL_C_TYPE_TIMESTAMP, kToTimestamp},
    {SQL_C_GUID, kToGuid},
};

struct Note {
  ConvertResult result;
  ConvertNote note;
};
constexpr Note kNotes[] = {
    {ConvertResult::kTruncated, {"01004", "the value is longer than the buffer and was cut"}},
    {ConvertResult::kFractionLost, {"01S07", "the fraction of the value was cut off"}},
    {ConvertResult::kNotConvertible, {"07006", "the value cannot be delivered as this C type"}},
    {ConvertResult::kNullNoIndicator,
     {"22002", "the value is NULL, and no indicator is bound to say so"}},
    {ConvertResult::kOutOfRange, {"22003", "the value is out of the range of this C type"}},
    {ConvertResult::kBadDatetime, {"22007", "the value is no date, time or timestamp"}},
    {ConvertResult::kInvalidCharacter,
     {"22018", "the value does not have the form that this type needs"}},
};

bool is_character(SQLSMALLINT c_type) {
  return c_type == SQL_C_CHAR || c_type == SQL_C_WCHAR;
}
bool has_pieces(SQLSMALLINT c_type) {
  return is_character(c_type) || c_type == SQL_C_BINARY;
}

std::size_t terminator_size(SQLSMALLINT c_type) {
  if (c_type == SQL_C_WCHAR) return sizeof(SQLWCHAR);
  return c_type == SQL_C_CHAR ? 1 : 0;
}

// Hands out the next piece of state.delivered. Character pieces fill the buffer to the last unit,
// because clients join raw pieces (odbc-pitfalls.md 8.2).
ConvertResult next_piece(const TargetBuffer& target, GetDataState& state) {
  const std::size_t left = state.delivered.size() - state.offset;
  if (state.started && left == 0 && state.finished) return ConvertResult::kNoData;
  state.started = true;
  set_length(target, left);
  const std::size_t terminator = terminator_size(target.c_type);
  auto capacity = static_cast<std::size_t>(std::max<SQLLEN>(target.buffer_length, 0));
  if (target.c_type == SQL_C_WCHAR) capacity &= ~std::size_t{1};
  if (capacity < terminator) return ConvertResult::kTruncated;  // a length probe
  const std::size_t room = capacity - terminator;
  const std::size_t count = std::min(left, room);
  auto* out = static_cast<char*>(target.pointer);
  if (count > 0) std::memcpy(out, state.delivered.data() + state.offset, count);
  std::memset(out + count, 0, terminator);
  state.offset += count;
  if (count < left) return ConvertResult::kTruncated;
  state.finished = true;
  return ConvertResult::kOk;
}

// Numbers and dates as text must fit whole (Appendix D: 22003), but a buffer without room for one
// character asks for the length.
bool needs_whole_value(const base::Cell& cell) {
  switch (cell.kind) {
    case CellKind::kText:
    case CellKind::kJsonText:
    case CellKind::kJson:
    case CellKind::kBinary:
    case CellKind::kBase64:
      return false;
    default:
      return true;
  }
}

// Bytes of the delivered form at most, without terminator, of a cell that may come in pieces.
std::size_t most_bytes(const base::Cell& cell, SQLSMALLINT c_type) {
  const bool is_binary = cell.kind == CellKind::kBinary || cell.kind == CellKind::kBase64;
  std::size_t bytes = cell.length;
  if (c_type == SQL_C_WCHAR) bytes *= sizeof(SQLWCHAR);
  if (c_type == SQL_C_BINARY && !is_binary) bytes *= sizeof(SQLWCHAR);  // UTF-16
  if (c_type != SQL_C_BINARY && is_binary) bytes *= 2;                  // hexadecimal
  return bytes;
}

ConvertResult deliver_pieces(const base::Cell& cell, const base::TypeInfo& type,
                             const TargetBuffer& target, const Converter* converters,
                             GetDataState& state) {
  const std::size_t terminator = terminator_size(target.c_type);
  const bool probe = target.buffer_length <= static_cast<SQLLEN>(terminator);
  if (!state.started) {
    const bool fits = most_bytes(cell, target.c_type) + terminator <=
                      static_cast<std::size_t>(std::max<SQLLEN>(target.buffer_length, 0));
    if (!probe && (needs_whole_value(cell) || fits)) {
      const ConvertResult result =
          converters[static_cast<std::size_t>(cell.kind)](cell, type, target);
      state.started = state.finished = !is_error(result);
      return result;
    }
    const ConvertResult result = materialize(cell, type, target, state.delivered);
    if (result != ConvertResult::kOk) return result;
    if (probe && needs_whole_value(cell)) {
      // Not started: the read that follows delivers the whole value or refuses.
      set_length(target, state.delivered.size());
      if (target.buffer_length == static_cast<SQLLEN>(terminator)) {
        std::memset(target.pointer, 0, terminator);
      }
      return ConvertResult::kTruncated;
    }
  }
  return next_piece(target, state);
}

}  // namespace

std::optional<ConvertNote> note_of(ConvertResult result) {
  for (const Note& note : kNotes) {
    if (note.result == result) return note.note;
  }
  return std::nullopt;
}

const Converter* converters_for(SQLSMALLINT c_type) {
  for (const Family& family : kFamilies) {
    if (family.c_type == c_type) return family.converters;
  }
  return number_converters(c_type);
}

bool is_convertible(base::SqlType sql_type, SQLSMALLINT c_type) {
  struct Kind {
    base::SqlType type;
    CellKind kind;
  };
  using base::SqlType;
  static constexpr Kind kKinds[] = {{SqlType::kBit, CellKind::kBool},
                                    {SqlType::kSmallInt, CellKind::kInt64},
                                    {SqlType::kInteger, CellKind::kInt64},
                                    {SqlType::kBigInt, CellKind::kInt64},
                                    {SqlType::kDecimal, CellKind::kDecimal},
                                    {SqlType::kReal, CellKind::kDouble},
                                    {SqlType::kDouble, CellKind::kDouble},
                                    {SqlType::kVarBinary, CellKind::kBinary},
                                    {SqlType::kLongVarBinary, CellKind::kBinary},
                                    {SqlType::kDate, CellKind::kDate},
                                    {SqlType::kTime, CellKind::kTime},
                                    {SqlType::kTimestamp, CellKind::kTimestamp},
                                    {SqlType::kGuid, CellKind::kGuid}};
  CellKind kind = CellKind::kText;
  for (const Kind& known : kKinds) {
    if (known.type == sql_type) kind = known.kind;
  }
  const Converter* converters = converters_for(c_type);
  return converters != nullptr && converters[static_cast<std::size_t>(kind)] != nullptr;
}

ConvertResult deliver(const base::Cell& cell, const base::TypeInfo& type,
                      const TargetBuffer& target, GetDataState* chunk) {
  const Converter* converters = converters_for(target.c_type);
  if (converters == nullptr) return ConvertResult::kNotConvertible;
  if (chunk != nullptr && chunk->c_type != target.c_type) {
    *chunk = GetDataState{};  // another C type starts over (odbc-pitfalls.md 8.3)
    chunk->c_type = target.c_type;
  }
  if (chunk != nullptr && chunk->finished) return ConvertResult::kNoData;
  if (cell.is_null()) {
    if (!is_convertible(type.type, target.c_type)) return ConvertResult::kNotConvertible;
    const ConvertResult result = set_null(target);
    if (chunk != nullptr) chunk->started = chunk->finished = !is_error(result);
    return result;
  }
  const Converter converter = converters[static_cast<std::size_t>(cell.kind)];
  if (converter == nullptr) return ConvertResult::kNotConvertible;
  if (chunk != nullptr && has_pieces(target.c_type)) {
    return deliver_pieces(cell, type, target, converters, *chunk);
  }
  const ConvertResult result = converter(cell, type, target);
  if (chunk != nullptr) chunk->started = chunk->finished = !is_error(result);
  return result;
}

}  // namespace graphodbc::driver
