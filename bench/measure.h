// What every benchmark program prints: one JSON line about its own run.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>

namespace graphodbc::bench {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// `checksum` lets the runner see that both programs read the same values.
inline void print_result(const char* name, std::uint64_t rows, std::uint64_t checksum, double wall,
                         double first_row) {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  const double cpu = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  std::printf(
      "{\"name\":\"%s\",\"rows\":%llu,\"checksum\":%llu,\"wall\":%.6f,\"first_row\":%.6f,"
      "\"cpu\":%.6f,\"peak_mib\":%.2f}\n",
      name, static_cast<unsigned long long>(rows), static_cast<unsigned long long>(checksum), wall,
      first_row, cpu, static_cast<double>(usage.ru_maxrss) / 1024.0);
}

}  // namespace graphodbc::bench
