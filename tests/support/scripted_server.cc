#include "tests/support/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace graphodbc::test {
namespace {

std::string to_lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return text;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// Reads one request; leftover bytes stay in `buffer`. False at the end of the connection.
bool read_request(int socket, std::string& buffer, ScriptedRequest& request) {
  const auto fill = [&] {
    char chunk[8192];
    const ssize_t count = ::recv(socket, chunk, sizeof chunk, 0);
    if (count <= 0) return false;
    buffer.append(chunk, static_cast<std::size_t>(count));
    return true;
  };
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return false;
  }
  const std::string head = buffer.substr(0, end);
  buffer.erase(0, end + 4);
  const std::size_t first = head.find(' ');
  const std::size_t second = head.find(' ', first + 1);
  request.method = head.substr(0, first);
  request.target = head.substr(first + 1, second - first - 1);
  std::size_t line = head.find("\r\n");
  while (line != std::string::npos) {
    const std::size_t start = line + 2;
    line = head.find("\r\n", start);
    const std::string text = head.substr(start, line - start);
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) continue;
    const std::size_t value = text.find_first_not_of(' ', colon + 1);
    request.headers.emplace_back(to_lower(text.substr(0, colon)),
                                 value == std::string::npos ? "" : text.substr(value));
  }
  const std::string length = request.header("content-length");
  const std::size_t wanted = length.empty() ? 0 : std::stoul(length);
  while (buffer.size() < wanted) {
    if (!fill()) return false;
  }
  request.body = buffer.substr(0, wanted);
  buffer.erase(0, wanted);
  request.at = std::chrono::steady_clock::now();
  return true;
}

std::string frame(const ScriptedReply& reply, std::string_view body) {
  if (!reply.chunked) return std::string(body);
  constexpr std::size_t kChunk = 1000;
  std::string out;
  for (std::size_t at = 0; at < body.size(); at += kChunk) {
    const std::string_view part = body.substr(at, kChunk);
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", part.size());
    out += size;
    out += part;
    out += "\r\n";
  }
  return out + "0\r\n\r\n";
}

std::string head_of(const ScriptedReply& reply) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
  for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
  if (reply.chunked) {
    head += "Transfer-Encoding: chunked\r\n";
  } else {
    head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  }
  return head + "\r\n";
}

void wait_for_close(int socket) {
  char byte = 0;
  while (::recv(socket, &byte, 1, 0) > 0) {
  }
}

// True when the connection may serve another request.
bool send_reply(int socket, const ScriptedReply& reply) {
  if (reply.reset) {
    const linger abort{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
    return false;
  }
  if (!reply.raw.empty()) {
    send_all(socket, reply.raw);
    return false;
  }
  const std::size_t limit = std::min(reply.cut_after, reply.stall_after);
  const std::string framed = frame(reply, reply.body);
  if (!send_all(socket, head_of(reply) + framed.substr(0, limit))) return false;
  if (limit == std::string::npos) return true;
  if (reply.stall_after <= reply.cut_after) wait_for_close(socket);
  return false;
}

}  // namespace

std::string ScriptedRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

struct ScriptedServer::Impl {
  Handler handler;
  int listener = -1;
  int port = 0;
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> active{0};
  std::atomic<std::size_t> peak{0};
  mutable std::mutex mutex;
  std::vector<ScriptedRequest> requests;
  std::vector<int> sockets;
  std::vector<std::thread> threads;
  std::thread acceptor;

  void accept_loop() {
    while (!stopping) {
      const int socket = ::accept(listener, nullptr, nullptr);
      if (socket < 0) return;
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const std::lock_guard lock(mutex);
      if (stopping) {
        ::close(socket);
        return;
      }
      sockets.push_back(socket);
      threads.emplace_back([this, socket] { serve(socket); });
    }
  }

  void serve(int socket) {
    std::string buffer;
    ScriptedRequest request;
    while (!stopping && read_request(socket, buffer, request)) {
      const std::size_t now_active = ++active;
      std::size_t seen = peak;
      while (now_active > seen && !peak.compare_exchange_weak(seen, now_active)) {
      }
      {
        const std::lock_guard lock(mutex);
        requests.push_back(request);
      }
      const ScriptedReply reply = handler(request);
      if (reply.delay.count() > 0) wait(reply.delay);
      --active;
      if (!send_reply(socket, reply)) break;
      request = {};
    }
    const std::lock_guard lock(mutex);
    std::erase(sockets, socket);
    ::close(socket);
  }

  void wait(std::chrono::milliseconds time) const {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!stopping && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
};

ScriptedServer::ScriptedServer(Handler handler) : impl_(std::make_unique<Impl>()) {
  impl_->handler = std::move(handler);
  impl_->listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (impl_->listener < 0 || ::bind(impl_->listener, generic, size) != 0 ||
      ::listen(impl_->listener, 64) != 0 || ::getsockname(impl_->listener, generic, &size) != 0) {
    throw std::runtime_error("the scripted server cannot listen");
  }
  impl_->port = ntohs(address.sin_port);
  impl_->acceptor = std::thread([impl = impl_.get()] { impl->accept_loop(); });
}

ScriptedServer::~ScriptedServer() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
    ::shutdown(impl_->listener, SHUT_RDWR);
    for (int socket : impl_->sockets) ::shutdown(socket, SHUT_RDWR);
  }
  impl_->acceptor.join();
  {
    const std::lock_guard lock(impl_->mutex);
    threads = std::move(impl_->threads);
  }
  for (std::thread& thread : threads) thread.join();
  ::close(impl_->listener);
}

std::string ScriptedServer::url() const {
  return "http://127.0.0.1:" + std::to_string(impl_->port);
}

std::vector<ScriptedRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->requests;
}

std::size_t ScriptedServer::count(std::string_view target_prefix) const {
  const std::vector<ScriptedRequest> all = requests();
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(),
      [&](const ScriptedRequest& request) { return request.target.starts_with(target_prefix); }));
}

std::size_t ScriptedServer::peak() const {
  return impl_->peak;
}

}  // namespace graphodbc::test
