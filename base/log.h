// The driver's own log file (LogFile, LogLevel). Never writes to the console.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace graphodbc::base {

// Levels of the connection key LogLevel.
enum class LogLevel : std::uint8_t {
  kOff = 0,
  kStatements = 1,  // statements and errors
  kRequests = 2,    // plans and requests
  kHeaders = 3,
  kBodies = 4,  // bodies cut to 1 KB
  kAll = 5,
};

// Replaces bearer tokens, and the values of secret parameters (client_secret, refresh_token,
// access_token, code, password, assertion ...) in headers, forms, URLs, JSON and connection strings
// by `***`.
std::string redact(std::string_view text);

// Thread-safe. Lines are `time level thread text`, redacted, in UTF-8, one write each.
class Log {
 public:
  Log() = default;  // off
  // Opens for appending, mode 0600. Throws Error HY000 when the file cannot be opened.
  static std::shared_ptr<Log> open(const std::string& path, LogLevel level);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool enabled(LogLevel level) const { return level != LogLevel::kOff && level <= level_; }
  void write(LogLevel level, std::string_view text) noexcept;

 private:
  LogLevel level_ = LogLevel::kOff;
  int file_ = -1;
  std::mutex mutex_;
};

}  // namespace graphodbc::base
