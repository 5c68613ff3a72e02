#include "graph/oauth/authenticator.h"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>

#include "graph/oauth/jwt.h"
#include "graph/oauth/token_error.h"
#include "graph/quiet_thread.h"

namespace graphodbc::graph {
namespace {

// A token that is about to expire is used on while its renewal fails, and the renewal is not tried
// again before this has passed.
constexpr std::chrono::seconds kRenewalPause{10};

// A plain copy, so that threads which were waiting together do not share one exception object.
base::Error copy_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const base::Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {"HY001", "Out of memory while renewing the access token"};
  } catch (const std::exception& error) {
    return {"HY000", std::string("Renewing the access token failed: ") + error.what()};
  }
}

// Whether the identity service wants to see a person again.
bool is_over(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const TokenRefused& refusal) {
    return refusal.needs_person();
  } catch (...) {
    return false;
  }
}

}  // namespace

struct Authenticator::Impl {
  struct Waiter {
    std::uint64_t refused;
    Callback callback;
    std::string claims;
  };

  std::unique_ptr<TokenProvider> provider;
  WallClock clock;
  const pid_t owner = getpid();

  mutable std::mutex mutex;
  std::condition_variable work;
  std::vector<Waiter> waiters;
  std::shared_ptr<const CurrentToken> current;
  WallTime renew_not_before = WallTime::min();
  bool refused_for_good = false;
  bool is_sign_in_over = false;
  bool stopping = false;
  std::thread thread;
  std::vector<base::Warning> warnings;

  // Under the mutex.
  std::shared_ptr<const CurrentToken> usable(std::uint64_t refused) const {
    if (!current || current->generation <= refused) return nullptr;
    const WallTime now = clock();
    const bool good = is_fresh(current->token, now) ||
                      (now < renew_not_before && !is_expired(current->token, now));
    return good ? current : nullptr;
  }

  void run() noexcept;
  void serve(const std::vector<Waiter>& batch);
  // The claims that the service asked for when it refused the token of that generation.
  static std::string challenge_to(std::uint64_t generation, const std::vector<Waiter>& batch);
  std::shared_ptr<const CurrentToken> store(AccessToken token);
};

void Authenticator::Impl::run() noexcept {
  std::unique_lock lock(mutex);
  while (true) {
    work.wait(lock, [this] { return stopping || !waiters.empty(); });
    if (stopping) return;
    {
      // Destroyed before the lock is back: the callbacks may hold the last of something.
      const std::vector<Waiter> batch = std::exchange(waiters, {});
      lock.unlock();
      serve(batch);
    }
    lock.lock();
  }
}

std::shared_ptr<const CurrentToken> Authenticator::Impl::store(AccessToken token) {
  Identity known = identity_from_token(token.text.reveal());
  if (const auto fixed = provider->app_only()) known.app_only = *fixed;
  if (known.app_only) known.user_name.clear();
  std::vector<base::Warning> notes = provider->take_warnings();
  const std::lock_guard lock(mutex);
  auto next = std::make_shared<CurrentToken>();
  next->token = std::move(token);
  next->generation = current ? current->generation + 1 : 1;
  next->identity = std::move(known);
  current = next;
  refused_for_good = false;
  is_sign_in_over = false;
  renew_not_before = WallTime::min();
  std::move(notes.begin(), notes.end(), std::back_inserter(warnings));
  return next;
}

std::string Authenticator::Impl::challenge_to(std::uint64_t generation,
                                              const std::vector<Waiter>& batch) {
  for (const Waiter& waiter : batch) {
    if (waiter.refused == generation && !waiter.claims.empty()) return waiter.claims;
  }
  return {};
}

void Authenticator::Impl::serve(const std::vector<Waiter>& batch) {
  std::uint64_t refused = 0;
  for (const Waiter& waiter : batch) refused = std::max(refused, waiter.refused);
  std::shared_ptr<const CurrentToken> token;
  std::shared_ptr<const CurrentToken> before;
  {
    const std::lock_guard lock(mutex);
    token = usable(refused);
    before = current;
  }
  std::optional<base::Error> failure;
  if (!token) {
    const bool is_refused = before && refused >= before->generation;
    try {
      const std::string claims =
          is_refused ? challenge_to(before->generation, batch) : std::string();
      token = store(provider->obtain(is_refused ? &before->token.text : nullptr, claims));
    } catch (...) {
      failure = copy_of(std::current_exception());
      const bool over = is_over(std::current_exception());
      const std::lock_guard lock(mutex);
      refused_for_good = failure->state() == base::SqlState("28000");
      is_sign_in_over = refused_for_good && over;
      if (before && !is_refused && !is_expired(before->token, clock())) {
        renew_not_before = clock() + kRenewalPause;
        token = before;
      }
    }
  }
  for (const Waiter& waiter : batch) {
    waiter.callback(token, token ? nullptr : std::make_exception_ptr(*failure));
  }
}

Authenticator::Authenticator(std::unique_ptr<TokenProvider> provider, WallClock clock)
    : impl_(std::make_unique<Impl>()) {
  impl_->provider = std::move(provider);
  impl_->clock = std::move(clock);
}

Authenticator::~Authenticator() {
  if (getpid() != impl_->owner) {
    (void)impl_.release();  // decisions.md 23
    return;
  }
  stop();
}

std::shared_ptr<const CurrentToken> Authenticator::fresh() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->usable(0);
}

std::shared_ptr<const CurrentToken> Authenticator::latest() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->current;
}

void Authenticator::renew(std::uint64_t refused, Callback callback, std::string claims) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (!impl_->stopping) {
      impl_->waiters.push_back({refused, std::move(callback), std::move(claims)});
      if (!impl_->thread.joinable()) {
        impl_->thread = start_quiet_thread([impl = impl_.get()] { impl->run(); });
      }
      impl_->work.notify_one();
      return;
    }
  }
  callback(nullptr,
           std::make_exception_ptr(base::Error("08S01", "The connection is being closed")));
}

void Authenticator::stop() {
  std::thread thread;
  std::vector<Impl::Waiter> left;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
    thread = std::move(impl_->thread);
    impl_->work.notify_all();
  }
  if (thread.joinable()) thread.join();
  {
    const std::lock_guard lock(impl_->mutex);
    left = std::exchange(impl_->waiters, {});
  }
  for (const Impl::Waiter& waiter : left) {
    waiter.callback(
        nullptr, std::make_exception_ptr(base::Error("08S01", "The connection is being closed")));
  }
}

bool Authenticator::app_only() const {
  if (const auto fixed = impl_->provider->app_only()) return *fixed;
  return identity().app_only;
}

Identity Authenticator::identity() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->current ? impl_->current->identity : Identity();
}

bool Authenticator::is_refused() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->refused_for_good;
}

bool Authenticator::is_sign_in_over() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->is_sign_in_over;
}

std::vector<base::Warning> Authenticator::take_warnings() {
  const std::lock_guard lock(impl_->mutex);
  return std::exchange(impl_->warnings, {});
}

}  // namespace graphodbc::graph
