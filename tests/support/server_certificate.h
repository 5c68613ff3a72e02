// A certificate for a TLS server of a test, issued by an authority of its own.
#pragma once

#include <filesystem>
#include <string>

namespace graphodbc::test {

// PEM files in a folder that goes with the object. Every object has an authority of its own, so
// that none trusts another one's server.
class ServerCertificate {
 public:
  // `alternative_name` as OpenSSL writes it: "IP:127.0.0.1,DNS:localhost". Valid from `from` to
  // `until`, in seconds from now. Throws std::runtime_error.
  explicit ServerCertificate(const std::string& alternative_name, long from = -3600,
                             long until = 30 * 86'400L);
  ~ServerCertificate();
  ServerCertificate(const ServerCertificate&) = delete;
  ServerCertificate& operator=(const ServerCertificate&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::string ca_file() const { return folder_ / "ca.pem"; }
  // What the server sends, without the authority's own certificate; and its key.
  std::string certificate_file() const { return folder_ / "server.pem"; }
  std::string key_file() const { return folder_ / "key.pem"; }

 private:
  std::filesystem::path folder_;
};

}  // namespace graphodbc::test
