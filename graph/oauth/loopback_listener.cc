#include "graph/oauth/loopback_listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file_handle.h"
#include "base/url.h"
#include "graph/oauth/loopback_request.h"

namespace graphodbc::graph {
namespace {

using base::Error;
using std::chrono::steady_clock;

constexpr int kAskEveryMs = 100;
// A browser opens connections ahead that it may never use: they wait beside the one that counts.
constexpr std::size_t kMostVisitors = 32;
constexpr std::chrono::seconds kSlowest{20};
constexpr int kAnswerMs = 2000;

using Socket = base::FileHandle;

struct Address {
  sockaddr_storage storage = {};
  socklen_t size = 0;
};

Address address_of(std::string_view host, std::uint16_t port) {
  Address address;
  if (host.find(':') != std::string_view::npos) {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_addr = in6addr_loopback;
    v6->sin6_port = htons(port);
    address.size = sizeof(sockaddr_in6);
  } else {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
    v4->sin_family = AF_INET;
    (void)::inet_pton(AF_INET, std::string(host).c_str(), &v4->sin_addr);
    v4->sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
  }
  return address;
}

// A closed socket and errno when it cannot be had.
Socket listen_at(std::string_view host, std::uint16_t port) {
  const Address address = address_of(host, port);
  const int family = address.storage.ss_family;
  Socket socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return Socket();
  const int on = 1;
  // A port that was used a moment ago is free again; one that somebody listens at is not.
  (void)::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (family == AF_INET6) {
    (void)::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  const auto* name = reinterpret_cast<const sockaddr*>(&address.storage);
  if (::bind(socket.get(), name, address.size) != 0 || ::listen(socket.get(), 16) != 0) {
    const int error = errno;
    socket.reset();
    errno = error;
  }
  return socket;
}

std::uint16_t port_of(const Socket& socket) {
  sockaddr_storage storage = {};
  socklen_t size = sizeof storage;
  (void)::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&storage), &size);
  return ntohs(storage.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

// Where the authority of an http URL ends.
std::size_t authority_end(std::string_view url) {
  const std::size_t end = url.find_first_of("/?#", url.find("://") + 3);
  return end == std::string_view::npos ? url.size() : end;
}

bool names_port(std::string_view url) {
  const std::size_t start = url.find("://") + 3;
  const std::string_view authority = url.substr(start, authority_end(url) - start);
  const std::size_t bracket = authority.rfind(']');
  return authority.find(':', bracket == std::string_view::npos ? 0 : bracket) !=
         std::string_view::npos;
}

struct Page {
  std::string_view status;
  std::string_view title;
  std::string_view text;
};

// The program has yet to redeem the code, so it has the last word.
constexpr Page kAccepted = {"200 OK", "Signed in",
                            "Your sign-in has been passed on to the program that asked for it. You "
                            "can close this window and go back there."};
constexpr Page kRefused = {"400 Bad Request", "Not signed in",
                           "The sign-in did not succeed. Go back to the program: it says why and "
                           "what to do."};
// RFC 6749 10.12: whoever can make this browser load an address could send a code of their own.
constexpr Page kForeign = {"400 Bad Request", "Not this sign-in",
                           "This answer does not belong to the sign-in that is waited for, so it "
                           "was not used. Go on in the page that the program has opened last."};
constexpr Page kNotFound = {"404 Not Found", "Not found", "There is nothing here."};
constexpr Page kNotAllowed = {"405 Method Not Allowed", "Not allowed", "There is nothing here."};
constexpr Page kMalformed = {"400 Bad Request", "Bad request", "This is not a browser's request."};
constexpr Page kTooLarge = {"431 Request Header Fields Too Large", "Too large",
                            "The request is too large."};

constexpr std::string_view kHead =
    "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>"
    ":root{color-scheme:light dark}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;font:1.1rem/1.5 "
    "system-ui,sans-serif}"
    "main{max-width:30rem;margin:1.5rem;padding:2rem 2.5rem;border:1px solid #8886;"
    "border-radius:.75rem}"
    "h1{margin:0 0 .5rem;font-size:1.7rem}p{margin:.5rem 0}small{opacity:.7}</style><title>";

// Nothing of the request is in it, nothing is loaded from elsewhere.
std::string render(const Page& page) {
  std::string body(kHead);
  body.append(page.title).append("</title></head><body><main><h1>").append(page.title);
  body.append("</h1><p>").append(page.text);
  body.append("</p><small>graphodbc</small></main></body></html>\n");
  std::string out = "HTTP/1.1 ";
  out.append(page.status).append("\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: ");
  out += std::to_string(body.size());
  out +=
      "\r\nCache-Control: no-store\r\n"
      "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
      "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
      "Connection: close\r\n\r\n";
  return out + body;
}

void send_page(const Socket& socket, const Page& page) {
  const std::string text = render(page);
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t count = ::send(socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count > 0) {
      rest.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    if (count < 0 && errno == EINTR) continue;
    pollfd ready = {socket.get(), POLLOUT, 0};
    const bool full = errno == EAGAIN || errno == EWOULDBLOCK;
    if (!full || ::poll(&ready, 1, kAnswerMs) <= 0) return;
  }
  (void)::shutdown(socket.get(), SHUT_WR);
}

struct Visitor {
  Socket socket;
  LoopbackRequest request;
  steady_clock::time_point since;
};

}  // namespace

struct LoopbackListener::Impl {
  std::string redirect_uri;
  std::string path;
  std::vector<Socket> listeners;
  std::vector<Visitor> visitors;

