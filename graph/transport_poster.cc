#include "graph/transport_poster.h"

#include <algorithm>
#include <utility>

#include "graph/guid.h"

namespace graphodbc::graph {
namespace {

constexpr std::chrono::milliseconds kAskEvery{100};

}  // namespace

TransportOptions transport_options(const ClientSettings& settings) {
  return {.timeout = settings.timeout,
          .connect_timeout = settings.connect_timeout,
          .ca_file = settings.ca_file,
          .proxy = settings.proxy,
          .user_agent = settings.user_agent,
          .log = settings.log};
}

TransportPoster::TransportPoster(Transport& transport, std::shared_ptr<base::Log> log,
                                 std::function<bool()> keep_waiting)
    : transport_(transport), log_(std::move(log)), keep_waiting_(std::move(keep_waiting)) {}

template <typename Done>
bool TransportPoster::wait(std::unique_lock<std::mutex>& lock, SteadyTime until, Done done) {
  const auto awake = [&] { return closing_ || done(); };
  if (!keep_waiting_) {
    if (until == SteadyTime::max()) {
      changed_.wait(lock, awake);
    } else {
      changed_.wait_until(lock, until, awake);
    }
    return !closing_ || done();
  }
  while (!awake()) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now >= until) return true;
    if (changed_.wait_until(lock, std::min(until, now + kAskEvery), awake)) break;
    lock.unlock();
    const bool go_on = keep_waiting_();
    lock.lock();
    if (!go_on) return done();
  }
  return !closing_ || done();
}

std::shared_ptr<Exchange> TransportPoster::post(const std::string& url, const base::Secret& form,
                                                const Headers& headers) {
  auto exchange = std::make_shared<Exchange>();
  exchange->url = url;
  exchange->headers = headers;
  // Sign-in requests are found in the tenant's logs by it, as Graph's are.
  exchange->headers.emplace_back("client-request-id", new_guid(random_));
  exchange->is_post = true;
  exchange->form = form;
  return run(exchange);
}

std::shared_ptr<Exchange> TransportPoster::get(const std::string& url, const Headers& headers) {
  auto exchange = std::make_shared<Exchange>();
  exchange->url = url;
  exchange->headers = headers;
  exchange->direct = true;
  return run(exchange);
}

std::shared_ptr<Exchange> TransportPoster::run(const std::shared_ptr<Exchange>& exchange) {
  // Shared: this side may leave before the transfer has ended.
  auto done = std::make_shared<bool>(false);
  exchange->on_done = [this, done](Exchange&) {
    const std::lock_guard lock(mutex_);
    *done = true;
    changed_.notify_all();
  };
  std::unique_lock lock(mutex_);
  if (!closing_ && transport_.post([this, exchange] { transport_.submit(exchange); }) &&
      wait(lock, SteadyTime::max(), [&] { return *done; })) {
    log_exchange(*exchange);
    return exchange;
  }
  auto aborted = std::make_shared<Exchange>();
  aborted->detail = "the connection is being closed";
  return aborted;
}

bool TransportPoster::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return wait(lock, std::chrono::steady_clock::now() + time, [] { return false; });
}

bool TransportPoster::is_open() {
  const std::lock_guard lock(mutex_);
  return !closing_;
}

void TransportPoster::close() {
  const std::lock_guard lock(mutex_);
  closing_ = true;
  changed_.notify_all();
}

// Neither form nor answer: both are all secrets.
void TransportPoster::log_exchange(const Exchange& exchange) const {
  if (!log_ || !log_->enabled(base::LogLevel::kRequests)) return;
  const std::string result = exchange.outcome == Outcome::kOk
                                 ? std::to_string(exchange.response.status)
                                 : "failed: " + exchange.detail;
  log_->write(base::LogLevel::kRequests,
              (exchange.is_post ? "POST " : "GET ") + exchange.url + " -> " + result);
}

}  // namespace graphodbc::graph
