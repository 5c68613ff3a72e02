#include "graph/transport.h"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/url.h"
#include "graph/quiet_thread.h"

namespace graphodbc::graph {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kMaxHeaderBytes = std::size_t{256} << 10;
// Room reserved ahead on the word of Content-Length; more grows as it arrives.
constexpr std::size_t kMaxReserve = std::size_t{64} << 20;
constexpr long kReceiveBuffer = 128L << 10;
constexpr long kMaxHostConnections = 8;
constexpr std::size_t kIdleHandles = 8;

// Never cleaned up: the host application may use curl as well (odbc-pitfalls 6.3).
void initialise_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

Outcome outcome_of(CURLcode code, bool connected) {
  switch (code) {
    case CURLE_OK:
      return Outcome::kOk;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return Outcome::kResolve;
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
      return Outcome::kConnect;
    case CURLE_PROXY:
      return Outcome::kProxy;
    case CURLE_OPERATION_TIMEDOUT:
      return connected ? Outcome::kTimeout : Outcome::kConnect;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return Outcome::kTls;
    case CURLE_PARTIAL_FILE:
      return Outcome::kTruncated;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return Outcome::kReset;
    case CURLE_OUT_OF_MEMORY:
      return Outcome::kMemory;
    default:
      return Outcome::kProtocol;
  }
}

// An exchange on the wire.
struct Transfer {
  std::shared_ptr<Exchange> exchange;
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
  char error[CURL_ERROR_SIZE] = "";
  SteadyTime last_progress;
  std::size_t header_bytes = 0;
  std::size_t max_body = 0;
  // Why a callback ended the transfer; kOk when it did not.
  Outcome refusal = Outcome::kOk;
};

// Keeps the last header block: informational responses and CONNECT answers come before it.
void take_header_line(Transfer& transfer, std::string_view line) {
  HttpResponse& response = transfer.exchange->response;
  if (line.starts_with("HTTP/")) {
    response.headers.clear();
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  std::string name(trim(line.substr(0, colon)));
  std::transform(name.begin(), name.end(), name.begin(), lower);
  const std::string_view value = trim(line.substr(colon + 1));
  if (name == "content-length") {
    const std::size_t length = std::strtoull(std::string(value).c_str(), nullptr, 10);
    response.body.reserve(std::min({length, kMaxReserve, transfer.max_body}));
  }
  response.headers.emplace_back(std::move(name), value);
}

// Callbacks from C: no exception may pass (decisions.md 24).
std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) noexcept {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.last_progress = steady_clock::now();
  transfer.header_bytes += size;
  if (transfer.header_bytes > kMaxHeaderBytes) {
    transfer.refusal = Outcome::kTooLarge;
    return 0;
  }
  try {
    take_header_line(transfer, trim({data, size}));
  } catch (...) {
    transfer.refusal = Outcome::kMemory;
    return 0;
  }
  return size;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) noexcept {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.last_progress = steady_clock::now();
  ByteBuffer& body = transfer.exchange->response.body;
  if (body.size() + size > transfer.max_body) {
    transfer.refusal = Outcome::kTooLarge;
    return 0;
  }
  try {
    body.append({data, size});
  } catch (...) {
    transfer.refusal = Outcome::kMemory;
    return 0;
  }
  return size;
}

// What curl tells of its connections, at LogLevel=5. Headers and bodies are logged by those who
// know which of them are secret.
int on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* user) noexcept {
  if (type != CURLINFO_TEXT) return 0;
  static_cast<base::Log*>(user)->write(base::LogLevel::kAll, trim({data, size}));
  return 0;
}

// Tasks for the I/O thread. `multi` is null before the thread has it and after it gave it up.
class Queue final : public Transport::Mailbox {
 public:
  bool post(Task task) override {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    tasks_.push_back(std::move(task));
    if (multi_ != nullptr) curl_multi_wakeup(multi_);
    return true;
  }
  void attach(CURLM* multi) {
    const std::lock_guard lock(mutex_);
    multi_ = multi;
  }
  std::vector<Task> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(tasks_, {});
  }
  void wake() {
    const std::lock_guard lock(mutex_);
    if (multi_ != nullptr) curl_multi_wakeup(multi_);
  }
  bool empty() const {
    const std::lock_guard lock(mutex_);
    return tasks_.empty();
  }
  // The tasks that will not run are handed out, to be destroyed without the lock.
  std::vector<Task> close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    multi_ = nullptr;
    return std::exchange(tasks_, {});
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Task> tasks_;
  CURLM* multi_ = nullptr;
  bool closed_ = false;
};

}  // namespace

