#include "emulator/server/http_connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>

#include "emulator/server/gzip.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr std::uint32_t kHeaderLimit = 64 * 1024;
constexpr std::uint64_t kBodyLimit = 64ULL * 1024 * 1024;
constexpr std::size_t kTargetLimit = 20 * 1024;  // queries of 16 KiB and their paths
constexpr std::size_t kChunkSize = 16 * 1024;

tcp::socket& socket_of(tcp::socket& stream) {
  return stream;
}
tcp::socket& socket_of(asio::ssl::stream<tcp::socket>& stream) {
  return stream.next_layer();
}

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

// Waits unless the client hangs up or the server stops; true when the whole time has passed.
bool stay_silent(tcp::socket& socket, StopSignal& stop, double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(seconds));
  while (!stop.stopped()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return true;
    pollfd watched{socket.native_handle(), POLLRDHUP, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(std::min<long>(left, 100)));
    if (ready > 0 && (watched.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) return false;
  }
  return false;
}

// Makes the close that follows send RST, not FIN.
void reset_on_close(tcp::socket& socket) {
  const linger hard{1, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

template <class Stream>
class Connection {
 public:
  Connection(Stream& stream, const ConnectionContext& context)
      : stream_(stream), socket_(socket_of(stream)), context_(context) {}

  void run() {
    while (!context_.stop.stopped() && serve_one()) {
    }
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  // True when the connection may carry another request.
  bool serve_one() {
    Parser parser;
    parser.header_limit(kHeaderLimit);
    parser.body_limit(kBodyLimit);
    ErrorCode error;
    http::read_header(stream_, buffer_, parser, error);
    if (error) return refuse(error);
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
      asio::write(stream_, asio::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")), error);
      if (error) return false;
    }
    http::read(stream_, buffer_, parser, error);
    if (error) return refuse(error);
    const bool head = parser.get().method() == http::verb::head;
    const bool keep_alive = parser.get().keep_alive();
    const unsigned version = parser.get().version();
    Request request = convert(parser.get());
    if (request.path.size() + request.query.size() > kTargetLimit) {
      return send_plain(414, "URI too long", version);
    }
    Outcome outcome = context_.handler(request);
    return send(request, outcome, head, keep_alive, version);
  }

  Request convert(http::request<http::string_body>& received) const {
    Request request;
    request.method = std::string(received.method_string());
    const std::string_view target = view(received.target());
    const auto question = target.find('?');
    request.path = std::string(target.substr(0, question));
    if (question != std::string_view::npos)
      request.query = std::string(target.substr(question + 1));
    for (const auto& field : received) {
      request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    request.body = std::move(received.body());
    const auto host = received[http::field::host];
    request.base_url = context_.tls ? "https://" : "http://";
    request.base_url +=
        host.empty() ? "127.0.0.1:" + std::to_string(context_.port) : std::string(host);
    return request;
  }

  // Answers a request that could not be read, where there is somebody to answer.
  bool refuse(const ErrorCode& error) {
    if (error == http::error::header_limit) return send_plain(431, "Header too large", 11);
    if (error == http::error::body_limit) return send_plain(413, "Body too large", 11);
    if (error.category() == http::make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message) {
      return send_plain(400, "Bad Request", 11);
    }
    return false;
  }

  bool send_plain(int status, std::string text, unsigned version) {
    http::response<http::string_body> response(static_cast<http::status>(status), version,
                                               std::move(text));
    response.set(http::field::content_type, "text/plain");
    response.keep_alive(false);
    response.prepare_payload();
    ErrorCode error;
    http::write(stream_, response, error);
    // A close with unread input would reset the connection before the answer is read.
    socket_.shutdown(tcp::socket::shutdown_send, error);
    stay_silent(socket_, context_.stop, 0.2);
    return false;
  }

  bool send(const Request& request, Outcome& outcome, bool head, bool keep_alive,
            unsigned version) {
    Response& response = outcome.response;
    WireFault& wire = outcome.wire;
    const bool wanted = wire.gzip.value_or(accepts_gzip(request.headers));
    if (wanted && context_.gzip_level > 0 && worth_compressing(response)) {
      response.body = gzip_compress(response.body, context_.gzip_level);
      response.headers.emplace_back("Content-Encoding", "gzip");
      response.headers.emplace_back("Vary", "Accept-Encoding");
    }
    if (wire.close) keep_alive = false;
    const bool no_body = head || response.status == 204 || response.status == 304;
    if (wire.actual_length && wire.kind == WireFault::Kind::kTruncate) {
      response.body.resize(cut_position(wire, response.body.size()));
      wire.kind = WireFault::Kind::kNone;
    }
    if (outcome.on_send) outcome.on_send(no_body ? 0 : response.body.size());
    if (no_body) return send_head_only(response, head, keep_alive, version);
    if (wire.kind == WireFault::Kind::kNone && !wire.chunked) {
      return send_whole(response, keep_alive, version);
    }
    return send_damaged(response, wire, keep_alive, version);
  }

  template <class Message>
  static void set_headers(Message& message, const Response& response, bool keep_alive) {
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    if (message.find(http::field::date) == message.end()) {
      message.set(http::field::date, http_date(std::chrono::system_clock::now()));
    }
    message.keep_alive(keep_alive);
  }

  bool send_whole(const Response& response, bool keep_alive, unsigned version) {
    http::response<http::span_body<const char>> message;
    message.result(static_cast<unsigned>(response.status));
    message.version(version);
    message.body() = beast::span<const char>(response.body.data(), response.body.size());
    set_headers(message, response, keep_alive);
    message.content_length(response.body.size());
    http::response_serializer<http::span_body<const char>> serializer(message);
    ErrorCode error;
    http::write(stream_, serializer, error);
    return !error && keep_alive;
  }

  bool send_head_only(const Response& response, bool head, bool keep_alive, unsigned version) {
    http::response<http::empty_body> message;
    message.result(static_cast<unsigned>(response.status));
    message.version(version);
    set_headers(message, response, keep_alive);
    if (head) message.content_length(response.body.size());
    http::response_serializer<http::empty_body> serializer(message);
    ErrorCode error;
    http::write_header(stream_, serializer, error);
    return !error && keep_alive;
  }

  static std::size_t cut_position(const WireFault& wire, std::size_t size) {
    const auto share = static_cast<std::size_t>(static_cast<double>(size) * wire.fraction);
    return std::min(wire.after_bytes.value_or(share), size);
  }

  bool send_damaged(const Response& response, const WireFault& wire, bool keep_alive,
                    unsigned version) {
    if (wire.before_headers) {
      if (wire.kind == WireFault::Kind::kReset) {
        reset_on_close(socket_);
        return false;
      }
      if (!stay_silent(socket_, context_.stop, wire.stall_seconds)) return false;
      return wire.then_continue && send_whole(response, keep_alive, version);
    }
    http::response<http::empty_body> message;
    message.result(static_cast<unsigned>(response.status));
    message.version(version);
    set_headers(message, response, keep_alive);
    if (wire.chunked) {
      message.chunked(true);
    } else {
      message.content_length(response.body.size());
    }
    http::response_serializer<http::empty_body> serializer(message);
    ErrorCode error;
    http::write_header(stream_, serializer, error);
    if (error) return false;
    return send_cut_body(response.body, wire, keep_alive);
  }

  bool send_cut_body(std::string_view body, const WireFault& wire, bool keep_alive) {
    const bool whole = wire.kind == WireFault::Kind::kNone;
    const std::size_t cut = whole ? body.size() : cut_position(wire, body.size());
    if (!write_part(body.substr(0, cut), wire.chunked)) return false;
    if (wire.kind == WireFault::Kind::kReset) {
      // What is still queued would be thrown away by the reset, so let it leave first.
      stay_silent(socket_, context_.stop, 0.05);
      reset_on_close(socket_);
      return false;
    }
    if (wire.kind == WireFault::Kind::kTruncate) return false;
    if (!whole && !stay_silent(socket_, context_.stop, wire.stall_seconds)) return false;
    if (!whole && !wire.then_continue) return false;
    if (!write_part(body.substr(cut), wire.chunked)) return false;
    if (!wire.chunked) return keep_alive;
    ErrorCode error;
    asio::write(stream_, asio::buffer(std::string_view("0\r\n\r\n")), error);
    return !error && keep_alive;
  }

  bool write_part(std::string_view part, bool chunked) {
    ErrorCode error;
    if (!chunked) {
      asio::write(stream_, asio::buffer(part), error);
      return !error;
    }
    for (std::size_t at = 0; at < part.size() && !error; at += kChunkSize) {
      const auto piece = part.substr(at, kChunkSize);
      asio::write(stream_, http::make_chunk(asio::buffer(piece)), error);
    }
    return !error;
  }

  Stream& stream_;
  tcp::socket& socket_;
  const ConnectionContext& context_;
  beast::flat_buffer buffer_;
};

}  // namespace

void serve_connection(tcp::socket& stream, const ConnectionContext& connection) {
  Connection<tcp::socket>(stream, connection).run();
}

void serve_connection(asio::ssl::stream<tcp::socket>& stream, const ConnectionContext& connection) {
  Connection<asio::ssl::stream<tcp::socket>>(stream, connection).run();
}

}  // namespace graphodbc::emulator