  void open(const base::Url& url, std::string_view text);
  bool open_at(const base::Url& url, std::uint16_t port);
  void admit(const Socket& listener);
  std::optional<AuthorizationAnswer> read(Visitor& visitor, const AnswerCheck& belongs);
  std::optional<AuthorizationAnswer> judge(Visitor& visitor, const AnswerCheck& belongs);
};

// False, with errno, when the port is taken at one of the addresses.
bool LoopbackListener::Impl::open_at(const base::Url& url, std::uint16_t port) {
  listeners.clear();
  if (url.host != "localhost") {
    Socket socket = listen_at(url.host, port);
    if (!socket.is_open()) return false;
    listeners.push_back(std::move(socket));
    return true;
  }
  // A browser may take either address for localhost; a machine may have only one of them.
  for (const std::string_view host : {"127.0.0.1", "::1"}) {
    Socket socket = listen_at(host, listeners.empty() ? port : port_of(listeners.front()));
    if (socket.is_open()) {
      listeners.push_back(std::move(socket));
    } else if (errno == EADDRINUSE) {
      return false;
    }
  }
  return !listeners.empty();
}

void LoopbackListener::Impl::open(const base::Url& url, std::string_view text) {
  const bool fixed = names_port(text);
  constexpr int kTries = 8;
  bool open = false;
  for (int i = 0; !open && i < (fixed ? 1 : kTries); ++i) open = open_at(url, fixed ? url.port : 0);
  if (!open) {
    throw Error("08001",
                "ReturnUrl " + std::string(text) +
                    ": the browser's answer cannot be waited for there: " + std::strerror(errno) +
                    (fixed ? "; leave the port out to get a free one" : ""));
  }
  redirect_uri = text;
  if (!fixed) {
    redirect_uri.insert(authority_end(text), ":" + std::to_string(port_of(listeners.front())));
  }
  path = url.path.empty() ? "/" : url.path;
}

void LoopbackListener::Impl::admit(const Socket& listener) {
  Socket socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket.is_open()) return;
  if (visitors.size() >= kMostVisitors) visitors.erase(visitors.begin());
  visitors.push_back({std::move(socket), {}, steady_clock::now()});
}

// Reads what there is; a visitor that is served, slow or gone has a closed socket then.
std::optional<AuthorizationAnswer> LoopbackListener::Impl::read(Visitor& visitor,
                                                                const AnswerCheck& belongs) {
  char buffer[4096];
  const ssize_t count = ::recv(visitor.socket.get(), buffer, sizeof buffer, 0);
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return std::nullopt;
  if (count <= 0) {
    visitor.socket.reset();
    return std::nullopt;
  }
  switch (visitor.request.append({buffer, static_cast<std::size_t>(count)})) {
    case LoopbackRequest::State::kPartial:
      return std::nullopt;
    case LoopbackRequest::State::kMalformed:
      send_page(visitor.socket, kMalformed);
      break;
    case LoopbackRequest::State::kTooLarge:
      send_page(visitor.socket, kTooLarge);
      break;
    case LoopbackRequest::State::kComplete:
      return judge(visitor, belongs);
  }
  visitor.socket.reset();
  return std::nullopt;
}

std::optional<AuthorizationAnswer> LoopbackListener::Impl::judge(Visitor& visitor,
                                                                 const AnswerCheck& belongs) {
  const Socket socket = std::move(visitor.socket);
  const LoopbackRequest& request = visitor.request;
  if (request.path() != path) {
    send_page(socket, kNotFound);
    return std::nullopt;
  }
  if (request.method() != "GET" && request.method() != "POST") {
    send_page(socket, kNotAllowed);
    return std::nullopt;
  }
  std::optional<AuthorizationAnswer> answer = parse_answer(request.form());
  if (!answer) {
    send_page(socket, kNotFound);
    return std::nullopt;
  }
  if (!belongs(*answer)) {
    send_page(socket, kForeign);
    return std::nullopt;
  }
  send_page(socket, answer->error.empty() ? kAccepted : kRefused);
  return answer;
}

bool LoopbackListener::can_serve(std::string_view return_url) {
  const auto url = base::parse_url(return_url);
  return url && url->scheme == "http" && base::is_loopback_host(url->host);
}

LoopbackListener::LoopbackListener(std::string_view return_url) : impl_(std::make_unique<Impl>()) {
  const auto url = base::parse_url(return_url);
  if (!url || !can_serve(return_url)) {
    throw Error("08001", "ReturnUrl is no http address of this machine");
  }
  impl_->open(*url, return_url);
}

LoopbackListener::~LoopbackListener() = default;

const std::string& LoopbackListener::redirect_uri() const {
  return impl_->redirect_uri;
}

std::optional<AuthorizationAnswer> LoopbackListener::wait(
    const AnswerCheck& belongs, const std::function<bool()>& keep_waiting) {
  std::vector<pollfd> ready;
  std::optional<AuthorizationAnswer> answer;
  while (!answer && keep_waiting()) {
    ready.clear();
    for (const Socket& listener : impl_->listeners) ready.push_back({listener.get(), POLLIN, 0});
    const std::size_t count = impl_->visitors.size();
    for (const Visitor& visitor : impl_->visitors) {
      ready.push_back({visitor.socket.get(), POLLIN, 0});
    }
    if (::poll(ready.data(), ready.size(), kAskEveryMs) < 0 && errno != EINTR) break;
    const std::size_t first = impl_->listeners.size();
    for (std::size_t i = 0; i < count && !answer; ++i) {
      Visitor& visitor = impl_->visitors[i];
      if (ready[first + i].revents != 0) answer = impl_->read(visitor, belongs);
      if (steady_clock::now() - visitor.since > kSlowest) visitor.socket.reset();
    }
    std::erase_if(impl_->visitors, [](const Visitor& v) { return !v.socket.is_open(); });
    for (std::size_t i = 0; i < first && !answer; ++i) {
      if (ready[i].revents != 0) impl_->admit(impl_->listeners[i]);
    }
  }
  impl_->visitors.clear();
  impl_->listeners.clear();
  return answer;
}

}  // namespace graphodbc::graph
