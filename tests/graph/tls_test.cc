// TLS is verified, always: certificate, name and version.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "base/release.h"
#include "graph/client.h"

namespace graphodbc::graph {
namespace {

using Key = std::unique_ptr<EVP_PKEY, base::Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, base::Release<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, base::Release<SSL_CTX_free>>;

Certificate self_signed(EVP_PKEY* key, const char* alternative_name) {
  Certificate certificate(X509_new());
  X509* x509 = certificate.get();
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  X509_set_pubkey(x509, key);
  X509_NAME* name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(x509, name);
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative_name);
  X509_add_ext(x509, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(x509, key, EVP_sha256());
  return certificate;
}

// Answers every request of every connection by "{}"; one connection at a time.
class TlsServer {
 public:
  explicit TlsServer(const char* alternative_name, int highest_version = TLS1_3_VERSION)
      : key_(EVP_EC_gen("P-256")), context_(SSL_CTX_new(TLS_server_method())) {
    const Certificate certificate = self_signed(key_.get(), alternative_name);
    SSL_CTX_use_certificate(context_.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), highest_version);
    ca_file_ = std::filesystem::temp_directory_path() / "graphodbc-ca-XXXXXX";
    const int file = ::mkstemp(ca_file_.data());
    FILE* stream = ::fdopen(file, "w");
    PEM_write_X509(stream, certificate.get());
    std::fclose(stream);

    std::signal(SIGPIPE, SIG_IGN);  // of this server: OpenSSL writes without MSG_NOSIGNAL
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    ::bind(listener_, generic, size);
    ::listen(listener_, 8);
    ::getsockname(listener_, generic, &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~TlsServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    std::filesystem::remove(ca_file_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  ClientSettings settings(bool trusted) const {
    ClientSettings settings;
    settings.graph_url = "https://127.0.0.1:" + std::to_string(port_);
    settings.auth_mode = AuthMode::kAccessToken;
    settings.access_token = base::Secret("t");
    settings.retry.count = 0;
    if (trusted) settings.ca_file = ca_file_;
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

  Key key_;
  Context context_;
  std::string ca_file_;
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

TEST(Tls, OldVersionsAreRefused) {
  const TlsServer server("IP:127.0.0.1", TLS1_1_VERSION);
  EXPECT_NE(failure_of(server.settings(true)), "");
  EXPECT_EQ(server.requests(), 0);
}

}  // namespace
}  // namespace graphodbc::graph
