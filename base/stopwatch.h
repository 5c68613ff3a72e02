// Time that a piece of work takes, added to a counter.
#pragma once

#include <time.h>

#include <atomic>
#include <chrono>
#include <cstdint>

namespace graphodbc::base {

using TimeCounter = std::atomic<std::int64_t>;  // nanoseconds

inline std::int64_t wall_time() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

// CPU time that the calling thread has used.
inline std::int64_t thread_cpu_time() {
  timespec time{};
  if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0) return 0;
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// Adds the time from its making to its end; does nothing without a counter.
template <std::int64_t (*clock)()>
class Stopwatch {
 public:
  explicit Stopwatch(TimeCounter* counter)
      : counter_(counter), begin_(counter == nullptr ? 0 : clock()) {}
  ~Stopwatch() {
    if (counter_ != nullptr) *counter_ += clock() - begin_;
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  TimeCounter* counter_;
  std::int64_t begin_;
};

using WallStopwatch = Stopwatch<&wall_time>;
using CpuStopwatch = Stopwatch<&thread_cpu_time>;

}  // namespace graphodbc::base
