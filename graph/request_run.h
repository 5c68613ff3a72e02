// One request from start to final answer: token, gate, transfer, wait, again. A state machine that
// lives on the I/O thread; Completion is what other threads see of it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "graph/client.h"
#include "graph/oauth/authenticator.h"
#include "graph/retry_policy.h"
#include "graph/throttle_gate.h"
#include "graph/transport.h"

namespace graphodbc::graph {

class RequestRun;

// The requests under way keep themselves alive here, so that closing the connection can end them.
class LiveRequests {
 public:
  void add(std::shared_ptr<RequestRun> run);
  void remove(RequestRun* run);
  std::map<RequestRun*, std::shared_ptr<RequestRun>> take_all();

 private:
  std::mutex mutex_;
  std::map<RequestRun*, std::shared_ptr<RequestRun>> runs_;
};

// What the requests of one connection share. Outlives the I/O thread.
struct RequestEnvironment {
  const ClientSettings& settings;
  std::string origin;
  std::string version_root;
  Transport& transport;
  Authenticator& authenticator;
  ThrottleGate& gate;
  LiveRequests& live;
  WallClock clock;
  std::mt19937_64 random;  // I/O thread only
};

// Key of the mailbox's throttle bucket. "me" is another mailbox for another user.
std::string bucket_of(const RequestEnvironment& environment, const GateShare& share);

// The result, handed from the I/O thread to the one that waits.
class Completion {
 public:
  void succeed(HttpResponse response);
  void fail(std::exception_ptr failure);
  // Wakes wait(), which throws HY008 from then on unless the result was there before.
  void cancel() noexcept;
  bool is_cancelled() const;
  bool is_done() const;
  HttpResponse wait();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  bool cancelled_ = false;
  HttpResponse response_;
  std::exception_ptr failure_;
};

// All members but the constructor: I/O thread, or no I/O thread any more.
class RequestRun : public std::enable_shared_from_this<RequestRun> {
 public:
  // `request.url` absolute and of the right origin already.
  RequestRun(RequestEnvironment& environment, HttpRequest request,
             std::shared_ptr<Completion> completion);

  void start();
  // Ends the request from outside: cancelled, or the connection closes. No-op when it is over.
  void end(const base::Error& error);

 private:
  void begin();
  void get_token(std::uint64_t refused, std::string claims = {});
  void on_token(std::shared_ptr<const CurrentToken> token, std::exception_ptr failure);
  void list_claims();
  void enter_gate();
  void wait_for_gate();
  void on_admitted();
  void send();
  void on_done(Exchange& exchange);
  void handle_unauthorized(HttpResponse response);
  void close_gate_if_throttled(const Attempt& attempt, const Verdict& verdict);
  void send_again_after(std::chrono::milliseconds wait);
  void on_waited();
  void on_deadline();

  void finish(HttpResponse response);
  void fail(std::exception_ptr failure);
  void release();
  const char* method() const { return request_.json.empty() ? "GET" : "POST"; }
  base::Error deadline_error(const std::string& reason) const;
  std::string last_answer() const;
  Task guarded(void (RequestRun::*step)());
  bool logs(base::LogLevel level) const;
  void log_exchange(const Exchange& exchange) const;
  double dice();

  RequestEnvironment& environment_;
  HttpRequest request_;
  std::shared_ptr<Completion> completion_;

  // The buckets that the request needs places in, in the order of their keys: all requests take
  // them in that order, so that none waits for another in a circle.
  struct Claim {
    std::string bucket;
    std::size_t limit;
    std::size_t slots;
  };
  std::vector<Claim> claims_;
  std::vector<std::unique_ptr<ThrottleGate::Ticket>> tickets_;  // of the first claims

  std::shared_ptr<const CurrentToken> token_;
  std::shared_ptr<Exchange> exchange_;
  SteadyTime sent_at_;
  TimerId deadline_timer_ = 0;  // 0: none
  TimerId wait_timer_ = 0;
  std::uint64_t refused_token_ = 0;  // until a newer token was asked for
  int sent_ = 0;
  int token_resends_ = 0;  // after 401
  int challenges_ = 0;     // claims challenges among them
  bool renewed_ = false;   // the token was renewed because of this request's last answer
  bool over_ = false;
  Outcome last_outcome_ = Outcome::kOk;
  int last_status_ = 0;
  std::string last_detail_;
};

}  // namespace graphodbc::graph
