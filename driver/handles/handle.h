// What every ODBC handle begins with.
#pragma once

#include <cstdint>
#include <mutex>

#include "driver/diagnostics/diagnostics.h"
#include "driver/odbc.h"

namespace graphodbc::driver {

enum class HandleKind : std::uint32_t {
  kEnvironment = 0x47454E56,  // "GENV"
  kConnection = 0x47444243,
  kStatement = 0x4753544D,
  kDescriptor = 0x47445343,
};

// Grows by one in every forked child. Handles made before belong to the parent (decisions.md 23):
// their threads and sockets do not exist here and their mutexes may be held for ever.
std::uint32_t fork_generation() noexcept;

// The tag is the first word, checked on entry and wiped on destruction, so that a stale or foreign
// pointer becomes SQL_INVALID_HANDLE in the common case rather than a crash.
class Handle {
 public:
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // Null when `raw` is no live handle of that kind.
  static Handle* check(SQLHANDLE raw, HandleKind kind) noexcept;

  HandleKind kind() const { return kind_; }
  bool from_parent_process() const noexcept { return generation_ != fork_generation(); }
  SQLHANDLE raw() noexcept { return this; }

  // Held for the length of every call on the handle, but by SQLCancel.
  std::mutex mutex;
  Diagnostics diagnostics;

 protected:
  explicit Handle(HandleKind kind);
  virtual ~Handle();
  // Makes the handle this process's own.
  void adopt() noexcept { generation_ = fork_generation(); }

 private:
  // Not the first word of the object (the vtable pointer is), but the first of ours.
  HandleKind kind_;
  volatile std::uint32_t tag_;
  std::uint32_t generation_;
};

}  // namespace graphodbc::driver
