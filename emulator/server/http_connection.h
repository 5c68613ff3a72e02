// One connection's life: read a request, let the handler answer, write the answer as told.
#pragma once

#include <cstdint>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include "emulator/server/http_server.h"

namespace graphodbc::emulator {

struct ConnectionContext {
  const HttpServer::Handler& handler;
  StopSignal& stop;
  int gzip_level;
  bool tls;
  std::uint16_t port;
};

// Returns when the connection is finished; the socket may still be open (the caller closes it).
void serve_connection(boost::asio::ip::tcp::socket& stream, const ConnectionContext& connection);
void serve_connection(boost::asio::ssl::stream<boost::asio::ip::tcp::socket>& stream,
                      const ConnectionContext& connection);

}  // namespace graphodbc::emulator
