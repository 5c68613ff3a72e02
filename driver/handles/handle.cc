#include "driver/handles/handle.h"

#include <pthread.h>

#include <atomic>

namespace graphodbc::driver {

namespace {

std::atomic<std::uint32_t> g_generation{0};

void in_child() {
  g_generation.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

std::uint32_t fork_generation() noexcept {
  // A counter in place of getpid(): the check runs on every call, and getpid() is a system call.
  static const int registered = pthread_atfork(nullptr, nullptr, in_child);
  static_cast<void>(registered);
  return g_generation.load(std::memory_order_relaxed);
}

Handle::Handle(HandleKind kind)
    : kind_(kind), tag_(static_cast<std::uint32_t>(kind)), generation_(fork_generation()) {}

Handle::~Handle() {
  tag_ = 0;
}

Handle* Handle::check(SQLHANDLE raw, HandleKind kind) noexcept {
  if (raw == SQL_NULL_HANDLE) return nullptr;
  auto* handle = static_cast<Handle*>(raw);
  return handle->tag_ == static_cast<std::uint32_t>(kind) ? handle : nullptr;
}

}  // namespace graphodbc::driver
