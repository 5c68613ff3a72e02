// A small HTTP/1.1 server for ugly network behaviour: resets, stalls, cut bodies, odd framing. The
// emulator is the honest service; this one misbehaves on purpose.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace graphodbc::test {

struct ScriptedRequest {
  std::string method;
  std::string target;                                        // path and query as sent
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::chrono::steady_clock::time_point at;

  // First value, or empty.
  std::string header(std::string_view name) const;
};

struct ScriptedReply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds delay{0};  // before the first byte
  bool chunked = false;                // Transfer-Encoding instead of Content-Length
  bool reset = false;                  // RST instead of an answer
  // Send only so much of the body, then close (cut) or wait for the client to go (stall).
  std::size_t cut_after = std::string::npos;
  std::size_t stall_after = std::string::npos;
  std::string raw;  // instead of all that: these bytes, then close
};

// Listens on 127.0.0.1. Stopped and joined by destruction.
class ScriptedServer {
 public:
  // Runs on the connection's thread; must be thread-safe when requests come at once.
  using Handler = std::function<ScriptedReply(const ScriptedRequest&)>;

  explicit ScriptedServer(Handler handler);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string url() const;  // "http://127.0.0.1:12345"
  std::vector<ScriptedRequest> requests() const;
  std::size_t count(std::string_view target_prefix) const;
  // Most requests that were being answered at the same time.
  std::size_t peak() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace graphodbc::test
