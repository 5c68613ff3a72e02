// One cell delivered to one guarded buffer.
#pragma once

#include <cstring>
#include <ostream>
#include <string>
#include <string_view>

#include "driver/conversion/convert.h"

namespace graphodbc::driver {

inline void PrintTo(ConvertResult result, std::ostream* out) {
  const auto note = note_of(result);
  if (note) {
    *out << note->state.code();
  } else {
    *out << (result == ConvertResult::kOk ? "ok" : "no data");
  }
}

inline constexpr SQLLEN kUntouched = -777;

// The buffer is surrounded by guard bytes, so that a write outside of it is seen.
class Delivery {
 public:
  Delivery(base::Cell cell, base::TypeInfo type) : cell_(cell), type_(type) {}

  // SQLFetch into a bound column of `size` bytes.
  ConvertResult bound(SQLSMALLINT c_type, std::size_t size) {
    prepare(c_type, size);
    return deliver(cell_, type_, target_, nullptr);
  }
  // SQLGetData; the progress is kept from call to call.
  ConvertResult piece(SQLSMALLINT c_type, std::size_t size) {
    prepare(c_type, size);
    return deliver(cell_, type_, target_, &state_);
  }
  template <typename T>
  ConvertResult fixed(SQLSMALLINT c_type, T& value) {
    const ConvertResult result = bound(c_type, sizeof(T));
    std::memcpy(&value, data(), sizeof(T));
    return result;
  }

  const char* data() const { return memory_.data() + kGuard; }
  std::string_view bytes(std::size_t size) const { return {data(), size}; }
  // Up to the terminator, which must lie in the buffer.
  std::string text() const {
    const void* end = std::memchr(data(), 0, size_);
    return end == nullptr
               ? "<no terminator>"
               : std::string(data(),
                             static_cast<std::size_t>(static_cast<const char*>(end) - data()));
  }
  std::u16string wide() const {
    std::u16string result;
    for (std::size_t at = 0; at + 1 < size_; at += 2) {
      char16_t unit = 0;
      std::memcpy(&unit, data() + at, sizeof(unit));
      if (unit == 0) return result;
      result += unit;
    }
    return u"<no terminator>";
  }
  SQLLEN length() const { return length_; }
  bool guards_hold() const {
    const std::string guard(kGuard, kFill);
    return memory_.compare(0, kGuard, guard) == 0 &&
           memory_.compare(memory_.size() - kGuard, kGuard, guard) == 0;
  }
  bool buffer_untouched() const { return memory_ == std::string(memory_.size(), kFill); }

  void set_max_length(SQLULEN length) { target_.max_length = length; }
  void set_numeric(SQLSMALLINT precision, SQLSMALLINT scale) {
    target_.precision = precision;
    target_.scale = scale;
  }

 private:
  static constexpr std::size_t kGuard = 16;
  static constexpr char kFill = '\x5A';

  void prepare(SQLSMALLINT c_type, std::size_t size) {
    size_ = size;
    memory_.assign(size + 2 * kGuard, kFill);
    length_ = kUntouched;
    target_.c_type = c_type;
    target_.pointer = memory_.data() + kGuard;
    target_.buffer_length = static_cast<SQLLEN>(size);
    target_.octet_length_ptr = &length_;
    target_.indicator_ptr = &length_;
  }

  base::Cell cell_;
  base::TypeInfo type_;
  TargetBuffer target_;
  GetDataState state_;
  std::string memory_;
  std::size_t size_ = 0;
  SQLLEN length_ = kUntouched;
};

}  // namespace graphodbc::driver
