// A small HTTP client over Beast that shows exactly what arrived.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "emulator/http_types.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator::testing {

struct Reply {
  int status = 0;  // 0: no response header arrived
  HeaderList headers;
  std::string body;  // as far as it arrived, decompressed when it was whole gzip
  std::size_t wire_size = 0;
  bool complete = false;
  boost::system::error_code error;

  nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
  std::string header(std::string_view name) const {
    return std::string(find_header(headers, name).value_or(""));
  }
};

// One connection, reconnecting when it has been closed.
class TestClient {
 public:
  explicit TestClient(std::uint16_t port, double timeout_seconds = 10);

  Reply send(const std::string& method, const std::string& target, const std::string& body = "",
             const HeaderList& headers = {});
  Reply get(const std::string& target, const HeaderList& headers = {}) {
    return send("GET", target, "", headers);
  }
  Reply post_form(const std::string& target, const Parameters& form,
                  const HeaderList& headers = {});
  Reply post_json(const std::string& target, const nlohmann::json& body,
                  const HeaderList& headers = {});

  int connections() const { return connections_; }

 private:
  void connect();

  std::uint16_t port_;
  double timeout_seconds_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  int connections_ = 0;
};

}  // namespace graphodbc::emulator::testing
