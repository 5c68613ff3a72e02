// Concurrency limits and what clients made of Retry-After (contract sheet (g)).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace graphodbc::emulator {

// Thread-safe.
class Throttle {
 public:
  static constexpr int kMailboxConcurrency = 4;

  // Enters a request of an application into a bucket; false: the bucket is full (the request
  // counts as seen, but holds no slot).
  bool acquire(const std::string& client_id, const std::string& bucket);
  void release(const std::string& client_id, const std::string& bucket);

  // Notes an arrival and whether it came before a Retry-After given earlier had passed: to the
  // same request, or to any request of the same client and bucket (empty: none).
  void note_arrival(const std::string& request_key, const std::string& client_bucket);
  void note_refusal(const std::string& request_key, const std::string& client_bucket,
                    double retry_after_seconds);

  std::string stats_json(std::uint64_t accepted_connections, std::uint64_t replays) const;
  void clear_stats();

 private:
  using Clock = std::chrono::steady_clock;

  struct Bucket {
    int active = 0;
    int max_concurrent = 0;  // refused requests included
    std::uint64_t requests = 0;
    std::uint64_t throttled = 0;
  };

  struct Key {
    std::string client_id;
    std::string bucket;
    auto operator<=>(const Key&) const = default;
  };

  mutable std::mutex mutex_;
  std::map<Key, Bucket> buckets_;
  std::map<std::string, Clock::time_point> request_not_before_;
  std::map<std::string, Clock::time_point> bucket_not_before_;
  std::uint64_t early_requests_ = 0;
  std::uint64_t early_bucket_requests_ = 0;
};

}  // namespace graphodbc::emulator
