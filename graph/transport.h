// HTTP on one I/O thread: curl's multi interface, timers and tasks. The only file that knows curl
// is transport.cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/secret.h"
#include "graph/client_settings.h"
#include "graph/http.h"

namespace graphodbc::graph {

using SteadyTime = std::chrono::steady_clock::time_point;

// How a transfer ended below HTTP.
enum class Outcome : std::uint8_t {
  kOk,         // a whole response, any status
  kResolve,    // host name not found
  kConnect,    // no connection, or no TLS session because the peer hung up
  kProxy,      // the proxy refused to pass the request on
  kTls,        // certificate or protocol not acceptable
  kTimeout,    // no progress for the configured time
  kReset,      // connection lost before the response was whole
  kTruncated,  // body shorter than announced
  kProtocol,   // not HTTP
  kTooLarge,   // headers or body over the bounds
  kAborted,    // cancelled by us
  kMemory,
};

// One request sent once. Filled in by whoever submits it; the lower half is the transport's.
struct Exchange {
  std::string url;
  Headers headers;
  base::Secret bearer;  // empty: no Authorization header
  bool is_post = false;
  bool direct = false;  // never through a proxy
  base::Secret form;  // POST body, application/x-www-form-urlencoded unless a header says otherwise
  // Called on the I/O thread, once, unless the transport is gone before. Must not block or throw.
  std::function<void(Exchange&)> on_done;

  Outcome outcome = Outcome::kAborted;
  std::string detail;  // curl's words, for messages
  HttpResponse response;
};

struct TransportOptions {
  std::chrono::seconds timeout{60};          // without progress; 0: none
  std::chrono::seconds connect_timeout{30};  // TCP, proxy and TLS together; 0: none
  std::string ca_file;
  ProxySettings proxy;
  std::string user_agent;
  std::shared_ptr<base::Log> log;
  std::size_t max_body = std::size_t{256} << 20;  // bytes as received
};

using Task = std::function<void()>;
using TimerId = std::uint64_t;

// The I/O thread starts with the first task. It never waits for anything but the network, and not
// for name look-ups either (decisions.md 22).
class Transport {
 public:
  explicit Transport(TransportOptions options);
  // stop()s. In a forked child the thread is not there: the state is leaked.
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // Lets `task` run on the I/O thread soon. Any thread, also while the transport stops: then the
  // task is dropped and false returned.
  class Mailbox;
  bool post(Task task);
  // Outlives the transport, for those who may still want to post to it then.
  const std::shared_ptr<Mailbox>& mailbox() const;

  // The rest runs on the I/O thread only.
  void submit(const std::shared_ptr<Exchange>& exchange);
  // Ends the exchange now; on_done is called with kAborted before abort() returns. No-op when done.
  void abort(const std::shared_ptr<Exchange>& exchange);
  TimerId start_timer(SteadyTime when, Task task);
  void stop_timer(TimerId id);
  // Replaces TransportOptions::timeout, for exchanges under way too.
  void set_timeout(std::chrono::seconds timeout);

  // Aborts all exchanges and joins the thread. Not from the I/O thread.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The queue of tasks of one transport.
class Transport::Mailbox {
 public:
  virtual ~Mailbox() = default;
  virtual bool post(Task task) = 0;
};

}  // namespace graphodbc::graph
