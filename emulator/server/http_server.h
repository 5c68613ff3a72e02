// HTTP/1.1 over Boost.Beast on the loopback interface: one thread a connection, keep-alive without
// a limit of requests, optional TLS, gzip, and responses damaged on purpose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "emulator/http_types.h"
#include "emulator/server/stop_signal.h"

namespace graphodbc::emulator {

// How the bytes of one response are damaged on their way out. Offsets count body bytes as they
// travel (after gzip).
struct WireFault {
  enum class Kind { kNone, kReset, kTruncate, kStall };
  Kind kind = Kind::kNone;
  bool before_headers = false;             // reset or stall before the status line
  std::optional<std::size_t> after_bytes;  // where the body is cut; else `fraction` of it
  double fraction = 0.5;
  double stall_seconds = 0;
  bool then_continue = false;  // after the stall send the rest instead of closing
  bool actual_length = false;  // Content-Length declares the shortened body (damage is inside)
  bool chunked = false;        // chunked transfer instead of Content-Length
  std::optional<bool> gzip;    // overrides the negotiation with Accept-Encoding
  bool close = false;          // answer with Connection: close
};

struct Outcome {
  Response response;
  WireFault wire;
  // Told the number of body bytes about to travel, before the first of them is written.
  std::function<void(std::size_t wire_bytes)> on_send;
};

struct ServerOptions {
  std::uint16_t port = 0;     // 0: any free port
  std::string tls_cert_file;  // PEM chain; with tls_key_file switches to https
  std::string tls_key_file;   // PEM
  int gzip_level = 1;         // 1 (fast) to 12; 0 never compresses
};

class HttpServer {
 public:
  using Handler = std::function<Outcome(Request& request)>;

  // Binds 127.0.0.1; throws std::runtime_error when the port or the certificate cannot be used.
  HttpServer(const ServerOptions& options, Handler handler, StopSignal& stop);
  ~HttpServer();  // stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void start();
  // Closes every connection and joins every thread. Idempotent.
  void stop();

  std::uint16_t port() const;
  std::string base_url() const;  // http(s)://127.0.0.1:port
  std::uint64_t accepted_connections() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace graphodbc::emulator
