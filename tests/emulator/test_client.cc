#include "tests/emulator/test_client.h"

#include <libdeflate.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <boost/beast/http.hpp>

namespace graphodbc::emulator::testing {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;

std::string gunzip(const std::string& body) {
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  std::string out(64U << 20U, '\0');
  std::size_t size = 0;
  const auto result = libdeflate_gzip_decompress(decompressor, body.data(), body.size(), out.data(),
                                                 out.size(), &size);
  libdeflate_free_decompressor(decompressor);
  if (result != LIBDEFLATE_SUCCESS) return body;
  out.resize(size);
  return out;
}

}  // namespace

TestClient::TestClient(std::uint16_t port, double timeout_seconds)
    : port_(port), timeout_seconds_(timeout_seconds), socket_(context_) {}

void TestClient::connect() {
  buffer_.clear();
  socket_ = tcp::socket(context_);
  socket_.connect({boost::asio::ip::address_v4::loopback(), port_});
  socket_.set_option(tcp::no_delay(true));
  timeval timeout{};
  timeout.tv_sec = static_cast<time_t>(timeout_seconds_);
  timeout.tv_usec =
      static_cast<suseconds_t>((timeout_seconds_ - static_cast<double>(timeout.tv_sec)) * 1e6);
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  ++connections_;
}

Reply TestClient::send(const std::string& method, const std::string& target,
                       const std::string& body, const HeaderList& headers) {
  if (!socket_.is_open()) connect();
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(http::field::host, "127.0.0.1:" + std::to_string(port_));
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = body;
  request.prepare_payload();

  Reply reply;
  http::write(socket_, request, reply.error);
  http::response_parser<http::string_body> parser;
  parser.body_limit(256U << 20U);
  parser.skip(method == "HEAD");
  if (!reply.error) http::read_header(socket_, buffer_, parser, reply.error);
  if (!reply.error) {
    reply.status = static_cast<int>(parser.get().result_int());
    for (const auto& field : parser.get()) {
      reply.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    http::read(socket_, buffer_, parser, reply.error);
    reply.body = parser.get().body();
    reply.complete = !reply.error;
    reply.wire_size = reply.body.size();
    if (reply.complete && reply.header("Content-Encoding") == "gzip") {
      reply.body = gunzip(reply.body);
    }
  }
  if (!reply.complete || !parser.get().keep_alive()) {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }
  return reply;
}

Reply TestClient::post_form(const std::string& target, const Parameters& form,
                            const HeaderList& headers) {
  std::string body;
  for (const auto& [name, value] : form) {
    body += (body.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
  }
  HeaderList all = headers;
  all.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  return send("POST", target, body, all);
}

Reply TestClient::post_json(const std::string& target, const nlohmann::json& body,
                            const HeaderList& headers) {
  HeaderList all = headers;
  all.emplace_back("Content-Type", "application/json");
  return send("POST", target, body.dump(), all);
}

}  // namespace graphodbc::emulator::testing
