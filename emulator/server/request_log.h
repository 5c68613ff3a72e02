// What has been asked of the emulator, for tests to look at. No secrets are kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "emulator/http_types.h"

namespace graphodbc::emulator {

struct LogEntry {
  std::uint64_t sequence = 0;
  std::uint64_t batch = 0;  // sequence of the $batch request this was an item of; 0: none
  std::string method;
  std::string path;
  std::string query;
  HeaderList headers;  // credentials replaced by ***
  int status = 0;      // 0 while unanswered, and for a connection reset without an answer
  std::size_t response_bytes = 0;       // body bytes as they travel
  double start_ms = 0;                  // since the emulator started
  double end_ms = 0;                    // when the answer was ready
  std::string fault;                    // the kind of fault applied
  std::vector<std::string> form_names;  // token requests: parameter names
  std::string grant_type;
  std::string scope;
};

// Thread-safe. Keeps the newest 200,000 entries.
class RequestLog {
 public:
  // Enters a request as unanswered and returns its sequence number (from 1, never reused).
  std::uint64_t begin(const Request& request, std::uint64_t batch = 0);
  void set_form(std::uint64_t sequence, const Request& request);
  void set_fault(std::uint64_t sequence, const std::string& fault);
  void finish(std::uint64_t sequence, int status, std::size_t response_bytes);

  void clear();
  // JSON array in order of arrival; the globs keep only what matches (empty: everything).
  std::string json(const std::string& method_glob, const std::string& path_glob) const;

 private:
  LogEntry* find(std::uint64_t sequence);
  double now_ms() const;

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;
  std::deque<LogEntry> entries_;  // sequences rise by one from entry to entry
  std::uint64_t next_sequence_ = 1;
};

}  // namespace graphodbc::emulator
