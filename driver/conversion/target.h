// Writing one cell's outcome to the application: values, lengths and indicators. Application
// pointers of row-wise bindings may be unaligned, so everything goes through memcpy.
#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "driver/conversion/convert.h"

namespace graphodbc::driver {

// Total length in bytes; with separate pointers the indicator of a value is 0 (SQLBindCol,
// "Data length").
inline void set_length(const TargetBuffer& target, std::size_t bytes) {
  const auto length = static_cast<SQLLEN>(bytes);
  const SQLLEN zero = 0;
  if (target.indicator_ptr != nullptr && target.indicator_ptr != target.octet_length_ptr) {
    std::memcpy(target.indicator_ptr, &zero, sizeof(zero));
  }
  if (target.octet_length_ptr != nullptr) {
    std::memcpy(target.octet_length_ptr, &length, sizeof(length));
  }
}

inline ConvertResult set_null(const TargetBuffer& target) {
  if (target.indicator_ptr == nullptr) return ConvertResult::kNullNoIndicator;
  const SQLLEN null = SQL_NULL_DATA;
  std::memcpy(target.indicator_ptr, &null, sizeof(null));
  return ConvertResult::kOk;
}

template <typename T>
ConvertResult store(const TargetBuffer& target, const T& value,
                    ConvertResult outcome = ConvertResult::kOk) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (target.pointer != nullptr) std::memcpy(target.pointer, &value, sizeof(value));
  set_length(target, sizeof(value));
  return outcome;
}

// The converter of base::CellKind::kInvalid: JSON that does not fit its column's declared type.
inline ConvertResult refuse(const base::Cell&, const base::TypeInfo&, const TargetBuffer&) {
  return ConvertResult::kInvalidCharacter;
}

// Text with its escapes resolved, without a copy where there are none. `room` holds the copy.
std::string_view plain_text(const base::Cell& cell, std::string& room);

// One table a family of C types: `[kind]`, see converters_for().
extern const Converter kToChar[];
extern const Converter kToWchar[];
extern const Converter kToBinary[];
extern const Converter kToDate[];
extern const Converter kToTime[];
extern const Converter kToTimestamp[];
extern const Converter kToGuid[];
// Null when `c_type` is no numeric C type.
const Converter* number_converters(SQLSMALLINT c_type);

// Bytes of `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, with or without braces, in written order.
std::optional<std::array<char, 16>> guid_bytes(std::string_view text);

// The whole value of a cell in the form of a character or binary C type, without terminator, for
// SQLGetData in pieces. kOk, or why there is none.
ConvertResult materialize(const base::Cell& cell, const base::TypeInfo& type,
                          const TargetBuffer& target, std::string& delivered);

}  // namespace graphodbc::driver