struct Transport::Impl {
  explicit Impl(TransportOptions given) : options(std::move(given)), queue(new Queue) {}

  TransportOptions options;
  std::shared_ptr<Queue> queue;
  std::shared_ptr<Mailbox> mailbox = queue;
  const pid_t owner = getpid();

  std::mutex start_mutex;
  std::thread thread;
  std::atomic<bool> started{false};
  std::atomic<bool> stopping{false};

  // Of the I/O thread only.
  CURLM* multi = nullptr;
  std::map<Exchange*, std::unique_ptr<Transfer>> transfers;
  std::vector<CURL*> idle;
  std::map<std::pair<SteadyTime, TimerId>, Task> timers;
  std::map<TimerId, SteadyTime> timer_times;
  TimerId next_timer = 1;

  void ensure_thread();
  void run() noexcept;
  void run_tasks();
  void run_timers();
  void reap();
  void check_progress();
  int poll_timeout() const;
  void begin(const std::shared_ptr<Exchange>& exchange);
  void configure(Transfer& transfer);
  void configure_proxy(CURL* easy, const Exchange& exchange) const;
  long connect_timeout_ms() const;
  void finish(Transfer& transfer, Outcome outcome, std::string detail);
  void shut_down();
};

void Transport::Impl::ensure_thread() {
  if (started) return;
  const std::lock_guard lock(start_mutex);
  if (started || stopping) return;
  initialise_curl();
  multi = curl_multi_init();
  if (multi == nullptr) throw base::Error("HY001", "Out of memory while opening the transport");
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, kMaxHostConnections);
  queue->attach(multi);
  thread = start_quiet_thread([this] { run(); });
  started = true;
}

void Transport::Impl::run() noexcept {
  while (!stopping) {
    run_tasks();
    run_timers();
    int running = 0;
    curl_multi_perform(multi, &running);
    reap();
    check_progress();
    if (!stopping && queue->empty()) {
      curl_multi_poll(multi, nullptr, 0, poll_timeout(), nullptr);
    }
  }
  shut_down();
}

// Tasks report their own failures to whoever waits; what escapes them is a lack of memory while
// doing so, and the thread has nobody to tell.
void run_task(const Task& task) noexcept {
  try {
    task();
  } catch (...) {
  }
}

void Transport::Impl::run_tasks() {
  for (const Task& task : queue->take()) {
    if (!stopping) run_task(task);
  }
}

void Transport::Impl::run_timers() {
  while (!timers.empty() && !stopping) {
    const auto first = timers.begin();
    if (first->first.first > steady_clock::now()) return;
    Task task = std::move(first->second);
    timer_times.erase(first->first.second);
    timers.erase(first);
    run_task(task);
  }
}

void Transport::Impl::reap() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    curl_off_t connect_time = 0;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRETRANSFER_TIME_T, &connect_time);
    Outcome outcome = outcome_of(code, connect_time > 0);
    // What a proxy answers to CONNECT looks like a lost connection to curl 7.88.
    long tunnel_status = 0;
    curl_easy_getinfo(message->easy_handle, CURLINFO_HTTP_CONNECTCODE, &tunnel_status);
    // Of the 5xx another try may get through.
    if (code != CURLE_OK && tunnel_status >= 300) {
      outcome = tunnel_status >= 500 ? Outcome::kConnect : Outcome::kProxy;
    }
    long status = 0;
    curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
    if (status == 407) outcome = Outcome::kProxy;
    if (transfer->refusal != Outcome::kOk) outcome = transfer->refusal;
    std::string detail;
    if (outcome != Outcome::kOk) {
      detail = transfer->error[0] != '\0' ? transfer->error : curl_easy_strerror(code);
    }
    finish(*transfer, outcome, std::move(detail));
  }
}

// The clock of `Timeout`: headers and body reset it; connecting has its own limit in curl.
void Transport::Impl::check_progress() {
  if (options.timeout.count() == 0) return;
  const SteadyTime limit = steady_clock::now() - options.timeout;
  std::vector<std::shared_ptr<Exchange>> stalled;
  for (const auto& [exchange, transfer] : transfers) {
    if (transfer->last_progress <= limit) stalled.push_back(transfer->exchange);
  }
  for (const auto& exchange : stalled) {
    const auto found = transfers.find(exchange.get());
    if (found == transfers.end()) continue;
    finish(*found->second, Outcome::kTimeout,
           "no data for " + std::to_string(options.timeout.count()) + " s");
  }
}

