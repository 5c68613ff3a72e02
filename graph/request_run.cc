#include "graph/request_run.h"

#include <algorithm>
#include <utility>

#include "base/utf.h"
#include "graph/guid.h"
#include "graph/oauth/claims_challenge.h"
#include "graph/scan_statistics.h"
#include "graph/service_error.h"
#include "graph/transport_error.h"

namespace graphodbc::graph {
namespace {

// What a step throws, given out after the catch has let go of it: the thread that waits for the
// request must be the only one that holds the exception.
template <typename Step>
std::exception_ptr failure_of(Step step) {
  try {
    step();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

using base::Error;
using std::chrono::steady_clock;

// Bound of re-sends after 401, so that a service and an issuer that disagree cannot loop.
constexpr int kMaxTokenResends = 5;
// Of a body at LogLevel=4.
constexpr std::size_t kLoggedBody = 1024;

bool has_header(const Headers& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& header) {
    return header.first.size() == name.size() &&
           std::equal(name.begin(), name.end(), header.first.begin(),
                      [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  });
}

std::string encoding_of(const HttpResponse& response) {
  std::string encoding(response.header("content-encoding"));
  for (char& c : encoding) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
  return encoding == "identity" ? std::string() : encoding;
}

void fill_in(HttpResponse& response, int attempts, std::string client_request_id,
             const std::shared_ptr<const CurrentToken>& token) {
  response.content_encoding = encoding_of(response);
  response.content_type = response.header("content-type");
  response.request_id = response.header("request-id");
  response.date = response.header("date");
  response.attempts = attempts;
  response.token = token->generation;
  response.identity = {token, &token->identity};
  response.client_request_id = std::move(client_request_id);
}

}  // namespace

std::string bucket_of(const RequestEnvironment& environment, const GateShare& share) {
  std::string mailbox = share.mailbox;
  if (mailbox == "me") mailbox += "\n" + environment.authenticator.identity().user_name;
  return bucket_key(environment.origin, environment.settings.client_id, share.service, mailbox);
}

void LiveRequests::add(std::shared_ptr<RequestRun> run) {
  const std::lock_guard lock(mutex_);
  RequestRun* key = run.get();
  runs_.emplace(key, std::move(run));
}

void LiveRequests::remove(RequestRun* run) {
  std::shared_ptr<RequestRun> last;  // destroyed without the lock
  const std::lock_guard lock(mutex_);
  const auto found = runs_.find(run);
  if (found == runs_.end()) return;
  last = std::move(found->second);
  runs_.erase(found);
}

std::map<RequestRun*, std::shared_ptr<RequestRun>> LiveRequests::take_all() {
  const std::lock_guard lock(mutex_);
  return std::exchange(runs_, {});
}

void Completion::succeed(HttpResponse response) {
  const std::lock_guard lock(mutex_);
  if (done_ || cancelled_) return;
  done_ = true;
  response_ = std::move(response);
  changed_.notify_all();
}

void Completion::fail(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  if (done_ || cancelled_) return;
  done_ = true;
  failure_ = std::move(failure);
  changed_.notify_all();
}

void Completion::cancel() noexcept {
  const std::lock_guard lock(mutex_);
  if (done_) return;
  cancelled_ = true;
  changed_.notify_all();
}

bool Completion::is_cancelled() const {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

bool Completion::is_done() const {
  const std::lock_guard lock(mutex_);
  return done_ || cancelled_;
}

HttpResponse Completion::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return done_ || cancelled_; });
  if (cancelled_) throw Error("HY008", "The operation was cancelled");
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  return std::move(response_);
}

RequestRun::RequestRun(RequestEnvironment& environment, HttpRequest request,
                       std::shared_ptr<Completion> completion)
    : environment_(environment),
      request_(std::move(request)),
      completion_(std::move(completion)),
      refused_token_(request_.refused_token) {}

// A step for timers: it does nothing once the request is over, and its failure ends the request.
Task RequestRun::guarded(void (RequestRun::*step)()) {
  return [weak = weak_from_this(), step] {
    const std::shared_ptr<RequestRun> run = weak.lock();
    if (!run || run->over_) return;
    if (std::exception_ptr failure = failure_of([&] { ((*run).*step)(); })) {
      run->fail(std::move(failure));
    }
  };
}

void RequestRun::start() {
  guarded (&RequestRun::begin)();
}

void RequestRun::begin() {
  if (completion_->is_cancelled()) return end(Error("HY008", "The operation was cancelled"));
  if (request_.deadline) {
    if (*request_.deadline <= steady_clock::now()) return on_deadline();
    deadline_timer_ =
        environment_.transport.start_timer(*request_.deadline, guarded(&RequestRun::on_deadline));
  }
  if (!request_.not_before || *request_.not_before <= steady_clock::now()) return on_waited();
  if (request_.deadline && *request_.not_before >= *request_.deadline) {
    throw deadline_error("the service asked to wait longer than that");
  }
  wait_timer_ =
      environment_.transport.start_timer(*request_.not_before, guarded(&RequestRun::on_waited));
}

void RequestRun::get_token(std::uint64_t refused, std::string claims) {
  if (refused == 0) {
    token_ = environment_.authenticator.fresh();
    if (token_) return enter_gate();
  }
  environment_.authenticator.renew(
      refused,
      [weak = weak_from_this(), mailbox = environment_.transport.mailbox()](
          std::shared_ptr<const CurrentToken> token, std::exception_ptr failure) {
        mailbox->post([weak, token = std::move(token), failure = std::move(failure)]() mutable {
          const std::shared_ptr<RequestRun> run = weak.lock();
          if (run && !run->over_) run->on_token(std::move(token), std::move(failure));
        });
      },
      std::move(claims));
}

void RequestRun::on_token(std::shared_ptr<const CurrentToken> token, std::exception_ptr failure) {
  if (failure) return fail(std::move(failure));
  token_ = std::move(token);
  if ((failure = failure_of([this] { enter_gate(); }))) fail(std::move(failure));
}

void RequestRun::list_claims() {
  std::vector<GateShare> shares = request_.shares;
  if (shares.empty()) shares.push_back({request_.service, request_.mailbox, 1});
  for (const GateShare& share : shares) {
    claims_.push_back({bucket_of(environment_, share), concurrency_of(share.service), share.slots});
  }
  std::sort(claims_.begin(), claims_.end(),
            [](const Claim& left, const Claim& right) { return left.bucket < right.bucket; });
  // Two names of one mailbox ("me" and the user's) stay two buckets, but one bucket is entered
  // once.
  const auto same = [](const Claim& left, const Claim& right) {
    return left.bucket == right.bucket;
  };
  for (std::size_t i = 1; i < claims_.size(); ++i) {
    if (same(claims_[i - 1], claims_[i])) claims_[i].slots += claims_[i - 1].slots;
  }
  const auto last = std::unique(claims_.rbegin(), claims_.rend(), same);
  claims_.erase(claims_.begin(), last.base());
}

void RequestRun::enter_gate() {
  if (claims_.empty()) list_claims();
  while (tickets_.size() < claims_.size()) {
    const Claim& claim = claims_[tickets_.size()];
    tickets_.push_back(environment_.gate.enter(
        claim.bucket, claim.limit, steady_clock::now(),
        [mailbox = environment_.transport.mailbox(), task = guarded(&RequestRun::on_admitted)] {
          mailbox->post(task);
        },
        claim.slots));
    if (!tickets_.back()->admitted()) return wait_for_gate();
  }
  send();
}

// A closed bucket opens by time alone: somebody has to look.
void RequestRun::wait_for_gate() {
  wait_timer_ = 0;
  const ThrottleGate::Ticket& ticket = *tickets_.back();
  tickets_.back()->check(steady_clock::now());
  const auto until = ticket.closed_until(steady_clock::now());
  if (ticket.admitted() || !until) return;
  if (request_.deadline && *until > *request_.deadline) {
    throw deadline_error("the service asked to wait longer than that");
  }
  wait_timer_ = environment_.transport.start_timer(*until, guarded(&RequestRun::wait_for_gate));
}

void RequestRun::on_admitted() {
  if (tickets_.empty() || !tickets_.back()->admitted() || exchange_) return;
  if (wait_timer_ != 0) environment_.transport.stop_timer(std::exchange(wait_timer_, 0));
  // Queueing may have used up the token's time; one of unknown lifetime is used as it is.
  if (token_->token.lifetime.count() > 0 && !is_fresh(token_->token, environment_.clock())) {
    tickets_.clear();
    return get_token(0);
  }
  enter_gate();
}

void RequestRun::send() {
  auto exchange = std::make_shared<Exchange>();
  exchange->url = request_.url;
  exchange->headers = request_.headers;
  exchange->bearer = token_->token.text;
  if (environment_.settings.log) environment_.settings.log->hide(token_->token.text);
  if (!request_.json.empty()) {
    exchange->is_post = true;
    exchange->form = base::Secret(request_.json);
    exchange->headers.emplace_back("Content-Type", "application/json");
  }
  if (!has_header(exchange->headers, "accept")) {
    exchange->headers.emplace_back("Accept", "application/json;odata.metadata=minimal");
  }
  if (!logs(base::LogLevel::kBodies)) exchange->headers.emplace_back("Accept-Encoding", "gzip");
  const std::string id = new_guid(environment_.random);
  exchange->headers.emplace_back("client-request-id", id);
  exchange->headers.emplace_back("return-client-request-id", "true");
  exchange->on_done = [weak = weak_from_this(), id,
                       statistics = request_.statistics](Exchange& done) {
    if (statistics) statistics->bytes += done.response.body.size();
    const std::shared_ptr<RequestRun> run = weak.lock();
    if (!run || run->over_) return;
    fill_in(done.response, run->sent_, id, run->token_);
    done.response.method = run->method();
    if (std::exception_ptr failure = failure_of([&] { run->on_done(done); })) {
      run->fail(std::move(failure));
    }
  };
  exchange_ = exchange;
  ++sent_;
  if (request_.statistics) {
    ++request_.statistics->requests;
    if (sent_ > 1) ++request_.statistics->retries;
  }
  sent_at_ = steady_clock::now();
  environment_.transport.submit(exchange);
}

void RequestRun::on_done(Exchange& exchange) {
  const std::shared_ptr<Exchange> keep = std::move(exchange_);
  exchange_.reset();
  log_exchange(exchange);
  last_outcome_ = exchange.outcome;
  last_status_ = exchange.response.status;
  last_detail_ = exchange.detail;
  if (exchange.outcome == Outcome::kOk && last_status_ == 401) {
    tickets_.clear();
    return handle_unauthorized(std::move(exchange.response));
  }
  renewed_ = false;
  Attempt attempt{sent_ - token_resends_, exchange.outcome, last_status_, std::nullopt};
  if (exchange.outcome == Outcome::kOk) {
    attempt.retry_after =
        parse_retry_after(exchange.response.header("retry-after"), environment_.clock());
  }
  const Verdict verdict = decide(environment_.settings.retry, attempt, dice());
  close_gate_if_throttled(attempt, verdict);
  tickets_.clear();
  if (verdict.resend) return send_again_after(verdict.wait);
  if (exchange.outcome == Outcome::kOk) return finish(std::move(exchange.response));
  throw transport_error(exchange.outcome, exchange.detail, request_.url, request_.context, sent_,
                        method());
}

// After a 429 nobody in the bucket asks again before the service's time (or ours) has passed.
void RequestRun::close_gate_if_throttled(const Attempt& attempt, const Verdict& verdict) {
  if (attempt.outcome != Outcome::kOk) return;
  const bool throttled =
      attempt.status == 429 || (attempt.status == 503 && attempt.retry_after.has_value());
  if (!throttled) return;
  const auto wait = attempt.retry_after.value_or(
      verdict.resend ? verdict.wait : environment_.settings.retry.first_wait);
  for (const Claim& claim : claims_) {
    environment_.gate.close(claim.bucket, steady_clock::now() + wait);
  }
}

void RequestRun::send_again_after(std::chrono::milliseconds wait) {
  const SteadyTime when = steady_clock::now() + wait;
  if (request_.deadline && when >= *request_.deadline) {
    throw deadline_error("the next attempt is due after it");
  }
  if (logs(base::LogLevel::kRequests)) {
    environment_.settings.log->write(
        base::LogLevel::kRequests, std::string("waiting ") + std::to_string(wait.count()) +
                                       " ms before attempt " + std::to_string(sent_ + 1) + " of " +
                                       method() + " " + request_.url + "; " + last_answer());
  }
  wait_timer_ = environment_.transport.start_timer(when, guarded(&RequestRun::on_waited));
}

void RequestRun::on_waited() {
  wait_timer_ = 0;
  get_token(std::exchange(refused_token_, 0), std::exchange(request_.refused_claims, {}));
}

// decisions.md 15 and 27: one renewal for a token that is still the current one; one that was
// replaced since, or whose time simply ran out on the way, does not count.
void RequestRun::handle_unauthorized(HttpResponse response) {
  std::string claims = challenged_claims(response.headers);
  if (token_resends_ >= kMaxTokenResends) return finish(std::move(response));
  const auto latest = environment_.authenticator.latest();
  if (latest && latest->generation != token_->generation) {
    ++token_resends_;
    return get_token(0);
  }
  const bool ran_out = is_expired(token_->token, environment_.clock());
  const bool answered = claims.empty() ? renewed_ && !ran_out : ++challenges_ > kMaxChallenges;
  if (answered) return finish(std::move(response));
  ++token_resends_;
  renewed_ = true;
  get_token(token_->generation, std::move(claims));
}

void RequestRun::on_deadline() {
  deadline_timer_ = 0;
  throw deadline_error("");
}

void RequestRun::finish(HttpResponse response) {
  if (request_.handler && !completion_->is_cancelled()) {
    const base::CpuStopwatch work(request_.statistics ? &request_.statistics->io_work : nullptr);
    if (std::exception_ptr failure = failure_of([&] { request_.handler->on_response(response); })) {
      return fail(std::move(failure));
    }
  }
  release();
  completion_->succeed(std::move(response));
}

void RequestRun::fail(std::exception_ptr failure) {
  if (over_) return;
  release();
  completion_->fail(std::move(failure));
}

void RequestRun::end(const Error& error) {
  fail(std::make_exception_ptr(error));
}

// Gives everything back. Callbacks that are still under way find the request over.
void RequestRun::release() {
  const std::shared_ptr<RequestRun> self = shared_from_this();
  over_ = true;
  if (deadline_timer_ != 0) environment_.transport.stop_timer(deadline_timer_);
  if (wait_timer_ != 0) environment_.transport.stop_timer(wait_timer_);
  if (exchange_) environment_.transport.abort(exchange_);
  exchange_.reset();
  tickets_.clear();
  request_.handler.reset();
  environment_.live.remove(this);
}

std::string RequestRun::last_answer() const {
  if (sent_ == 0) return "nothing was sent yet";
  if (exchange_) return "attempt " + std::to_string(sent_) + " is not answered";
  if (last_outcome_ != Outcome::kOk) return "the last attempt failed: " + last_detail_;
  return "the last answer was HTTP " + std::to_string(last_status_);
}

Error RequestRun::deadline_error(const std::string& reason) const {
  std::string message =
      request_.context.table_name.empty() ? "" : request_.context.table_name + ": ";
  message += "The query timeout ended the request " + std::string(method()) + " " +
             describe_url(request_.url);
  if (!reason.empty()) message += " (" + reason + ")";
  message +=
      "; " + last_answer() + ", " + std::to_string(sent_) + (sent_ == 1 ? " attempt" : " attempts");
  return {"HYT00", message, last_outcome_ == Outcome::kOk ? last_status_ : 0};
}

bool RequestRun::logs(base::LogLevel level) const {
  return environment_.settings.log && environment_.settings.log->enabled(level);
}

// Bodies are asked for without compression while they are logged.
void RequestRun::log_exchange(const Exchange& exchange) const {
  if (!logs(base::LogLevel::kRequests)) return;
  const auto& log = environment_.settings.log;
  const auto time =
      std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - sent_at_);
  std::string line = method() + (" " + exchange.url) + " -> ";
  if (exchange.outcome == Outcome::kOk) {
    line += std::to_string(exchange.response.status);
  } else {
    line += "failed: " + exchange.detail;
  }
  line += ", " + std::to_string(exchange.response.body.size()) + " bytes, " +
          std::to_string(time.count()) + " ms, attempt " + std::to_string(sent_) + ", request-id " +
          exchange.response.request_id;
  log->write(base::LogLevel::kRequests, line);
  if (!logs(base::LogLevel::kHeaders)) return;
  for (const auto& [name, value] : exchange.headers) {
    log->write(base::LogLevel::kHeaders, "> " + name + ": " + value);
  }
  for (const auto& [name, value] : exchange.response.headers) {
    log->write(base::LogLevel::kHeaders, "< " + name + ": " + value);
  }
  if (!logs(base::LogLevel::kBodies)) return;
  for (const auto& [mark, body] : {std::pair("> ", std::string_view(request_.json)),
                                   std::pair("< ", exchange.response.body.view())}) {
    const bool whole = logs(base::LogLevel::kAll) || body.size() <= kLoggedBody;
    const std::size_t shown = whole ? body.size() : base::utf8_prefix(body, kLoggedBody);
    if (!body.empty()) {
      log->write(base::LogLevel::kBodies, std::string(mark).append(body.substr(0, shown)));
    }
  }
}

double RequestRun::dice() {
  return std::uniform_real_distribution<double>(0, 1)(environment_.random);
}

}  // namespace graphodbc::graph
