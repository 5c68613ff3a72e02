// Looking at a host below HTTP, so that `graphodbc test` can tell names from certificates.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/url.h"

namespace graphodbc::tools {

// Numeric addresses of the host, in the order they are tried. Throws Error 08001.
std::vector<std::string> look_up(const base::Url& url);

struct TlsState {
  std::string version;  // "TLSv1.3"
  std::string subject;  // common name of the certificate
  std::string issuer;
  int days_left = 0;  // of the certificate
};

// Connects and shakes hands as the driver would: certificate and name verified, TLS 1.2 at least.
// `ca_file` empty: the system's authorities. Throws Error 08001.
TlsState try_tls(const base::Url& url, const std::string& ca_file, std::chrono::seconds timeout);

}  // namespace graphodbc::tools
