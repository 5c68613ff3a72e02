#include "graph/page_stream.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <utility>
#include <vector>

#include "base/error.h"
#include "graph/content_decoder.h"
#include "graph/page_reader.h"
#include "graph/scan_statistics.h"

namespace graphodbc::graph {
namespace {

// Buffers and indexes of pages that nobody reads any more. Two are enough: one page is read while
// the next is being received.
class BufferPool {
 public:
  ByteBuffer take() {
    const std::lock_guard lock(mutex_);
    if (buffers_.empty()) return {};
    ByteBuffer buffer = std::move(buffers_.back());
    buffers_.pop_back();
    return buffer;
  }
  void give(ByteBuffer buffer) noexcept {
    constexpr std::size_t kKept = 2;
    constexpr std::size_t kLargest = std::size_t{16} << 20;
    if (buffer.capacity() == 0 || buffer.capacity() > kLargest) return;
    buffer.clear();
    const std::lock_guard lock(mutex_);
    // The vector's room is reserved below, so this does not throw.
    if (buffers_.size() < kKept) buffers_.push_back(std::move(buffer));
  }
  BufferPool() {
    buffers_.reserve(4);
    indexes_.reserve(4);
  }

  std::unique_ptr<PageIndex> take_index() {
    {
      const std::lock_guard lock(mutex_);
      if (!indexes_.empty()) {
        std::unique_ptr<PageIndex> index = std::move(indexes_.back());
        indexes_.pop_back();
        return index;
      }
    }
    return std::make_unique<PageIndex>();
  }
  void give_index(std::unique_ptr<PageIndex> index) noexcept {
    constexpr std::size_t kKept = 2;
    const std::lock_guard lock(mutex_);
    if (index && indexes_.size() < kKept) indexes_.push_back(std::move(index));
  }

 private:
  std::mutex mutex_;
  std::vector<ByteBuffer> buffers_;
  std::vector<std::unique_ptr<PageIndex>> indexes_;
};

}  // namespace

class PageBytes {
 public:
  // `pool` is shared because rows may outlive the scan.
  PageBytes(ByteBuffer body, std::shared_ptr<BufferPool> pool)
      : body_(std::move(body)), pool_(std::move(pool)) {}
  ~PageBytes() { pool_->give(std::move(body_)); }
  PageBytes(const PageBytes&) = delete;
  PageBytes& operator=(const PageBytes&) = delete;
  const ByteBuffer& body() const { return body_; }

 private:
  ByteBuffer body_;
  std::shared_ptr<BufferPool> pool_;
};

const ByteBuffer& bytes_of(const PageBytes& page) {
  return page.body();
}

// One request. The handler half runs on the I/O thread; the scan reads the results after wait().
class PageStream::Fetch : public ResponseHandler {
 public:
  Fetch(std::weak_ptr<State> state, std::string url, Headers headers)
      : state_(std::move(state)), url_(std::move(url)), headers_(std::move(headers)) {}

  void on_response(HttpResponse& response) override;

  const std::string& url() const { return url_; }
  const Headers& headers() const { return headers_; }
  const std::optional<std::string>& hint() const { return hint_; }
  const std::optional<std::string>& decode_failure() const { return decode_failure_; }
  std::unique_ptr<PageIndex> take_index() { return std::move(index_); }

 private:
  std::weak_ptr<State> state_;  // weak: a late answer must not keep the scan's pages
  std::string url_;
  Headers headers_;
  std::optional<std::string> hint_;
  std::optional<std::string> decode_failure_;
  std::unique_ptr<PageIndex> index_;
};

struct PageStream::State : std::enable_shared_from_this<State> {
  struct Slot {
    std::shared_ptr<Fetch> fetch;
    std::shared_ptr<PendingResponse> pending;  // set a moment after fetch
    bool is(const std::string& url, const Headers& headers) const {
      return fetch && fetch->url() == url && fetch->headers() == headers;
    }
  };

  std::shared_ptr<PageFetcher> fetcher;
  HttpRequest common;
  std::shared_ptr<BufferPool> pool = std::make_shared<BufferPool>();
  std::atomic<bool> cancelled{false};

  std::mutex mutex;  // guards what follows; never held while the client is called
  Slot current;
  Slot ahead;
  bool chain = false;
  bool closed = false;
  bool reader_waits = false;  // for the current page

  // Starts a request in `slot`, which must be empty. Throws what the client throws.
  void start(Slot State::*slot, const std::string& url, const Headers& headers) {
    auto fetch = std::make_shared<Fetch>(weak_from_this(), url, headers);
    {
      // Set before the request leaves, because its handler looks for itself here.
      const std::lock_guard lock(mutex);
      if (closed) return;
      this->*slot = {fetch, nullptr};
    }
    HttpRequest request = common;
    request.url = url;
    request.headers = headers;
    request.handler = fetch;
    std::shared_ptr<PendingResponse> pending;
    try {
      pending = fetcher->start(std::move(request));
    } catch (...) {
      const std::lock_guard lock(mutex);
      if ((this->*slot).fetch == fetch) this->*slot = {};
      throw;
    }
    bool unwanted = false;
    {
      const std::lock_guard lock(mutex);
      if ((this->*slot).fetch == fetch) {
        (this->*slot).pending = pending;
      } else {
        unwanted = true;
      }
    }
    if (unwanted || cancelled) pending->cancel();
  }

