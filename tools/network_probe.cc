#include "tools/network_probe.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <memory>
#include <string_view>

#include "base/error.h"
#include "base/file_handle.h"
#include "base/release.h"

namespace graphodbc::tools {
namespace {

using base::Error;

using Addresses = std::unique_ptr<addrinfo, base::Release<freeaddrinfo>>;
using Context = std::unique_ptr<SSL_CTX, base::Release<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, base::Release<SSL_free>>;
using Certificate = std::unique_ptr<X509, base::Release<X509_free>>;

using Socket = base::FileHandle;

Addresses resolve(const base::Url& url) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int result =
      ::getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &wanted, &found);
  if (result != 0) {
    throw Error("08001", "The name " + url.host + " is not found: " + ::gai_strerror(result) +
                             "; check the network's name servers, GraphUrl and TokenUrl, or set "
                             "Proxy");
  }
  return Addresses(found);
}

std::string numeric(const addrinfo& address) {
  char text[NI_MAXHOST] = {};
  (void)::getnameinfo(address.ai_addr, address.ai_addrlen, text, sizeof text, nullptr, 0,
                      NI_NUMERICHOST);
  return text;
}

// A connected socket whose reads and writes end after `timeout`.
int open_socket(const base::Url& url, std::chrono::seconds timeout) {
  const Addresses addresses = resolve(url);
  std::string last = "no address";
  const auto seconds = timeout.count() > 0 ? timeout : std::chrono::seconds(30);
  for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) {
    Socket socket(::socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.get() < 0) continue;
    timeval limit{};
    limit.tv_sec = seconds.count();
    // SO_SNDTIMEO bounds connect() too (socket(7)).
    for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
      (void)::setsockopt(socket.get(), SOL_SOCKET, option, &limit, sizeof limit);
    }
    if (::connect(socket.get(), at->ai_addr, at->ai_addrlen) == 0) return socket.release();
    last =
        numeric(*at) + ": " + (errno == EINPROGRESS ? "no answer in time" : std::strerror(errno));
  }
  throw Error("08001", "No connection to " + url.host + " port " + std::to_string(url.port) + " (" +
                           last + "); check firewall and Proxy");
}

std::string common_name(const X509_NAME* name) {
  const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (at < 0) return {};
  const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

struct Advice {
  long verdict;  // X509_V_*
  std::string_view text;
};

constexpr std::string_view kUnknownAuthority =
    "name the file with the PEM certificate of the authority that issued it in CaFile; where a "
    "proxy opens TLS, that is the proxy's own authority";
constexpr std::string_view kWrongName =
    "another server answers under this name: check GraphUrl and TokenUrl, the name servers, and "
    "whether a proxy or a network's sign-in page stands between";
constexpr std::string_view kWrongTime =
    "check this machine's clock and date; if they are right, whoever runs the server (or the proxy "
    "that opens TLS) must renew its certificate";

constexpr Advice kAdvice[] = {
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, kUnknownAuthority},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, kUnknownAuthority},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, kUnknownAuthority},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, kUnknownAuthority},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, kUnknownAuthority},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, kUnknownAuthority},
    {X509_V_ERR_HOSTNAME_MISMATCH, kWrongName},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, kWrongName},
    {X509_V_ERR_CERT_HAS_EXPIRED, kWrongTime},
    {X509_V_ERR_CERT_NOT_YET_VALID, kWrongTime},
};

// What a handshake failed of, and what to do.
std::string tls_trouble(const SSL* session) {
  const long verdict = SSL_get_verify_result(session);
  if (verdict != X509_V_OK) {
    const auto* found =
        std::find_if(std::begin(kAdvice), std::end(kAdvice),
                     [&](const Advice& advice) { return advice.verdict == verdict; });
    const std::string_view advice =
        found != std::end(kAdvice) ? found->text : "its certificate has to be replaced";
    return "its certificate is not accepted (" +
           std::string(X509_verify_cert_error_string(verdict)) + "); " + std::string(advice);
  }
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return std::string(reason != nullptr ? reason : "the server hung up or did not answer") +
         "; check host and port, and whether the server or a proxy on the way speaks TLS 1.2 or "
         "newer";
}

bool is_address(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

Context make_context(const std::string& ca_file) {
  Context context(SSL_CTX_new(TLS_client_method()));
  if (!context) throw Error("HY001", "OpenSSL has no memory left");
  (void)SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const int loaded = ca_file.empty()
                         ? SSL_CTX_set_default_verify_paths(context.get())
                         : SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr);
  if (loaded != 1) {
    throw Error("08001", "CaFile: " + ca_file + " is no file of PEM certificates");
  }
  return context;
}

}  // namespace

std::vector<std::string> look_up(const base::Url& url) {
  const Addresses addresses = resolve(url);
  std::vector<std::string> texts;
  for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) {
    std::string text = numeric(*at);
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) {
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

TlsState try_tls(const base::Url& url, const std::string& ca_file, std::chrono::seconds timeout) {
  const Context context = make_context(ca_file);
  const Socket socket(open_socket(url, timeout));
  const Session session(SSL_new(context.get()));
  if (!session) throw Error("HY001", "OpenSSL has no memory left");
  // Only names go there (RFC 6066 section 3).
  if (!is_address(url.host)) (void)SSL_set_tlsext_host_name(session.get(), url.host.c_str());
  (void)SSL_set1_host(session.get(), url.host.c_str());
  (void)SSL_set_fd(session.get(), socket.get());
  ERR_clear_error();
  if (SSL_connect(session.get()) != 1) {
    throw Error("08001", "TLS with " + url.host + " fails: " + tls_trouble(session.get()));
  }
  TlsState state;
  state.version = SSL_get_version(session.get());
  const Certificate certificate(SSL_get1_peer_certificate(session.get()));
  if (certificate) {
    state.subject = common_name(X509_get_subject_name(certificate.get()));
    state.issuer = common_name(X509_get_issuer_name(certificate.get()));
    int seconds = 0;
    (void)ASN1_TIME_diff(&state.days_left, &seconds, nullptr,
                         X509_get0_notAfter(certificate.get()));
  }
  (void)SSL_shutdown(session.get());
  return state;
}

}  // namespace graphodbc::tools
