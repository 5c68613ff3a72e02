// Forms sent through the I/O thread, for threads that may wait: token renewal and sign-in.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "graph/client_settings.h"
#include "graph/oauth/token_endpoint.h"
#include "graph/transport.h"

namespace graphodbc::graph {

TransportOptions transport_options(const ClientSettings& settings);

class TransportPoster final : public FormPoster {
 public:
  // `keep_waiting`, when given, is asked several times a second by the thread that waits; false
  // ends the wait as close() does.
  TransportPoster(Transport& transport, std::shared_ptr<base::Log> log,
                  std::function<bool()> keep_waiting = {});

  // kAborted after close().
  std::shared_ptr<Exchange> post(const std::string& url, const base::Secret& form,
                                 const Headers& headers) override;
  std::shared_ptr<Exchange> get(const std::string& url, const Headers& headers) override;
  bool pause(std::chrono::milliseconds time) override;

  bool is_open();
  void close();

 private:
  std::shared_ptr<Exchange> run(const std::shared_ptr<Exchange>& exchange);
  // Waits until `done` holds, at most until `until`; false when it was closed before.
  template <typename Done>
  bool wait(std::unique_lock<std::mutex>& lock, SteadyTime until, Done done);
  void log_exchange(const Exchange& exchange) const;

  Transport& transport_;
  std::shared_ptr<base::Log> log_;
  std::function<bool()> keep_waiting_;
  std::mt19937_64 random_{std::random_device()()};  // of the one thread that posts
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closing_ = false;
};

}  // namespace graphodbc::graph
