// A scripted service behind PageFetcher: answers on a thread of its own, as the transport does.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "graph/page_fetcher.h"

namespace graphodbc::graph {

class FakePending final : public PendingResponse {
 public:
  HttpResponse wait() override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return done_; });
    if (failure_) throw *failure_;
    return std::move(response_);
  }
  bool ready() const override {
    const std::lock_guard lock(mutex_);
    return done_;
  }
  void cancel() noexcept override { fail(base::Error("HY008", "the statement was cancelled")); }
  // A copy is thrown to whoever waits: TSan cannot see through exception_ptr's reference count.
  void fail(const base::Error& failure) {
    const std::lock_guard lock(mutex_);
    if (done_) return;
    done_ = true;
    failure_ = failure;
    changed_.notify_all();
  }
  void complete(HttpResponse response) {
    const std::lock_guard lock(mutex_);
    if (done_) return;
    done_ = true;
    response_ = std::move(response);
    changed_.notify_all();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::optional<base::Error> failure_;
  HttpResponse response_;
};

class FakeService final : public PageFetcher {
 public:
  // `nth` counts requests from 0. The Error it throws is what wait() throws.
  using Answer = std::function<HttpResponse(const HttpRequest& request, std::size_t nth)>;

  explicit FakeService(Answer answer) : answer_(std::move(answer)), thread_([this] { run(); }) {}
  ~FakeService() override {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

  // For a scan, which must not own the service: the last to let go of a scan's state may be a late
  // answer on the service's own thread, and that cannot wait for its own end.
  std::shared_ptr<PageFetcher> lend() {
    return {this, [](PageFetcher*) {}};
  }

  std::shared_ptr<PendingResponse> start(HttpRequest request) override {
    auto pending = std::make_shared<FakePending>();
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    queue_.push_back({std::move(request), pending, requests_.size() - 1});
    changed_.notify_all();
    return pending;
  }
  const std::string& version_root() const override { return version_root_; }
  const std::string& origin() const override { return origin_; }
  bool same_origin(std::string_view url) const override { return url.starts_with(origin_ + "/"); }
  RetrySettings retry_settings() const override {
    RetrySettings settings;
    settings.first_wait = std::chrono::milliseconds(1);
    if (!resend) settings.mode = RetryMode::kNone;
    return settings;
  }
  void close_gate(const GateShare& share, std::chrono::steady_clock::time_point until) override {
    const std::lock_guard lock(mutex_);
    closed_[share.mailbox] = until;
  }
  // Mailboxes whose gate was closed, and until when.
  std::map<std::string, std::chrono::steady_clock::time_point> closed() {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

  // Answers only the first `count` requests until it is called again.
  void hold_after(std::size_t count) {
    const std::lock_guard lock(mutex_);
    answerable_ = count;
    changed_.notify_all();
  }
  // Waits until all requests that may be answered are, then tells how many were sent.
  std::size_t settled() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock,
                  [&] { return !busy_ && (queue_.empty() || queue_.front().nth >= answerable_); });
    return requests_.size();
  }
  std::vector<HttpRequest> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::vector<std::string> urls() {
    std::vector<std::string> urls;
    for (const HttpRequest& request : requests()) urls.push_back(request.url);
    return urls;
  }

  bool resend = true;

 private:
  struct Job {
    HttpRequest request;
    std::shared_ptr<FakePending> pending;
    std::size_t nth;
  };

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock,
                    [&] { return stop_ || (!queue_.empty() && queue_.front().nth < answerable_); });
      if (stop_) break;
      Job job = std::move(queue_.front());
      queue_.pop_front();
      busy_ = true;
      lock.unlock();
      serve(job);
      job = Job();
      lock.lock();
      busy_ = false;
      changed_.notify_all();
    }
    for (Job& job : queue_) job.pending->cancel();
  }

  void serve(Job& job) {
    if (job.pending->ready()) return;  // cancelled
    try {
      HttpResponse response = answer_(job.request, job.nth);
      response.url = job.request.url;
      if (job.request.handler) job.request.handler->on_response(response);
      job.pending->complete(std::move(response));
    } catch (const base::Error& error) {
      job.pending->fail(error);
    }
  }

  const std::string origin_ = "https://graph.test";
  const std::string version_root_ = "https://graph.test/v1.0";
  Answer answer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> queue_;
  std::vector<HttpRequest> requests_;
  std::map<std::string, std::chrono::steady_clock::time_point> closed_;
  std::size_t answerable_ = SIZE_MAX;
  bool busy_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace graphodbc::graph
