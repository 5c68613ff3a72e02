#include "tests/support/browser.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "base/url.h"

namespace graphodbc::test {
namespace {

int connect_to(int port, bool over_ipv6) {
  const int file = ::socket(over_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in v4 = {};
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  v4.sin_port = htons(static_cast<std::uint16_t>(port));
  sockaddr_in6 v6 = {};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = in6addr_loopback;
  v6.sin6_port = v4.sin_port;
  const auto* name =
      over_ipv6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  if (::connect(file, name, over_ipv6 ? sizeof v6 : sizeof v4) != 0) {
    ::close(file);
    throw std::runtime_error("nobody listens at port " + std::to_string(port));
  }
  return file;
}

std::string exchange(int port, bool over_ipv6, const std::string& bytes) {
  const int file = connect_to(port, over_ipv6);
  (void)::send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::string answer;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::recv(file, buffer, sizeof buffer, 0)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(file);
  return answer;
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) return {};
  const std::size_t start = at + before.size();
  return text.substr(start, text.find(after, start) - start);
}

// The fields of a page that posts itself.
std::string form_of(const std::string& body) {
  std::string form;
  for (std::size_t at = body.find("type=\"hidden\""); at != std::string::npos;
       at = body.find("type=\"hidden\"", at + 1)) {
    const std::string field = body.substr(at);
    if (!form.empty()) form += '&';
    form += between(field, "name=\"", "\"") + "=" +
            base::percent_encode(between(field, "value=\"", "\""));
  }
  return form;
}

}  // namespace

std::string exchange_bytes(int port, const std::string& bytes) {
  return exchange(port, false, bytes);
}

BrowserPage browse(const std::string& url, const std::string& stop_at, bool over_ipv6) {
  BrowserPage page;
  page.url = url;
  std::string form;
  for (int hop = 0; hop < 10; ++hop) {
    if (!stop_at.empty() && page.url.starts_with(stop_at)) {
      page.status = 0;
      return page;
    }
    const auto parsed = base::parse_url(page.url);
    if (!parsed) throw std::runtime_error("no address: " + page.url);
    std::string request =
        (form.empty() ? "GET " : "POST ") + (parsed->path.empty() ? "/" : parsed->path) +
        (parsed->query.empty() ? "" : "?" + parsed->query) + " HTTP/1.1\r\nHost: " + parsed->host +
        ":" + std::to_string(parsed->port) + "\r\nConnection: close\r\n";
    if (!form.empty()) {
      request += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
                 std::to_string(form.size()) + "\r\n";
    }
    request += "\r\n" + form;
    const std::string answer =
        exchange(parsed->port, over_ipv6 && parsed->host == "localhost", request);
    const std::size_t head = answer.find("\r\n\r\n");
    if (head == std::string::npos) throw std::runtime_error("no HTTP answer from " + page.url);
    page.status = std::atoi(answer.c_str() + answer.find(' '));
    page.body = answer.substr(head + 4);
    form.clear();
    const std::string location = between(answer.substr(0, head + 2), "\r\nLocation: ", "\r\n");
    const std::string action = between(page.body, "action=\"", "\"");
    if (page.status / 100 == 3 && !location.empty()) {
      page.url = location;
    } else if (!action.empty() && page.body.find("forms[0].submit()") != std::string::npos) {
      form = form_of(page.body);
      page.url = action;
    } else {
      return page;
    }
  }
  throw std::runtime_error("too many redirects: " + page.url);
}

}  // namespace graphodbc::test