  // Requests the page after `fetch` on the strength of a hint: only what is certainly harmless.
  void start_hinted(const Fetch& fetch) noexcept {
    const std::optional<std::string>& link = fetch.hint();
    try {
      if (!link || *link == fetch.url() || !fetcher->same_origin(*link)) return;
      {
        const std::lock_guard lock(mutex);
        if (!chain || closed || current.fetch.get() != &fetch || ahead.fetch) return;
      }
      start(&State::ahead, *link, fetch.headers());
    } catch (const std::exception&) {
      // The scan requests the page itself later and then reports what is wrong.
    }
  }

  // Whether the reading thread has nothing to do until `fetch` is complete.
  bool is_awaited(const Fetch& fetch) {
    const std::lock_guard lock(mutex);
    return reader_waits && current.fetch.get() == &fetch;
  }

  Slot take_slot(Slot State::*slot) {
    const std::lock_guard lock(mutex);
    return std::exchange(this->*slot, {});
  }
};

void PageStream::Fetch::on_response(HttpResponse& response) {
  const std::shared_ptr<State> state = state_.lock();
  if (!state) return;
  try {
    ByteBuffer spare = response.content_encoding.empty() ? ByteBuffer() : state->pool->take();
    decode_body(response, spare);
    // What is left over is the compressed body's memory, which the transport does not ask back.
  } catch (const base::Error& error) {
    decode_failure_ = error.message();
    response.body.clear();
    return;
  }
  if (response.status != 200) return;
  hint_ = find_next_link_hint(response.body.view());
  state->start_hinted(*this);
  index_ = state->pool->take_index();
  // Whichever thread has less to do indexes the page: a reading thread that waits does it itself,
  // while this one receives and inflates the next page.
  if (!state->is_awaited(*this)) index_->build(response.body);
}

PageStream::PageStream(std::shared_ptr<PageFetcher> fetcher, HttpRequest common)
    : state_(std::make_shared<State>()) {
  state_->fetcher = std::move(fetcher);
  state_->common = std::move(common);
}

PageStream::~PageStream() {
  close();
}

FetchedPage PageStream::take(const std::string& url, const Headers& headers, bool chain) {
  if (state_->cancelled) throw base::Error("HY008", "the statement was cancelled");
  const Deadline& deadline = state_->common.deadline;
  if (deadline && std::chrono::steady_clock::now() >= *deadline) {
    throw base::Error("HYT00", "the query timeout passed before all rows were read");
  }
  State::Slot stale;
  bool on_its_way = false;
  {
    const std::lock_guard lock(state_->mutex);
    state_->chain = chain;
    on_its_way = state_->ahead.is(url, headers);
    stale = std::exchange(state_->ahead, {});
    if (on_its_way) state_->current = std::exchange(stale, {});
  }
  if (stale.pending) stale.pending->cancel();
  if (!on_its_way) state_->start(&State::current, url, headers);

  State::Slot slot;
  {
    const std::lock_guard lock(state_->mutex);
    slot = state_->current;
    state_->reader_waits = true;
  }
  if (!slot.pending) throw base::Error("HY008", "the statement was cancelled");
  FetchedPage page;
  {
    const base::WallStopwatch waiting(state_->common.statistics ? &state_->common.statistics->waited
                                                                : nullptr);
    page.response = slot.pending->wait();
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->reader_waits = false;
  }
  // The handler did nothing about the next page if this one was complete before it was wanted.
  state_->start_hinted(*slot.fetch);
  state_->take_slot(&State::current);
  page.decode_failure = slot.fetch->decode_failure();
  page.index = slot.fetch->take_index();
  page.body = std::make_shared<const PageBytes>(std::move(page.response.body), state_->pool);
  return page;
}

void PageStream::expect(const std::string& url, const Headers& headers) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->ahead.is(url, headers)) return;
  }
  drop_ahead();
  try {
    state_->start(&State::ahead, url, headers);
  } catch (const base::Error&) {
    // take() will try again and report it when the page is wanted.
  }
}

void PageStream::drop_ahead() {
  const State::Slot slot = state_->take_slot(&State::ahead);
  if (slot.pending) slot.pending->cancel();
}

void PageStream::recycle(std::unique_ptr<PageIndex> index) noexcept {
  state_->pool->give_index(std::move(index));
}

void PageStream::close() noexcept {
  State::Slot current;
  State::Slot ahead;
  {
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
    current = std::exchange(state_->current, {});
    ahead = std::exchange(state_->ahead, {});
  }
  if (current.pending) current.pending->cancel();
  if (ahead.pending) ahead.pending->cancel();
}

void PageStream::cancel() noexcept {
  state_->cancelled = true;
  std::shared_ptr<PendingResponse> current;
  std::shared_ptr<PendingResponse> ahead;
  {
    const std::lock_guard lock(state_->mutex);
    current = state_->current.pending;
    ahead = state_->ahead.pending;
  }
  if (current) current->cancel();
  if (ahead) ahead->cancel();
}

bool PageStream::cancelled() const noexcept {
  return state_->cancelled;
}

}  // namespace graphodbc::graph