int Transport::Impl::poll_timeout() const {
  SteadyTime next = steady_clock::now() + std::chrono::seconds(60);
  if (!timers.empty()) next = std::min(next, timers.begin()->first.first);
  if (options.timeout.count() > 0) {
    for (const auto& [exchange, transfer] : transfers) {
      next = std::min(next, transfer->last_progress + options.timeout);
    }
  }
  const auto wait =
      std::chrono::ceil<std::chrono::milliseconds>(next - steady_clock::now()).count();
  return static_cast<int>(std::clamp<long long>(wait, 0, 60'000));
}

// 0 would be curl's own limit of five minutes, so "none" is a long time.
long Transport::Impl::connect_timeout_ms() const {
  std::chrono::seconds limit = options.connect_timeout;
  if (limit.count() == 0) limit = std::chrono::hours(24);
  if (options.timeout.count() > 0) limit = std::min(limit, options.timeout);
  return static_cast<long>(limit.count()) * 1000;
}

// Without Proxy curl reads https_proxy and no_proxy of the environment by itself.
void Transport::Impl::configure_proxy(CURL* easy, const Exchange& exchange) const {
  const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  const ProxySettings& proxy = options.proxy;
  const std::optional<base::Url> url = base::parse_url(exchange.url);
  const bool to_this_machine = url && base::is_loopback_host(url->host);
  const std::size_t host = proxy.url.find("://");
  const bool on_this_machine =
      host != std::string::npos &&
      base::is_loopback_host(
          base::parse_url("http" + proxy.url.substr(host)).value_or(base::Url{}).host);
  // Plain http is allowed to this machine only; a proxy elsewhere would carry it there.
  if (proxy.disabled || exchange.direct || (to_this_machine && !on_this_machine)) {
    set(CURLOPT_PROXY, "");
    return;
  }
  if (!proxy.exceptions.empty()) set(CURLOPT_NOPROXY, proxy.exceptions.c_str());
  if (proxy.url.empty()) return;
  set(CURLOPT_PROXY, proxy.url.c_str());
  set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) set(CURLOPT_PROXY_CAINFO, options.ca_file.c_str());
  // The headers of the request are for the service behind the tunnel.
  set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  const std::string& credentials = proxy.credentials.reveal();
  if (credentials.empty()) return;
  // Apart, so that a colon in the password stays in it.
  const std::size_t colon = credentials.find(':');
  set(CURLOPT_PROXYUSERNAME, credentials.substr(0, colon).c_str());
  if (colon != std::string::npos) {
    set(CURLOPT_PROXYPASSWORD, credentials.substr(colon + 1).c_str());
  }
  set(CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_ANY));
}

void Transport::Impl::configure(Transfer& transfer) {
  CURL* easy = transfer.easy;
  Exchange& exchange = *transfer.exchange;
  const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  set(CURLOPT_URL, exchange.url.c_str());
  set(CURLOPT_PRIVATE, &transfer);
  set(CURLOPT_ERRORBUFFER, transfer.error);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // do not join a resolver thread (decisions.md 22)
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_PIPEWAIT, 1L);
  set(CURLOPT_BUFFERSIZE, kReceiveBuffer);
  set(CURLOPT_HTTP_CONTENT_DECODING, 0L);  // bodies are decoded whole (performance.md)
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options.ca_file.empty()) {
    set(CURLOPT_CAINFO, options.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  configure_proxy(easy, exchange);
  set(CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms());
  set(CURLOPT_USERAGENT, options.user_agent.c_str());
  if (options.log && options.log->enabled(base::LogLevel::kAll)) {
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_DEBUGFUNCTION, &on_debug);
    set(CURLOPT_DEBUGDATA, options.log.get());
  }
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, &transfer);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, &transfer);
  if (exchange.is_post) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(exchange.form.reveal().size()));
    set(CURLOPT_POSTFIELDS, exchange.form.reveal().c_str());
  }
  const auto add = [&transfer](const std::string& line) {
    curl_slist* grown = curl_slist_append(transfer.headers, line.c_str());
    if (grown == nullptr) throw std::bad_alloc();
    transfer.headers = grown;
  };
  for (const auto& [name, value] : exchange.headers) add(name + ": " + value);
  if (!exchange.bearer.empty()) add("Authorization: Bearer " + exchange.bearer.reveal());
  add("Expect:");
  set(CURLOPT_HTTPHEADER, transfer.headers);
}

