#include "graph/throttle_gate.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace graphodbc::graph {

struct ThrottleGate::Ticket::State {
  std::atomic<bool> admitted{false};
  std::size_t slots = 1;
  std::function<void()> on_admitted;
};

struct ThrottleGate::Bucket {
  using State = Ticket::State;

  std::mutex mutex;
  std::size_t limit = 1;
  std::size_t active = 0;
  SteadyTime closed_until = SteadyTime::min();
  std::deque<std::shared_ptr<State>> waiting;

  // Under the mutex. The callbacks are handed out, to run without it.
  std::vector<std::function<void()>> admit(SteadyTime now) {
    std::vector<std::function<void()>> callbacks;
    // In their order, so that those who need few places do not keep out one who needs many.
    while (!waiting.empty() && active + waiting.front()->slots <= limit && now >= closed_until) {
      const std::shared_ptr<State> next = std::move(waiting.front());
      waiting.pop_front();
      active += next->slots;
      next->admitted = true;
      if (next->on_admitted) callbacks.push_back(std::exchange(next->on_admitted, nullptr));
    }
    return callbacks;
  }
};

struct ThrottleGate::Impl {
  const pid_t owner = getpid();
  std::mutex mutex;
  // Shared with the tickets. Buckets stay: they are few and small, and hold closing times.
  std::map<std::string, std::shared_ptr<Bucket>> buckets;

  std::shared_ptr<Bucket> find(const std::string& key) {
    const std::lock_guard lock(mutex);
    std::shared_ptr<Bucket>& bucket = buckets[key];
    if (!bucket) bucket = std::make_shared<Bucket>();
    return bucket;
  }
};

ThrottleGate::Ticket::Ticket(std::shared_ptr<Bucket> bucket, std::shared_ptr<State> state)
    : bucket_(std::move(bucket)), state_(std::move(state)) {}

ThrottleGate::Ticket::~Ticket() {
  std::vector<std::function<void()>> callbacks;
  {
    const std::lock_guard lock(bucket_->mutex);
    if (state_->admitted) {
      bucket_->active -= state_->slots;
    } else {
      std::erase(bucket_->waiting, state_);
      state_->on_admitted = nullptr;
    }
    callbacks = bucket_->admit(std::chrono::steady_clock::now());
  }
  for (const auto& callback : callbacks) callback();
}

bool ThrottleGate::Ticket::admitted() const {
  return state_->admitted;
}

std::optional<SteadyTime> ThrottleGate::Ticket::closed_until(SteadyTime now) const {
  const std::lock_guard lock(bucket_->mutex);
  if (bucket_->closed_until <= now) return std::nullopt;
  return bucket_->closed_until;
}

void ThrottleGate::Ticket::check(SteadyTime now) {
  std::vector<std::function<void()>> callbacks;
  {
    const std::lock_guard lock(bucket_->mutex);
    callbacks = bucket_->admit(now);
  }
  for (const auto& callback : callbacks) callback();
}

ThrottleGate::ThrottleGate() : impl_(std::make_unique<Impl>()) {}
ThrottleGate::~ThrottleGate() = default;

ThrottleGate& ThrottleGate::instance() {
  static std::atomic<ThrottleGate*> current{nullptr};
  ThrottleGate* gate = current.load();
  // After fork a lock of the parent's gate may be held by a thread that is not here.
  while (gate == nullptr || gate->impl_->owner != getpid()) {
    auto fresh = std::make_unique<ThrottleGate>();
    if (current.compare_exchange_strong(gate, fresh.get())) return *fresh.release();
  }
  return *gate;
}

std::unique_ptr<ThrottleGate::Ticket> ThrottleGate::enter(const std::string& key, std::size_t limit,
                                                          SteadyTime now,
                                                          std::function<void()> on_admitted,
                                                          std::size_t slots) {
  std::shared_ptr<Bucket> bucket = impl_->find(key);
  auto state = std::make_shared<Ticket::State>();
  state->slots = std::clamp<std::size_t>(slots, 1, limit);
  std::unique_ptr<Ticket> ticket(new Ticket(bucket, state));
  std::vector<std::function<void()>> callbacks;
  {
    const std::lock_guard lock(bucket->mutex);
    bucket->limit = limit;
    bucket->waiting.push_back(state);
    callbacks = bucket->admit(now);
    if (!state->admitted) state->on_admitted = std::move(on_admitted);
  }
  for (const auto& callback : callbacks) callback();
  return ticket;
}

void ThrottleGate::close(const std::string& key, SteadyTime until) {
  const std::shared_ptr<Bucket> bucket = impl_->find(key);
  const std::lock_guard lock(bucket->mutex);
  bucket->closed_until = std::max(bucket->closed_until, until);
}

std::size_t concurrency_of(schema::Service service) {
  // Only Outlook publishes a number; the others are held to what a polite client does.
  return service == schema::Service::kOutlook ? 4 : 8;
}

std::string bucket_key(std::string_view origin, std::string_view client_id, schema::Service service,
                       std::string_view mailbox) {
  std::string key(origin);
  key += '\n';
  key += client_id;
  key += '\n';
  key += static_cast<char>('0' + static_cast<int>(service));
  key += '\n';
  key += mailbox;
  return key;
}

}  // namespace graphodbc::graph
