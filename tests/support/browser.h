// What a browser does in a sign-in: follows redirects and posts the forms that post themselves.
#pragma once

#include <string>

namespace graphodbc::test {

struct BrowserPage {
  int status = 0;
  std::string url;  // where it ended
  std::string body;
};

// Loads an http address of this machine and goes on as the answers say, to `stop_at` at most: an
// address with that beginning is not loaded, the page's status is 0 then. localhost is taken at
// 127.0.0.1, or at ::1 with `over_ipv6`. Throws std::runtime_error when a server cannot be reached.
BrowserPage browse(const std::string& url, const std::string& stop_at = "", bool over_ipv6 = false);

// Sends the bytes to a port of 127.0.0.1 and returns all of the answer.
std::string exchange_bytes(int port, const std::string& bytes);

}  // namespace graphodbc::test
