#include "emulator/server/http_server.h"

#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <list>
#include <stdexcept>
#include <thread>

#include "emulator/server/http_connection.h"

namespace graphodbc::emulator {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// The server's list entry of one connection. `socket` is known while the thread may use it, so
// that stop() can wake a blocked read.
struct Worker {
  std::thread thread;
  std::mutex mutex;
  tcp::socket* socket = nullptr;
  std::atomic<bool> done = false;
};

}  // namespace

struct HttpServer::Impl {
  Impl(const ServerOptions& server_options, Handler request_handler, StopSignal& stop_signal)
      : options(server_options),
        handler(std::move(request_handler)),
        stop(stop_signal),
        acceptor(context) {
    if (!options.tls_cert_file.empty()) {
      tls.emplace(asio::ssl::context::tls_server);
      tls->use_certificate_chain_file(options.tls_cert_file);
      tls->use_private_key_file(options.tls_key_file, asio::ssl::context::pem);
    }
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), options.port);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(1024);
  }

  void accept_loop() {
    while (!stop.stopped()) {
      boost::system::error_code error;
      tcp::socket socket(context);
      acceptor.accept(socket, error);
      reap();
      if (error) {
        // Out of descriptors is the one lasting error: give connections time to end.
        if (stop.wait_for(std::chrono::milliseconds(20))) return;
        continue;
      }
      accepted.fetch_add(1, std::memory_order_relaxed);
      socket.set_option(tcp::no_delay(true), error);
      auto& worker = workers.emplace_back();
      worker.socket = nullptr;
      worker.thread = std::thread(
          [this, &worker, moved = std::move(socket)]() mutable { run(worker, std::move(moved)); });
    }
  }

  void run(Worker& worker, tcp::socket socket) {
    const ConnectionContext connection{handler, stop, options.gzip_level, tls.has_value(), port()};
    try {
      if (tls) {
        asio::ssl::stream<tcp::socket> stream(std::move(socket), *tls);
        const SocketRegistration registration(worker, stream.next_layer(), stop);
        boost::system::error_code error;
        stream.handshake(asio::ssl::stream_base::server, error);
        if (!error) serve_connection(stream, connection);
      } else {
        const SocketRegistration registration(worker, socket, stop);
        serve_connection(socket, connection);
      }
    } catch (const std::exception&) {
      // A connection that failed in an unforeseen way is dropped; the client sees it closed.
    }
    worker.done = true;
  }

  struct SocketRegistration {
    SocketRegistration(Worker& registered, tcp::socket& socket, StopSignal& stop_signal)
        : worker(registered) {
      std::lock_guard lock(worker.mutex);
      worker.socket = &socket;
      // stop() may have passed this worker before it was registered.
      if (stop_signal.stopped()) ::shutdown(socket.native_handle(), SHUT_RDWR);
    }
    ~SocketRegistration() {
      std::lock_guard lock(worker.mutex);
      worker.socket = nullptr;
    }
    Worker& worker;
  };

  void reap() {
    for (auto it = workers.begin(); it != workers.end();) {
      if (it->done) {
        it->thread.join();
        it = workers.erase(it);
      } else {
        ++it;
      }
    }
  }

  void stop_all() {
    stop.request_stop();
    if (!accept_thread.joinable()) return;
    ::shutdown(acceptor.native_handle(), SHUT_RDWR);  // wakes accept()
    accept_thread.join();
    for (auto& worker : workers) {
      std::lock_guard lock(worker.mutex);
      if (worker.socket != nullptr && worker.socket->is_open()) {
        ::shutdown(worker.socket->native_handle(), SHUT_RDWR);
      }
    }
    for (auto& worker : workers) worker.thread.join();
    workers.clear();
  }

  std::uint16_t port() const { return acceptor.local_endpoint().port(); }

  ServerOptions options;
  Handler handler;
  StopSignal& stop;
  asio::io_context context;
  std::optional<asio::ssl::context> tls;
  tcp::acceptor acceptor;
  std::thread accept_thread;
  std::list<Worker> workers;  // the accept thread's, and stop_all()'s once that has ended
  std::atomic<std::uint64_t> accepted = 0;
};

HttpServer::HttpServer(const ServerOptions& options, Handler handler, StopSignal& stop)
    : impl_(std::make_unique<Impl>(options, std::move(handler), stop)) {}

HttpServer::~HttpServer() {
  stop();
}

void HttpServer::start() {
  impl_->accept_thread = std::thread([impl = impl_.get()] { impl->accept_loop(); });
}

void HttpServer::stop() {
  impl_->stop_all();
}

std::uint16_t HttpServer::port() const {
  return impl_->port();
}

std::string HttpServer::base_url() const {
  return std::string(impl_->tls ? "https" : "http") + "://127.0.0.1:" + std::to_string(port());
}

std::uint64_t HttpServer::accepted_connections() const {
  return impl_->accepted;
}

}  // namespace graphodbc::emulator
