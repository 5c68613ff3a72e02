// TLS is verified, always: certificate, name and version.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <thread>

#include "base/release.h"
#include "graph/client.h"
#include "tests/support/server_certificate.h"

namespace graphodbc::graph {
namespace {

using Context = std::unique_ptr<SSL_CTX, base::Release<SSL_CTX_free>>;

// Answers every request of every connection by "{}"; one connection at a time.
class TlsServer {
 public:
  explicit TlsServer(const char* alternative_name, int highest_version = TLS1_3_VERSION,
                     long certificate_ends = 3600)
      : certificate_(alternative_name, -7200, certificate_ends),
        context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate_chain_file(context_.get(), certificate_.certificate_file().c_str());
    SSL_CTX_use_PrivateKey_file(context_.get(), certificate_.key_file().c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), highest_version);

    std::signal(SIGPIPE, SIG_IGN);  // of this server: OpenSSL writes without MSG_NOSIGNAL
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    (void)::bind(listener_, generic, size);
    (void)::listen(listener_, 8);
    ::getsockname(listener_, generic, &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~TlsServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  ClientSettings settings(bool trusted) const {
    ClientSettings settings;
    settings.graph_url = "https://127.0.0.1:" + std::to_string(port_);
    settings.auth_mode = AuthMode::kAccessToken;
    settings.access_token = base::Secret("t");
    settings.retry.count = 0;
    if (trusted) settings.ca_file = certificate_.ca_file();
    return settings;
  }
  int requests() const { return requests_; }

 private:
  void run() {
    while (true) {
      const int socket = ::accept(listener_, nullptr, nullptr);
      if (socket < 0) return;
      SSL* ssl = SSL_new(context_.get());
      SSL_set_fd(ssl, socket);
      char buffer[4096];
      if (SSL_accept(ssl) == 1 && SSL_read(ssl, buffer, sizeof buffer) > 0) {
        ++requests_;
        constexpr std::string_view kAnswer =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        SSL_write(ssl, kAnswer.data(), static_cast<int>(kAnswer.size()));
        SSL_shutdown(ssl);
      }
      SSL_free(ssl);
      ::close(socket);
    }
  }

  test::ServerCertificate certificate_;
  Context context_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> requests_{0};
  std::thread thread_;
};

// The message of the failure, or empty for an answer.
std::string failure_of(const ClientSettings& settings) {
  Client client(settings);
  HttpRequest request;
  request.url = "/me";
  try {
    EXPECT_EQ(client.start(std::move(request))->wait().body.view(), "{}");
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state().code(), "08S01");
    return error.message();
  }
  return "";
}

TEST(Tls, AnUnknownAuthorityIsRefused) {
  const TlsServer server("IP:127.0.0.1");
  EXPECT_NE(failure_of(server.settings(false)).find("CaFile"), std::string::npos);
  EXPECT_EQ(server.requests(), 0) << "no token may leave";
}

TEST(Tls, CaFileMakesItKnown) {
  const TlsServer server("IP:127.0.0.1");
  EXPECT_EQ(failure_of(server.settings(true)), "");
  EXPECT_EQ(server.requests(), 1);
}

TEST(Tls, AnotherNameIsRefused) {
  const TlsServer server("DNS:graph.microsoft.com");
  EXPECT_NE(failure_of(server.settings(true)), "");
  EXPECT_EQ(server.requests(), 0);
}

TEST(Tls, AnExpiredCertificateIsRefused) {
  const TlsServer server("IP:127.0.0.1", TLS1_3_VERSION, -3600);
  EXPECT_NE(failure_of(server.settings(true)).find("expired"), std::string::npos);
  EXPECT_EQ(server.requests(), 0);
}

TEST(Tls, OldVersionsAreRefused) {
  const TlsServer server("IP:127.0.0.1", TLS1_1_VERSION);
  EXPECT_NE(failure_of(server.settings(true)), "");
  EXPECT_EQ(server.requests(), 0);
}

}  // namespace
}  // namespace graphodbc::graph
