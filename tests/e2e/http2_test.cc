// HTTP/2 where it is offered: through nginx over TLS, as Graph's own front is, to the emulator,
// which speaks HTTP/1.1 itself. Needs nginx (Debian's nginx-light) and is skipped without it;
// scripts/test --long installs it.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/odbc.h"
#include "tests/e2e/tenant.h"
#include "tests/support/server_certificate.h"

extern char** environ;

namespace graphodbc::test {
namespace {

namespace fs = std::filesystem;

// Empty when it is not installed.
std::string find_nginx() {
  for (const char* path : {"/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"}) {
    if (::access(path, X_OK) == 0) return path;
  }
  return {};
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool got = ::bind(socket, generic, size) == 0 && ::getsockname(socket, generic, &size) == 0;
  ::close(socket);
  if (!got) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

bool answers(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool is_open =
      ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return is_open;
}

// One request as the server logged it.
struct Logged {
  std::string protocol;
  std::string method;
  std::string path;
  int status = 0;
  long connection = 0;
};

// nginx with TLS and HTTP/2 in front of `upstream`, "https://host:port".
class Http2Front {
 public:
  Http2Front(std::string program, const ServerCertificate& certificate, const std::string& upstream)
      : program_(std::move(program)), folder_(certificate.folder() / "nginx") {
    fs::create_directories(folder_ / "temp");
    // Another program may take the port between its finding and its use.
    for (int tries = 0; tries < 5; ++tries) {
      port_ = free_port();
      write_configuration(certificate, upstream);
      if (start()) return;
    }
    std::ifstream log(folder_ / "error.log");
    throw std::runtime_error("nginx does not start: " +
                             std::string(std::istreambuf_iterator<char>(log), {}));
  }
  ~Http2Front() { stop(); }
  Http2Front(const Http2Front&) = delete;
  Http2Front& operator=(const Http2Front&) = delete;

  std::string origin() const { return "https://localhost:" + std::to_string(port_); }

  // Ends it: what it served is complete then.
  std::vector<Logged> stop_and_read() {
    stop();
    std::vector<Logged> requests;
    std::ifstream log(folder_ / "access.log");
    for (Logged line;
         log >> line.protocol >> line.method >> line.status >> line.connection >> line.path;) {
      requests.push_back(line);
    }
    return requests;
  }

 private:
  // One process in the foreground, so that it ends with the test and needs no second user.
  void write_configuration(const ServerCertificate& certificate, const std::string& upstream) {
    const std::string folder = folder_;
    std::ofstream(folder_ / "nginx.conf")
        << "daemon off; master_process off; pid " << folder << "/pid;\n"
        << "error_log " << folder << "/error.log;\n"
        << "events { worker_connections 64; }\n"
        << "http {\n"
        << "  log_format line '$server_protocol $request_method $status $connection $uri';\n"
        << "  access_log " << folder << "/access.log line;\n"
        << "  client_body_temp_path " << folder << "/temp; proxy_temp_path " << folder << "/temp;\n"
        << "  fastcgi_temp_path " << folder << "/temp; uwsgi_temp_path " << folder << "/temp;\n"
        << "  scgi_temp_path " << folder << "/temp;\n"
        << "  large_client_header_buffers 4 32k;\n"
        << "  server {\n"
        << "    listen 127.0.0.1:" << port_ << " ssl http2;\n"
        << "    ssl_certificate " << certificate.certificate_file() << ";\n"
        << "    ssl_certificate_key " << certificate.key_file() << ";\n"
        << "    location / {\n"
        << "      proxy_pass " << upstream << ";\n"
        << "      proxy_http_version 1.1;\n"
        << "      proxy_set_header Host $http_host;\n"  // nextLinks lead back to here
        << "    }\n"
        << "  }\n"
        << "}\n";
  }

  bool start() {
    std::string configuration = folder_ / "nginx.conf";
    std::string prefix = folder_;
    std::string errors = folder_ / "error.log";
    char* argv[] = {
        program_.data(), const_cast<char*>("-c"), configuration.data(), const_cast<char*>("-p"),
        prefix.data(),   const_cast<char*>("-e"), errors.data(),        nullptr};
    if (::posix_spawn(&child_, program_.c_str(), nullptr, nullptr, argv, environ) != 0) {
      throw std::runtime_error(program_ + " cannot be started");
    }
    for (int i = 0; i < 500; ++i) {
      if (::waitpid(child_, nullptr, WNOHANG) == child_) break;
      if (answers(port_)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    stop();
    return false;
  }

  void stop() {
    if (child_ <= 0) return;
    ::kill(child_, SIGQUIT);  // when the last connection has ended
    for (int i = 0; i < 500 && ::waitpid(child_, nullptr, WNOHANG) == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }

  std::string program_;
  fs::path folder_;
  int port_ = 0;
  pid_t child_ = -1;
};

class Http2 : public testing::Test {
 protected:
  Http2()
      : certificate_("DNS:localhost,IP:127.0.0.1"),
        tenant_({"--messages", "2500", "--tls-cert", certificate_.certificate_file(), "--tls-key",
                 certificate_.key_file()}) {}

  std::string straight() const {
    return tenant_.connection_string("CaFile=" + certificate_.ca_file());
  }
  std::string through(const Http2Front& front) const {
    std::string token_url = tenant_.fact("token_url");
    token_url.replace(0, token_url.find('/', 8), front.origin());
    return tenant_.connection_string("GraphUrl=" + front.origin() + ";TokenUrl=" + token_url +
                                     ";CaFile=" + certificate_.ca_file());
  }

  ServerCertificate certificate_;
  Tenant tenant_;
};

TEST_F(Http2, CarriesPagesBatchesAndTokens) {
  const std::string nginx = find_nginx();
  if (nginx.empty()) {
    GTEST_SKIP() << "HTTP/2 is not tested: nginx is not installed (Debian: nginx-light)";
  }
  Http2Front front(nginx, certificate_, tenant_.fact("graph_url"));
  const std::string mail =
      "SELECT Id, Subject, IsRead, ReceivedDateTime, BodyPreview FROM Messages";
  std::string attachments;
  {
    const Connection plain(straight());
    const Connection multiplexed(through(front));
    const std::vector<TextRow> rows = multiplexed.query(mail);
    EXPECT_EQ(rows.size(), 2500u);
    EXPECT_EQ(rows, plain.query(mail));
    std::string keys;
    for (std::size_t i = 0; i < 20; ++i) keys += (i == 0 ? "'" : ", '") + *rows.at(i).at(0) + "'";
    const std::string batch = "SELECT Id, Subject FROM Messages WHERE Id IN (" + keys + ")";
    EXPECT_EQ(multiplexed.query(batch), plain.query(batch));
    // Two scans at once.
    const std::string join =
        "SELECT u.Department, COUNT(*) FROM Messages m JOIN Users u ON u.Mail = "
        "m.From_EmailAddress_Address GROUP BY u.Department ORDER BY 1";
    EXPECT_EQ(multiplexed.query(join), plain.query(join));
  }
  const std::vector<Logged> served = front.stop_and_read();
  std::size_t pages = 0;
  std::size_t batches = 0;
  std::size_t tokens = 0;
  std::set<long> connections;
  for (const Logged& request : served) {
    EXPECT_EQ(request.protocol, "HTTP/2.0") << request.method << " " << request.path;
    EXPECT_EQ(request.status, 200) << request.method << " " << request.path;
    if (request.path == "/v1.0/me/messages") ++pages;
    if (request.path == "/v1.0/$batch") ++batches;
    if (request.path.ends_with("/oauth2/v2.0/token")) ++tokens;
    connections.insert(request.connection);
  }
  EXPECT_GE(pages, 6u);  // two scans of 2500 rows, at most 1000 a page
  EXPECT_GE(batches, 1u);
  EXPECT_GE(tokens, 1u);
  EXPECT_EQ(connections.size(), 1u) << "two scans at once, and the token, share one connection";
}

// The emulator offers no HTTP/2: the client takes what there is.
TEST_F(Http2, IsNotNeeded) {
  const Connection plain(straight());
  EXPECT_EQ(plain.query("SELECT COUNT(*) FROM Messages"), (std::vector<TextRow>{{"2500"}}));
}

}  // namespace
}  // namespace graphodbc::test