void Transport::Impl::begin(const std::shared_ptr<Exchange>& exchange) {
  auto owned = std::make_unique<Transfer>();
  Transfer& transfer = *owned;
  transfer.exchange = exchange;
  transfer.max_body = options.max_body;
  transfer.last_progress = steady_clock::now();
  if (idle.empty()) {
    transfer.easy = curl_easy_init();
  } else {
    transfer.easy = idle.back();
    idle.pop_back();
  }
  transfers.emplace(exchange.get(), std::move(owned));
  if (transfer.easy == nullptr) return finish(transfer, Outcome::kMemory, "no transfer handle");
  try {
    configure(transfer);
  } catch (const std::bad_alloc&) {
    return finish(transfer, Outcome::kMemory, "out of memory");
  }
  if (curl_multi_add_handle(multi, transfer.easy) != CURLM_OK) {
    finish(transfer, Outcome::kMemory, "the transfer could not be started");
  }
}

void Transport::Impl::finish(Transfer& transfer, Outcome outcome, std::string detail) {
  const auto node = transfers.extract(transfer.exchange.get());
  const std::shared_ptr<Exchange> exchange = transfer.exchange;
  HttpResponse& response = exchange->response;
  if (transfer.easy != nullptr) {
    long status = 0;
    curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    curl_multi_remove_handle(multi, transfer.easy);
    curl_easy_reset(transfer.easy);
    if (idle.size() < kIdleHandles) {
      idle.push_back(transfer.easy);
    } else {
      curl_easy_cleanup(transfer.easy);
    }
  }
  curl_slist_free_all(transfer.headers);
  response.url = exchange->url;
  exchange->outcome = outcome;
  exchange->detail = std::move(detail);
  if (exchange->on_done) {
    const auto on_done = std::exchange(exchange->on_done, nullptr);
    on_done(*exchange);
  }
}

void Transport::Impl::shut_down() {
  const std::vector<Task> dropped = queue->close();
  while (!transfers.empty()) {
    finish(*transfers.begin()->second, Outcome::kAborted, "the connection is being closed");
  }
  timers.clear();
  timer_times.clear();
  for (CURL* easy : idle) curl_easy_cleanup(easy);
  idle.clear();
  curl_multi_cleanup(multi);
  multi = nullptr;
}

Transport::Transport(TransportOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

Transport::~Transport() {
  if (getpid() != impl_->owner) {
    (void)impl_.release();  // decisions.md 23
    return;
  }
  stop();
}

bool Transport::post(Task task) {
  impl_->ensure_thread();
  return impl_->queue->post(std::move(task));
}

const std::shared_ptr<Transport::Mailbox>& Transport::mailbox() const {
  return impl_->mailbox;
}

void Transport::submit(const std::shared_ptr<Exchange>& exchange) {
  impl_->begin(exchange);
}

void Transport::abort(const std::shared_ptr<Exchange>& exchange) {
  const auto found = impl_->transfers.find(exchange.get());
  if (found != impl_->transfers.end()) {
    impl_->finish(*found->second, Outcome::kAborted, "cancelled");
  }
}

TimerId Transport::start_timer(SteadyTime when, Task task) {
  const TimerId id = impl_->next_timer++;
  impl_->timers.emplace(std::make_pair(when, id), std::move(task));
  impl_->timer_times.emplace(id, when);
  return id;
}

void Transport::stop_timer(TimerId id) {
  const auto found = impl_->timer_times.find(id);
  if (found == impl_->timer_times.end()) return;
  impl_->timers.erase({found->second, id});
  impl_->timer_times.erase(found);
}

void Transport::set_timeout(std::chrono::seconds timeout) {
  impl_->options.timeout = timeout;
}

void Transport::stop() {
  std::thread thread;
  {
    const std::lock_guard lock(impl_->start_mutex);
    impl_->stopping = true;
    thread = std::move(impl_->thread);
  }
  impl_->queue->wake();
  if (thread.joinable()) {
    thread.join();
  } else {
    impl_->queue->close();
  }
}

}  // namespace graphodbc::graph
