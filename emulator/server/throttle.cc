#include "emulator/server/throttle.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace graphodbc::emulator {
namespace {

// Timers and clocks of two processes may differ by this much without meaning anything.
constexpr std::chrono::milliseconds kTolerance{5};

int limit_of(const std::string& bucket) {
  return bucket.starts_with("mailbox:") ? Throttle::kMailboxConcurrency : 0;
}

}  // namespace

bool Throttle::acquire(const std::string& client_id, const std::string& bucket) {
  if (bucket.empty()) return true;
  std::lock_guard lock(mutex_);
  Bucket& state = buckets_[{client_id, bucket}];
  ++state.requests;
  state.max_concurrent = std::max(state.max_concurrent, state.active + 1);
  const int limit = limit_of(bucket);
  if (limit != 0 && state.active >= limit) {
    ++state.throttled;
    return false;
  }
  ++state.active;
  return true;
}

void Throttle::release(const std::string& client_id, const std::string& bucket) {
  if (bucket.empty()) return;
  std::lock_guard lock(mutex_);
  --buckets_[{client_id, bucket}].active;
}

void Throttle::note_arrival(const std::string& request_key, const std::string& client_bucket) {
  const auto now = Clock::now() + kTolerance;
  const auto early = [now](const auto& deadlines, const std::string& key) {
    const auto found = deadlines.find(key);
    return found != deadlines.end() && now < found->second;
  };
  std::lock_guard lock(mutex_);
  if (early(request_not_before_, request_key)) ++early_requests_;
  if (!client_bucket.empty() && early(bucket_not_before_, client_bucket)) ++early_bucket_requests_;
}

void Throttle::note_refusal(const std::string& request_key, const std::string& client_bucket,
                            double retry_after_seconds) {
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(retry_after_seconds));
  std::lock_guard lock(mutex_);
  request_not_before_[request_key] = deadline;
  if (!client_bucket.empty()) bucket_not_before_[client_bucket] = deadline;
}

std::string Throttle::stats_json(std::uint64_t accepted_connections, std::uint64_t replays) const {
  nlohmann::ordered_json out;
  out["connections_accepted"] = accepted_connections;
  out["replayed_assertions"] = replays;
  std::lock_guard lock(mutex_);
  out["retry_after_undercut"] = early_requests_;
  out["retry_after_undercut_in_bucket"] = early_bucket_requests_;
  out["buckets"] = nlohmann::ordered_json::array();
  for (const auto& [key, bucket] : buckets_) {
    nlohmann::ordered_json entry;
    entry["client_id"] = key.client_id;
    entry["bucket"] = key.bucket;
    entry["requests"] = bucket.requests;
    entry["max_concurrent"] = bucket.max_concurrent;
    entry["throttled"] = bucket.throttled;
    entry["active"] = bucket.active;
    out["buckets"].push_back(std::move(entry));
  }
  return out.dump();
}

void Throttle::clear_stats() {
  std::lock_guard lock(mutex_);
  std::erase_if(buckets_, [](const auto& entry) { return entry.second.active == 0; });
  for (auto& [key, bucket] : buckets_) {
    bucket.max_concurrent = bucket.active;
    bucket.requests = bucket.throttled = 0;
  }
  request_not_before_.clear();
  bucket_not_before_.clear();
  early_requests_ = early_bucket_requests_ = 0;
}

}  // namespace graphodbc::emulator
