// The driver's own log file (LogFile, LogLevel). Never writes to the console.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace graphodbc::base {

// Levels of the connection key LogLevel.
enum class LogLevel : std::uint8_t {
  kOff = 0,
  kStatements = 1,  // statements and errors
  kRequests = 2,    // plans and requests
  kHeaders = 3,
  kBodies = 4,  // bodies cut to 1 KB
  kAll = 5,     // whole bodies, and what curl says of its connections
};

// Replaces bearer tokens, and the values of secret parameters (client_secret, refresh_token,
// access_token, code, password, assertion ...) in headers, forms, URLs, JSON and connection strings
// by `***`.
std::string redact(std::string_view text);

// Thread-safe. Lines are `time level process thread text`, redacted, in UTF-8, one write each.
class Log {
 public:
  Log() = default;  // off
  // Opens for appending, mode 0600. Once the file has `max_size` bytes (0: never) it is put aside
  // as
  // "<path>.1", whose predecessor is lost, and begun anew; processes may share it. Throws Error
  // HY000 when the file cannot be opened.
  static std::shared_ptr<Log> open(const std::string& path, LogLevel level,
                                   std::uint64_t max_size = 0);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool enabled(LogLevel level) const { return level != LogLevel::kOff && level <= level_; }
  void write(LogLevel level, std::string_view text) noexcept;

  // From now on `secret` reads `***` wherever it stands in a line, plain or percent-encoded,
  // whatever name it goes by. The last 256 are kept; texts under 6 characters are left alone, they
  // stand in every other word.
  void hide(const Secret& secret);

 private:
  void put(std::string_view line);
  void rotate();
  void hide_secrets(std::string& line) const;

  LogLevel level_ = LogLevel::kOff;
  std::mutex mutex_;  // of all below
  std::string path_;
  std::uint64_t max_size_ = 0;
  int file_ = -1;
  std::deque<Secret> secrets_;
};

}  // namespace graphodbc::base
